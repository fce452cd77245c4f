"""`./run upgrade`: says what a newer version changes, brings it, and takes it back when asked."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from commands.upgrading import journal
from commands.upgrading.comparison import compare
from commands.upgrading.house import CHANGES, CannotUpgrade, Installation, git, number
from commands.upgrading.rehearsal import rehearse
from commands.upgrading.source import new_version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from commands.upgrading.comparison import Comparison
    from commands.upgrading.rehearsal import Rehearsal

MODULE = "commands.upgrading.upgrade"
WORKER = "commands/upgrading/upgrade.py"  # in the new version, which knows best
SHOWN = 12  # names of one sort


def upgrade(  # noqa: PLR0913 - as many as the command line has options
    house: Path,
    wanted: str,
    *,
    version: str = "",
    dry_run: bool = False,
    yes: bool = False,
    say: Callable[[str], None] = print,
) -> int:
    """Fetch a newer version and let it bring itself into a house.

    :param house: the association's folder.
    :param wanted: a folder, an archive, or the address of an archive or a git repository.
    :param version: a tag or branch of that repository.
    :param dry_run: only say what would change.
    :returns: 0 when the house is up to date, or somebody said no; 1 when nothing could be done.
    """
    options = [*(["--dry-run"] if dry_run else []), *(["--yes"] if yes else [])]
    if not wanted:
        say("Write where the newer version is: ./run upgrade ADDRESS, or a folder or an archive.")
        return 1
    try:
        with new_version(wanted, version) as new:
            # The new version's own code does it: it knows what became of older ones.
            say(f"Comparing with {new.version} …")
            code = new.folder if (new.folder / WORKER).is_file() else Path(__file__).parents[2]
            words = ["-m", MODULE, os.fspath(house.resolve()), os.fspath(new.folder), *options]
            surroundings = {**os.environ, "PYTHONPATH": os.fspath(code)}
            surroundings.pop("PYTHONSAFEPATH", None)
            sys.stdout.flush()
            return subprocess.run(
                [sys.executable, *words], cwd=code, env=surroundings, check=False
            ).returncode
    except CannotUpgrade as reason:
        say(str(reason))
        return 1


def usual_source(house: Path) -> str:
    """Return the address that git knows as `house`, as older docs asked to call it; else ""."""
    return os.fsdecode(git(house, "remote", "get-url", "house") or b"").strip()


def undo(house: Path, *, say: Callable[[str], None] = print) -> int:
    """Take the last upgrade back.

    :returns: 0, or 1 when there is none.
    """
    try:
        undone, edited = journal.undo(house)
    except CannotUpgrade as reason:
        say(str(reason))
        return 1
    for line in _listed("You edited these after the upgrade; your edits are kept here", edited):
        say(line)
    say(f"This is {undone.before} again. `./run serve` shows the site as it was.")
    return 0


def bring(  # noqa: PLR0913 - what the command was told, by name
    house: Installation,
    new: Installation,
    *,
    dry_run: bool,
    yes: bool,
    say: Callable[[str], None],
    ask: Callable[[str], str],
) -> int:
    """Say what a version changes in a house, and bring it there.

    :returns: as `upgrade` does.
    :raises CannotUpgrade: for an older version, or one that is the house itself.
    """
    if house.folder.resolve() == new.folder.resolve():
        raise CannotUpgrade("A house can't be upgraded from itself. Name another folder.")
    if number(new.version) < number(house.version):
        raise CannotUpgrade(
            f"What is there is {new.version}, and this is {house.version} already. "
            "To go back to what was before an upgrade: ./run upgrade --undo"
        )
    if journal.unfinished(house.folder):
        raise CannotUpgrade(
            "An upgrade was begun here and not finished. Type ./run upgrade --undo, then try again."
        )
    comparison = compare(house, new)
    if comparison.nothing:
        say(f"This is {house.version}, and nothing newer is there.")
        return 0
    _tell(house, new, comparison, say)
    say(f"Trying {new.version} on a copy of your site …")
    rehearsal = rehearse(house, new, Path(__file__).parents[2])
    _tell_rehearsal(house, new, rehearsal, say)
    if dry_run:
        say("This was a rehearsal: nothing was changed.")
        return 0
    if not yes and not _agreed(ask, f"Upgrade from {house.version} to {new.version}?"):
        say("Nothing was changed. (To upgrade without being asked: --yes.)")
        return 0
    journal.apply(house, new, comparison, rehearsal.migrated)
    say(
        f"Done: this is {new.version}. Look before you publish: ./run check, then ./run serve, "
        "then ./run publish --everything. To go back: ./run upgrade --undo"
    )
    return 0


def _tell(
    house: Installation, new: Installation, comparison: Comparison, say: Callable[[str], None]
) -> None:
    if changes := new.changes_since(house.version):
        say(f"What changes for you ({CHANGES}):\n\n{changes}\n")
    say(
        f"From {house.version} to {new.version}: {len(comparison.taken)} files of ours are taken "
        f"anew, {len(comparison.removed)} go. content/, site.toml, templates/, translations/, "
        "local_plugins/ and private/ are yours and stay."
    )
    if not comparison.known:
        say(
            f"  What went out as {house.version} isn't known, so edits of yours to our files "
            "can't be told from ours: all of ours is taken, and what stood there is kept in "
            f"{journal.FOLDER}/before."
        )
    aside = f"{journal.ASIDE}/{new.version}"
    clash = f"Edited here and anew by us in the same places: ours are taken, yours lie in {aside}"
    for heading, names in (
        ("You edited these, and they stay as they are", comparison.edited),
        ("You edited these, and your edits stay in the new ones", sorted(comparison.merged)),
        (clash, comparison.aside),
        ("You took these out, and they stay out", comparison.deleted),
        ("These are yours, among files of ours, and stay", comparison.added),
    ):
        for line in _listed(heading, names):
            say(line)


def _tell_rehearsal(
    house: Installation, new: Installation, rehearsal: Rehearsal, say: Callable[[str], None]
) -> None:
    """Say what becomes of their own files, and what the new version finds wrong in them."""
    migrated = [
        f"{name}: {reason}" for name, reasons in rehearsal.reasons.items() for reason in reasons
    ]
    for line in _listed(f"These are yours, and written anew as {new.version} reads them", migrated):
        say(line)
    faults = [_fault_line(fault) for fault in rehearsal.faults]
    against = f" that {house.version} doesn't" if rehearsal.known else " in your files"
    if not faults:
        say(f"  {new.version} finds no fault{against}.")
        return
    for line in _listed(f"{new.version} finds what you would have to mend{against}", faults):
        say(line)
    say("  Until that is mended nothing can be published, and --undo takes an upgrade back.")


def _fault_line(fault: Mapping[str, object]) -> str:
    place = f"{fault['path']}:{fault['line']}" if fault.get("line") else f"{fault['path']}"
    named = f" [{fault['field']}]" if fault.get("field") else ""
    return f"{place}:{named} {fault['wrong']} {fault['instead']}".rstrip()


def _listed(heading: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    more = [f"    and {len(names) - SHOWN} more"] if len(names) > SHOWN else []
    return [f"  {heading} ({len(names)}):", *(f"    {name}" for name in names[:SHOWN]), *more]


def _agreed(ask: Callable[[str], str], question: str) -> bool:
    try:
        return ask(f"{question} [y/N] ").strip().casefold() in {"y", "yes"}
    except EOFError:
        return False


def main(arguments: Sequence[str]) -> int:
    """Bring the version in one folder into another, for an older version's `upgrade`."""
    parser = argparse.ArgumentParser(prog="upgrade", description=main.__doc__)
    parser.add_argument("house", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--yes", action="store_true")
    chosen = parser.parse_args(arguments)
    try:
        return bring(
            Installation(chosen.house),
            Installation(chosen.new),
            dry_run=chosen.dry_run,
            yes=chosen.yes,
            say=lambda text: print(text, flush=True),
            ask=input,
        )
    except CannotUpgrade as reason:
        print(reason)
    except KeyboardInterrupt:
        print("\nStopped.")
    except OSError as error:
        print(
            f"{error.filename} can't be written: {error.strerror}. Mend that, then type the same "
            "again, or go back: ./run upgrade --undo"
        )
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
