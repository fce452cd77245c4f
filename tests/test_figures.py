"""How we are doing: figures that nobody typed, and that give nobody away."""

from __future__ import annotations

import filecmp
import itertools
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.public.records import Record
from core.public.tallies import Waits
from core.public.vocabulary import ContactChannel, PublicStatus, SubmissionSort
from core.words import Words
from plugins.kinds.models import Better, Measure, ReadingTaken
from plugins.loop import charts, figures
from plugins.loop.figures import SMALL, Figures
from tests.test_loop import loop_site, words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commands.build import BuildResult
    from tests.conftest import MakeSite

TODAY = date(2026, 4, 1)
RECORD = Record(
    ref="F-BBBBBB",
    status=PublicStatus.COUNTED,
    sort=SubmissionSort.IDEA,
    lang="en",
    received=date(2026, 1, 1),
    channel=ContactChannel.WEB,
    in_time=True,
)


def record(ref: str = "F-BBBBBB", **fields: object) -> Record:
    return replace(RECORD, ref=ref, **fields)  # type: ignore[arg-type] # as the test says


def never(_: str) -> bool:
    return False


def test_a_record_counts_for_everybody_who_said_it() -> None:
    several = [
        record("F-BBBBBB", people=4),
        record("F-CCCCCC", in_time=False, people=2),
        record("F-DDDDDD", in_time=None, due=date(2026, 3, 31)),
        record("F-FFFFFF", in_time=None, due=date(2026, 4, 1), people=3),
    ]
    counted = figures.figures(several, TODAY, lambda ref: ref == "F-BBBBBB")
    assert counted == Figures(people=10, in_time=4, late=2, overdue=1, waiting=3, led=4)
    assert counted.kept == round(100 * 4 / 7)  # what isn't due yet is no promise kept or broken
    assert counted.led_share == 40


def test_without_a_promise_that_came_due_there_is_no_share() -> None:
    nothing = figures.figures([], TODAY, never)
    assert nothing.kept is None
    assert nothing.led_share is None


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 30), max_size=8))
def test_no_small_group_is_shown_or_can_be_worked_out(counts: dict[str, int]) -> None:
    hidden = figures.too_small(counts)
    assert not [key for key, count in counts.items() if 0 < count < SMALL and key not in hidden]
    present = {key for key, count in counts.items() if count}
    # The total is public: a single hidden group would be the total less all the others.
    assert len(hidden) != 1 or present == hidden


def test_a_group_that_is_too_small_says_no_more_than_that() -> None:
    several = [record("F-BBBBBB", topic="a", people=9), record("F-CCCCCC", topic="b", people=7)]
    several.append(record("F-DDDDDD", topic="c", people=2))
    groups = figures.grouped(several, lambda record: record.topic or "", "abcd", TODAY, never)
    shown = {group.key: group.figures and group.figures.people for group in groups}
    assert shown == {"a": 9, "b": None, "c": None}


def test_the_middle_wait_needs_enough_answers() -> None:
    few = Waits(quarter="2026-Q1", waited=(1, 2, 3, 4))
    enough = Waits(quarter="2026-Q2", waited=(1, 2, 3, 8, 9, 10))
    assert figures.median_wait([few]) is None
    assert [(quarter.name, quarter.median) for quarter in figures.quarters([few, enough])] == [
        ("2026-Q2", 5.5)
    ]
    assert figures.median_wait([few, enough]) == 3.0


def test_the_page_counts_what_is_published(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site(
        loop_site(
            {"feedback/answers.yaml": "answers:\n- {quarter: 2026-Q1, waited: [2, 3, 4, 9, 9]}\n"}
        )
    )
    assert built(tiny, strict=True, now=datetime(2026, 4, 1, 12, tzinfo=UTC)).ok
    page_text = words(tiny.output, "en/how-we-are-doing")
    assert "7 people have told us something. 5 were answered in time, 0 too late," in page_text
    assert "person whose answer is late today 1" in page_text
    assert "2026, quarter 1 5 4" in page_text
    assert "too few to show" in page_text
    assert "Nothing has moved this quarter." in page_text


def test_what_was_decided_is_counted_without_small_numbers() -> None:
    several = [
        record("F-BBBBBB", people=9),
        record("F-CCCCCC", status=PublicStatus.ROUTED, people=6),
        record("F-DDDDDD", status=PublicStatus.DECLINED, people=1),
    ]
    # One person was turned down: from the total and the two others anybody could tell.
    assert figures.counted_together(several) == {"counted": 9}


def test_a_day_changes_only_what_has_passed_in_it(
    tiny_site: MakeSite, built: Callable[..., BuildResult], tmp_path: Path
) -> None:
    tiny = tiny_site(loop_site())
    for day, name in ((2, "one"), (3, "two")):  # nothing falls due between the two
        assert built(tiny, now=datetime(2026, 4, day, 12, tzinfo=UTC), output=tmp_path / name).ok
    first, second = tmp_path / "one", tmp_path / "two"
    names = [path.relative_to(first) for path in first.rglob("*") if path.is_file()]
    _, differ, missing = filecmp.cmpfiles(first, second, map(str, names), shallow=False)
    assert (differ, missing) == ([], [])


# --- measures as drawings


def measure(*values: float, better: Better = Better.LOWER, target: float | None = None) -> Measure:
    readings = [
        ReadingTaken(value=Decimal(str(value)), on=date(2026, 1, 1) + timedelta(days=40 * number))
        for number, value in enumerate(values)
    ]
    return Measure(
        name=Words.of("Wet walls"),
        better=better,
        before=readings[0],
        after=tuple(readings[1:]),
        target=None if target is None else Decimal(str(target)),
    )


NUMBERS = st.floats(-1e9, 1e9, allow_nan=False).map(lambda number: round(number, 3))


@given(st.lists(NUMBERS, min_size=1, max_size=12), st.none() | NUMBERS)
def test_every_reading_stands_inside_its_drawing(values: list[float], target: float | None) -> None:
    drawn = charts.chart(measure(*values, target=target))
    heights = [point.y for point in drawn.points] + [rule.y for rule in drawn.rules]
    heights += [] if drawn.target is None else [drawn.target]
    assert all(charts.TOP - 0.1 <= height <= drawn.floor + 0.1 for height in heights)
    assert all(drawn.left <= point.x <= drawn.right for point in drawn.points)
    assert 2 <= len(drawn.rules) <= 8
    assert re.fullmatch(r"M[\d.]+ [\d.]+(L[\d.]+ [\d.]+)*", drawn.path)


@given(st.lists(NUMBERS, min_size=2, max_size=12))
def test_a_greater_number_never_stands_lower(values: list[float]) -> None:
    points = sorted(charts.chart(measure(*values)).points, key=lambda point: point.reading.value)
    assert [point.y for point in points] == sorted((point.y for point in points), reverse=True)


@given(st.lists(st.just(3.0), min_size=1, max_size=20))
def test_months_that_would_touch_are_left_to_the_table(values: list[float]) -> None:
    named = [point.x for point in charts.chart(measure(*values)).points if point.named]
    assert all(second - first >= charts.APART for first, second in itertools.pairwise(named))
    assert charts.chart(measure(*values)).points[-1].named


def test_the_scale_of_a_drawing_begins_at_nought_and_has_round_steps() -> None:
    assert charts.scale(0, 19) == (0, 20, 5)
    assert [round(end, 6) for end in charts.scale(0, 0.7)] == [0, 0.8, 0.2]
    assert charts.scale(0, 0)[1] > 0
    assert charts.scale(-3, 4) == (-4, 4, 2)


@pytest.mark.parametrize(
    ("better", "values", "slipped"),
    [
        (Better.LOWER, (11, 2, 7), True),
        (Better.LOWER, (11, 7, 2), False),
        (Better.LOWER, (11, 2), False),
        (Better.HIGHER, (11, 20, 17), True),
        (Better.HIGHER, (11, 17, 20), False),
    ],
)
def test_what_got_worse_again_says_so(
    better: Better, values: tuple[float, ...], *, slipped: bool
) -> None:
    assert charts.slipped_back(measure(*values, better=better)) is slipped
