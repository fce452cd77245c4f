"""What a word is, in each language: the same for the site's search, the browser and the desk.

A text becomes words; each word is folded (no accents, no capitals) and brought down to a term that
it shares with its other forms: plurals, verbs' endings, and in Welsh the mutations of its first
letter. `theme/scripts/terms.js` does exactly the same in the browser, from the tables that
`tables()` hands it; a test compares the two word by word. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from core.analysis import english, welsh
from core.analysis.folding import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 40  # letters of a term; longer ones differ early enough
REMEMBERED = 200_000  # words whose terms are remembered
_APOSTROPHES = "'’\u02bc`"
WORD = re.compile(r"[^\W_]+(?:['’\u02bc`\u2010\u2011-][^\W_]+)*")
_ANALYSERS = {"cy": welsh.ANALYSER, "en": english.ANALYSER}  # another language is only folded
_PLAIN = re.compile(f"[{_APOSTROPHES}]")
_HYPHEN = re.compile(r"[\u2010\u2011-]")


class WordSpan(NamedTuple):
    """A word of a text, with where it stands."""

    start: int
    end: int
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Analysis:
    """What a word is in one language."""

    lang: str

    def terms(self, text: str) -> Iterator[str]:
        """Return the terms of a text, in its order, each as often as it comes."""
        for word in WORD.findall(text):
            yield from _terms(word, self.lang)

    def counts(self, text: str) -> Iterator[tuple[str, int]]:
        """Return the terms of a text with how often they come, a pair for each of their forms."""
        for word, often in Counter(WORD.findall(text)).items():
            for term in _terms(word, self.lang):
                yield term, often

    def spans(self, text: str) -> Iterator[WordSpan]:
        """Return the words of a text that say something, with where they stand."""
        for match in WORD.finditer(text):
            if terms := _terms(match[0], self.lang):
                yield WordSpan(match.start(), match.end(), terms)

    def beginning(self, word: str) -> str:
        """Return what the terms of words that begin so begin with."""
        pieces = _HYPHEN.split(_PLAIN.sub("'", word.lower()))
        analyser = _ANALYSERS.get(self.lang)
        last = folded(pieces[-1].replace("'", "") if pieces else "")
        return analyser.beginning(last) if analyser else last

    @property
    def tables(self) -> dict[str, Any]:
        """Return what the browser needs to do the same."""
        analyser = _ANALYSERS.get(self.lang)
        return analyser.tables() if analyser else {}


@lru_cache(maxsize=REMEMBERED)
def _terms(word: str, lang: str) -> tuple[str, ...]:
    """Return what a word stands for: nothing for an everyday one, several for a compound."""
    analyser = _ANALYSERS.get(lang)
    plain = _PLAIN.sub("'", word.lower())
    compound = _HYPHEN.split(plain)
    pieces: list[str] = []
    for part in compound:
        pieces += analyser.parted(part) if analyser else [part.replace("'", "")]
    if len(compound) > 1:
        pieces.append("".join(pieces))
    terms = []
    for piece in pieces:
        if analyser and piece in analyser.everyday:
            continue
        bare = folded(piece)
        if len(bare) == 1 and not bare.isdigit():
            continue
        term = analyser.stem(bare) if analyser else bare
        if term:
            terms.append(term[:LONGEST])
    return tuple(terms)
