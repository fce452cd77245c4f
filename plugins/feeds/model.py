"""What feeds are made of, whichever format they are written in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who wrote something."""

    name: str
    url: str = ""  # absolute


@dataclass(frozen=True, slots=True)
class Category:
    """A topic, a tag, or where a roadmap item moved to."""

    term: str
    label: str = ""  # what readers see, if not the term


@dataclass(frozen=True, slots=True)
class FeedEnclosure:
    """The sound of an episode."""

    url: str  # absolute
    type: str
    length: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry of a feed, in words; every address in it is absolute."""

    id: str
    title: str
    lang: str  # of title and summary
    url: str
    published: date | None  # None where no file tells
    updated: date
    summary: str = ""
    summary_lang: str = ""  # if not that of the title
    content: str = ""  # HTML
    image: str = ""
    authors: tuple[Author, ...] = ()
    categories: tuple[Category, ...] = ()
    enclosure: FeedEnclosure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHead:
    """What a feed's document says of itself."""

    id: str
    title: str
    lang: str
    author: str
    rights: str
    page: str  # the page that shows the same
    itself: str  # its own address
    updated: date
    description: str = ""
    current: str = ""  # of an archive: the document to which readers subscribe
    previous: str = ""  # the archive before this one (RFC 5005)


def moment(day: date) -> str:
    """Return a day as a moment (RFC 3339): noon, so that it is that day wherever it is read."""
    return f"{day.isoformat()}T12:00:00Z"
