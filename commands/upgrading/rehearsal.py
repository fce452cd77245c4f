"""Tries a newer version on a copy of what an association wrote, before anything of theirs changes.

The copy is migrated and checked by the new version itself, with the packages that it wants. So
what it would find wrong is known before anybody agrees, and a version that can't be set up here,
or can't build this site, never takes the place of one that can.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.upgrading.house import THEIRS, CannotUpgrade
from commands.upgrading.own_plugins import bring_own_plugins

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from commands.upgrading.house import Installation

LOCK = "requirements.lock"
STAMP = ".venv/complete.json"  # what the door writes when an environment is whole
PYTHON = ".venv/bin/python"
MENU = "commands/menu.py"
MIGRATIONS = "commands.upgrading.migrations"
CACHE = ".cache"
PRIVATE = "private"  # nobody's but the feedback service's: no copy is made
Fault = dict[str, Any]  # as `check --format json` prints it


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """What a newer version makes of an association's own files."""

    migrated: Mapping[str, bytes] = field(default_factory=dict)  # by path below the house
    reasons: Mapping[str, Sequence[str]] = field(default_factory=dict)  # for each of them
    faults: tuple[Fault, ...] = ()  # those that the version in place doesn't find
    known: bool = False  # whether the version in place could be asked


def rehearse(house: Installation, new: Installation, code: Path) -> Rehearsal:
    """Migrate and check a copy of what is theirs, and leave the house as it is.

    :param code: the folder whose migrations are run: the new version's.
    :raises CannotUpgrade: when the new version can't be set up, or can't build this site.
    """
    python = _environment(new)
    # On the house's own disk, where a recording can have a second name; git doesn't see it there.
    beside = house.folder / CACHE
    beside.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="upgrade-", dir=beside) as scratch:
        copy = Path(scratch, "association")
        _copy_theirs(house.folder, copy)
        words = [python, "-m", MIGRATIONS, os.fspath(copy), house.version]
        reasons = _answer(words, code, "bring your files into its own form")
        shipped = {**(new.release(house.version) or {}), **new.files()}
        reasons |= bring_own_plugins(house.folder, copy, shipped)
        migrated = {name: (copy / name).read_bytes() for name in reasons}
        if not (copy / "content").is_dir() or not (copy / "site.toml").is_file():
            return Rehearsal(migrated=migrated, reasons=reasons)
        after = _checked(python, new, copy)
    before = _checked_in_place(house)
    return Rehearsal(
        migrated=migrated,
        reasons=reasons,
        faults=_added(before or (), after),
        known=before is not None,
    )


def _environment(new: Installation) -> str:
    """Return the Python with the packages of the new version, made if need be by its own door.

    :raises CannotUpgrade: when they can't be had.
    """
    lock = new.folder / LOCK
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest() if lock.is_file() else ""
    if wanted and _stamp(Path(sys.prefix).parent).get(LOCK) == wanted:
        return sys.executable
    door = [sys.executable, os.fspath(new.folder / "run"), "--version"]
    # Its door says on standard error what it installs, and what was in the way.
    done = subprocess.run(door, stdout=subprocess.DEVNULL, check=False)
    if done.returncode or not (new.folder / PYTHON).exists():
        raise CannotUpgrade(
            f"{new.version} can't be set up on this machine, so nothing was changed. Mend what is "
            "said above, then type the same again."
        )
    return os.fspath(new.folder / PYTHON)


def _stamp(folder: Path) -> dict[str, str]:
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _copy_theirs(house: Path, copy: Path) -> None:
    """Copy what is theirs; pictures and recordings take no second place where disks allow it."""
    copy.mkdir()
    for name in THEIRS:
        if name == PRIVATE:
            continue
        if (house / name).is_dir():
            shutil.copytree(house / name, copy / name, symlinks=True, copy_function=_second_name)
        elif (house / name).is_file():
            shutil.copy2(house / name, copy / name)


def _second_name(source: str, target: str) -> str:
    """Give a file that nothing rewrites a second name; copy what a migration might rewrite."""
    if Path(source).stat().st_size > 1_000_000:  # noqa: PLR2004 - bytes: a text is smaller
        try:
            os.link(source, target, follow_symlinks=False)
        except OSError:
            pass
        else:
            return target
    return shutil.copy2(source, target, follow_symlinks=False)


def _checked(python: str, version: Installation, folder: Path) -> tuple[Fault, ...]:
    """Return the faults that a version finds in an association's folder.

    :raises CannotUpgrade: when it can't build the site at all.
    """
    places = ["--content", os.fspath(folder / "content"), "--site", os.fspath(folder / "site.toml")]
    menu = os.fspath(version.folder / MENU)
    words = [python, "-P", menu, "check", "--format", "json", *places]
    report = _answer(words, version.folder, "check your site", (0, 1))
    if report.get("crash"):
        last = str(report["crash"]).strip().rpartition("\n")[2]
        raise CannotUpgrade(
            f"{version.version} can't build your site, so nothing was changed. It ended with:\n"
            f"  {last}\nThat is most likely a plugin of your own, or a mistake of ours to tell us."
        )
    return tuple(report["faults"])


def _checked_in_place(house: Installation) -> tuple[Fault, ...] | None:
    """Return the faults that the version in place finds; None when it can't be asked."""
    python = house.folder / PYTHON
    if not python.exists() or not (house.folder / MENU).is_file():
        return None
    try:
        return _checked(os.fspath(python), house, house.folder)
    except CannotUpgrade:
        return None


def _answer(
    words: Sequence[str], code: Path, task: str, well: tuple[int, ...] = (0,)
) -> dict[str, Any]:
    """Return what a program of a version prints, as JSON.

    :raises CannotUpgrade: when it fails.
    """
    surroundings = {**os.environ, "PYTHONPATH": os.fspath(code)}
    surroundings.pop("PYTHONSAFEPATH", None)
    done = subprocess.run(words, cwd=code, env=surroundings, capture_output=True, check=False)
    try:
        if done.returncode in well:
            answer: dict[str, Any] = json.loads(done.stdout)
            return answer
    except ValueError:
        pass
    complaint = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
    raise CannotUpgrade(
        f"The new version could not {task}, so nothing was changed. It said:\n"
        f"  {complaint.rpartition(chr(10))[2] or 'nothing'}"
    )


def _added(before: Sequence[Fault], after: Sequence[Fault]) -> tuple[Fault, ...]:
    """Return the faults that come with a version; one that is only told otherwise is none."""
    held = Counter(map(_sort, before))
    added = []
    for fault in after:
        if held[_sort(fault)]:
            held[_sort(fault)] -= 1
        else:
            added.append(fault)
    return tuple(added)


def _sort(fault: Fault) -> tuple[object, ...]:
    return (fault.get("path"), fault.get("field"), fault.get("code"))
