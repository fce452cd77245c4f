"""A language's index as files: which documents each term is in, spread over many small shards.

A question fetches one shard for each of its words, whatever the size of the site. Everything is a
function of the documents alone, so that the same content gives the same bytes. When only a few
documents changed, only the shards of their terms are written; that gives the same bytes too.
"""

from __future__ import annotations

import os
import shutil
from array import array
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from core.search import FOLDER
from core.search.ranking import counted
from core.search.tree import ListedDocument, NoDocuments, lead_name, read_document, text_name
from plugins.search.incremental import rewritten
from plugins.search.layout import FOLDERS, LAYOUT, IndexLayout, line, word
from plugins.search.postings import packed

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Sequence
    from pathlib import Path

    from core.search.documents import Document
    from core.search.ranking import Counts
    from core.search.tree import Contents

FEW = 0.1  # of the documents may change before everything is written anew
HALF = 32  # bits: of a number that is two, the higher tells the document, the lower the weight
LOW = (1 << HALF) - 1
FACETS = "facets.txt"
AT_ONCE = 4  # files that are written at a time: most of writing one is waiting


class _Levels(dict[int, int]):
    """How much documents are about terms, by both numbers in one: most pages have few weights."""

    def __init__(self, layout: IndexLayout, listed: Sequence[ListedDocument]) -> None:
        super().__init__()
        self._layout, self._listed = layout, listed

    def __missing__(self, pair: int) -> int:
        length = self._listed[pair >> HALF].length
        level = self[pair] = self._layout.level(pair & LOW, length)
        return level


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
    ) -> tuple[ListedDocument, ...]:
        """Write the index; return what is there now.

        :param documents: all of them, in order.
        :param others: the site's other languages.
        :param before: what the last tree lists.
        :param last: the last tree, or this one to edit it in place.
        """
        listed: tuple[ListedDocument, ...] = ()
        if before and last:
            # Whatever is wrong with what was left there, a whole index is right.
            with suppress(NoDocuments, OSError, ValueError, KeyError):
                listed = self._edited(documents, others, before.documents, last)
        return listed or self._whole(documents, others)

    def _whole(
        self, documents: Sequence[Document], others: Sequence[str]
    ) -> tuple[ListedDocument, ...]:
        shutil.rmtree(self._folder, ignore_errors=True)
        for name in FOLDERS:
            (self._folder / name).mkdir(parents=True)
        having: defaultdict[str, array[int]] = defaultdict(partial(array, "Q"))
        listed = []
        for number, document in enumerate(documents):
            counts = self._count(document)
            listed.append(_listed(document, counts))
            high = number << HALF
            for term, weight in counts.weights.items():
                having[term].append(high | weight)
        layout = IndexLayout.of(self._lang, [entry.length for entry in listed], others)
        known = _Levels(layout, listed)
        lines: dict[str, list[str]] = {name: [] for name in layout.names}
        for term in sorted(having):
            pairs = having.pop(term)
            numbers = [pair >> HALF for pair in pairs]
            levels = [known[pair] for pair in pairs]
            lines[layout.shard(term)].append(line(term, numbers, levels))
            lines[layout.drawer(term)].append(word(term, len(pairs)))
        self._put((name, "".join(counts)) for name, counts in lines.items())
        self._put(file for numbered in enumerate(documents) for file in _files(*numbered))
        self._put([(LAYOUT, layout.file()), (FACETS, _facets(documents))])
        return tuple(listed)

    def _edited(
        self,
        documents: Sequence[Document],
        others: Sequence[str],
        was: Sequence[ListedDocument],
        last: Path,
    ) -> tuple[ListedDocument, ...]:
        """Put the few changed documents in the place of what they were, if that will do."""
        if len(was) > len(documents):
            return ()
        listed = [*was]
        changed: dict[int, Counts] = {}
        for number, document in enumerate(documents):
            old = was[number] if number < len(was) else None
            if old and old.digest == document.digest and old.key == document.key:
                continue
            if (old and old.key != document.key) or len(changed) > len(was) * FEW:
                return ()
            changed[number] = self._count(document)
            listed[number : number + 1] = [_listed(document, changed[number])]
        layout = IndexLayout.of(self._lang, [entry.length for entry in listed], others)
        left = last / FOLDER / self._lang
        if not layout.keeps((left / LAYOUT).read_text("utf-8")):
            return ()
        before = {
            number: read_document(last, self._lang, number, was[number])
            for number in changed
            if number < len(was)
        }
        then = {number: self._count(document) for number, document in before.items()}
        files = dict(rewritten(left, layout, then, changed))
        for number in changed:
            files |= _files(number, documents[number])
        files[LAYOUT] = layout.file()
        if any(
            number not in before or _values(before[number]) != _values(documents[number])
            for number in changed
        ):
            files[FACETS] = _facets(documents)
        if left != self._folder:
            _link(left, self._folder, files)
        self._put(files.items())
        return tuple(listed)

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
    files = (file for name in FOLDERS for file in (folder / name).iterdir())
    for path in (FACETS, *(f"{file.parent.name}/{file.name}" for file in files)):
        if path not in but:
            try:
                os.link(folder / path, target / path)
            except OSError:
                shutil.copyfile(folder / path, target / path)


def _listed(document: Document, counts: Counts) -> ListedDocument:
    return ListedDocument(document.key, document.digest, document.order[0], counts.length)


def _files(number: int, document: Document) -> list[tuple[str, str]]:
    return [(lead_name(number), document.lead()), (text_name(number), document.text())]


def _values(document: Document) -> list[tuple[str, str]]:
    """Return a document's facets with their values."""
    topics = [("topic", topic) for topic in document.topics]
    return [("kind", document.kind), *topics, *([("year", document.year)] if document.year else [])]


def _facets(documents: Sequence[Document]) -> str:
    """Return which documents have each value of each facet."""
    numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, document in enumerate(documents):
        for value in _values(document):
            numbers[value].append(number)
    return "".join(
        f"{name} {value} {packed(numbers[name, value])}\n" for name, value in sorted(numbers)
    )
