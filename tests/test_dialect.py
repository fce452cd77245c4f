"""Markdown as people type it now: what contains what, as CommonMark and GitHub have it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import html5lib
import pytest
from markdown_it import MarkdownIt

from plugins.markup.containers import DEEPEST
from plugins.markup.extension import Labels
from plugins.markup.foreign_code import foreign_code
from plugins.markup.pieces import Link
from plugins.markup.rendered_markdown import render

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

pytestmark = pytest.mark.long

LABELS = Labels(
    "Table {}",
    "Back to note {}",
    (("note", "Nodyn"), ("tip", "Awgrym")),
    "Gwnaed",
    "I wneud",
)
COMMONMARK = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
SIZE = 40_000  # characters; what is quadratic would take minutes
MIXED = 1_500  # texts of lines by chance


def html_of(text: str) -> str:
    pieces = render.__wrapped__(text, 1, LABELS).pieces
    return "".join(
        piece if isinstance(piece, str) else piece.url if isinstance(piece, Link) else ""
        for piece in pieces
    )


def lists(html: str) -> list[object]:
    """The lists of a page, with what each item begins with and the lists in it."""

    def inside(element: Element) -> list[object]:
        nested: list[object] = []
        for child in element:
            below = inside(child)
            if child.tag in {"ul", "ol", "li"}:
                nested.append((child.tag, child.get("start"), below))
            else:
                nested += below
        return nested

    body = html5lib.parse(html, namespaceHTMLElements=False).find("body")
    assert body is not None
    return inside(body)


@pytest.mark.parametrize(
    "text",
    [
        "We did:\n- one\n- two\n",
        "Then:\n1. first\n2. second\n",
        "In 1989\n2. is no list\n",
        "- a\n  - nested\n    - deeper\n  - back\n- b\n",
        "- a\n    - nested by four\n- b\n",
        "1. a\n   - nested by three\n2. b\n",
        "1. a\n\n   more\n\n2. b\n",
        "- a\n\n    more, by four\n- b\n",
        "* a\n* b\n+ another list\n",
        "3) third\n4) fourth\n",
        "- a\nlazy words\n- b\n",
        "- a\n\n\n- b\n\nAfter.\n",
        "- a\n---\n- b\n",
        "> - a\n>   - b\n>\n> - c\n",
        "- a\n  > quoted\n  > - b\n",
        "- ```\n  - code\n  ```\n- b\n",
        "1. a\n\n   ```\n   code\n\n   more\n   ```\n\n2. b\n",
        "<div>\n\n- a\n- b\n\n</div>\n",
        "<details>\n<summary>More</summary>\n\n1. a\n2. b\n\n</details>\n",
        "- <b>a</b>\n- b\n",
        "-\n- b\n-   c\n",
        "- # A\n- b\n",
        "| a | b |\n|---|---|\n| - | - |\n\n- a\n",
        "- a\n\n  | b | c |\n  |---|---|\n  | 1 | 2 |\n- d\n",
        "A\n- - -\nB\n",
        "10. ten\n    - b\n11. eleven\n",
        "- a\n 1. b\n",
    ],
)
def test_lists_are_what_a_commonmark_parser_makes_of_them(text: str) -> None:
    assert lists(html_of(text)) == lists(COMMONMARK.render(text))


def test_lists_of_any_lines_are_what_a_commonmark_parser_makes_of_them() -> None:
    chance = random.Random(20260302)
    marks = [
        "- a",
        "* b",
        "1. c",
        "2. d",
        "3) e",
        "> f",
        "words",
        "- ",
        "> - g",
        "    h",
        "```",
        "# i",
        "- > j",
        "1. - k",
        "-   l",
        "---x",
    ]
    other = []
    for _ in range(MIXED):
        text = ""
        for _ in range(chance.randint(2, 9)):
            mark = chance.choice(marks)
            # A quotation that is set in by four is read otherwise by our oracle than by 5.1.
            indents = [0, 0, 0, 1, 2, 3] if ">" in mark else [0, 0, 0, 1, 2, 3, 4, 5, 6]
            text += " " * chance.choice(indents) + mark + "\n"
            text += "\n" * (chance.random() < 0.25)
        if lists(html_of(text)) != lists(COMMONMARK.render(text)):
            other.append(text)
    assert len(other) <= MIXED // 200, other


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("~~struck~~ and not ~ this ~\n", "<p><del>struck</del> and not ~ this ~</p>"),
        (
            "- [x] a\n- [ ] b\n",
            (
                '<ul>\n<li class="task"><span role="img" aria-label="Gwnaed">☑</span> a</li>\n'
                '<li class="task"><span role="img" aria-label="I wneud">☐</span> b</li>\n</ul>'
            ),
        ),
        (
            "See https://example.org/a_b_(c). Or www.example.org!\n",
            (
                '<p>See <a href="https://example.org/a_b_(c)">https://example.org/a_b_(c)</a>. '
                'Or <a href="http://www.example.org">www.example.org</a>!</p>'
            ),
        ),
        (
            "Write to helo@example.org, not a.md.\n",
            '<p>Write to <a href="mailto:helo@example.org">helo@example.org</a>, not a.md.</p>',
        ),
        (
            "> [!NOTE]\n> Words.\n> - a\n",
            (
                '<div class="admonition note">\n<p class="admonition-title">Nodyn</p>\n'
                "<p>Words.</p>\n<ul>\n<li>a</li>\n</ul>\n</div>"
            ),
        ),
        (
            "> [!tip]- Our own title\n> Words.\n",
            (
                '<div class="admonition success">\n<p class="admonition-title">Our own title</p>\n'
                "<p>Words.</p>\n</div>"
            ),
        ),
        ("- a\n- b\n", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("- a\n\n- b\n", "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>"),
    ],
)
def test_what_people_type_is_rendered_as_where_they_come_from(text: str, html: str) -> None:
    assert html_of(text) == html


@pytest.mark.parametrize(
    "text",
    ["`https://example.org/`", "[https://a.example.org](b.md)", "<b title='www.a.org'>x"],
)
def test_an_address_in_code_or_in_a_link_is_no_link(text: str) -> None:
    assert "example.org</a></a>" not in html_of(text)
    assert html_of(text).count("<a ") <= text.count("](")


def test_code_and_boxes_may_stand_in_lists_and_quotations() -> None:
    html = html_of(
        '- a\n\n  !!! note "B"\n      c\n\n  ```python\n  d = 1\n  ```\n\n> ~~~\n> e\n> ~~~\n'
    )
    assert '<div class="admonition note">' in html
    assert '<div class="highlight">' in html
    assert html.count("<pre>") == 2
    assert html.index("admonition") < html.index("</li>") > html.index("highlight")


def test_code_that_is_never_closed_is_told() -> None:
    problems = render("Words.\n\n```\nd = 1\n\nMore.\n", 1, LABELS).problems
    assert [(problem.line, problem.code) for problem in problems] == [(3, "markdown")]


def test_what_is_nested_too_deeply_is_shown_and_told() -> None:
    body = render("> " * (DEEPEST + 20) + "Words.\n", 1, LABELS)
    assert "Words." in "".join(map(str, body.pieces))
    assert [problem.code for problem in body.problems] == ["markdown"]


@pytest.mark.parametrize(
    "mark",
    [
        "[",
        "]",
        "*",
        "_",
        "`",
        "<",
        ">",
        "(",
        "!",
        "![",
        "[a](",
        "[](",
        "[a][",
        "~~a ",
        "``a`",
        "{{",
        "{%",
        "- ",
        "> ",
        "**a *",
        "- a\n",
        "# a\n",
        "x\n---\n",
        "*[a]: b\n",
        "<a ",
        "&#",
        "a@",
        "://",
    ],
)
def test_no_mark_takes_the_square_of_a_texts_length(mark: str) -> None:
    assert render.__wrapped__(mark * (SIZE // len(mark)), 1, LABELS).minutes


@pytest.mark.parametrize(
    "opening", ["$x", "||a", "++a", "{:a", "${", "^[", "[a b=", "[@a", "\\begin{"]
)
def test_code_that_never_ends_takes_no_square_either(opening: str) -> None:
    assert len(list(foreign_code(opening + "_a" * SIZE))) <= 1


@pytest.mark.parametrize(
    "text",
    [
        "1. a\n    - b\n\n        c\nd\n",  # a paragraph of an inner list goes on
        "- [ ] a\n     * b\n\n        -   c\n d\n",
        "- a\n        b\n\n      c\n    d\n",  # text below code that stands in a tight item
        "- # a\n      b\n  d\n",
        "- a\n\n      b\n  d\n",
    ],
)
def test_no_word_of_an_item_is_lost_or_left_outside(text: str) -> None:
    tree = html5lib.parse(html_of(text), namespaceHTMLElements=False)
    items = [" ".join("".join(item.itertext()).split()) for item in tree.iter("li")]
    assert items[0].endswith("d")


def test_two_notes_of_one_name_are_told() -> None:
    text = "Words[^a] and[^a].\n\n[^a]: One.\n\n[^a]: Two.\n"
    (problem,) = render(text, 1, LABELS).problems
    assert problem.wrong == "Two notes are called a, and only the last is shown."


# ------------------------------------------------------------------- what can't be rendered


@pytest.mark.parametrize(
    "code",
    [
        '[caption id="a1" width="300"]', "[/caption]", '[gallery ids="1,2"]', "[[Wiki link]]",
        "![[image.png]]", "{{< youtube x >}}", "{% include a %}", "[TOC]", ":::note", "%%a note%%",
        "==mark==", ":smile:", "{.lead}", "[^9]", "[words][nowhere]", "{::comment}", "$$x$$",
        "<%= x %>", "??? note", '=== "Tab"', "++words++", "{++words++}", "||words||", "{/* x */}",
        "${x}", "{youtube}", '[gist id="1"]', "^[a note]", "[@cite]", "$x^2$", "\\newpage", ":+1:",
        "h2. Words", "[words]{.red}", "{: width=300}", "{# a note #}", "{{/* x */}}", "{color:red}",
        "\u2022 one", "{>>a note<<}", "{% comment %}x{% endcomment %}", "{{!-- x --}}",
    ],
)  # fmt: skip
def test_what_other_programs_would_have_made_something_of_is_told(code: str) -> None:
    problems = render(f"Words.\n\n{code} here\n", 1, LABELS).problems
    assert [problem.line for problem in problems if code in problem.wrong] == [3]
    assert not [p for p in render(f"Words `{code}`.\n", 1, LABELS).problems if p.code == "leak"]


@pytest.mark.parametrize(
    "text",
    ["It is 10:30: come in.", "a == b == c", "100%, and 5%%", "[a] and (b)", "Costs $5 or $$.",
     "C++ and D++", "a || b || c", "$5 and $6_000", "^ above", "[a = b]", "H2. Or h2.5",
     "x^2 and y", "Costs $AB and $CD", "**Rhif:** dau: tri", "a^b", "about ~5 or ~6", "https://example.org/a:b:c"],
)  # fmt: skip
def test_what_people_write_is_no_code(text: str) -> None:
    assert [p for p in render(text + "\n", 1, LABELS).problems if p.code == "leak"] == []
