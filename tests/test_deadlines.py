"""When an answer is due: working days in Wales, counted as offices count."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feedback.deadlines import due, is_working

WALES = ZoneInfo("Europe/London")


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
    moment = datetime.fromisoformat(received).replace(tzinfo=WALES)
    assert due(moment, days, WALES) == date.fromisoformat(answered_by)


def test_the_day_is_the_one_where_the_tenant_lives() -> None:
    # In summer, half past eleven at night in UTC is half past midnight the next day in Wales.
    late = datetime(2026, 7, 7, 23, 30, tzinfo=UTC)
    assert due(late, 1, WALES) == date(2026, 7, 9)
    assert due(late, 1, ZoneInfo("UTC")) == date(2026, 7, 8)


@given(
    first=some.dates(date(2024, 1, 1), date(2035, 12, 31)),
    time=some.times(),
    days=some.integers(1, 60),
)
def test_exactly_the_promised_working_days_lie_between(first: date, time: time, days: int) -> None:
    last = due(datetime.combine(first, time, WALES), days, WALES)
    between = [first + timedelta(days=gone) for gone in range(1, (last - first).days + 1)]
    assert sum(map(is_working, between)) == days
    assert is_working(last)
