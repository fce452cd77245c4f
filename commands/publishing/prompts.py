"""How publishing speaks with people: questions in plain words, and never a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.publishing.git import GitError
from commands.terminal import Stop, describe
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


def must_be_whole(result: BuildResult, heading: str, ending: str) -> None:
    """Go on only with a build that is whole.

    :raises Stop: with every fault of it in one report, between the heading and the ending.
    """
    if result.ok:
        return
    faults = tuple(fault for fault in result.faults if fault.level is Level.FAULT)
    parts = [heading, describe(faults)] if faults else []
    lines = result.crash.strip().splitlines()
    if lines:
        # The one line of a Python error that says something stands last; of ours, first.
        reason = lines[-1] if lines[0].startswith("Traceback") else lines[0]
        parts.append(
            f"The site cannot be built, for a reason that is not in your content: {reason}\n"
            "Show whoever looks after the program what `./run build` says."
        )
    raise Stop("\n".join([*parts, ending]))
