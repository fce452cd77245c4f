"""The list of what stands in public, which publishing keeps in git and each build compares with.

A line for each thing, sorted, so that two people's lists merge: records, roadmap items with their
moves, turns of tenants' answers, and every address that a topic ever had.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from core.faults import FileFaults

MANIFEST_IN_TREE = "data/published.txt"
MANIFEST_IN_CONTENT = "feedback/published.txt"  # below the content folder; kept in git
MERGING = "feedback/.gitattributes"  # tells git to put two people's lists together
_HEADER = "# What stands in public. Publishing writes it; each build compares with it.\n"
SAMPLES = "# It is the sample's.\n"


@dataclass(frozen=True)
class PublicHistory:
    """What stands, or stood, in public."""

    records: frozenset[str] = frozenset()
    items: dict[str, tuple[str, ...]] = field(default_factory=dict)  # moves, by an item's key
    turns: frozenset[str] = frozenset()  # of tenants' answers, each as a line says it
    topics: frozenset[tuple[str, str, str]] = frozenset()  # key, language, word in its addresses


def to_text(published: PublicHistory, *, sample: bool) -> str:
    """Return the list as a file: sorted, a line a thing, so that two people's lists merge.

    A move's line holds the item's key, its number, day and status, a digest a language, and the day
    on which its reason was put right; that of a turn of tenants' answers the item's key, its
    number, day and way.
    """
    lines = [f"record {ref}" for ref in published.records]
    lines += [f"turn {turn}" for turn in published.turns]
    lines += [" ".join(("topic", *topic)) for topic in published.topics]
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
    topics: set[tuple[str, str, str]] = set()
    for line_number, line in enumerate(text.splitlines(), 1):
        match line.split():
            case [] | ["#", *_]:
                pass
            case ["record", ref]:
                records.add(ref)
            case ["turn", *turn] if turn:
                turns.add(" ".join(turn))
            case ["topic", key, lang, slug]:
                topics.add((key, lang, slug))
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
        frozenset(topics),
    )


def read_history(content: Path, faults: FileFaults, *, sample: bool) -> PublicHistory:
    """Read the list that binds a site; an empty one where nothing was published.

    :param content: the association's folder of content.
    :param sample: whether the site is the sample.
    """
    path = content / MANIFEST_IN_CONTENT
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    return from_text(text, faults) if binds(text, sample=sample) else PublicHistory()
