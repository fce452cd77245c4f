"""Permanent identity: what feeds, podcasts, calendars and open data call a thing for ever.

An id is made from a permanent name: the `id` that `new` wrote into a file, or else the kind
and the key. Titles, slugs, dates, the order of languages and the domain have no part in it. A
thing that isn't content has a name of the same sort: `show/paned`, `show/paned/cy`.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from plugins.kinds.models import Episode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.faults import Report
    from plugins.kinds.models import Content

# Ours alone: what is made in it can't meet ids made elsewhere (RFC 9562, version 5).
_NAMESPACE = uuid.UUID("6b0c4b86-3f0f-5a0e-9d53-0f2f0a2d6c11")


def permanent_id(name: str) -> str:
    """Return the id (a urn:uuid) of whatever has a permanent name."""
    return uuid.uuid5(_NAMESPACE, name).urn


def permanent_name(content: Content) -> str:
    """Return what a thing's ids are made from, those of its parts included."""
    return content.id or f"{content.kind}/{content.key}"


def identity(content: Content) -> str:
    """Return a thing's id, the same in every language."""
    return permanent_id(permanent_name(content))


def identity_in(content: Content, lang: str) -> str:
    """Return the id of a thing as readers of one language meet it.

    :param lang: the readers' language; it may be translated for them later, under the same id.
    """
    return permanent_id(f"{permanent_name(content)}/{lang}")


def entry_id(content: Content, lang: str) -> str:
    """Return what feed readers of one language know a thing by: an earlier home's id wins."""
    text = content.texts.get(lang)
    return (text.feed_id if text else "") or identity_in(content, lang)


def episode_guid(episode: Episode, lang: str) -> str:
    """Return what podcast apps know an episode by: a guid from an earlier home wins."""
    return episode.guid or identity_in(episode, lang)


def check_identities(contents: Iterable[Content], report: Report) -> None:
    """Report each id, guid and id of a feed's entry that two files have."""
    taken: dict[tuple[str, str], str] = {}
    for content in contents:
        guid = content.guid if isinstance(content, Episode) else ""
        original = content.texts[content.original]
        ids = [(original, "id", content.id), (original, "guid", guid)]
        ids += [(text, "feed_id", text.feed_id) for text in content.texts.values()]
        for text, name, value in ids:
            other = taken.setdefault((name, value), text.path) if value else text.path
            if other != text.path:
                report.at(text.path).fault(
                    text.line(name),
                    name,
                    f"{other} has the same {name}, so readers would be shown only one of the two.",
                    f"Take the line out of the newer file: only the older keeps its {name}.",
                    "duplicate-id",
                )
