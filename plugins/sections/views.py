"""What every template knows of its own page, and what it may call to reach the rest of the site."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from jinja2 import pass_context
from markupsafe import Markup, escape

from core.content_policy import policy_in_page
from core.page_view import Alternate, FeedLink, PageView
from plugins.images.encode import SOCIAL
from plugins.kinds.models import Kind, Menu, Page
from plugins.sections.accessibility_statement import Statement, load_proof
from plugins.sections.entries import Entry, Signpost
from plugins.sections.link_resolver import FILES
from plugins.sections.lists import section_title
from plugins.sections.planned_page import Cover
from plugins.sections.structured import structured_data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from jinja2 import Environment
    from jinja2.runtime import Context

    from plugins.kinds.models import MeetupState
    from plugins.kinds.series import SeriesDate
    from plugins.sections.assets import Assets
    from plugins.sections.build_context import BuildContext
    from plugins.sections.planned_page import PlannedPage

MENU = (
    Kind.ROADMAP,
    Kind.CHANGE,
    Kind.POST,
    Kind.MEETUP,
    Kind.EPISODE,
    Kind.EXPERIMENT,
    Kind.STANDARD,
    Kind.PERSONA,
)
ARTICLES = {Kind.POST, Kind.CHANGE, Kind.EXPERIMENT, Kind.ROADMAP, Kind.STANDARD, Kind.PERSONA}
ON_PAGE = "(min-width: 46rem) 42rem, 100vw"  # how wide a page's own picture is shown


@dataclass(frozen=True)
class MenuEntry:
    """A link of the menu."""

    key: str
    title: str
    url: str
    current: bool


class Views:
    """Makes what templates know of each page, once all pages are planned."""

    def __init__(self, build: BuildContext, planned: list[PlannedPage]) -> None:
        self._build = build
        self._led_to = [page for page in planned if page.menu]
        self._by_identity: dict[tuple[str, ...], dict[str, PlannedPage]] = defaultdict(dict)
        for page in planned:
            self._by_identity[page.identity][page.lang] = page

    def view(self, page: PlannedPage) -> PageView:
        """Return what a template knows of its page."""
        build = self._build
        home = Signpost(
            build.wordings[page.lang].gettext("Home"),
            build.link(build.addresses.home(page.lang)),
        )
        steps = [Signpost(title, build.link(path)) for title, path in page.crumbs]
        inner = page.section not in {"home", "door", "error"}
        cover = self._cover(page)
        image = build.absolute(cover.path) if cover else ""
        return PageView(
            title=page.title,
            summary=page.summary,
            url=build.link(page.path),
            canonical=build.absolute(page.canonical or page.path)
            if page.section != "error"
            else "",
            lang=page.lang,
            section=page.section,
            alternates=self._alternates(page),
            door=build.absolute("") if len(build.site.languages) > 1 else "",
            crumbs=(home, *steps) if inner else (),
            noindex=not page.indexed,
            foreign=page.foreign,
            image=image,
            cover=cover,
            kind_of_page=self._sort(page),
            jsonld=structured_data(page, build, image),
            feeds=tuple(
                FeedLink(feed.title, feed.type, build.link(feed.path)) for feed in page.feeds
            ),
        )

    def _alternates(self, page: PlannedPage) -> tuple[Alternate, ...]:
        build, alike = self._build, self._by_identity[page.identity]
        alternates = []
        for lang in build.site.languages:
            other = alike.get(lang)
            path = other.path if other else self._nearest(page, lang)
            alternates.append(
                Alternate(
                    lang,
                    build.wordings[lang].own_name,
                    build.link(path),
                    build.absolute(path),
                    translated=other is not None and not other.foreign,
                    current=lang == page.lang and page.section != "door",
                )
            )
        return tuple(alternates)

    def _nearest(self, page: PlannedPage, lang: str) -> str:
        """Return where readers go when a page, such as a tag's, has no like in their language."""
        if page.identity[0] == "tag":
            index = self._by_identity["index", "tags"].get(lang)
            if index:
                return index.path
        return self._build.addresses.home(lang)

    @staticmethod
    def _cover(page: PlannedPage) -> Cover | None:
        entry = page.entry
        path = entry.social_picture if entry else ""
        if not entry or not entry.image or not path:
            return page.cover
        width, height = SOCIAL
        alt = entry.image.alt.get(page.lang).text
        return Cover(path=path, width=width, height=height, alt=alt)

    @staticmethod
    def _sort(page: PlannedPage) -> str:
        if not page.entry:
            return "website"
        if page.entry.kind == Kind.MEETUP:
            return "event"
        return "article" if page.entry.kind in ARTICLES else "website"

    @cached_property
    def _menus(self) -> dict[str, list[tuple[str, str, str]]]:
        """Return, by language, each entry's key, title and path."""
        build = self._build
        pages = [
            page
            for page in build.index.of_kind[Kind.PAGE]
            if isinstance(page, Page) and page.menu == Menu.MAIN
        ]
        pages.sort(key=lambda page: (page.order, page.key))
        menus = {}
        for lang in build.site.languages:
            gettext = build.wordings[lang].gettext
            entries = [
                (str(kind), section_title(kind, gettext), build.addresses.section(kind, lang))
                for kind in MENU
                if build.index.of_kind[kind]
            ]
            for page in pages:
                entry = Entry(page, lang, build)
                entries.append((page.key, entry.title, entry.path))
            entries += [
                (page.section, page.title, page.path)
                for page in self._led_to
                if (page.menu, page.lang) == ("main", lang)
            ]
            menus[lang] = entries
        return menus

    def menu(self, page: PlannedPage) -> list[MenuEntry]:
        """Return the main menu as a page shows it."""
        return [
            MenuEntry(key, title, self._build.link(path), key == page.section or path == page.path)
            for key, title, path in self._menus[page.lang]
        ]

    def footer(self, page: PlannedPage) -> list[Signpost]:
        """Return the links at a page's foot."""
        listed = [
            content
            for content in self._build.index.of_kind[Kind.PAGE]
            if isinstance(content, Page) and content.menu == Menu.FOOTER
        ]
        listed.sort(key=lambda content: (content.order, content.key))
        entries = [Entry(content, page.lang, self._build) for content in listed]
        return [Signpost(entry.title, entry.url, entry.key) for entry in entries] + [
            Signpost(other.title, self._build.link(other.path), other.section)
            for other in self._led_to
            if (other.menu, other.lang) == ("footer", page.lang)
        ]


def list_address(build: BuildContext) -> Callable[[str, str], str]:
    """Return what gives templates the address of a list, or "" when there is none."""

    def address(name: str, lang: str) -> str:
        addresses = build.addresses
        if name in {"tags", "topics"}:
            path = addresses.index(name, lang)
        else:
            path = addresses.section(Kind(name), lang)
        return build.link(path) if path in build.paths else ""

    return address


def give_functions(env: Environment, build: BuildContext, assets: Assets) -> None:
    """Give an environment the functions that the theme calls."""
    address = list_address(build)

    @pass_context
    def list_url(context: Context, name: str) -> str:
        return address(name, context["lang"])

    @pass_context
    def page_url(context: Context, key: str) -> str:
        page = build.index.by_key.get((Kind.PAGE, key))
        return Entry(page, context["lang"], build).url if page else ""

    def static_url(name: str) -> str:
        build.used_files.add(name)
        return build.link(FILES + name)

    def picture(entry: Entry, sizes: str = ON_PAGE, *, lazy: bool = True) -> Markup:
        return entry.picture(sizes, lazy=lazy)

    env.globals |= {
        # It stands in double quotes, so its own may be read as they are in the header.
        "content_policy": escape(policy_in_page(build.site.feedback.service)).replace(
            "&#39;", Markup("'")
        ),
        "asset": lambda name: build.link(assets.path(name)),
        "home_url": lambda lang: build.link(build.addresses.home(lang)),
        "door_url": lambda: build.link(""),
        "list_url": list_url,
        "page_url": page_url,
        "static_url": static_url,
        "series_dates": lambda entry: _dated(entry, build.index.dates.every(entry.content)),
        "dates_ahead": lambda entry: _dated(entry, build.dates_ahead(entry.content)),
        "picture": picture,
        "in_use": lambda setting, chosen="": build.site.in_use(setting, build.today, chosen),
        "statement": Statement(
            build.site.accessibility,
            build.counted,
            load_proof(assets.root.parent),
            build.today,
        ),
        **build.for_templates,
    }


class DateShown(NamedTuple):
    """A date of a meetup, as the page of its series shows it."""

    start: datetime
    planned: datetime  # when its rule has it
    all_day: bool
    state: MeetupState
    entry: Entry  # of the meetup whose file tells of it
    own: bool  # whether that is the page's own


def _dated(entry: Entry, dates: Iterable[SeriesDate]) -> list[DateShown]:
    return [
        DateShown(
            date.start,
            date.planned.start,
            date.all_day,
            date.state,
            Entry(date.meetup, entry.reader, entry.build),
            date.meetup.key == entry.key,
        )
        for date in dates
    ]
