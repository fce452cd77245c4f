"""The content folder, read from disk: sources, and the files that they may use."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plugins.kinds.source import RESERVED_FOLDERS, Source, take_apart

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.faults import Report
    from core.site import Site

EXTRA = "extra"  # what lies in this folder goes to the site's root as it is
EDITORS_LEFTOVERS = ("~", ".swp", ".tmp", ".bak", ".orig")


@dataclass(frozen=True)
class Folder:
    """What a content folder holds."""

    root: Path
    sources: list[Source] = field(default_factory=list)
    files: frozenset[str] = frozenset()  # everything else, relative, with forward slashes
    unread: frozenset[str] = frozenset()  # Markdown of which nothing could be made


def read_folder(root: Path, site: Site, report: Report) -> Folder:
    """Read all content below a folder; whatever can't be read is reported, never skipped.

    :param root: the content folder.
    """
    if not root.is_dir():
        report.at(root.name).fault(
            0, "", "There is no such folder.", "Name the folder that holds your Markdown.", "folder"
        )
        return Folder(root)
    sources, files, unread = [], set(), set()
    for path, name in _walk(root, report):
        if not name.lower().endswith(".md"):
            files.add(name)
            continue
        data = _bytes(path, name, report)
        found = None if data is None else take_apart(name, data, site, report.at(name))
        if found:
            sources.append(found)
        else:
            unread.add(name)
    return Folder(root, sources, frozenset(files), frozenset(unread))


def _walk(root: Path, report: Report) -> Iterator[tuple[Path, str]]:
    inside = root.resolve()

    def unreadable(error: OSError) -> None:
        name = os.path.relpath(error.filename, root)
        _tell_unreadable(name, report)

    for folder, folders, names in os.walk(root, onerror=unreadable, followlinks=False):
        folders[:] = sorted(
            one for one in folders if not one.startswith(".") and one not in RESERVED_FOLDERS
        )
        here = root / os.path.relpath(folder, root)
        for one in folders:
            if (here / one).is_symlink():
                _tell_link((here / one).relative_to(root).as_posix(), report)
        for one in sorted(names):
            if one.startswith(".") or one.endswith(EDITORS_LEFTOVERS):
                continue
            path = here / one
            name = path.relative_to(root).as_posix()
            if path.is_symlink() and not path.resolve().is_relative_to(inside):
                _tell_link(name, report)
            elif path.is_file() or path.is_symlink():
                yield path, name


def _bytes(path: Path, name: str, report: Report) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        _tell_unreadable(name, report)
        return None


def _tell_unreadable(name: str, report: Report) -> None:
    report.at(name).fault(
        0,
        "",
        "This can't be read from disk.",
        "Check that it is there and that you may read it.",
        "file",
    )


def _tell_link(name: str, report: Report) -> None:
    report.at(name).fault(
        0,
        "",
        "This is a symbolic link that leads elsewhere.",
        "Put the file itself here: what lies outside the content folder is never published.",
        "file",
    )
