"""Tells a story: puts what happened into words for a feed, every address absolute."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urljoin

from plugins.feeds.absolute import absolute
from plugins.feeds.model import Author, Category, Enclosure, FeedEntry
from plugins.kinds.models import Kind, Meetup
from plugins.loop.moving import status_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from plugins.feeds.stories import Story
    from plugins.loop.moving import Moved
    from plugins.sections.build_context import BuildContext
    from plugins.sections.entries import Entry

KEPT = 200  # bodies in memory: the newest stand in several feeds


class Recording(Protocol):
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


class Teller:
    """Tells the stories of an edition."""

    def __init__(
        self,
        build: BuildContext,
        contents: Callable[[Entry], str],
        recordings: Mapping[tuple[str, str], Recording],
    ) -> None:
        """Take what every story needs.

        :param contents: gives what an entry says, as HTML for readers of its language.
        :param recordings: by an episode's key and the language.
        """
        self._build, self._contents, self._recordings = build, contents, recordings
        self._kept: OrderedDict[tuple[Kind, str, str], str] = OrderedDict()

    def tell(self, story: Story) -> FeedEntry:
        """Return a story in words."""
        return self._move(story, story.move) if story.move else self._thing(story)

    def _thing(self, story: Story) -> FeedEntry:
        entry = story.entry
        address = self._build.absolute
        picture = entry.social_picture
        return FeedEntry(
            id=story.id,
            title=entry.title,
            lang=entry.lang,
            url=address(entry.path),
            published=None if isinstance(entry.content, Meetup) else story.published,
            updated=story.updated,
            summary=entry.summary,
            content=self._content(entry),
            image=address(picture) if picture else "",
            authors=tuple(
                Author(one.name, urljoin(self._build.url, one.url)) for one in entry.authors
            ),
            categories=(
                *(Category(one.key, one.title) for one in entry.topics),
                *(Category(one.title) for one in entry.tags),
            ),
            enclosure=self._enclosure(entry),
        )

    def _move(self, story: Story, move: Moved) -> FeedEntry:
        entry = story.entry
        why = move.why.get(entry.reader)
        status = status_name(move.to, self._build.wordings[entry.reader].gettext)
        return FeedEntry(
            id=story.id,
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
        if key not in self._kept:
            made = absolute(self._contents(entry), self._build.absolute(entry.path))
            self._kept[key] = made
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return self._kept[key]

    def _enclosure(self, entry: Entry) -> Enclosure | None:
        if entry.kind != Kind.EPISODE:
            return None
        sound = self._recordings.get((entry.key, entry.reader))
        return Enclosure(sound.url, sound.type, sound.length) if sound else None
