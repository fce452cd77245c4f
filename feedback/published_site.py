"""The published site as the service sees it: its own open data, from a folder or over the web.

What is told to anybody is read from there, so that nobody hears of something that they can't read
yet.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from core import web_client
from core.public.due import FILE_IN_TREE, due_entries, in_order
from core.public.encoding import decode
from core.public.open_data import FOLDER, TABLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TypeVar

    from core.public.due import DueEntry

    T = TypeVar("T")

MOST_BYTES = 200_000_000  # of one of its files; no site of ours has so much
SECONDS = 60.0  # for all of it


class CannotNotify(Exception):
    """Nobody was told anything; the message says why, and what to do."""


class PublishedSite:
    """The tables of a site's open data."""

    def __init__(self, text_of: Callable[[str], bytes]) -> None:
        """Take what returns a file of the site, by its path below the root."""
        self._text_of = text_of

    def rows(self, cls: type[T]) -> tuple[T, ...]:
        """Return the rows of the table that holds such.

        :raises CannotNotify: when it can't be had, or holds something else.
        """
        table = next(table for table in TABLES if table.cls is cls)
        path = f"{FOLDER}{table.name}.json"
        text = self._text_of(path)
        try:
            rows: list[Any] = web_client.parsed(text)[table.name]
            return tuple(decode(cls, row) for row in rows)
        except (ValueError, KeyError, TypeError):
            raise CannotNotify(
                f"{path} of the site holds no open data of ours, so nobody was told anything. Is "
                "it the right site, and built by this version?"
            ) from None


def due_in(tree: Path, behind: Path | None) -> tuple[DueEntry, ...]:
    """Return what falls due, as the build of a tree found it; nothing where no build told.

    :param behind: the list of translations that are behind their original; None for none.
    """
    entries: list[DueEntry] = []
    for file in filter(None, (tree / FILE_IN_TREE, behind)):
        with suppress(OSError, ValueError):
            entries += due_entries(file.read_text(encoding="utf-8"))
    return in_order(entries)


def in_folder(tree: Path) -> PublishedSite:
    """Return a site that was built into a folder."""

    def read(path: str) -> bytes:
        try:
            return (tree / path).read_bytes()
        except OSError:
            raise CannotNotify(
                f"{tree} holds no {path}, so nobody was told anything. Build the site first, or "
                "say where the published one is, with --url or --site-tree."
            ) from None

    return PublishedSite(read)


def on_the_web(url: str) -> PublishedSite:
    """Return a deployed site.

    :param url: its address, https:// unless it is on this machine.
    """

    def read(path: str) -> bytes:
        place = url.rstrip("/") + "/" + path
        try:
            return web_client.fetch(place, most_bytes=MOST_BYTES, seconds=SECONDS)
        except web_client.CannotFetch as reason:
            hint = " Is that the site, and built by this version?" if reason.status else ""
            raise CannotNotify(f"{place} {reason}, so nobody was told anything.{hint}") from None

    return PublishedSite(read)
