"""Where an old site's feeds were, and what they called their entries.

Whoever subscribed there goes on asking for the old address, and knows each post by the id that
the old feed gave it.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote

from commands.importing.bounds import address_parts, read_text, walk
from commands.importing.front import ImportedFrontMatter, Unreadable, take_apart
from commands.importing.models import OldFeed
from commands.terminal import Stop
from core.nodes import Mapping
from plugins.kinds.models import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Mapping as ByName
    from pathlib import Path

    from commands.importing.models import ImportedText

WORDPRESS = ("/feed/", "/feed/atom/")
BY_GENERATOR = {
    "hugo": ("/index.xml",),
    "jekyll": ("/feed.xml",),  # of the plugin jekyll-feed, which its starter comes with
    "eleventy": ("/feed/feed.xml",),  # of its starter
}
_TEMPLATE = re.compile(r"(?:feed|rss|atom|index)(?:\.[a-z0-9]+)*", re.IGNORECASE)
_TEMPLATES = {".njk", ".liquid", ".xml", ".html", ".rss", ".atom"}
_FEEDS = {".xml", ".rss", ".atom"}


def old_feeds(
    items: Iterable[ImportedText],
    names: Sequence[str],
    base: str = "",
    more: ByName[str, Iterable[str]] = MappingProxyType({}),
) -> tuple[OldFeed, ...]:
    """Return where feeds of posts were, in each language that has any.

    :param names: where a site in one language has them, from its own root.
    :param base: the path of the old site below its host, without a slash at its end.
    :param more: names that a language's site has beside these.
    """
    paths: dict[str, list[str]] = {}
    for item in items:
        if item.kind == Kind.POST and not item.draft:
            paths.setdefault(item.lang, []).append(address_parts(item.address).path)
    feeds: dict[str, OldFeed] = {}
    for lang, addresses in paths.items():
        root = f"{base}/{lang}"
        prefix = root if lang and all(path.startswith(f"{root}/") for path in addresses) else base
        for name in (*names, *more.get(lang, ())):
            feeds.setdefault(f"{prefix}{name}", OldFeed(f"{prefix}{name}", lang))
    return tuple(feeds.values())


def usual_feeds(generator: str, config: ImportedFrontMatter) -> tuple[str, ...]:
    """Return where a generator has its feed, as its settings say or as it is when they don't."""
    if generator == "hugo" and (base := _inner(config, "outputFormats", "RSS", "baseName")):
        return (f"/{base}.xml",)
    if generator == "jekyll" and (path := _inner(config, "feed", "path")):
        return (f"/{path.lstrip('/')}",)
    return BY_GENERATOR[generator]


def _inner(config: ImportedFrontMatter, *names: str) -> str:
    """Return a setting within tables; "" when it isn't there."""
    for name in names[:-1]:
        table = config.node(name)
        if not isinstance(table, Mapping):
            return ""
        config = ImportedFrontMatter(table)
    return config.text(names[-1])


def feed_templates(root: Path) -> Iterator[str]:
    """Yield the addresses of feeds for which a folder has templates, as starters and themes do."""
    for path in walk(root):
        if path.suffix.lower() not in _TEMPLATES or not _TEMPLATE.fullmatch(path.name):
            continue
        try:
            front = ImportedFrontMatter(take_apart(read_text(path)).front)
        except (Unreadable, Stop):
            continue
        shown = path.relative_to(root).as_posix()
        address = front.text("permalink") or re.sub(r"^(?:content|src|app|site)/", "", shown)
        plain = re.fullmatch(r"[\w./-]+", address)
        if plain and PurePosixPath(address).suffix.lower() in _FEEDS:
            yield f"/{address.lstrip('/')}"


def absolute(site: str, path: str) -> str:
    """Return an address of the old site as its feed wrote it; "" when its host isn't known."""
    try:
        known = address_parts(site).scheme in {"http", "https"}
    except ValueError:
        return ""
    return f"{site.rstrip('/')}{quote(path, safe='/%!$&()*+,;=:@~')}" if known and path else ""
