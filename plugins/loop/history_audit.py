"""Nothing moves in silence: what was published once can't vanish or be rewritten unsaid.

Each build writes down which records and items stand in public, and their moves. Publishing keeps
that list in git, beside the records; the next build compares. What is new needs nothing. What is
gone needs its tombstone, and a past move stays as it was written, or says that it was put right.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.public.record_files import TURNS
from plugins.kinds.models import ItemStatus, Kind, Outcome, RoadmapItem

if TYPE_CHECKING:
    from core.faults import FileFaults, Report
    from plugins.kinds.models import Content, Move
    from plugins.loop.relations import Loop

MANIFEST_IN_TREE = "data/published.txt"
MANIFEST_IN_CONTENT = "feedback/published.txt"  # below the content folder; kept in git
MERGING = "feedback/.gitattributes"  # tells git to put two people's lists together
_HEADER = "# What stands in public. Publishing writes it; each build compares with it.\n"
CORRECTED = "corrected"  # stands in a move's line where another has a language
SAMPLES = "# It is the sample's.\n"


@dataclass(frozen=True)
class PublicHistory:
    """What stands, or stood, in public."""

    records: frozenset[str] = frozenset()
    items: dict[str, tuple[str, ...]] = field(default_factory=dict)  # moves, by an item's key
    turns: frozenset[str] = frozenset()  # of tenants' answers, each as a line says it


def what_stands(loop: Loop) -> PublicHistory:
    """Return what this build shows."""
    return PublicHistory(
        frozenset({*loop.heard.records, *loop.heard.tombstones}),
        {item.key: _moves(item) for item in loop.items},
        frozenset(
            f"{item} {number:02} {turn.on} {turn.to}"
            for item, turns in loop.heard.turns.items()
            for number, turn in enumerate(turns, 1)
        ),
    )


def _moves(item: RoadmapItem) -> tuple[str, ...]:
    """Return an item's moves as the list has them: day, status, and a digest a language.

    A reason is one line, however it was broken.
    """
    lines = []
    for move in item.moves:
        digests = {
            lang: hashlib.sha256(text.encode()).hexdigest()[:16] for lang, text in move.why.texts
        }
        why = [f"{lang}:{digest}" for lang, digest in sorted(digests.items())]
        if move.corrected:
            why.append(f"{CORRECTED}:{move.corrected.on}")
        lines.append(" ".join([move.on.isoformat(), str(move.to), *why]))
    return tuple(lines)


def to_text(published: PublicHistory, *, sample: bool) -> str:
    """Return the list as a file: sorted, a line a thing, so that two people's lists merge.

    A move's line holds the item's key, its number, day and status, a digest a language, and the day
    on which its reason was put right; that of a turn of tenants' answers the item's key, its
    number, day and way.
    """
    lines = [f"record {ref}" for ref in published.records]
    lines += [f"turn {turn}" for turn in published.turns]
    for key, moves in published.items.items():
        lines.append(f"item {key}")
        for number, move in enumerate(moves, 1):
            lines.append(f"move {key} {number:02} {move}")
    header = _HEADER + (SAMPLES if sample else "")
    return header + "".join(f"{line}\n" for line in sorted(lines))


def binds(text: str, *, sample: bool) -> bool:
    """Whether a site is held to a list: the sample's binds nobody who deletes the sample."""
    return sample or SAMPLES not in text


def from_text(text: str, faults: FileFaults) -> PublicHistory:
    """Read the list; a line that can't be read is a fault, since nothing can be compared then."""
    records: set[str] = set()
    items: dict[str, dict[int, str]] = {}
    turns: set[str] = set()
    for line_number, line in enumerate(text.splitlines(), 1):
        match line.split():
            case [] | ["#", *_]:
                pass
            case ["record", ref]:
                records.add(ref)
            case ["turn", *turn] if turn:
                turns.add(" ".join(turn))
            case ["item", key]:
                items.setdefault(key, {})
            case ["move", key, number, on, to, *why] if number.isdigit():
                items.setdefault(key, {})[int(number)] = " ".join([on, to, *why])
            case _:
                faults.fault(
                    line_number,
                    "",
                    "This line of what was published can't be read.",
                    f"Put it back as it was: git checkout -- content/{MANIFEST_IN_CONTENT}.",
                    "silence",
                )
    return PublicHistory(
        frozenset(records),
        {key: tuple(moves[number] for number in sorted(moves)) for key, moves in items.items()},
        frozenset(turns),
    )


def compare(
    before: PublicHistory, loop: Loop, everything: dict[Any, Content], report: Report
) -> None:
    """Report what has vanished, and what was rewritten.

    :param everything: all that is written, by kind and key, drafts included: an item that became
        one has vanished from the public all the same.
    """
    _vanished_records(before, loop, report)
    for turn in sorted(before.turns - what_stands(loop).turns):
        report.at(TURNS.path).fault(
            0,
            "turns",
            f"The day on which tenants' answers turned ({turn}) was public, and is gone.",
            f"Put the line back: git checkout -- content/{TURNS.path}. Pulling only adds to it.",
            "silence",
        )
    shown = {item.key: item for item in loop.items}
    for key, past in sorted(before.items.items()):
        if key in shown:
            _rewritten(past, shown[key], report)
            continue
        hidden = everything.get((Kind.ROADMAP, key))
        path = hidden.texts[hidden.original].path if hidden else f"roadmap/{key}.md"
        report.at(path).whole(
            f"The roadmap item “{key}” was public, and is gone.",
            "Bring it back and give it withdrawn: with on, why and, if there is one, instead.",
            "silence",
        )


def _vanished_records(before: PublicHistory, loop: Loop, report: Report) -> None:
    for ref in sorted(before.records - {*loop.heard.records, *loop.heard.tombstones}):
        report.at(MANIFEST_IN_CONTENT).fault(
            0,
            "records",
            f"The record {ref} was public, and is gone.",
            "Bring its file back. If its words were withdrawn, do it at the desk and pull "
            "(./run pull): that leaves a note in their place.",
            "silence",
        )


def _rewritten(past: tuple[str, ...], item: RoadmapItem, report: Report) -> None:
    text = item.texts[item.original]
    faults = report.at(text.path)
    present = _moves(item)
    for number, was in enumerate(past, 1):
        name = f"moves[{number}]"
        on, to, *reasons = was.split()
        if number > len(present):
            faults.fault(
                text.line("moves"),
                "moves",
                f"The move to {to} on {on} was public, and is gone.",
                "Put it back. If it was a mistake, add a move that says so.",
                "silence",
            )
            continue
        on_now, to_now, *reasons_now = present[number - 1].split()
        if (on_now, to_now) != (on, to):
            faults.fault(
                text.line(name),
                name,
                f"This move was published as “{to}” on {on}, and is now “{to_now}” on {on_now}.",
                "Put it back, and add a new move that says what is so now.",
                "silence",
            )
        elif (changed := _changed(reasons, reasons_now)) and not _newly_corrected(
            item.moves[number - 1], reasons
        ):
            faults.fault(
                text.line(f"{name}.why"),
                f"{name}.why",
                f"The reason of {on} was published, and is rewritten in {', '.join(changed)}.",
                "Put the old words back; say what you know now in a new move, or in the text. Did "
                "they name somebody, or were they plainly wrong? Then add corrected: {on, why}.",
                "silence",
            )


def _changed(reasons: list[str], reasons_now: list[str]) -> list[str]:
    """Return in which languages a reason was rewritten, or that its correction is gone."""
    return sorted(why.partition(":")[0] for why in {*reasons} - {*reasons_now})


def _newly_corrected(move: Move, reasons: list[str]) -> bool:
    """Whether a move says that its reason was put right since it was published last."""
    return move.corrected is not None and f"{CORRECTED}:{move.corrected.on}" not in reasons


def check_done(loop: Loop, report: Report) -> None:
    """Report each item that is called done, without a change that says what was done."""
    for item in loop.items:
        if item.status != ItemStatus.DONE or item.withdrawn:
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
