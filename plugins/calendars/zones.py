"""What a calendar must be told of a zone's clocks: VTIMEZONE with rules (RFC 5545, 3.6.5).

As rules and never as lists of dates, which several calendars read wrongly: events in winter came
an hour early. Rules are worked out from the zone itself and hold for the years that are asked for.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_A_YEAR = 2  # changes: to summer time, and back
_MINUTE = timedelta(minutes=1)


class ClockChange(NamedTuple):
    """A change of a zone's clocks."""

    at: datetime  # on the clock that is about to change
    before: timedelta
    after: timedelta
    name: str  # of the time that begins, as in BST


@lru_cache(maxsize=64)
def vtimezone(zone: ZoneInfo, first: int, last: int) -> Timezone | None:
    """Return a zone's rules (VTIMEZONE, RFC 5545, 3.6.5).

    :param first: the first year of which they must be true.
    :param last: the last one.
    :returns: None when its clocks follow no rule in them, as where they follow the moon.
    """
    years = [list(_changes(zone, year)) for year in range(first, last + 1)]
    timezone = Timezone()
    timezone.add("tzid", zone.key)
    if not any(years):
        january = datetime(first, 1, 1, tzinfo=zone)
        offset = january.utcoffset() or timedelta()
        timezone.add_component(
            _part(ClockChange(january, offset, offset, january.tzname() or ""), "")
        )
        return timezone
    if any(len(changes) != _A_YEAR for changes in years):
        return None
    for alike in zip(*years, strict=True):
        if not (rule := _rule(alike)):
            return None
        timezone.add_component(_part(alike[0], rule))
    return timezone


def _part(change: ClockChange, rule: str) -> TimezoneStandard | TimezoneDaylight:
    summer = change.after > change.before
    part = TimezoneDaylight() if summer else TimezoneStandard()
    part.add("dtstart", change.at.replace(tzinfo=None))
    part.add("tzname", change.name)
    part.add("tzoffsetfrom", change.before)
    part.add("tzoffsetto", change.after)
    if rule:
        part.add("rrule", vRecur.from_ical(rule))
    return part


def _changes(zone: ZoneInfo, year: int) -> Iterator[ClockChange]:
    """Find the changes of a year: a day on which they happen, then the minute."""
    day, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    while day < end:
        early, late = day, day + timedelta(days=1)
        before, after = _offset(early, zone), _offset(late, zone)
        if before != after:
            while late - early > _MINUTE:
                middle = early + (late - early) // 2
                early, late = (middle, late) if _offset(middle, zone) == before else (early, middle)
            moment = late.replace(second=0, microsecond=0)
            at = (moment + before).replace(tzinfo=None)
            yield ClockChange(at, before, after, moment.astimezone(zone).tzname() or "")
        day += timedelta(days=1)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _rule(changes: tuple[ClockChange, ...]) -> str:
    """Return the rule that gives these changes, one a year; "" when there is none."""
    if len({(c.at.month, c.at.weekday(), c.at.time(), *c[1:]) for c in changes}) > 1:
        return ""
    first = changes[0].at
    from_end = {_is_last(change.at) for change in changes}
    from_start = {(change.at.day - 1) // 7 + 1 for change in changes}
    if from_end == {True}:
        number = -1
    elif len(from_start) == 1:
        number = from_start.pop()
    else:
        return ""
    return f"FREQ=YEARLY;BYMONTH={first.month};BYDAY={number}{_DAYS[first.weekday()]}"


def _is_last(day: datetime) -> bool:
    """Whether a day is the last of its weekday in its month."""
    return (day + timedelta(days=7)).month != day.month
