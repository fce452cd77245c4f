"""Atom (RFC 4287) with archives (RFC 5005), written entry by entry: the same bytes each time.

Ids are `urn:uuid:` and not `tag:`, since an association may change its domain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from core.xml_text import clean
from plugins.feeds.model import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plugins.feeds.model import FeedEntry, FeedHead

MEDIA_TYPE = "application/atom+xml"
_HISTORY = "http://purl.org/syndication/history/1.0"


def atom(head: FeedHead, entries: Iterable[str]) -> Iterator[str]:
    """Yield the document, an entry at a time.

    :param entries: as `atom_entry` writes them in the language of the head.
    """
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield f"<feed{_attributes({'xmlns': 'http://www.w3.org/2005/Atom', 'xml:lang': head.lang})}>\n"
    yield from _head(head)
    yield from entries
    yield "</feed>\n"


def _head(head: FeedHead) -> Iterator[str]:
    yield _element(" ", "id", head.id)
    yield _element(" ", "title", head.title)
    if head.description:
        yield _element(" ", "subtitle", head.description)
    yield _element(" ", "updated", moment(head.updated))
    yield _element(" ", "link", rel="self", type=MEDIA_TYPE, href=head.itself)
    yield _element(" ", "link", rel="alternate", type="text/html", href=head.page)
    if head.current:
        yield _element(" ", "link", rel="current", type=MEDIA_TYPE, href=head.current)
    if head.previous:
        yield _element(" ", "link", rel="prev-archive", type=MEDIA_TYPE, href=head.previous)
    if head.current:
        yield f' <archive xmlns="{_HISTORY}"/>\n'
    yield f" <author>\n{_element('  ', 'name', head.author)} </author>\n"
    if head.rights:
        yield _element(" ", "rights", head.rights)


def atom_entry(entry: FeedEntry, lang: str) -> str:
    """Return an entry of a feed in a language."""
    return "".join(_entry(entry, lang))


def _entry(entry: FeedEntry, lang: str) -> Iterator[str]:
    spoken = {"xml:lang": entry.lang} if entry.lang != lang else {}
    said_in = entry.summary_lang or entry.lang
    summarised = {"xml:lang": said_in} if said_in != lang else {}
    yield " <entry>\n"
    yield _element("  ", "id", entry.id)
    yield _element("  ", "title", entry.title, **spoken)
    yield _element("  ", "updated", moment(entry.updated))
    if entry.published:
        yield _element("  ", "published", moment(entry.published))
    yield _element("  ", "link", rel="alternate", type="text/html", href=entry.url)
    if sound := entry.enclosure:
        length = str(sound.length)
        yield _element(
            "  ", "link", rel="enclosure", type=sound.type, length=length, href=sound.url
        )
    for author in entry.authors:
        name = _element("   ", "name", author.name)
        page = _element("   ", "uri", author.url) if author.url else ""
        yield f"  <author>\n{name}{page}  </author>\n"
    for category in entry.categories:
        label = {"label": category.label} if category.label else {}
        yield _element("  ", "category", term=category.term, **label)
    if entry.summary:
        yield _element("  ", "summary", entry.summary, type="text", **summarised)
    if entry.content:
        yield _element("  ", "content", entry.content, type="html")
    yield " </entry>\n"


def _element(indent: str, name: str, text: str = "", **attributes: str) -> str:
    inside = f">{escape(clean(text))}</{name}>" if text else "/>"
    return f"{indent}<{name}{_attributes(attributes)}{inside}\n"


def _attributes(attributes: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(clean(value))}" for name, value in attributes.items())
