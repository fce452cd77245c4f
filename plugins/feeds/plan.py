"""Which feeds a site has: one of everything, of each kind, topic, tag and roadmap item."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from plugins.feeds.atom import MEDIA_TYPE as ATOM
from plugins.feeds.items import items_of
from plugins.feeds.json_feed import MEDIA_TYPE as JSON
from plugins.kinds.identity import permanent_id, permanent_name
from plugins.kinds.models import Kind
from plugins.sections.entries import LanguageView
from plugins.sections.planned_page import Subscription

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from plugins.feeds.items import FeedItem
    from plugins.kinds.models import Content
    from plugins.loop.relations import Loop
    from plugins.sections.build_context import BuildContext
    from plugins.sections.entries import Entry
    from plugins.sections.planned_page import PlannedPage

FEED, JSON_FEED = "feed.xml", "feed.json"
COMPLETE = {"kind", "moves", "item"}


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A feed that is planned: one language's news of one sort."""

    name: str  # permanent: its id is made from it
    sort: str  # "all", "kind", "moves", "topic", "tag" or "item"
    title: str
    lang: str
    page: str  # the path of the page that shows the same
    items: Sequence[FeedItem]
    in_json: bool = False
    old_pages: tuple[str, ...] = ()  # where that page stood, so that those who came then stay

    @property
    def id(self) -> str:
        """Return its permanent id."""
        return permanent_id(self.name)

    @property
    def archived(self) -> bool:
        """Whether archives hold every item that it ever told; what gathers others has none."""
        return self.sort in COMPLETE

    @property
    def path(self) -> str:
        """Return where its Atom stands, relative to the site's root."""
        return self.page + FEED

    def archive(self, number: int) -> str:
        """Return where one of its archives stands, counted from 1."""
        return f"{self.page}feed-{number}.xml"

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        """Return it as readers may subscribe to it, in each format."""
        atom = Subscription(
            sort="news",
            title=self.title,
            path=self.path,
            type=ATOM,
            lang=self.lang,
            page=self.page,
        )
        json = replace(atom, path=self.page + JSON_FEED, type=JSON)
        return (atom, json) if self.in_json else (atom,)


def plan_feeds(build: BuildContext, loop: Loop, planned: Sequence[PlannedPage]) -> list[Feed]:
    """Return every feed, in an order that never changes by itself."""
    return [
        feed
        for lang in build.site.languages
        for feed in _of_language(LanguageView(build, lang), loop, planned)
        if feed.items or feed.sort == "all"  # which stands even before anything is said
    ]


def with_feeds(planned: Iterable[PlannedPage], feeds: Sequence[Feed]) -> list[PlannedPage]:
    """Return pages that offer the feeds of what they show, beside what they offer already."""
    by_page = {feed.page: feed for feed in feeds}
    by_name = {feed.name: feed for feed in feeds}

    def offered(page: PlannedPage) -> PlannedPage:
        names = _names(page)
        matching = [by_page.get(page.path), *(by_name.get(name) for name in names)]
        if page.identity == ("door",):
            matching = [feed for feed in feeds if feed.sort == "all"]
        subscriptions = dict.fromkeys(
            subscription for feed in matching if feed for subscription in feed.subscriptions
        )
        return replace(page, feeds=(*page.feeds, *subscriptions))

    return [offered(page) for page in planned]


def _names(page: PlannedPage) -> tuple[str, ...]:
    """Return the names of the feeds that go with a page besides its own."""
    match page.identity:
        case ("404" | "away",):
            return ()
        case ("list" | "content", Kind.ROADMAP, *_) | ("roadmap" | "loop", *_):
            return (f"moves/{page.lang}",)
        case ("list" | "content", kind, *_) if kind != Kind.PAGE:
            return (f"feed/{kind}/{page.lang}",)
    return (f"feed/all/{page.lang}",)


def _of_language(view: LanguageView, loop: Loop, planned: Sequence[PlannedPage]) -> Iterator[Feed]:
    """Yield the feeds for readers of one language, from the pages planned for them."""
    build, lang = view.build, view.lang
    here = [page for page in planned if page.lang == lang]
    by_content = {
        (entry.kind, entry.key): tuple(items_of(entry, loop))
        for entry in (page.entry for page in here)
        if entry
    }
    yield Feed(
        name=f"feed/all/{lang}",
        sort="all",
        title=view.gettext("Everything new"),
        lang=lang,
        page=build.addresses.home(lang),
        items=[item for items in by_content.values() for item in items],
    )
    for page in here:
        match page.identity:
            case ("list", kind, "", "1") if kind != Kind.ROADMAP:
                feed = _feed(page, f"feed/{kind}/{lang}", "kind", _of_kind(kind, by_content))
                yield replace(feed, in_json=kind == Kind.POST)
            case ("loop", "moved"):
                yield _feed(page, f"moves/{lang}", "moves", _of_kind(Kind.ROADMAP, by_content))
            case ("topic", key) | ("tag", _, key):
                entries: Iterable[Entry] = page.data["entries"]
                # Of two things on one address only the first has a page, and so an item.
                items_by_entry = (by_content.get((entry.kind, entry.key), ()) for entry in entries)
                items = [item for items in items_by_entry for item in items]
                sort = page.identity[0]
                feed = _feed(page, f"feed/{sort}/{key}/{lang}", sort, items)
                yield replace(feed, old_pages=page.old_paths)
            case ("content", Kind.ROADMAP, key):
                item = build.index.by_key[Kind.ROADMAP, key]
                name = f"{permanent_name(item)}/moves/{lang}"
                feed = _feed(page, name, "item", by_content[Kind.ROADMAP, key])
                yield replace(feed, old_pages=_old_pages(page, item))


def _old_pages(page: PlannedPage, item: Content) -> tuple[str, ...]:
    """Return where an item's page stood on the roadmap before its slug was another."""
    text = item.texts.get(page.lang)
    section = page.path.rstrip("/").rpartition("/")[0]
    old = re.compile(rf"/({re.escape(section)}/[\w-]{{1,100}})/?")
    matches = [old.fullmatch(alias) for alias in (text.aliases if text else ())]
    return tuple(f"{match[1]}/" for match in matches if match)


def _of_kind(
    wanted: str, by_content: Mapping[tuple[Kind, str], Iterable[FeedItem]]
) -> list[FeedItem]:
    return [item for (kind, _), items in by_content.items() if kind == wanted for item in items]


def _feed(page: PlannedPage, name: str, sort: str, items: Sequence[FeedItem]) -> Feed:
    return Feed(
        name=name,
        sort=sort,
        title=page.title,
        lang=page.lang,
        page=page.path,
        items=items,
    )
