"""Markdown to a body: pieces of HTML between addresses that are yet to be resolved.

A body depends on nothing but its own text and the few words of its language, so it may be
kept, shared between processes, and rendered in any order.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markdown import Markdown
from markdown.extensions.toc import slugify_unicode

from plugins.markup.comments import without_comments
from plugins.markup.containers import DEEPEST
from plugins.markup.dialect import OURS_ALONE, Dialect
from plugins.markup.extension import Labels, SiteFootnotes, SiteMarkdown
from plugins.markup.foreign_code import foreign_code_problems
from plugins.markup.lines import Lines
from plugins.markup.pieces import Heading, Piece, Problem
from plugins.markup.safe_html import safe_html

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

KEPT = 20_000  # bodies held in memory between the rebuilds of a preview
EXTENSIONS = (
    "abbr",
    "admonition",
    "attr_list",
    "codehilite",
    "def_list",
    "fenced_code",
    "tables",
    "toc",
)
SHORTEST_CONTENTS = 3  # headings below which a list of contents is only in the way
CONTENTS_LEVELS = (2, 3)  # what an outline lists
WORDS_A_MINUTE = 200  # a calm reader of plain prose


@dataclass(frozen=True, slots=True)
class RenderedMarkdown:
    """Rendered Markdown, ready but for its links, pictures and recordings."""

    pieces: tuple[Piece, ...]
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
def _markdown(labels: Labels, dialect: Dialect) -> tuple[Markdown, SiteMarkdown]:
    configs: dict[str, dict[str, Any]] = {
        "codehilite": {"css_class": "highlight", "guess_lang": False},
        "footnotes": {"BACKLINK_TITLE": labels.back_to_note},
        "tables": {"use_align_attribute": True},  # style="" is refused by the CSP
        "toc": {"slugify": slugify_unicode, "toc_depth": "2-3", "marker": ""},
    }
    for name, config in dialect.configs:
        configs[name] = configs.get(name, {}) | dict(config)
    house = SiteMarkdown(labels)
    notes = SiteFootnotes(house, **configs.pop("footnotes"))
    markdown = Markdown(
        output_format="html",
        extensions=[*EXTENSIONS, notes, house, *dialect.added],
        extension_configs=configs,
    )
    return markdown, house


@lru_cache(maxsize=KEPT)
def render(
    text: str, first_line: int, labels: Labels, dialect: Dialect = OURS_ALONE
) -> RenderedMarkdown:
    """Render Markdown.

    :param text: the body as written.
    :param first_line: the line of the file on which it begins, for the faults.
    :param labels: the words of its language that stand in the HTML.
    :param dialect: what plugins add.
    """
    markdown, house = _markdown(labels, dialect)
    markdown.reset()
    lines, uncommented = Lines(text, first_line), without_comments(text)
    try:
        body = safe_html(markdown.convert(uncommented.text), lines)
    except Exception as error:  # noqa: BLE001 - Python-Markdown promises none, and raises several
        _markdown.cache_clear()  # it was left in the middle of a page
        return _as_written(text, first_line, error)
    outline = tuple(h for h in body.headings if h.level in CONTENTS_LEVELS and h.id)
    return RenderedMarkdown(
        pieces=body.pieces,
        outline=outline,
        contents=_contents(outline) if len(outline) >= SHORTEST_CONTENTS else "",
        anchors=body.anchors,
        words=body.words,
        problems=(
            *_open_comment(text, first_line, uncommented.open_at),
            *_note_problems(uncommented.notes, lines),
            *_container_problems(house, lines),
            *body.problems,
            *_heading_problems(body.headings, lines),
            *foreign_code_problems(body.shown, lines),
        ),
    )


def _as_written(text: str, first_line: int, error: Exception) -> RenderedMarkdown:
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
    return RenderedMarkdown((shown,), (), "", frozenset(), len(text.split()), (problem,))


def _open_comment(text: str, first_line: int, place: int) -> Iterator[Problem]:
    if place >= 0:
        yield Problem(
            first_line + text.count("\n", 0, place),
            "A comment is opened and never closed, so all that follows is hidden.",
            "Write --> where it ends.",
            "unbalanced-html",
        )


def _note_problems(notes: Iterable[str], lines: Lines) -> Iterator[Problem]:
    for note in dict.fromkeys(notes):
        shown = " ".join(note.split())[:60]
        yield Problem(
            lines.of(note),
            f"{shown} is a note in another program, so it was left out.",
            "Write notes as <!-- note -->, or put what is to be read in backticks.",
            "leak",
        )


def _container_problems(house: SiteMarkdown, lines: Lines) -> Iterator[Problem]:
    for opening in house.open_code:
        yield Problem(
            lines.of(opening),
            "A block of code is opened and never closed, so all that follows is taken as code.",
            f"Write {opening[:3]} on a line of its own where it ends.",
            "markdown",
        )
    for name in house.notes_twice:
        yield Problem(
            lines.of(f"[^{name}]:"),
            f"Two notes are called {name}, and only the last is shown.",
            "Give each a name of its own.",
            "markdown",
        )
    if house.too_deep:
        yield Problem(
            lines.of(""),
            f"Lists or quotations are nested more than {DEEPEST} deep, and shown as written there.",
            "Take some of their marks out.",
            "markdown",
        )


def _contents(outline: tuple[Heading, ...]) -> str:
    """Return the outline as nested lists of links, in HTML."""
    parts: list[str] = []
    depth = 0
    for heading in outline:
        level = heading.level - CONTENTS_LEVELS[0] + 1
        if level > depth:
            level = depth + 1  # a heading that skipped levels stands below the one before
            parts.append("<ul>\n")
        else:
            parts.append("</li>\n" + "</ul>\n</li>\n" * (depth - level))
        depth = level
        text, anchor = html.escape(heading.text), html.escape(heading.id)
        parts.append(f'<li><a href="#{anchor}">{text}</a>')
    return "".join([*parts, "</li>\n</ul>\n" * depth])


def _heading_problems(headings: Iterable[Heading], lines: Lines) -> Iterator[Problem]:
    """Tell of headings that skip a level, or repeat the page's own (WCAG 2.2, 1.3.1)."""
    above = 1
    for level, _, text in headings:
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
