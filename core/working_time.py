"""Working time: when people are at work, and when so much time has passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

from holidays import country_holidays

from core.public.clock_tallies import DurationUnit
from core.times import Nation, SpanUnit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from holidays import HolidayBase

    from core.site import Site
    from core.times import Span

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)
SATURDAY = 5
SUBDIVISIONS = {
    Nation.WALES: ("WLS",),
    Nation.ENGLAND: ("ENG",),
    Nation.SCOTLAND: ("SCT",),
    Nation.NORTHERN_IRELAND: ("NIR",),
    Nation.UK: ("ENG", "WLS", "SCT", "NIR"),
}


TOLD_IN = {
    SpanUnit.HOURS: DurationUnit.HOURS,
    SpanUnit.WORKING_HOURS: DurationUnit.WORKING_HOURS,
    SpanUnit.DAYS: DurationUnit.DAYS,
    SpanUnit.WEEKS: DurationUnit.DAYS,
    SpanUnit.WORKING_DAYS: DurationUnit.WORKING_DAYS,
}


@dataclass(frozen=True)
class WorkingTime:
    """When people of an association are at work.

    Nobody works on Saturdays, Sundays and bank holidays (Banking and Financial Dealings Act 1971),
    substitute days included.
    """

    zone: ZoneInfo
    nation: Nation
    opens: time
    closes: time

    @classmethod
    def of(cls, site: Site, nation: Nation | None = None) -> WorkingTime:
        """Return an association's own.

        :param nation: whose bank holidays count; None for where the association is.
        """
        office = site.office
        return cls(site.timezone, nation or office.nation, office.opens, office.closes)

    def day(self, moment: datetime) -> date:
        """Return the day on which a moment is, on the clock of the place."""
        return moment.astimezone(self.zone).date()

    def is_working(self, day: date) -> bool:
        """Whether people are at work on this day."""
        return day.weekday() < SATURDAY and not _is_bank_holiday(day, self.nation)

    def due(self, received: datetime, days: int) -> date:
        """Return the day on which so many working days have passed since something came.

        The first working day after that day is the first counted, as offices count.
        """
        day, left = self.day(received), days
        while left > 0 or not self.is_working(day):
            day += DAY
            left -= self.is_working(day)
        return day

    def until(self, start: datetime, span: Span) -> datetime:
        """Return the last moment (UTC) at which a span that began then has not run out.

        Hours are hours that pass, whatever clocks do. Days end at midnight on the clock of the
        place, the day of the start not counted. Working hours pass while the office is open.
        """
        match span.unit:
            case SpanUnit.HOURS:
                return start.astimezone(UTC) + span.count * HOUR
            case SpanUnit.WORKING_HOURS:
                return self._after_working_hours(start, span.count)
            case SpanUnit.WORKING_DAYS:
                return self._end_of(self.due(start, span.count))
            case SpanUnit.WEEKS:
                return self._end_of(self.day(start) + 7 * span.count * DAY)
            case _:
                return self._end_of(self.day(start) + span.count * DAY)

    def passed(self, start: datetime, end: datetime, unit: DurationUnit) -> Decimal:
        """Return how long something took, as `until` counts: whole days, hours to a tenth."""
        first, last = self.day(start), self.day(end)
        match unit:
            case DurationUnit.WORKING_DAYS:
                return Decimal(self.working_days(first, last))
            case DurationUnit.DAYS:
                return Decimal((last - first).days)
            case DurationUnit.HOURS:
                return _tenths(end - start)
        spans = (
            min(end, closes) - max(start, opens)
            for opens, closes in takewhile(lambda day: day[0] < end, self._open_hours(first))
            if closes > start
        )
        return _tenths(sum(spans, timedelta()))

    def is_end_of_day(self, moment: datetime) -> bool:
        """Whether a moment is the last of its day, so that its hour says nothing."""
        return moment == self._end_of(self.day(moment))

    def working_days(self, first: date, last: date) -> int:
        """Return the working days after `first`, up to and with `last`."""
        days = (last - first).days
        return sum(self.is_working(first + DAY * number) for number in range(1, days + 1))

    def _after_working_hours(self, start: datetime, hours: int) -> datetime:
        left = hours * HOUR
        for opens, closes in self._open_hours(self.day(start)):
            begins = max(start.astimezone(UTC), opens)
            if begins + left <= closes:
                return begins + left
            left -= max(closes - begins, timedelta())
        raise AssertionError("offices open again and again")

    def _open_hours(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Go through the hours (UTC) in which the office is open, from a day on."""
        while True:
            if self.is_working(day):
                yield self._at(day, self.opens), self._at(day, self.closes)
            day += DAY

    def _end_of(self, day: date) -> datetime:
        return self._at(day + DAY, time(0)) - INSTANT

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)


def _tenths(length: timedelta) -> Decimal:
    """Return a length of time in hours, rounded up to a tenth: what was late stays late."""
    tenth = HOUR / 10
    return Decimal(-(-length // tenth)) / 10


@lru_cache(maxsize=8_192)
def _is_bank_holiday(day: date, nation: Nation) -> bool:
    return any(day in holidays for holidays in _bank_holidays(nation))


@lru_cache
def _bank_holidays(nation: Nation) -> tuple[HolidayBase, ...]:
    # Years are worked out as they are asked for.
    return tuple(country_holidays("GB", subdiv=part) for part in SUBDIVISIONS[nation])
