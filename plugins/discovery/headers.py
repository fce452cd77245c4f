"""What a web server should say about each file, as a `_headers` file.

Netlify, Cloudflare Pages and others read it; docs/publishing.md tells others what to copy. When
two rules name one header its values are joined, so no header stands in two rules that meet.
"""

from __future__ import annotations

from dataclasses import dataclass

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
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


def policy(*, https: bool) -> str:
    """Return the Content-Security-Policy (CSP level 3): this site, and nothing else.

    :param https: whether the site is served by HTTPS, so that no plain HTTP may creep in.
    """
    parts = [f"{name} {value}" for name, value in _POLICY.items()]
    return "; ".join([*parts, "upgrade-insecure-requests"] if https else parts)


def rules(base: str, *, https: bool) -> tuple[HeaderRule, ...]:
    """Return the rules of a site whose root has the path `base`, with a slash at both ends."""
    everywhere = (
        ("Content-Security-Policy", policy(https=https)),
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


def headers_file(base: str, *, https: bool) -> str:
    """Return the text of `_headers`."""
    blocks = [
        f"{rule.pattern}\n" + "".join(f"  {name}: {value}\n" for name, value in rule.headers)
        for rule in rules(base, https=https)
    ]
    return "\n".join([*blocks, *([_HSTS.format(root=base)] if https else [])])
