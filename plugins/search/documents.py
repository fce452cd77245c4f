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
from plugins.sections import statement
from plugins.sections.entries import topic_sign

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from plugins.loop.entries import RecordEntry
    from plugins.sections.edition import Edition
    from plugins.sections.entries import Entry
    from plugins.sections.sheets import Sheet

    # (episode's key, language) → what is heard: second, who speaks, words
    Transcripts = Mapping[tuple[str, str], Sequence[tuple[float, str, str]]]

KEPT = 20_000  # bodies whose paragraphs are remembered between the rebuilds of a preview
_PARTED = re.compile(r"</(?:p|li|h[1-6]|td|th|dt|dd|pre|figcaption|div)>|<br ?/?>")
_TAG = re.compile(r"<[^>]*>")


def documents(
    sheets: Sequence[Sheet], edition: Edition, lang: str, transcripts: Transcripts
) -> list[Document]:
    """Return the documents of a language, the newest last."""
    found = []
    for sheet in sheets:
        if sheet.lang != lang or sheet.foreign:
            continue
        if sheet.entry:
            found.append(_thing(sheet.entry, edition, transcripts))
        elif record := sheet.data.get("record"):
            found.append(_record(record, edition))
        elif sheet.menu:
            found.append(_led_to(sheet))
    return sorted(found, key=lambda document: document.order)


def _thing(entry: Entry, edition: Edition, transcripts: Transcripts) -> Document:
    thing, lang = entry.thing, entry.lang
    text = thing.texts[lang]
    body = edition.body(text)
    names = [topic_sign(edition, key, lang).title for key in thing.topics]
    if isinstance(thing, Post):
        names += [edition.site.people[key].name for key in thing.authors]
    if isinstance(thing, Persona):
        names.append(thing.name)
    passages = [
        *_paragraphs("".join(piece for piece in body.pieces if isinstance(piece, str))),
        *said_in(thing, lang),
    ]
    if thing.kind == Kind.PAGE and thing.key == statement.KEY:
        passages += said_in(edition.site.accessibility, lang)
    heard = [
        Passage(_tidy(f"{speaker}: {words}" if speaker else words), int(second))
        for second, speaker, words in transcripts.get((thing.key, lang), ())
    ]
    day = thing.last_changed if thing.date is None else thing.date
    return Document(
        key=f"{thing.kind}:{thing.key}",
        lang=lang,
        path=entry.path,
        kind=str(thing.kind),
        title=_tidy(text.title),
        order=(day.isoformat() if day else "", f"{thing.kind}:{thing.key}"),
        date=edition.wordings[lang].date(day) if day else "",
        year=str(day.year) if day else "",
        summary=_tidy(text.summary),
        headings=tuple(_tidy(heading.text) for heading in body.outline),
        tags=tuple(map(_tidy, (*text.tags, *names))),
        topics=thing.topics,
        body=(*(Passage(tidy) for one in passages if (tidy := _tidy(one))), *heard),
    )


def said_in(thing: object, lang: str) -> Iterator[str]:
    """Return all that the facts of a thing say in a language: reasons, agendas, measures."""
    if isinstance(thing, Words):
        yield from (text for language, text in thing.texts if language in {lang, ANY})
    elif isinstance(thing, (tuple, list)):
        for one in thing:
            yield from said_in(one, lang)
    elif dataclasses.is_dataclass(thing) and not isinstance(thing, (Image, Text)):
        for field in dataclasses.fields(thing):
            yield from said_in(getattr(thing, field.name), lang)


def _record(entry: RecordEntry, edition: Edition) -> Document:
    record, lang = entry.record, entry.joined.lang
    said = [] if entry.foreign else entry.paragraphs
    reply = list(said_in(record.reply, lang))
    month = record.received
    return Document(
        key=f"record:{record.ref}",
        lang=lang,
        path=entry.path,
        kind="record",
        title=entry.title,
        order=(month.isoformat(), f"record:{record.ref}"),
        date=edition.wordings[lang].month(month),
        year=str(month.year),
        summary="" if entry.foreign else entry.extract,
        topics=(record.topic,) if record.topic else (),
        body=tuple(Passage(tidy) for one in (*said, *reply) if (tidy := _tidy(one))),
        plain=True,
    )


def _led_to(sheet: Sheet) -> Document:
    """Return a page that every page leads to, such as the one for saying something."""
    return Document(
        key=f"page:{'/'.join(sheet.identity)}",
        lang=sheet.lang,
        path=sheet.path,
        kind="page",
        title=_tidy(sheet.title),
        order=("", "/".join(sheet.identity)),
        summary=_tidy(sheet.summary),
    )


@lru_cache(maxsize=KEPT)
def _paragraphs(rendered: str) -> tuple[str, ...]:
    """Return the text of HTML, a piece for each paragraph."""
    lines = _PARTED.sub("\n\n", rendered).split("\n\n")
    return tuple(html.unescape(_TAG.sub("", line)) for line in lines)


def _tidy(text: str) -> str:
    """Return text on one line, each letter and its accent as one."""
    return unicodedata.normalize("NFC", " ".join(text.split()))
