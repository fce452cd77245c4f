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
from plugins.sections.sheets import Cover
from plugins.sections.structured import structured_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from plugins.sections.edition import Edition
    from plugins.sections.sheets import Sheet

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

    def __init__(self, edition: Edition, sheets: list[Sheet]) -> None:
        self._edition = edition
        self._led_to = [sheet for sheet in sheets if sheet.menu]
        self._by_identity: dict[tuple[str, ...], dict[str, Sheet]] = defaultdict(dict)
        for sheet in sheets:
            self._by_identity[sheet.identity][sheet.lang] = sheet

    def view(self, sheet: Sheet) -> PageView:
        """Return what a template knows of its page."""
        edition = self._edition
        home = Signpost(
            edition.wordings[sheet.lang].gettext("Home"),
            edition.link(edition.addresses.home(sheet.lang)),
        )
        steps = [Signpost(title, edition.link(path)) for title, path in sheet.crumbs]
        inner = sheet.section not in {"home", "door", "error"}
        cover = self._cover(sheet)
        image = edition.absolute(cover.path) if cover else ""
        return PageView(
            title=sheet.title,
            summary=sheet.summary,
            url=edition.link(sheet.path),
            canonical=edition.absolute(sheet.canonical or sheet.path)
            if sheet.section != "error"
            else "",
            lang=sheet.lang,
            section=sheet.section,
            alternates=self._alternates(sheet),
            door=edition.absolute("") if len(edition.site.languages) > 1 else "",
            crumbs=(home, *steps) if inner else (),
            noindex=not sheet.indexed,
            foreign=sheet.foreign,
            image=image,
            cover=cover,
            kind_of_page=self._sort(sheet),
            jsonld=structured_data(sheet, edition, image),
            feeds=tuple(
                FeedLink(one.title, one.type, edition.link(one.path)) for one in sheet.feeds
            ),
        )

    def _alternates(self, sheet: Sheet) -> tuple[Alternate, ...]:
        edition, alike = self._edition, self._by_identity[sheet.identity]
        alternates = []
        for lang in edition.site.languages:
            other = alike.get(lang)
            path = other.path if other else self._nearest(sheet, lang)
            alternates.append(
                Alternate(
                    lang,
                    edition.wordings[lang].own_name,
                    edition.link(path),
                    edition.absolute(path),
                    translated=other is not None and not other.foreign,
                    current=lang == sheet.lang and sheet.section != "door",
                )
            )
        return tuple(alternates)

    def _nearest(self, sheet: Sheet, lang: str) -> str:
        """Return where readers go when a page, such as a tag's, has no like in their language."""
        if sheet.identity[0] == "tag":
            index = self._by_identity["index", "tags"].get(lang)
            if index:
                return index.path
        return self._edition.addresses.home(lang)

    @staticmethod
    def _cover(sheet: Sheet) -> Cover | None:
        entry = sheet.entry
        path = entry.social_picture if entry else ""
        if not entry or not entry.image or not path:
            return sheet.cover
        width, height = SOCIAL
        alt = entry.image.alt.get(sheet.lang).text
        return Cover(path=path, width=width, height=height, alt=alt)

    @staticmethod
    def _sort(sheet: Sheet) -> str:
        if not sheet.entry:
            return "website"
        if sheet.entry.kind == Kind.MEETUP:
            return "event"
        return "article" if sheet.entry.kind in ARTICLES else "website"

    @cached_property
    def _menus(self) -> dict[str, list[tuple[str, str, str]]]:
        """Return, by language, each entry's key, title and path."""
        edition = self._edition
        pages = [
            page
            for page in edition.library.of_kind[Kind.PAGE]
            if isinstance(page, Page) and page.menu == Menu.MAIN
        ]
        pages.sort(key=lambda page: (page.order, page.key))
        menus = {}
        for lang in edition.site.languages:
            gettext = edition.wordings[lang].gettext
            entries = [
                (str(kind), section_title(kind, gettext), edition.addresses.section(kind, lang))
                for kind in MENU
                if edition.library.of_kind[kind]
            ]
            for page in pages:
                entry = Entry(page, lang, edition)
                entries.append((page.key, entry.title, entry.path))
            entries += [
                (sheet.section, sheet.title, sheet.path)
                for sheet in self._led_to
                if (sheet.menu, sheet.lang) == ("main", lang)
            ]
            menus[lang] = entries
        return menus

    def menu(self, sheet: Sheet) -> list[MenuEntry]:
        """Return the main menu as a page shows it."""
        return [
            MenuEntry(
                key, title, self._edition.link(path), key == sheet.section or path == sheet.path
            )
            for key, title, path in self._menus[sheet.lang]
        ]

    def footer(self, sheet: Sheet) -> list[Signpost]:
        """Return the links at a page's foot."""
        pages = [
            page
            for page in self._edition.library.of_kind[Kind.PAGE]
            if isinstance(page, Page) and page.menu == Menu.FOOTER
        ]
        pages.sort(key=lambda page: (page.order, page.key))
        entries = [Entry(page, sheet.lang, self._edition) for page in pages]
        return [Signpost(entry.title, entry.url, entry.key) for entry in entries] + [
            Signpost(other.title, self._edition.link(other.path), other.section)
            for other in self._led_to
            if (other.menu, other.lang) == ("footer", sheet.lang)
        ]


def list_address(edition: Edition) -> Callable[[str, str], str]:
    """Return what gives templates the address of a list, or "" when there is none."""

    def address(name: str, lang: str) -> str:
        addresses = edition.addresses
        if name in {"tags", "topics"}:
            path = addresses.index(name, lang)
        else:
            path = addresses.section(Kind(name), lang)
        return edition.link(path) if path in edition.paths else ""

    return address
