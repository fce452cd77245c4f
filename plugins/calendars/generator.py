"""Offers meetups to calendars: links on their pages, and the files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pelican.generators import Generator

from plugins.calendars import addresses
from plugins.calendars.checking import advise_notes, check_clocks
from plugins.calendars.events import event_of
from plugins.calendars.writing import Calendar, Event, event_file
from plugins.kinds.identity import permanent_id
from plugins.kinds.models import Kind, Meetup
from plugins.sections.language_view import LanguageView
from plugins.sections.lists import section_title
from plugins.sections.planned_page import Subscription

if TYPE_CHECKING:
    from pelican.writers import Writer

    from plugins.sections.build_context import BuildContext
    from plugins.sections.entries import Entry
    from plugins.sections.planned_page import PlannedPage


@dataclass(frozen=True)
class Offer:
    """A calendar as the list of meetups offers it."""

    title: str
    url: str  # absolute
    webcal: str  # the same, as calendar programs take it
    area: str  # "" for all


@dataclass(frozen=True)
class Planned:
    """A calendar, before it is filled."""

    name: str  # permanent
    title: str
    path: str
    page: str  # the path of the page that shows the same
    kind: Kind | None = None  # None for all
    area: str = ""  # "" for all

    def holds(self, kind: Kind, area: str) -> bool:
        """Whether an event of a kind and an area belongs in it."""
        return self.kind in {None, kind} and self.area in {"", area}


class Calendars:
    """The calendars for the readers of one language."""

    def __init__(self, view: LanguageView) -> None:
        self.view = view

    @cached_property
    def events(self) -> list[tuple[Event, Kind, str, str]]:
        """Return what happens, each with its kind, its area and the path of its own file."""
        found = []
        for content in self.view.build.index.contents:
            if event := event_of(content, self.view):
                area = (content.area or "") if isinstance(content, Meetup) else ""
                (entry,) = self.view.entries([content])
                found.append((event, content.kind, area, addresses.of_entry(entry)))
        return found

    @cached_property
    def planned(self) -> list[Planned]:
        """Return each calendar; one for each area too, whether anything happens there yet."""
        build, lang, _ = self.view.build, self.view.lang, self.view.gettext
        where, name = build.addresses, build.site.name.get(lang).text
        kinds = dict.fromkeys([Kind.MEETUP, *sorted({kind for _, kind, *_ in self.events})])
        home, meetups = where.home(lang), where.section(Kind.MEETUP, lang)
        planned = [Planned("all", name, addresses.everything(where, lang), home)]
        for kind in kinds:
            title = f"{name}: {section_title(kind, _)}"
            path, page = addresses.of_kind(where, kind, lang), where.section(kind, lang)
            planned.append(Planned(str(kind), title, path, page, kind))
        for key, area in build.site.areas.items():
            title = _("Meetups in %(area)s") % {"area": area.name.get(lang).text}
            path = addresses.of_area(where, key, lang)
            planned.append(
                Planned(f"area/{key}", f"{name}: {title}", path, meetups, Kind.MEETUP, key)
            )
        return planned

    @property
    def offers(self) -> list[Offer]:
        """Return the calendars of meetups as their list offers them: all, and by area."""
        build = self.view.build
        found = []
        for one in self.planned:
            if one.kind != Kind.MEETUP:
                continue
            url = build.absolute(one.path)
            webcal = "webcal" + url.removeprefix("https").removeprefix("http")
            area = build.site.areas[one.area].name.get(self.view.lang).text if one.area else ""
            found.append(Offer(one.title, url, webcal, area))
        return found

    @property
    def subscriptions(self) -> list[Subscription]:
        """Return them for the page that lists all that can be subscribed to."""
        paths = self.view.build.paths
        return [
            Subscription(
                sort="calendar",
                title=one.title,
                path=one.path,
                type=addresses.TYPE,
                lang=self.view.lang,
                page=one.page if one.page in paths else "",
            )
            for one in self.planned
        ]

    def files(self) -> dict[str, bytes]:
        """Return every file by its path."""
        build, lang = self.view.build, self.view.lang
        files = {path: event_file(event) for event, _, _, path in self.events}
        for one in self.planned:
            files[one.path] = Calendar(
                uid=permanent_id(f"calendar/{one.name}/{lang}").removeprefix("urn:uuid:"),
                name=one.title,
                lang=lang,
                text=build.site.strapline.get(lang).text or one.title,
                url=build.absolute(one.page),
                itself=build.absolute(one.path),
                events=[event for event, kind, area, _ in self.events if one.holds(kind, area)],
            ).ics()
        return files


class CalendarsGenerator(Generator):
    """Adds calendars; comes after the sections in PLUGINS."""

    def generate_context(self) -> None:
        """Offer the calendars on pages, and tell of meetups without notes."""
        build: BuildContext = self.context["build"]
        advise_notes(build)
        check_clocks(build)
        self.calendars = {lang: Calendars(LanguageView(build, lang)) for lang in build.wordings}
        offered = self.context.setdefault("subscriptions", [])
        for one in self.calendars.values():
            offered += one.subscriptions
        build.for_templates["calendar_url"] = self._calendar_url
        self.context["planned"] = [self._with_calendars(page) for page in self.context["planned"]]

    def _calendar_url(self, entry: Entry) -> str:
        """Return the address of an entry's file for calendars, "" when it is nothing to go to."""
        there = event_of(entry.content, self.calendars[entry.reader].view)
        return entry.build.link(addresses.of_entry(entry)) if there else ""

    def _with_calendars(self, page: PlannedPage) -> PlannedPage:
        """Return the list of meetups with the calendars to subscribe to; any other as it is."""
        if page.identity[:2] != ("list", Kind.MEETUP):
            return page
        one = self.calendars[page.lang]
        feeds = [feed for feed in one.subscriptions if feed.page == page.path]
        return replace(page, feeds=(*page.feeds, *feeds)).with_data(calendars=one.offers)

    def generate_output(self, _: Writer) -> None:
        """Write the files."""
        for one in self.calendars.values():
            for name, data in one.files().items():
                target = Path(self.output_path) / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
