"""Faults: what is wrong in a file that somebody wrote, and what to write instead."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


_VALUE = re.compile(r"\b([\w-]+): …")  # as in {en: …, cy: …}
_NAME = re.compile(r"(?<=^Add )([\w-]+): with ")


class WrongValue(ValueError):
    """A value that somebody wrote and that can't be meant: the end of a sentence about it.

    :param instead: a sentence that says what to write, where more is known than the type knows.
    """

    def __init__(self, wrong: str, instead: str = "") -> None:
        super().__init__(wrong)
        self.instead = instead


class Level(StrEnum):
    """How much a fault matters: a fault stops a strict build, advice never does."""

    FAULT = "fault"
    ADVICE = "advice"


@dataclass(frozen=True, order=True, slots=True)
class Fault:
    """One thing to mend, in words for the person who wrote the file."""

    path: str  # relative to the association's folder, with forward slashes
    line: int  # counted from 1; 0 when the whole file is meant
    field: str  # dotted, as in "moves[2].why"; "" when no field is meant
    wrong: str  # a sentence
    instead: str  # a sentence: what to write or do
    level: Level = Level.FAULT
    code: str = "content"  # the sort of fault, for scripts, as in "unknown-field"

    def __str__(self) -> str:
        """Return one line as an editor can follow: path, line, field, wrong, instead."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        named = f" [{self.field}]" if self.field else ""
        return f"{place}:{named} {self.wrong} {self.instead}".rstrip()

    def as_dict(self) -> dict[str, str | int]:
        """Return the fields by name, for `check --format json`."""
        return asdict(self)


@dataclass
class Report:
    """All faults of a build, each told once."""

    _faults: set[Fault] = field(default_factory=set)
    _folder: str = ""  # stands before each path that is told through `at`

    def add(self, fault: Fault) -> None:
        """Take in one fault; the same fault twice counts once."""
        self._faults.add(fault)

    def extend(self, faults: Iterable[Fault]) -> None:
        """Take in several faults."""
        self._faults.update(faults)

    def __iter__(self) -> Iterator[Fault]:
        """Go through the faults by file and line."""
        return iter(sorted(self._faults))

    def __len__(self) -> int:
        """Return how many there are, advice included."""
        return len(self._faults)

    def count(self, level: Level) -> int:
        """Return how many there are of one level."""
        return Counter(fault.level for fault in self._faults)[level]

    def at(self, path: str) -> FileFaults:
        """Return a collector for the faults of one file."""
        return FileFaults(self._folder + path, self)

    def within(self, folder: str) -> Report:
        """Return the same report for files whose paths begin in a folder."""
        return Report(self._faults, f"{self._folder}{folder}/")


@dataclass(frozen=True)
class FileFaults:
    """The faults of one file, on their way into a report."""

    path: str
    report: Report

    @property
    def is_toml(self) -> bool:
        """Whether the file is one of settings, where values stand after a sign of their own."""
        return self.path.endswith(".toml")

    @property
    def fields(self) -> str:
        """Return the page of the docs that lists what may be written in such a file."""
        return "settings.md" if self.is_toml else "writing.md"

    def fault(self, line: int, field: str, wrong: str, instead: str, code: str) -> None:
        """Report something that must be mended before a strict build passes; see `Fault`."""
        instead = self._as_written_here(instead)
        self.report.add(Fault(self.path, line, field, wrong, instead, Level.FAULT, code))

    def whole(self, wrong: str, instead: str, code: str) -> None:
        """Report that a file as a whole must be mended, as `fault` does of a line."""
        self.fault(0, "", wrong, instead, code)

    def advise(self, line: int, field: str, wrong: str, instead: str, code: str) -> None:
        """Report something worth mending that stops nothing; see `Fault`."""
        instead = self._as_written_here(instead)
        self.report.add(Fault(self.path, line, field, wrong, instead, Level.ADVICE, code))

    def _as_written_here(self, instead: str) -> str:
        """Return what to write as the file has it: fields tell of values as YAML does."""
        if not self.is_toml:
            return instead
        return _VALUE.sub(r'\1 = "…"', _NAME.sub(r"\1 = …: ", instead))
