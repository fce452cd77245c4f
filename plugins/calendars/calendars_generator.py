"""Offers meetups to calendars: links on their pages, and the files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from plugins.calendars import addresses
from plugins.calendars.checks import advise_notes, check_clocks
from plugins.calendars.events import event_of
from plugins.calendars.ics import Calendar, CalendarEvent, event_file
from plugins.kinds.identity import permanent_id
from plugins.kinds.models import Kind, Meetup
from plugins.sections.entries import LanguageView
from plugins.sections.lists import section_title
from plugins.sections.planned_page import Subscription
from plugins.sections.site_generator import SiteGenerator, registers

if TYPE_CHECKING:
    from pelican.writers import Writer

    from plugins.sections.entries import Entry
    from plugins.sections.planned_page import PlannedPage


@dataclass(frozen=True)
class CalendarOffer:
    """A calendar as the list of meetups offers it."""

    title: str
    url: str  # absolute
    webcal: str  # the same, as calendar programs take it
    area: str  # "" for all


@dataclass(frozen=True)
class PlannedCalendar:
    """A calendar, before it is filled."""

    name: str  # permanent
    title: str
    path: str
    page: str  # the path of the page that shows the same
    kind: Kind | None = None  # None for all
    area: str = ""  # "" for all
    old_paths: tuple[str, ...] = ()  # where subscribers still look for it

    def holds(self, kind: Kind, area: str) -> bool:
        """Whether an event of a kind and an area belongs in it."""
        return self.kind in {None, kind} and self.area in {"", area}


class Calendars:
    """The calendars for the readers of one language."""

    def __init__(self, view: LanguageView) -> None:
        self.view = view

    @cached_property
    def events(self) -> list[tuple[CalendarEvent, Kind, str, str]]:
        """Return what happens, each with its kind, its area and the path of its own file."""
        listed = []
        for content in self.view.build.index.contents:
            if event := event_of(content, self.view):
                area = (content.area or "") if isinstance(content, Meetup) else ""
                (entry,) = self.view.entries([content])
                listed.append((event, content.kind, area, addresses.of_entry(entry)))
        return listed

    @cached_property
    def planned(self) -> list[PlannedCalendar]:
        """Return each calendar; one for each area too, whether anything happens there yet."""
        build, lang, _ = self.view.build, self.view.lang, self.view.gettext
        where, name = build.addresses, build.site.name.get(lang).text
        kinds = dict.fromkeys([Kind.MEETUP, *sorted({kind for _, kind, *_ in self.events})])
        home, meetups = where.home(lang), where.section(Kind.MEETUP, lang)
        planned = [PlannedCalendar("all", name, addresses.everything(where, lang), home)]
        for kind in kinds:
            title = f"{name}: {section_title(kind, _)}"
            path, page = addresses.of_kind(where, kind, lang), where.section(kind, lang)
            planned.append(PlannedCalendar(str(kind), title, path, page, kind))
        for key, area in build.site.areas.items():
            title = _("Meetups in %(area)s") % {"area": area.name.get(lang).text}
            planned.append(
                PlannedCalendar(
                    name=f"area/{key}",
                    title=f"{name}: {title}",
                    path=addresses.of_area(where, key, lang),
                    page=meetups,
                    kind=Kind.MEETUP,
                    area=key,
                    old_paths=tuple(
                        addresses.of_area(where, word.key, lang)
                        for word in build.site.succession("areas").replaced(key)
                    ),
                )
            )
        return planned

    @property
    def offers(self) -> list[CalendarOffer]:
        """Return the calendars of meetups as their list offers them: all, and by area."""
        build = self.view.build
        offers = []
        for calendar in self.planned:
            if calendar.kind != Kind.MEETUP:
                continue
            url = build.absolute(calendar.path)
            webcal = "webcal" + url.removeprefix("https").removeprefix("http")
            area = (
                build.site.areas[calendar.area].name.get(self.view.lang).text
                if calendar.area
                else ""
            )
            offers.append(CalendarOffer(calendar.title, url, webcal, area))
        return offers

    @property
    def subscriptions(self) -> list[Subscription]:
        """Return them for the page that lists all that can be subscribed to."""
        paths = self.view.build.paths
        return [
            Subscription(
                sort="calendar",
                title=calendar.title,
                path=calendar.path,
                type=addresses.TYPE,
                lang=self.view.lang,
                page=calendar.page if calendar.page in paths else "",
            )
            for calendar in self.planned
        ]

    def files(self) -> dict[str, bytes]:
        """Return every file by its path."""
        build, lang = self.view.build, self.view.lang
        files = {path: event_file(event) for event, _, _, path in self.events}
        for calendar in self.planned:
            ics = Calendar(
                uid=permanent_id(f"calendar/{calendar.name}/{lang}").removeprefix("urn:uuid:"),
                name=calendar.title,
                lang=lang,
                text=build.site.strapline.get(lang).text or calendar.title,
                url=build.absolute(calendar.page),
                itself=build.absolute(calendar.path),
                events=[
                    event for event, kind, area, _ in self.events if calendar.holds(kind, area)
                ],
            ).ics()
            files |= dict.fromkeys([calendar.path, *calendar.old_paths], ics)
        return files


class CalendarsGenerator(SiteGenerator):
    """Adds calendars; comes after the sections in PLUGINS."""

    def generate_context(self) -> None:
        """Offer the calendars on pages, and tell of meetups without notes."""
        build = self.build
        advise_notes(build)
        check_clocks(build.ahead)
        self.calendars = {lang: Calendars(LanguageView(build, lang)) for lang in build.wordings}
        for calendars in self.calendars.values():
            self.plan.subscriptions.extend(calendars.subscriptions)
        build.for_templates["calendar_url"] = self._calendar_url
        self.plan.take([self._with_calendars(page) for page in self.plan.pages])

    def _calendar_url(self, entry: Entry) -> str:
        """Return the address of an entry's file for calendars, "" when it is nothing to go to."""
        event = event_of(entry.content, self.calendars[entry.reader].view)
        return entry.build.link(addresses.of_entry(entry)) if event else ""

    def _with_calendars(self, page: PlannedPage) -> PlannedPage:
        """Return the list of meetups with the calendars to subscribe to; any other as it is."""
        if page.identity[:2] != ("list", Kind.MEETUP):
            return page
        calendars = self.calendars[page.lang]
        feeds = [feed for feed in calendars.subscriptions if feed.page == page.path]
        return replace(page, feeds=(*page.feeds, *feeds)).with_data(calendars=calendars.offers)

    def generate_output(self, _: Writer) -> None:
        """Write the files."""
        for calendars in self.calendars.values():
            for name, data in calendars.files().items():
                self.write(name, data)


register = registers(CalendarsGenerator)
