"""`./run import FROM WHAT`: brings what an association wrote elsewhere, as files of this site."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from commands.importing.folders import FolderReader
from commands.importing.report import in_full, in_short
from commands.importing.wordpress import WordPress
from commands.importing.writer import Writer
from commands.terminal import Stop, complain, describe
from core.faults import Report
from core.site import parse_site
from core.values import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commands.importing.models import Haul
    from commands.terminal import Terminal
    from core.site import Site

REPORT = "build/import-{}.md"


class Reader(Protocol):
    """Reads one format; nothing of it touches the content folder."""

    def read(self) -> Haul:
        """Return everything that is there.

        :raises Stop: when nothing can be brought.
        """


READERS: dict[str, Callable[[Path, Site], Reader]] = {
    "wordpress": WordPress,
    "hugo": lambda path, site: FolderReader("hugo", path, site),
    "jekyll": lambda path, site: FolderReader("jekyll", path, site),
    "eleventy": lambda path, site: FolderReader("eleventy", path, site),
    "decap": lambda path, site: FolderReader("decap", path, site),
}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the command line said."""

    form: str  # one of READERS
    what: Path
    pictures: Path | None = None  # a folder in which pictures and documents lie
    dry_run: bool = False


def bring(
    wish: Wish, content: Path, site_file: Path, terminal: Terminal, now: datetime | None = None
) -> int:
    """Read what is named and write it below the content folder.

    :param now: aware; None for the clock.
    :returns: 0 when it was brought, 1 when it can't be, 2 when the words can't be followed.
    """
    try:
        site = _site(site_file)
        haul = _read(wish, site)
        today = (now or datetime.now(UTC)).astimezone(site.timezone).date()
        with terminal.progress() as progress:
            writer = Writer(site, site_file, content, today, wish.dry_run, progress)
            outcome = writer.bring(haul)
    except Stop as stop:
        complain(str(stop))
        return stop.code
    terminal.say(in_short(outcome, dry_run=wish.dry_run))
    if wish.dry_run:
        terminal.say("\nNothing was written.")
        return 0
    file = content.parent / REPORT.format(wish.form)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(in_full(outcome, str(wish.what)), encoding="utf-8", newline="\n")
    except OSError as error:
        complain(f"The report can't be written to {file}: {error.strerror}.")
        return 1
    terminal.say(f"\nThe whole list is in {file}. ./run check says what to mend.")
    return 0


def _site(site_file: Path) -> Site:
    report = Report()
    try:
        text = site_file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Stop(f"{site_file} can't be read. Nothing was written.", 2) from None
    if (site := parse_site(text, report.at(site_file.name))) is None:
        raise Stop(f"{describe(tuple(report))}\nNothing was written.", 2)
    return site


def _read(wish: Wish, site: Site) -> Haul:
    form = wish.form.strip().lower()
    if form not in READERS:
        near = did_you_mean(form, READERS)
        known = ", ".join(READERS)
        raise Stop(
            " ".join(
                f"There is no import from “{wish.form}”. {near} Write one of: {known}.".split()
            ),
            2,
        )
    if wish.pictures and not wish.pictures.is_dir():
        raise Stop(f"--pictures: there is no folder {wish.pictures}.", 2)
    haul = READERS[form](wish.what, site).read()
    return replace(haul, folders=(*haul.folders, *([wish.pictures] if wish.pictures else [])))
