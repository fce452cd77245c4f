"""Answers to a question: pages of the reader's language, then those of the others."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.search import PAGE
from core.search.asking import understood
from core.search.engine import Shelf, quietly
from core.search.excerpts import excerpt, marked
from core.search.tree import read_contents

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from core.search.asking import Question
    from core.search.documents import Document
    from core.search.engine import Found
    from core.search.excerpts import Excerpt


@dataclass(frozen=True, slots=True)
class Answer:
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
    shown: tuple[Answer, ...] = ()
    total: int = 0
    page: int = 1
    meant: str = ""  # the question as it may have been meant
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        """Return how many pages of answers there are."""
        return max(1, -(-self.total // PAGE))


class Library:
    """Whoosh's indexes of a built tree, one a language."""

    def __init__(self, tree: Path, folder: Path, languages: tuple[str, ...]) -> None:
        """Take the tree, and the folder of all indexes: each tree's are kept in its own."""
        place = folder / hashlib.sha256(str(tree.resolve()).encode()).hexdigest()[:12]
        self._tree = tree
        self._shelves = {lang: Shelf(place / lang, lang) for lang in languages}

    def update(self, progress: Callable[[int, int], None] = quietly) -> int:
        """Bring every index up to date with the tree; return how many pages changed.

        :raises NoDocuments: when the tree holds none that can be read.
        """
        contents = read_contents(self._tree)
        return sum(
            shelf.update(self._tree, contents[lang], progress)
            for lang, shelf in self._shelves.items()
            if lang in contents
        )

    def close(self) -> None:
        """Let go of the files."""
        for shelf in self._shelves.values():
            shelf.close()

    def answers(self, text: str, lang: str, chosen: Mapping[str, str], page: int = 1) -> Answers:
        """Answer a question of readers of a language; whatever was asked, there is an answer.

        :param chosen: the values of facets that answers must have.
        :param page: of the answers, ten at a time, counted from 1.
        """
        own = self._shelves[lang]
        question = understood(text, lang)
        first = (page - 1) * PAGE
        found = own.find(question, chosen, first + PAGE)
        shown = [_shown(document, found) for document in found.documents[first:]]
        total, missing = found.total, bool(found.missing)
        facets = {name: Counter(values) for name, values in found.facets.items()}
        for other, shelf in self._shelves.items():
            if other == lang or found.total >= PAGE or page > 1 or not question.words:
                continue
            there = shelf.find(understood(text, other), chosen, PAGE - total)
            shown += [_shown(document, there) for document in there.documents]
            total += len(there.documents)
            missing = missing and bool(there.missing)
            for name, values in there.facets.items():
                facets[name].update(values)
        meant = self._meant(question, found, own) if missing else ""
        return Answers(question.text, tuple(shown), total, page, meant, facets)

    @staticmethod
    def _meant(question: Question, found: Found, shelf: Shelf) -> str:
        """Return the question with each word that nobody says put right, "" if that can't be."""
        text = question.text
        for word in reversed(question.words):
            if word.terms[0] not in found.missing:
                continue
            term = shelf.meant(word.terms[0])
            if not term:
                return ""
            text = text[: word.start] + shelf.spelling(term) + text[word.end :]
        return text


def _shown(document: Document, found: Found) -> Answer:
    lang = document.lang
    return Answer(
        document,
        marked(document.title, found.terms, lang),
        marked(document.summary, found.terms, lang),
        excerpt(document.body, found.terms, lang),
    )
