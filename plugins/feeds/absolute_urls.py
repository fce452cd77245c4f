"""HTML whose every address is absolute, since a feed is read far from the page it came from."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urljoin

from markupsafe import escape

_TAG = re.compile(r"""<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>""")
_ATTRIBUTE = re.compile(r"""(\s[^\s=>"'/]+)\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+)""")
_ADDRESSES = {"href", "src", "poster", "cite", "srcset"}


def absolute(html: str, page: str) -> str:
    """Return HTML with every link and picture as seen from anywhere.

    :param html: as the page has it.
    :param page: the page's own address, absolute.
    """

    def attribute(match: re.Match[str]) -> str:
        name = match[1][1:].lower()
        if name not in _ADDRESSES:
            return match[0]
        quoted = match[2][0] in "\"'"
        value = unescape(match[2][1:-1] if quoted else match[2])
        whole = _each(value, page) if name == "srcset" else _joined(page, value)
        return f'{match[1]}="{escape(whole)}"'

    def tag(match: re.Match[str]) -> str:
        return _ATTRIBUTE.sub(attribute, match[0]) if "=" in match[0] else match[0]

    return _TAG.sub(tag, html)


def _each(candidates: str, page: str) -> str:
    """Return a srcset with its addresses made absolute."""
    parts = [
        candidate.split(None, 1) for candidate in re.split(r",\s+", candidates.strip()) if candidate
    ]
    return ", ".join(" ".join([_joined(page, address), *size]) for address, *size in parts)


def _joined(page: str, address: str) -> str:
    try:
        return urljoin(page, address)
    except ValueError:  # no address at all, such as http://[; the page has it as it stands
        return address
