"""Whoosh's index of one language: kept page by page, asked where there is no script.

It is made from the documents that the build left in the tree, so it is never in a build's way,
and it can be thrown away at any time. Its schema counts the words that `core.analysis` tells it,
each by the field that it stands in, and its BM25F is what the browser's ranking is tested against.
"""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from whoosh import fields, formats, index, query, scoring

from core.search.documents import from_files
from core.search.excerpts import spelling
from core.search.query import BEGUN, drawer, drawers_near, endings, nearest
from core.search.ranking import K1, B, common, counted
from core.search.tree import read_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from whoosh.searching import Searcher

    from core.search.documents import Document
    from core.search.query import Query
    from core.search.tree import Contents

AT_ONCE = 200  # documents that come in with one commit
MEMORY = 128  # MB that Whoosh may fill before it writes
SEGMENTS = 16  # of an index, beyond which small ones are put together: an edit seldom waits
MADE_BY = "made-by.txt"
INDEXED = "there.json"
FACETS = ("kind", "topic", "year")


def quietly(done: int, total: int) -> None:
    """Tell nobody how far an update has come."""
    del done, total


class WeightedField(fields.FieldType):
    """The words of a document by `core.analysis`, each counted by its field's weight."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), None, scorable=True)  # type: ignore[no-untyped-call]

    def index(self, value: Document, **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Return each term with how often it comes and what that weighs."""
        counts = counted(value)
        for term, weight in counts.weights.items():
            yield term.encode(), counts.times[term], float(weight), b""


def _schema() -> fields.Schema:
    return fields.Schema(
        key=fields.ID(unique=True, stored=True),
        day=fields.STORED,
        lead=fields.STORED,
        text=fields.STORED,
        kind=fields.ID,
        year=fields.ID,
        topic=fields.KEYWORD,
        words=WeightedField(),
    )


@dataclass(frozen=True, slots=True)
class Matches:
    """What one language's documents answer."""

    documents: tuple[Document, ...]  # the best first
    total: int
    terms: frozenset[str]  # what was looked for, endings of a word that was begun included
    missing: tuple[str, ...]  # terms that no document has
    facets: Mapping[str, Mapping[str, int]]  # how many of all that match have each value


class LanguageIndex:
    """The index of one language."""

    def __init__(self, folder: Path, lang: str) -> None:
        self.lang = lang
        self._folder = folder
        self._searcher: Searcher | None = None
        self._sets: dict[tuple[str, str], frozenset[int]] = {}

    def update(
        self,
        tree: Path,
        contents: Contents,
        progress: Callable[[int, int], None] = quietly,
    ) -> int:
        """Bring the index up to date with a tree, page by page; return how many pages changed.

        When another process is doing so already, it is left to it.

        :raises NoDocuments: when the tree changes meanwhile; what came in so far is kept.
        """
        stored = self._opened(contents.made_by)
        indexed = self._indexed()
        wanted = {document.key: document.digest for document in contents.documents}
        stale = [key for key in indexed if key not in wanted]
        fresh = [
            number
            for number, document in enumerate(contents.documents)
            if indexed.get(document.key) != document.digest
        ]
        done, total = 0, len(stale) + len(fresh)
        try:
            while done < total:
                writer = stored.writer(limitmb=MEMORY)
                try:
                    for key in stale:
                        writer.delete_by_term("key", key)
                        del indexed[key]
                    done += len(stale)
                    batch, fresh, stale = fresh[:AT_ONCE], fresh[AT_ONCE:], []
                    for number in batch:
                        self._add(writer, tree, contents, number)
                    done += len(batch)
                    indexed |= {
                        contents.documents[n].key: contents.documents[n].digest for n in batch
                    }
                finally:
                    writer.commit(merge=len(writer.segments) > SEGMENTS)
                self._note(indexed)
                progress(done, total)
        except index.LockError:
            return 0
        return total

    def _add(self, writer: Any, tree: Path, contents: Contents, number: int) -> None:  # noqa: ANN401
        listed = contents.documents[number]
        document = read_document(tree, self.lang, number, listed)
        writer.update_document(
            key=document.key,
            day=listed.day,
            lead=document.lead(),
            text=document.text(),
            kind=document.kind,
            year=document.year or None,
            topic=" ".join(document.topics) or None,
            words=document,
        )

    def _opened(self, made_by: str) -> index.Index:
        """Return the index; a new one in place of one that another program made, or a spoilt one.

        :param made_by: what tells programs apart; "" for whichever made it.
        """
        mark = self._folder / MADE_BY
        with suppress(Exception):  # whatever is wrong with it, a new one is right
            if not made_by or mark.read_text(encoding="utf-8") == made_by:
                opened: index.Index = index.open_dir(str(self._folder))
                return opened
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        created: index.Index = index.create_in(str(self._folder), _schema())
        mark.write_text(made_by, encoding="utf-8")
        return created

    @property
    def searcher(self) -> Searcher:
        """Return what reads the index as it is now."""
        if self._searcher is None or not self._searcher.up_to_date():
            self.close()
            stored = self._opened("")
            self._searcher = stored.searcher(weighting=scoring.BM25F(B=B, K1=K1))
        return self._searcher

    def close(self) -> None:
        """Let go of the files."""
        if self._searcher is not None:
            self._searcher.close()
            self._searcher = None
        self._sets.clear()

    def _indexed(self) -> dict[str, str]:
        """Return the digest of each document that is in the index, by its key."""
        try:
            digests: dict[str, str] = json.loads(
                (self._folder / INDEXED).read_text(encoding="utf-8")
            )
        except (OSError, ValueError):
            return {}
        return digests

    def _note(self, digests: Mapping[str, str]) -> None:
        """Note what is in the index: after the fact, so that nothing is thought to be there."""
        draft = self._folder / f"{INDEXED}.new"
        draft.write_text(json.dumps(digests), encoding="utf-8")
        draft.replace(self._folder / INDEXED)

    def find(self, question: Query, chosen: Mapping[str, str], most: int) -> Matches:
        """Return the best answers to a question.

        :param chosen: the facets' values that they must have.
        :param most: how many answers are wanted.
        """
        searcher = self.searcher
        boosts, missing = self._looked_for(question)
        asked = query.Or([query.Term("words", term, boost) for term, boost in boosts.items()])
        matching = frozenset(searcher.docs_for_query(asked)) if boosts else frozenset[int]()
        allowed = matching
        for facet, value in chosen.items():
            allowed &= self._having(facet, value)
        ranked: list[tuple[float, str, str, Any]] = []
        if allowed:
            # A few more than are wanted: of those that score alike, the newest comes first.
            results = searcher.search(asked, limit=most + AT_ONCE, filter=set(allowed))
            ranked = [
                (round(result.score, 6), result["day"], result["key"], result) for result in results
            ]
            ranked.sort(key=lambda scored: scored[:3], reverse=True)
        return Matches(
            tuple(self._document(result) for *_, result in ranked[:most]),
            len(allowed),
            frozenset(boosts),
            missing,
            {facet: self._counted(facet, matching) for facet in FACETS},
        )

    def _looked_for(self, question: Query) -> tuple[dict[str, float], tuple[str, ...]]:
        """Return the terms to look for, with how much each counts, and those that nobody has."""
        reader = self.searcher.reader()
        known = [term for term in question.terms if ("words", term) in reader]
        boosts = dict.fromkeys(known, 1.0)
        missing = []
        for word in question.words:
            if any(term in boosts for term in word.terms):
                continue
            begun = []
            if word is question.words[-1]:
                begun = endings(question.beginning, self._known(question.beginning))
                boosts |= dict.fromkeys(begun, BEGUN)
            if not begun:
                missing.append(word.terms[0])
        return boosts, tuple(missing)

    def _known(self, beginning: str) -> Iterator[tuple[str, int]]:
        """Return the terms that begin so, each with how common it is."""
        reader = self.searcher.reader()
        for encoded in reader.expand_prefix("words", beginning):
            yield encoded.decode(), common(reader.doc_frequency("words", encoded))

    def meant(self, term: str) -> str:
        """Return the word that was probably meant by a term that no document has, or ""."""
        known = (
            (other, often)
            for letters in drawers_near(term)
            for other, often in self._known(letters)
            if drawer(other) == letters
        )
        return nearest(term, known)

    def spelling(self, term: str) -> str:
        """Return how a term is written where it matters most."""
        asked = query.Term("words", term)
        best = self.searcher.search(asked, limit=1)
        return spelling(term, self._document(best[0])) if best else term

    def _document(self, result: Any) -> Document:  # noqa: ANN401
        return from_files(result["key"], self.lang, result["lead"], result["text"])

    def _having(self, facet: str, value: str) -> frozenset[int]:
        """Return the documents that have a value."""
        if (facet, value) not in self._sets:
            numbers = self.searcher.docs_for_query(query.Term(facet, value))
            self._sets[facet, value] = frozenset(numbers)
        return self._sets[facet, value]

    def _counted(self, facet: str, matching: frozenset[int]) -> dict[str, int]:
        values = [value.decode() for value in self.searcher.reader().lexicon(facet)]
        counts = {value: len(self._having(facet, value) & matching) for value in values}
        return {value: count for value, count in counts.items() if count}
