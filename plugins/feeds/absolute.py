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

    def attribute(found: re.Match[str]) -> str:
        name = found[1][1:].lower()
        if name not in _ADDRESSES:
            return found[0]
        quoted = found[2][0] in "\"'"
        value = unescape(found[2][1:-1] if quoted else found[2])
        whole = _each(value, page) if name == "srcset" else _joined(page, value)
        return f'{found[1]}="{escape(whole)}"'

    def tag(found: re.Match[str]) -> str:
        return _ATTRIBUTE.sub(attribute, found[0]) if "=" in found[0] else found[0]

    return _TAG.sub(tag, html)


def _each(candidates: str, page: str) -> str:
    """Return a srcset with its addresses made absolute."""
    parts = [one.split(None, 1) for one in re.split(r",\s+", candidates.strip()) if one]
    return ", ".join(" ".join([_joined(page, address), *size]) for address, *size in parts)


def _joined(page: str, address: str) -> str:
    try:
        return urljoin(page, address)
    except ValueError:  # no address at all, such as http://[; the page has it as it stands
        return address
