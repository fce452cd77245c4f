"""What a few edited documents change in an index: the lines of their terms, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from core.search.ranking import common
from plugins.search.layout import line, word
from plugins.search.postings import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from core.search.ranking import Counts
    from plugins.search.layout import IndexLayout


class LevelChange(NamedTuple):
    """A term's level in a document; 0 where it doesn't come."""

    number: int
    then: int
    now: int


def rewritten(
    folder: Path,
    layout: IndexLayout,
    then: Mapping[int, Counts],
    now: Mapping[int, Counts],
) -> Iterator[tuple[str, str]]:
    """Yield the shards and drawers in which something changes, as they are now.

    :param folder: where they are as they were.
    :param then: what the changed documents said.
    :param now: what they say.
    :raises ValueError: when a file there doesn't say what it should.
    :raises OSError: when a file can't be read.
    """
    shards: dict[str, dict[str, list[LevelChange]]] = defaultdict(lambda: defaultdict(list))
    for number, counts in now.items():
        old = _levels(then[number], layout) if number in then else {}
        new = _levels(counts, layout)
        for term in old.keys() | new.keys():
            change = LevelChange(number, old.get(term, 0), new.get(term, 0))
            if change.then != change.now:
                shards[layout.shard(term)][term].append(change)
    drawers: dict[str, dict[str, str]] = defaultdict(dict)
    for name, terms in shards.items():
        lines = _lines(folder / name)
        for term, changes in terms.items():
            had = read(lines[term].split()[1]) if term in lines else {}
            has = _changed(had, changes)
            lines[term] = line(term, *zip(*has, strict=True)) if has else ""
            if common(len(had)) != common(len(has)):
                drawers[layout.drawer(term)][term] = word(term, len(has)) if has else ""
        yield name, _text(lines)
    for name, words in drawers.items():
        vocabulary = {
            line_of_word[:-2]: line_of_word for line_of_word in _lines(folder / name).values()
        }
        yield name, _text(vocabulary | words)


def _levels(counts: Counts, layout: IndexLayout) -> dict[str, int]:
    """Return how much a document is about each of its terms."""
    length = counts.length
    return {term: layout.level(weight, length) for term, weight in counts.weights.items()}


def _changed(had: Mapping[int, int], changes: list[LevelChange]) -> list[tuple[int, int]]:
    """Return the documents of a term with their levels."""
    if any(had.get(change.number, 0) != change.then for change in changes):
        raise ValueError("What was written there before is spoilt.")
    has = {**had, **{change.number: change.now for change in changes}}
    return sorted((number, level) for number, level in has.items() if level)


def _lines(file: Path) -> dict[str, str]:
    """Return the lines of a file by their first word."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    return {line_of_term.split()[0]: line_of_term for line_of_term in lines}


def _text(lines: Mapping[str, str]) -> str:
    return "".join(lines[first] for first in sorted(lines))
