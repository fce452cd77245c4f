"""What the preview and its builder tell each other: JSON, one message a line."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.faults import Fault, Level

PATHS = ("root", "content", "site", "output")


@dataclass(frozen=True)
class Job:
    """A build to make; the builder answers with progress, then an outcome."""

    root: Path
    content: Path
    site: Path
    output: Path
    origin: str  # where the preview stands, as in "http://127.0.0.1:8000"
    drafts: bool

    def as_line(self) -> bytes:
        """Return the job as it goes through the pipe."""
        return _line({name: str(v) if isinstance(v, Path) else v for name, v in vars(self).items()})

    @classmethod
    def of_line(cls, line: bytes) -> Job:
        """Return the job that a line holds."""
        read: dict[str, Any] = json.loads(line)
        return cls(**read | {name: Path(read[name]) for name in PATHS})


@dataclass(frozen=True)
class Progress:
    """How far a build has come."""

    stage: str
    done: int
    total: int

    def as_line(self) -> bytes:
        """Return the progress as it goes through the pipe."""
        return _line({"progress": asdict(self)})


@dataclass(frozen=True)
class BuildOutcome:
    """What became of a build."""

    ok: bool = False  # a site stands at the output
    faults: tuple[Fault, ...] = ()
    pages: int = 0
    seconds: float = 0.0
    base: str = ""  # the folder the site stands in, as in "/house"; "" at the root
    crash: str = ""  # what stopped the programs, for whoever works on them; "" when nothing did

    def as_line(self) -> bytes:
        """Return the outcome as it goes through the pipe."""
        return _line({"outcome": asdict(self)})


def read_answer(line: bytes) -> Progress | BuildOutcome:
    """Return what the builder said in a line."""
    read = json.loads(line)
    if "progress" in read:
        return Progress(**read["progress"])
    fields = read["outcome"]
    faults = tuple(
        Fault(**{**fault, "level": Level(fault["level"])}) for fault in fields.pop("faults")
    )
    return BuildOutcome(faults=faults, **fields)


def _line(value: object) -> bytes:
    return json.dumps(value).encode() + b"\n"
