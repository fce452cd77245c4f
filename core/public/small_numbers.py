"""Small numbers are hidden, and what would give them away goes with them.

Whoever knows the sum of a table, and how it was made, may learn no hidden number from what is
shown (complementary suppression; Willenborg and de Waal, Elements of Statistical Disclosure
Control, 2001, chapter 7). `tests/test_small_numbers.py` tries all small tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LEAST = 5  # people in a cell that is shown, but for nobody at all


def shown_counts(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Return the counts that may be shown, None for those that are hidden; the sum is public.

    - Where fewer are counted than `LEAST` a cell on average, nothing is shown.
    - Cells of few people are hidden, and with them all cells that hold the smallest number that
      could be shown. Then any of the hidden cells may hold any of the hidden numbers, of which
      there are two different ones at least.
    - A cell of nobody is shown: that nobody was heard picks nobody out.
    """
    if sum(counts.values()) < LEAST * len(counts):
        return dict.fromkeys(counts)
    few = {key for key, count in counts.items() if 0 < count < LEAST}
    many = [count for count in counts.values() if count >= LEAST]
    beside = min(many) if few else None
    return {key: None if key in few or count == beside else count for key, count in counts.items()}
