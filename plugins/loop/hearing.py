"""Everything that was heard: records, tallies and answers, read from content/feedback/."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from core.content_files import FileSort, file_sort, is_read
from core.public.record_files import (
    ANSWERS,
    CONFIRMATIONS,
    FOLDER,
    TURNS,
    VOTES,
    TallyFile,
    read_record,
)
from core.public.records import Record, Tombstone
from core.public.tallies import Confirmations, Reversal, Votes, Waits
from core.public.vocabulary import TargetKind
from core.values import shown

if TYPE_CHECKING:
    from pathlib import Path

    from core.faults import FileFaults, Report
    from core.site import Site

T = TypeVar("T")


@dataclass(frozen=True)
class Hearing:
    """What was heard, as far as it is public."""

    records: dict[str, Record] = field(default_factory=dict)  # by reference, sorted
    tombstones: dict[str, Tombstone] = field(default_factory=dict)
    votes: dict[tuple[str, str], Votes] = field(default_factory=dict)  # by kind and key
    confirmations: dict[str, Confirmations] = field(default_factory=dict)  # by a change's key
    turns: dict[str, tuple[Reversal, ...]] = field(default_factory=dict)  # by a roadmap item's key
    waits: tuple[Waits, ...] = ()
    paths: dict[str, str] = field(default_factory=dict)  # of each record's file

    def votes_for(self, kind: str, key: str) -> Votes:
        """Return how many said that something matters to them too."""
        return self.votes.get((kind, key)) or Votes(kind=TargetKind(kind), key=key)


def read_hearing(root: Path, site: Site, report: Report) -> Hearing:
    """Read what was heard; what can't be read is reported.

    :param root: the content folder; without a folder of feedback, nothing was heard yet.
    """
    found, stones, paths = _read_records(root, site, report)
    votes = _listed(root, VOTES, site, report)
    confirmations = _listed(root, CONFIRMATIONS, site, report)
    return Hearing(
        records=dict(sorted(found.items())),
        tombstones=dict(sorted(stones.items())),
        votes={(str(one.kind), one.key): one for one in votes},
        confirmations={one.change: one for one in confirmations},
        turns=_turns(_listed(root, TURNS, site, report)),
        waits=_listed(root, ANSWERS, site, report),
        paths=paths,
    )


def _turns(turns: tuple[Reversal, ...]) -> dict[str, tuple[Reversal, ...]]:
    """Return turns by item, each item's in the order in which they happened."""
    items = dict.fromkeys(turn.item for turn in turns)
    return {item: tuple(turn for turn in turns if turn.item == item) for item in items}


def _read_records(
    root: Path, site: Site, report: Report
) -> tuple[dict[str, Record], dict[str, Tombstone], dict[str, str]]:
    found: dict[str, Record] = {}
    stones: dict[str, Tombstone] = {}
    paths: dict[str, str] = {}
    for path in sorted((root / FOLDER).glob("*/*.yaml")):
        name = path.relative_to(root).as_posix()
        if not is_read(name):
            continue
        faults = report.at(name)
        if file_sort(name) is FileSort.COPY:
            faults.fault(
                0,
                "",
                "By its name this is a copy of a record, as sync tools make them; it isn't read.",
                "Compare the two, then delete it; ./run pull writes records.",
                "copy",
            )
            continue
        text = _text(path, faults)
        one = None if text is None else read_record(text, site, faults)
        if one is None:
            continue
        if one.ref in paths:
            faults.fault(
                1,
                "ref",
                f"{one.ref} stands in {paths[one.ref]} too.",
                "Keep one of the two files.",
                "duplicate-record",
            )
            continue
        if path.stem != one.ref.lower():
            faults.fault(
                1,
                "ref",
                f"The file is called {path.name}, and holds {shown(one.ref)}.",
                f"Name it {one.ref.lower()}.yaml.",
                "file-name",
            )
        paths[one.ref] = name
        if isinstance(one, Record):
            found[one.ref] = one
        else:
            stones[one.ref] = one
    return found, stones, paths


def _listed(root: Path, file: TallyFile[T], site: Site, report: Report) -> tuple[T, ...]:
    path, faults = root / file.path, report.at(file.path)
    if not path.exists():
        return ()
    text = _text(path, faults)
    return () if text is None else file.read(text, site, faults)


def _text(path: Path, faults: FileFaults) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        faults.fault(
            0, "", "This can't be read as a file of text.", "Pull it again: ./run pull.", "file"
        )
        return None
