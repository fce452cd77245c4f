"""What is there already: keys, addresses and numbers that a new file must not take again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.faults import Report
from core.nodes import Scalar
from plugins.kinds.models import Kind
from plugins.kinds.source import FOLDERS, path_without_language, plain_key, take_apart
from plugins.sections.addresses import SECTIONS, WORDS

if TYPE_CHECKING:
    from pathlib import Path

    from core.site import Site
    from plugins.kinds.source import Source

DATE = re.compile(r"^\d{4}-\d{2}-\d{2}-(?=.)")
FOLDER_OF = {kind: folder for folder, kind in FOLDERS.items()}


@dataclass(frozen=True)
class Shelf:
    """The files of one kind."""

    kind: Kind
    folder: Path
    names: tuple[str, ...]  # of all its Markdown files, read well or not
    sources: tuple[Source, ...]

    def keys(self) -> dict[str, str]:
        """Return the keys in use, each with the name of a file that has it."""
        found: dict[str, str] = {}
        for name in self.names:
            dated_key = path_without_language(name)
            found.setdefault(plain_key(DATE.sub("", dated_key)), name)
        return found

    def slugs(self) -> set[str]:
        """Return the last words of addresses in use, whichever the language.

        What isn't translated has a page in the other languages under its own words, so a new
        page keeps clear of all of them.
        """
        taken = {
            _text(source, "slug") or plain_key(_text(source, "title")) for source in self.sources
        }
        if self.kind == Kind.PAGE:  # pages stand beside the lists of all other kinds
            for words in (*SECTIONS.values(), *WORDS.values()):
                taken |= set(words.values())
        return taken

    def values(self, field: str) -> list[str]:
        """Return what a field says in the files that have it, each value once, sorted."""
        return sorted({text for source in self.sources if (text := _text(source, field))})


def _text(source: Source, field: str) -> str:
    node = source.front.get(field)
    return node.text.strip() if isinstance(node, Scalar) else ""


def open_shelf(content: Path, site: Site, kind: Kind) -> Shelf:
    """Read the files of one kind; what is wrong with them is for `check` to say."""
    folder = content / FOLDER_OF[kind]
    names, sources = [], []
    for path in sorted(folder.rglob("*.md")):
        names.append(path.name)
        try:
            data = path.read_bytes()
        except OSError:
            continue
        where = path.relative_to(content).as_posix()
        if source := take_apart(where, data, site, Report().at(where)):
            sources.append(source)
    return Shelf(kind, folder, tuple(names), tuple(sources))
