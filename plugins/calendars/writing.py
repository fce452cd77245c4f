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

    from icalendar import Timezone

PRODUCT = "-//Open House//Calendars//EN"
REFRESH = timedelta(hours=12)
COLOUR = "saddlebrown"  # of CSS's names the nearest to the theme's copper
# What no line of a calendar may hold (RFC 5545, 3.1); a tab is a space.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happens, as calendars are told of it."""

    uid: str  # the same in every language and for ever
    edited: datetime  # the last edit that the content tells of
    sequence: int  # grows with each change of plan
    title: str
    lang: str  # of the title
    start: datetime
    end: datetime
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
        """Return the clock it goes by, None when that is UTC itself."""
        zone = self.start.tzinfo
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
    events: Sequence[Event]

    def ics(self) -> bytes:
        """Return the calendar's file."""
        made = _calendar(self.events)
        _add(made, "uid", self.uid)
        _add(made, "name", self.name, LANGUAGE=self.lang)
        _add(made, "x-wr-calname", self.name)
        _add(made, "description", self.text, LANGUAGE=self.lang)
        _add(made, "x-wr-caldesc", self.text)
        made.add("url", vUri(self.url))
        made.add("source", vUri(self.itself), {"VALUE": "URI"})
        made.add("refresh-interval", REFRESH, {"VALUE": "DURATION"})
        _add(made, "x-published-ttl", f"PT{REFRESH // timedelta(hours=1)}H")
        _add(made, "color", COLOUR)
        if self.events:
            made.add("last-modified", max(event.edited for event in self.events))
        return _bytes(made)


def event_file(event: Event) -> bytes:
    """Return the file of one event, to be put into a calendar of one's own."""
    return _bytes(_calendar([event]))


def _bytes(made: Component) -> bytes:
    data: bytes = made.to_ical()
    return data


def _calendar(events: Iterable[Event]) -> Component:
    ordered = sorted(events, key=lambda event: (event.start, event.uid))
    made = Component()
    made.add("version", "2.0")
    made.add("prodid", PRODUCT)
    made.add("calscale", "GREGORIAN")
    known = {zone: _rules(zone, ordered) for zone in _zones(ordered)}
    for zone in sorted(known, key=lambda one: one.key):
        if rules := known[zone]:
            made.add_component(rules)
    for event in ordered:
        told = event.zone is not None and known[event.zone] is not None
        made.add_component(_component(event, local=told))
    return made


def _zones(events: Iterable[Event]) -> set[ZoneInfo]:
    return {event.zone for event in events if event.zone}


def _rules(zone: ZoneInfo, events: Iterable[Event]) -> Timezone | None:
    """Return a zone's rules for all the years that its events are in, and those beside them."""
    of_zone = [event for event in events if event.zone == zone]
    first = min(event.start for event in of_zone).year - 1
    return vtimezone(zone, first, max(event.last for event in of_zone).year + 1)


def _component(event: Event, *, local: bool) -> EventComponent:
    """Return an event; on a clock that follows no rule its moments are told in UTC."""
    made = EventComponent()

    def moment(one: datetime) -> datetime:
        return one if local else one.astimezone(UTC)

    _add(made, "uid", event.uid)
    made.add("dtstamp", event.edited)
    made.add("last-modified", event.edited)
    made.add("sequence", event.sequence)
    made.add("dtstart", moment(event.start))
    made.add("dtend", moment(event.end))
    _add(made, "summary", event.title, LANGUAGE=event.lang)
    _add(made, "description", event.text)
    made.add("url", vUri(event.url))
    made.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    if event.where:
        _add(made, "location", event.where)
    if event.stream:
        made.add("conference", vUri(event.stream), {"VALUE": "URI", "LABEL": _clean(event.join)})
    if event.contact:
        _add(made, "contact", event.contact)
    if event.categories:
        made.add("categories", [_clean(one) for one in event.categories])
    if event.rule and (local or event.zone is None):  # else its dates would drift; it was told
        made.add("rrule", vRecur.from_ical(event.rule))
        for one in event.without:
            made.add("exdate", moment(one))
    return made


def _add(component: Component | EventComponent, name: str, text: str, **parameters: str) -> None:
    component.add(name, vText(_clean(text)), parameters)


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)
