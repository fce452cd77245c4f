"""A document: one page as search sees it, and the two files of the tree that hold it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of a page, or something that is heard in an episode."""

    text: str
    second: int | None = None  # when it is heard


@dataclass(frozen=True, kw_only=True)
class Document:
    """One page in one language."""

    key: str  # the same from build to build, such as post:damp
    lang: str
    path: str  # relative to the site's root
    kind: str
    title: str
    order: tuple[str, str] = ("", "")  # what sorts documents: the newest comes last
    date: str = ""  # as readers see it
    year: str = ""
    summary: str = ""
    headings: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()  # also its topics' names, and who wrote it
    topics: tuple[str, ...] = ()  # keys
    body: tuple[Passage, ...] = ()
    plain: bool = False  # whether its title only says where it belongs, as that of a record does

    @property
    def weighed(self) -> Mapping[str, str]:
        """Return its words by the field that they count for."""
        first, second = ("headings", "body") if self.plain else ("title", "headings")
        fields = {
            "title": "",
            "headings": "",
            "summary": self.summary,
            "tags": "\n".join(self.tags),
        }
        fields[first] += self.title
        fields["body"] = "\n".join(passage.text for passage in self.body)
        fields[second] = "\n".join([fields[second], *self.headings])
        return fields

    def lead(self) -> str:
        """Return the file that a list of results shows it from."""
        return _json(
            [
                self.path,
                self.title,
                self.summary,
                self.kind,
                self.date,
                *([1] if self.plain else []),
            ]
        )

    def text(self) -> str:
        """Return the file that excerpts are cut from, and that Whoosh's index is made from."""
        passages = [
            [passage.text] if passage.second is None else [passage.text, passage.second]
            for passage in self.body
        ]
        return _json(
            {
                "body": passages,
                "headings": self.headings,
                "tags": self.tags,
                "topics": self.topics,
                "year": self.year,
            }
        )

    @cached_property
    def digest(self) -> str:
        """Return what changes when anything of it does."""
        texts, seconds = (
            [passage.text for passage in self.body],
            [passage.second for passage in self.body],
        )
        parts = (self.headings, self.tags, self.topics, texts)
        about = (self.title, self.summary, self.path, self.kind, self.date, self.year)
        heard = repr(seconds) if seconds.count(None) < len(seconds) else ""
        joined = "\0".join((*about, heard, "plain" if self.plain else "", *map("\1".join, parts)))
        return hashlib.sha256(joined.encode()).hexdigest()[:18]


def from_files(key: str, lang: str, lead: str, text: str) -> Document:
    """Read a document back.

    :raises ValueError: for files that weren't written by `lead` and `text`.
    """
    try:
        path, title, summary, kind, date, *plain = json.loads(lead)
        rest = json.loads(text)
        return Document(
            key=key,
            lang=lang,
            path=path,
            title=title,
            summary=summary,
            kind=kind,
            date=date,
            year=rest["year"],
            headings=tuple(rest["headings"]),
            tags=tuple(rest["tags"]),
            topics=tuple(rest["topics"]),
            body=tuple(Passage(*passage) for passage in rest["body"]),
            plain=bool(plain),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(key) from error


def _json(data: Any) -> str:  # noqa: ANN401 - whatever JSON can say
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"
