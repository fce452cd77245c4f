"""Searching private words at the desk: case and accents do not count."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ACCENTS = re.compile("[\u0300-\u036f]+")


def folded(texts: Iterable[str]) -> str:
    """Return texts as they are compared: small letters, no accents, one space between words."""
    text = " ".join(" ".join(texts).split()).casefold()
    if not text.isascii():
        text = ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return text
