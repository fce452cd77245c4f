"""Parity: what is said in one language and not yet in the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.catalogues import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.faults import Fault
    from plugins.kinds.models import Content


@dataclass(frozen=True, slots=True)
class LanguageTally:
    """How much of the site one language has."""

    lang: str
    pages: int  # written in it
    of: int  # things there are

    @property
    def percent(self) -> int:
        """Return the share in whole per cent, rounded down, so that 100 means all."""
        return 100 * self.pages // self.of if self.of else 100


@dataclass(frozen=True, slots=True)
class Parity:
    """The state of the languages beside each other."""

    tallies: tuple[LanguageTally, ...]
    gaps: tuple[Fault, ...]  # pages and words that are missing, each with what to write


def parity(
    contents: Iterable[Content], faults: Iterable[Fault], languages: tuple[str, ...]
) -> Parity:
    """Return how the languages stand beside each other."""
    texts = [content.texts for content in contents]
    tallies = tuple(
        LanguageTally(lang, sum(lang in text for text in texts), len(texts)) for lang in languages
    )
    return Parity(tallies, tuple(fault for fault in faults if fault.code == MISSING))
