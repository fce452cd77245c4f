"""Items: what feeds tell, before anybody puts it into words; and which document tells which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from plugins.kinds.identity import entry_id
from plugins.kinds.models import Kind, Meetup, RoadmapItem
from plugins.loop.moves import move_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from core.public.open_data import PublicMove
    from plugins.loop.relations import Loop
    from plugins.sections.entries import Entry

A_FEED = 50  # items that readers are given at once, and that an archive holds
# Nobody writes down when a meetup was announced, and its own day is still to come.
ANNOUNCED = timedelta(weeks=8)


@dataclass(frozen=True)
class FeedItem:
    """A thing, or one move of a roadmap item, for readers of one language."""

    entry: Entry
    published: date
    updated: date
    move: PublicMove | None = None
    place: int = 0  # of the move among those of its item

    @property
    def id(self) -> str:
        """Return its permanent id."""
        content, lang = self.entry.content, self.entry.reader
        if self.move and isinstance(content, RoadmapItem):
            return move_id(content, self.move.number, self.move.turn, lang)
        return entry_id(content, lang)

    @property
    def order(self) -> tuple[object, ...]:
        """Return what puts items of one day into an order that stays."""
        return (self.entry.kind, self.entry.key, self.place)


def items_of(entry: Entry, loop: Loop) -> Iterator[FeedItem]:
    """Return what feeds tell of a thing: of a roadmap item each move, of anything else itself.

    What has no day can't be news, and a page of the site's own is none.
    """
    content = entry.content
    if isinstance(content, RoadmapItem):
        for place, move in enumerate(loop.moves_of(content)):
            yield FeedItem(entry, move.on, move.on, move, place)
        return
    if isinstance(content, Meetup):
        others = [date.meetup for date in entry.build.index.dates.exceptions(content)]
        planned = [update.on for meetup in (content, *others) for update in meetup.updates]
        began = content.publish_on or content.start.date() - ANNOUNCED
        yield FeedItem(
            entry, began, max([began, *planned, *([content.updated] if content.updated else [])])
        )
        return
    began_on = content.publish_on or content.date or content.last_changed
    if began_on and content.kind != Kind.PAGE:
        yield FeedItem(entry, began_on, max(began_on, content.last_changed or began_on))


@dataclass(frozen=True)
class FeedDocuments:
    """The items of one feed, document by document."""

    current: Sequence[FeedItem]  # those that readers are given, the newest first
    archives: Sequence[Sequence[FeedItem]] = ()  # full ones alone, the oldest archive first


def documents(items: Iterable[FeedItem], *, archived: bool) -> FeedDocuments:
    """Share a feed's items out among its documents (RFC 5005, section 4).

    Archives are filled from the oldest item and hold as many each, so that one that is full
    stays as it is when there is news. What is in none yet, and what changed last, is current.
    """
    by_change = sorted(items, key=lambda item: (item.updated, item.published, item.order))
    newest = by_change[-A_FEED:]
    if not archived:
        return FeedDocuments(newest[::-1])
    by_age = sorted(by_change, key=lambda item: (item.published, item.order))
    full = len(by_age) // A_FEED
    archives = [by_age[number * A_FEED : (number + 1) * A_FEED] for number in range(full)]
    loose = {item.id for item in by_age[full * A_FEED :]} | {item.id for item in newest}
    current = [item for item in by_change if item.id in loose]
    return FeedDocuments(current[::-1], [item[::-1] for item in archives])
