"""Marks within running text: strikes, and Python-Markdown's code and links, kept linear.

Python-Markdown looks for the end of each link and each span of code by reading on to the end of
the text. That takes the square of the text's length where the ends are missing, so what was
found missing once is remembered here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from markdown.inlinepatterns import (
    IMAGE_LINK_RE,
    LINK_RE,
    BacktickInlineProcessor,
    ImageInlineProcessor,
    ImageReferenceInlineProcessor,
    LinkInlineProcessor,
    ReferenceInlineProcessor,
    ShortImageReferenceInlineProcessor,
    ShortReferenceInlineProcessor,
    SimpleTagInlineProcessor,
    SubstituteTagInlineProcessor,
)

if TYPE_CHECKING:
    from markdown import Markdown

LONGEST_TARGET = 1_000  # characters between a link's round brackets, title included
AT_BREAKS = 101  # beside the two blanks that say the same (CommonMark 6.7)
AFTER_EMPHASIS = 55  # Python-Markdown runs higher numbers first

_STRUCK = r"(~~)(?![\s~])((?:[^~]|~(?!~))+)(?<!\s)~~(?!~)"
_SIMPLE = re.compile(r"[^\[\]]*\]")
_SQUARE = re.compile(r"[\[\]]")


def register_inline(md: Markdown) -> None:
    """Put these in the places of Python-Markdown's own."""
    patterns = md.inlinePatterns
    patterns.register(_Code(r"(?:(?<!\\)((?:\\{2})+)(?=`+)|(?<!\\)`)"), "backtick", 190)
    patterns.register(_Reference(LINK_RE, md), "reference", 170)
    patterns.register(_Link(LINK_RE, md), "link", 160)
    patterns.register(_Image(IMAGE_LINK_RE, md), "image_link", 150)
    patterns.register(_ImageReference(IMAGE_LINK_RE, md), "image_reference", 140)
    patterns.register(_ShortReference(LINK_RE, md), "short_reference", 130)
    patterns.register(_ShortImageReference(IMAGE_LINK_RE, md), "short_image_ref", 125)
    patterns.register(SubstituteTagInlineProcessor(r"\\\n", "br"), "backslash_break", AT_BREAKS)
    patterns.register(SimpleTagInlineProcessor(_STRUCK, "del"), "struck", AFTER_EMPHASIS)


class _Tail:
    """What was found in the rest of a text. What stands before may change; the rest does not."""

    def __init__(self) -> None:
        self._text = ""

    def is_same(self, text: str, start: int) -> bool:
        """Whether `text` goes on from `start` as the text remembered did."""
        rest = len(text) - start
        return rest <= len(self._text) and self._text.endswith(text[start:])

    def remember(self, text: str, start: int) -> None:
        self._text = text[start:]


class _Code(BacktickInlineProcessor):
    """Spans of code, which runs of backticks of one length begin and end (CommonMark 6.1)."""

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self._tail, self._missing = _Tail(), set[int]()

    def find_code_spans(  # type: ignore[override] # their types forget the None that they return
        self, start: int, text: str
    ) -> tuple[int, int | None]:
        inside = start
        while inside < len(text) and text[inside] == "`":
            inside += 1
        length = inside - start
        if not self._tail.is_same(text, inside):
            self._missing.clear()
            self._tail.remember(text, inside)
        if length not in self._missing:
            if end := _run(length).search(text, inside):
                return inside, end.start()
            self._missing.add(length)
        return inside, None


@lru_cache(maxsize=100)
def _run(length: int) -> re.Pattern[str]:
    return re.compile(rf"(?<!`)`{{{length}}}(?!`)")


class _Linear(LinkInlineProcessor):
    """What the processors of links and pictures have in common."""

    def __init__(self, pattern: str, md: Markdown) -> None:
        super().__init__(pattern, md)
        self._data, self._tail = "", _Tail()
        self._ends: dict[int, int] = {}  # of each [ in the tail the ], from the text's end

    def getText(self, data: str, index: int) -> tuple[str, int, bool]:  # noqa: N802 - theirs
        if simple := _SIMPLE.match(data, index):
            return simple[0][:-1], simple.end(), True
        if data is not self._data:
            self._data = data
            if not self._tail.is_same(data, index):
                self._tail.remember(data, index - 1)
                self._ends = _pairs(data, index - 1)
        end = self._ends.get(len(data) - index + 1)
        if end is None:
            return "", len(data), False
        return data[index : len(data) - end], len(data) - end + 1, True

    def getLink(  # noqa: N802 - theirs
        self, data: str, index: int
    ) -> tuple[str, str | None, int, bool]:
        end = index + LONGEST_TARGET
        if data[index : index + 1] != "(" or data.find(")", index, end) < 0:
            return "", None, index, False
        return super().getLink(data[:end], index)


def _pairs(data: str, start: int) -> dict[int, int]:
    """Return the places of square brackets that belong together, counted from the end."""
    pairs, begun = {}, []
    for bracket in _SQUARE.finditer(data, start):
        if bracket[0] == "[":
            begun.append(len(data) - bracket.start())
        elif begun:
            pairs[begun.pop()] = len(data) - bracket.start()
    return pairs


class _Link(_Linear):
    pass


class _Image(_Linear, ImageInlineProcessor):
    pass


class _Reference(_Linear, ReferenceInlineProcessor):
    pass


class _ImageReference(_Linear, ImageReferenceInlineProcessor):
    pass


class _ShortReference(_Linear, ShortReferenceInlineProcessor):
    pass


class _ShortImageReference(_Linear, ShortImageReferenceInlineProcessor):
    pass
