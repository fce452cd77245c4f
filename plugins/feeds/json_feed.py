"""JSON Feed 1.1 (jsonfeed.org), written entry by entry: the same bytes each time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from core.xml_text import clean
from plugins.feeds.model import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plugins.feeds.model import FeedEntry, FeedHead

MEDIA_TYPE = "application/feed+json"


def json_feed(head: FeedHead, entries: Iterable[FeedEntry]) -> Iterator[str]:
    """Yield the document, an entry at a time."""
    about = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "home_page_url": head.page,
        "feed_url": head.itself,
        "description": head.description,
        "language": head.lang,
        "authors": [{"name": head.author}],
    }
    yield _dumped(about).removesuffix("\n}") + ',\n "items": ['
    for number, entry in enumerate(entries):
        yield (",\n" if number else "\n") + _dumped(_item(entry, head.lang))
    yield "\n ]\n}\n"


def _item(entry: FeedEntry, lang: str) -> dict[str, Any]:
    authors = [
        {"name": author.name, "url": author.url} if author.url else {"name": author.name}
        for author in entry.authors
    ]
    return {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.content,
        "summary": entry.summary,
        "image": entry.image,
        "date_published": moment(entry.published) if entry.published else "",
        "date_modified": moment(entry.updated),
        "authors": authors,
        "tags": [category.label or category.term for category in entry.categories],
        "language": entry.lang if entry.lang != lang else "",
    }


def _dumped(fields: dict[str, Any]) -> str:
    """Return fields as JSON; those with nothing in them are left out, but for the words."""
    filled = {name: value for name, value in fields.items() if value or name == "content_html"}
    return clean(json.dumps(filled, ensure_ascii=False, indent=1))
