"""Site maps (sitemaps.org 0.9) with each page's other languages, and robots.txt (RFC 9309)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from plugins.sections.addresses import as_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from plugins.sections.planned_page import PlannedPage

MAX_URLS = 50_000  # sitemaps.org: in one file
_MAX_BYTES = 45_000_000  # sitemaps.org: 50 MB, less room for the frame
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"


def sitemaps(
    planned: Iterable[PlannedPage], root: str, languages: Sequence[str], max_urls: int = MAX_URLS
) -> dict[str, str]:
    """Return the site map as files by name: sitemap.xml, which names the others if it must.

    Holds each page that search engines should list, once, under its own address: neither copies
    for readers of another language nor what isn't `indexed`. Dates are those of the content.

    :param root: the site's absolute address, with a slash at its end.
    """
    listed = [page for page in planned if page.indexed and not page.foreign]
    listed.sort(key=lambda page: page.path)
    versions: dict[tuple[str, ...], dict[str, str]] = defaultdict(dict)
    for page in listed:
        if page.path:  # the front door speaks no one language
            versions[page.identity][page.lang] = page.path
    homes = {lang: f"{lang}/" for lang in languages}
    entries = (
        (_entry(page, homes if not page.path else versions[page.identity], root), page.updated)
        for page in listed
    )
    parts = list(_parts(entries, max_urls))
    if len(parts) == 1:
        return {"sitemap.xml": _map(parts[0][0])}
    files = {f"sitemap-{number}.xml": _map(part) for number, (part, _) in enumerate(parts, 1)}
    index = "".join(
        f"<sitemap><loc>{escape(root + name)}</loc>{_lastmod(day)}</sitemap>\n"
        for name, (_, day) in zip(files, parts, strict=True)
    )
    whole = f'{_DECLARATION}<sitemapindex xmlns="{_MAPS}">\n{index}</sitemapindex>\n'
    return {"sitemap.xml": whole, **files}


def robots(root: str, *, listed: bool) -> str:
    """Return robots.txt: everything may be read, or, for a preview, nothing.

    :param root: the site's absolute address, with a slash at its end.
    """
    if not listed:
        return "User-agent: *\nDisallow: /\n"
    return f"User-agent: *\nAllow: /\n\nSitemap: {root}sitemap.xml\n"


def _entry(page: PlannedPage, versions: dict[str, str], root: str) -> str:
    links = ""
    if len(versions) > 1:
        # Who reads none of the languages is best served by the front door, which offers them.
        links = "".join(
            f'\n<xhtml:link rel="alternate" hreflang={quoteattr(lang)} '
            f"href={quoteattr(as_url(path, root))}/>"
            for lang, path in (*sorted(versions.items()), ("x-default", ""))
        )
    location = escape(as_url(page.path, root))
    return f"<url><loc>{location}</loc>{_lastmod(page.updated)}{links}</url>\n"


def _lastmod(day: date | None) -> str:
    return f"<lastmod>{day.isoformat()}</lastmod>" if day else ""


def _parts(
    entries: Iterator[tuple[str, date | None]], max_urls: int
) -> Iterator[tuple[list[str], date | None]]:
    """Yield as many entries as one file may hold, and the last day among them."""
    part: list[str] = []
    size, last = 0, None
    for entry, day in entries:
        if len(part) == max_urls or size + len(entry) > _MAX_BYTES:
            yield part, last
            part, size, last = [], 0, None
        part.append(entry)
        size += len(entry)
        last = max(filter(None, (last, day)), default=None)
    yield part, last


def _map(entries: list[str]) -> str:
    body = "".join(entries)
    return f'{_DECLARATION}<urlset xmlns="{_MAPS}" xmlns:xhtml="{_XHTML}">\n{body}</urlset>\n'
