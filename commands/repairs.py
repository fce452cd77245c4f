"""What was handed over, to and from the system in which it is done, as tables in CSV."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from commands.site_folder import read_site
from commands.terminal import Stop, ends_in_words
from core.working_time import WorkingTime
from feedback.handed_rows import handed_rows
from feedback.settings import SettingFault, Settings
from feedback.store import Store, StoreFault, read_existing
from feedback.store.actions.work_reports import WorkDesk, WorkTaken, take_reports
from feedback.work_tables import (
    PrivateWorkRow,
    RowFault,
    WorkRow,
    WorkTableFault,
    read_reports,
    work_csv,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection

MOST_BYTES = 100_000_000  # of a table
NAMED = 20  # rows of a sort that are named one by one


class _OnlyLooked(Exception):
    """Undoes a rehearsal; what it would have done is told."""

    def __init__(self, taken: WorkTaken) -> None:
        super().__init__()
        self.taken = taken


@dataclass(frozen=True)
class WorkExport:
    """What is to be written, and where."""

    file: Path
    private: bool  # with the words, and the ways to whoever said them
    everything: bool  # also what came back


@ends_in_words({SettingFault: 2, StoreFault: 1})
def export_work(
    root: Path, site_file: Path, wanted: WorkExport, say: Callable[[str], object]
) -> int:
    """Write what was handed over into a new file, for its owner alone; returns the exit code.

    :raises Stop: where the file is there already, or can't be written.
    """
    site, settings = read_site(site_file), Settings.read(os.environ, root)
    today = WorkingTime.of(site).day(datetime.now(UTC))
    with read_existing(settings.database) as conn:
        rows = list(handed_rows(conn, site, today, everything=wanted.everything))
    cls = PrivateWorkRow if wanted.private else WorkRow
    try:
        with os.fdopen(
            os.open(wanted.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
        ) as f:
            f.write(work_csv(rows, cls).encode())
    except FileExistsError:
        raise Stop(f"{wanted.file} is there already. Give another name, or delete it.") from None
    except OSError as error:
        raise Stop(f"{wanted.file} can't be written: {error.strerror}.") from None
    say(f"{len(rows)} handed over, in {wanted.file}.")
    if wanted.private:
        say("It holds people's words and addresses: send it as you would send those.")
    return 0


@ends_in_words({SettingFault: 2, StoreFault: 1, WorkTableFault: 1})
def import_work(
    root: Path, site_file: Path, file: Path, *, dry_run: bool, say: Callable[[str], object]
) -> int:
    """Take in what a system says of its jobs; all that can be meant of it, in one go.

    :returns: 0, or 1 where a row could not be taken.
    :raises Stop: for a file that can't be read.
    """
    site, settings = read_site(site_file), Settings.read(os.environ, root)
    reports, faults = read_reports(_content(file), site.repairs)
    now = datetime.now(UTC)
    desk = WorkDesk(site.languages, site.unnamed, WorkingTime.of(site).day(now), now)

    def work(conn: Connection) -> WorkTaken:
        taken = take_reports(conn, reports, desk)
        if dry_run:
            raise _OnlyLooked(taken)
        return taken

    with Store.open(settings) as store:
        try:
            taken = store.write_now(work, within=600)
        except _OnlyLooked as looked:
            taken = looked.taken
    refused = sorted([*faults, *taken.refused])
    for line in _lines(taken, refused, dry_run=dry_run):
        say(line)
    return 1 if refused else 0


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise Stop(f"{file} has more than {MOST_BYTES // 1_000_000} MB: no table of jobs has.")
        return file.read_bytes()
    except OSError as error:
        raise Stop(f"{file} can't be read: {error.strerror}.") from None


def _lines(taken: WorkTaken, refused: list[RowFault], *, dry_run: bool) -> Iterator[str]:
    verb = "would come back" if dry_run else "came back"
    yield f"{taken.done} {verb} as done, {taken.not_done} as not done."
    if taken.numbered:
        yield f"{taken.numbered} {'would have' if dry_run else 'have'} a job's number now."
    yield f"{taken.same} rows say nothing new."
    if taken.unknown:
        names = (f"line {row.line}: {row.ref or row.job}" for row in taken.unknown)
        yield f"{len(taken.unknown)} rows are of nothing that was handed over here:"
        yield from _named(names, len(taken.unknown))
    if refused:
        yield f"{len(refused)} rows were not taken:"
        yield from _named((f"line {fault.line}: {fault.wrong}" for fault in refused), len(refused))
    if dry_run:
        yield "Nothing was changed."


def _named(lines: Iterable[str], count: int) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == NAMED:
            yield f"  and {count - NAMED} more"
            return
        yield f"  {line}"
