"""Text that XML can hold: one control character in a title would end a feed for all its readers."""

from __future__ import annotations

import re

# Whatever XML 1.0 (section 2.2) has no way to write, halves of letters among it.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Return a text without what XML can't hold."""
    return _NOT_XML.sub("", text)
