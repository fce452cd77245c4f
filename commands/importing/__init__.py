"""`./run import FROM WHAT`: brings what an association wrote elsewhere, as files of this site."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from commands.importing.calendars import CalendarReader
from commands.importing.folders import FolderReader
from commands.importing.podcasts import PodcastReader
from commands.importing.report import in_full, in_short
from commands.importing.transcripts import TranscriptReader
from commands.importing.word import WordReader
from commands.importing.wordpress import WordPress
from commands.importing.writer import ImportWriter
from commands.site_folder import read_site
from commands.terminal import Stop, complain
from core.values import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from commands.importing.models import ImportedSite, ImportOptions
    from commands.terminal import Terminal
    from core.site import Site

REPORT = "build/import-{}.md"


class FormatReader(Protocol):
    """Reads one format; nothing of it touches the content folder."""

    def read(self) -> ImportedSite:
        """Return everything that is there.

        :raises Stop: when nothing can be brought.
        """


@dataclass(frozen=True)
class ImportContext:
    """What a reader may know of the site that it reads for."""

    wish: ImportOptions
    site: Site
    content: Path
    today: date
    ask: Callable[[str], str]


READERS: dict[str, Callable[[ImportContext], FormatReader]] = {
    "wordpress": lambda to: WordPress(to.wish.what, to.site),
    "hugo": lambda to: FolderReader("hugo", to.wish.what, to.site, to.today),
    "jekyll": lambda to: FolderReader("jekyll", to.wish.what, to.site, to.today),
    "eleventy": lambda to: FolderReader("eleventy", to.wish.what, to.site, to.today),
    "decap": lambda to: FolderReader("decap", to.wish.what, to.site, to.today),
    "word": lambda to: WordReader(to.wish, to.site),
    "podcast": lambda to: PodcastReader(to.wish, to.site),
    "calendar": lambda to: CalendarReader(to.wish, to.site, to.today),
    "transcript": lambda to: TranscriptReader(to.wish, to.site, to.content, to.ask),
}
OTHER_NAMES = {
    "wxr": "wordpress",
    "11ty": "eleventy",
    "netlify": "decap",
    "docx": "word",
    "rss": "podcast",
    "ics": "calendar",
    "srt": "transcript",
    "vtt": "transcript",
}


def bring(  # noqa: PLR0913 - what was typed, where it goes, and three seams
    wish: ImportOptions,
    content: Path,
    site_file: Path,
    terminal: Terminal,
    *,
    ask: Callable[[str], str],
    now: datetime | None = None,
) -> int:
    """Read what is named and write it below the content folder.

    :param ask: asks a question and returns the answer; EOFError means that nobody is there.
    :param now: aware; None for the clock.
    :returns: 0 when it was brought, 1 when it can't be, 2 when the words can't be followed.
    """
    try:
        site = read_site(site_file, "Nothing was written.")
        today = (now or datetime.now(UTC)).astimezone(site.timezone).date()
        haul = _read(ImportContext(wish, site, content, today, ask))
        with terminal.progress() as progress:
            writer = ImportWriter(site, site_file, content, today, wish.dry_run, progress)
            outcome = writer.bring(haul)
    except Stop as stop:
        complain(str(stop))
        return stop.code
    except (EOFError, KeyboardInterrupt):
        complain("\nStopped; nothing was written. With --yes nothing is asked.")
        return 1
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


def _read(to: ImportContext) -> ImportedSite:
    wish, form = to.wish, to.wish.form.strip().lower().removeprefix(".")
    form = OTHER_NAMES.get(form, form)
    if form not in READERS:
        near, known = did_you_mean(form, READERS), ", ".join(READERS)
        sentences = [f"There is no import from “{wish.form}”.", near, f"Write one of: {known}."]
        raise Stop(" ".join(filter(None, sentences)), 2)
    if wish.pictures and not wish.pictures.is_dir():
        raise Stop(f"--pictures: there is no folder {wish.pictures}.", 2)
    if wish.lang and wish.lang not in to.site.languages:
        known = " or ".join(to.site.languages)
        raise Stop(f"--lang: “{wish.lang}” isn't a language of this site. Write {known}.", 2)
    haul = READERS[form](to).read()
    folders = (*haul.folders, *([wish.pictures] if wish.pictures else []))
    items = tuple(replace(item, lang=item.lang or wish.lang) for item in haul.items)
    return replace(haul, items=items, folders=folders)
