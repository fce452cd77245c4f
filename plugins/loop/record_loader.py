"""Loads what was heard, and looks whether every name in it leads somewhere.

Records, tallies and answers stand in content/feedback/; the content names them, and they it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar

from core.content_files import FileSort, file_sort, is_read
from core.public.record_files import (
    ANSWERS,
    CLOCKS,
    CONFIRMATIONS,
    FOLDER,
    PLACES,
    STRIKES,
    TURNS,
    VOTES,
    TallyFile,
    read_record,
)
from core.public.records import Record, Tombstone
from core.public.tallies import Confirmations, PlaceVoices, Reversal, StruckVoices, Votes, Waits
from core.public.vocabulary import TargetKind
from core.values import shown
from plugins.kinds.models import Change, Kind, RoadmapItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from core.faults import FileFaults, Report
    from core.public.clock_tallies import ClockTally
    from core.site import Site
    from plugins.sections.content_index import ContentIndex

T = TypeVar("T")


@dataclass(frozen=True)
class HeardRecords:
    """What was heard, as far as it is public."""

    records: dict[str, Record] = field(default_factory=dict)  # by reference, sorted
    tombstones: dict[str, Tombstone] = field(default_factory=dict)
    votes: dict[tuple[str, str], Votes] = field(default_factory=dict)  # by kind and key
    confirmations: dict[str, Confirmations] = field(default_factory=dict)  # by a change's key
    turns: dict[str, tuple[Reversal, ...]] = field(default_factory=dict)  # by a roadmap item's key
    strikes: tuple[StruckVoices, ...] = ()
    waits: tuple[Waits, ...] = ()
    places: tuple[PlaceVoices, ...] = ()
    clocks: tuple[ClockTally, ...] = ()
    paths: dict[str, str] = field(default_factory=dict)  # of each record's file

    def struck_for(self, kind: str, key: str) -> list[StruckVoices]:
        """Return the voices for something that staff struck, in the order in which they did."""
        return [struck for struck in self.strikes if (struck.kind, struck.key) == (kind, key)]

    def votes_for(self, kind: str, key: str) -> Votes:
        """Return how many said that something matters to them too."""
        return self.votes.get((kind, key)) or Votes(kind=TargetKind(kind), key=key)


def load_records(root: Path, site: Site, report: Report) -> HeardRecords:
    """Read what was heard; what can't be read is reported.

    :param root: the content folder; without a folder of feedback, nothing was heard yet.
    """
    records, stones, paths = _read_records(root, site, report)
    votes = _listed(root, VOTES, site, report)
    confirmations = _listed(root, CONFIRMATIONS, site, report)
    return HeardRecords(
        records=dict(sorted(records.items())),
        tombstones=dict(sorted(stones.items())),
        votes={(str(tally.kind), tally.key): tally for tally in votes},
        confirmations={tally.change: tally for tally in confirmations},
        turns=_turns(_listed(root, TURNS, site, report)),
        strikes=_listed(root, STRIKES, site, report),
        waits=_listed(root, ANSWERS, site, report),
        places=_listed(root, PLACES, site, report),
        clocks=_listed(root, CLOCKS, site, report),
        paths=paths,
    )


def _turns(turns: tuple[Reversal, ...]) -> dict[str, tuple[Reversal, ...]]:
    """Return turns by item, each item's in the order in which they happened."""
    items = dict.fromkeys(turn.item for turn in turns)
    return {item: tuple(turn for turn in turns if turn.item == item) for item in items}


def _read_records(
    root: Path, site: Site, report: Report
) -> tuple[dict[str, Record], dict[str, Tombstone], dict[str, str]]:
    records: dict[str, Record] = {}
    stones: dict[str, Tombstone] = {}
    paths: dict[str, str] = {}
    for path in sorted((root / FOLDER).glob("*/*.yaml")):
        name = path.relative_to(root).as_posix()
        if not is_read(name):
            continue
        faults = report.at(name)
        if file_sort(name) is FileSort.COPY:
            faults.whole(
                "By its name this is a copy of a record, as sync tools make them; it isn't read.",
                "Compare the two, then delete it; ./run pull writes records.",
                "copy",
            )
            continue
        text = _text(path, faults)
        record = None if text is None else read_record(text, site, faults)
        if record is None:
            continue
        if record.ref in paths:
            faults.fault(
                1,
                "ref",
                f"{record.ref} stands in {paths[record.ref]} too.",
                "Keep one of the two files.",
                "duplicate-record",
            )
            continue
        if path.stem != record.ref.lower():
            faults.fault(
                1,
                "ref",
                f"The file is called {path.name}, and holds {shown(record.ref)}.",
                f"Name it {record.ref.lower()}.yaml.",
                "file-name",
            )
        paths[record.ref] = name
        if isinstance(record, Record):
            records[record.ref] = record
        else:
            stones[record.ref] = record
    return records, stones, paths


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
        faults.whole("This can't be read as a file of text.", "Pull it again: ./run pull.", "file")
        return None


def check_names(heard: HeardRecords, everything: ContentIndex, report: Report) -> None:
    """Report whatever names something that isn't there.

    :param everything: what is written, drafts and all: naming a draft is no mistake.
    """
    known = {*heard.records, *heard.tombstones}
    _check_content(known, everything, report)
    for path, place, kind, key in _named(heard):
        exists = key in known if kind == "record" else (Kind(kind), key) in everything.by_key
        if not exists:
            report.at(path).fault(
                0,
                place,
                f"It names a {kind} “{key}”, and there is none.",
                "Keys never change: look whether a file was renamed, or pull again (./run pull).",
                "unknown-reference",
            )


def _check_content(known: set[str], everything: ContentIndex, report: Report) -> None:
    for content in everything.contents:
        for place, ref in _references(content):
            if ref in known:
                continue
            text = content.texts[content.original]
            near = next(iter(get_close_matches(ref, known, n=1)), "")
            report.at(text.path).fault(
                text.line(place),
                place,
                f"There is no record {ref}.",
                f"Did you mean {near}?" if near else "Pull it (./run pull), or take it out.",
                "unknown-record",
            )


def _references(content: object) -> Iterator[tuple[str, str]]:
    named: Iterable[str] = ()
    field = ""
    if isinstance(content, RoadmapItem):
        named, field = content.heard, "heard"
    elif isinstance(content, Change):
        named, field = content.because, "because"
    for number, ref in enumerate(named, 1):
        yield f"{field}[{number}]", ref


def _named(heard: HeardRecords) -> Iterator[tuple[str, str, str, str]]:
    """Tell what feedback names: the file, the field, the kind and the key."""
    for record in heard.records.values():
        if record.target:
            yield heard.paths[record.ref], "target", record.target.kind, record.target.key
    for stone in heard.tombstones.values():
        if stone.into:
            yield heard.paths[stone.ref], "into", "record", stone.into
    for kind, key in heard.votes:
        yield VOTES.path, "votes", kind, key
    for struck in heard.strikes:
        yield STRIKES.path, "struck", str(struck.kind), struck.key
    for key in heard.confirmations:
        yield CONFIRMATIONS.path, "confirmations", str(Kind.CHANGE), key
    for key in heard.turns:
        yield TURNS.path, "turns", str(Kind.ROADMAP), key
