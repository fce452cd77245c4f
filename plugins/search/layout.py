"""What an index looks like as files: how many shards there are, and where each term is."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.analysis import Analysis
from core.search import FORMAT
from core.search.query import drawer
from core.search.ranking import common, resistance, steady
from plugins.search.postings import level, packed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FOLDERS = ("t", "w", "d", "x")  # shards, the vocabulary's drawers, leads, texts
LAYOUT = "meta.json"
MEAN = 750  # characters of a shard, at most
SHARDS_A_DRAWER = 16  # words are far shorter than their lists
A_TERM = 1.2  # characters of postings that a word of text leads to


@dataclass(frozen=True, slots=True)
class IndexLayout:
    """What the script needs to know before it asks for anything else."""

    lang: str
    pages: int
    shards: int
    average: float  # terms of a page
    others: tuple[str, ...]  # the site's other languages

    @classmethod
    def of(cls, lang: str, lengths: Sequence[int], others: Sequence[str]) -> IndexLayout:
        """Return the layout of an index of documents of such lengths."""
        total, shards = sum(lengths), 1
        while shards * MEAN < total * A_TERM:
            shards *= 2
        return cls(lang, len(lengths), shards, steady(total / max(1, len(lengths))), tuple(others))

    @property
    def _drawers(self) -> int:
        return max(1, self.shards // SHARDS_A_DRAWER)

    @property
    def names(self) -> Iterator[str]:
        """Return the files of shards and drawers, the empty ones too."""
        yield from (f"t/{number}.txt" for number in range(self.shards))
        yield from (f"w/{number}.txt" for number in range(self._drawers))

    def shard(self, term: str) -> str:
        """Return the file that a term's documents are in."""
        return f"t/{place(term, self.shards)}.txt"

    def drawer(self, term: str) -> str:
        """Return the file that a term is in, with the others that begin with its two letters."""
        return f"w/{place(drawer(term), self._drawers)}.txt"

    def level(self, weight: int, length: int) -> int:
        """Return how much a document of a length is about a term of a weight in it."""
        return level(weight / resistance(length, self.average))

    def file(self) -> str:
        """Return the file that says so."""
        fields = {
            "format": FORMAT,
            "pages": self.pages,
            "shards": self.shards,
            "average": self.average,
            "others": self.others,
            "words": Analysis(self.lang).tables,
        }
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")) + "\n"

    def keeps(self, text: str) -> bool:
        """Whether an index whose file this is differs in nothing that concerns every shard."""
        try:
            fields = json.loads(text)
            return bool(dataclasses.replace(self, pages=fields["pages"]).file() == text)
        except (ValueError, KeyError, TypeError):
            return False


def place(term: str, how_many: int) -> int:
    """Return the shard that a term is in, or a drawer: FNV-1a, as theme/scripts/shelf.js does."""
    hashed = 0x811C9DC5
    for letter in term if term.isascii() else _units(term):
        hashed = ((hashed ^ ord(letter)) * 0x01000193) & 0xFFFFFFFF
    return (hashed ^ (hashed >> 16)) % how_many


def _units(term: str) -> str:
    """Return the letters that JavaScript counts."""
    data = term.encode("utf-16-le")
    return "".join(chr(data[n] | data[n + 1] << 8) for n in range(0, len(data), 2))


def line(term: str, numbers: Sequence[int], levels: Sequence[int]) -> str:
    """Return the line of a shard that says which documents have a term.

    :param numbers: of the documents, rising.
    :param levels: how much each of them is about the term.
    """
    return f"{term} {packed(numbers, levels)}\n"


def word(term: str, having: int) -> str:
    """Return the line of a drawer that says how many documents have a term."""
    return f"{term}{chr(ord('a') + common(having))}\n"
