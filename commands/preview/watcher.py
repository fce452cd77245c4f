"""Notices what is saved: content, settings, theme and code, by the system's own notices."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import Change, awatch

from core.catalogues import OWN as CATALOGUES
from core.content_files import is_read
from core.own_templates import OWN as TEMPLATES
from core.site import OWN_PLUGINS as PLUGINS

if TYPE_CHECKING:
    from collections.abc import Callable

    Standing = dict[Path, tuple[int, int]]
    Told = Callable[[set[Path]], None]

# A change is passed on when nothing more has come for QUIET, or LONGEST after the first of it.
QUIET, LONGEST = 50, 800  # milliseconds
CODE = (".py", ".pyi")


@dataclass(frozen=True)
class WatchedPaths:
    """What a preview watches."""

    folders: tuple[Path, ...]
    files: tuple[Path, ...]
    code: tuple[Path, ...]  # folders of which Python alone counts
    left_out: tuple[Path, ...]  # folders within those

    @classmethod
    def of(cls, root: Path, content: Path, site: Path) -> WatchedPaths:
        """Return what a site is made of, given the repository, its content and its settings."""
        own = (site.parent / name for name in (TEMPLATES, CATALOGUES, PLUGINS))
        return cls(
            folders=(content, root / "theme", *own),
            files=(site, root / "pelicanconf.py"),
            code=tuple(root / name for name in ("core", "plugins", "commands", "feedback")),
            left_out=(root / "commands" / "preview",),
        )

    def counts(self, path: Path) -> bool:
        """Return whether a change of this path can change the site."""
        if path in self.files or path in self.folders:
            return True
        if any(folder in path.parents for folder in self.left_out):
            return False
        if any(folder in path.parents for folder in self.code):
            return path.suffix in CODE
        return any(
            folder in path.parents and is_read(path.relative_to(folder).as_posix())
            for folder in self.folders
        )


async def watch(watched: WatchedPaths, stop: asyncio.Event, changed: Told) -> None:
    """Call `changed` with the paths of each change until `stop` is set.

    Folders are watched with all they hold. The folders above them are watched too, by name alone:
    a save that puts a new file in an old one's place, and a folder that goes and comes back
    (`git switch`), would end a watch on the thing itself.
    """
    replaced: set[Path] = set()
    while not stop.is_set():
        over = asyncio.Event()
        ending = asyncio.create_task(_end_with(stop, over))
        standing = _standing(watched)
        inside = asyncio.create_task(_inside(watched, standing, over, changed))
        above = asyncio.create_task(_above(watched, over, changed))
        await asyncio.sleep(0)  # both have begun: from here on nothing is missed
        if _standing(watched) != standing:
            over.set()
        elif replaced:
            changed(replaced)
            replaced = set()
        await inside
        replaced |= await above
        ending.cancel()


async def _inside(
    watched: WatchedPaths, standing: Standing, over: asyncio.Event, changed: Told
) -> None:
    """Pass on what changes in the folders that stand."""
    async for batch in awatch(
        *standing,
        watch_filter=lambda _, path: watched.counts(Path(path)),
        debounce=LONGEST,
        step=QUIET,
        stop_event=over,
    ):
        changed({Path(path) for _, path in batch})


async def _above(watched: WatchedPaths, over: asyncio.Event, changed: Told) -> set[Path]:
    """Pass on changes of single files; end with the folders that went, came or were replaced."""
    folders = {*watched.folders, *watched.code}
    async for batch in awatch(
        *{_nearest(path.parent) for path in (*folders, *watched.files)},
        watch_filter=None,
        debounce=LONGEST,
        step=QUIET,
        stop_event=over,
        recursive=False,
    ):
        files = {Path(path) for _, path in batch} & set(watched.files)
        if files:
            changed(files)
        replaced = {Path(path) for change, path in batch if change != Change.modified}
        # A folder may also have come into a folder that was missing itself.
        replaced = {each for each in folders if replaced & {each, *each.parents}}
        if replaced:
            over.set()
            return replaced
    return set()


async def _end_with(stop: asyncio.Event, over: asyncio.Event) -> None:
    await stop.wait()
    over.set()


def _standing(watched: WatchedPaths) -> Standing:
    """Return the folders that are there, each with what tells it from one put in its place."""
    identities = {}
    for folder in (*watched.folders, *watched.code):
        if folder.is_dir():
            about = folder.stat()
            identities[folder] = (about.st_dev, about.st_ino)
    return identities


def _nearest(folder: Path) -> Path:
    """Return the folder, or the closest one above it that is there."""
    return next(path for path in (folder, *folder.parents) if path.is_dir())
