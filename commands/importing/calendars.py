"""Calendars (RFC 5545): what comes, as meetups."""

from __future__ import annotations

import html
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar
from icalendar.prop import vDDDLists, vDDDTypes

from commands.front_matter import BareText
from commands.importing.bounds import read_text
from commands.importing.calendar_text import with_plain_times, without_zones
from commands.importing.inline import plain
from commands.importing.models import ImportedSite, ImportedText, Loss, SourceLocation
from commands.terminal import Stop
from core.times import clock_trouble
from core.words import plain_key
from plugins.kinds.models import Kind
from plugins.kinds.recurrence import UnclearRule, lasts_all_day, recurrence

if TYPE_CHECKING:
    from commands.front_matter import Value
    from commands.importing.models import ImportOptions
    from core.site import Site

MAX_EVENTS = 5_000
YEARS = range(1900, 2200)  # any other is a slip, or meant to do harm
YEAR = timedelta(days=365)
LONGEST = 5 * YEAR  # a rule here ends within five years
Event = Any  # a component of icalendar's
UNKNOWN = {"en": "To be announced", "cy": "I'w gyhoeddi"}
GONE = {
    "en": "This date was taken out of the calendar.",
    "cy": "Tynnwyd y dyddiad hwn o'r calendr.",
}
MOVED = {"en": "It was moved in the calendar.", "cy": "Cafodd ei symud yn y calendr."}
OFF = {"en": "It was called off in the calendar.", "cy": "Cafodd ei ganslo yn y calendr."}


@dataclass
class CalendarReader:
    """Reads one calendar."""

    wish: ImportOptions
    site: Site
    today: date
    lost: list[Loss] = field(default_factory=list)

    def read(self) -> ImportedSite:
        """Return its events.

        :raises Stop: when it is no calendar.
        """
        path = self.wish.what
        text = with_plain_times(read_text(path))
        try:
            calendars = _calendars(text, path.name)
        except Stop:
            calendars = _calendars(without_zones(text), path.name)
            sort = "rules of a zone that can't be read: its name counts, or the site's clock"
            self.lost.append(Loss(sort, SourceLocation(path.name)))
        events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
        if not events:
            raise Stop(f"There is no event in {path.name}.")
        if len(events) > MAX_EVENTS:
            raise Stop(f"{path.name} has more than {MAX_EVENTS:,} events. Export a shorter time.")
        lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip() == "BEGIN:VEVENT"]
        repeated = {str(e.get("UID")) for e in events if e.get("RECURRENCE-ID") or e.get("RRULE")}
        items = []
        for number, event in enumerate(events):
            origin = SourceLocation(path.name, lines[number] if number < len(lines) else 0)
            items += _Meetups(self, event, origin, str(event.get("UID")) in repeated).items()
        return ImportedSite(items=tuple(items), lost=tuple(self.lost))


def _calendars(text: str, name: str) -> list[Any]:
    """Return the calendars in a text.

    :raises Stop: when it is none.
    """
    try:
        return [*Calendar.from_ical(text, multiple=True)]
    except (ValueError, RecursionError, IndexError, KeyError) as error:
        why = str(error).splitlines()[0][:120] if str(error) else "it is cut short"
        raise Stop(f"{name} can't be read as a calendar ({why}). Export it again.") from None


@dataclass
class _Meetups:
    """What one event becomes: a meetup, and one for each of its dates that differs."""

    reader: CalendarReader
    event: Event
    origin: SourceLocation
    repeated: bool

    def items(self) -> list[ImportedText]:
        event = self.event
        if str(event.get("CLASS", "PUBLIC")).upper() in {"PRIVATE", "CONFIDENTIAL"}:
            self._lose("events that are private", self._title)
            return []
        times = self._times()
        if times is None:
            self._lose("events without a time that can be read", self._title)
            return []
        self._tell_losses(times)
        rule, start, end = self._rule(*times)
        facts = self._facts(start, end)
        if self.repeated:
            facts["series"] = BareText(plain_key(self._title))
        if rule:
            facts["repeats"] = rule
        if updates := self._updates(start):
            facts["updates"] = updates
        draft = "place" not in facts and "stream" not in facts
        if draft:
            facts["place"] = {"name": self._words(UNKNOWN)}
            self._lose("meetups without a place: drafts now", self._title)
        items = [self._item(start, facts, draft=draft)]
        return items + [
            self._cancelled(day, end - start, facts) for day in self._taken_out(rule, start)
        ]

    def _tell_losses(self, times: tuple[datetime, datetime]) -> None:
        for name, why in getattr(self.event, "errors", ()):
            self._lose("lines of a calendar that can't be read", f"{name}: {why}")
        if self.event.get("ATTENDEE") or self.event.get("ORGANIZER"):
            self._lose("names of those invited, left out", self._title)
        zone = getattr(self.event.get("DTSTART"), "params", {}).get("TZID", "")
        if zone and getattr(self.event.decoded("DTSTART"), "tzinfo", None) is None:
            self._lose(
                "zones that nobody knows: by the site's clock here", f"{self._title}: {zone}"
            )
        for moment in times:
            if trouble := clock_trouble(moment):
                self._lose("times to mend by hand", f"{self._title}: {moment:%H:%M} {trouble}")

    @property
    def _title(self) -> str:
        return plain(str(self.event.get("SUMMARY", ""))) or "Meetup"

    def _lose(self, sort: str, detail: str) -> None:
        self.reader.lost.append(Loss(sort, self.origin, detail))

    def _item(self, start: datetime, facts: dict[str, Value], *, draft: bool) -> ImportedText:
        body = str(self.event.get("DESCRIPTION", "")).strip()
        is_html = bool(re.search(r"<(?:br|p|a|b|ul|span)\b", body))
        return ImportedText(
            origin=self.origin,
            title=self._title,
            body=body if is_html else html.escape(body, quote=False),
            kind=Kind.MEETUP,
            day=start.date(),
            key=f"{plain_key(self._title)}-{start:%Y-%m}",
            lang=self.reader.wish.lang,
            draft=draft,
            facts=facts,
            single_breaks=not is_html,
        )

    def _times(self) -> tuple[datetime, datetime] | None:
        try:
            begins, ends = self._span()
        except (ValueError, KeyError, OverflowError):
            return None
        return (begins, ends) if ends > begins else (begins, begins + timedelta(hours=1))

    def _span(self) -> tuple[datetime, datetime]:
        """Return when it begins and ends.

        :raises ValueError: and KeyError, OverflowError, when that can't be read.
        """
        start, end = self.event.decoded("DTSTART"), self.event.decoded("DTEND", None)
        length = self.event.decoded("DURATION", None)
        begins = self._moment(start)
        if end is None and isinstance(length, timedelta):
            return begins, self._moment(begins + length)
        if not isinstance(start, datetime):
            last = end.date() if isinstance(end, datetime) else end
            last = max(start, last - timedelta(days=1)) if isinstance(last, date) else start
            return begins, self._moment(datetime.combine(last, time.max))
        if end is None:
            self._lose("events without an end: an hour here", self._title)
            return begins, begins + timedelta(hours=1)
        return begins, self._moment(end)

    def _moment(self, value: object) -> datetime:
        """Return a moment by the clock that its page will name: its own zone's, or the site's.

        :raises ValueError: when it is none, or in no year that people meet in.
        """
        ours = self.reader.site.timezone
        if not isinstance(value, date) or value.year not in YEARS:
            raise ValueError(value)
        if not isinstance(value, datetime):
            return datetime.combine(value, time(), ours)
        name = getattr(value.tzinfo, "key", "")
        zone = ZoneInfo(name) if name and name != "UTC" else ours
        # An hour that is skipped that night is meant by the clock before (RFC 5545, 3.3.5).
        return (
            (value if value.tzinfo else value.replace(tzinfo=ours)).astimezone(UTC).astimezone(zone)
        )

    def _moments(self, name: str) -> list[datetime]:
        """Return the moments of a property that can be read, however often it stands there."""
        written = self.event.get(name)
        moments = []
        for dates in written if isinstance(written, list) else [written]:
            listed = dates.dts if isinstance(dates, vDDDLists) else [dates]
            for day in listed:
                with suppress(ValueError):
                    moments.append(self._moment(day.dt if isinstance(day, vDDDTypes) else day))
        return moments

    def _facts(self, start: datetime, end: datetime) -> dict[str, Value]:
        all_day = lasts_all_day(start, end)
        facts: dict[str, Value] = {"start": _written(start, all_day), "end": _written(end, all_day)}
        if start.tzinfo != self.reader.site.timezone:
            facts["timezone"] = BareText(str(start.tzinfo))
        where = plain(str(self.event.get("LOCATION", "")))
        url = str(self.event.get("URL", "") or self.event.get("X-GOOGLE-CONFERENCE", "")).strip()
        if re.match(r"https?://\S+$", where):
            where, url = "", url or where
        if where:
            name, _, address = where.partition(",")
            place: dict[str, Value] = {"name": name.strip()[:200]}
            if address.strip():
                place["address"] = address.strip()
            facts["place"] = place
        if re.match(r"https?://[^\s<>\"]+$", url) and not where:
            facts["stream"] = url
        return facts

    def _rule(self, start: datetime, end: datetime) -> tuple[str, datetime, datetime]:
        """Return the rule by which it comes again, with an end, and its first date."""
        written = self.event.get("RRULE")
        if written is None:
            return "", start, end
        if isinstance(written, list):
            written = written[0]
        rule = re.sub(r"UNTIL=(\d{8})[TZ\d]*", r"UNTIL=\1", written.to_ical().decode())
        try:
            if "UNTIL=" not in rule and "COUNT=" not in rule:
                # With a near end first: what comes each second gets no further.
                recurrence(f"{rule};UNTIL={start.date() + YEAR:%Y%m%d}", start, end)
                rule, start, end = self._with_end(rule, start, end)
            recurrence(rule, start, end)
        except (UnclearRule, ValueError) as wrong:
            self._lose("rules for coming again that mean nothing here", f"{rule}: {wrong}")
            return "", start, end
        return rule, start, end

    def _with_end(
        self, rule: str, start: datetime, end: datetime
    ) -> tuple[str, datetime, datetime]:
        """Return a rule that had no end with one, and a first date that is not long ago."""
        length = end - start
        if start.date() < self.reader.today - LONGEST / 2:
            january = datetime(self.reader.today.year, 1, 1)  # noqa: DTZ001 - its own clock
            later = rrulestr(rule, dtstart=start.replace(tzinfo=None)).after(january, inc=True)
            start = later.replace(tzinfo=start.tzinfo) if later else start
        last = start.date() + LONGEST - timedelta(days=1)
        self._lose("meetups that came again for ever: five years here", self._title)
        return f"{rule};UNTIL={last:%Y%m%d}", start, start + length

    def _updates(self, start: datetime) -> list[Value]:
        was = self._moments("RECURRENCE-ID")
        if str(self.event.get("STATUS", "")).upper() == "CANCELLED":
            return [
                {
                    "on": BareText(str(start.date())),
                    "state": BareText("cancelled"),
                    "why": self._words(OFF),
                }
            ]
        if not was or was[0] == start:
            return []
        before = was[0]
        return [
            {
                "on": BareText(str(min(before, start).date())),
                "state": BareText("moved"),
                "was": BareText(f"{before:%Y-%m-%d %H:%M}"),
                "why": self._words(MOVED),
            }
        ]

    def _taken_out(self, rule: str, start: datetime) -> list[datetime]:
        days = self._moments("EXDATE") if rule else []
        # A day alone takes out what begins on it.
        return [
            day if day.time() != time.min else day.replace(hour=start.hour, minute=start.minute)
            for day in days
        ]

    def _cancelled(self, day: datetime, length: timedelta, facts: dict[str, Value]) -> ImportedText:
        own = {name: value for name, value in facts.items() if name not in {"repeats", "updates"}}
        own |= self._facts(day, day + length)
        own["updates"] = [
            {
                "on": BareText(str(day.date())),
                "state": BareText("cancelled"),
                "why": self._words(GONE),
            }
        ]
        return self._item(day, own, draft=False)

    def _words(self, words: dict[str, str]) -> Value:
        languages = self.reader.site.languages
        return {lang: words.get(lang, words["en"]) for lang in languages}


def _written(moment: datetime, all_day: bool) -> BareText:  # noqa: FBT001 - internal
    return BareText(f"{moment:%Y-%m-%d}" if all_day else f"{moment:%Y-%m-%d %H:%M}")
