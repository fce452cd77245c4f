"""Days, times and zones, as people and machines write them.

What can't be meant raises a ValueError whose words follow what was written.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from dateutil.parser import isoparse

from core.faults import WrongValue


class Nation(StrEnum):
    """Whose bank holidays count."""

    WALES = "wales"
    ENGLAND = "england"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"
    UK = "uk"  # a bank holiday in any part of it


class SpanUnit(StrEnum):
    """What a span is counted in."""

    HOURS = "hours"
    WORKING_HOURS = "working hours"
    DAYS = "days"
    WORKING_DAYS = "working days"
    WEEKS = "weeks"


@dataclass(frozen=True, slots=True)
class Span:
    """How long something may take."""

    count: int
    unit: SpanUnit

    def __str__(self) -> str:
        """Return it as it is written."""
        unit = str(self.unit)
        return f"{self.count} {unit.removesuffix('s') if self.count == 1 else unit}"


LONGEST_SPAN = 1_000  # of any unit

# With the year first there is one reading, whatever stands between.
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
# The other ways of ISO 8601 to write a day: run together, by its week, by its number in the year.
_OTHER_DAYS = re.compile(r"\d{7,8}|\d{4}(-?)W\d{2}\1\d|\d{4}-\d{3}")
# A day and a time of it, and what may stand behind: the hour's offset, and the zone (RFC 9557).
_DAY_AND_TIME = re.compile(
    r"(?P<day>[\dW./-]+)(?: +|[Tt])(?P<hour>\d{1,2})(?P<rest>(?:[:.]?\d{2})*(?:[.,]\d*)?)"
    r"(?: ?(?P<half>[ap])\.?m\.?)? *(?P<offset>Z|UTC|GMT|[+-]\d{2}(?::?\d{2}){0,2})?"
    r"(?:\[(?P<zone>[\w/+-]+)\])?",
    re.IGNORECASE,
)
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))  # of Word
# Names that only a machine knows, and no calendar elsewhere.
_OF_A_MACHINE = frozenset({"Factory", "localtime", "posixrules"})
_LEAP_SECOND = re.compile(r":?59:?60")  # a clock without them shows the second before (RFC 3339)


def day_of(text: str, zone: ZoneInfo) -> date:
    """Read a day; a date-time as other programs write it is the day on the clock of the place."""
    text = text.strip().translate(_DASHES)
    try:
        if day := _written_day(text):
            return day
    except ValueError:
        raise ValueError("isn't a day of the calendar.") from None
    try:
        return _iso_moment(text, zone).date()
    except (ValueError, OverflowError):
        raise ValueError("isn't a date.") from None


def _written_day(text: str) -> date | None:
    """Return the day that a text is; None when it is written as none.

    :raises ValueError: it is written as a day, and the calendar doesn't have it.
    """
    if parts := _YEAR_FIRST.fullmatch(text):
        return date(int(parts[1]), int(parts[3]), int(parts[4]))
    return isoparse(text).date() if _OTHER_DAYS.fullmatch(text) else None


def moment_of(text: str, zone: ZoneInfo) -> datetime:
    """Read a day and a time on a zone's clock."""
    try:
        moment = _iso_moment(text.strip().translate(_DASHES), zone).replace(second=0, microsecond=0)
    except OverflowError:
        raise ValueError("isn't in a year that clocks have.") from None
    if trouble := clock_trouble(moment):
        raise ValueError(f"{trouble} Take an hour before or after.")
    return moment


def clock_trouble(moment: datetime) -> str:
    """Return why nobody can tell when a moment on a zone's clock is; "" on any other night."""
    try:
        there_and_back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    except OverflowError:
        return "isn't in a year that clocks have."
    if there_and_back.replace(tzinfo=None) != moment.replace(tzinfo=None):
        return "is skipped when the clocks go forward that night."
    if moment.utcoffset() != moment.replace(fold=1).utcoffset():
        return "happens twice, as the clocks go back that night."
    return ""


def month_of(text: str, zone: ZoneInfo) -> date:
    """Read a month or a day; a month is its first day."""
    return day_of(f"{text}-01" if re.fullmatch(r"\d{4}-\d{2}", text) else text, zone)


def month_end(month: date) -> date:
    """Return the last day of the month in which a day is."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def month_end_of(text: str, zone: ZoneInfo) -> date:
    """Read a month or a day; a month is its last day."""
    day = month_of(text, zone)
    whole = re.fullmatch(r"\d{4}-\d{2}", text) is not None
    return month_end(day) if whole else day


def length_of(text: str) -> timedelta:
    """Read a length of time."""
    if not (parts := re.fullmatch(r"(\d{1,4}) ?(day|week|month)s?", text)):
        raise ValueError("isn't a length of time.")
    return timedelta(days=int(parts[1]) * {"day": 1, "week": 7, "month": 30}[parts[2]])


def offset_of(text: str) -> timedelta:
    """Read a time into a recording."""
    if not (parts := re.fullmatch(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)", text)):
        raise ValueError("isn't a time into the recording.")
    hours, minutes, seconds = int(parts[1] or 0), int(parts[2]), int(parts[3])
    if parts[1] and minutes > 59:
        raise ValueError("has more than 59 minutes.")
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def day_or_moment(text: str) -> date | datetime:
    """Return a day, or a moment with its zone, as ISO 8601 writes them.

    :raises ValueError: when it is neither, or nobody can tell on which clock it is.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("names no zone.")
    return moment


def clock_of(text: str) -> time:
    """Read a time of day."""
    if not (parts := re.fullmatch(r"(\d{1,2}):(\d{2})", text)):
        raise ValueError("isn't a time of day.")
    if int(parts[1]) > 23 or int(parts[2]) > 59:
        raise ValueError("isn't a time of day.")
    return time(int(parts[1]), int(parts[2]))


def span_of(text: str) -> Span:
    """Read how long something may take, such as "24 hours" or "5 working days"."""
    parts = re.fullmatch(r"(\d{1,4})\s+([a-z]+(?:\s[a-z]+)?)", " ".join(text.lower().split()))
    unit = f"{parts[2].removesuffix('s')}s" if parts else ""
    if not parts or unit not in set(SpanUnit):
        raise ValueError("isn't a length of time that a clock can count.")
    if not 1 <= (count := int(parts[1])) <= LONGEST_SPAN:
        raise ValueError(f"is out of range: a number from 1 to {LONGEST_SPAN} stands here.")
    return Span(count, SpanUnit(unit))


def zone_of(text: str) -> ZoneInfo:
    """Read a time zone.

    :raises WrongValue: with the zone that is meant, where only its capitals or its region differ.
    """
    if text.startswith(("posix/", "right/")) or text in _OF_A_MACHINE:
        raise ValueError("isn't a time zone.")
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a part of a name, as in Europe
        zones = {name.casefold(): name for name in available_timezones()}
        near = zones.get(text.casefold()) or next(
            (zone for name, zone in sorted(zones.items()) if name.endswith(f"/{text.casefold()}")),
            "",
        )
        raise WrongValue("isn't a time zone.", f'Write "{near}".' if near else "") from None


def rule_of(text: str) -> str:
    """Read a rule for repeating (RFC 5545, 3.3.10), as it stands in a calendar too.

    Only its form is read here: what its parts may say, `plugins.kinds.recurrence` tells in words.
    """
    bare = re.sub(r"^\s*RRULE\s*:", "", text, flags=re.IGNORECASE)
    parts = [re.sub(r"\s*([=,])\s*", r"\1", part.strip()) for part in bare.split(";")]
    parts = sorted((part for part in parts if part), key=lambda part: part[:5].upper() != "FREQ=")
    if not parts or not all(re.fullmatch(r"[A-Za-z-]+=[\w,+:.-]*", part) for part in parts):
        raise ValueError("isn't a rule for repeating.")
    if parts[0][:5].upper() != "FREQ=":
        raise ValueError("doesn't say how often, by FREQ=.")
    return ";".join(parts)


def week_of(text: str) -> str:
    """Read a week (ISO 8601)."""
    try:
        datetime.strptime(f"{text}-1", "%G-W%V-%u")  # noqa: DTZ007 - only checked
    except ValueError:
        raise ValueError("isn't a week.") from None
    return text


def _iso_moment(text: str, zone: ZoneInfo) -> datetime:
    """Return a date-time of ISO 8601 on the clock of the place.

    :raises ValueError: it is none; its words follow what was written.
    :raises OverflowError: it is in no year that there is on that clock.
    """
    parts = _DAY_AND_TIME.fullmatch(text)
    if parts is None:
        raise ValueError("isn't a date with a time.")
    try:
        day = _written_day(parts["day"])
    except ValueError:
        raise ValueError("isn't a day of the calendar.") from None
    if day is None:
        raise ValueError("isn't a date with a time.")
    try:
        moment = datetime.combine(day, time()) + _since_midnight(parts)
        clock = ZoneInfo(parts["zone"]) if parts["zone"] else zone
        offset = re.sub(r"UTC|GMT|z", "Z", parts["offset"] or "", flags=re.IGNORECASE)
        moment = datetime.fromisoformat(f"{moment.isoformat()}{offset}")
    except (ValueError, ZoneInfoNotFoundError):
        raise ValueError("isn't a time of day.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=clock)).astimezone(zone)


def _since_midnight(parts: re.Match[str]) -> timedelta:
    """Return how long after midnight a time is; 24:00 is the next day's (ISO 8601-1).

    :raises ValueError: no clock shows it.
    """
    hour = int(parts["hour"])
    if parts["half"]:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + 12 * (parts["half"].lower() == "p")
    rest = _LEAP_SECOND.sub("5959", parts["rest"])
    # 9.30 is how people write half past nine; no program writes a third of an hour so.
    rest = re.sub(r"^\.(?=\d{2}$)", ":", rest)
    if (hour, rest.strip("0:.,")) == (24, ""):
        return timedelta(days=1)
    clock = time.fromisoformat(f"{hour:02}:00" if not rest else f"{hour:02}{rest}")
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)
