"""A planned page: where it will stand, and everything it is made from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from core.faults import Report
    from plugins.sections.entries import Entry


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """Something that readers can subscribe to, in a reader, a podcast app or a calendar.

    Plugins put theirs into the plan, so that one page can list them all.
    """

    sort: str  # "news", "podcast" or "calendar"
    title: str  # in the language of its readers
    path: str  # relative to the site's root
    type: str  # media type, as in application/atom+xml
    lang: str
    page: str = ""  # the path of the page that shows the same; "" when there is none


@dataclass(frozen=True, kw_only=True)
class Cover:
    """The picture that stands for a page elsewhere: in a chat, or among what people share."""

    path: str  # relative to the site's root
    width: int
    height: int
    alt: str


@dataclass(frozen=True, kw_only=True)
class PlannedPage:
    """One page to be written."""

    path: str  # relative to the site's root: "en/blog/damp/", or "404.html"
    identity: tuple[str, ...]  # the same in every language: ("content", "post", "damp")
    lang: str
    template: str
    title: str
    summary: str = ""
    old_paths: tuple[str, ...] = ()  # where it stood before; they lead here
    section: str  # which part of the menu it belongs to
    foreign: bool = False  # shown to readers of a language into which it isn't translated
    canonical: str = ""  # the path of the page it repeats, when foreign
    indexed: bool = True  # whether search engines should list it
    updated: date | None = None
    entry: Entry | None = None
    cover: Cover | None = None  # None where its entry has a picture, or where nobody shares it
    crumbs: tuple[tuple[str, str], ...] = ()  # (title, path) from the section down to the parent
    menu: str = ""  # "main" or "footer" when every page leads here
    feeds: tuple[Subscription, ...] = ()  # what the page offers to readers of feeds
    origin: str = ""  # the content file it is made from, for faults
    data: Mapping[str, Any] = field(default_factory=dict)  # what its template prints

    def with_data(self, **more: object) -> PlannedPage:
        """Return the same page with more for its template to print."""
        return replace(self, data={**self.data, **more})

    @property
    def file(self) -> str:
        """Return the file to write, relative to the output folder."""
        return self.path + "index.html" if self.path.endswith("/") or not self.path else self.path


@dataclass(frozen=True)
class SitePlan:
    """Every page of a build, as far as it is known, and all that can be subscribed to."""

    report: Report  # for faults of files in the content folder
    paths: set[str]  # of all pages that were ever planned
    pages: list[PlannedPage] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)

    def add(self, page: PlannedPage) -> None:
        """Plan one page more."""
        self.take([*self.pages, page])

    def take(self, pages: Iterable[PlannedPage]) -> None:
        """Take these for the pages of the site; of two at one address the second is a fault."""
        taken: dict[str, PlannedPage] = {}
        for page in pages:
            other = taken.setdefault(page.path, page)
            if other is not page and page.origin != other.origin:
                self.report.at(page.origin or other.origin).fault(
                    0,
                    "slug",
                    f"Its address /{page.path} is also that of {other.origin or 'another page'}.",
                    "Give one of them another slug: or title:.",
                    "duplicate-address",
                )
        self.pages[:] = taken.values()
        self.paths.update(taken)
