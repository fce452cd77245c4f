"""Nothing moves in silence: what was published once can't vanish or be rewritten unsaid.

Each build writes down which records and items stand in public, and their moves. Publishing keeps
that list in git, beside the records; the next build compares. What is new needs nothing. What is
gone needs its tombstone, and a past move stays as it was written.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from plugins.kinds.models import Kind, Outcome, RoadmapItem, Status

if TYPE_CHECKING:
    from core.faults import FileFaults, Report
    from core.words import Words
    from plugins.kinds.models import Content
    from plugins.loop.joining import Loop

MANIFEST_IN_TREE = "data/published.json"
MANIFEST_IN_CONTENT = "feedback/published.json"  # below the content folder; kept in git
_VERSION = 1


@dataclass(frozen=True)
class PastMove:
    """A move as it was published."""

    on: str
    to: str
    why: dict[str, str] = field(default_factory=dict)  # by language: a digest of the reason


@dataclass(frozen=True)
class Published:
    """What stands, or stood, in public."""

    records: frozenset[str] = frozenset()
    items: dict[str, tuple[PastMove, ...]] = field(default_factory=dict)


def what_stands(loop: Loop) -> Published:
    """Return what this build shows."""
    return Published(
        frozenset({*loop.hearing.records, *loop.hearing.tombstones}),
        {item.key: _moves(item) for item in loop.items},
    )


def _moves(item: RoadmapItem) -> tuple[PastMove, ...]:
    return tuple(
        PastMove(move.on.isoformat(), str(move.to), _digests(move.why)) for move in item.moves
    )


def _digests(words: Words) -> dict[str, str]:
    """Return a digest of each language's text; blanks and line ends don't count."""
    return {
        lang: hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]
        for lang, text in words.texts
    }


def to_json(published: Published) -> str:
    """Return the list as a file, a line a thing, so that git shows what is new."""
    records = ",\n  ".join(json.dumps(ref) for ref in sorted(published.records))
    items = ",\n  ".join(
        f"{json.dumps(key)}: "
        + json.dumps([{"on": m.on, "to": m.to, "why": m.why} for m in moves], sort_keys=True)
        for key, moves in sorted(published.items.items())
    )
    return (
        f'{{\n "version": {_VERSION},\n'
        f' "records": [\n  {records}\n ],\n'
        f' "items": {{\n  {items}\n }}\n}}\n'
    )


def from_json(text: str, faults: FileFaults) -> Published:
    """Read the list; a list that can't be read is a fault, since nothing can be compared then."""
    try:
        found: dict[str, Any] = json.loads(text)
        return Published(
            frozenset(str(ref) for ref in found["records"]),
            {
                str(key): tuple(
                    PastMove(str(move["on"]), str(move["to"]), dict(move["why"])) for move in moves
                )
                for key, moves in found["items"].items()
            },
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        faults.fault(
            0,
            "",
            "The list of what was published can't be read.",
            "Put it back as it was: git checkout -- content/feedback/published.json.",
            "silence",
        )
        return Published()


def compare(before: Published, loop: Loop, everything: dict[Any, Content], report: Report) -> None:
    """Report what has vanished, and what was rewritten.

    :param everything: all that is written, by kind and key, drafts included: an item that became
        one has vanished from the public all the same.
    """
    _vanished_records(before, loop, report)
    shown = {item.key: item for item in loop.items}
    for key, past in sorted(before.items.items()):
        if key in shown:
            _rewritten(past, shown[key], report)
            continue
        hidden = everything.get((Kind.ROADMAP, key))
        path = hidden.texts[hidden.original].path if hidden else f"roadmap/{key}.md"
        report.at(path).fault(
            0,
            "",
            f"The roadmap item “{key}” was public, and is gone.",
            "Bring it back and give it withdrawn: with on, why and, if there is one, instead.",
            "silence",
        )


def _vanished_records(before: Published, loop: Loop, report: Report) -> None:
    for ref in sorted(before.records - {*loop.hearing.records, *loop.hearing.tombstones}):
        report.at(MANIFEST_IN_CONTENT).fault(
            0,
            "records",
            f"The record {ref} was public, and is gone.",
            "Bring its file back. If its words were withdrawn, do it at the desk and pull "
            "(./run pull): that leaves a note in their place.",
            "silence",
        )


def _rewritten(past: tuple[PastMove, ...], item: RoadmapItem, report: Report) -> None:
    text = item.texts[item.original]
    faults = report.at(text.path)
    present = _moves(item)
    for number, was in enumerate(past, 1):
        name = f"moves[{number}]"
        if number > len(present):
            faults.fault(
                text.line("moves"),
                "moves",
                f"The move to {was.to} on {was.on} was public, and is gone.",
                "Put it back. If it was a mistake, add a move that says so.",
                "silence",
            )
            continue
        now = present[number - 1]
        if (now.on, now.to) != (was.on, was.to):
            faults.fault(
                text.line(name),
                name,
                f"This move was published as “{was.to}” on {was.on}, and is now “{now.to}” on "
                f"{now.on}.",
                "Put it back, and add a new move that says what is so now.",
                "silence",
            )
        elif changed := [lang for lang in was.why if was.why[lang] != now.why.get(lang)]:
            faults.fault(
                text.line(f"{name}.why"),
                f"{name}.why",
                f"The reason of {was.on} was published, and is rewritten in "
                f"{', '.join(sorted(changed))}.",
                "Put the old words back; say what you know now in a new move, or in the text.",
                "silence",
            )


def check_done(loop: Loop, report: Report) -> None:
    """Report each item that is called done, without a change that says what was done."""
    for item in loop.items:
        if item.status != Status.DONE or item.withdrawn:
            continue
        if any(change.outcome != Outcome.CANNOT for change in loop.changes_of(item)):
            continue
        text = item.texts[item.original]
        name = f"moves[{len(item.moves)}]"
        report.at(text.path).fault(
            text.line(name),
            name,
            f"“{item.key}” is done, and no change says what was done.",
            f"Write one (./run new change) with roadmap: {item.key}.",
            "silence",
        )
