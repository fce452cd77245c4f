"""Markdown to a body: pieces of HTML between links and pictures that are yet to be resolved.

A body depends on nothing but its own text and the few words of its language, so it may be
kept, shared between processes, and rendered in any order.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from markdown import Markdown
from markdown.extensions.toc import slugify_unicode

from plugins.markup.extension import HouseExtension, Labels

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT = 20_000  # bodies held in memory between the rebuilds of a preview
SHORTEST_CONTENTS = 3  # headings below which a list of contents is only in the way
WORDS_A_MINUTE = 200  # a calm reader of plain prose

ATTRIBUTES = r"""(?:\s+[^\s=>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?)*"""
TAG = re.compile(rf"<(?P<name>[a-zA-Z][\w-]*)(?P<attributes>{ATTRIBUTES})\s*/?>")
ATTRIBUTE = re.compile(r"""([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?""")
LONE_PICTURE = re.compile(rf"<p>(<img{ATTRIBUTES}\s*/?>)</p>")
CODE = re.compile(r"<(pre|code)\b.*?</\1>", re.DOTALL)
LEAK = re.compile(
    r"\{(?:filename|static|attach|category|tag|author|index)\}[^\s<]*|\{%.*?%\}|\{\{.*?\}\}",
    re.DOTALL,
)
REFUSED = {
    "script": "a script",
    "style": "a style sheet",
    "iframe": "a frame with another site's page",
    "object": "an embedded object",
    "embed": "an embedded object",
    "form": "a form",
    "base": "a base address",
    "meta": "a meta tag",
    "link": "a link tag",
}


class Heading(NamedTuple):
    """A heading of the body."""

    level: int  # 2 to 6
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """The address of a link, as written."""

    url: str
    line: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, as written."""

    src: str
    alt: str | None  # None when none was written; "" for role="presentation"
    caption: str
    line: int


class Problem(NamedTuple):
    """Something wrong in the text of a body."""

    line: int
    wrong: str
    instead: str
    code: str


@dataclass(frozen=True, slots=True)
class Body:
    """Rendered Markdown, ready but for its links and pictures."""

    pieces: tuple[str | Link | Picture, ...]
    outline: tuple[Heading, ...]
    contents: str  # nested list of headings; "" for a short page
    anchors: frozenset[str]
    words: int
    problems: tuple[Problem, ...]

    @property
    def minutes(self) -> int:
        """Return the time it takes to read, in whole minutes, at least one."""
        return max(1, round(self.words / WORDS_A_MINUTE))


@lru_cache(maxsize=8)
def _markdown(labels: Labels) -> Markdown:
    return Markdown(
        output_format="html",
        extensions=[
            "abbr",
            "admonition",
            "attr_list",
            "codehilite",
            "def_list",
            "fenced_code",
            "footnotes",
            "sane_lists",
            "tables",
            "toc",
            HouseExtension(labels),
        ],
        extension_configs={
            "codehilite": {"css_class": "highlight", "guess_lang": False},
            "footnotes": {"BACKLINK_TITLE": labels.back_to_note},
            "tables": {"use_align_attribute": True},  # style="" is refused by the CSP
            "toc": {"slugify": slugify_unicode, "toc_depth": "2-3", "marker": ""},
        },
    )


@lru_cache(maxsize=KEPT)
def render(text: str, first_line: int, labels: Labels) -> Body:
    """Render Markdown.

    :param text: the body as written.
    :param first_line: the line of the file on which it begins, for the faults.
    :param labels: the words of its language that stand in the HTML.
    """
    markdown = _markdown(labels)
    markdown.reset()
    try:
        rendered = markdown.convert(text)
    except Exception as error:  # noqa: BLE001 - Python-Markdown promises none, and raises several
        _markdown.cache_clear()  # it was left in the middle of a page
        return _as_written(text, first_line, error)
    lines = _Lines(text, first_line)
    pieces, tag_problems = _take_apart(rendered, lines)
    outline = tuple(
        Heading(token["level"], token["id"], html.unescape(token["name"]))
        for token in _flat(markdown.toc_tokens)  # type: ignore[attr-defined]
    )
    shown = TAG.sub("", CODE.sub("", rendered))
    problems = [*tag_problems, *_headings(rendered, lines), *_leaks(shown, lines)]
    return Body(
        pieces=tuple(pieces),
        outline=outline,
        contents=markdown.toc if len(outline) >= SHORTEST_CONTENTS else "",  # type: ignore[attr-defined]
        anchors=frozenset(re.findall(r'\sid="([^"]+)"', rendered)),
        words=len(re.sub(r"<[^>]*>", " ", rendered).split()),
        problems=tuple(problems),
    )


def _as_written(text: str, first_line: int, error: Exception) -> Body:
    """Return a body that shows the Markdown itself, which nobody can misread."""
    deep = isinstance(error, RecursionError)
    why = "it is nested too deeply" if deep else " ".join(str(error).split())
    problem = Problem(
        first_line,
        f"This text can't be made into a page: {why}.",
        "Take it out piece by piece until the fault goes; lists and code blocks come first.",
        "markdown",
    )
    shown = f"<pre>{html.escape(text)}</pre>"
    return Body((shown,), (), "", frozenset(), len(text.split()), (problem,))


def _flat(tokens: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for token in tokens:
        yield token
        yield from _flat(token["children"])


class _Lines:
    """Finds the line on which something that was rendered had been written."""

    def __init__(self, text: str, first_line: int) -> None:
        self._text, self._first, self._from = text, first_line, {}  # type: ignore[var-annotated]

    def of(self, written: str) -> int:
        """Return the line of the next place where ``written`` stands."""
        start = self._text.find(written, self._from.get(written, 0))
        if start < 0:
            start = self._text.find(written)
        if start < 0:
            return self._first
        self._from[written] = start + 1
        return self._first + self._text.count("\n", 0, start)


def _take_apart(rendered: str, lines: _Lines) -> tuple[list[str | Link | Picture], list[Problem]]:
    """Cut HTML at its links and pictures; tell of tags that the pages may not hold."""
    rendered = LONE_PICTURE.sub(r"\1", rendered)
    pieces: list[str | Link | Picture] = []
    problems: list[Problem] = []
    end = 0
    for tag in TAG.finditer(rendered):
        name, attributes = tag["name"].lower(), _attributes(tag["attributes"])
        problems += _refused(name, attributes, tag[0], lines)
        if name == "img":
            src = attributes.get("src", "")
            pieces += [
                rendered[end : tag.start()],
                Picture(src, _alt(attributes), attributes.get("title", ""), lines.of(src)),
            ]
            end = tag.end()
        elif name == "a" and "href" in attributes:
            where = tag.start("attributes") + tag["attributes"].lower().index("href")
            quoted = re.compile(r"""href\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+)""", re.IGNORECASE)
            value = quoted.match(rendered, where)
            if value is None:
                continue
            url = attributes["href"]
            pieces += [rendered[end:where] + 'href="', Link(url, lines.of(url)), '"']
            end = value.end()
    return [*pieces, rendered[end:]], problems


def _attributes(text: str) -> dict[str, str]:
    return {
        name.lower(): html.unescape(double or single or bare)
        for name, double, single, bare in ATTRIBUTE.findall(text)
    }


def _alt(attributes: dict[str, str]) -> str | None:
    if attributes.get("role") in {"presentation", "none"}:
        return ""
    return attributes.get("alt", "").strip() or None


def _refused(name: str, attributes: dict[str, str], tag: str, lines: _Lines) -> Iterator[Problem]:
    """Tell of what the Content-Security-Policy keeps out of every page."""
    if name in REFUSED:
        yield Problem(
            lines.of(f"<{name}"),
            f"The text holds {REFUSED[name]}, which browsers are told to refuse here.",
            "Take it out; link to it instead.",
            "refused-html",
        )
    for attribute in attributes:
        if attribute == "style" or attribute.startswith("on"):
            yield Problem(
                lines.of(tag),
                f"The tag <{name}> has a “{attribute}” attribute, which browsers refuse here.",
                "Take it out; the theme gives everything its look.",
                "refused-html",
            )


def _headings(rendered: str, lines: _Lines) -> Iterator[Problem]:
    """Tell of headings that skip a level, or repeat the page's own (WCAG 2.2, 1.3.1)."""
    above = 1
    for level_text, inner in re.findall(r"<h([1-6])\b[^>]*>(.*?)</h\1>", rendered, re.DOTALL):
        level, text = int(level_text), html.unescape(re.sub(r"<[^>]*>", "", inner)).strip()
        line = lines.of(text) if text else lines.of("#")
        if not text:
            yield Problem(line, "A heading is empty.", "Write it, or take it out.", "heading")
        if level == 1:
            yield Problem(
                line,
                f"“{text}” is a heading of the first level, which the title already is.",
                "Begin headings in the text with ##.",
                "heading-order",
            )
        elif level > above + 1:
            yield Problem(
                line,
                f"The heading “{text}” skips a level.",
                f"Begin it with {'#' * (above + 1)}.",
                "heading-order",
            )
        above = level


def _leaks(shown: str, lines: _Lines) -> Iterator[Problem]:
    """Tell of another generator's code that readers would see as text."""
    for leak in LEAK.findall(shown):
        written = html.unescape(leak)
        first = written.split("\n")[0]
        yield Problem(
            lines.of(first),
            f"{first[:60]} would be shown to readers as it stands.",
            "Write the words themselves, or a link such as [text](../posts/file.en.md).",
            "leak",
        )
