"""HTML of any origin, written as the Markdown that pages here are made from.

Every format comes through here, so what is said of lists, tables and headings is said once. The
outcome keeps the rules of the house: headings begin at the second level and leave none out,
nested lists are set in by four spaces, and code inside them is set in instead of fenced.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lxml import html as lxml_html  # type: ignore[import-untyped]

from commands.importing.inline import (
    DROPPED,
    INVISIBLE,
    SPLIT,
    Inline,
    finished,
    safe_address,
)
from commands.markdown_text import escaped
from core.words import plain_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commands.importing.inline import TargetLocator

MAX_BODY = 1_500_000  # characters of one text
DEEPEST = 40  # elements in one another; what is further in is taken as words
HEADINGS = {f"h{level}" for level in range(1, 7)}
BLOCKS = HEADINGS | {
    "p", "div", "section", "article", "aside", "header", "footer", "main", "nav", "figure",
    "figcaption", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "blockquote",
    "pre", "hr", "form", "fieldset", "details", "summary", "iframe", "video", "audio", "embed",
    "center", "body", "html", "menu", "dir", "address",
}  # fmt: skip
ALERTS = {"note": "note", "tip": "note", "important": "note", "warning": "warning",
          "caution": "warning"}  # fmt: skip
NOTE = re.compile(r"(?:foot|end)note-\d+$")  # as Word's notes are called
ALERT = re.compile(r"\\?\[!(\w+)\]\s*")
# What would begin a heading, a list, a quotation … if it stood first in a line.
LINE_START = re.compile(
    r"(?m)^(?=#{1,6}|>|[-+*](?:\s|$)|!!!|---|\|)|^(\d+)(?=[.)]\s)|^(:(?=\s)|=(?===)|~(?=~~))"
)
Element = Any  # an element of lxml, which has no types


def to_markdown(source: str, placed: TargetLocator, *, single_breaks: bool = False) -> str:
    """Return HTML as Markdown, with a line end after it; "" when it says nothing.

    :param single_breaks: whether an empty line begins a paragraph and a line end a line, as in
        what old WordPress saved.
    """
    if len(source) > MAX_BODY:
        placed.lost("texts cut off for their length", f"after {MAX_BODY:,} characters")
        source = source[:MAX_BODY]
    if not INVISIBLE.sub("", source).strip():
        return ""
    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    page = f"<html><body>{INVISIBLE.sub('', source)}</body></html>"
    body = lxml_html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    anchors = _Anchors.of(body)
    inline = Inline(placed, single_breaks, anchors.names, _notes(body))
    blocks = Blocks(inline, anchors).below(body, 0)
    return "\n\n".join(block.rstrip() for block in blocks if block.strip()) + "\n" if blocks else ""


@dataclass
class _Anchors:
    """The headings that links of the same page lead to, by the names they went by."""

    names: frozenset[str]
    by_heading: dict[Element, str]

    @staticmethod
    def of(body: Element) -> _Anchors:
        wanted = {
            (link.get("href") or "")[1:]
            for link in body.iter("a")
            if (link.get("href") or "").startswith("#")
        }
        by_heading: dict[Element, str] = {}
        for heading in body.iter(*HEADINGS):
            words = " ".join(heading.text_content().split())
            names = [
                heading.get("id") or "",
                *(a.get("name") or a.get("id") or "" for a in heading.iter("a")),
            ]
            slug = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
            for name in (*names, slug, plain_key(words)):
                plain = re.fullmatch(r"[A-Za-z][\w-]*", name)
                if name in wanted and plain and name not in by_heading.values():
                    by_heading[heading] = name
                    break
        return _Anchors(frozenset(by_heading.values()), by_heading)


def _notes(body: Element) -> dict[str, str]:
    items = [
        li
        for li in body.iter("li")
        if "footnote-item" in (li.get("class") or "") or NOTE.match(li.get("id") or "")
    ]
    return {li.get("id") or "": str(number) for number, li in enumerate(items, 1)}


@dataclass
class Blocks:
    """Writes blocks: paragraphs, lists, tables and all that stands on lines of its own."""

    inline: Inline
    anchors: _Anchors
    levels: list[int] = field(default_factory=list)  # of the headings above, as they were written

    def below(self, node: Element, depth: int) -> list[str]:
        """Return the blocks inside an element."""
        if depth > DEEPEST:
            return self._paragraphs(self.inline.words(node.text_content()))
        blocks: list[str] = []
        run = [self.inline.words(node.text)]
        for child in node:
            if self._is_block(child):
                blocks += self._paragraphs("".join(run))
                blocks += self.block(child, depth + 1)
                run = [self.inline.words(child.tail)]
            else:
                run += [self.inline.element(child), self.inline.words(child.tail)]
        return blocks + self._paragraphs("".join(run))

    def _is_block(self, node: Element) -> bool:
        if node.tag in BLOCKS:
            return True
        if not isinstance(node.tag, str) or node.tag in DROPPED or node.tag == "code":
            return False
        return any(inner.tag in BLOCKS for inner in node.iterdescendants())

    def _paragraphs(self, text: str) -> list[str]:
        parts = (finished(part) for part in text.split(SPLIT))
        return [_line_safe(part) for part in parts if part.strip("\u00a0 \n")]

    def block(self, node: Element, depth: int) -> list[str]:
        """Return what a block-level element says."""
        tag = node.tag
        if tag in HEADINGS:
            return self._heading(node, depth)
        if tag == "ol" and all(li.get("id") in self.inline.notes for li in node.iter("li")):
            return list(self._footnotes(node, depth))
        if tag in {"ul", "ol", "menu", "dir"}:
            return self._list(node, depth)
        if tag == "section" and "footnotes" in (node.get("class") or ""):
            return list(self._footnotes(node, depth))
        write = {
            "table": self._table,
            "blockquote": self._quote,
            "pre": self._code,
            "dl": self._terms,
            "figure": self._figure,
            "iframe": self._media,
            "video": self._media,
            "audio": self._media,
            "embed": self._media,
            "form": self._form,
        }.get(tag)
        if write:
            return write(node, depth)
        if tag == "hr":
            return [] if "footnotes-sep" in (node.get("class") or "") else ["---"]
        if tag == "summary":
            words = finished(self.inline.text(node), " ")
            return [f"**{words}**"] if words else []
        return self.below(node, depth)

    def _heading(self, node: Element, depth: int) -> list[str]:
        words = finished(self.inline.text(node), " ")
        if not node.text_content().strip():
            return [words] if words else []
        if depth > 1 and any(
            above.tag in {"li", "td", "th", "blockquote", "dd"} for above in node.iterancestors()
        ):
            return [words if words.startswith("**") else f"**{words.replace('**', '')}**"]
        level = int(node.tag[1])
        while self.levels and self.levels[-1] >= level:
            self.levels.pop()
        self.levels.append(level)
        name = self.anchors.by_heading.get(node)
        own = f" {{#{name}}}" if name else ""
        bare = words.removeprefix("**").removesuffix("**") if words.count("**") == 2 else words  # noqa: PLR2004
        return [f"{'#' * min(1 + len(self.levels), 6)} {bare.rstrip('#').rstrip()}{own}"]

    def _list(self, node: Element, depth: int) -> list[str]:
        start = node.get("start") or "1"
        number = int(start) if node.tag == "ol" and start.isdecimal() and len(start) < 7 else 1  # noqa: PLR2004
        items = []
        for child in node:
            if not isinstance(child.tag, str):
                continue
            blocks = (
                self.block(child, depth + 1)
                if child.tag in {"ul", "ol"}
                else self.below(child, depth + 1)
            )
            if blocks:
                loose = child.find("p") is not None or any(_is_set_apart(b) for b in blocks[1:])
                items.append((blocks, loose))
        loose = any(loose for _, loose in items)
        lines = []
        for blocks, _ in items:
            mark = f"{number}. " if node.tag == "ol" else "- "
            number += 1
            between = "\n\n" if loose else "\n"
            inner = between.join(_fences_set_in(block) for block in blocks)
            lines.append(mark + _set_in(inner))
        return [("\n\n" if loose else "\n").join(lines)] if lines else []

    def _footnotes(self, node: Element, depth: int) -> Iterator[str]:
        for item in node.iter("li"):
            label = self.inline.notes.get(item.get("id") or "")
            blocks = [_fences_set_in(block) for block in self.below(item, depth)]
            if label and blocks:
                yield f"[^{label}]: " + _set_in("\n\n".join(blocks))

    def _quote(self, node: Element, depth: int) -> list[str]:
        blocks = self.below(node, depth)
        if not blocks:
            return []
        alert = ALERT.match(blocks[0])
        if alert and alert[1].lower() in ALERTS:
            first = blocks[0][alert.end() :].removeprefix("<br>").strip()
            inner = "\n\n".join(_fences_set_in(b) for b in [first, *blocks[1:]] if b)
            return [f"!!! {ALERTS[alert[1].lower()]}\n    " + _set_in(inner)]
        inner = "\n\n".join(_fences_set_in(block) for block in blocks)
        return ["\n".join(f"> {line}".rstrip() for line in inner.split("\n"))]

    def _code(self, node: Element, _: int) -> list[str]:
        # What WordPress sets as verse keeps its lines, and is no code.
        for line_break in node.iter("br"):
            line_break.tail = "\n" + (line_break.tail or "")
        text = node.text_content().replace("\r", "").strip("\n").expandtabs(4)
        if not text.strip():
            return []
        inner = next(iter(node.iter("code")), node)
        classes = f"{node.get('class') or ''} {inner.get('class') or ''}"
        language = re.search(r"(?:language-|brush:\s*)([\w+-]+)", classes)
        fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
        return [f"{fence}{language[1] if language else ''}\n{text}\n{fence}"]

    def _terms(self, node: Element, depth: int) -> list[str]:
        lines: list[str] = []
        before = ""
        for child in node.iter("dt", "dd"):
            if child.tag == "dt":
                words = finished(self.inline.text(child), " ")
                lines += ([""] if lines and before == "dd" else []) + (
                    [_line_safe(words)] if words else []
                )
            elif before and (blocks := self.below(child, depth)):
                inner = "\n\n".join(_fences_set_in(block) for block in blocks)
                lines.append(":   " + _set_in(inner))
            before = child.tag
        return ["\n".join(lines)] if lines else []

    def _figure(self, node: Element, depth: int) -> list[str]:
        caption = node.find("figcaption")
        pictures = list(node.iter("img"))
        if len(pictures) != 1 or node.find(".//figure") is not None:
            return self.below(node, depth)
        words = " ".join(caption.text_content().split()) if caption is not None else ""
        picture = finished(self.inline.picture(pictures[0], words))
        rest = list(node.iter("table", "video", "iframe", "audio"))
        return [*([picture] if picture else []), *(b for c in rest for b in self.block(c, depth))]

    def _media(self, node: Element, _: int) -> list[str]:
        sources = [node.get("src"), *(source.get("src") for source in node.iter("source"))]
        src = next((s.strip() for s in sources if s and s.strip()), "")
        src = f"https:{src}" if src.startswith("//") else src
        address = self.inline.placed.link(src) if src and not src.startswith("data:") else None
        if address is None:
            self.inline.placed.lost("players and frames left out", src)
            return []
        words = " ".join((node.get("title") or "").split())
        words = words or re.sub(r"^https?://(?:www\.)?", "", src).partition("?")[0]
        self.inline.placed.lost("players and frames that are links now", src)
        return [f"[{escaped(words)}]({safe_address(address)})"]

    def _form(self, node: Element, _: int) -> list[str]:
        self.inline.placed.lost("forms left out", " ".join(node.text_content().split())[:60])
        return []

    def _table(self, node: Element, depth: int) -> list[str]:
        written = [row for row in node.iter("tr") if _table_of(row) is node]
        if _is_layout(written):
            cells = [cell for row in written for cell in row if cell.tag in {"td", "th"}]
            return [block for cell in cells for block in self.below(cell, depth)]
        rows = [self._row(row) for row in written]
        rows = [row for row in rows if any(cell.strip() for cell in row)]
        width = max(map(len, rows), default=0)
        title = node.find("caption")
        above = [f"**{finished(self.inline.text(title), ' ')}**"] if title is not None else []
        if width <= 1:  # a frame round a text, and no table
            return above + [cell for row in rows for cell in row if cell]
        rows = [row + [""] * (width - len(row)) for row in rows]
        lines = ["| " + " | ".join(cell or " " for cell in row) + " |" for row in rows]
        lines.insert(1, "|" + " --- |" * width)
        return [*above, "\n".join(lines)]

    def _row(self, row: Element) -> list[str]:
        cells = []
        for cell in row:
            if cell.tag not in {"td", "th"}:
                continue
            blocks = self.below(cell, DEEPEST - 4)
            words = " ".join("<br>".join(blocks).replace("<br>\n", "<br>").split("\n"))
            span = cell.get("colspan") or "1"
            cells += [
                words.replace("\\|", "|").replace("|", "&#124;"),
                *[""] * (min(int(span), 50) - 1 if span.isdecimal() else 0),
            ]
        return cells


def _is_layout(rows: list[Element]) -> bool:
    """Whether rows only put things side by side: one alone, or nameless ones with lists in them."""
    if len(rows) == 1:
        return True
    named = any(cell.tag == "th" for row in rows for cell in row)
    return not named and any(row.find(".//li") is not None for row in rows)


def _table_of(row: Element) -> Element:
    return next((above for above in row.iterancestors("table")), None)


def _line_safe(text: str) -> str:
    def guard(start: re.Match[str]) -> str:
        if start[1]:
            return start[1] + "\\"
        return f"&#{ord(start[2])};" if start[2] else "\\"

    return LINE_START.sub(guard, text)


def _is_set_apart(block: str) -> bool:
    """Whether a block inside a list needs empty lines about it: all but a list below a line."""
    return not re.match(r"(?:- |\d+\. )", block)


def _fences_set_in(block: str) -> str:
    """Return a fenced block as an indented one: fences are read at the margin alone."""
    if not block.startswith("```"):
        return block
    return "\n".join(f"    {line}".rstrip() for line in block.split("\n")[1:-1])


def _set_in(text: str) -> str:
    lines = text.split("\n")
    return "\n".join([lines[0], *(f"    {line}".rstrip() for line in lines[1:])])
