"""A language's index as files: which documents each term is in, spread over many small shards.

A question fetches one shard for each of its words, whatever the size of the site. Everything is a
function of the documents alone, so that the same content gives the same bytes. When only a few
documents changed, only the shards of their terms are written; that gives the same bytes too.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.analysis import Analysis
from core.search import FORMAT
from core.search.asking import drawer
from core.search.ranking import common, counted, resistance, steady
from core.search.tree import Listed, NoDocuments, lead_name, read_document, text_name
from plugins.search.postings import Postings, gaps, numbers, score

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from core.search.documents import Document
    from core.search.ranking import Counts
    from core.search.tree import Contents

MEAN = 1500  # characters of a shard, at most
SHARDS_A_DRAWER = 8
A_TERM = 1.2  # characters of postings that a word of text leads to
FEW = 0.1  # of the documents may change before everything is written anew

AT_ONCE = 4  # files that are written at a time: most of writing one is waiting


@dataclass(frozen=True, slots=True)
class Shape:
    """What the script needs to know before it asks for anything else."""

    lang: str
    pages: int
    shards: int
    average: float  # terms of a page
    others: tuple[str, ...]  # the site's other languages

    @classmethod
    def of(cls, lang: str, lengths: Sequence[int], others: Sequence[str]) -> Shape:
        """Return the shape of an index of documents of such lengths."""
        total, shards = sum(lengths), 1
        while shards * MEAN < total * A_TERM:
            shards *= 2
        return cls(lang, len(lengths), shards, steady(total / max(1, len(lengths))), tuple(others))

    @property
    def drawers(self) -> int:
        """Return how many files the vocabulary is in: words are far shorter than their lists."""
        return max(1, self.shards // SHARDS_A_DRAWER)

    def file(self) -> str:
        """Return the file that says so."""
        told = {
            "format": FORMAT,
            "pages": self.pages,
            "shards": self.shards,
            "average": self.average,
            "others": self.others,
            "words": Analysis(self.lang).tables,
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"

    def keeps(self, text: str) -> bool:
        """Whether an index whose file this is differs in nothing that concerns every shard."""
        try:
            there = json.loads(text)
            return bool(dataclasses.replace(self, pages=there["pages"]).file() == text)
        except (ValueError, KeyError, TypeError):
            return False


class Shards:
    """Writes the index of one language into its folder."""

    def __init__(
        self, tree: Path, folder: Path, lang: str, count: Callable[[Document], Counts] = counted
    ) -> None:
        """Take the tree and the language's folder in it.

        :param count: counts the terms of a document, or remembers how many there were.
        """
        self._tree, self._folder, self._lang, self._count = tree, folder, lang, count

    def write(
        self, documents: Sequence[Document], others: Sequence[str], before: Contents | None = None
    ) -> tuple[Listed, ...]:
        """Write what is new; return what is there now.

        :param documents: all of them, in order.
        :param others: the site's other languages.
        :param before: what the folder holds already, if another build left it there.
        """
        was = before.documents if before else ()
        counts: dict[int, Counts] = {}
        listed = []
        for number, document in enumerate(documents):
            old = was[number] if number < len(was) else None
            digest = document.digest
            if old is None or (old.key, old.digest) != (document.key, digest):
                counts[number] = self._count(document)
                length = counts[number].length
            else:
                length = old.length
            listed.append(Listed(document.key, digest, document.order[0], length))
        shape = Shape.of(self._lang, [one.length for one in listed], others)
        in_place = all(old.key == one.key for old, one in zip(was, listed, strict=False))
        if (
            in_place
            and was
            and len(was) <= len(listed)
            and len(counts) <= max(1, len(listed) * FEW)
            and shape.keeps(self._text("meta.json"))
        ):
            try:
                self._edit(documents, counts, was, shape)
            except (NoDocuments, OSError, ValueError, KeyError):  # what was left there is spoilt
                self._whole(documents, counts, listed, shape)
        else:
            self._whole(documents, counts, listed, shape)
        self._put([("meta.json", shape.file()), ("facets.txt", _facets(documents))])
        return tuple(listed)

    def _whole(
        self,
        documents: Sequence[Document],
        counts: dict[int, Counts],
        listed: Sequence[Listed],
        shape: Shape,
    ) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        for name in ("t", "w", "d", "x"):
            (self._folder / name).mkdir(parents=True)
        postings: defaultdict[str, Postings] = defaultdict(Postings)
        for number, document in enumerate(documents):
            there = counts.pop(number, None) or self._count(document)
            against = resistance(listed[number].length, shape.average)
            for term, weight in there.weights.items():
                postings[term].add(number, score(weight / (weight + against)))
        shards: list[list[str]] = [[] for _ in range(shape.shards)]
        drawers: list[list[str]] = [[] for _ in range(shape.drawers)]
        for term in sorted(postings):
            one = postings[term]
            shards[place(term, shape.shards)].append(one.line(term))
            drawers[place(drawer(term), shape.drawers)].append(_word(term, one.having))
        self._put((f"t/{number}.txt", "".join(lines)) for number, lines in enumerate(shards))
        self._put((f"w/{number}.txt", "".join(lines)) for number, lines in enumerate(drawers))
        self._put(files for one in enumerate(documents) for files in _files(*one))

    def _edit(
        self,
        documents: Sequence[Document],
        counts: Mapping[int, Counts],
        was: Sequence[Listed],
        shape: Shape,
    ) -> None:
        """Put changed documents in the place of what they were."""
        touched: dict[int, dict[str, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
        for number, new in counts.items():
            letters: dict[str, str] = {}
            if number < len(was):
                old = read_document(self._tree, self._lang, number, was[number])
                letters = _letters(self._count(old), shape)
            fresh = _letters(new, shape)
            for term in letters.keys() | fresh.keys():
                if letters.get(term) != fresh.get(term):
                    here = touched[place(term, shape.shards)]
                    here[term][number] = fresh.get(term, "")
            self._put(_files(number, documents[number]))
        words: dict[int, dict[str, int]] = defaultdict(dict)
        written: list[tuple[str, str]] = []
        for number, terms in touched.items():
            lines = self._lines(f"t/{number}.txt")
            for term, changes in terms.items():
                had = lines.pop(term, ("", ""))
                there = dict(zip(numbers(had[0]), had[1], strict=True)) | changes
                left = sorted((one, share) for one, share in there.items() if share)
                if common(len(had[1])) != common(len(left)):
                    words[place(drawer(term), shape.drawers)][term] = len(left)
                if left:
                    lines[term] = (
                        gaps(one for one, _ in left),
                        "".join(share for _, share in left),
                    )
            text = "".join(f"{term} {a} {b}\n" for term, (a, b) in sorted(lines.items()))
            written.append((f"t/{number}.txt", text))
        written += [(f"w/{n}.txt", self._drawer(n, changed)) for n, changed in words.items()]
        self._put(written)

    def _text(self, name: str) -> str:
        path = self._folder / name
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def _lines(self, name: str) -> dict[str, tuple[str, str]]:
        parts = (line.split(" ") for line in self._text(name).splitlines())
        return {term: (there, scores) for term, there, scores in parts}

    def _drawer(self, name: int, changed: Mapping[str, int]) -> str:
        lines = self._text(f"w/{name}.txt").splitlines()
        words = {line[:-1]: f"{line}\n" for line in lines}
        for term, having in changed.items():
            words.pop(term, None)
            if having:
                words[term] = _word(term, having)
        return "".join(words[term] for term in sorted(words))

    def _put(self, files: Iterable[tuple[str, str]]) -> None:
        """Write files anew, since those before may be another tree's too: several at a time."""
        every = list(files)

        def write(first: int) -> None:
            for name, text in every[first::AT_ONCE]:
                path = os.path.join(self._folder, name)  # noqa: PTH118 - twenty thousand times
                with suppress(FileNotFoundError):
                    os.unlink(path)  # noqa: PTH108 - the same
                with open(path, "wb", buffering=0) as file:  # noqa: PTH123 - the same
                    file.write(text.encode())

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(write, range(AT_ONCE)))


def _letters(counts: Counts, shape: Shape) -> dict[str, str]:
    """Return how much a document is about each of its terms, as shards say it."""
    against = resistance(counts.length, shape.average)
    return {
        term: chr(score(weight / (weight + against))) for term, weight in counts.weights.items()
    }


def _files(number: int, document: Document) -> tuple[tuple[str, str], ...]:
    return ((lead_name(number), document.lead()), (text_name(number), document.text()))


def place(term: str, how_many: int) -> int:
    """Return the shard that a term is in, or a drawer: FNV-1a, as search.js reckons it too."""
    found = 0x811C9DC5
    for letter in term if term.isascii() else _units(term):
        found = ((found ^ ord(letter)) * 0x01000193) & 0xFFFFFFFF
    return (found ^ (found >> 16)) % how_many


def _units(term: str) -> str:
    """Return the letters that JavaScript counts."""
    data = term.encode("utf-16-le")
    return "".join(chr(data[n] | data[n + 1] << 8) for n in range(0, len(data), 2))


def _word(term: str, having: int) -> str:
    return f"{term}{chr(ord('a') + common(having))}\n"


def _facets(documents: Sequence[Document]) -> str:
    """Return which documents have each value of each facet."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, document in enumerate(documents):
        found["kind", document.kind].append(number)
        for topic in document.topics:
            found["topic", topic].append(number)
        if document.year:
            found["year", document.year].append(number)
    return "".join(f"{name} {value} {gaps(found[name, value])}\n" for name, value in sorted(found))
