"""What feedgen lacks of podcasts: the `podcast:` namespace, and `itunes:` as Apple means it now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from feedgen.ext.base import (  # type: ignore[import-untyped]
    BaseEntryExtension,
    BaseExtension,
)
from feedgen.util import xml_elem  # type: ignore[import-untyped]

from core.xml_text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}


class Tag(NamedTuple):
    """An element: its name, such as podcast:guid, its text, attributes and children."""

    name: str
    text: str = ""
    attributes: dict[str, str] = {}  # noqa: RUF012 - never written to
    children: tuple[Tag, ...] = ()

    def below(self, parent: Any) -> None:  # noqa: ANN401 - an element of lxml, which has no types
        """Write the element as the last child of another."""
        prefix, colon, name = self.name.partition(":")
        full = f"{{{NAMESPACES[prefix]}}}{name}" if colon else prefix
        element = xml_elem(full, parent, **{k: clean(v) for k, v in self.attributes.items()})
        element.text = clean(self.text) or None
        for child in self.children:
            child.below(element)


class FeedTags(BaseExtension):  # type: ignore[misc] # feedgen has no types
    """Tags of a whole feed."""

    def __init__(self) -> None:
        self.tags: Iterable[Tag] = ()

    def extend_ns(self) -> dict[str, str]:
        """Return the namespaces that stand at the root."""
        return NAMESPACES

    def extend_rss(self, feed: Any) -> Any:  # noqa: ANN401 - the same
        """Write the tags into the channel."""
        for tag in self.tags:
            tag.below(feed[0])
        return feed


class ItemTags(BaseEntryExtension):  # type: ignore[misc] # the same
    """Tags of one item."""

    def __init__(self) -> None:
        self.tags: Iterable[Tag] = ()

    def extend_rss(self, item: Any) -> Any:  # noqa: ANN401 - the same
        """Write the tags into the item."""
        for tag in self.tags:
            tag.below(item)
        return item
