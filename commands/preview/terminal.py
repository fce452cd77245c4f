"""What the preview says in the terminal: lines on a screen or in a log, and nothing when quiet."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console

from core.faults import Level

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from rich.status import Status

    from commands.preview.messages import BuildOutcome, Progress

NAMED = 3  # changed files that are named in one line
LISTED = 30  # faults and pieces of advice that are told after a build


class PreviewTerminal:
    """The voice of one preview."""

    def __init__(self, folders: Collection[Path], *, quiet: bool) -> None:
        """Speak of files as they stand below `folders`; when quiet, of what is wrong alone."""
        self._folders = folders
        self._quiet = quiet
        # What is wrong is never kept quiet, and then it does not belong with the output.
        self._console = Console(stderr=quiet, highlight=False, markup=False, soft_wrap=True)
        self._status: Status | None = None

    def say(self, words: str, style: str = "") -> None:
        """Print a sentence, unless quiet was asked for."""
        if not self._quiet:
            self._console.print(words, style=style)

    def complain(self, words: str) -> None:
        """Print what is wrong, even when quiet was asked for."""
        self._console.print(words, style="red")

    def building(self) -> None:
        """Show that a build is under way, where there is a screen to show it on."""
        if self._console.is_terminal and not self._quiet:
            self._status = self._console.status("Building …")
            self._status.start()

    def progress(self, progress: Progress) -> None:
        """Show how far a build has come."""
        if self._status:
            of = f"{progress.done} of {progress.total}" if progress.total else ""
            self._status.update(f"Building: {progress.stage} {of}".rstrip())

    def rest(self) -> None:
        """Take away what shows that a build is under way, and give the cursor back."""
        if self._status:
            self._status.stop()
            self._status = None

    def built(self, changed: Collection[Path], outcome: BuildOutcome, *, standing: bool) -> None:
        """Say what a build was for, what came of it, and what is wrong.

        :param standing: whether there is a site to show, of this build or an earlier one.
        """
        self.rest()
        cause = f"{self._names(changed)} changed" if changed else "First build"
        took = f"{count(outcome.pages, 'page')} in {outcome.seconds:.1f} s"
        if outcome.ok:
            self.say(f"{_now()}  {cause}: {took}.", "green")
        else:
            stays = "; the last good one stays" if standing else ""
            self.say(f"{_now()}  {cause}: the site could not be built{stays}.", "bold red")
        if outcome.crash:
            self.complain(outcome.crash.rstrip())
        wrong = [fault for fault in outcome.faults if fault.level == Level.FAULT]
        advice = [fault for fault in outcome.faults if fault.level == Level.ADVICE]
        for fault in wrong[:LISTED]:
            self.complain(f"  {fault}")
        for fault in advice[: max(0, LISTED - len(wrong))]:
            self.say(f"  {fault}", "yellow")
        if len(outcome.faults) > LISTED:
            self.say(f"  The first {LISTED} stand here. ./run check lists them all.")
        if outcome.faults:
            self.say(f"  To mend: {len(wrong)}. Advice: {len(advice)}.")

    def _names(self, changed: Collection[Path]) -> str:
        names = sorted(
            next((str(path.relative_to(f)) for f in self._folders if f in path.parents), str(path))
            for path in changed
        )
        more = len(names) - NAMED
        return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def count(number: int, content: str) -> str:
    """Return "1 page" or "2 pages"."""
    return f"{number} {content}{'' if number == 1 else 's'}"


def _now() -> str:
    return datetime.now().astimezone().strftime("%H:%M:%S")
