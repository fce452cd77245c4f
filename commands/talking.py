"""How publishing speaks with people: questions in plain words, and never a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.git import GitError, Stop
from core.faults import Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands.build import BuildResult


def conversation(say: Callable[[str], None], work: Callable[[], int]) -> int:
    """Do some work that may stop with sentences for a person; returns the exit code."""
    try:
        return work()
    except Stop as stop:
        say(str(stop))
        return stop.code
    except GitError as error:
        say(f"{error.sentence()}\nYour files are as they were.")
        return 1
    except KeyboardInterrupt:
        say("\nStopped. Your files are as they were.")
        return 1


def agreed(ask: Callable[[str], str], question: str) -> bool:
    """Whether a person says yes; silence, and a closed input, mean no."""
    try:
        return ask(f"{question} [y/N] ").strip().casefold() in {"y", "yes"}
    except EOFError:
        return False


def must_be_whole(result: BuildResult, heading: str, ending: str) -> None:
    """Raise Stop with every fault of a build in one report, unless the build is whole."""
    if result.ok:
        return
    faults = [str(fault) for fault in result.faults if fault.level is Level.FAULT]
    lines = result.crash.strip().splitlines()
    if lines:
        # The one line of a Python error that says something stands last; of ours, first.
        told = lines[-1] if lines[0].startswith("Traceback") else lines[0]
        faults.append(
            f"{told}\n  That is a mistake of the program or the theme, not of yours: "
            "show whoever looks after it what `./run build` says."
        )
    raise Stop("\n".join([heading, *(f"  {line}" for line in faults), ending]))


def shown(name: str) -> str:
    """A file's name that can be printed, even when its bytes are no UTF-8."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
