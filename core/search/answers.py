"""Answers to a question: pages of the reader's language, then those of the others."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.search import PAGE
from core.search.engine import LanguageIndex, quietly
from core.search.excerpts import excerpt, marked
from core.search.query import parsed
from core.search.tree import read_contents

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from core.search.documents import Document
    from core.search.engine import Matches
    from core.search.excerpts import Excerpt
    from core.search.query import Query


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page that answers a question."""

    document: Document
    title: tuple[str, ...]  # every second piece was asked for
    summary: tuple[str, ...]
    excerpt: Excerpt | None

    @property
    def path(self) -> str:
        """Return where it is, the moment of an episode included."""
        second = self.excerpt.second if self.excerpt else None
        return self.document.path if second is None else f"{self.document.path}#t-{second}"


@dataclass(frozen=True, slots=True)
class Answers:
    """What a question leads to."""

    asked: str
    shown: tuple[SearchResult, ...] = ()
    total: int = 0
    page: int = 1
    meant: str = ""  # the question as it may have been meant
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        """Return how many pages of answers there are."""
        return max(1, -(-self.total // PAGE))


class SearchIndexes:
    """Whoosh's indexes of a built tree, one a language."""

    def __init__(self, tree: Path, folder: Path, languages: tuple[str, ...]) -> None:
        """Take the tree, and the folder of all indexes: each tree's are kept in its own."""
        place = folder / hashlib.sha256(str(tree.resolve()).encode()).hexdigest()[:12]
        self._tree = tree
        self._indexes = {lang: LanguageIndex(place / lang, lang) for lang in languages}

    def update(self, progress: Callable[[int, int], None] = quietly) -> int:
        """Bring every index up to date with the tree; return how many pages changed.

        :raises NoDocuments: when the tree holds none that can be read.
        """
        contents = read_contents(self._tree)
        return sum(
            index.update(self._tree, contents[lang], progress)
            for lang, index in self._indexes.items()
            if lang in contents
        )

    def close(self) -> None:
        """Let go of the files."""
        for index in self._indexes.values():
            index.close()

    def answers(self, text: str, lang: str, chosen: Mapping[str, str], page: int = 1) -> Answers:
        """Answer a question of readers of a language; whatever was asked, there is an answer.

        :param chosen: the values of facets that answers must have.
        :param page: of the answers, ten at a time, counted from 1.
        """
        own = self._indexes[lang]
        question = parsed(text, lang)
        first = (page - 1) * PAGE
        own_matches = own.find(question, chosen, first + PAGE)
        shown = [_shown(document, own_matches) for document in own_matches.documents[first:]]
        total, missing = own_matches.total, bool(own_matches.missing)
        facets = {name: Counter(values) for name, values in own_matches.facets.items()}
        for other, index in self._indexes.items():
            if other == lang or own_matches.total >= PAGE or page > 1 or not question.words:
                continue
            matches = index.find(parsed(text, other), chosen, PAGE - total)
            shown += [_shown(document, matches) for document in matches.documents]
            total += len(matches.documents)
            missing = missing and bool(matches.missing)
            for name, values in matches.facets.items():
                facets[name].update(values)
        meant = self._meant(question, own_matches, own) if missing else ""
        return Answers(question.text, tuple(shown), total, page, meant, facets)

    @staticmethod
    def _meant(question: Query, matches: Matches, index: LanguageIndex) -> str:
        """Return the question with each word that nobody says put right, "" if that can't be."""
        text = question.text
        for word in reversed(question.words):
            if word.terms[0] not in matches.missing:
                continue
            term = index.meant(word.terms[0])
            if not term:
                return ""
            text = text[: word.start] + index.spelling(term) + text[word.end :]
        return text


def _shown(document: Document, matches: Matches) -> SearchResult:
    lang = document.lang
    return SearchResult(
        document,
        marked(document.title, matches.terms, lang),
        marked(document.summary, matches.terms, lang),
        excerpt(document.body, matches.terms, lang),
    )
