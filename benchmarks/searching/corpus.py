"""Made-up pages whose words are as unevenly used as those of a real language (Zipf's law)."""

from __future__ import annotations

import itertools
from html import escape
from random import Random
from typing import TYPE_CHECKING

from core.search.documents import Document, Passage

if TYPE_CHECKING:
    from pathlib import Path

WORDS = 60_000
A_PAGE = 690  # words, in the mean
_ONSETS = [
    "b",
    "br",
    "c",
    "ch",
    "cl",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "j",
    "l",
    "m",
    "n",
    "p",
    "pl",
    "pr",
    "r",
    "s",
    "sh",
    "sl",
    "st",
    "t",
    "th",
    "tr",
    "v",
    "w",
]
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "ee", "oa", "ou"]
_CODAS = ["n", "r", "s", "t", "l", "m", "d", "ck", "nd", "st", "rt", "ng", "p"]
_ENDINGS = ("", "", "", "s", "ing", "ed", "er")


def _vocabulary(chance: Random) -> list[str]:
    words: dict[str, None] = {}
    while len(words) < WORDS:
        parts = chance.choice((1, 2, 2, 2, 3, 3))
        stem = "".join(
            chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice((*_CODAS, ""))
            for _ in range(parts)
        )
        words[stem + chance.choice(_ENDINGS)] = None
    return sorted(words, key=len)  # common words are short


def documents(how_many: int) -> list[Document]:
    """Return made-up pages, the same ones each time."""
    chance = Random(7)  # noqa: S311 - the same pages each time
    words = _vocabulary(chance)
    weights = list(itertools.accumulate(1 / (rank + 2.7) ** 1.05 for rank in range(len(words))))
    rarer = words[150:6000]
    rare_weights = list(itertools.accumulate(1 / (rank + 150) for rank in range(len(rarer))))
    written = []
    for number in range(how_many):
        length = max(120, int(chance.lognormvariate(6.4, 0.5)))
        about = chance.choices(rarer, cum_weights=rare_weights, k=6)
        text = chance.choices(words, cum_weights=weights, k=length)
        for word in about:  # a page says what it is about more than once
            for _ in range(chance.randint(1, 4)):
                text[chance.randrange(length)] = word
        sentences = [" ".join(text[start : start + 12]) for start in range(0, length, 12)]
        body = [". ".join(sentences[n : n + 6]).capitalize() for n in range(0, len(sentences), 6)]
        month, day = 1 + number * 12 // how_many, 1 + number % 28
        written.append(
            Document(
                key=f"post:{number}",
                lang="en",
                path=f"en/blog/{number}-{about[0]}/",
                kind="post",
                title=" ".join(about).capitalize(),
                order=(f"2026-{month:02}-{day:02}", f"post:{number:05}"),
                date=f"{day} {month} 2026",
                year="2026",
                summary=" ".join(text[:18]).capitalize() + ".",
                headings=tuple(" ".join(chance.choices(rarer, k=3)) for _ in range(3)),
                tags=tuple(chance.sample(rarer[:200], 2)),
                topics=(chance.choice(("damp", "repairs", "rents", "safety")),),
                body=tuple(map(Passage, body)),
            )
        )
    return sorted(written, key=lambda document: document.order)


def questions(documents: list[Document], words: int, how_many: int) -> list[str]:
    """Return questions of so many words, each about one of the pages."""
    chance = Random(11)  # noqa: S311 - the same questions each time
    return [
        " ".join(chance.sample(chance.choice(documents).title.lower().split(), words))
        for _ in range(how_many)
    ]


def write_pages(documents: list[Document], folder: Path) -> None:
    """Write the pages as HTML, for programs that read that."""
    for document in documents:
        headings = iter((*document.headings, *[""] * len(document.body)))
        parts = (f"<h2>{escape(next(headings))}</h2><p>{escape(p.text)}</p>" for p in document.body)
        target = folder / document.path / "index.html"
        target.parent.mkdir(parents=True)
        target.write_text(
            f'<!doctype html><html lang="{document.lang}"><head><meta charset="utf-8">'
            f"<title>{escape(document.title)}</title></head><body><main data-pagefind-body>"
            f"<h1>{escape(document.title)}</h1><p>{escape(document.summary)}</p>"
            f"<p>{escape(' '.join(document.tags))}</p>{''.join(parts)}</main></body></html>",
            encoding="utf-8",
        )
