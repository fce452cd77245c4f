"""Hands the words after `./run` to the tasks, with help that speaks of `./run`."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

from invoke.exceptions import ParseError
from invoke.program import Program

ROOT = Path(__file__).resolve().parent.parent
MENU = """\
Open House: a website that a housing association runs in the open, with its tenants.

Usage: ./run TASK [OPTIONS]
Help on one task: ./run --help TASK
"""


class Menu(Program):
    """Invoke's program, under the name of the door and with this project's exit codes."""

    def parse_cleanup(self) -> None:
        """Print help on a task, the list of tasks, or nothing.

        Raises ParseError when help is asked for on a task that does not exist.
        """
        if self.args.list.value is True and self.args["list-format"].value in (None, "flat"):
            print(MENU)
        super().parse_cleanup()


def main(words: list[str]) -> None:
    """Run the tasks named in `words`; exits 2 when they cannot be understood."""
    menu = Menu(name="Open House", binary="./run", binary_names=["./run"], version=version("invoke"))
    if words in ([], ["--help"], ["-h"], ["help"]):
        words = ["--list"]
    core = ["run", "--search-root", str(ROOT), "--write-pyc"]
    try:
        menu.run([*core, *words])
    except ParseError:
        sys.exit(2)


if __name__ == "__main__":
    main(sys.argv[1:])
