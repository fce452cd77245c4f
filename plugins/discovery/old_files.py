"""Old addresses of what is no page: a feed, a calendar, a document.

A host that serves files and nothing else can't redirect them, and programs read them, which follow
no page. So a copy of what is there now stands at the old address. A feed's copy says where the feed
is (`self`), and its ids are the same, so whoever stays and whoever moves sees nothing twice.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from plugins.feeds.atom import MEDIA_TYPE as ATOM
from plugins.feeds.json_feed import MEDIA_TYPE as JSON
from plugins.podcast.rss import TYPE as RSS
from plugins.sections.link_resolver import FILES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from plugins.sections.planned_page import PlannedPage

_CALENDAR = "text/calendar"
_FEED_NAMES = frozenset({"feed", "rss", "rss2", "atom", "rdf"})  # as in WordPress's /feed/
_BY_ENDING = {
    ".xml": (RSS, ATOM),
    ".rss": (RSS, ATOM),
    ".atom": (ATOM, RSS),
    ".rdf": (RSS, ATOM),
    ".json": (JSON,),
    ".ics": (_CALENDAR,),
}
DOCUMENTS = frozenset(
    f".{ending}"
    for endings in (
        ("pdf", "doc", "docx", "odt", "rtf", "txt", "epub", "zip"),
        ("xls", "xlsx", "ods", "csv", "ppt", "pptx", "odp"),
        ("mp3", "m4a", "ogg", "opus", "vtt", "srt"),
    )
    for ending in endings
)


class NoSource(Exception):
    """Nothing can stand at an old address; says why, after its name, and what to write instead."""

    def __init__(self, wrong: str, instead: str) -> None:
        super().__init__(wrong)
        self.instead = instead


def source_of(path: str, page: PlannedPage, linked: Callable[[], Collection[str]]) -> str:
    """Return the file of the site that an old address asks a copy of; "" when it asks for a page.

    Which feed or calendar is meant is told by the page: the first that it offers to its readers.
    A document is one that the page links to, so that old links in letters still bring it.

    :param path: the old address, relative to the site's root, decoded.
    :param linked: returns the files that the page links to, relative to the content folder.
    :returns: relative to the output folder.
    :raises NoSource: when it asks for what the page doesn't have.
    """
    name = PurePosixPath(path.casefold())
    if name.name == PurePosixPath(page.path.casefold()).name:
        return ""  # a page of that name, such as a post about RSS, only moved
    if types := (_BY_ENDING[".xml"] if name.name in _FEED_NAMES else _BY_ENDING.get(name.suffix)):
        offered = [feed.path for kind in types for feed in page.feeds if feed.type == kind]
        if not offered or name.stem.startswith("sitemap"):
            sort = "calendar" if types == (_CALENDAR,) else "feed"
            raise NoSource(
                f"has the name of a {sort}, and this page offers none like it",
                "Write it on a page that does, such as a post for the feed of all posts.",
            )
        return offered[0]
    if name.suffix not in DOCUMENTS:
        return ""
    alike = [file for file in linked() if file.casefold().endswith(name.suffix)]
    if not alike:
        return ""
    same = [file for file in alike if PurePosixPath(file).name.casefold() == name.name] or alike
    if len(same) > 1:
        raise NoSource(
            f"may mean {' or '.join(sorted(same))}, which this page links to",
            "Give the file the name that it had, or write this on a page with only one.",
        )
    return FILES + same[0]


def names_file(path: str) -> bool:
    """Whether an address is a file's own, and not a folder's, where hosts serve an index."""
    name = PurePosixPath(path.casefold())
    return not path.endswith("/") and (name.suffix in _BY_ENDING or name.suffix in DOCUMENTS)
