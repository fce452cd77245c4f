"""What the theme's base prints about a page, whether a build or the service writes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Alternate:
    """The same page in one of the site's languages."""

    lang: str
    name: str  # what the language calls itself
    url: str
    absolute: str
    translated: bool  # False when readers of that language find the original there
    current: bool


@dataclass(frozen=True)
class FeedLink:
    """A feed that the page offers."""

    title: str
    type: str  # media type
    url: str


@dataclass(frozen=True, kw_only=True)
class PageView:
    """What a template prints about the page itself."""

    title: str
    url: str
    lang: str
    alternates: tuple[Alternate, ...]
    summary: str = ""
    canonical: str = ""  # absolute
    section: str
    door: str = ""  # the front door's absolute address; "" with a single language
    crumbs: Sequence[object] = ()  # each with a title and a url
    noindex: bool = False
    foreign: bool = False
    image: str = ""  # absolute, or ""
    cover: object = None  # the same, with its size and what it shows
    kind_of_page: str = "website"  # article, event or website
    jsonld: Sequence[Mapping[str, Any]] = ()
    feeds: tuple[FeedLink, ...] = ()
