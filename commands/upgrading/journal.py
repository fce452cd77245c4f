"""What an upgrade did, written down before it is done, so that it can be undone at any moment."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from commands.upgrading.house import RELEASES, CannotUpgrade, Installation, blob

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from commands.upgrading.comparison import Comparison

FOLDER = ".upgrade"  # in the house; git doesn't see it
ASIDE = "set-aside"  # in the house, for its owner to look at


@dataclass
class Journal:
    """One upgrade: from which version, to which, and what each file is afterwards."""

    before: str
    after: str
    files: dict[str, str] = field(default_factory=dict)  # name → what it holds then; "" for none
    aside: list[str] = field(default_factory=list)  # copies of edits, below the house
    finished: bool = False

    def write(self, house: Path) -> None:
        """Write it down in the house."""
        text = json.dumps(asdict(self), indent=1)
        (house / FOLDER / "journal.json").write_text(text, encoding="utf-8")


def unfinished(house: Path) -> bool:
    """Whether an upgrade was begun in a house and interrupted."""
    journal = _read(house)
    return journal is not None and not journal.finished


def _read(house: Path) -> Journal | None:
    try:
        text = (house / FOLDER / "journal.json").read_text(encoding="utf-8")
        return Journal(**json.loads(text))
    except (OSError, ValueError, TypeError):
        return None


def apply(
    house: Installation,
    new: Installation,
    comparison: Comparison,
    migrated: Mapping[str, bytes] = MappingProxyType({}),
) -> Journal:
    """Do what a comparison says; what stood there before is kept.

    :param migrated: files of theirs in the new version's form, by path below the house.
    :raises OSError: when a file can't be written; `undo` brings back what was.
    """
    folder = house.folder / FOLDER
    if folder.exists():
        shutil.rmtree(folder)
    journal = Journal(house.version, new.version)
    # What came is remembered, so that the next upgrade can tell edits from it.
    listed = f"{RELEASES}/{new.version}.txt"
    written = {**comparison.merged, **migrated, listed: new.listing().encode()}
    for name in (*comparison.written, *migrated, listed):
        _copy(house.folder / name, folder / "before" / name)
        goes = name in comparison.removed or not os.path.lexists(new.folder / name)
        journal.files[name] = "" if goes else blob(new.folder / name)
    for name, whole in written.items():
        fresh = folder / "made" / name
        fresh.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(whole)
        like = (house if name in migrated else new).folder / name
        if like.exists():
            shutil.copymode(like, fresh)
        journal.files[name] = blob(fresh)
    journal.aside = [f"{ASIDE}/{new.version}/{name}" for name in comparison.aside]
    folder.mkdir(exist_ok=True)
    journal.write(house.folder)
    for name, copy in zip(comparison.aside, journal.aside, strict=True):
        _copy(house.folder / name, house.folder / copy)
    for name, held in journal.files.items():
        source = folder / "made" / name if name in written else new.folder / name
        if held:
            _copy(source, house.folder / name)
        else:
            _remove(house.folder, [name])
    journal.finished = True
    journal.write(house.folder)
    return journal


def undo(house: Path) -> tuple[Journal, list[str]]:
    """Bring back what stood there before the last upgrade, finished or not.

    :returns: what was undone, and copies of files that were edited after it.
    :raises CannotUpgrade: when there is nothing to undo.
    """
    folder = house / FOLDER
    if (journal := _read(house)) is None:
        raise CannotUpgrade("There is no upgrade to undo here.")
    edited = []
    for name, held in journal.files.items():
        here, before = house / name, folder / "before" / name
        was = blob(before) if os.path.lexists(before) else ""
        if os.path.lexists(here) and blob(here) not in {held, was}:
            edited.append(f"{ASIDE}/{journal.after}-edited/{name}")
            _copy(here, house / edited[-1])
        if was:
            _copy(before, here)
        else:
            _remove(house, [name])
    _remove(house, journal.aside)
    shutil.rmtree(folder)
    return journal, edited


def _copy(source: Path, target: Path) -> None:
    """Put a copy in place at once, so that nobody ever meets half a file."""
    if not os.path.lexists(source):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.new")
    fresh.unlink(missing_ok=True)
    shutil.copy2(source, fresh, follow_symlinks=False)
    fresh.replace(target)


def _remove(house: Path, names: Iterable[str]) -> None:
    """Take files away, and the folders that are empty then."""
    for name in names:
        (house / name).unlink(missing_ok=True)
        for folder in (house / name).parents:
            if folder == house or not folder.is_dir() or any(folder.iterdir()):
                break
            folder.rmdir()
