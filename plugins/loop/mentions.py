"""Who speaks of whom in running text: links from one page's Markdown to another's file."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from plugins.markup.pieces import Link
from plugins.sections.links import find

if TYPE_CHECKING:
    from plugins.kinds.models import Content, Kind
    from plugins.sections.build_context import BuildContext

Mentions = dict[tuple["Kind", str], list["Content"]]  # by what is spoken of


def mentions(build: BuildContext) -> Mentions:
    """Return the public things whose texts link to each thing, in the order of lists."""
    found: Mentions = defaultdict(list)
    for contents in build.index.of_kind.values():
        for content in contents:
            for here in _linked(content, build):
                found[here].append(content)
    return dict(found)


def _linked(content: Content, build: BuildContext) -> dict[tuple[Kind, str], None]:
    """Return what a thing's texts link to, each once and never itself."""
    linked: dict[tuple[Kind, str], None] = {}
    for text in content.texts.values():
        for piece in build.body(text).pieces:
            there = find(piece.url, text.path, build).content if isinstance(piece, Link) else None
            if there and (there.kind, there.key) != (content.kind, content.key):
                linked[there.kind, there.key] = None
    return linked
