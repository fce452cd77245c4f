"""What the desk keeps of its own work, alike in both databases: queues, drafts, saved answers."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from feedback.model import CaseStatus, StaffRole
from feedback.store import Missing, Refused
from feedback.store.actions import site_runs, submissions
from feedback.store.actions.site_runs import SiteUpdate
from feedback.store.casework.queues import DeskQueue, QueueWish, next_case, queue_page, queue_sizes
from feedback.store.desk import desk_drafts, staff
from tests.tenants import LATER, NOW, House, sent

AFTER = date(2026, 4, 1)


def colleague(house: House, name: str = "mair") -> None:
    account: dict[str, Any] = {"password_hash": "x", "role": StaffRole.PUBLISH, "lang": "en"}
    account |= {"name": name, "now": NOW, "random": house.random}
    house.store.write_now(lambda conn: staff.add(conn, house.store.tokens, **account))


def assign(house: House, ref: str, **changes: Any) -> None:
    house.store.write_now(
        lambda conn: submissions.assign(conn, ref, by="mair", now=LATER, **changes)
    )


def test_one_query_tells_how_many_lie_in_each_queue(house: House) -> None:
    colleague(house)
    mine, counted, spam, danger, answered = (house.add(sent()).ref for _ in range(5))
    assign(house, mine, holder="mair")
    assign(house, counted, team="homes")
    house.desk(submissions.decide, counted, status=CaseStatus.COUNTED)
    house.desk(submissions.decide, spam, status=CaseStatus.SPAM)
    house.desk(submissions.escalate, danger)
    house.desk(submissions.reply, answered, texts={"cy": "Diolch."}, team="homes")
    sizes = house.read(queue_sizes, "mair", "homes", AFTER)
    assert sizes == {
        "open": 3, "mine": 1, "team": 1, "waiting": 0, "danger": 1, "undecided": 1, "done": 1,
        "all": 5, "late": 3,
    }  # fmt: skip
    for queue in DeskQueue:
        wish = QueueWish(queue=queue, member="mair", team="homes")
        assert house.read(queue_page, wish).total == sizes[queue]


def test_the_next_case_passes_by_what_a_colleague_has(house: House) -> None:
    colleague(house)
    colleague(house, "owain")
    first, theirs, last = (house.add(sent()).ref for _ in range(3))
    assign(house, theirs, holder="owain")
    wish = QueueWish(member="mair")
    assert house.read(next_case, wish, house.case(first)) == last
    assert house.read(next_case, wish, house.case(last)) == first  # round, as a desk goes
    assert house.read(next_case, QueueWish(queue=DeskQueue.DONE), house.case(first)) == ""
    with pytest.raises(Refused):
        assign(house, first, holder="nobody")


def test_drafts_are_each_authors_and_go_with_the_case(house: House) -> None:
    for name in ("mair", "owain"):
        colleague(house, name)
    ref = house.add(sent()).ref

    def keep(name: str, text: str) -> None:
        house.store.write_now(
            lambda conn: desk_drafts.keep_draft(
                conn, ref, {"note": [text]}, by=name, now=LATER, seen=None, carried=["note"]
            )
        )

    keep("mair", "Ŵ and {}")
    keep("owain", "Two")
    drafts = {
        draft.by: draft.typed["note"][0] for draft in house.read(desk_drafts.case_drafts, ref)
    }
    assert drafts == {"mair": "Ŵ and {}", "owain": "Two"}
    house.tenant(submissions.forget, ref)
    assert house.read(desk_drafts.case_drafts, ref) == ()
    with pytest.raises(Refused):
        keep("mair", "Again")


def test_saved_answers_are_kept_changed_and_taken_away(house: House) -> None:
    house.store.write_now(lambda conn: desk_drafts.save_answer(conn, "Thanks", {"en": "Thanks."}))
    (answer,) = house.read(desk_drafts.saved_answers)
    house.store.write_now(
        lambda conn: desk_drafts.save_answer(
            conn, "Diolch", {"cy": "Diolch.", "en": " "}, number=answer.id
        )
    )
    (answer,) = house.read(desk_drafts.saved_answers)
    assert (answer.title, answer.texts) == ("Diolch", {"cy": "Diolch."})
    with pytest.raises(Missing):
        house.store.write_now(
            lambda conn: desk_drafts.save_answer(conn, "X", {"en": "X"}, number=answer.id + 1)
        )
    house.store.write_now(lambda conn: desk_drafts.remove_answer(conn, answer.id))
    assert house.read(desk_drafts.saved_answers) == ()


def test_the_last_run_is_kept_and_old_ones_are_let_go_of(house: House) -> None:
    assert house.read(site_runs.last_run) is None
    for number in range(3):
        run = SiteUpdate(NOW, NOW + timedelta(minutes=number), f"deploy: {number}")
        house.store.write_now(partial(site_runs.keep_run, run=run))
    assert house.read(site_runs.last_run).fault == "deploy: 2"
