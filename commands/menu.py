"""Hands the words after `./run` to the tasks, with help that speaks of `./run`."""

from __future__ import annotations

import os
import re
import shlex
import sys
import tomllib
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from invoke.exceptions import Exit, ParseError
from invoke.program import Program

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
GROUPS = {
    "repairs",
    "service",
    "staff",
}  # whose tasks may be typed as two words: `./run staff add NAME`
LISTED = GROUPS - {"service"}  # that name no task by themselves
# What a word right after these is, written without hyphens. It may be left out, and invoke has no
# such argument.
UNNAMED = {
    ("new", "episode"): "--recording",
    ("bench",): "--name",
    ("fresh",): "--release",
    ("upgrade",): "--source",
}
MENU = """\
Open House: a website that a housing association runs in the open, with its tenants.

Usage: ./run TASK [OPTIONS]
Help on one task: ./run --help TASK
"""


class TaskMenu(Program):
    """Invoke's program, under the name of the door: words not understood exit with 2."""

    def parse_core(self, argv: list[str] | None) -> None:
        """Read the options that stand before any task."""
        with self._usage():
            super().parse_core(argv)

    def parse_tasks(self) -> None:
        """Read the tasks and their options."""
        with self._usage():
            super().parse_tasks()

    def parse_cleanup(self) -> None:
        """Print help on a task, or the menu, when that was asked for."""
        if self.args.list.value is True and self.args["list-format"].value in (None, "flat"):
            print(MENU)
        with self._usage():
            super().parse_cleanup()

    def print_version(self) -> None:
        """Print the version of Open House."""
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        print(f"Open House {project['version']}")

    @contextmanager
    def _usage(self) -> Iterator[None]:
        try:
            yield
        except ParseError as error:
            raise Exit(self._sentence(str(error)), code=2) from error

    def _sentence(self, error: str) -> str:
        """What to tell someone whose words were not understood."""
        if lacking := re.fullmatch(r"'([\w-]+)' did not receive .* arguments: '([\w-]+)'", error):
            task, word = lacking.groups()
            return f"Write ./run {task} {word.upper()}. ./run --help {task} says what that may be."
        start, quote, rest = error.partition("No idea what '")
        if start or not quote:
            return error
        word = rest.removesuffix("' is!")
        near = get_close_matches(word, list(self.parser.contexts), 1)
        guess = f" Did you mean {near[0]}?" if near else ""
        return f"There is no task or option {word}.{guess} ./run lists the tasks."


def understood(words: list[str]) -> list[str]:
    """The words as invoke wants them.

    No words, or a bare call for help, ask for the menu; a call for help anywhere before `--` asks
    for help on the task, whose other words are not followed then. `staff add` is `staff.add`. A
    word after `new episode`, `bench`, `fresh` or `upgrade` becomes an option. For `test`, paths of
    tests move behind the `--` after which everything is pytest's. What stands behind it is quoted,
    because invoke joins it into one line. For `search` the words up to the first option are one
    question.
    """
    if words in ([], ["--help"], ["-h"], ["help"]):
        return ["--list"]
    cut = words.index("--") if "--" in words else len(words)
    ours, theirs = words[:cut], words[cut + 1 :]
    if (topic := _help_wanted(ours)) is not None:
        return topic
    if ours == ours[:1] and set(ours) & LISTED:
        return ["--list", *ours]
    ours = _whole_name(ours)
    for task, option in UNNAMED.items():
        after = ours[len(task) :]
        if ours[: len(task)] == [*task] and after and not after[0].startswith("-"):
            ours.insert(len(task), option)
    if ours[:1] == ["test"]:
        paths = [word for word in ours[1:] if Path(word.partition("::")[0]).exists()]
        ours = [word for word in ours if word not in paths]
        theirs = [str(Path(path).absolute()) for path in paths] + theirs
    if ours[:1] == ["search"]:
        end = next((n for n, word in enumerate(ours) if word.startswith("-")), len(ours))
        ours = ["search", *([" ".join(ours[1:end])] if end > 1 else []), *ours[end:]]
    return ours + (["--", *map(shlex.quote, theirs)] if theirs else [])


def _whole_name(words: list[str]) -> list[str]:
    """Return words in which the name of a group's task is one word."""
    if len(words) > 1 and words[0] in GROUPS and not words[1].startswith("-"):
        return [".".join(words[:2]), *words[2:]]
    return words


def _help_wanted(words: list[str]) -> list[str] | None:
    """Return how invoke is asked for the help that somebody wants, None when they want none.

    `-h` may be an option of the task, so it calls for help only where nothing follows it.
    """
    called = "--help" in words or words[-1:] == ["-h"] or words[:1] == ["help"]
    about = [word for word in words if word not in {"--help", "-h"}]
    about = _whole_name(about[1:] if about[:1] == ["help"] else about)
    if not called or not about or about[0].startswith("-"):
        return None
    return ["--list", about[0]] if about[0] in LISTED else ["--help", about[0]]


def main(words: list[str]) -> None:
    """Run the tasks named in the words. Exits with the task's code, or 2 for words it lacks."""
    menu = TaskMenu(binary="./run", binary_names=["./run", "run"])
    try:
        try:
            menu.run(["run", "--search-root", str(ROOT), "--write-pyc", *understood(words)])
        finally:  # help ends by an exit
            sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read this, `head` perhaps, has read enough. Python would complain once more on
        # its way out if there were nowhere left to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main(sys.argv[1:])
