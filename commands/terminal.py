"""What the commands say: progress on long work, then what is wrong, in words."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from core.faults import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from core.faults import Fault

P = ParamSpec("P")
STAGES = {
    "read": "Reading",
    "pages": "Writing pages",
    "pictures": "Making pictures",
    "import": "Bringing texts",
    "story": "Playing the year",
}


class Stop(Exception):
    """Why a command goes no further: sentences for a person, and the exit code.

    Codes: 0 there was nothing to do or the person said no; 1 something must be mended first;
    2 it cannot run here, or its words can't be followed.
    """

    def __init__(self, sentences: str, code: int = 1) -> None:
        super().__init__(sentences)
        self.code = code


@dataclass(frozen=True)
class Terminal:
    """Where a command speaks: a person's terminal, a log, or nowhere."""

    quiet: bool = False

    def say(self, text: str) -> None:
        """Print a line that a person who asked for quiet doesn't need."""
        if not self.quiet:
            print(text)

    @contextmanager
    def progress(self) -> Iterator[Callable[[str, int, int], None]]:
        """Show how far long work has come: bars on a terminal, a line a stage elsewhere."""
        if self.quiet:
            yield lambda *_: None
        elif sys.stdout.isatty():
            yield from self._bars()
        else:
            yield self._lines()

    @staticmethod
    def _bars() -> Iterator[Callable[[str, int, int], None]]:
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
        with Progress(*columns, TimeRemainingColumn(), transient=True) as bars:
            tasks = {}

            def tell(stage: str, done: int, total: int) -> None:
                if stage not in tasks:
                    tasks[stage] = bars.add_task(STAGES.get(stage, stage), total=total)
                bars.update(tasks[stage], completed=done, total=total)

            yield tell

    @staticmethod
    def _lines() -> Callable[[str, int, int], None]:
        begun: set[str] = set()

        def tell(stage: str, _done: int, _total: int) -> None:
            if stage not in begun:
                begun.add(stage)
                print(f"{STAGES.get(stage, stage)} …", flush=True)

        return tell


def describe(faults: tuple[Fault, ...]) -> str:
    """Return faults for people: under each file its lines, each with what to write instead."""
    lines: list[str] = []
    path = None
    alike: dict[tuple[str, str, Level, str, str], list[Fault]] = {}
    for fault in faults:
        sort = fault.path, fault.field, fault.level, fault.wrong, fault.instead
        alike.setdefault(sort, []).append(fault)
    for fault, *others in alike.values():
        if fault.path != path:
            lines += ["", fault.path]
            path = fault.path
        numbers = ", ".join(str(each.line) for each in (fault, *others))
        place = f"  {'lines' if others else 'line'} {numbers}" if fault.line else "  the file"
        named = f", {fault.field}" if fault.field else ""
        advice = " (advice)" if fault.level == Level.ADVICE else ""
        lines.append(f"{place}{named}{advice}: {fault.wrong}")
        if fault.instead:
            lines.append(f"      {fault.instead}")
    return "\n".join(lines).strip()


def summary(faults: tuple[Fault, ...]) -> str:
    """Return how many faults and how much advice there is, in a sentence."""
    grave = sum(fault.level == Level.FAULT for fault in faults)
    advice = len(faults) - grave
    files = len({fault.path for fault in faults})
    if not faults:
        return "No faults."
    counted = f"{grave} {'fault' if grave == 1 else 'faults'}"
    if advice:
        counted += f" and {advice} {'piece' if advice == 1 else 'pieces'} of advice"
    return f"{counted} in {files} {'file' if files == 1 else 'files'}."


def complain(text: str) -> None:
    """Print what went wrong, where errors go."""
    Console(stderr=True, highlight=False, soft_wrap=True, markup=False).print(text)


def agreed(ask: Callable[[str], str], question: str) -> bool:
    """Whether a person says yes; silence, and a closed input, mean no."""
    try:
        return ask(f"{question} [y/N] ").strip().casefold() in {"y", "yes"}
    except EOFError:
        return False


def ends_in_words(
    codes: Mapping[type[Exception], int] | None = None,
) -> Callable[[Callable[P, int]], Callable[P, int]]:
    """Return what lets a command end by `Stop`: its words are printed, its code is returned.

    :param codes: other faults by which it may end so, with the exit code of each.
    """
    codes = {Stop: 1, **(codes or {})}
    faults = tuple(codes)

    def ending(command: Callable[P, int]) -> Callable[P, int]:
        @wraps(command)
        def run(*args: P.args, **kwargs: P.kwargs) -> int:
            try:
                return command(*args, **kwargs)
            except faults as fault:
                complain(str(fault))
                usual = next(code for cls, code in codes.items() if isinstance(fault, cls))
                return fault.code if isinstance(fault, Stop) else usual

        return run

    return ending


def require_format(form: str) -> None:
    """Go on only in a format that reports have.

    :param form: as it was typed: "text" for people, "json" for tools.
    :raises Stop: with 2, for any other.
    """
    if form not in {"text", "json"}:
        raise Stop(f"There is no format “{form}”. Write --format text or --format json.", 2)


def tell_crash(crash: str) -> None:
    """Print an error of the theme's or the program's: a sentence first, then the trace."""
    complain(f"The site can't be built, for a reason that isn't in your content:\n{crash}")
