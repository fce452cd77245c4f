"""Who speaks of whom in running text: links from one page's Markdown to another's file."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from plugins.markup.body import Link
from plugins.sections.links import find

if TYPE_CHECKING:
    from plugins.kinds.models import Content, Kind
    from plugins.sections.edition import Edition

Mentions = dict[tuple["Kind", str], list["Content"]]  # by what is spoken of


def mentions(edition: Edition) -> Mentions:
    """Return the public things whose texts link to each thing, in the order of lists."""
    found: Mentions = defaultdict(list)
    for things in edition.library.of_kind.values():
        for thing in things:
            for here in _linked(thing, edition):
                found[here].append(thing)
    return dict(found)


def _linked(thing: Content, edition: Edition) -> dict[tuple[Kind, str], None]:
    """Return what a thing's texts link to, each once and never itself."""
    linked: dict[tuple[Kind, str], None] = {}
    for text in thing.texts.values():
        for piece in edition.body(text).pieces:
            there = find(piece.url, text.path, edition).thing if isinstance(piece, Link) else None
            if there and (there.kind, there.key) != (thing.kind, thing.key):
                linked[there.kind, there.key] = None
    return linked
