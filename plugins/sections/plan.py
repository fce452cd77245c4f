"""The plan of a site: every page that an edition has, in every language."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from plugins.kinds.models import (
    Change,
    Decision,
    Episode,
    Experiment,
    Kind,
    Meetup,
    MeetupState,
    Post,
    RoadmapItem,
    StandardPoint,
    Status,
)
from plugins.kinds.source import plain_key
from plugins.sections.entries import Entry, Shelf, topic_sign
from plugins.sections.sheets import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from plugins.kinds.models import Content
    from plugins.sections.edition import Edition

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
ON_HOME = {Kind.POST: 3, Kind.CHANGE: 3, Kind.EPISODE: 2, Kind.MEETUP: 3, Kind.ROADMAP: 4}
# Kinds whose list is cut into pages and years; the others show all, grouped.
PAGED = (Kind.POST, Kind.EPISODE, Kind.CHANGE)


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
    pages: tuple[Numbered, ...]


@dataclass(frozen=True)
class YearLink:
    """A year of a list."""

    year: int
    url: str
    count: int
    current: bool


def plan(edition: Edition) -> list[Sheet]:
    """Return every page of the site, in an order that never changes by itself."""
    languages = edition.site.languages
    sheets = [_not_found(edition)]
    if len(languages) > 1:
        sheets.append(_door(edition))
    for lang in languages:
        planner = _Planner(edition, lang)
        home = planner.home()
        sheets.append(home)
        if len(languages) == 1:  # nothing to choose between: the front door is the home
            sheets.append(replace(home, path="", canonical=home.path, indexed=False))
        sheets += planner.sections()
        sheets += planner.things()
        sheets += planner.tags()
        sheets += planner.topics()
        sheets += planner.people()
    return sheets


def _door(edition: Edition) -> Sheet:
    first = edition.site.languages[0]
    return Sheet(
        path="",
        identity=("door",),
        lang=first,
        template="door.html",
        title=edition.site.name.get(first).text,
        summary=edition.site.description.get(first).text,
        section="door",
        data={"languages": [_threshold(edition, lang) for lang in edition.site.languages]},
    )


def _threshold(edition: Edition, lang: str) -> dict[str, str]:
    """Return a language as the front door offers it."""
    return {
        "lang": lang,
        "url": edition.link(edition.addresses.home(lang)),
        "name": edition.wordings[lang].own_name,
        "site_name": edition.site.name.get(lang).text,
        "strapline": edition.site.strapline.get(lang).text,
    }


def _not_found(edition: Edition) -> Sheet:
    first = edition.site.languages[0]
    return Sheet(
        path="404.html",
        identity=("404",),
        lang=first,
        template="404.html",
        title=edition.wordings[first].gettext("Page not found"),
        section="error",
        indexed=False,
    )


class _Planner:
    """Plans the pages of one language."""

    def __init__(self, edition: Edition, lang: str) -> None:
        self.edition, self.lang = edition, lang
        self.library, self.addresses = edition.library, edition.addresses
        self.gettext = edition.wordings[lang].gettext

    def _entries(self, things: Sequence[Content]) -> list[Entry]:
        return [Entry(thing, self.lang, self.edition) for thing in things]

    def _coming(self) -> list[Meetup]:
        """Return the meetups that are still to come, the next one first."""
        now = self.edition.now
        meetups = [m for m in self.library.of_kind[Kind.MEETUP] if isinstance(m, Meetup)]
        return sorted((m for m in meetups if m.end > now), key=lambda m: m.start)

    def home(self) -> Sheet:
        """Plan the language's home."""
        kinds = self.library.of_kind
        working_on = [
            item
            for item in kinds[Kind.ROADMAP]
            if isinstance(item, RoadmapItem) and item.status == Status.NOW
        ]
        latest: dict[str, Sequence[Content]] = {
            "posts": kinds[Kind.POST][: ON_HOME[Kind.POST]],
            "changes": kinds[Kind.CHANGE][: ON_HOME[Kind.CHANGE]],
            "episodes": kinds[Kind.EPISODE][: ON_HOME[Kind.EPISODE]],
            "meetups": self._coming()[: ON_HOME[Kind.MEETUP]],
            "roadmap_now": working_on[: ON_HOME[Kind.ROADMAP]],
        }
        return Sheet(
            path=self.addresses.home(self.lang),
            identity=("home",),
            lang=self.lang,
            template="home.html",
            title=self.edition.site.name.get(self.lang).text,
            summary=self.edition.site.description.get(self.lang).text,
            section="home",
            data={name: self._entries(things) for name, things in latest.items()},
        )

    def sections(self) -> Iterator[Sheet]:
        """Plan the lists of each kind that has anything in it."""
        for kind, things in self.library.of_kind.items():
            if not things or kind == Kind.PAGE:
                continue
            if kind in PAGED:
                yield from self._paged(kind, things, None)
                for year, of_year in self._years(things).items():
                    yield from self._paged(kind, of_year, year)
            else:
                yield self._list(kind, things, self._grouped(kind, things))

    @staticmethod
    def _years(things: list[Content]) -> dict[int, list[Content]]:
        years: dict[int, list[Content]] = defaultdict(list)
        for thing in things:
            if thing.date:
                years[thing.date.year].append(thing)
        return years

    def _paged(self, kind: Kind, things: list[Content], year: int | None) -> Iterator[Sheet]:
        size = max(1, self.edition.site.build.page_size)
        count = -(-len(things) // size)
        address = self.addresses.section
        years = [
            YearLink(
                one, self.edition.link(address(kind, self.lang, 1, one)), len(there), one == year
            )
            for one, there in self._years(self.library.of_kind[kind]).items()
        ]
        for number in range(1, count + 1):
            urls = [
                self.edition.link(address(kind, self.lang, page, year))
                for page in range(1, count + 1)
            ]
            pagination = Pagination(
                number,
                count,
                urls[number - 2] if number > 1 else "",
                urls[number] if number < count else "",
                tuple(Numbered(n, url, n == number) for n, url in enumerate(urls, 1)),
            )
            data = {
                "entries": self._entries(things[(number - 1) * size : number * size]),
                "pagination": pagination if count > 1 else None,
                "years": years,
                "year": year,
            }
            yield self._list(kind, things, data, number, year)

    def _list(
        self,
        kind: Kind,
        things: list[Content],
        data: dict[str, Any],
        number: int = 1,
        year: int | None = None,
    ) -> Sheet:
        title = section_title(kind, self.gettext)
        crumbs: tuple[tuple[str, str], ...] = ()
        if year or number > 1:
            crumbs = ((title, self.addresses.section(kind, self.lang)),)
        if year:
            title = f"{title} {year}"
        if number > 1:
            title = f"{title}, {self.gettext('page %(number)s') % {'number': number}}"
        return Sheet(
            path=self.addresses.section(kind, self.lang, number, year),
            identity=("list", kind, str(year or ""), str(number)),
            lang=self.lang,
            template=f"list-{kind}.html",
            title=title,
            section=kind,
            indexed=number == 1,
            updated=self._newest(things),
            crumbs=crumbs,
            data={"pagination": None, "years": [], "year": None, "topics": self._topics(things)}
            | data,
        )

    @staticmethod
    def _newest(things: list[Content]) -> date | None:
        return max((t.last_changed for t in things if t.last_changed), default=None)

    def _grouped(self, kind: Kind, things: list[Content]) -> dict[str, Any]:
        """Return what the list of a kind that isn't paged shows."""
        if kind == Kind.MEETUP:
            upcoming = self._coming()
            past = [thing for thing in things if thing not in upcoming]
            return {"upcoming": self._entries(upcoming), "past": self._entries(past)}
        if kind == Kind.ROADMAP:
            items = [thing for thing in things if isinstance(thing, RoadmapItem)]
            groups = [
                {
                    "status": status,
                    "entries": self._entries([i for i in items if i.status == status]),
                }
                for status in STATUSES
            ]
            return {"groups": groups, "entries": self._entries(things)}
        if kind == Kind.EXPERIMENT:
            tests = [thing for thing in things if isinstance(thing, Experiment)]
            groups = [
                {
                    "decision": decision,
                    "entries": self._entries([t for t in tests if t.decision == decision]),
                }
                for decision in DECISIONS
            ]
            return {"groups": groups, "entries": self._entries(things)}
        if kind == Kind.STANDARD:
            points = [thing for thing in things if isinstance(thing, StandardPoint)]
            chapters: list[dict[str, Any]] = [
                {
                    "name": group.name,
                    "key": group.key,
                    "entries": self._entries([p for p in points if p.group == group.key]),
                }
                for group in self.edition.site.standard.groups
            ]
            version = self.edition.site.standard.version
            return {"groups": chapters, "entries": self._entries(things), "version": version}
        return {"entries": self._entries(things)}

    def _topics(self, things: Sequence[Content]) -> list[Shelf]:
        """Return the topics of some things, each with how many there are."""
        counts: dict[str, int] = defaultdict(int)
        for thing in things:
            for key in thing.topics:
                counts[key] += 1
        found = [
            topic_sign(self.edition, key, self.lang)
            for key in self.edition.site.topics
            if key in counts
        ]
        return [Shelf(one.title, one.url, one.key, counts[one.key]) for one in found]

    def things(self) -> Iterator[Sheet]:
        """Plan the page of each thing, translated or not."""
        for kind, things in self.library.of_kind.items():
            title = section_title(kind, self.gettext)
            up = ((title, self.addresses.section(kind, self.lang)),) if kind != Kind.PAGE else ()
            for entry in self._entries(things):
                yield Sheet(
                    path=entry.path,
                    identity=("thing", kind, entry.key),
                    lang=self.lang,
                    template=f"detail-{kind}.html",
                    title=entry.title,
                    summary=entry.summary,
                    section=kind,
                    foreign=entry.foreign,
                    canonical=self.addresses.thing(entry.thing, entry.lang),
                    indexed=not (entry.foreign or entry.draft or entry.scheduled),
                    updated=entry.thing.last_changed,
                    entry=entry,
                    crumbs=up,
                    origin=entry.source,
                    data={"entry": entry} | self._beside(entry),
                )

    def _beside(self, entry: Entry) -> dict[str, Any]:
        """Return what a thing's page shows besides the thing."""
        thing, site = entry.thing, self.edition.site
        match thing:
            case Meetup():
                carried = self.library.carried.get(thing.key, [])
                return {
                    "state": thing.state,
                    "is_past": thing.end <= self.edition.now,
                    "is_cancelled": thing.state == MeetupState.CANCELLED,
                    "start": thing.start,
                    "end": thing.end,
                    "carried": [
                        {"action": action, "entry": Entry(meetup, self.lang, self.edition)}
                        for action, meetup in carried
                    ],
                }
            case RoadmapItem():
                return {"status": thing.status, "moves": thing.moves}
            case Episode():
                return {"show": site.shows[thing.show]}
            case StandardPoint():
                groups = {group.key: group for group in site.standard.groups}
                return {"group": groups[thing.group]}
            case Post() | Change():
                return {}
        return {}

    def tags(self) -> Iterator[Sheet]:
        """Plan the page of each tag of this language, and the list of them all."""
        found: dict[str, tuple[str, list[Content]]] = {}
        for thing in self.library.things:
            text = thing.texts.get(self.lang)
            for tag in text.tags if text else ():
                found.setdefault(plain_key(tag), (tag, []))[1].append(thing)
        sort_key = self.edition.wordings[self.lang].sort_key
        signs = [
            Shelf(tag, self.edition.link(self.addresses.tag(tag, self.lang)), key, len(things))
            for key, (tag, things) in sorted(found.items(), key=lambda one: sort_key(one[1][0]))
        ]
        for sign in signs:
            path = self.addresses.tag(sign.title, self.lang)
            yield self._shelf(("tag", self.lang, sign.key), path, sign.title, found[sign.key][1])
        if signs:
            yield self._index("tags", self.gettext("Tags"), signs)

    def topics(self) -> Iterator[Sheet]:
        """Plan the page of each topic, and the list of them all."""
        signs = self._topics(self.library.things)
        for sign in signs:
            things = [thing for thing in self.library.things if sign.key in thing.topics]
            path = self.addresses.topic(sign.key, self.lang)
            yield self._shelf(("topic", sign.key), path, sign.title, things)
        if signs:
            yield self._index("topics", self.gettext("Topics"), signs)

    def people(self) -> Iterator[Sheet]:
        """Plan the page of everybody who wrote something."""
        written: dict[str, list[Content]] = defaultdict(list)
        for thing in self.library.of_kind[Kind.POST]:
            for key in thing.authors if isinstance(thing, Post) else ():
                written[key].append(thing)
        for key in sorted(written):
            person = self.edition.site.people[key]
            path = self.addresses.person(key, self.lang)
            sheet = self._shelf(("person", key), path, person.name, written[key])
            yield sheet.with_data(person=person)

    def _shelf(
        self, identity: tuple[str, ...], path: str, title: str, things: list[Content]
    ) -> Sheet:
        """Plan the page of a tag, a topic or a person: what belongs there, newest first."""
        sort = identity[0]
        newest_first = sorted(
            things, key=lambda t: (-(t.last_changed.toordinal() if t.last_changed else 0), t.key)
        )
        crumbs: tuple[tuple[str, str], ...] = ()
        if sort == "tag":
            crumbs = ((self.gettext("Tags"), self.addresses.index("tags", self.lang)),)
        elif sort == "topic":
            crumbs = ((self.gettext("Topics"), self.addresses.index("topics", self.lang)),)
        return Sheet(
            path=path,
            identity=identity,
            lang=self.lang,
            template=f"{sort}.html",
            title=title,
            section=sort,
            updated=self._newest(things),
            crumbs=crumbs,
            data={"title": title, "entries": self._entries(newest_first)},
        )

    def _index(self, word: str, title: str, signs: list[Shelf]) -> Sheet:
        return Sheet(
            path=self.addresses.index(word, self.lang),
            identity=("index", word),
            lang=self.lang,
            template=f"{word}.html",
            title=title,
            section=word.removesuffix("s"),
            data={"title": title, word: signs},
        )
