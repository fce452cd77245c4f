"""What our pages ask of Python-Markdown beyond its own extensions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement

from markdown.blockprocessors import BlockProcessor, ListIndentProcessor
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, STX

from plugins.markup.containers import DEEPEST, BlockSort, Part, may_hold_others, parts
from plugins.markup.inline import register_inline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown import Markdown

# Python-Markdown runs higher numbers first.
AFTER_ALL_OTHERS = 1
BEFORE_ALL_BLOCKS = 200
AFTER_WHITESPACE = 29

_ALERT = re.compile(r"\[!(?P<sort>[A-Za-z]+)\][+-]?[ ]*(?P<title>[^\n]*)$")
_TASK = re.compile(r"\[(?P<mark>[ xX])\] +(?=\S)")
_PLACEHOLDER = f"{STX}contained:%d{ETX}"
_CONTAINED = re.compile(rf"{STX}contained:(\d+){ETX}")
# How the alerts of other sites look here.
_ALERT_CLASSES = {"tip": "success", "important": "note", "caution": "warning", "info": "note"}
_LANGUAGE = re.compile(r"[\w#.+-]+")
_INFO = re.compile(r"\{ ?[.#:][^{}]*\}|\.?[\w#.+-]*[ ]*(?:hl_lines=\"[\d ]*\")?")


@dataclass(frozen=True, slots=True)
class Labels:
    """Words of one language that stand in rendered Markdown."""

    table: str  # "Table {}", with the table's number on the page
    back_to_note: str  # "Back to note {} in the text"
    admonitions: tuple[tuple[str, str], ...]  # (type as written, title)
    task_done: str = "Done"
    task_open: str = "To do"


class SiteMarkdown(Extension):
    """Lists, quotations and boxes as people type them; tables and boxes dressed for our pages."""

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self._labels = labels
        self.contained: list[Part] = []
        self.too_deep = False
        self.open_code: list[str] = []  # the first lines of code whose end was never written
        self.notes_twice: list[str] = []  # names of notes that were written more than once

    def reset(self) -> None:
        """Forget the page before."""
        self.contained.clear()
        self.too_deep = False
        self.open_code.clear()
        self.notes_twice.clear()

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is theirs
        """Register what follows, in place of Python-Markdown's own lists, quotations and HTML."""
        md.registerExtension(self)
        writer = _Writer(md, self)
        for name in ("html_block", "fenced_code_block"):
            md.preprocessors.deregister(name)
        for name in ("olist", "ulist", "indent", "quote"):
            md.parser.blockprocessors.deregister(name)
        md.preprocessors.register(_Contain(writer), "containers", AFTER_WHITESPACE)
        blocks = md.parser.blockprocessors
        terms = blocks["defindent"]
        if isinstance(terms, ListIndentProcessor):  # what is in lists is none of its business
            terms.ITEM_TYPES, terms.LIST_TYPES = ["dd"], ["dl"]
        blocks.register(_Contained(writer, self, self._labels), "contained", BEFORE_ALL_BLOCKS)
        blocks.register(_Uncontained(writer), "uncontained", BEFORE_ALL_BLOCKS - 1)
        register_inline(md)
        md.treeprocessors.register(_PageMarkup(md, self._labels), "house", AFTER_ALL_OTHERS)


class SiteFootnotes(FootnoteExtension):
    """Python-Markdown's notes; two of one name are remembered, since one of them is lost."""

    def __init__(self, house: SiteMarkdown, **configs: Any) -> None:  # noqa: ANN401 - as theirs
        super().__init__(**configs)
        self._house = house

    def setFootnote(self, id: str, text: str) -> None:  # noqa: A002, N802 - the names are theirs
        """Take a note."""
        if id in self.footnotes:
            self._house.notes_twice.append(id)
        super().setFootnote(id, text)


class _Writer:
    """Writes parts as Markdown in which a mark stands for whatever holds others."""

    def __init__(self, md: Markdown, extension: SiteMarkdown) -> None:
        self.md, self._extension = md, extension
        self._code = md.preprocessors["fenced_code_block"]

    def written(self, block_parts: Sequence[Part]) -> str:
        return "\n\n".join(map(self._block, block_parts))

    def _block(self, part: Part) -> str:
        if part.sort is BlockSort.TEXT:
            return "\n".join(part.lines)
        if part.sort is BlockSort.HTML:
            return str(self.md.htmlStash.store("\n".join(part.lines)))
        if part.sort is BlockSort.CODE:
            return self._fenced(part)
        self._extension.contained.append(part)
        return _PLACEHOLDER % (len(self._extension.contained) - 1)

    def _fenced(self, code: Part) -> str:
        opening = code.lines[0]
        if code.open:
            self._extension.open_code.append(opening)
        mark = opening[: len(opening) - len(opening.lstrip(opening[0]))]
        info = opening[len(mark) :].strip()
        if not _INFO.fullmatch(info):  # of other sites' options only the language is known here
            language = _LANGUAGE.search(info)
            info = language[0] if language else ""
        return "\n".join(self._code.run([mark + info, *code.lines[1:]])).strip("\n")


class _Contain(Preprocessor):
    """Puts marks in place of containers, before anything else is read."""

    def __init__(self, writer: _Writer) -> None:
        super().__init__(writer.md)
        self._writer = writer

    def run(self, lines: list[str]) -> list[str]:
        return self._writer.written(parts(lines)).split("\n")


class _Uncontained(BlockProcessor):
    """Finds containers in text that another extension set in: notes and meanings of terms."""

    def __init__(self, writer: _Writer) -> None:
        super().__init__(writer.md.parser)
        self._writer = writer

    def test(self, parent: Element, block: str) -> bool:
        del parent
        return STX not in block and may_hold_others(block)

    def run(self, parent: Element, blocks: list[str]) -> bool:
        del parent
        block_parts = parts(blocks[0].split("\n"))
        if any(part.open for part in block_parts) or all(
            part.sort is BlockSort.TEXT for part in block_parts
        ):
            return False
        blocks[:1] = self._writer.written(block_parts).split("\n\n")
        return True


class _Contained(BlockProcessor):
    """Makes elements of containers, and of what is in them."""

    def __init__(self, writer: _Writer, extension: SiteMarkdown, labels: Labels) -> None:
        super().__init__(writer.md.parser)
        self._writer, self._extension, self._labels = writer, extension, labels
        self._depth = 0

    def test(self, parent: Element, block: str) -> bool:
        del parent
        return _CONTAINED.fullmatch(block.strip()) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        mark = _CONTAINED.fullmatch(blocks.pop(0).strip())
        part = self._extension.contained[int(mark[1])] if mark else Part(BlockSort.TEXT)
        if self._depth >= DEEPEST:
            self._extension.too_deep = True
            text = [line for item in part.items for line in item.lines] or part.lines
            SubElement(parent, "p").text = "\n".join(text)
            return
        self._depth += 1
        try:
            if part.sort is BlockSort.LIST:
                self._list(parent, part)
            elif part.sort is BlockSort.BOX:
                self._box(parent, part)
            else:
                self._quote(parent, part.lines)
        finally:
            self._depth -= 1

    def _fill(self, parent: Element, block_parts: Sequence[Part], state: str) -> None:
        self.parser.state.set(state)
        self.parser.parseChunk(parent, self._writer.written(block_parts))
        self.parser.state.reset()

    def _list(self, parent: Element, whole: Part) -> None:
        element = SubElement(parent, "ul" if whole.number is None else "ol")
        if whole.number not in {None, 1}:
            element.set("start", str(whole.number))
        inner = [parts(self._task(item.lines)) for item in whole.items]
        loose = whole.loose or any(part.apart for item_parts in inner for part in item_parts[1:])
        for item, item_parts in zip(whole.items, inner, strict=True):
            entry = SubElement(element, "li")
            if _TASK.match(item.lines[0]):
                entry.set("class", "task")
            # Python-Markdown's words: loose, tight. Tight text below code would be lost with it.
            state = "item" if loose or any(part.is_code for part in item_parts) else "list"
            self._fill(entry, item_parts, state)

    def _task(self, lines: list[str]) -> list[str]:
        """Return an item's lines with the box of a task drawn, if there is one."""
        task = _TASK.match(lines[0])
        if task is None:
            return lines
        done = task["mark"] != " "
        label = self._labels.task_done if done else self._labels.task_open
        box = f'<span role="img" aria-label="{label}">{"☑" if done else "☐"}</span> '
        return [self._writer.md.htmlStash.store(box) + lines[0][task.end() :], *lines[1:]]

    def _quote(self, parent: Element, lines: list[str]) -> None:
        if lines and (alert := _ALERT.match(lines[0])):
            self._alert(parent, alert, lines[1:])
        else:
            self._fill(SubElement(parent, "blockquote"), parts(lines), "blockquote")

    def _alert(self, parent: Element, alert: re.Match[str], lines: list[str]) -> None:
        sort = alert["sort"].lower()
        known = dict(self._labels.admonitions)
        box = SubElement(parent, "div")
        box.set("class", f"admonition {_ALERT_CLASSES.get(sort, sort)}")
        title = SubElement(box, "p")
        title.set("class", "admonition-title")
        title.text = alert["title"] or known.get(sort, sort.capitalize())
        self._fill(box, parts(lines), "blockquote")

    def _box(self, parent: Element, box: Part) -> None:
        self.parser.parseBlocks(parent, [box.lines[0]])
        self._fill(parent[-1], parts(box.lines[1:]), "box")


class _PageMarkup(Treeprocessor):
    def __init__(self, md: Markdown, labels: Labels) -> None:
        super().__init__(md)
        self._labels = labels
        self._titles = dict(labels.admonitions)

    def run(self, root: Element) -> None:
        """Dress the tree of one page."""
        self._name_admonitions(root)
        self._scroll_tables(root)

    def _name_admonitions(self, root: Element) -> None:
        for box in root.iter("div"):
            classes = (box.get("class") or "").split()
            if classes[:1] != ["admonition"]:
                continue
            for title in box.findall("p[@class='admonition-title']"):
                for written in classes[1:2]:
                    if title.text == written.capitalize() and written in self._titles:
                        title.text = self._titles[written]

    def _scroll_tables(self, root: Element) -> None:
        """Put each table in a region that keyboards can scroll (WCAG 2.2, 2.1.1 and 1.4.10)."""
        number = 0
        for parent in list(root.iter()):
            for place, table in enumerate(list(parent)):
                if table.tag != "table":
                    continue
                number += 1
                for cell in table.iter():
                    # The attribute is obsolete in HTML, and a style is refused by the CSP.
                    if (align := cell.attrib.pop("align", None)) not in {None, "left"}:
                        cell.set("class", f"align-{align}")
                region = Element("div")
                for name, value in {
                    "class": "scroll",
                    "role": "region",
                    "tabindex": "0",
                    "aria-label": self._labels.table.format(number),
                }.items():
                    region.set(name, value)
                region.tail, table.tail = table.tail, None
                region.append(table)
                parent[place] = region
