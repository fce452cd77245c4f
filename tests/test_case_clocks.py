"""The clocks of a case: what starts them, what is due next, and what no later setting changes."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from core.public.vocabulary import WorkOutcome
from feedback.case_clocks import ClockBook, StepState
from feedback.model import CaseStatus, Route
from feedback.notices.staff_news import plan_hours
from feedback.store import Refused
from feedback.store.actions import submissions
from feedback.store.actions.steps import end_step, start_at_desk
from feedback.store.casework.queues import QueueWish, queue_page, queue_sizes
from feedback.store.casework.step_clocks import case_steps
from feedback.store.database.schema import STAFF_MAILS
from tests.copies import ROOT
from tests.desk import colleague, said
from tests.speaking import Speaking, speaking
from tests.tenants import LATER, NOW, House, sent
from tests.test_clock_settings import written
from tests.tiny import SITE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from feedback.case_clocks import CaseStep

pytestmark = pytest.mark.long

SETTINGS = """
[[clocks]]
preset = "complaints-wales"
[[clocks]]
preset = "awaab-emergency"
[[clocks]]
preset = "awaab-significant"
[[clocks]]
key = "work"
name = "Work"
starts = "handed-over"
source = {title = "Our promise", url = "https://tiny.example.org/"}
steps = [{key = "done", name = "Done", within = "5 days", ends = "done"}]
"""
BOOK = ClockBook.of(site) if (site := written(SETTINGS)[0]) else ClockBook()
DAY = timedelta(days=1)


def steps(house: House, ref: str) -> dict[str, CaseStep]:
    """The steps of a case's clocks, by clock and step."""
    number = house.case(ref).id
    return {
        f"{step.clock.terms.rule.key} {step.step.key}": step
        for step in house.read(case_steps, [number]).get(number, ())
    }


def states(house: House, ref: str, now: datetime = LATER) -> dict[str, StepState]:
    return {name: step.state(now) for name, step in steps(house, ref).items()}


def complaint(house: House) -> str:
    return house.add(sent(complaint=True), clocks=BOOK).ref


def hazard(house: House, clock: str = "emergency-hazard", **options: Any) -> str:
    ref = house.add(clocks=BOOK).ref
    at_desk(house, start_at_desk, ref, clock=clock, book=BOOK, since=None, **options)
    return ref


def at_desk(house: House, work: Callable[..., None], ref: str, **options: Any) -> None:
    arguments = {"by": "mair", "now": LATER} | options
    house.store.write_now(lambda conn: work(conn, ref, **arguments))


def test_a_complaint_is_acknowledged_and_answered_by_its_own_days(sqlite_house: House) -> None:
    ref = complaint(sqlite_house)
    days = {name: step.day for name, step in steps(sqlite_house, ref).items()}
    assert days == {
        "complaint acknowledge": date(2026, 3, 9),
        "complaint answer": date(2026, 3, 30),
    }
    assert sqlite_house.case(ref).next_day == date(2026, 3, 9)
    assert states(sqlite_house, ref, NOW + 8 * DAY)["complaint acknowledge"] == StepState.LATE


def test_an_answer_acknowledges_too_and_only_in_the_language_asked_for(sqlite_house: House) -> None:
    ref = complaint(sqlite_house)
    sqlite_house.desk(
        submissions.reply, ref, texts={"en": "We looked."}, team="repairs", wanted={"cy"}
    )
    assert set(states(sqlite_house, ref).values()) == {StepState.RUNNING}
    sqlite_house.desk(
        submissions.reply, ref, texts={"cy": "Edrychon ni."}, team="repairs", wanted={"cy"}
    )
    assert set(states(sqlite_house, ref).values()) == {StepState.KEPT}
    assert sqlite_house.case(ref).next_day is None


def test_what_was_answered_as_an_idea_is_answered_anew_as_a_complaint(house: House) -> None:
    ref = house.add().ref
    house.desk(submissions.reply, ref, texts={"cy": "Diolch."}, team="repairs", now=NOW + DAY)
    house.store.write_now(
        lambda conn: submissions.complain(conn, ref, now=NOW + 2 * DAY, clocks=BOOK)
    )
    assert set(states(house, ref).values()) == {StepState.RUNNING}
    assert [case.case.ref for case in house.read(queue_page, QueueWish()).cases] == [ref]
    house.desk(submissions.reply, ref, texts={"cy": "Ymddiheurwn."}, team="repairs")
    assert set(states(house, ref).values()) == {StepState.KEPT}


def test_a_hazard_runs_by_the_hour_from_when_it_was_known(sqlite_house: House) -> None:
    ref = hazard(sqlite_house)
    step = steps(sqlite_house, ref)["emergency-hazard investigate"]
    assert step.by == NOW + DAY
    assert step.to_the_hour
    assert step.state(NOW + DAY + timedelta(seconds=1)) == StepState.LATE
    number = step.clock.id
    ended = {"clock": number, "step": "investigate", "at": NOW + timedelta(hours=5)}
    at_desk(sqlite_house, end_step, ref, **ended)
    assert states(sqlite_house, ref)["emergency-hazard investigate"] == StepState.KEPT
    at_desk(sqlite_house, end_step, ref, **ended, undone=True)
    assert states(sqlite_house, ref)["emergency-hazard investigate"] == StepState.LATE


def test_a_step_begins_with_the_end_of_the_one_before(sqlite_house: House) -> None:
    ref = hazard(sqlite_house, "significant-hazard")
    summary = steps(sqlite_house, ref)["significant-hazard summary"]
    assert (summary.by, summary.state(LATER)) == (None, StepState.AHEAD)
    number = summary.clock.id
    at_desk(sqlite_house, end_step, ref, clock=number, step="investigate", at=None)
    assert steps(sqlite_house, ref)["significant-hazard summary"].day == date(2026, 3, 10)
    assert sqlite_house.case(ref).next_day == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        ({"step": "nothing"}, "step"),
        ({"step": "investigate", "at": LATER + DAY}, "step_at"),
        ({"step": "investigate", "at": NOW - DAY}, "step_at"),
        ({"clock": 999, "step": "investigate"}, "step"),
    ],
)
def test_what_can_not_be_said_of_a_step_is_refused(
    sqlite_house: House, options: dict[str, Any], rule: str
) -> None:
    ref = hazard(sqlite_house)
    number = steps(sqlite_house, ref)["emergency-hazard investigate"].clock.id
    with pytest.raises(Refused) as refused:
        at_desk(sqlite_house, end_step, ref, **{"clock": number, "at": None} | options)
    assert refused.value.rule == rule


def test_a_clock_starts_once_at_a_time_and_not_before_its_rules_hold(sqlite_house: House) -> None:
    ref = hazard(sqlite_house)
    again = {"clock": "emergency-hazard", "book": BOOK}
    early = datetime(2025, 10, 26, tzinfo=UTC)
    for since, rule in ((None, "clock_runs"), (LATER + DAY, "clock_since"), (early, "clock")):
        with pytest.raises(Refused) as refused:
            at_desk(sqlite_house, start_at_desk, ref, since=since, **again)
        assert refused.value.rule == rule


def test_a_case_keeps_the_terms_that_held_when_its_clock_began(sqlite_house: House) -> None:
    ref = complaint(sqlite_house)
    changed, _ = written(
        '[[clocks]]\npreset = "complaints-wales"\nsteps = [{key = "answer", within = "1 day"}]'
    )
    assert changed
    sqlite_house.add(sent(complaint=True), clocks=ClockBook.of(changed))
    sqlite_house.redact(ref)
    sqlite_house.desk(
        submissions.decide, ref, status=CaseStatus.PUBLISHED, clocks=ClockBook.of(changed)
    )
    assert steps(sqlite_house, ref)["complaint answer"].day == date(2026, 3, 30)


def test_what_is_handed_over_ends_when_it_was_done(sqlite_house: House) -> None:
    ref = sqlite_house.add().ref
    handed = {"status": CaseStatus.ROUTED, "route": Route.REPAIR, "clocks": BOOK}
    sqlite_house.desk(submissions.decide, ref, **handed)
    assert states(sqlite_house, ref) == {"work done": StepState.RUNNING}
    done = {"outcome": WorkOutcome.DONE, "done_on": date(2026, 3, 6), "today": date(2026, 3, 20)}
    sqlite_house.desk(submissions.end_handover, ref, now=LATER + 15 * DAY, **done)
    assert states(sqlite_house, ref) == {"work done": StepState.KEPT}


def test_whoever_is_merged_is_owed_their_own_steps_by_the_one_at_the_head(house: House) -> None:
    head, ref = house.add().ref, complaint(house)
    house.desk(submissions.merge, ref, into=head)
    assert house.case(head).next_day == date(2026, 3, 9)
    house.desk(submissions.reply, head, texts={"cy": "Diolch."}, team="repairs", wanted={"cy"})
    assert set(states(house, ref).values()) == {StepState.KEPT}
    assert house.case(head).next_day is None
    house.desk(submissions.unmerge, ref)
    assert set(states(house, ref).values()) == {StepState.RUNNING}


def test_nobody_waits_for_the_steps_of_what_was_taken_back(house: House) -> None:
    ref = complaint(house)
    house.tenant(submissions.withdraw, ref)
    assert set(states(house, ref).values()) == {StepState.SETTLED}
    assert house.case(ref).next_day is None
    assert house.read(queue_page, QueueWish()).cases == ()


def test_the_desk_sorts_by_the_nearest_whatever_asks_for_it(house: House) -> None:
    plain, urgent, formal = house.add().ref, hazard(house), complaint(house)
    page = house.read(queue_page, QueueWish())
    assert [queued.case.ref for queued in page.cases] == [urgent, formal, plain]
    soon = NOW + timedelta(hours=23)
    counts = {
        at: house.read(queue_sizes, "mair", "", at.date(), at)["late"]
        for at in (soon, soon + timedelta(hours=2))
    }
    assert counts == {soon: 0, soon + timedelta(hours=2): 1}


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Speaking]:
    house = speaking(tmp_path, ROOT / "theme", SITE + SETTINGS)
    yield house
    house.store.close()


def test_the_desk_starts_a_hazard_and_says_what_was_done(town: Speaking) -> None:
    mair = colleague(town)
    ref = said(town)
    page = mair.get(f"case/{ref}").text
    assert "Start a time limit" in page
    local = (town.clock.now - timedelta(hours=30)).astimezone(town.site.timezone)
    known = {"clock": "emergency-hazard", "clock_since": f"{local:%Y-%m-%dT%H:%M}"}
    page = mair.done(ref, "clock", note="The wall is live.", **known)
    assert "The time limit runs." in page
    assert page.count("Late: it was due by") == 2
    assert "The wall is live." in page  # what else was typed is a draft
    assert "overdue since" in mair.get("").text or "day overdue" in mair.get("").text
    button = re.findall(r'name="step" value="([^"]+)"', page)[0]
    assert "Done too late" in mair.done(ref, "step", step=button)
    assert "Done too late" not in mair.done(ref, "step-back", step=button)
    early = f"{local + timedelta(hours=2):%Y-%m-%dT%H:%M}"
    assert "Done in time" in mair.done(ref, "step", step=button, step_at=early)


@pytest.mark.parametrize("field", ["clock_since", "step_at"])
def test_a_moment_that_can_not_be_meant_is_told_and_nothing_is_lost(
    town: Speaking, field: str
) -> None:
    mair = colleague(town)
    ref = said(town, complaint="yes")
    action = "clock" if field == "clock_since" else "step"
    answer = mair.act(ref, action, clock="emergency-hazard", **{field: "2026-03-29T01:30"})
    assert answer.status_code == 422
    assert "Write a moment that has been" in answer.text
    assert "2026-03-29T01:30" in answer.text


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ["Complaint", "Acknowledge it"]), ("cy", ["Cwyn", "Ei chydnabod", "Erbyn"])],
)
def test_the_receipt_says_by_when_we_do_what(town: Speaking, lang: str, words: list[str]) -> None:
    receipt = town.browser.get(town.say(lang, complaint="yes")).text
    assert [word for word in words if word not in receipt] == []
    assert 'href="https://www.ombudsman.wales/"' in receipt


def test_what_is_handed_over_as_a_complaint_runs_as_one(town: Speaking) -> None:
    mair = colleague(town)
    ref = said(town)
    page = mair.done(ref, "route", route="complaint")
    assert "Acknowledge it" in page


def test_whoever_has_a_case_is_told_once_before_its_hours_run_out(town: Speaking) -> None:
    mair, bob = colleague(town), colleague(town, "bob")
    for somebody in (mair, bob):
        assert somebody.post("account", email="desk@tiny.example.org").status_code == 303
    ref = said(town)
    mair.done(ref, "clock", clock="emergency-hazard")
    bob.done(ref, "assign", holder="bob")
    said(town, complaint="yes")  # whose days end at midnight, of which the morning's mail tells
    mails = []
    for hours in (18, 3, 1):
        town.clock.pass_by(minutes=60 * hours)
        for _ in range(2):
            town.store.write_now(lambda conn: plan_hours(conn, town.service))
        with town.store.read() as conn:
            mails.append(conn.execute(select(STAFF_MAILS.c.member, STAFF_MAILS.c.what)).all())
    steps = [[who for who, what in rows if what.startswith("step ")] for rows in mails]
    assert steps == [[], ["bob"], ["bob"]]
