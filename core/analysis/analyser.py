"""How a language makes words: what an analysis asks of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Analyser:
    """A language's way with words."""

    everyday: frozenset[str]  # words that say nothing by themselves, accents kept
    parted: Callable[[str], list[str]]  # what a word with apostrophes is made of
    stem: Callable[[str], str]  # a folded word's term
    beginning: Callable[[str], str]  # what terms of words that begin so begin with
    tables: Callable[[], dict[str, Any]]  # for the browser


def alike(table: str, form: Callable[[str], str] = str) -> dict[str, str]:
    """Return the words of a table, each with the first of its group.

    :param form: what is done to a word before it is looked up.
    """
    groups = [[form(word) for word in group.split()] for group in table.split(",")]
    return {other: first for first, *others in groups for other in others}
