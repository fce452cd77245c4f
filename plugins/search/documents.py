"""What each page says in its own language, taken from the content and from what was heard.

A page that only repeats the words of another language is no document: readers find the words
where they are at home, with a mark.
"""

from __future__ import annotations

import dataclasses
import html
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from core.search.documents import Document, Passage
from core.words import ANY, Words
from plugins.kinds.models import Image, Kind, Persona, Post, Text
from plugins.sections import accessibility_statement
from plugins.sections.entries import topic_sign

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from plugins.loop.entries import RecordEntry
    from plugins.sections.build_context import BuildContext
    from plugins.sections.entries import Entry
    from plugins.sections.planned_page import PlannedPage

    # (episode's key, language) → what is heard: second, who speaks, words
    Transcripts = Mapping[tuple[str, str], Sequence[tuple[float, str, str]]]

KEPT = 20_000  # bodies whose paragraphs are remembered between the rebuilds of a preview
_PARTED = re.compile(r"</(?:p|li|h[1-6]|td|th|dt|dd|pre|figcaption|div)>|<br ?/?>")
_TAG = re.compile(r"<[^>]*>")


def documents(
    planned: Sequence[PlannedPage], build: BuildContext, lang: str, transcripts: Transcripts
) -> list[Document]:
    """Return the documents of a language, the newest last."""
    collected = []
    for page in planned:
        if page.lang != lang or page.foreign:
            continue
        if page.entry:
            collected.append(_thing(page.entry, build, transcripts))
        elif record := page.data.get("record"):
            collected.append(_record(record, build))
        elif page.menu:
            collected.append(_led_to(page))
    return sorted(collected, key=lambda document: document.order)


def _thing(entry: Entry, build: BuildContext, transcripts: Transcripts) -> Document:
    content, lang = entry.content, entry.lang
    text = content.texts[lang]
    body = build.body(text)
    names = [topic_sign(build, key, lang).title for key in content.topics]
    replaced = build.site.succession("topics").replaced
    names += [name for key in content.topics for word in replaced(key) for name in word.names]
    if isinstance(content, Post):
        names += [build.site.people[key].name for key in content.authors]
    if isinstance(content, Persona):
        names.append(content.name)
    passages = [
        *_paragraphs("".join(piece for piece in body.pieces if isinstance(piece, str))),
        *said_in(content, lang),
    ]
    if content.kind == Kind.PAGE and content.key == accessibility_statement.KEY:
        passages += said_in(build.site.accessibility, lang)
    heard = [
        Passage(_tidy(f"{speaker}: {words}" if speaker else words), int(second))
        for second, speaker, words in transcripts.get((content.key, lang), ())
    ]
    day = content.last_changed if content.date is None else content.date
    return Document(
        key=f"{content.kind}:{content.key}",
        lang=lang,
        path=entry.path,
        kind=str(content.kind),
        title=_tidy(text.title),
        order=(day.isoformat() if day else "", f"{content.kind}:{content.key}"),
        date=build.wordings[lang].date(day) if day else "",
        year=str(day.year) if day else "",
        summary=_tidy(text.summary),
        headings=tuple(_tidy(heading.text) for heading in body.outline),
        tags=tuple(map(_tidy, (*text.tags, *names))),
        topics=content.topics,
        body=(*(Passage(tidy) for passage in passages if (tidy := _tidy(passage))), *heard),
    )


def said_in(value: object, lang: str) -> Iterator[str]:
    """Return all that the facts of a thing say in a language: reasons, agendas, measures."""
    if isinstance(value, Words):
        yield from (text for language, text in value.texts if language in {lang, ANY})
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from said_in(part, lang)
    elif dataclasses.is_dataclass(value) and not isinstance(value, (Image, Text)):
        for field in dataclasses.fields(value):
            yield from said_in(getattr(value, field.name), lang)


def _record(entry: RecordEntry, build: BuildContext) -> Document:
    record, lang = entry.record, entry.joined.lang
    quoted = [] if entry.foreign else entry.paragraphs
    reply = list(said_in(record.reply, lang))
    month = record.received
    return Document(
        key=f"record:{record.ref}",
        lang=lang,
        path=entry.path,
        kind="record",
        title=entry.title,
        order=(month.isoformat(), f"record:{record.ref}"),
        date=build.wordings[lang].month(month),
        year=str(month.year),
        summary="" if entry.foreign else entry.extract,
        topics=(record.topic,) if record.topic else (),
        body=tuple(Passage(tidy) for passage in (*quoted, *reply) if (tidy := _tidy(passage))),
        plain=True,
    )


def _led_to(page: PlannedPage) -> Document:
    """Return a page that every page leads to, such as the one for saying something."""
    return Document(
        key=f"page:{'/'.join(page.identity)}",
        lang=page.lang,
        path=page.path,
        kind="page",
        title=_tidy(page.title),
        order=("", "/".join(page.identity)),
        summary=_tidy(page.summary),
    )


@lru_cache(maxsize=KEPT)
def _paragraphs(rendered: str) -> tuple[str, ...]:
    """Return the text of HTML, a piece for each paragraph."""
    lines = _PARTED.sub("\n\n", rendered).split("\n\n")
    return tuple(html.unescape(_TAG.sub("", line)) for line in lines)


def _tidy(text: str) -> str:
    """Return text on one line, each letter and its accent as one."""
    return unicodedata.normalize("NFC", " ".join(text.split()))
