"""The words of a page that answer a question, with what was asked for marked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.analysis import Analysis

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from core.search.documents import Document, Passage

WIDE = 180  # characters of an excerpt
BEFORE = 50  # of them before the first word that was asked for


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Pieces of text, every second of them a word that was asked for."""

    pieces: tuple[str, ...]
    second: int | None = None  # when it is heard


def marked(text: str, terms: Collection[str], lang: str) -> tuple[str, ...]:
    """Return a text in pieces, every second of them one of the terms."""
    pieces, end = [], 0
    for span in Analysis(lang).spans(text):
        if any(term in terms for term in span.terms):
            pieces += [text[end : span.start], text[span.start : span.end]]
            end = span.end
    return (*pieces, text[end:])


def excerpt(passages: Sequence[Passage], terms: Collection[str], lang: str) -> Excerpt | None:
    """Return the stretch of a page that has most of the terms; None when none has any."""
    best: tuple[int, int] = (0, 0)
    nearest: tuple[Passage, int] | None = None
    for passage in passages:
        hits = [
            (span.start, span.end, term)
            for span in Analysis(lang).spans(passage.text)
            for term in span.terms
            if term in terms
        ]
        for number, (start, _, _) in enumerate(hits):
            within = [hit for hit in hits[number:] if hit[1] - start <= WIDE - BEFORE]
            worth = (len({term for _, _, term in within}), len(within))
            if worth > best:
                best, nearest = worth, (passage, start)
    if nearest is None:
        return None
    passage, start = nearest
    return Excerpt(marked(_cut(passage.text, start), terms, lang), passage.second)


def _cut(text: str, start: int) -> str:
    """Return what stands around a place, whole words only."""
    begin = max(0, start - BEFORE)
    if begin:
        begin = text.find(" ", begin, start) + 1 or start
    end = begin + WIDE
    if end < len(text):
        end = max(text.rfind(" ", start, end), start)
        end = end if end > start else begin + WIDE
    return ("… " if begin else "") + text[begin:end] + (" …" if end < len(text) else "")


def spelling(term: str, document: Document) -> str:
    """Return how a document writes a term: as most often, in small letters."""
    words: Counter[str] = Counter()
    for text in (document.title, *(passage.text for passage in document.body)):
        for span in Analysis(document.lang).spans(text):
            if term in span.terms:
                words[text[span.start : span.end].lower()] += 1
    return min(words, key=lambda word: (-words[word], len(word), word), default=term)
