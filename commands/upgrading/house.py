"""A folder that holds a version of Open House: which version it is, and which files are ours."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from core.content_files import FOREIGN_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "open-house"
# The association's own: no version of ours touches them.
THEIRS = ("content", "site.toml", "templates", "translations", "local_plugins", "private")
# What is made again, or belongs to git and to an upgrade itself.
MADE = {".git", ".venv", ".venv.lock", ".cache", ".upgrade", "build", "output", "set-aside"}
RELEASES = "commands/upgrading/releases"  # a list of the files of each version that went out
CHANGES = "CHANGELOG.md"
HEADING = re.compile(r"## \[(\d+(?:\.\d+)*)\]")


class CannotUpgrade(Exception):
    """Nothing was changed; the message says why, and what to do."""


@dataclass(frozen=True)
class Installation:
    """A folder with a version of Open House in it."""

    folder: Path

    @cached_property
    def version(self) -> str:
        """Return which version it is.

        :raises CannotUpgrade: when there is no Open House in the folder.
        """
        try:
            text = (self.folder / "pyproject.toml").read_text(encoding="utf-8")
            project = tomllib.loads(text)["project"]
            known = project["name"] == NAME and (self.folder / "run").is_file()
        except (OSError, ValueError, KeyError, TypeError):
            known = False
        if not known:
            raise CannotUpgrade(f"{self.folder} holds no Open House. Name the folder that does.")
        return str(project["version"])

    def files(self) -> dict[str, str]:
        """Return the files that may be ours, each with git's name for what it holds."""
        names = self._listed_by_git() or sorted(self._walked())
        return {name: blob(self.folder / name) for name in names if _may_be_ours(name)}

    def _listed_by_git(self) -> list[str]:
        """Return what git keeps here, and what it was not told yet; [] outside git."""
        words = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        if not (self.folder / ".git").exists() or (listed := git(self.folder, *words)) is None:
            return []
        names = (name for name in os.fsdecode(listed).split("\0") if name)
        return [name for name in names if os.path.lexists(self.folder / name)]

    def _walked(self) -> Iterator[str]:
        for folder, folders, names in os.walk(self.folder):
            folders[:] = [name for name in folders if name.lower() not in FOREIGN_FOLDERS | MADE]
            for name in names:
                yield (Path(folder) / name).relative_to(self.folder).as_posix()

    def listing(self) -> str:
        """Return the files of this version as `release` reads them."""
        return "".join(f"{held} {name}\n" for name, held in sorted(self.files().items()))

    def release(self, version: str) -> dict[str, str] | None:
        """Return the files of a version as it went out, as `files` does; None when unknown."""
        file = self.folder / RELEASES / f"{version}.txt"
        if not file.is_file():
            return None
        lines = file.read_text(encoding="utf-8").splitlines()
        return {name: held for held, _, name in (line.partition(" ") for line in lines)}

    def changes_since(self, version: str) -> str:
        """Return the part of the changelog that tells of newer versions."""
        try:
            lines = (self.folder / CHANGES).read_text(encoding="utf-8").splitlines()
        except OSError:
            return ""
        parts: list[str] = []
        newer = False
        for line in lines:
            if heading := HEADING.match(line):
                newer = number(heading[1]) > number(version)
            if newer:
                parts.append(line)
        return "\n".join(parts).strip()


def number(version: str) -> tuple[int, ...]:
    """Return a version as something to compare."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def blob(file: Path) -> str:
    """Return git's name for what a file holds: the SHA-1 of its bytes and their number."""
    data = os.fsencode(file.readlink()) if file.is_symlink() else file.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def git(folder: Path, *words: str) -> bytes | None:
    """Return what a git command prints; None when it fails, or there is no git."""
    try:
        done = subprocess.run(["git", *words], cwd=folder, capture_output=True, check=False)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def _may_be_ours(name: str) -> bool:
    first = name.partition("/")[0]
    return first not in {*THEIRS, *MADE}
