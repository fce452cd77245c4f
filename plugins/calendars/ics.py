"""Events and calendars, written as RFC 5545 has it: the same bytes for the same content.

`icalendar` escapes and folds; nothing here reads the clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icalendar import Calendar as Component
from icalendar import Event as EventComponent
from icalendar import vRecur, vText, vUri

from plugins.calendars.zones import vtimezone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from icalendar import Timezone

PRODUCT = "-//Open House//Calendars//EN"
REFRESH = timedelta(hours=12)
COLOUR = "saddlebrown"  # of CSS's names the nearest to the theme's copper
# What no line of a calendar may hold (RFC 5545, 3.1); a tab is a space.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, kw_only=True)
class CalendarEvent:
    """Something that happens, as calendars are told of it."""

    uid: str  # the same in every language and for ever
    edited: datetime  # the last edit that the content tells of
    sequence: int  # grows with each change of plan
    title: str
    lang: str  # of the title
    start: datetime
    end: datetime
    all_day: bool = False  # from the day of its start until that of its end
    url: str  # absolute
    text: str
    where: str = ""
    stream: str = ""
    join: str = ""  # what the stream's link is called
    contact: str = ""
    categories: tuple[str, ...] = ()
    cancelled: bool = False
    rule: str = ""
    without: tuple[datetime, ...] = ()  # dates of the rule that have an event of their own
    last: datetime  # the end of the last of its dates

    @property
    def zone(self) -> ZoneInfo | None:
        """Return the clock it goes by, None when that is UTC itself, or a day has no hour."""
        zone = None if self.all_day else self.start.tzinfo
        return zone if isinstance(zone, ZoneInfo) and zone.key != "UTC" else None


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A calendar that people subscribe to."""

    uid: str
    name: str
    lang: str
    text: str
    url: str  # of the page that shows the same, absolute
    itself: str  # its own address, absolute
    events: Sequence[CalendarEvent]

    def ics(self) -> bytes:
        """Return the calendar's file."""
        calendar = _calendar(self.events)
        _add(calendar, "uid", self.uid)
        _add(calendar, "name", self.name, LANGUAGE=self.lang)
        _add(calendar, "x-wr-calname", self.name)
        _add(calendar, "description", self.text, LANGUAGE=self.lang)
        _add(calendar, "x-wr-caldesc", self.text)
        calendar.add("url", vUri(self.url))
        calendar.add("source", vUri(self.itself), {"VALUE": "URI"})
        calendar.add("refresh-interval", REFRESH, {"VALUE": "DURATION"})
        _add(calendar, "x-published-ttl", f"PT{REFRESH // timedelta(hours=1)}H")
        _add(calendar, "color", COLOUR)
        if self.events:
            calendar.add("last-modified", max(event.edited for event in self.events))
        return _bytes(calendar)


def event_file(event: CalendarEvent) -> bytes:
    """Return the file of one event, to be put into a calendar of one's own."""
    return _bytes(_calendar([event]))


def _bytes(component: Component) -> bytes:
    data: bytes = component.to_ical()
    return data


def _calendar(events: Iterable[CalendarEvent]) -> Component:
    ordered = sorted(events, key=lambda event: (event.start, event.uid))
    calendar = Component()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    known = {zone: _rules(zone, ordered) for zone in _zones(ordered)}
    for zone in sorted(known, key=lambda key_of: key_of.key):
        if rules := known[zone]:
            calendar.add_component(rules)
    for event in ordered:
        local = event.zone is not None and known[event.zone] is not None
        calendar.add_component(_component(event, local=local))
    return calendar


def _zones(events: Iterable[CalendarEvent]) -> set[ZoneInfo]:
    return {event.zone for event in events if event.zone}


def _rules(zone: ZoneInfo, events: Iterable[CalendarEvent]) -> Timezone | None:
    """Return a zone's rules for all the years that its events are in, and those beside them."""
    of_zone = [event for event in events if event.zone == zone]
    first = min(event.start for event in of_zone).year - 1
    return vtimezone(zone, first, max(event.last for event in of_zone).year + 1)


def _component(event: CalendarEvent, *, local: bool) -> EventComponent:
    """Return an event; on a clock that follows no rule its moments are told in UTC."""
    component = EventComponent()

    def moment(at: datetime) -> datetime | date:
        if event.all_day:
            return at.date()
        return at if local else at.astimezone(UTC)

    _add(component, "uid", event.uid)
    component.add("dtstamp", event.edited)
    component.add("last-modified", event.edited)
    component.add("sequence", event.sequence)
    component.add("dtstart", moment(event.start))
    # The end of an event with no hours is the day after its last (3.6.1).
    ends = moment(event.end + timedelta(days=1) if event.all_day else event.end)
    component.add("dtend", ends)
    _add(component, "summary", event.title, LANGUAGE=event.lang)
    _add(component, "description", event.text)
    component.add("url", vUri(event.url))
    component.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    if event.where:
        _add(component, "location", event.where)
    if event.stream:
        component.add(
            "conference", vUri(event.stream), {"VALUE": "URI", "LABEL": _clean(event.join)}
        )
    if event.contact:
        _add(component, "contact", event.contact)
    if event.categories:
        component.add("categories", [_clean(category) for category in event.categories])
    if event.rule and (local or event.zone is None):  # else its dates would drift; it was told
        component.add("rrule", vRecur.from_ical(event.rule))
        for start in event.without:
            component.add("exdate", moment(start))
    return component


def _add(component: Component | EventComponent, name: str, text: str, **parameters: str) -> None:
    component.add(name, vText(_clean(text)), parameters)


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)
