"""What stands inside of what in Markdown: lists, quotations, boxes, code and HTML, line by line.

Python-Markdown reads lists as Markdown had them in 2004: four spaces a level, and a blank line
before. People have long written them as CommonMark has them, so what contains what is found here
by its rules (CommonMark 0.31.2, sections 4.4 to 4.6 and 5), before Python-Markdown reads the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

CODE = 4  # spaces that make a line code
DEEPEST = 40  # containers inside of each other; what is deeper is shown as it was written

_FENCE = re.compile(r" {0,3}(?P<mark>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)")
_QUOTE = re.compile(r" {0,3}> ?")
_MARKER = re.compile(r"(?P<indent> {0,3})(?P<mark>[-*+]|(?P<number>\d{1,9})[.)])(?P<gap> +|$)")
_RULE = re.compile(r" {0,3}([-*_])(?: *\1){2,} *$")
_HEADING = re.compile(r" {0,3}#{1,6}(?: |$)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+) *$")
_NAMED = re.compile(r" {0,3}(?:\*\[[^\]]+\]|\[[^\]^]+\]):")  # an abbreviation, or a link's target
_MEANING = re.compile(r" {0,3}: ")  # of a term
_BOX = re.compile(r""" {0,3}!!! ?[\w-]+(?: +[\w-]+)*(?: +"[^"\n]*")? *$""")
_TABLE_LINE = re.compile(r"[ |:-]*\|[ |:-]*-[ |:-]*$|[ |:-]*-[ |:-]*\|[ |:-]*$")
# HTML that stands on lines of its own (4.6), as the starts of its kinds and where each ends.
_RAW = re.compile(r" {0,3}<(?P<tag>script|pre|style|textarea)(?:[\s>]|$)", re.IGNORECASE)
_RAW_END = re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE)
_DECLARED = re.compile(r" {0,3}<(?:(?P<program>\?)|(?P<data>!\[CDATA\[)|(?P<name>![A-Za-z]))")
_BLOCK_NAMES = """address article aside base basefont blockquote body caption center col colgroup dd
    details dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4
    h5 h6 head header hr html iframe legend li link main menu menuitem nav noframes ol optgroup
    option p param search section summary table tbody td tfoot th thead title tr track ul"""
_BLOCK = re.compile(rf" {{0,3}}</?(?:{'|'.join(_BLOCK_NAMES.split())})(?:\s|/?>|$)", re.IGNORECASE)
_VALUE = r"""\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*")"""
_ALONE = re.compile(
    rf" {{0,3}}<(?:[A-Za-z][A-Za-z0-9-]*(?:\s+[A-Za-z_:][\w.:-]*(?:{_VALUE})?)*\s*/?"
    r"|/[A-Za-z][A-Za-z0-9-]*\s*)>\s*$"
)


class BlockSort(Enum):
    """What a part of a text is."""

    TEXT = auto()  # everything that holds no lines of another sort
    CODE = auto()  # between fences; the fences are in it
    HTML = auto()
    QUOTE = auto()
    LIST = auto()
    BOX = auto()


class Item(NamedTuple):
    """An item of a list, its lines without what sets them in."""

    lines: list[str]


@dataclass(slots=True)
class Part:
    """Lines that belong together, without what sets them in."""

    sort: BlockSort
    lines: list[str] = field(default_factory=list)  # of a box: its first line, then its content
    apart: bool = False  # a blank line stands before it
    items: list[Item] = field(default_factory=list)
    number: int | None = None  # of a numbered list's first item
    loose: bool = False  # of a list: blank lines stand between its items
    open: bool = False  # of code: its end was never written

    @property
    def is_code(self) -> bool:
        """Whether it is code because it is set in."""
        return self.sort is BlockSort.TEXT and _indent(self.lines[0]) >= CODE


def parts(lines: list[str]) -> list[Part]:
    """Take lines apart.

    :param lines: without tabs and without HTML comments.
    """
    return _Scanner(lines).parts()


def may_hold_others(text: str) -> bool:
    """Whether any line may begin something else than running text."""
    return any(
        _MARKER.match(line) or _QUOTE.match(line) or _FENCE.match(line) for line in text.split("\n")
    )


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _may_interrupt(marker: re.Match[str]) -> bool:
    """Whether a marker makes an item even in the middle of a paragraph (5.3)."""
    return bool(marker["gap"]) and marker["number"] in {None, "1"}


def _marker(line: str, *, in_paragraph: bool) -> re.Match[str] | None:
    marker = _MARKER.match(line)
    if marker is None or _RULE.match(line):
        return None
    if in_paragraph and (not _has_words(line, marker) or not _may_interrupt(marker)):
        return None
    return None if in_paragraph and _TABLE_LINE.match(line) else marker


def _has_words(line: str, marker: re.Match[str]) -> bool:
    return bool(line[marker.end() :].strip())


def _width(line: str, marker: re.Match[str]) -> int:
    """Return how far the lines of an item are set in (5.2)."""
    gap = len(marker["gap"])
    return marker.end("mark") + (gap if _has_words(line, marker) and gap <= CODE else 1)


def _begins_html(line: str, *, in_paragraph: bool) -> bool:
    return bool(
        _BLOCK.match(line)
        or _RAW.match(line)
        or _DECLARED.match(line)
        or (not in_paragraph and _ALONE.match(line))
    )


def _goes_on(line: str) -> bool:
    """Whether a line that isn't set in goes on with the paragraph above it (5.1, laziness)."""
    return not (
        not line.strip()
        or _QUOTE.match(line)
        or _FENCE.match(line)
        or _RULE.match(line)
        or _HEADING.match(line)
        or _begins_html(line, in_paragraph=True)
        or _marker(line, in_paragraph=False)
    )


def _as_words(line: str) -> str:
    """Return a line that goes on with a paragraph, so that it begins nothing where it is put."""
    words = line.lstrip(" ")
    if marker := _MARKER.match(words):
        before = marker.end("mark") - 1
        return f"{words[:before]}\\{words[before:]}"
    return f"\\{words}" if words[0] in ">#`~" else words


class _Paragraph:
    """Whether the lines of a container end in an open paragraph, however deep, and whether in code.

    What is open inside of the container is remembered, since a line set in for an item of an inner
    list is no code.
    """

    def __init__(self) -> None:
        self.open = False
        self.fence = ""
        self._inside: list[int] = []  # what sets each container in, in spaces; 0 for a quotation

    def take(self, line: str) -> None:
        inner = self._within(line)
        while not self.fence and len(self._inside) < DEEPEST:
            if mark := _QUOTE.match(inner):
                self._inside.append(0)
                inner = inner[mark.end() :]
            elif mark := _marker(inner, in_paragraph=self.open):
                self._inside.append(width := _width(inner, mark))
                inner = inner[width:]
            else:
                break
            self.open = False
        if fence := _FENCE.match(inner):
            if not self.fence:
                self.fence = fence["mark"]
            elif fence["mark"].startswith(self.fence) and not fence["info"].strip():
                self.fence = ""
            self.open = False
            return
        code = _indent(inner) >= CODE and not self.open
        rule = _RULE.match(inner) or _HEADING.match(inner)
        self.open = bool(inner.strip()) and not (self.fence or code or rule)

    def _within(self, line: str) -> str:
        """Return a line without what sets it in; a container that it doesn't go on with is shut."""
        inner, blank = line, not line.strip()
        for depth, width in enumerate(self._inside):
            quote = None if width else _QUOTE.match(inner)
            if quote or (width and (blank or _indent(inner) >= width)):
                inner = inner[quote.end() if quote else width :]
                continue
            if not (self.open and not self.fence and _goes_on(inner)):
                del self._inside[depth:]
                self.open, self.fence = False, ""
            break
        return inner


class _Scanner:
    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._at = 0
        self._parts: list[Part] = []
        self._apart = False
        self._extra = 0  # spaces before the running text that mean nothing
        self._ended = False  # what stands on the line above is whole
        self._paragraph = False  # the line above belongs to running text that may go on
        self._code = False  # the running text above ends in a line that is code by its indent

    def parts(self) -> list[Part]:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if not line.strip():
                self._apart, self._paragraph = True, False
                self._at += 1
            elif not self._other(line):
                self._text(line)
        return self._parts

    def _other(self, line: str) -> bool:
        """Take what begins on a line, if it isn't running text."""
        if _indent(line) >= CODE:
            return False
        if fence := _FENCE.match(line):
            self._fence(fence)
        elif _QUOTE.match(line):
            self._quote()
        elif _begins_html(line, in_paragraph=self._paragraph):
            self._html(line)
        elif marker := _marker(line, in_paragraph=self._paragraph):
            self._list(marker)
        elif _BOX.match(line) and not self._paragraph:
            self._box()
        else:
            return False
        self._paragraph = False
        return True

    def _add(self, part: Part) -> Part:
        part.apart, self._apart = self._apart, False
        self._parts.append(part)
        return part

    def _text(self, line: str) -> None:
        above = self._parts[-1] if self._parts else None
        indent = _indent(line)
        code = indent >= CODE and not self._paragraph
        whole = self._apart or self._ended or (self._code and not code)
        if above and above.sort is BlockSort.TEXT and not whole:
            above.lines.append(line if indent >= CODE else line[min(self._extra, indent) :])
        elif above and above.sort is BlockSort.TEXT and self._code and code and not self._ended:
            self._apart = False  # a blank line within code is part of it
            above.lines += ["", line]
        else:
            # Python-Markdown knows headings, notes and terms by where they begin.
            self._extra = indent if indent < CODE else 0
            self._add(Part(BlockSort.TEXT, [line[self._extra :]]))
        self._code = code
        ends = _RULE.match(line) or _HEADING.match(line) or _UNDERLINE.match(line)
        # Each is a part of its own, since Python-Markdown looks for them in all that is left.
        self._ended = bool(ends) or self._is_whole(line)
        self._paragraph = not ends and (self._paragraph or _indent(line) < CODE)
        self._at += 1

    def _is_whole(self, line: str) -> bool:
        """Whether a target, an abbreviation or a term's meaning ends on its line."""
        below = [*self._lines[self._at + 1 : self._at + 3], "", ""]
        if _NAMED.match(line):
            return below[0][:1] not in {" ", '"', "'", "("}
        return bool(
            _MEANING.match(line) and below[0][:1] not in {" ", ":"} and _MEANING.match(below[1])
        )

    def _fence(self, fence: re.Match[str]) -> None:
        indent, mark = _indent(fence[0]), fence["mark"]
        end = re.compile(rf" {{0,3}}{re.escape(mark)}{mark[0]}* *$")
        code = self._add(Part(BlockSort.CODE, [self._lines[self._at][indent:]]))
        self._at += 1
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if end.match(line):
                code.lines.append(mark)
                return
            code.lines.append(line[min(indent, _indent(line)) :])
        code.lines.append(mark)
        code.open = True

    def _html(self, line: str) -> None:
        html = self._add(Part(BlockSort.HTML))
        end = re.compile(r"(?!)")  # a blank line
        blank = True
        if _RAW.match(line):
            end, blank = _RAW_END, False
        elif declared := _DECLARED.match(line):
            closing = r"\?>" if declared["program"] else r"\]\]>" if declared["data"] else ">"
            end, blank = re.compile(closing), False
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if blank and not line.strip():
                return
            html.lines.append(line)
            self._at += 1
            if end.search(line):
                return

    def _quote(self) -> None:
        quote = self._add(Part(BlockSort.QUOTE))
        paragraph = _Paragraph()
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if mark := _QUOTE.match(line):
                line = line[mark.end() :]
            elif paragraph.open and _goes_on(line):
                line = _as_words(line)
            else:
                return
            paragraph.take(line)
            quote.lines.append(line)
            self._at += 1

    def _box(self) -> None:
        first = self._lines[self._at]
        width = _indent(first) + CODE
        box = self._add(Part(BlockSort.BOX, [first.lstrip(" ")]))
        self._at += 1
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if line.strip() and _indent(line) < width:
                break
            box.lines.append(line[width:])
            self._at += 1
        while not box.lines[-1].strip():  # what stands below is apart from the box
            box.lines.pop()
            self._apart = True

    def _list(self, first: re.Match[str]) -> None:
        sort = first["mark"][-1]
        marker: re.Match[str] | None = first
        number = int(first["number"]) if first["number"] else None
        whole = self._add(Part(BlockSort.LIST, number=number))
        blank = False
        while marker and marker["mark"][-1] == sort:
            whole.loose = whole.loose or blank
            whole.items.append(Item(self._item(marker)))
            blank = self._apart
            line = self._lines[self._at] if self._at < len(self._lines) else ""
            marker = _marker(line, in_paragraph=False)

    def _skip_blank(self) -> None:
        while self._at < len(self._lines) and not self._lines[self._at].strip():
            self._at, self._apart = self._at + 1, True

    def _item(self, marker: re.Match[str]) -> list[str]:
        """Take the lines of an item; whether blank ones follow is left in `_apart`."""
        line = self._lines[self._at]
        words, width = _has_words(line, marker), _width(line, marker)
        lines, paragraph = [line[width:]], _Paragraph()
        paragraph.take(lines[0])
        self._apart = False
        self._at += 1
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if not line.strip():
                if len(lines) == 1 and not words:
                    self._skip_blank()  # an item begins with one blank line at most
                    break
                line, self._apart = "", True
            elif _indent(line) >= width:
                line, self._apart = line[width:], False
            elif paragraph.open and not self._apart and _goes_on(line):
                line = _as_words(line)
            else:
                break
            paragraph.take(line)
            lines.append(line)
            self._at += 1
        while len(lines) > 1 and not lines[-1]:
            lines.pop()
        return lines
