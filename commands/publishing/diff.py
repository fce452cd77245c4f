"""What a publication would change, in words: pages by title and language, never by file alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from textwrap import shorten
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError

from core.content_files import MARKDOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from plugins.runs.site_run import PageRecord

LINE = 50  # characters of a title in one line of the history
SHOWN = 12  # lines of one sort before "and 30 more"


@dataclass(frozen=True)
class PublishedPage:
    """Something people read, under its title, with all addresses that show it."""

    title: str
    lang: str
    urls: frozenset[str]

    def __str__(self) -> str:
        """Return its title and language, as a person would name it."""
        return f"{self.title} ({language(self.lang)})"


@dataclass(frozen=True)
class MovedPage:
    """Something that people read, gone to another address."""

    old: PublishedPage
    new: PublishedPage
    aliases: frozenset[str]

    def __str__(self) -> str:
        """Return what moves, and what becomes of its old address."""
        lost = self.old.urls - self.new.urls
        gone = {f"/{url}" for url in lost if url.strip("/") not in self.aliases}
        if not gone:
            return f"{self.new}: old links lead to the new address"
        names = ", ".join(sorted(gone))
        return f"{self.new}: old links break, unless its file says aliases: [{names}]"


@dataclass(frozen=True)
class Difference:
    """What becomes of the pages when one state of the site takes the place of another."""

    new: tuple[PublishedPage, ...]
    changed: tuple[PublishedPage, ...]
    removed: tuple[PublishedPage, ...]
    moved: tuple[MovedPage, ...]
    mentions: int  # lists, tags and neighbours that change with them
    waiting: tuple[str, ...]  # content files that no page shows yet: drafts, or for a later day

    def lines(self) -> Iterator[str]:
        """The difference in words, a line at a time."""
        yield from self._named("New", "Changed", "Removed")
        yield from listed("Moved to another address", map(str, self.moved))
        yield from listed("Saved, but not shown yet (a draft, or for a later day)", self.waiting)
        yield from self._mentions()

    def back(self) -> Iterator[str]:
        """The difference in words, for somebody who goes back to what was."""
        yield from self._named("Returning", "As it was before", "Disappearing")
        yield from listed("Back at its old address", [str(move.new) for move in self.moved])
        yield from self._mentions()

    def _named(self, new: str, changed: str, removed: str) -> Iterator[str]:
        for heading, pages in (
            (new, self.new),
            (changed, self.changed),
            (removed, self.removed),
        ):
            yield from listed(heading, [str(page) for page in pages])

    def _mentions(self) -> Iterator[str]:
        if self.mentions:
            s = "" if self.mentions == 1 else "s"
            yield f"  And {self.mentions} page{s} that list or mention these."

    def subject(self) -> str:
        """One line for the history: what a publication is about."""
        groups = (
            ("Publish", self.new),
            ("Change", self.changed),
            ("Remove", self.removed),
            ("Move", [move.new for move in self.moved]),
        )
        verb, pages = next(((verb, pages) for verb, pages in groups if pages), ("Update", ()))
        # A thing and its translation are two pages; one title speaks for both in a short line.
        titles = list(dict.fromkeys(page.title for page in pages))
        if not titles:
            return "Update the site"
        others = len(dict.fromkeys(page for _, group in groups for page in group)) - 1
        first = shorten(titles[0], LINE, placeholder=" …")
        return f"{verb} {first}" + (f" and {others} more" if others else "")


def compare(
    before: Mapping[str, PageRecord],
    after: Mapping[str, PageRecord],
    edited: Iterable[str],
    aliases: Iterable[str] = (),
    deleted: Iterable[str] = (),
) -> Difference:
    """Compare two states of the site.

    A page is called changed when its own file, or that of its other language, was edited; a page
    that differs for another reason only mentions something that changed.

    :param edited: the files of content that differ, relative to the content folder.
    :param aliases: old addresses, from the root, that lead to the new ones afterwards.
    :param deleted: those of `edited` that are gone.
    """
    edited, gone = set(edited), set(deleted)
    keys = {_key(name) for name in edited}
    led_on = frozenset(alias.strip("/") for alias in aliases)
    old, new = _by_source(before), _by_source(after)
    differing = {
        url
        for url in before.keys() | after.keys()
        if url not in before or url not in after or before[url].sha256 != after[url].sha256
    }
    added = tuple(page for source, page in new.items() if source not in old)
    removed = tuple(page for source, page in old.items() if source not in new)
    moved, changed = [], []
    for source in old.keys() & new.keys():
        if not old[source].urls <= after.keys():
            moved.append(MovedPage(old[source], new[source], led_on))
        elif _key(source) in keys and differing & (old[source].urls | new[source].urls):
            changed.append(new[source])
    named = {url for page in (*added, *removed, *changed) for url in page.urls}
    named |= {url for move in moved for page in (move.old, move.new) for url in page.urls}
    return Difference(
        new=_sorted(added),
        changed=_sorted(changed),
        removed=_sorted(removed),
        moved=tuple(sorted(moved, key=lambda move: move.new.title)),
        mentions=len(differing - named),
        waiting=tuple(
            sorted(
                name
                for name in edited - gone
                if name.endswith(MARKDOWN) and name not in old and name not in new
            )
        ),
    )


def _by_source(pages: Mapping[str, PageRecord]) -> dict[str, PublishedPage]:
    """The things that people wrote, by their file. A thing may have a page in each language."""
    grouped: dict[str, dict[str, PageRecord]] = {}
    for url, record in pages.items():
        if record.source:
            grouped.setdefault(record.source, {})[url] = record
    return {
        source: PublishedPage(
            title=min(records.items())[1].title,
            lang=_written(source) or min(records.items())[1].lang,
            urls=frozenset(records),
        )
        for source, records in grouped.items()
    }


def _key(source: str) -> str:
    """A content file without its language: the same for a thing and its translations.

    A name that begins with a dot has no key before it, and stands for itself.
    """
    folder, slash, name = source.rpartition("/")
    return f"{folder}{slash}{name.partition('.')[0] or name}"


def _written(source: str) -> str:
    """The language that a file's name gives; "" when it gives none."""
    parts = PurePosixPath(source).name.split(".")
    return parts[1] if len(parts) > 2 else ""  # noqa: PLR2004 - key, language, md


def _sorted(pages: Iterable[PublishedPage]) -> tuple[PublishedPage, ...]:
    return tuple(sorted(pages, key=lambda page: (page.title, page.lang)))


def listed(heading: str, lines: Iterable[str], *, most: int = SHOWN) -> Iterator[str]:
    """A heading with its number of lines, and the lines; nothing when there are none.

    :param most: how many lines are written out; of the others only their number is told.
    """
    lines = list(lines)
    if not lines:
        return
    yield f"  {heading} ({len(lines)}):"
    yield from (f"    {line}" for line in lines[:most])
    if len(lines) > most:
        yield f"    and {len(lines) - most} more"


def language(code: str) -> str:
    """A language's name in English; its code when nobody knows it."""
    try:
        return Locale.parse(code).english_name or code
    except (UnknownLocaleError, ValueError):
        return code
