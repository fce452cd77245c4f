"""No hidden number can be worked out, by whoever knows the sum and how the table is made."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING

import pytest

from core.chance import by_chance, interval
from core.public.small_numbers import LEAST, shown_counts

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize(("cells", "most"), [(2, 40), (3, 30), (4, 24)])
def test_of_every_small_table_no_hidden_cell_can_be_reconstructed(cells: int, most: int) -> None:
    """Try all tables: those that look alike hold more than one number in each hidden cell."""
    names = "abcd"[:cells]
    alike: dict[tuple[object, ...], list[tuple[int, ...]]] = defaultdict(list)
    tables_of: Iterator[tuple[int, ...]] = product(range(most + 1), repeat=cells)
    for table in tables_of:
        if sum(table) <= most:  # so that every other table of the same sum is tried too
            shown = shown_counts(dict(zip(names, table, strict=True)))
            alike[sum(table), *shown.values()].append(table)
    for (_, *shown_cells), tables in alike.items():
        for place, cell in enumerate(shown_cells):
            values = {table[place] for table in tables}
            if cell is None and any(tables[0]):
                assert len(values) > 1, (shown_cells, tables)
            assert cell is None or values == {cell}


def test_what_is_shown_is_nobody_or_enough() -> None:
    shown = shown_counts({"a": 3, "b": 40, "c": 12, "d": 0, "e": 12})
    assert shown == {"a": None, "b": 40, "c": None, "d": 0, "e": None}
    assert all(count in {0, None} or count >= LEAST for count in shown.values() if count)


def test_few_voices_in_all_show_nothing() -> None:
    assert shown_counts({"a": 1, "b": 1}) == {"a": None, "b": None}


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662), (1, 1, 0.2065, 1.0)],
)
def test_a_share_is_as_sure_as_wilson_says(part: int, whole: int, low: float, high: float) -> None:
    """The third is Newcombe's own example (Statistics in Medicine 17, 1998, table I)."""
    assert interval(part, whole) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("trials", "share", "bounds"),
    [(100, 0.5, (40, 60)), (20, 0.1, (0, 5)), (9, 0.0, (0, 0)), (9, 1.0, (9, 9)), (0, 0.3, (0, 0))],
)
def test_chance_brings_as_the_binomial_says(
    trials: int, share: float, bounds: tuple[int, int]
) -> None:
    assert by_chance(trials, share) == bounds
