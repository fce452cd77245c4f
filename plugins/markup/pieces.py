"""What a rendered body is made of: HTML, and holes for addresses that the site has yet to fill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from core.faults import Level


class Heading(NamedTuple):
    """A heading of the body."""

    level: int  # 2 to 6
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """The address of a link, as written."""

    url: str
    line: int


@dataclass(frozen=True, slots=True)
class EmbeddedPicture:
    """A picture, as written."""

    src: str
    alt: str | None  # None when none was written; "" for role="presentation"
    caption: str
    line: int


@dataclass(frozen=True, slots=True)
class Recording:
    """The address of sound, film, subtitles or a film's poster, as written."""

    url: str
    line: int


Piece = str | Link | EmbeddedPicture | Recording


class Problem(NamedTuple):
    """Something wrong in the text of a body."""

    line: int
    wrong: str
    instead: str
    code: str
    level: Level = Level.FAULT
