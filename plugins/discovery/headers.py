"""What a web server should say about each file, as a `_headers` file.

Netlify, Cloudflare Pages and others read it; `./run recipe` says the same to other servers. When
two rules name one header its values are joined, so no header stands in two rules that meet.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.content_policy import content_policy

_FEATURES = "camera microphone geolocation payment usb serial midi browsing-topics"
_TYPES = {
    "vtt": "text/vtt; charset=utf-8",
    "srt": "application/x-subrip",
    "ics": "text/calendar; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "opml": "text/x-opml; charset=utf-8",
    "opus": "audio/ogg; codecs=opus",
    "m4a": "audio/x-m4a",
    "avif": "image/avif",
    "webmanifest": "application/manifest+json; charset=utf-8",
}
# What other people's programs read in a browser: players, calendars, the sector's own tools.
_SHARED = ("vtt", "srt", "ics", "atom", "rss", "opml", "xml", "json")
_HSTS = """\
# Uncomment where every page of this host is served by HTTPS, and will be for a year:
# {root}*
#   Strict-Transport-Security: max-age=31536000
"""


@dataclass(frozen=True, slots=True)
class HeaderRule:
    """Headers for every address that a pattern matches; `*` stands for any text."""

    pattern: str
    headers: tuple[tuple[str, str], ...]


def rules(base: str, *, https: bool, service: str = "/") -> tuple[HeaderRule, ...]:
    """Return the rules of a site.

    :param base: the path of its root, with a slash at both ends.
    :param https: whether it is served by HTTPS.
    :param service: where the feedback service is.
    """
    everywhere = (
        ("Content-Security-Policy", content_policy(https=https, service=service)),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("X-Content-Type-Options", "nosniff"),
        ("Permissions-Policy", ", ".join(f"{name}=()" for name in _FEATURES.split())),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        # Feed readers and podcast apps on other sites show our pictures and play our episodes.
        ("Cross-Origin-Resource-Policy", "cross-origin"),
    )
    # Not every .json is a feed, so the whole name says it.
    json_feed = (("Content-Type", "application/feed+json"),)
    for_ever = (("Cache-Control", "public, max-age=31536000, immutable"),)
    types = {name: [("Content-Type", value)] for name, value in _TYPES.items()}
    for name in _SHARED:
        types.setdefault(name, []).append(("Access-Control-Allow-Origin", "*"))
    return (
        HeaderRule(f"{base}*", everywhere),
        HeaderRule(f"{base}assets/*", for_ever),
        HeaderRule(f"{base}*/feed.json", json_feed),
        *(HeaderRule(f"{base}*.{name}", tuple(headers)) for name, headers in types.items()),
    )


def headers_file(base: str, *, https: bool, service: str = "/") -> str:
    """Return the text of `_headers`, as Netlify and Cloudflare Pages read it.

    :param base: the path of the site's root, with a slash at both ends.
    :param service: where the feedback service stands, as the settings have it.
    """
    blocks = [
        f"{rule.pattern}\n" + "".join(f"  {name}: {value}\n" for name, value in rule.headers)
        for rule in rules(base, https=https, service=service)
    ]
    return "\n".join([*blocks, *([_HSTS.format(root=base)] if https else [])])
