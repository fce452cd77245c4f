"""How fast we were: what is told of the steps of clocks, and what is never told."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

import pytest

from core.faults import Report
from core.public.clock_tallies import ClockTally, DurationUnit
from core.public.record_files import CLOCKS
from core.site import parse_site
from core.times import Span, SpanUnit
from core.words import Words
from feedback.case_clocks import CaseClock, CaseHistory, steps_of
from feedback.model import Event, Happening
from feedback.step_figures import step_tallies
from tests.test_case_clocks import BOOK
from tests.test_loop import loop_site, words
from tests.tiny import SITE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from commands.build import BuildResult
    from feedback.case_clocks import CaseStep
    from tests.conftest import MakeSite

NOW = datetime(2026, 7, 1, tzinfo=UTC)
HAZARD = next(terms for terms in BOOK.terms if terms.rule.key == "emergency-hazard")
Case = tuple[datetime, "datetime | None", bool]  # known, made safe, whether anybody waits


def made_safe(cases: Sequence[Case]) -> list[CaseStep]:
    """The second step of a hazard's clock, of each case."""
    steps = []
    for number, (known, done, owed) in enumerate(cases, 1):
        clock = CaseClock(number, known, HAZARD)
        detail = {"clock": str(number), "step": "make-safe"}
        events = [
            Event(at=done, what=Happening.STEP_ENDED, by="mair", detail=detail | {"at": f"{done}"})
            for done in ([done] if done else [])
        ]
        steps.append(steps_of(clock, CaseHistory(events, owed=owed))[1])
    return steps


def played(count: int) -> list[Case]:
    """Cases of half a year: most in time, some late, some never done, some taken back."""
    chance, cases = Random(count), []
    for _ in range(count):
        minutes = chance.randrange(60 * 24 * 180)
        known = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
        done = known + timedelta(minutes=chance.choice([chance.randrange(1440), 1440, 1441, 5000]))
        cases.append((known, done if chance.random() < 0.9 else None, chance.random() < 0.95))
    return cases


def test_a_recount_of_every_case_by_hand_differs_in_nothing() -> None:
    cases = played(2_000)
    expected: dict[str, Counter[str]] = {}
    for known, done, owed in cases:
        due = known + timedelta(hours=24)
        if not done and (not owed or due >= NOW):
            continue
        summer = datetime(2026, 3, 29, 1, tzinfo=UTC) <= due
        here = due + timedelta(hours=1) if summer else due
        count = expected.setdefault(f"2026-Q{1 + (here.month - 1) // 3}", Counter())
        count.update(["due", *(["met"] if done and done - known <= timedelta(days=1) else [])])
    tallies = list(step_tallies(made_safe(cases), NOW))
    assert {t.quarter: {"due": t.due, "met": t.met} for t in tallies} == expected
    assert {tally.unit for tally in tallies} == {DurationUnit.HOURS}


def hazards(hours: Sequence[float | None]) -> list[Case]:
    start = datetime(2026, 2, 2, 9, tzinfo=UTC)
    return [
        (start, None if length is None else start + timedelta(hours=length), True)
        for length in hours
    ]


@pytest.mark.parametrize(
    ("hours", "median", "p90"),
    [
        ([1, 2, 3, 4, 5], "3", "5"),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 100], "5", "9"),
        ([1, 2, 3, None, None], "3", None),  # what isn't done takes longer than all that is
        ([1, None, None, None, None], None, None),
        ([0.01] * 5, "0.1", "0.1"),
    ],
)
def test_the_middle_and_nine_in_ten_are_lengths_that_cases_took(
    hours: list[float | None], median: str | None, p90: str | None
) -> None:
    (tally,) = step_tallies(made_safe(hazards(hours)), NOW)
    lengths = tuple(None if length is None else Decimal(length) for length in (median, p90))
    assert (tally.median, tally.p90) == lengths


def test_fewer_than_five_are_never_told() -> None:
    assert list(step_tallies(made_safe(hazards([1, 2, 3, 4])), NOW)) == []
    assert list(step_tallies([], NOW)) == []


def test_what_has_days_to_run_is_not_counted_yet() -> None:
    soon = NOW - timedelta(hours=1)
    assert list(step_tallies(made_safe([(soon, None, True)] * 5), NOW)) == []
    early = [(soon, NOW, True)] * 5  # done before its time is up
    assert [tally.met for tally in step_tallies(made_safe(early), NOW)] == [5]


def test_a_tally_reads_back_as_it_was_written() -> None:
    report = Report()
    site = parse_site(SITE, report.at("site.toml"))
    assert site is not None
    tallies = tuple(step_tallies(made_safe(hazards([1, 2, 3, 4, 30])), NOW))
    text = CLOCKS.text(tallies)
    assert CLOCKS.read(text, site, report.at(CLOCKS.path)) == tallies
    assert list(report) == []


def test_the_page_says_what_is_asked_for_and_what_came_of_it(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tally = ClockTally(
        quarter="2026-Q1",
        clock="complaint",
        name=Words((("en", "Complaint"), ("cy", "Cwyn"))),
        step="answer",
        what=Words((("en", "Answer it"), ("cy", "Ei hateb"))),
        within=Span(20, SpanUnit.WORKING_DAYS),
        unit=DurationUnit.WORKING_DAYS,
        due=8,
        met=6,
        median=Decimal(12),
        p90=None,
    )
    settings = SITE + '\n[[clocks]]\npreset = "complaints-wales"\n'
    tiny = tiny_site(loop_site({CLOCKS.path: CLOCKS.text([tally])}), settings)
    result = built(tiny, strict=True, now=datetime(2026, 4, 1, 12, tzinfo=UTC))
    assert result.ok, "\n".join(map(str, result.faults))
    english = words(tiny.output, "en/how-fast-we-were")
    assert "Acknowledge it: within 5 working days" in english
    assert "Answer it 20 working days 8 6 (75 %) 12 working days not known yet" in english
    assert "Cwyn" in words(tiny.output, "cy/pa-mor-gyflym-oedden-ni")
    assert "How fast we were" in words(tiny.output, "en/how-we-are-doing")
    csv = (tiny.output / "data/clocks.csv").read_text(encoding="utf-8-sig")
    assert "2026-Q1/complaint/answer/20 working days" in csv
