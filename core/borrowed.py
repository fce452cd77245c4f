"""Words that stand in English because a language's catalogue lacks them, marked as such.

A page must tell a screen reader in which language each part is (WCAG 3.1.2). Whether words will
stand in running text or in an attribute is known only when the page is whole; so they carry marks
until then, which become elements where there may be one and go elsewhere.
"""

from __future__ import annotations

import re

from markupsafe import Markup

LANG = "en"  # in which messages are written
BEGIN, END = "\ue000", "\ue001"  # of Unicode's private use, which no text of ours holds
# An element that holds text alone, a tag with its attributes, or a mark: of our own pages, in
# which every "<" and ">" of a value is escaped.
_PIECE = re.compile(
    rf"<(title|script|style|textarea|option)\b.*?</\1>|<[^>]*>|{BEGIN}|{END}", re.DOTALL
)


class BorrowedMessage(str):
    """An English message where a language has no words of its own; a plain text but in HTML."""

    __slots__ = ()

    def __html__(self) -> Markup:
        """Return the message as HTML, between marks."""
        return Markup("{}{}{}").format(BEGIN, str(self), END)

    def __mod__(self, values: object) -> BorrowedMessage:
        """Return the message with values in its holes."""
        return BorrowedMessage(str(self) % values)


def settle(text: str, *, html: bool) -> str:
    """Return a finished text without marks: elements that name the language stand for them.

    :param html: whether elements may stand in it.
    """
    if BEGIN not in text:
        return text
    return _PIECE.sub(_settled, text) if html else _plain(text)


def _settled(match: re.Match[str]) -> str:
    piece = match[0]
    if piece == BEGIN:
        return f'<span lang="{LANG}">'
    return "</span>" if piece == END else _plain(piece)


def _plain(text: str) -> str:
    return text.replace(BEGIN, "").replace(END, "")
