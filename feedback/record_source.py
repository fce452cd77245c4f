"""Which database the records of a folder came from: no other, and no older one, takes them back.

The file is plain lines, so that git can put two people's pulls together by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from feedback.store.casework.events import Provenance

SOURCE = "feedback/source.txt"  # below the content folder
HEADER = "# The database that the records here were pulled from. Pulling writes it.\n"
LINE = re.compile(r"([0-9a-f]{32})(?: ([0-9a-f]{24}))?")
SHOWN = 3  # references in a sentence
ACCEPT = (
    "If this database takes the other's place for good, type ./run pull --accept-source: what it "
    "has never seen then stays as it stands here."
)
ELSEWHERE = (
    "On a machine that the service doesn't run on, ask the service: ./run pull --service ADDRESS."
)


@dataclass(frozen=True)
class RecordSource:
    """What a folder remembers of earlier pulls."""

    databases: frozenset[str]  # their names: one, unless the file was changed by hand
    marks: tuple[str, ...]  # of what they held; several where several people's pulls met in git


def read_source(content: Path) -> RecordSource | None:
    """Return what the folder remembers; None when nothing was pulled, or before this was kept.

    :raises ValueError: for a file that no pull wrote.
    """
    file = content / SOURCE
    if not file.is_file():
        return None
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    pairs = [LINE.fullmatch(line.strip()) for line in lines if not line.startswith("#")]
    if not pairs or not all(pairs):
        raise ValueError(f"{SOURCE} can't be read. Put it back from git: git checkout {SOURCE}")
    return RecordSource(
        frozenset(pair[1] for pair in pairs if pair),
        tuple(pair[2] for pair in pairs if pair and pair[2]),
    )


def source_text(provenance: Provenance) -> str:
    """Return the file for records that came from here."""
    return f"{HEADER}{provenance.database} {provenance.mark}".rstrip() + "\n"


def doubt(
    remembered: RecordSource | None, provenance: Provenance | None, unnamed: Sequence[str]
) -> str:
    """Tell why a source can't be asked which records were withdrawn; "" when it can.

    :param unnamed: references that stand in the folder and that the source says nothing of.
    """
    refs = ", ".join(unnamed[:SHOWN]) + (
        f" and {len(unnamed) - SHOWN} more" if len(unnamed) > SHOWN else ""
    )
    if provenance is None:
        older = (
            f"The service is of an older version, which doesn't say what became of {refs}. "
            "Nothing was changed here: upgrade the service first."
        )
        return older if unnamed else ""
    if remembered and remembered.databases != {provenance.database}:
        return (
            "This is another database than the one that the records here came from, so it can't "
            f"know which of them were withdrawn. Nothing was changed here. {ELSEWHERE} {ACCEPT}"
        )
    if remembered and not provenance.continues:
        return (
            "This database is older than the records here: it was put back from a backup, and "
            "what was done at the desk since is missing in it. Nothing was changed here. Put a "
            f"newer backup in its place. {ACCEPT}"
        )
    if unnamed and not remembered:
        return (
            f"This database has never seen {refs}, so it can't know whether they were withdrawn. "
            f"Nothing was changed here. {ELSEWHERE} {ACCEPT}"
        )
    return ""
