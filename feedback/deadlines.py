"""Deadlines: by which day a tenant has an answer, as the association promises."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from holidays import country_holidays

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo

    from holidays import HolidayBase

DAY = timedelta(days=1)
SATURDAY = 5


def due(received: datetime, days: int, tz: tzinfo) -> date:
    """Return the day on which `days` working days have passed since something was received.

    The first working day after that day is the first counted, as offices count. Nobody works on
    Saturdays, Sundays and the bank holidays of Wales (Banking and Financial Dealings Act 1971),
    substitute days included.

    :param received: aware; its day is the one in `tz`.
    """
    day = received.astimezone(tz).date()
    left = days
    while left > 0 or not is_working(day):
        day += DAY
        left -= is_working(day)
    return day


def is_working(day: date) -> bool:
    """Whether people are at work in Wales on this day."""
    return day.weekday() < SATURDAY and day not in _bank_holidays()


@lru_cache
def _bank_holidays() -> HolidayBase:
    return country_holidays("GB", subdiv="WLS")  # years are worked out as they are asked for
