"""What every template knows of its own page: addresses, languages, menu, cards."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from plugins.images.encode import SOCIAL
from plugins.kinds.models import Kind, Menu, Page
from plugins.sections.entries import Entry, Signpost
from plugins.sections.lists import section_title
from plugins.sections.planned_page import Cover
from plugins.sections.structured import structured_data

if TYPE_CHECKING:
    from collections.abc import Callable

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


@dataclass(frozen=True)
class Alternate:
    """The same page in one of the site's languages."""

    lang: str
    name: str  # what the language calls itself
    url: str
    absolute: str
    translated: bool  # False when readers of that language find the original there
    current: bool


@dataclass(frozen=True)
class MenuEntry:
    """A link of the menu."""

    key: str
    title: str
    url: str
    current: bool


@dataclass(frozen=True)
class FeedLink:
    """A feed that the page offers."""

    title: str
    type: str  # media type
    url: str


@dataclass(frozen=True)
class PageView:
    """What a template prints about the page itself."""

    title: str
    summary: str
    url: str
    canonical: str  # absolute
    lang: str
    section: str
    alternates: tuple[Alternate, ...]
    door: str  # the front door's absolute address; "" with a single language
    crumbs: tuple[Signpost, ...]
    noindex: bool
    foreign: bool
    image: str  # absolute, or ""
    cover: Cover | None  # the same, with its size and what it shows
    kind_of_page: str  # article, event or website
    jsonld: list[dict[str, Any]]
    feeds: tuple[FeedLink, ...]


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
