"""Notices what is saved: content, settings, theme and code, by the system's own notices."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import Change, DefaultFilter, awatch

if TYPE_CHECKING:
    from collections.abc import Callable

    Standing = dict[Path, tuple[int, int]]
    Told = Callable[[set[Path]], None]

# A change is passed on when nothing more has come for QUIET, or LONGEST after the first of it.
QUIET, LONGEST = 50, 800  # milliseconds
CODE = (".py", ".pyi")
# Leftovers of editors, beyond those that DefaultFilter knows: emacs, vim, GNOME, KDE, browsers.
LEFTOVERS = (r"^#.*#$", r"^4913$", r"\.(?:tmp|temp|bak|orig|part|crdownload|kate-swp)$", r"^\.")


@dataclass(frozen=True)
class Watched:
    """What a preview watches."""

    folders: tuple[Path, ...]
    files: tuple[Path, ...]
    code: tuple[Path, ...]  # folders of which Python alone counts
    left_out: tuple[Path, ...]  # folders within those

    @classmethod
    def of(cls, house: Path, root: Path, content: Path, site: Path) -> Watched:
        """Return what makes the site of an association's `root`, built by the code in `house`."""
        themes = dict.fromkeys([root / "theme", house / "theme"])
        settings = dict.fromkeys([root / "pelicanconf.py", house / "pelicanconf.py", site])
        return cls(
            folders=(content, *themes),
            files=tuple(settings),
            code=tuple(house / name for name in ("core", "plugins", "commands", "feedback")),
            left_out=(house / "commands" / "preview",),
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
            folder in path.parents
            and not any(part.startswith(".") for part in path.relative_to(folder).parts)
            for folder in self.folders
        )


class Filter(DefaultFilter):
    """Lets through what counts, and no leftovers of editors."""

    ignore_entity_patterns = (*DefaultFilter.ignore_entity_patterns, *LEFTOVERS)

    def __init__(self, watched: Watched) -> None:
        super().__init__()
        self._watched = watched

    def __call__(self, change: Change, path: str) -> bool:
        """Return whether a change is passed on."""
        return super().__call__(change, path) and self._watched.counts(Path(path))


async def watch(watched: Watched, stop: asyncio.Event, changed: Told) -> None:
    """Call `changed` with the paths of each change until `stop` is set.

    Folders are watched with all they hold. The folders above them are watched too, by name alone:
    a save that puts a new file in an old one's place, and a folder that goes and comes back
    (`git switch`), would end a watch on the thing itself.
    """
    while not stop.is_set():
        over = asyncio.Event()
        ending = asyncio.create_task(_end_with(stop, over))
        standing = _standing(watched)
        await asyncio.gather(
            _inside(watched, standing, over, changed), _above(watched, standing, over, changed)
        )
        ending.cancel()


async def _inside(watched: Watched, standing: Standing, over: asyncio.Event, changed: Told) -> None:
    """Pass on what changes in the folders that stand."""
    async for batch in awatch(
        *standing, watch_filter=Filter(watched), debounce=LONGEST, step=QUIET, stop_event=over
    ):
        changed({Path(path) for _, path in batch})


async def _above(watched: Watched, standing: Standing, over: asyncio.Event, changed: Told) -> None:
    """Pass on changes of single files; begin anew when a folder went, came or was replaced."""
    paths = (*watched.folders, *watched.code, *watched.files)
    async for batch in awatch(
        *{_nearest(path.parent) for path in paths},
        watch_filter=None,
        debounce=LONGEST,
        step=QUIET,
        stop_event=over,
        recursive=False,
    ):
        files = {Path(path) for _, path in batch} & set(watched.files)
        now = _standing(watched)
        folders = {path for path in {**now, **standing} if now.get(path) != standing.get(path)}
        if files or folders:
            changed(files | folders)
        if folders:
            over.set()


async def _end_with(stop: asyncio.Event, over: asyncio.Event) -> None:
    await stop.wait()
    over.set()


def _standing(watched: Watched) -> Standing:
    """Return the folders that are there, each with what tells it from one put in its place."""
    found = {}
    for folder in (*watched.folders, *watched.code):
        if folder.is_dir():
            about = folder.stat()
            found[folder] = (about.st_dev, about.st_ino)
    return found


def _nearest(folder: Path) -> Path:
    """Return the folder, or the closest one above it that is there."""
    return next(path for path in (folder, *folder.parents) if path.is_dir())
