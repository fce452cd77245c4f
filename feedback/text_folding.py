"""Texts as they are compared: what looks the same is the same, and what can't be seen is gone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ACCENTS = re.compile("[\u0300-\u036f]+")
STROKED = str.maketrans("\u00f8\u0111\u0142\u0131", "odli")  # letters that no accent makes
UNSEEN = {"Cf", "Mn", "Cc"}  # joiners, marks of direction; marks that no letter took; controls
PLAIN = {"Pd": "-", "Zs": " "}  # dashes and blanks of every sort
APOSTROPHES = frozenset("'’‘\u02bc\u00b4\u2032\uff07")


def folded(texts: Iterable[str]) -> str:
    """Return texts as they are compared: small letters, no accents, one space between words."""
    return bare(" ".join(" ".join(texts).split()))


def bare(text: str) -> str:
    """Return a text in small letters without accents."""
    text = text.casefold().translate(STROKED)
    return text if text.isascii() else ACCENTS.sub("", unicodedata.normalize("NFKD", text))


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text in plain letters, dashes, blanks and apostrophes, each knowing where it came from."""

    text: str
    places: tuple[int, ...]  # of each letter in the original, and its length at the end
    bare: str  # the same letters, small and without accents

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of it stands in the original."""
        return self.places[start], self.places[end - 1] + 1 if end else 0


def plain_text(original: str) -> PlainText:
    """Return a text as patterns read it; letters are never more than in the original."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(original):
        if letters and unicodedata.combining(letter):
            together = unicodedata.normalize("NFC", letters[-1] + letter)
            letters[-1] = together if len(together) == 1 else letters[-1]
            continue
        for shown in _shown(letter):
            letters.append(shown)
            places.append(place)
    text = "".join(letters)
    small = "".join((bare(letter) or letter)[0] for letter in letters)
    return PlainText(text, (*places, len(original)), small)


def _shown(letter: str) -> Iterator[str]:
    """Give a letter as it is compared, nothing for one that can't be seen."""
    if letter.isascii():
        yield "'" if letter == "`" else letter
        return
    category = unicodedata.category(letter)
    if letter in APOSTROPHES:
        yield "'"
    elif category in PLAIN:
        yield PLAIN[category]
    elif category not in UNSEEN:
        wide = unicodedata.normalize("NFKC", letter)
        yield wide if len(wide) == 1 else letter
