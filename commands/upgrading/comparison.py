"""What an upgrade does to each file: taken, taken away, put together, or set aside."""

from __future__ import annotations

import os
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from commands.upgrading.house import RELEASES, git

if TYPE_CHECKING:
    from commands.upgrading.house import Installation

PROGRAM = (".", "core", "plugins", "commands", "feedback", "theme")  # folders that must be whole


@dataclass
class Comparison:
    """What becomes of the files of a house."""

    known: bool  # whether edits of theirs can be told from what went out
    taken: list[str] = field(default_factory=list)  # new, or ours as it went out
    removed: list[str] = field(default_factory=list)  # ours once, and no longer
    merged: dict[str, bytes] = field(default_factory=dict)  # edited here, and both fit together
    aside: list[str] = field(default_factory=list)  # edited here, and they don't: kept beside
    edited: list[str] = field(default_factory=list)  # here alone: it stays
    deleted: list[str] = field(default_factory=list)  # ours, deleted here: it stays so
    added: list[str] = field(default_factory=list)  # nobody's but theirs, among ours: it stays

    @property
    def nothing(self) -> bool:
        """Whether every file of ours is as the new version has it."""
        return not (self.taken or self.removed or self.merged or self.aside)

    @property
    def written(self) -> list[str]:
        """Return the files that change, come or go."""
        return sorted({*self.taken, *self.removed, *self.merged, *self.aside})


def compare(house: Installation, new: Installation) -> Comparison:
    """Compare a house with a newer version.

    What went out with the house's version tells which files were edited here since. Of a version
    whose list is lost nothing can tell: all of ours is taken, and the upgrade's own copy of what
    stood there is where an edit can be found.
    """
    own_files, fresh_files = house.files(), new.files()
    shipped = new.release(house.version) or house.release(house.version)
    result = Comparison(known=shipped is not None)
    for name in sorted({*own_files, *fresh_files, *(shipped or {})}):
        held, fresh = own_files.get(name), fresh_files.get(name)
        was = held if shipped is None and fresh else (shipped or {}).get(name)
        if held == fresh or (fresh is None and name.startswith(f"{RELEASES}/")):
            continue
        if held is None:
            left_out = was is not None and not _is_program(name)
            (result.deleted if left_out else result.taken).append(name)
        elif fresh is None and was is None:
            result.added.append(name)
        elif fresh == was:
            result.edited.append(name)
        elif held == was:
            (result.taken if fresh else result.removed).append(name)
        elif fresh and (whole := _merged(house, new, name, was)) is not None:
            if whole != (house.folder / name).read_bytes():
                result.merged[name] = whole
        else:
            result.aside.append(name)
    return result


def _is_program(name: str) -> bool:
    return (Path(name).parts[0] if "/" in name else ".") in PROGRAM


def _merged(house: Installation, new: Installation, name: str, was: str | None) -> bytes | None:
    """Return a file with the house's edits and the new version's; None when they don't fit."""
    if was is None or (shipped := git(house.folder, "cat-file", "blob", was)) is None:
        return None
    with tempfile.TemporaryDirectory(prefix="open-house-") as folder:
        base = Path(folder, "shipped")
        base.write_bytes(shipped)
        words = ["git", "merge-file", "--stdout", os.fspath(house.folder / name), os.fspath(base)]
        done = subprocess.run(
            [*words, os.fspath(new.folder / name)], capture_output=True, check=False
        )
    return done.stdout if done.returncode == 0 else None
