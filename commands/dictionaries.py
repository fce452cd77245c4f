"""The one place that asks the spelling program: all words of a language in one go."""

from __future__ import annotations

import shutil
import subprocess
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PROGRAM = "hunspell"
NAMES = {"en": "en_GB", "cy": "cy_GB"}  # what dictionaries are called; others by their language
FOLDER = "dictionaries"  # in the content folder: those that a machine has no package for


class Hunspell:
    """The dictionaries of this machine, and those that lie in the content folder."""

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
        how = "docs/tasks.md says how to get their dictionaries"
        if self._program is None or "en" in lacking:
            how = f"type sudo apt install {PROGRAM} hunspell-en-gb; {how}"
        return f"The spelling of {', '.join(lacking)} was not looked at: {how}."

    def _dictionary(self, lang: str) -> str | None:
        """Return what the program knows a language's dictionary by."""
        if self._program and lang not in self._known:
            name = NAMES.get(lang, lang)
            there = [
                one for one in (name, str(self._folder / name)) if not self._ask(one, "").returncode
            ]
            self._known[lang] = there[0] if there else None
        return self._known.get(lang)

    def _ask(self, name: str, words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PROGRAM, "-i", "utf-8", "-d", name, "-l"],
            input=words,
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
