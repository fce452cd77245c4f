"""Days, times and zones, as people and machines write them.

What can't be meant raises a ValueError whose words follow what was written.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from dateutil.parser import isoparse
from dateutil.rrule import rrulestr

from core.faults import WrongValue

# With the year first there is one reading, whatever stands between.
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
# The other ways of ISO 8601 to write a day: run together, by its week, by its number in the year.
_OTHER_DAYS = re.compile(r"\d{8}|\d{4}(-?)W\d{2}\1\d|\d{4}-\d{3}")
_WITH_TIME = re.compile(r"\d{4}-?(?:\d{2}-?\d{2}|W\d{2}-?\d)[ Tt]\d")


def day_of(text: str, zone: ZoneInfo) -> date:
    """Read a day; a date-time as other programs write it is the day on the clock of the place."""
    try:
        if parts := _YEAR_FIRST.fullmatch(text):
            return date(int(parts[1]), int(parts[3]), int(parts[4]))
        if _OTHER_DAYS.fullmatch(text):
            return isoparse(text).date()
    except ValueError:
        raise ValueError("isn't a day of the calendar.") from None
    if not _WITH_TIME.match(text):
        raise ValueError("isn't a date.")
    try:
        return _iso_moment(text, zone).date()
    except ValueError:
        raise ValueError("isn't a date.") from None


def moment_of(text: str, zone: ZoneInfo) -> datetime:
    """Read a day and a time on a zone's clock."""
    if parts := re.fullmatch(r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2}):(\d{2})(:00)?", text):
        day, hour, minute = day_of(parts[1], zone), int(parts[2]), int(parts[3])
        if hour > 23 or minute > 59:
            raise ValueError("isn't a time of day.")
        moment = datetime.combine(day, time(hour, minute), zone)
    else:
        try:
            moment = _iso_moment(text, zone).replace(second=0, microsecond=0)
        except ValueError:
            raise ValueError("isn't a date with a time.") from None
        if not _WITH_TIME.match(text):
            raise ValueError("isn't a date with a time.")
    if trouble := clock_trouble(moment):
        raise ValueError(f"{trouble} Take an hour before or after.")
    return moment


def clock_trouble(moment: datetime) -> str:
    """Return why nobody can tell when a moment on a zone's clock is; "" on any other night."""
    there_and_back = moment.astimezone(UTC).astimezone(moment.tzinfo)
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


def zone_of(text: str) -> ZoneInfo:
    """Read a time zone.

    :raises WrongValue: with the zone that is meant, where only its capitals or its region differ.
    """
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
    """Read a rule for repeating (RFC 5545), as it stands in a calendar too."""
    text = re.sub(r"^\s*RRULE\s*:\s*", "", text, flags=re.IGNORECASE)
    endless = re.sub(r";?(UNTIL|COUNT)=[^;]*", "", text, flags=re.IGNORECASE)
    try:
        rrulestr(f"RRULE:{endless}", dtstart=datetime(2026, 1, 1))  # noqa: DTZ001 - only parsed
    except (ValueError, KeyError, AttributeError, TypeError):
        raise ValueError("isn't a rule for repeating.") from None
    return text


def week_of(text: str) -> str:
    """Read a week (ISO 8601)."""
    try:
        datetime.strptime(f"{text}-1", "%G-W%V-%u")  # noqa: DTZ007 - only checked
    except ValueError:
        raise ValueError("isn't a week.") from None
    return text


def _iso_moment(text: str, zone: ZoneInfo) -> datetime:
    """Return a date-time of ISO 8601 on the clock of the place.

    :raises ValueError: it is none.
    """
    two_digits = re.sub(r"(?<=[ Tt])(?=\d:)", "0", text.strip())  # 9:00, as people write it
    with_zone = re.sub(r" *(Z|UTC|GMT|[+-]\d{2}:?\d{2})$", r"\1", two_digits, flags=re.IGNORECASE)
    moment = datetime.fromisoformat(re.sub(r"(?:UTC|GMT|z)$", "Z", with_zone))
    if moment.tzinfo is None:
        return moment.replace(tzinfo=zone)
    return moment.astimezone(zone)
