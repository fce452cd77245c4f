"""Feeds of moves (Atom, RFC 4287): the same bytes for the same content, and ids for ever.

Ids are `urn:uuid:` and not `tag:`, since an association may change its domain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET  # only ever writes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

MAX_ENTRIES = 50
_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# What XML 1.0 can't hold at all, however it is written.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class FeedEntry:
    """One entry of a feed."""

    id: str
    title: str
    lang: str  # of the title
    on: date
    url: str  # absolute
    text: str
    text_lang: str
    category: str = ""


@dataclass(frozen=True)
class Feed:
    """A feed, before it is written."""

    id: str
    title: str
    lang: str
    author: str
    url: str  # of the page that shows the same, absolute
    itself: str  # its own address, absolute
    rights: str
    began: date  # what it was last changed on while it holds no entry
    entries: Sequence[FeedEntry]

    def xml(self) -> str:
        """Return the feed as Atom; its newest entries come first."""
        ET.register_namespace("", _ATOM)
        feed = ET.Element(f"{{{_ATOM}}}feed", {_LANG: self.lang})
        _add(feed, "id", self.id)
        _add(feed, "title", self.title)
        newest = sorted(self.entries, key=lambda entry: entry.on, reverse=True)[:MAX_ENTRIES]
        _add(feed, "updated", _moment(newest[0].on if newest else self.began))
        _add(feed, "link", rel="self", type="application/atom+xml", href=self.itself)
        _add(feed, "link", rel="alternate", type="text/html", href=self.url)
        _add(_add(feed, "author"), "name", self.author)
        if self.rights:
            _add(feed, "rights", self.rights)
        for one in newest:
            entry = _add(feed, "entry")
            _add(entry, "id", one.id)
            _add(entry, "title", one.title).set(_LANG, one.lang)
            _add(entry, "updated", _moment(one.on))
            _add(entry, "published", _moment(one.on))
            _add(entry, "link", rel="alternate", type="text/html", href=one.url)
            if one.category:
                _add(entry, "category", term=one.category)
            _add(entry, "summary", one.text, type="text").set(_LANG, one.text_lang)
        ET.indent(feed, " ")
        return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, "unicode") + "\n"


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    clean = {key: _NOT_XML.sub("", value) for key, value in attributes.items()}
    child = ET.SubElement(parent, f"{{{_ATOM}}}{name}", clean)
    child.text = _NOT_XML.sub("", text) or None
    return child


def _moment(day: date) -> str:
    """Return a day as a moment (RFC 3339): noon, so that it is that day wherever it is read."""
    return f"{day.isoformat()}T12:00:00Z"
