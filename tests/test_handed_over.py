"""What is handed over comes back: it is open until somebody says what came of it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine

from core.public.vocabulary import PublicStatus, WorkOutcome
from feedback import publication
from feedback.model import CaseStatus, ClockState, Happening, Route
from feedback.store import Refused
from feedback.store.actions import submissions
from feedback.store.casework.handovers import done_answer
from feedback.store.casework.queues import DeskQueue, QueueWish, queue_page, queue_sizes
from feedback.store.database.migrations import STEPS, migrate
from feedback.store.mail import outbox
from feedback.store.mail.outbox import Why
from tests.copies import ROOT
from tests.desk import Colleague, case_of, colleague
from tests.speaking import Speaking, speaking
from tests.tenants import DUE, LATER, NOW, House

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from feedback.model import Case

pytestmark = pytest.mark.long

BY = date(2026, 3, 9)
TODAY = LATER.date()


def hand_over(house: House, by: date = BY, route: Route = Route.REPAIR) -> str:
    """Hand something over that nobody has answered; returns its reference."""
    ref = house.add().ref
    job = submissions.WorkOrder(team="repairs", reference="J-1204", phone="01632 960150", by=by)
    house.desk(submissions.decide, ref, status=CaseStatus.ROUTED, route=route, job=job)
    return ref


def come_back(house: House, ref: str, outcome: WorkOutcome = WorkOutcome.DONE, **more: Any) -> Case:
    options = {"today": TODAY, "outcome": outcome} | more
    return house.desk(submissions.end_handover, ref, **options)


def confirm(house: House, ref: str, *, done: bool, words: str = "") -> None:
    new_due = DUE + timedelta(days=7)
    house.store.write_now(
        lambda conn: submissions.confirm_done(
            conn, ref, done=done, words=words, now=LATER, due=new_due
        )
    )


# ------------------------------------------------------------------ the clocks


def test_handing_over_stops_no_clock_and_starts_another(house: House) -> None:
    case = house.case(hand_over(house))
    assert (case.answered, case.next_day) == (None, BY)
    assert case.handed is not None
    assert (case.handed.team, case.handed.job, case.handed.by) == ("repairs", "J-1204", BY)
    assert case.state(BY) == ClockState.OPEN
    assert case.state(BY + timedelta(days=1)) == ClockState.LATE


def test_a_hand_over_without_a_day_of_its_own_has_the_promises(house: House) -> None:
    ref = house.add().ref
    case = house.desk(submissions.decide, ref, status=CaseStatus.ROUTED, route=Route.REPAIR)
    assert case.handed_by == DUE


def test_an_answer_leaves_what_was_handed_over_open(house: House) -> None:
    ref = hand_over(house)
    case = house.desk(submissions.reply, ref, texts={"cy": "Diolch."}, team="repairs")
    assert (case.answered, case.state(BY)) == (LATER, ClockState.OPEN)
    assert case.state(BY + timedelta(days=1)) == ClockState.LATE
    assert come_back(house, ref).state(date(2030, 1, 1)) == ClockState.ANSWERED


def test_another_decision_takes_a_hand_over_back(house: House) -> None:
    ref = hand_over(house)
    case = house.desk(submissions.decide, ref, status=CaseStatus.RECEIVED)
    assert (case.handed, case.handed_by, case.next_day) == (None, None, DUE)


def test_the_desk_counts_and_sorts_by_the_nearest_clock(house: House) -> None:
    waiting, ref = house.add().ref, hand_over(house)
    day_after = BY + timedelta(days=1)
    page = house.read(queue_page, QueueWish(queue=DeskQueue.OPEN))
    assert [queued.case.ref for queued in page.cases] == [ref, waiting]
    assert house.read(queue_sizes, "mair", "", BY)["late"] == 0
    assert house.read(queue_sizes, "mair", "", day_after)["late"] == 1
    late = house.read(queue_page, QueueWish(overdue_on=day_after))
    assert [queued.case.ref for queued in late.cases] == [ref]
    come_back(house, ref)
    assert house.read(queue_sizes, "mair", "", day_after) | {"open": 1, "late": 0, "done": 1} == (
        house.read(queue_sizes, "mair", "", day_after)
    )


def test_the_database_and_the_case_agree_on_what_is_owed(house: House) -> None:
    """One truth: whatever was done, the queue lists what the case says."""
    refs = [house.add().ref, hand_over(house), hand_over(house), hand_over(house), hand_over(house)]
    house.desk(submissions.reply, refs[2], texts={"cy": "Diolch."}, team="repairs")
    come_back(house, refs[3])
    come_back(house, refs[4])
    confirm(house, refs[4], done=False)
    for day in (BY, BY + timedelta(days=1), DUE, DUE + timedelta(days=1), DUE + timedelta(days=9)):
        for queue, states in (
            (QueueWish(), {ClockState.OPEN, ClockState.LATE}),
            (QueueWish(overdue_on=day), {ClockState.LATE}),
        ):
            listed = {queued.case.ref for queued in house.read(queue_page, queue).cases}
            assert listed == {ref for ref in refs if house.case(ref).state(day) in states}


# ------------------------------------------------------------------ the way back


def test_what_came_of_it_answers_and_asks_its_sender(house: House) -> None:
    ref = hand_over(house)
    texts = {"cy": "Mae clo newydd ar y drws."}
    case = come_back(house, ref, texts=texts, done_on=date(2026, 3, 4))
    assert (case.answered, case.outcome, case.handed_by) == (LATER, texts, None)
    assert case.handed is not None
    assert (case.handed.outcome, case.handed.done_on) == (WorkOutcome.DONE, date(2026, 3, 4))
    notices = house.store.write_now(
        lambda conn: outbox.due(conn, now=LATER, lease=timedelta(minutes=5))
    )
    assert [claimed.notice.why for claimed in notices][-1] == Why.WORK_ENDED


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"outcome": None}, "outcome"),
        ({"outcome": WorkOutcome.NOT_DONE, "texts": {"cy": " "}}, "why"),
        ({"done_on": TODAY + timedelta(days=1)}, "done_on"),
    ],
)
def test_what_came_of_it_is_said_whole(house: House, more: dict[str, Any], rule: str) -> None:
    ref = hand_over(house)
    with pytest.raises(Refused) as refusal:
        come_back(house, ref, **more)
    assert refusal.value.rule == rule
    assert house.case(ref).next_day == BY


def test_nothing_comes_back_twice(house: House) -> None:
    ref = hand_over(house)
    come_back(house, ref)
    with pytest.raises(Refused) as refusal:
        come_back(house, ref)
    assert refusal.value.rule == "handed"


def test_a_senders_no_opens_the_case_again(house: House) -> None:
    ref = hand_over(house)
    with pytest.raises(Refused):
        confirm(house, ref, done=False)  # nothing came back yet
    come_back(house, ref)
    confirm(house, ref, done=False, words="Mae'r drws yn dal ar agor.")
    case = house.case(ref)
    assert (case.status, case.answered) == (CaseStatus.ROUTED, None)
    assert case.next_day == DUE + timedelta(days=7)
    assert Happening.CONFIRMED in {event.what for event in house.read(submissions.history, ref)}
    confirm(house, ref, done=True)  # it was mended meanwhile, and they say so
    assert case.handed is not None
    assert house.read(done_answer, case.handed, case.id).done


def test_a_senders_yes_opens_nothing(house: House) -> None:
    ref = hand_over(house)
    come_back(house, ref)
    confirm(house, ref, done=True)
    assert house.case(ref).state(date(2030, 1, 1)) == ClockState.ANSWERED


def test_everybody_is_asked_whose_words_were_handed_over_together(house: House) -> None:
    ref, other = house.add().ref, house.add().ref
    house.desk(submissions.merge, other, into=ref)
    house.desk(submissions.decide, ref, status=CaseStatus.ROUTED, route=Route.REPAIR)
    come_back(house, ref)
    confirm(house, other, done=False)
    assert house.case(ref).answered is None
    assert house.read(done_answer, house.case(ref).handed, house.case(ref).id) is None


def test_what_a_sender_said_and_the_job_are_erased_with_the_case(house: House) -> None:
    ref = hand_over(house)
    come_back(house, ref, texts={"cy": "Wedi trwsio."})
    confirm(house, ref, done=False, words="Mae'r drws yn dal ar agor.")
    house.tenant(submissions.forget, ref)
    case = house.case(ref)
    assert case.handed is not None
    assert (case.handed.job, case.outcome) == ("", {})
    assert house.read(done_answer, case.handed, case.id).words == ""
    with pytest.raises(Refused):
        confirm(house, ref, done=False)


# ------------------------------------------------------------------ in public


def record_of(service: Speaking, ref: str) -> Any:
    return publication.record_of(case_of(service, ref), service.site)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Speaking]:
    service = speaking(tmp_path, ROOT / "theme")
    yield service
    service.store.close()


@pytest.fixture
def mair(town: Speaking) -> Colleague:
    return colleague(town)


def passed_on(town: Speaking, mair: Colleague, **more: str) -> tuple[str, str]:
    """Hand somebody's words over; returns the reference, and the receipt's address."""
    receipt = town.say()
    ref = re.findall(r"F-\w{6}", town.browser.get(receipt).text)[0]
    job = {"passed_to": "repairs", "job": "J-1204", "job_phone": "01632 960150"}
    by = (town.clock().date() + timedelta(days=5)).isoformat()
    mair.done(ref, "route", route="repair", **job | {"job_by": by} | more)
    return ref, receipt


def test_a_record_is_neither_answered_nor_in_time_before_it_came_back(
    town: Speaking, mair: Colleague
) -> None:
    ref, _ = passed_on(town, mair)
    today = town.clock().date()
    record = record_of(town, ref)
    assert record.status == PublicStatus.ROUTED
    assert (record.answered, record.in_time, record.outcome) == (False, None, None)
    assert record.done_by == today + timedelta(days=5)
    assert record.overdue(today + timedelta(days=6))
    assert list(record.contradictions()) == []
    mair.done(ref, "outcome", outcome="done", done_on=today.isoformat())
    record = record_of(town, ref)
    assert (record.answered, record.in_time, record.outcome) == (True, True, WorkOutcome.DONE)
    assert list(record.contradictions()) == []


def test_work_that_came_back_late_was_not_in_time(town: Speaking, mair: Colleague) -> None:
    ref, _ = passed_on(town, mair)
    mair.done(ref, "reply", team="repairs", reply_en="A plumber is on the way.")
    assert record_of(town, ref).answered
    assert record_of(town, ref).in_time is None, "the hand-over is open"
    town.clock.pass_by(days=6)
    mair.log_in()
    mair.done(ref, "outcome", outcome="done", done_on=town.clock().date().isoformat())
    assert record_of(town, ref).in_time is False


# ------------------------------------------------------------------ at the desk and on the receipt


def test_the_receipt_names_team_telephone_job_and_day(town: Speaking, mair: Colleague) -> None:
    _, receipt = passed_on(town, mair)
    page = town.browser.get(receipt).text
    for words in ("Repairs", "01632 960150", "J-1204", "To be done by"):
        assert words in page
    assert "Was it done?" not in page


def test_the_sender_is_asked_and_no_opens_it_at_the_desk_in_sight(
    town: Speaking, mair: Colleague
) -> None:
    ref, receipt = passed_on(town, mair)
    mair.done(ref, "outcome", outcome="done", outcome_en="A new lock is on the door.")
    page = town.browser.get(receipt).text
    assert "A new lock is on the door." in page
    assert "Was it done?" in page
    assert ref not in mair.get("?queue=open").text
    typed = {"done": "no", "said": "The door is open still."}
    answer = town.browser.post(f"{receipt}/done", data=typed)
    assert answer.status_code == 303
    page = town.browser.get(receipt).text
    assert "we opened it again" in page
    assert "Make it a complaint" in page
    assert ref in mair.get("?queue=open").text
    case = mair.get(f"case/{ref}").text
    assert "The tenant says that it was not done." in case
    assert "The door is open still." in case
    town.browser.post(f"{receipt}/done", data={"done": "complain"})
    assert case_of(town, ref).complaint
    assert "It is treated as a complaint." in town.browser.get(receipt).text


def test_a_tenants_words_are_kept_when_they_are_too_many(town: Speaking, mair: Colleague) -> None:
    ref, receipt = passed_on(town, mair)
    mair.done(ref, "outcome", outcome="done")
    answer = town.browser.post(f"{receipt}/done", data={"done": "no", "said": "w" * 5_001})
    assert answer.status_code == 422
    assert "w" * 5_001 in answer.text
    assert "Keep it under" in answer.text


def test_an_answer_to_what_was_handed_over_anew_meanwhile_keeps_its_words(
    town: Speaking, mair: Colleague
) -> None:
    ref, receipt = passed_on(town, mair)
    answer = town.browser.post(f"{receipt}/done", data={"done": "no", "said": "It drips."})
    assert "It drips.</textarea>" in answer.text  # to be sent as an answer to ours
    assert case_of(town, ref).handed_by is not None
    assert "Who has it" in answer.text


def test_words_without_an_answer_are_kept_and_an_answer_is_asked_for(
    town: Speaking, mair: Colleague
) -> None:
    ref, receipt = passed_on(town, mair)
    mair.done(ref, "outcome", outcome="done")
    for form in ({"said": "It drips."}, {"said": "It drips.", "done": "perhaps"}):
        answer = town.browser.post(f"{receipt}/done", data=form)
        assert answer.status_code == 422
        assert "It drips.</textarea>" in answer.text
        assert "Choose one of the answers." in answer.text


@pytest.mark.parametrize(
    ("action", "typed", "words"),
    [
        ("route", {"route": "repair", "job_by": "2020-01-01"}, "a day that is still to come"),
        ("route", {"route": "repair", "job_by": "soon"}, "a day that is still to come"),
        ("route", {"route": "repair", "passed_to": "moon"}, "Choose one of the answers"),
        ("outcome", {"outcome": "done"}, "Nothing is handed over"),
    ],
)
def test_what_makes_no_sense_is_said_at_the_desk(
    town: Speaking, mair: Colleague, action: str, typed: dict[str, str], words: str
) -> None:
    receipt = town.say()
    ref = re.findall(r"F-\w{6}", town.browser.get(receipt).text)[0]
    answer = mair.act(ref, action, **typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert case_of(town, ref).handed is None


# ------------------------------------------------------------------ older databases


def test_what_was_handed_over_before_without_an_answer_is_open_again() -> None:
    columns = (
        "ref, idempotency, salt, receipt, code, sort, lang, topic, area, target_kind, target_key, "
        "channel, answer_by, answer_lang, may_publish, complaint, escalated, was_published, "
        "received, due, forgotten, version, status, route, answered"
    )
    alike = "'problem', 'en', '', '', '', '', 'web', 'receipt', '', 1, 0, 0, 0, 1, '2026-03-16'"
    with create_engine("sqlite://").begin() as conn:
        migrate(conn, now=NOW, steps=STEPS[:10])
        for number, (status, route) in enumerate([("routed", "repair")] * 2 + [("counted", "")]):
            keys = ", ".join([f"'{number}'"] * 5)
            values = f"{keys}, {alike}, 0, 1, '{status}', '{route}', 7"
            row = f"INSERT INTO submissions ({columns}) VALUES ({values})"  # noqa: S608  # of words above
            conn.exec_driver_sql(row)
        conn.exec_driver_sql(
            "INSERT INTO answers (submission, kind, lang, text, team, by, at) "
            "VALUES (2, 'reply', 'en', 'It is mended.', 'repairs', 'mair', 7)"
        )
        migrate(conn, now=NOW)
        rows = conn.exec_driver_sql("SELECT handed_by, answered FROM submissions ORDER BY id")
        assert [tuple(row) for row in rows] == [("2026-03-16", None), ("2026-03-16", 7), (None, 7)]
        handed = conn.exec_driver_sql("SELECT submission, route, done_by FROM handovers")
        assert [tuple(row) for row in handed] == [
            (1, "repair", "2026-03-16"),
            (2, "repair", "2026-03-16"),
        ]
