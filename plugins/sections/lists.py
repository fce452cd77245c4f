"""Lists: of each kind, in pages and years or all at once; and of each tag, topic and person."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from core.words import plain_key
from plugins.kinds.models import (
    Decision,
    Experiment,
    ItemStatus,
    Kind,
    Meetup,
    Post,
    RoadmapItem,
    StandardPoint,
)
from plugins.sections.entries import CountedLink, newest
from plugins.sections.planned_page import PlannedPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plugins.kinds.models import Content
    from plugins.sections.entries import LanguageView

# The terrace: what is under way comes first.
STATUSES = (
    ItemStatus.NOW,
    ItemStatus.NEXT,
    ItemStatus.LATER,
    ItemStatus.CONSIDERING,
    ItemStatus.DONE,
    ItemStatus.PAUSED,
    ItemStatus.NOT_DOING,
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


def lists(view: LanguageView) -> Iterator[PlannedPage]:
    """Plan the lists of each kind that has anything in it."""
    for kind, contents in view.build.index.of_kind.items():
        if not contents or kind == Kind.PAGE:
            continue
        section = _Section(view, kind, contents)
        if kind in PAGED:
            yield from section.paged(contents, None)
            for year, of_year in section.years.items():
                yield from section.paged(of_year, year)
        else:
            yield section.page(contents, _grouped(kind, contents, view))


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

    def __init__(self, view: LanguageView, kind: Kind, contents: list[Content]) -> None:
        self.view, self.kind = view, kind
        self.years: dict[int, list[Content]] = defaultdict(list)
        for content in contents:
            if content.date:
                self.years[content.date.year].append(content)

    def _path(self, page: int = 1, year: int | None = None) -> str:
        return self.view.build.addresses.section(self.kind, self.view.lang, page, year)

    def paged(self, contents: list[Content], year: int | None) -> Iterator[PlannedPage]:
        """Plan the pages of a list, or of one of its years."""
        size = max(1, self.view.build.site.build.page_size)
        count = -(-len(contents) // size)
        link = self.view.build.link
        years = [
            YearLink(
                listed_year, link(self._path(1, listed_year)), len(in_year), listed_year == year
            )
            for listed_year, in_year in self.years.items()
        ]

        def url(page: int) -> str:
            return link(self._path(page, year))

        for number in range(1, count + 1):
            data = {
                "entries": self.view.entries(contents[(number - 1) * size : number * size]),
                "pagination": pagination(number, count, url) if count > 1 else None,
                "years": years,
                "year": year,
            }
            yield self.page(contents, data, number, year)

    def page(
        self,
        contents: list[Content],
        data: dict[str, Any],
        number: int = 1,
        year: int | None = None,
    ) -> PlannedPage:
        """Plan one page of the list."""
        title = section_title(self.kind, self.view.gettext)
        crumbs = ((title, self._path()),) if year or number > 1 else ()
        if year:
            title = f"{title} {year}"
        if number > 1:
            title = f"{title}, {self.view.gettext('page %(number)s') % {'number': number}}"
        beside = {
            "pagination": None,
            "years": [],
            "year": None,
            "topics": self.view.topics(contents),
        }
        return PlannedPage(
            path=self._path(number, year),
            identity=("list", self.kind, str(year or ""), str(number)),
            lang=self.view.lang,
            template=f"list-{self.kind}.html",
            title=title,
            section=self.kind,
            indexed=number == 1,
            updated=newest(contents),
            crumbs=crumbs,
            data=beside | data,
        )


def _grouped(kind: Kind, contents: list[Content], view: LanguageView) -> dict[str, Any]:
    """Return what the list of a kind that isn't paged shows."""
    everything: dict[str, Any] = {"entries": view.entries(contents)}
    match kind:
        case Kind.MEETUP:
            coming = view.coming()
            keys = {meetup.key for meetup in coming}
            past = view.entries(
                view.latest(content)
                for content in contents
                if isinstance(content, Meetup) and content.key not in keys
            )
            return everything | {"upcoming": view.entries(coming), "past": past}
        case Kind.ROADMAP:
            return everything | _terrace(contents, view)
        case Kind.EXPERIMENT:
            tests = [content for content in contents if isinstance(content, Experiment)]
            groups = [
                {
                    "decision": decision,
                    "entries": view.entries(t for t in tests if t.decision == decision),
                }
                for decision in DECISIONS
            ]
            return everything | {"groups": groups}
        case Kind.STANDARD:
            return everything | _chapters(contents, view)
    return everything


def _terrace(contents: list[Content], view: LanguageView) -> dict[str, Any]:
    items = [content for content in contents if isinstance(content, RoadmapItem)]
    standing = [item for item in items if not item.withdrawn]
    groups = [
        {
            "status": status,
            "entries": view.entries(item for item in standing if item.status == status),
        }
        for status in STATUSES
    ]
    return {"groups": groups, "withdrawn": view.entries(i for i in items if i.withdrawn)}


def _chapters(contents: list[Content], view: LanguageView) -> dict[str, Any]:
    standard = view.build.site.standard
    points = [content for content in contents if isinstance(content, StandardPoint)]
    groups = [
        {
            "name": group.name,
            "key": group.key,
            "entries": view.entries(point for point in points if point.group == group.key),
        }
        for group in standard.groups
    ]
    return {"groups": groups, "version": standard.version}


def taxonomies(view: LanguageView) -> Iterator[PlannedPage]:
    """Plan the pages of tags, topics and people."""
    yield from _tags(view)
    yield from _topics(view)
    yield from _people(view)


def _tags(view: LanguageView) -> Iterator[PlannedPage]:
    """Plan the page of each tag of the language, and the list of them all."""
    build, lang = view.build, view.lang
    tagged: dict[str, tuple[str, list[Content]]] = {}
    for content in build.index.contents:
        text = content.texts.get(lang)
        for tag in text.tags if text else ():
            tagged.setdefault(plain_key(tag), (tag, []))[1].append(content)
            if text and not _is_same_word(tag, other := tagged[plain_key(tag)][0]):
                build.report.at(text.path).advise(
                    text.line("tags"),
                    "tags",
                    f"The tags “{tag}” and “{other}” have one address, so they share a page.",
                    "Write one of them in both places, or tell them apart in letters or digits.",
                    "tag",
                )
    by_word = sorted(tagged.items(), key=lambda item: view.wording.sort_key(item[1][0]))
    signs = [
        CountedLink(tag, build.link(build.addresses.tag(tag, lang)), key, len(contents))
        for key, (tag, contents) in by_word
    ]
    for sign in signs:
        path = build.addresses.tag(sign.title, lang)
        replaced = build.site.succession("tags").replaced(sign.key)
        old_paths = tuple(build.addresses.tag(word.key, lang) for word in replaced)
        page = _gathering(view, ("tag", lang, sign.key), path, sign.title, tagged[sign.key][1])
        yield replace(page, old_paths=old_paths).with_data(word=build.site.tags.get(sign.key))
    if signs:
        yield _index(view, "tags", signs)


def _is_same_word(tag: str, other: str) -> bool:
    return tag.casefold() == other.casefold()


def _topics(view: LanguageView) -> Iterator[PlannedPage]:
    """Plan the page of each topic, and the list of them all."""
    build = view.build
    signs = view.topics(build.index.contents)
    for sign in signs:
        contents = [content for content in build.index.contents if sign.key in content.topics]
        path = build.addresses.topic(sign.key, view.lang)
        replaced = build.site.succession("topics").replaced(sign.key)
        old_paths = build.addresses.topic_before(sign.key, view.lang)
        page = _gathering(view, ("topic", sign.key), path, sign.title, contents)
        page = page.with_data(word=build.site.topics[sign.key], replaced=replaced)
        yield replace(page, old_paths=old_paths)
    if signs:
        yield _index(view, "topics", signs)


def _people(view: LanguageView) -> Iterator[PlannedPage]:
    """Plan the page of everybody who wrote something."""
    build = view.build
    written: dict[str, list[Content]] = defaultdict(list)
    for content in build.index.of_kind[Kind.POST]:
        for key in content.authors if isinstance(content, Post) else ():
            written[key].append(content)
    for key in sorted(written):
        person = build.site.people[key]
        path = build.addresses.person(key, view.lang)
        replaced = build.site.succession("people").replaced(key)
        old_paths = tuple(build.addresses.person(word.key, view.lang) for word in replaced)
        page = _gathering(view, ("person", key), path, person.name, written[key])
        yield replace(page, old_paths=old_paths).with_data(person=person, replaced=replaced)


def _index_title(word: str, view: LanguageView) -> str:
    _ = view.gettext
    return {"tags": _("Tags"), "topics": _("Topics")}[word]


def _gathering(
    view: LanguageView, identity: tuple[str, ...], path: str, title: str, contents: list[Content]
) -> PlannedPage:
    """Plan one page of what belongs together, the newest first."""
    sort = identity[0]
    crumbs: tuple[tuple[str, str], ...] = ()
    if sort != "person":
        word = f"{sort}s"
        crumbs = ((_index_title(word, view), view.build.addresses.index(word, view.lang)),)
    newest_first = sorted(
        contents, key=lambda t: (-(t.last_changed.toordinal() if t.last_changed else 0), t.key)
    )
    return PlannedPage(
        path=path,
        identity=identity,
        lang=view.lang,
        template=f"{sort}.html",
        title=title,
        section=sort,
        updated=newest(contents),
        crumbs=crumbs,
        data={"title": title, "entries": view.entries(newest_first)},
    )


def _index(view: LanguageView, word: str, signs: list[CountedLink]) -> PlannedPage:
    title = _index_title(word, view)
    return PlannedPage(
        path=view.build.addresses.index(word, view.lang),
        identity=("index", word),
        lang=view.lang,
        template=f"{word}.html",
        title=title,
        section=word.removesuffix("s"),
        data={"title": title, word: signs},
    )
