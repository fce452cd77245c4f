"""Following one item by mail: what happened to it that a follower was not told yet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.public.open_data import PublicChange, PublicItem
from core.public.vocabulary import NewsKind
from feedback.digest.selection import Digest, DigestDays, ItemMove
from feedback.model import Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from core.public.open_data import PublicNews
    from feedback.digest.selection import PublishedNews
    from feedback.published_site import PublishedSite
    from feedback.store.mail.mailings import ItemFollower


@dataclass(frozen=True, slots=True)
class ItemEvent:
    """Something that happened to an item: it moved, or something changed."""

    name: str  # by which it is kept who was told of it
    on: date
    what: ItemMove | PublicNews


@dataclass(frozen=True, slots=True)
class FollowerNews:
    """What one follower is to be told, and what they are never told since it was before."""

    follower: ItemFollower
    past: tuple[str, ...] | None  # names, None where it is kept already
    fresh: tuple[ItemEvent, ...]


@dataclass(frozen=True)
class FollowedItems:
    """The items of a published site, and what happened to each."""

    items: Mapping[str, PublicItem]
    events: Mapping[str, Sequence[ItemEvent]]

    @classmethod
    def of(cls, site: PublishedSite, published: PublishedNews) -> FollowedItems:
        """Read what happened to each item.

        :raises CannotNotify: when the site can't be read.
        """
        events: dict[str, list[ItemEvent]] = defaultdict(list)
        for moved in published.moves:
            name = f"move:{moved.move.number}.{moved.move.turn}"
            events[moved.item.key].append(ItemEvent(name, moved.on, moved))
        changes = {news.key: news for news in published.of_kind(NewsKind.CHANGE)}
        for change in site.rows(PublicChange):
            for key in change.roadmap if change.key in changes else ():
                news = changes[change.key]
                events[key].append(ItemEvent(f"change:{change.key}", news.on, news))
        return cls({item.key: item for item in site.rows(PublicItem)}, events)

    def news(self, followers: Iterable[ItemFollower], zone: ZoneInfo) -> list[FollowerNews]:
        """Return what each follower is to be told now, if anything, or to be kept of them.

        What had happened before the day on which they said yes is past; what is published later
        under an earlier day is told all the same.
        """
        whose = []
        for person in followers:
            events = self.events.get(person.item, ())
            began = person.confirmed.astimezone(zone).date()
            past = tuple(event.name for event in events if event.on < began)
            known = set(past) if person.told is None else person.told
            fresh = tuple(event for event in events if event.name not in known)
            if fresh or person.told is None:
                whose.append(FollowerNews(person, past if person.told is None else None, fresh))
        return whose

    def digest(self, fresh: Sequence[ItemEvent]) -> Digest:
        """Return what happened as a digest tells it, the newest first."""
        newest_first = sorted(fresh, key=lambda event: event.on, reverse=True)
        whats = [event.what for event in newest_first]
        days = DigestDays(Period.WEEK, newest_first[-1].on, newest_first[0].on, "")
        return Digest(
            days,
            moves=tuple(what for what in whats if isinstance(what, ItemMove)),
            changes=tuple(what for what in whats if not isinstance(what, ItemMove)),
        )
