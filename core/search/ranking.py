"""How pages are weighed: BM25F, with each field's words counted before they saturate.

What a word adds to a page's score is its rarity times how much the page is about it. Only the
latter is stored, so that one edited page leaves the other pages' numbers alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.analysis import Analysis

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.search.documents import Document

WEIGHTS = {"title": 10, "tags": 4, "headings": 3, "summary": 3, "body": 1}
K1 = 1.2  # how soon more of the same word adds nothing
B = 0.4  # how much a long page must say a word more often
STEP = 1.05  # the average length is known this well: so it seldom changes


@dataclass(frozen=True, slots=True)
class Counts:
    """What a page says: by term, what its places weigh together, and how many they are."""

    weights: Mapping[str, int]
    times: Mapping[str, int]

    @property
    def length(self) -> int:
        """Return how many terms there are in all."""
        return sum(self.times.values())


def counted(document: Document) -> Counts:
    """Count a document's terms."""
    analysis = Analysis(document.lang)
    weights: dict[str, int] = {}
    times: dict[str, int] = {}
    for field, text in document.weighed.items():
        weight = WEIGHTS[field]
        for term, often in analysis.counts(text):
            weights[term] = weights.get(term, 0) + weight * often
            times[term] = times.get(term, 0) + often
    return Counts(weights, times)


def steady(average: float) -> float:
    """Return an average length, rounded so that small edits don't change it."""
    return round(STEP ** round(math.log(max(average, 1.0), STEP)), 3)


def resistance(length: int, average: float) -> float:
    """Return what a page's length sets against the weight of each of its terms.

    The weight's share of the two is BM25F, but for the term's rarity.
    """
    return K1 * (1 - B + B * length / average)


def common(having: int) -> int:
    """Return how common a term is, in steps that one more page seldom takes."""
    return having.bit_length()
