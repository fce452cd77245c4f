"""Tells an item: puts what happened into words for a feed, every address absolute."""

from __future__ import annotations

import os
from collections import OrderedDict
from typing import IO, TYPE_CHECKING, Protocol
from urllib.parse import urljoin

from plugins.feeds.absolute_urls import absolute
from plugins.feeds.atom import atom_entry
from plugins.feeds.model import Author, Category, FeedEnclosure, FeedEntry
from plugins.kinds.models import Kind, Meetup
from plugins.loop.moves import status_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.public.open_data import PublicMove
    from plugins.feeds.items import FeedItem
    from plugins.sections.build_context import BuildContext
    from plugins.sections.entries import Entry

BODIES = 200  # bodies in memory: the newest stand in several feeds


class EnclosureSource(Protocol):
    """The sound of an episode, as the podcast knows it."""

    @property
    def url(self) -> str:
        """Return its address, absolute."""

    @property
    def length(self) -> int:
        """Return its length in bytes."""

    @property
    def type(self) -> str:
        """Return its media type."""


class EntryRenderer:
    """Puts items of feeds into words."""

    def __init__(
        self,
        build: BuildContext,
        contents: Callable[[Entry], str],
        recordings: Mapping[tuple[str, str], EnclosureSource],
        spool: IO[bytes],
    ) -> None:
        """Take what every item needs.

        :param contents: gives what an entry says, as HTML for readers of its language.
        :param recordings: by an episode's key and the language.
        :param spool: an empty file, where what was rendered may lie.
        """
        self._build, self._contents, self._recordings = build, contents, recordings
        self._bodies: OrderedDict[tuple[Kind, str, str], str] = OrderedDict()
        self._spool = spool
        self._written: dict[str, tuple[int, int]] = {}  # where in it an entry is, by its id

    def atom(self, item: FeedItem) -> str:
        """Return an item as an entry of Atom; it is rendered once, however many feeds have it.

        Entries lie in a file meanwhile, so that memory stays flat.
        """
        if item.id not in self._written:
            entry = atom_entry(self.render(item), item.entry.reader).encode()
            self._written[item.id] = (self._spool.seek(0, os.SEEK_END), len(entry))
            self._spool.write(entry)
            return entry.decode()
        start, length = self._written[item.id]
        self._spool.seek(start)
        return self._spool.read(length).decode()

    def render(self, item: FeedItem) -> FeedEntry:
        """Return an item in words."""
        return self._move(item, item.move) if item.move else self._whole(item)

    def _whole(self, item: FeedItem) -> FeedEntry:
        entry = item.entry
        address = self._build.absolute
        picture = entry.social_picture
        return FeedEntry(
            id=item.id,
            title=entry.title,
            lang=entry.lang,
            url=address(entry.path),
            published=None if isinstance(entry.content, Meetup) else item.published,
            updated=item.updated,
            summary=entry.summary,
            content=self._content(entry),
            image=address(picture) if picture else "",
            authors=tuple(
                Author(author.name, urljoin(self._build.url, author.url))
                for author in entry.authors
            ),
            categories=(
                *(Category(topic.key, topic.title) for topic in entry.topics),
                *(Category(tag.title) for tag in entry.tags),
            ),
            enclosure=self._enclosure(entry),
        )

    def _move(self, item: FeedItem, move: PublicMove) -> FeedEntry:
        entry = item.entry
        why = move.why.get(entry.reader)
        status = status_name(move.to, self._build.wordings[entry.reader].gettext)
        return FeedEntry(
            id=item.id,
            title=f"{entry.title}: {status}",
            lang=entry.lang,
            url=self._build.absolute(entry.path),
            published=move.on,
            updated=move.on,
            summary=why.text,
            summary_lang=entry.reader if why.lang == "*" else why.lang,
            categories=(Category(move.to, status),),
        )

    def _content(self, entry: Entry) -> str:
        """Return what an entry says; several feeds tell the newest, so those are kept."""
        key = (entry.kind, entry.key, entry.reader)
        if key not in self._bodies:
            html = absolute(self._contents(entry), self._build.absolute(entry.path))
            self._bodies[key] = html
            if len(self._bodies) > BODIES:
                self._bodies.popitem(last=False)
        return self._bodies[key]

    def _enclosure(self, entry: Entry) -> FeedEnclosure | None:
        if entry.kind != Kind.EPISODE:
            return None
        sound = self._recordings.get((entry.key, entry.reader))
        return FeedEnclosure(sound.url, sound.type, sound.length) if sound else None
