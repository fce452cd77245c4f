"""Faults: what is wrong in a file that somebody wrote, and what to write instead."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


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

    def fault(self, line: int, field: str, wrong: str, instead: str, code: str) -> None:
        """Report something that must be mended before a strict build passes; see `Fault`."""
        self.report.add(Fault(self.path, line, field, wrong, instead, Level.FAULT, code))

    def whole(self, wrong: str, instead: str, code: str) -> None:
        """Report that a file as a whole must be mended, as `fault` does of a line."""
        self.fault(0, "", wrong, instead, code)

    def advise(self, line: int, field: str, wrong: str, instead: str, code: str) -> None:
        """Report something worth mending that stops nothing; see `Fault`."""
        self.report.add(Fault(self.path, line, field, wrong, instead, Level.ADVICE, code))
