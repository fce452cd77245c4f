"""When a meetup comes again: a rule for repeating (RFC 5545), and every date that it gives.

A rule counts days on the meetup's own clock: half past ten stays half past ten when the clocks
change. It must end, so that a page can say when, and so that nothing runs for ever.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from dateutil.rrule import rrulestr

from core.values import clock_trouble

if TYPE_CHECKING:
    from datetime import tzinfo

LONGEST = timedelta(days=5 * 365 + 1)  # further ahead nobody has booked a room
END_OF_DAY = time(23, 59, 59)
FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
# What every calendar reads alike; of the rest of RFC 5545 each knows another part.
PARTS = {
    "FREQ",
    "INTERVAL",
    "COUNT",
    "UNTIL",
    "BYDAY",
    "BYMONTHDAY",
    "BYMONTH",
    "BYSETPOS",
    "WKST",
}
END_IT = "Add its last day, as in “;UNTIL=20270331”, or how many there are, as in “;COUNT=6”."


class Unclear(Exception):
    """A rule gives no dates that everybody would agree on; says what is wrong, and what to do."""

    def __init__(self, wrong: str, instead: str) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.instead = instead


@dataclass(frozen=True)
class Occurrence:
    """One date of a meetup."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Recurrence:
    """A rule, understood."""

    rule: str  # as calendars are told it, with UNTIL in UTC
    frequency: str  # DAILY, WEEKLY, MONTHLY or YEARLY
    interval: int
    by_day: tuple[str, ...]  # as in MO or 1WE
    dates: tuple[Occurrence, ...]  # in order, never empty


def recurrence(rule: str, start: datetime, end: datetime) -> Recurrence:
    """Return a rule with its dates.

    :param start: the first date, on the clock that all go by.
    :raises Unclear: when the rule has no end or no dates, or not those that it seems to have.
    """
    parts = _parts(rule)
    zone = start.tzinfo
    first = start.replace(tzinfo=None)
    cap = first + LONGEST
    until = _until(parts["UNTIL"], zone) if "UNTIL" in parts else None
    if until and until < first:
        raise Unclear(
            f"It ends on {until.date()}, before it begins on {first.date()}.",
            "Write an UNTIL after the start.",
        )
    if until and until > cap:
        raise _too_long(first)
    count = int(parts.get("COUNT", 0))
    bare = ";".join(f"{name}={said}" for name, said in parts.items() if name not in _ENDS)
    # Counted by us and not by dateutil, which would look for a sixth 31 February until year 9999.
    limit = (until or cap).isoformat().replace("-", "").replace(":", "")
    found = rrulestr(f"{bare};UNTIL={limit}", dtstart=first)
    starts = list(islice(found, count or None))
    if not starts:
        raise Unclear("The rule has no date at all.", "Look at it again: is there such a day?")
    if len(starts) < count:
        raise _too_long(first)
    if starts[0] != first:
        raise Unclear(
            f"The first date of the rule is {starts[0].date()}, and the meetup begins"
            f" on {first.date()}.",
            "Let start: be the rule's first date, or mend the rule.",
        )
    for one in starts:
        if trouble := clock_trouble(one.replace(tzinfo=zone)):
            raise Unclear(
                f"One of its dates, {one:%Y-%m-%d %H:%M}, {trouble}",
                "Let it begin at another time, or end the rule before and write that date a file.",
            )
    told = bare if "COUNT" not in parts else f"{bare};COUNT={count}"
    if until:
        told += f";UNTIL={_utc(starts[-1].replace(tzinfo=zone)):%Y%m%dT%H%M%SZ}"
    length = _utc(end) - _utc(start)
    return Recurrence(
        rule=told,
        frequency=parts["FREQ"],
        interval=int(parts.get("INTERVAL", 1)),
        by_day=tuple(parts["BYDAY"].split(",")) if "BYDAY" in parts else (),
        dates=tuple(_occurrence(one.replace(tzinfo=zone), length) for one in starts),
    )


_ENDS = {"COUNT", "UNTIL"}


def _parts(rule: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in rule.upper().strip(";").split(";")]
    parts = {name.strip(): said.strip() for name, _, said in pairs}
    if len(parts) < len(pairs):
        raise Unclear("A part of the rule is written twice.", "Keep one of the two.")
    if strange := next((name for name in parts if name not in PARTS), ""):
        raise Unclear(
            f"Not every calendar reads {strange} alike.",
            f"Write the rule with {', '.join(sorted(PARTS))}.",
        )
    if parts.get("FREQ") not in FREQUENCIES:
        raise Unclear(
            "A meetup comes every day, week, month or year, and not more often.",
            "Begin the rule with FREQ=WEEKLY or another of DAILY, MONTHLY, YEARLY.",
        )
    for name in ("INTERVAL", "COUNT"):
        if name in parts and not re.fullmatch(r"[1-9]\d{0,3}", parts[name]):
            raise Unclear(f"{name} is {parts[name] or 'empty'}.", f"Write {name}=2, say.")
    if parts.keys() >= _ENDS:
        raise Unclear("The rule has two ends, COUNT and UNTIL.", "Keep one of the two.")
    if not parts.keys() & _ENDS:
        raise Unclear("The meetup would come again for ever.", END_IT)
    return parts


def _until(written: str, zone: tzinfo | None) -> datetime:
    """Return the last moment on the meetup's clock; a day lasts until its end."""
    plain = written.replace("-", "")
    for form in ("%Y%m%d", "%Y%m%dT%H%M%S", "%Y%m%dT%H%M%SZ"):
        try:
            until = datetime.strptime(plain, form)  # noqa: DTZ007 - its zone comes below
        except ValueError:
            continue
        if form.endswith("d"):
            return datetime.combine(until, END_OF_DAY)
        if form.endswith("Z"):
            return until.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        return until
    raise Unclear(
        f"“UNTIL={written}” isn't a day of the calendar.",
        "Write year, month and day, as in UNTIL=20270331.",
    )


def _too_long(first: datetime) -> Unclear:
    years = LONGEST.days // 365
    return Unclear(
        f"Within {years} years of {first.date()} the rule comes to no end.",
        "Write an earlier one; later on a new file can take over.",
    )


def _occurrence(start: datetime, length: timedelta) -> Occurrence:
    """Return a date as long as the first one, on a night when the clocks change too."""
    return Occurrence(start, (_utc(start) + length).astimezone(start.tzinfo))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
