"""Names the media type of a file by its ending, the same on every machine."""

from __future__ import annotations

from mimetypes import MimeTypes
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import PurePath

# Not in Python's table, or there under a name that players and browsers know less well.
TYPES = {
    ".atom": "application/atom+xml",
    ".avif": "image/avif",
    ".gz": "application/gzip",
    ".ics": "text/calendar",  # RFC 5545
    ".ico": "image/x-icon",
    ".js": "text/javascript",  # RFC 9239
    ".jsonld": "application/ld+json",
    ".m4a": "audio/x-m4a",  # as Apple asks for
    ".map": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".opml": "text/x-opml",
    ".opus": "audio/ogg",  # RFC 7845, section 9
    ".rss": "application/rss+xml",
    ".srt": "application/x-subrip",  # as the podcast namespace names it
    ".vtt": "text/vtt",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
}
# A table of its own: the module's functions also read the machine's /etc/mime.types.
_STANDARD = MimeTypes()


def media_type(file: PurePath) -> str:
    """Return the Content-Type of a file, with its charset where the type is one of text."""
    kind = TYPES.get(file.suffix.lower()) or _STANDARD.guess_type(file.name)[0]
    if kind is None:
        return "application/octet-stream"
    if kind.startswith("text/") or kind.endswith(("/xml", "+xml")):
        return f"{kind}; charset=utf-8"
    return kind
