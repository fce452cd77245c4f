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

from core.times import clock_trouble

if TYPE_CHECKING:
    from collections.abc import Mapping
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


class UnclearRule(Exception):
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

    @property
    def all_day(self) -> bool:
        """Whether it has days and no hours."""
        return lasts_all_day(self.start, self.end)


def lasts_all_day(start: datetime, end: datetime) -> bool:
    """Whether two moments stand for days: the first minute of one, and the end of another."""
    return start.time() == time.min and end.time() == time.max


def day_or_moment(moment: datetime, *, all_day: bool) -> str:
    """Return a moment as machines read it (ISO 8601): the day alone, where there is no hour."""
    return moment.date().isoformat() if all_day else moment.isoformat()


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
    :raises UnclearRule: when the rule has no end or no dates, or not those that it seems to have.
    """
    parts = _parts(rule)
    zone = start.tzinfo
    first = start.replace(tzinfo=None)
    cap = first + LONGEST
    until = _until(parts["UNTIL"], zone) if "UNTIL" in parts else None
    if until and until < first:
        raise UnclearRule(
            f"It ends on {until.date()}, before it begins on {first.date()}.",
            "Write an UNTIL after the start.",
        )
    if until and until > cap:
        raise _too_long(first)
    count = int(parts.get("COUNT", 0))
    bare = ";".join(f"{name}={value}" for name, value in parts.items() if name not in _ENDS)
    # Counted by us and not by dateutil, which would look for a sixth 31 February until year 9999.
    limit = (until or cap).isoformat().replace("-", "").replace(":", "")
    rule_dates = rrulestr(f"{bare};UNTIL={limit}", dtstart=first)
    starts = list(islice(rule_dates, count or None))
    if not starts:
        raise UnclearRule("The rule has no date at all.", "Look at it again: is there such a day?")
    if len(starts) < count:
        raise _too_long(first)
    if starts[0] != first:
        raise UnclearRule(
            f"The first date of the rule is {starts[0].date()}, and the meetup begins"
            f" on {first.date()}.",
            "Let start: be the rule's first date, or mend the rule.",
        )
    all_day = lasts_all_day(start, end)
    for each in () if all_day else starts:
        if trouble := clock_trouble(each.replace(tzinfo=zone)):
            raise UnclearRule(
                f"One of its dates, {each:%Y-%m-%d %H:%M}, {trouble}",
                "Let it begin at another time, or end the rule before and write that date a file.",
            )
    ending = f";COUNT={count}" if "COUNT" in parts else ""
    if until and all_day:  # UNTIL is of DTSTART's own type (3.3.10)
        ending = f";UNTIL={starts[-1]:%Y%m%d}"
    elif until:
        ending = f";UNTIL={_utc(starts[-1].replace(tzinfo=zone)):%Y%m%dT%H%M%SZ}"
    return Recurrence(
        rule=bare + ending,
        frequency=parts["FREQ"],
        interval=int(parts.get("INTERVAL", 1)),
        by_day=tuple(parts["BYDAY"].split(",")) if "BYDAY" in parts else (),
        dates=tuple(_occurrence(each.replace(tzinfo=zone), start, end) for each in starts),
    )


_ENDS = {"COUNT", "UNTIL"}
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_WEEKS = {"MONTHLY": 5, "YEARLY": 53}  # how often a weekday may come in one
_NUMBERS = {"BYMONTHDAY": 31, "BYMONTH": 12, "BYSETPOS": 366}  # the largest, from the end too


def _parts(rule: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in rule.upper().strip(";").split(";")]
    parts = {name.strip(): value.strip() for name, _, value in pairs}
    if len(parts) < len(pairs):
        raise UnclearRule("A part of the rule is written twice.", "Keep one of the two.")
    if strange := next((name for name in parts if name not in PARTS), ""):
        raise UnclearRule(
            f"Not every calendar reads {strange} alike.",
            f"Write the rule with {', '.join(sorted(PARTS))}.",
        )
    if parts.get("FREQ") not in FREQUENCIES:
        raise UnclearRule(
            "A meetup comes every day, week, month or year, and not more often.",
            "Begin the rule with FREQ=WEEKLY or another of DAILY, MONTHLY, YEARLY.",
        )
    for name in ("INTERVAL", "COUNT"):
        if name in parts and not re.fullmatch(r"[1-9]\d{0,3}", parts[name]):
            raise UnclearRule(f"{name} is {parts[name] or 'empty'}.", f"Write {name}=2, say.")
    if parts.keys() >= _ENDS:
        raise UnclearRule("The rule has two ends, COUNT and UNTIL.", "Keep one of the two.")
    if not parts.keys() & _ENDS:
        raise UnclearRule("The meetup would come again for ever.", END_IT)
    _check_values(parts)
    _check_together(parts)
    return parts


def _check_values(parts: Mapping[str, str]) -> None:
    """Refuse values that RFC 5545 (3.3.10) has no meaning for.

    :raises UnclearRule: when there is one.
    """
    for name, largest in _NUMBERS.items():
        for number in parts[name].split(",") if name in parts else ():
            whole = re.fullmatch(r"[+-]?\d{1,3}", number)
            least = 1 if name == "BYMONTH" else -largest
            if not whole or not least <= int(number) <= largest or int(number) == 0:
                raise UnclearRule(f"{name} is {number or 'empty'}.", f"Write {name}=2, say.")
    for day in parts["BYDAY"].split(",") if "BYDAY" in parts else ():
        if not _DAY.fullmatch(day):
            raise UnclearRule(
                f"BYDAY is {day or 'empty'}.",
                "Write days as MO, TU, WE, TH, FR, SA or SU; the first Tuesday of a month as 1TU.",
            )
    if "WKST" in parts and not re.fullmatch("MO|TU|WE|TH|FR|SA|SU", parts["WKST"]):
        raise UnclearRule(f"WKST is {parts['WKST'] or 'empty'}.", "Take it out, or write WKST=MO.")


def _check_together(parts: Mapping[str, str]) -> None:
    """Refuse parts that RFC 5545 (3.3.10) forbids beside each other, since calendars then differ.

    :raises UnclearRule: when there are two.
    """
    frequency = parts["FREQ"]
    if frequency == "WEEKLY" and "BYMONTHDAY" in parts:
        raise UnclearRule(
            "A rule by weeks can't have days of the month (BYMONTHDAY).",
            "Write FREQ=MONTHLY, or days of the week, as in BYDAY=TU.",
        )
    if "BYSETPOS" in parts and not parts.keys() & {"BYDAY", "BYMONTHDAY", "BYMONTH"}:
        raise UnclearRule(
            "BYSETPOS picks among days, and the rule names none.",
            "Add them, as in BYDAY=MO,TU, or take BYSETPOS out.",
        )
    numbered = [number for number, _ in _DAY.findall(parts.get("BYDAY", "")) if number]
    if numbered and frequency not in _WEEKS:
        raise UnclearRule(
            f"Every {'week' if frequency == 'WEEKLY' else 'day'} has one such day,"
            f" so {numbered[0]} before it means nothing.",
            "Write the day alone, as in BYDAY=TU; or FREQ=MONTHLY;BYDAY=1TU.",
        )
    most = _WEEKS["MONTHLY"] if "BYMONTH" in parts else _WEEKS.get(frequency, 0)
    if strange := next((n for n in numbered if not 1 <= abs(int(n)) <= most), ""):
        raise UnclearRule(
            f"There is no weekday number {strange}.",
            "Write BYDAY=1TU for the first Tuesday, BYDAY=-1TU for the last.",
        )


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
    raise UnclearRule(
        f"“UNTIL={written}” isn't a day of the calendar.",
        "Write year, month and day, as in UNTIL=20270331.",
    )


def _too_long(first: datetime) -> UnclearRule:
    years = LONGEST.days // 365
    return UnclearRule(
        f"Within {years} years of {first.date()} the rule comes to no end.",
        "Write an earlier one; later on a new file can take over.",
    )


def _occurrence(start: datetime, first: datetime, end: datetime) -> Occurrence:
    """Return a date as long as the first one, on a night when the clocks change too."""
    if lasts_all_day(first, end):
        last = start.date() + (end.date() - first.date())
        return Occurrence(start, datetime.combine(last, time.max, start.tzinfo))
    return Occurrence(start, (_utc(start) + (_utc(end) - _utc(first))).astimezone(start.tzinfo))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
