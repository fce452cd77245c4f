"""Markdown as other sites write it, to HTML."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

if TYPE_CHECKING:
    from markdown_it.token import Token

HEADING_ATTRIBUTES = re.compile(r"\s*\{:?\s*([^{}\n]*)\}\s*$")
BLOCK_ATTRIBUTES = re.compile(r"^[ >]*\{:[^{}\n]*\}[ \t]*$", re.MULTILINE)
SPAN_ATTRIBUTES = re.compile(r"(?<=[)*_`\]])\{:[^{}\n]*\}")
TASK = re.compile(r"\[([ xX])\]\s+")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return parser.use(footnote_plugin).use(deflist_plugin)


def to_html(text: str) -> str:
    """Return Markdown (CommonMark, with tables, strikes, footnotes, terms and tasks) as HTML."""
    text = SPAN_ATTRIBUTES.sub("", BLOCK_ATTRIBUTES.sub("", text))
    parser = _parser()
    environment: dict[str, object] = {}
    tokens = parser.parse(text, environment)
    for number, token in enumerate(tokens):
        if token.type == "inline" and tokens[number - 1].type == "heading_open":
            _take_name(tokens[number - 1], token)
        if token.type == "inline" and number > 1 and tokens[number - 2].type == "list_item_open":
            _make_box(token)
    return str(parser.renderer.render(tokens, parser.options, environment))


def code_lines(text: str) -> list[tuple[int, int]]:
    """Return where blocks of code are: pairs of the first line and the line after, from 0."""
    blocks = (t.map for t in _parser().parse(text) if t.type in {"fence", "code_block"} and t.map)
    return [(block[0], block[1]) for block in blocks]


def _take_name(heading: Token, inline: Token) -> None:
    """Take `{#name .class}` off the end of a heading."""
    children = inline.children or []
    last = children[-1] if children else None
    if (
        last is None
        or last.type != "text"
        or not (attributes := HEADING_ATTRIBUTES.search(last.content))
    ):
        return
    if not re.fullmatch(r"(?:\s*[#.][\w:-]+|\s*[\w-]+=\S+)*\s*", attributes[1]):
        return
    last.content = last.content[: attributes.start()]
    if name := re.search(r"#([\w:-]+)", attributes[1]):
        heading.attrSet("id", name[1])


def _make_box(inline: Token) -> None:
    children = inline.children or []
    if children and children[0].type == "text" and (box := TASK.match(children[0].content)):
        children[0].content = children[0].content[box.end() :]
        checked = " checked" if box[1] in "xX" else ""
        mark = children[0].copy()
        mark.type, mark.content = "html_inline", f'<input type="checkbox"{checked}>'
        inline.children = [mark, *children]
