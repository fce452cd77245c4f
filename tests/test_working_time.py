"""Working time as offices count it, and as somebody else counts it who knows nothing of ours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from holidays import country_holidays
from hypothesis import given, settings
from hypothesis import strategies as some

from core.public.clock_tallies import DurationUnit
from core.times import Nation, Span, SpanUnit, span_of
from core.working_time import WorkingTime

if TYPE_CHECKING:
    from holidays import HolidayBase

ZONE = ZoneInfo("Europe/London")
HERE = WorkingTime(ZONE, Nation.WALES, time(9), time(17))


@pytest.mark.parametrize(
    ("received", "days", "answered_by"),
    [
        ("2026-03-02 10:00", 10, "2026-03-16"),  # a Monday: two weeks
        ("2026-03-06 16:59", 1, "2026-03-09"),  # a Friday: the weekend does not count
        ("2026-03-07 11:00", 1, "2026-03-09"),  # a Saturday: Monday is the first day
        ("2026-04-02 09:00", 1, "2026-04-07"),  # Good Friday and Easter Monday
        ("2026-05-01 09:00", 1, "2026-05-05"),  # the early May holiday
        ("2026-05-22 09:00", 1, "2026-05-26"),  # the spring holiday
        ("2026-08-28 09:00", 1, "2026-09-01"),  # the summer holiday of Wales, not Scotland's
        ("2026-12-23 09:00", 3, "2026-12-30"),  # Boxing Day is a Saturday: Monday stands for it
        ("2026-12-23 09:00", 10, "2027-01-11"),  # over the year's end
        ("2026-03-02 10:00", 0, "2026-03-02"),  # the same day
        ("2026-03-07 10:00", 0, "2026-03-09"),  # no working day: the next one
    ],
)
def test_an_answer_is_due_after_so_many_working_days(
    received: str, days: int, answered_by: str
) -> None:
    moment = datetime.fromisoformat(received).replace(tzinfo=ZONE)
    assert HERE.due(moment, days) == date.fromisoformat(answered_by)


def test_the_day_is_the_one_where_the_tenant_lives() -> None:
    # In summer, half past eleven at night in UTC is half past midnight the next day in Wales.
    late = datetime(2026, 7, 7, 23, 30, tzinfo=UTC)
    assert HERE.due(late, 1) == date(2026, 7, 9)
    assert WorkingTime(ZoneInfo("UTC"), Nation.WALES, time(9), time(17)).due(late, 1) == date(
        2026, 7, 8
    )


@settings(deadline=None)  # the first call works bank holidays out
@given(
    first=some.dates(date(2024, 1, 1), date(2035, 12, 31)),
    clock=some.times(),
    days=some.integers(1, 60),
)
def test_exactly_the_promised_working_days_lie_between(first: date, clock: time, days: int) -> None:
    last = HERE.due(datetime.combine(first, clock, ZONE), days)
    assert HERE.working_days(first, last) == days
    assert HERE.is_working(last)


def test_each_nation_has_its_own_bank_holidays_and_the_law_may_count_all_of_them() -> None:
    st_patrick, st_andrew = date(2026, 3, 17), date(2026, 11, 30)
    at_work = {
        nation: [
            WorkingTime(ZONE, nation, time(9), time(17)).is_working(day)
            for day in (st_patrick, st_andrew)
        ]
        for nation in Nation
    }
    assert at_work == {
        Nation.WALES: [True, True],
        Nation.ENGLAND: [True, True],
        Nation.SCOTLAND: [True, False],
        Nation.NORTHERN_IRELAND: [False, True],
        Nation.UK: [False, False],
    }


@pytest.mark.parametrize(
    ("start", "span", "until"),
    [
        ("2026-03-28 12:00+00:00", "24 hours", "2026-03-29 12:00+00:00"),  # clocks go forward
        ("2026-10-24 12:00+01:00", "24 hours", "2026-10-25 11:00+00:00"),  # and back
        ("2026-03-27 16:30+00:00", "1 working hour", "2026-03-30 09:30+01:00"),  # over a weekend
        ("2026-03-28 12:00+00:00", "1 working hour", "2026-03-30 10:00+01:00"),
        ("2026-03-02 09:00+00:00", "8 working hours", "2026-03-02 17:00+00:00"),
        ("2026-03-02 09:00+00:00", "1 working day", "2026-03-03 23:59:59.999999+00:00"),
        ("2026-10-24 09:00+01:00", "1 day", "2026-10-25 23:59:59.999999+00:00"),
        ("2026-03-02 09:00+00:00", "12 weeks", "2026-05-25 23:59:59.999999+01:00"),
    ],
)
def test_hours_pass_whatever_clocks_do_and_days_end_at_midnight(
    start: str, span: str, until: str
) -> None:
    ends = HERE.until(datetime.fromisoformat(start), span_of(span))
    assert ends == datetime.fromisoformat(until)


@pytest.mark.parametrize("words", ["", "24", "hours", "0 hours", "1001 days", "5 moons", "-1 days"])
def test_what_no_clock_can_count_is_said(words: str) -> None:
    with pytest.raises(ValueError, match=r"isn't a length|out of range"):
        span_of(words)


@cache
def naive_rest(day: date) -> bool:
    """Whether nobody works on a day, as somebody reads it off a calendar of Wales."""
    return day.isoweekday() > 5 or day in calendar(day.year)


@cache
def calendar(year: int) -> HolidayBase:
    """The bank holidays of a year in Wales."""
    return country_holidays("GB", subdiv="WLS", years=year)


def naive_until(start: datetime, count: int, unit: SpanUnit) -> datetime:
    """Count one day, or one quarter of an hour, after the other."""
    local = start.astimezone(ZONE)
    if unit in {SpanUnit.HOURS, SpanUnit.WORKING_HOURS}:
        moment, quarters = start, 4 * count
        while quarters:
            here = moment.astimezone(ZONE)
            counts = unit == SpanUnit.HOURS or (9 <= here.hour < 17 and not naive_rest(here.date()))
            moment += timedelta(minutes=15)
            quarters -= counts
        return moment
    days, day = count * (7 if unit == SpanUnit.WEEKS else 1), local.date()
    while days:
        day += timedelta(days=1)
        days -= unit != SpanUnit.WORKING_DAYS or not naive_rest(day)
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(days=1)
    return midnight.astimezone(UTC) - timedelta(microseconds=1)


def drawn(seed: int, count: int) -> list[tuple[datetime, Span]]:
    """Starts at quarters of hours over six years, many of them near what makes counting hard."""
    chance, eves = Random(seed), ["2026-03-28", "2026-10-24", "2026-12-23", "2027-03-25"]
    most = {
        SpanUnit.HOURS: 72,
        SpanUnit.WORKING_HOURS: 20,
        SpanUnit.DAYS: 40,
        SpanUnit.WORKING_DAYS: 30,
        SpanUnit.WEEKS: 12,
    }
    cases = []
    for _ in range(count):
        first = (
            date.fromisoformat(chance.choice(eves))
            if chance.random() < 0.4
            else date(2024, 1, 1) + timedelta(days=chance.randrange(2200))
        )
        quarters = timedelta(minutes=15 * chance.randrange(4 * 24 * 3))
        unit = chance.choice(list(SpanUnit))
        start = datetime(first.year, first.month, first.day, tzinfo=UTC) + quarters
        cases.append((start, Span(chance.randint(1, most[unit]), unit)))
    return cases


def test_an_independent_recount_of_ten_thousand_differs_in_nothing() -> None:
    differing = [
        (start, str(span))
        for start, span in drawn(1, 10_000)
        if HERE.until(start, span) != naive_until(start, span.count, span.unit)
    ]
    assert differing == []


@settings(deadline=None)  # the first call works bank holidays out
@given(
    start=some.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=some.just(UTC)),  # noqa: DTZ001 - the strategy adds the zone
    count=some.integers(1, 15),
    unit=some.sampled_from(["working hours", "hours", "days", "working days"]),
)
def test_what_ends_as_its_span_does_took_that_long(start: datetime, count: int, unit: str) -> None:
    ends = HERE.until(start, span_of(f"{count} {unit}"))
    assert HERE.passed(start, ends, DurationUnit(unit.replace(" ", "-"))) == count
