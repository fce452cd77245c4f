"""The one place that asks the spelling program: all words of a language in one go."""

from __future__ import annotations

import shutil
import subprocess
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from commands import machine
from commands.terminal import complain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PROGRAM = "hunspell"
NAMES = {"en": "en_GB", "cy": "cy_GB"}  # what dictionaries are called; others by their language
FOLDER = "dictionaries"  # in the content folder: an association's own
NODE = Path(__file__).with_name("node")  # where those that we name are installed
PACKAGES = {"en": "dictionary-en-gb", "cy": "dictionary-cy"}


def fetch() -> int:
    """Install the dictionaries that package-lock.json pins by their hashes.

    :returns: 0 when they are there, 2 when they can't be had here, which is said.
    """
    programs = {PROGRAM: shutil.which(PROGRAM), "npm": machine.npm()}
    lacking = [name for name, program in programs.items() if program is None]
    if lacking:
        complain(f"Missing here: {', '.join(lacking)}. Type: sudo apt install {' '.join(lacking)}")
        return 2
    if not machine.install_node(NODE):
        complain("docs/tasks.md says how to put dictionaries into the content folder by hand.")
        return 2
    print(f"`check` now looks up the spelling of {' and '.join(sorted(PACKAGES))}.")
    return 0


class Hunspell:
    """The dictionaries of the content folder, those that were fetched, and the machine's."""

    def __init__(self, content: Path) -> None:
        """Take the content folder."""
        self._folder = content / FOLDER
        self._known: dict[str, str | None] = {}

    @cached_property
    def _program(self) -> str | None:
        return shutil.which(PROGRAM)

    def unknown(self, words: Iterable[str], lang: str) -> frozenset[str] | None:
        """Return those words that a language lacks; None when nobody here can tell."""
        name = self._dictionary(lang)
        if name is None:
            return None
        return frozenset(self._ask(name, "\n".join(sorted(words))).stdout.split())

    def missing(self, languages: Iterable[str]) -> str:
        """Return what to do for languages that nobody here knows, in a sentence; "" for none."""
        lacking = [lang for lang in languages if self._dictionary(lang) is None]
        if not lacking:
            return ""
        how = "docs/tasks.md says how to get a dictionary"
        if any(lang in PACKAGES for lang in lacking):
            how = "type ./run dictionaries"
        if self._program is None:
            how = f"type sudo apt install {PROGRAM}, then ./run dictionaries"
        return f"The spelling of {', '.join(lacking)} was not looked at: {how}."

    def _dictionary(self, lang: str) -> str | None:
        """Return what the program knows a language's dictionary by."""
        if self._program and lang not in self._known:
            self._known[lang] = next(self._there(lang), None)
        return self._known.get(lang)

    def _there(self, lang: str) -> Iterator[str]:
        name = NAMES.get(lang, lang)
        fetched = NODE / "node_modules" / PACKAGES.get(lang, lang) / "index"
        for path in (self._folder / name, fetched):
            if path.with_name(f"{path.name}.dic").is_file():
                yield str(path)
        if not self._ask(name, "").returncode:
            yield name

    def _ask(self, name: str, words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PROGRAM, "-i", "utf-8", "-d", name, "-l"],
            input=words,
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
