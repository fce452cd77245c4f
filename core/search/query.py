"""What a question means: its words as terms, and what may have been meant instead."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.analysis import Analysis

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 200  # characters of a question that are read
MOST_TERMS = 12
DRAWER = 2  # letters that the terms of one drawer of the vocabulary share
SHORTEST_BEGINNING = DRAWER  # letters from which on the beginning of a word is looked for
MOST_ENDINGS = 8  # words that such a beginning may stand for
BEGUN = 0.5  # how much one of them counts, against a word that was written out
SHORT = 5  # letters below which a word may be mistaken in one place, not in two


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word of a question."""

    start: int
    end: int
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A question in one language."""

    text: str  # as far as it is read
    words: tuple[QueryWord, ...]
    beginning: str  # what the last word's terms would begin with, were it not all there; or ""

    @property
    def terms(self) -> tuple[str, ...]:
        """Return its terms, each once, no more than are looked for."""
        distinct = dict.fromkeys(term for word in self.words for term in word.terms)
        return tuple(distinct)[:MOST_TERMS]


def parsed(text: str, lang: str) -> Query:
    """Return what a question means to readers of a language; any text is one."""
    text = unicodedata.normalize("NFC", text[:LONGEST]).strip()
    analysis = Analysis(lang)
    words = tuple(QueryWord(*span) for span in analysis.spans(text))
    last = text[words[-1].start : words[-1].end] if words else ""
    return Query(text, words, analysis.beginning(last) if last else "")


def drawer(term: str) -> str:
    """Return the drawer of the vocabulary that a term lies in: its first two letters."""
    return term[:DRAWER]


def drawers_near(term: str) -> tuple[str, ...]:
    """Return the drawers in which a term may be that was misspelt as this one."""
    first, second, third = term[:1], term[1:2], term[2:3]
    return tuple(dict.fromkeys((first + second, second + first, first + third)))


def endings(beginning: str, known: Iterable[tuple[str, int]]) -> list[str]:
    """Return the commonest terms that begin so.

    :param known: terms, each with how common it is.
    """
    if len(beginning) < SHORTEST_BEGINNING:
        return []
    begun = [(-often, term) for term, often in known if term.startswith(beginning)]
    return [term for _, term in sorted(begun)[:MOST_ENDINGS]]


def nearest(term: str, known: Iterable[tuple[str, int]]) -> str:
    """Return the term that was most likely meant, or "" when none is near."""
    most = 1 if len(term) < SHORT else 2
    near = [
        (distance, -often, other)
        for other, often in known
        if abs(len(other) - len(term)) <= most and (distance := apart(term, other)) <= most
    ]
    return min(near)[2] if near else ""


def apart(word: str, other: str) -> int:
    """Return in how many places two words differ; two letters that changed places are one."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(word, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and (a, word[i - 2]) == (other[j - 2], b):
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]
