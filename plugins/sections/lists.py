"""The list of each kind: in pages and years, or all at once in groups."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plugins.kinds.models import (
    Decision,
    Experiment,
    Kind,
    Meetup,
    RoadmapItem,
    StandardPoint,
    Status,
)
from plugins.sections.readers import newest
from plugins.sections.sheets import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plugins.kinds.models import Content
    from plugins.sections.readers import Readers

# The terrace: what is under way comes first.
STATUSES = (
    Status.NOW,
    Status.NEXT,
    Status.LATER,
    Status.CONSIDERING,
    Status.DONE,
    Status.PAUSED,
    Status.NOT_DOING,
)
DECISIONS = (Decision.RUNNING, Decision.KEPT, Decision.CHANGED, Decision.DROPPED)
PAGED = (Kind.POST, Kind.EPISODE, Kind.CHANGE)  # the others show all, grouped
NEIGHBOURS = 2  # page numbers shown on either side of the current one


@dataclass(frozen=True)
class Numbered:
    """A page of a list, as its links show it."""

    number: int
    url: str
    current: bool


@dataclass(frozen=True)
class Pagination:
    """Where a page of a list stands among the others."""

    number: int
    count: int
    previous_url: str
    next_url: str
    pages: tuple[Numbered, ...]  # the first, the last and the neighbours: never thousands


@dataclass(frozen=True)
class YearLink:
    """A year of a list."""

    year: int
    url: str
    count: int
    current: bool


def section_title(kind: Kind, gettext: Callable[[str], str]) -> str:
    """Return what a section is called in the menu."""
    _ = gettext
    return {
        Kind.POST: _("Blog"),
        Kind.MEETUP: _("Meetups"),
        Kind.EPISODE: _("Podcast"),
        Kind.ROADMAP: _("Roadmap"),
        Kind.CHANGE: _("Changes"),
        Kind.EXPERIMENT: _("Experiments"),
        Kind.STANDARD: _("Standard"),
        Kind.PERSONA: _("Personas"),
        Kind.PAGE: _("Pages"),
    }[kind]


def lists(readers: Readers) -> Iterator[Sheet]:
    """Plan the lists of each kind that has anything in it."""
    for kind, things in readers.edition.library.of_kind.items():
        if not things or kind == Kind.PAGE:
            continue
        section = _Section(readers, kind, things)
        if kind in PAGED:
            yield from section.paged(things, None)
            for year, of_year in section.years.items():
                yield from section.paged(of_year, year)
        else:
            yield section.sheet(things, _grouped(kind, things, readers))


def pagination(number: int, count: int, url: Callable[[int], str]) -> Pagination:
    """Return where a page of a list stands among the others.

    :param url: gives the address of each page, counted from 1.
    """
    near = range(max(1, number - NEIGHBOURS), min(count, number + NEIGHBOURS) + 1)
    return Pagination(
        number,
        count,
        url(number - 1) if number > 1 else "",
        url(number + 1) if number < count else "",
        tuple(Numbered(page, url(page), page == number) for page in sorted({1, count, *near})),
    )


class _Section:
    """The list of one kind for the readers of one language."""

    def __init__(self, readers: Readers, kind: Kind, things: list[Content]) -> None:
        self.readers, self.kind = readers, kind
        self.years: dict[int, list[Content]] = defaultdict(list)
        for thing in things:
            if thing.date:
                self.years[thing.date.year].append(thing)

    def _path(self, page: int = 1, year: int | None = None) -> str:
        return self.readers.edition.addresses.section(self.kind, self.readers.lang, page, year)

    def paged(self, things: list[Content], year: int | None) -> Iterator[Sheet]:
        """Plan the pages of a list, or of one of its years."""
        size = max(1, self.readers.edition.site.build.page_size)
        count = -(-len(things) // size)
        link = self.readers.edition.link
        years = [
            YearLink(one, link(self._path(1, one)), len(there), one == year)
            for one, there in self.years.items()
        ]

        def url(page: int) -> str:
            return link(self._path(page, year))

        for number in range(1, count + 1):
            data = {
                "entries": self.readers.entries(things[(number - 1) * size : number * size]),
                "pagination": pagination(number, count, url) if count > 1 else None,
                "years": years,
                "year": year,
            }
            yield self.sheet(things, data, number, year)

    def sheet(
        self, things: list[Content], data: dict[str, Any], number: int = 1, year: int | None = None
    ) -> Sheet:
        """Plan one page of the list."""
        title = section_title(self.kind, self.readers.gettext)
        crumbs = ((title, self._path()),) if year or number > 1 else ()
        if year:
            title = f"{title} {year}"
        if number > 1:
            title = f"{title}, {self.readers.gettext('page %(number)s') % {'number': number}}"
        beside = {
            "pagination": None,
            "years": [],
            "year": None,
            "topics": self.readers.topics(things),
        }
        return Sheet(
            path=self._path(number, year),
            identity=("list", self.kind, str(year or ""), str(number)),
            lang=self.readers.lang,
            template=f"list-{self.kind}.html",
            title=title,
            section=self.kind,
            indexed=number == 1,
            updated=newest(things),
            crumbs=crumbs,
            data=beside | data,
        )


def _grouped(kind: Kind, things: list[Content], readers: Readers) -> dict[str, Any]:
    """Return what the list of a kind that isn't paged shows."""
    everything: dict[str, Any] = {"entries": readers.entries(things)}
    match kind:
        case Kind.MEETUP:
            coming = readers.coming()
            keys = {meetup.key for meetup in coming}
            past = readers.entries(
                readers.latest(thing)
                for thing in things
                if isinstance(thing, Meetup) and thing.key not in keys
            )
            return everything | {"upcoming": readers.entries(coming), "past": past}
        case Kind.ROADMAP:
            return everything | _terrace(things, readers)
        case Kind.EXPERIMENT:
            tests = [thing for thing in things if isinstance(thing, Experiment)]
            groups = [
                {
                    "decision": decision,
                    "entries": readers.entries(t for t in tests if t.decision == decision),
                }
                for decision in DECISIONS
            ]
            return everything | {"groups": groups}
        case Kind.STANDARD:
            return everything | _chapters(things, readers)
    return everything


def _terrace(things: list[Content], readers: Readers) -> dict[str, Any]:
    items = [thing for thing in things if isinstance(thing, RoadmapItem)]
    standing = [item for item in items if not item.withdrawn]
    groups = [
        {
            "status": status,
            "entries": readers.entries(item for item in standing if item.status == status),
        }
        for status in STATUSES
    ]
    return {"groups": groups, "withdrawn": readers.entries(i for i in items if i.withdrawn)}


def _chapters(things: list[Content], readers: Readers) -> dict[str, Any]:
    standard = readers.edition.site.standard
    points = [thing for thing in things if isinstance(thing, StandardPoint)]
    groups = [
        {
            "name": group.name,
            "key": group.key,
            "entries": readers.entries(point for point in points if point.group == group.key),
        }
        for group in standard.groups
    ]
    return {"groups": groups, "version": standard.version}
