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
from array import array
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from core.analysis import Analysis
from core.search import FOLDER, FORMAT
from core.search.asking import drawer
from core.search.ranking import common, counted, resistance, steady
from core.search.tree import Listed, NoDocuments, lead_name, read_document, text_name
from plugins.search.postings import ease, level, packed, read

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from core.search.documents import Document
    from core.search.ranking import Counts
    from core.search.tree import Contents

MEAN = 750  # characters of a shard, at most
SHARDS_A_DRAWER = 16
A_TERM = 1.2  # characters of postings that a word of text leads to
FEW = 0.1  # of the documents may change before everything is written anew
HALF = 32  # bits: of a number that is two, the higher tells the document, the lower the weight
LOW = (1 << HALF) - 1

FOLDERS = ("t", "w", "d", "x")  # shards, the vocabulary's drawers, leads, texts
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
    """Writes the index of one language into a tree."""

    def __init__(
        self, tree: Path, lang: str, count: Callable[[Document], Counts] = counted
    ) -> None:
        """Take the tree and the language.

        :param count: counts the terms of a document, or remembers how many there were.
        """
        self._folder, self._lang, self._count = tree / FOLDER / lang, lang, count

    def write(
        self,
        documents: Sequence[Document],
        others: Sequence[str],
        before: Contents | None = None,
        last: Path | None = None,
    ) -> tuple[Listed, ...]:
        """Write the index; return what is there now.

        :param documents: all of them, in order.
        :param others: the site's other languages.
        :param before: what the last tree lists.
        :param last: the last tree, or this one to edit it in place.
        """
        listed: tuple[Listed, ...] = ()
        if before and last:
            # Whatever is wrong with what was left there, a whole index is right.
            with suppress(NoDocuments, OSError, ValueError, KeyError):
                listed = self._edited(documents, others, before.documents, last)
        listed = listed or self._whole(documents, others)
        self._put([("facets.txt", _facets(documents))])
        return listed

    def _whole(self, documents: Sequence[Document], others: Sequence[str]) -> tuple[Listed, ...]:
        shutil.rmtree(self._folder, ignore_errors=True)
        for name in FOLDERS:
            (self._folder / name).mkdir(parents=True)
        having: defaultdict[str, array[int]] = defaultdict(partial(array, "Q"))
        listed = []
        for number, document in enumerate(documents):
            there = self._count(document)
            listed.append(_listed(document, there))
            high = number << HALF
            for term, weight in there.weights.items():
                having[term].append(high | weight)
        shape = Shape.of(self._lang, [one.length for one in listed], others)
        eased = [ease(resistance(one.length, shape.average)) for one in listed]
        shards: list[list[str]] = [[] for _ in range(shape.shards)]
        drawers: list[list[str]] = [[] for _ in range(shape.drawers)]
        for term in sorted(having):
            pairs = having.pop(term)
            numbers = [pair >> HALF for pair in pairs]
            levels = [level(pair & LOW, eased[pair >> HALF]) for pair in pairs]
            shards[place(term, shape.shards)].append(_line(term, numbers, levels))
            drawers[place(drawer(term), shape.drawers)].append(_word(term, len(pairs)))
        self._put((_shard_name(number), "".join(lines)) for number, lines in enumerate(shards))
        self._put((_drawer_name(number), "".join(lines)) for number, lines in enumerate(drawers))
        self._put(file for one in enumerate(documents) for file in _files(*one))
        self._put([("meta.json", shape.file())])
        return tuple(listed)

    def _edited(
        self,
        documents: Sequence[Document],
        others: Sequence[str],
        was: Sequence[Listed],
        last: Path,
    ) -> tuple[Listed, ...]:
        """Put the few changed documents in the place of what they were, if that will do."""
        there = [*was]
        changed: dict[int, Counts] = {}
        for number, document in enumerate(documents):
            old = was[number] if number < len(was) else None
            if old and old.digest == document.digest and old.key == document.key:
                continue
            if (old and old.key != document.key) or len(changed) > len(was) * FEW:
                return ()
            changed[number] = self._count(document)
            there[number : number + 1] = [_listed(document, changed[number])]
        shape = Shape.of(self._lang, [one.length for one in there], others)
        left = last / FOLDER / self._lang
        if len(there) > len(documents) or not shape.keeps(_text(left / "meta.json")):
            return ()
        files = dict(self._rewritten(changed, was, shape, last))
        for number in changed:
            files |= _files(number, documents[number])
        files["meta.json"] = shape.file()
        if left != self._folder:
            _link(left, self._folder, files)
        self._put(files.items())
        return tuple(there)

    def _rewritten(
        self, changed: Mapping[int, Counts], was: Sequence[Listed], shape: Shape, last: Path
    ) -> Iterator[tuple[str, str]]:
        """Return the shards and drawers in which something changes."""
        left = last / FOLDER / self._lang
        # By shard and term, which documents' levels become what, and what they were.
        touched: dict[int, dict[str, list[tuple[int, int, int]]]]
        touched = defaultdict(lambda: defaultdict(list))
        for number, counts in changed.items():
            old: dict[str, int] = {}
            if number < len(was):
                document = read_document(last, self._lang, number, was[number])
                old = _levels(self._count(document), shape)
            new = _levels(counts, shape)
            for term in old.keys() | new.keys():
                now, then = new.get(term, 0), old.get(term, 0)
                if now != then:
                    touched[place(term, shape.shards)][term].append((number, now, then))
        commoner: dict[int, dict[str, int]] = defaultdict(dict)
        for shard, terms in touched.items():
            lines = _lines(left / _shard_name(shard))
            for term, changes in terms.items():
                had = read(lines.pop(term).split()[1]) if term in lines else {}
                if any(had.get(number, 0) != then for number, _, then in changes):
                    raise ValueError(term)
                having = had | {number: now for number, now, _ in changes}
                there = sorted(one for one in having.items() if one[1])
                if common(len(had)) != common(len(there)):
                    commoner[place(drawer(term), shape.drawers)][term] = len(there)
                if there:
                    lines[term] = _line(term, *zip(*there, strict=True))
            yield _shard_name(shard), _sorted(lines)
        for number, counted_now in commoner.items():
            words = {line[:-2]: line for line in _lines(left / _drawer_name(number)).values()}
            words |= {
                term: _word(term, count) if count else "" for term, count in counted_now.items()
            }
            yield _drawer_name(number), _sorted(words)

    def _put(self, files: Iterable[tuple[str, str]]) -> None:
        """Write files, several at a time; those there before may be another tree's too."""
        every = list(files)

        def write(first: int) -> None:
            for name, text in every[first::AT_ONCE]:
                path = os.path.join(self._folder, name)  # noqa: PTH118 - twenty thousand times
                try:
                    file = open(path, "xb", buffering=0)  # noqa: PTH123, SIM115 - the same
                except FileExistsError:
                    os.unlink(path)  # noqa: PTH108 - the same
                    file = open(path, "xb", buffering=0)  # noqa: PTH123, SIM115 - the same
                with file:
                    file.write(text.encode())

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(write, range(AT_ONCE)))


def _link(folder: Path, target: Path, but: Container[str]) -> None:
    """Give the files of a folder a second name each, or copy them where that can't be done."""
    for name in FOLDERS:
        (target / name).mkdir(parents=True)
    for file in (one for name in FOLDERS for one in (folder / name).iterdir()):
        path = f"{file.parent.name}/{file.name}"
        if path not in but:
            try:
                os.link(file, target / path)
            except OSError:
                shutil.copyfile(file, target / path)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _lines(file: Path) -> dict[str, str]:
    """Return the lines of a file by their first word."""
    return {line.split(" ", 1)[0].rstrip(): line for line in _text(file).splitlines(keepends=True)}


def _sorted(lines: Mapping[str, str]) -> str:
    return "".join(lines[term] for term in sorted(lines))


def _shard_name(number: int) -> str:
    return f"t/{number}.txt"


def _drawer_name(number: int) -> str:
    return f"w/{number}.txt"


def _listed(document: Document, counts: Counts) -> Listed:
    return Listed(document.key, document.digest, document.order[0], counts.length)


def _levels(counts: Counts, shape: Shape) -> dict[str, int]:
    """Return how much a document is about each of its terms, as shards say it."""
    eased = ease(resistance(counts.length, shape.average))
    return {term: level(weight, eased) for term, weight in counts.weights.items()}


def _line(term: str, numbers: Sequence[int], levels: Sequence[int]) -> str:
    return f"{term} {packed(numbers, levels)}\n"


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
    return "".join(
        f"{name} {value} {packed(found[name, value])}\n" for name, value in sorted(found)
    )
