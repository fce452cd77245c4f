"""Markdown: what it becomes, and what is said of headings, links, pictures and HTML in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from commands.build import BuildOptions, build
from core.faults import Level
from plugins.markup.extension import Labels
from plugins.markup.pieces import EmbeddedPicture, Heading, Link, Problem
from plugins.markup.rendered_markdown import RenderedMarkdown, render
from tests.copies import ROOT
from tests.tiny import EVERY_KIND, TinySite, write_site

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands.build import BuildResult
    from core.faults import Fault
    from tests.conftest import MakeSite

ENGLISH = Labels(
    "Table {}", "Back to note {} in the text", (("note", "Note"), ("warning", "Warning"))
)
WELSH = Labels(
    "Tabl {}", "Yn ôl at nodyn {} yn y testun", (("note", "Nodyn"), ("warning", "Rhybudd"))
)


def body_of(text: str, labels: Labels = ENGLISH, first_line: int = 1) -> RenderedMarkdown:
    return render(text, first_line, labels)


def html_of(text: str, labels: Labels = ENGLISH) -> str:
    return "".join(str(piece) for piece in body_of(text, labels).pieces)


def problems_of(text: str) -> list[Problem]:
    return list(body_of(text).problems)


# ------------------------------------------------------------------- headings


def test_headings_in_order_make_an_outline() -> None:
    body = body_of("## One\n\n### Two *here*\n\n## Tŷ & gŵr {#house}\n")
    assert body.problems == ()
    assert body.outline == (
        Heading(2, "one", "One"),
        Heading(3, "two-here", "Two here"),
        Heading(2, "house", "Tŷ & gŵr"),
    )
    assert body.anchors == {"one", "two-here", "house"}


def test_a_heading_that_skips_a_level_is_told_with_its_line() -> None:
    body = body_of("Words.\n\n## One\n\n#### Four\n", first_line=7)
    (problem,) = body.problems
    assert (problem.line, problem.code) == (11, "heading-order")
    assert problem.wrong == "The heading “Four” skips a level."
    assert problem.instead == "Begin it with ###."


def test_the_first_heading_may_not_skip_either() -> None:
    (problem,) = problems_of("### Three\n")
    assert problem.instead == "Begin it with ##."


def test_a_heading_of_the_first_level_is_the_title_s_alone() -> None:
    (problem,) = problems_of("# One\n\n## Two\n")
    assert "the title already is" in problem.wrong


def test_an_empty_heading_is_told() -> None:
    assert [problem.wrong for problem in problems_of("## \n\nWords.\n")] == ["A heading is empty."]


def test_headings_alike_have_addresses_of_their_own() -> None:
    body = body_of("## A\n\n## A\n")
    assert [heading.id for heading in body.outline] == ["a", "a_1"]


def test_going_up_any_number_of_levels_is_in_order() -> None:
    assert problems_of("## A\n\n### B\n\n#### C\n\n## D\n") == []


def test_a_list_of_contents_is_for_pages_that_need_one() -> None:
    assert body_of("## A\n\n## B\n").contents == ""
    assert 'href="#c"' in body_of("## A\n\n## B\n\n## C\n").contents


def test_a_heading_in_code_is_no_heading() -> None:
    assert body_of("```\n# A\n```\n").outline == ()
    assert problems_of("```\n# A\n```\n") == []


# ------------------------------------------------------------------- other people's code


@pytest.mark.parametrize(
    "leak", ["{filename}/posts/a.md", "{static}/a.jpg", "{% include a %}", "{{ site.title }}"]
)
def test_another_generator_s_code_is_told_where_readers_would_see_it(leak: str) -> None:
    (problem,) = problems_of(f"Words.\n\nSee {leak} here.\n")
    assert (problem.line, problem.code) == (3, "leak")
    assert "would be shown to readers" in problem.wrong


@pytest.mark.parametrize("text", ["`{filename}/a.md`", "```\n{{ a }}\n```", "    {% a %}", "{a}"])
def test_code_that_is_meant_to_be_shown_is_no_leak(text: str) -> None:
    assert problems_of(text) == []


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("<script>alert(1)</script>", "a script"),
        ("<SCRIPT src=x></SCRIPT>", "a script"),
        ("<style>p {}</style>", "a style sheet"),
        ('<iframe src="https://video.example.org/"></iframe>', "a frame"),
        ("<object data=x></object>", "an embedded object"),
        ("<form action=x></form>", "a form"),
        ("<base href=x>", "a base address"),
        ('<meta http-equiv="refresh">', "a meta tag"),
        ("<link rel=stylesheet>", "a link tag"),
        ('<p onclick="a()">x</p>', "“onclick”"),
        ('<p style="color: red">x</p>', "“style”"),
        ('Words <b OnMouseOver="a()">x</b>', "“onmouseover”"),
    ],
)
def test_html_that_browsers_will_refuse_is_told(written: str, what: str) -> None:
    problems = [
        problem
        for problem in problems_of(f"Words.\n\n{written}\n")
        if problem.code == "refused-html"
    ]
    assert [what in problem.wrong for problem in problems] == [True]


@pytest.mark.parametrize(
    "written",
    [
        "<b>x</b>",
        "<details><summary>a</summary>b</details>",
        "`<script>`",
        "```\n<form>\n```",
        "1 < 2 & 3",
    ],
)
def test_plain_html_and_code_about_html_may_stand(written: str) -> None:
    assert problems_of(written) == []


# ------------------------------------------------------------------- tables, notes, boxes, code

TABLE = "| a | b |\n|---|--:|\n| 1 | 2 |\n"


def test_a_table_scrolls_by_keyboard_in_a_named_region() -> None:
    html = html_of(f"{TABLE}\n\n{TABLE}")
    assert len(re.findall(r'<div [^>]*class="scroll" role="region" tabindex="0">', html)) == 2
    assert 'aria-label="Table 1"' in html
    assert 'aria-label="Table 2"' in html
    assert 'aria-label="Tabl 1"' in html_of(TABLE, WELSH)


def test_columns_are_aligned_without_inline_style() -> None:
    html = html_of(TABLE)
    assert '<td class="align-right">2</td>' in html
    assert "style=" not in html
    assert "align=" not in html


def test_a_table_in_a_list_scrolls_too() -> None:
    html = html_of("- Words\n\n    | a | b |\n    |---|---|\n    | 1 | 2 |\n")
    assert html.index('class="scroll"') < html.index("<table")


def test_footnotes_link_both_ways_in_the_language_of_the_page() -> None:
    text = "Words[^1].\n\n[^1]: The note.\n"
    html = html_of(text)
    assert "The note." in html
    assert "Back to note 1 in the text" in html
    assert "Yn ôl at nodyn 1 yn y testun" in html_of(text, WELSH)


def test_a_box_has_a_title_in_the_language_of_the_page() -> None:
    assert '<p class="admonition-title">Rhybudd</p>' in html_of("!!! warning\n    Gwlyb.\n", WELSH)
    assert '<p class="admonition-title">Warning</p>' in html_of("!!! warning\n    Wet.\n")


def test_a_box_s_own_title_stays_as_it_was_written() -> None:
    html = html_of('!!! note "Cyn dod"\n    Ffoniwch.\n', WELSH)
    assert '<p class="admonition-title">Cyn dod</p>' in html


def test_code_is_highlighted_by_classes_alone() -> None:
    html = html_of("```python\ndef a():\n    return 1\n```\n")
    assert 'class="highlight"' in html
    assert '<span class="k">def</span>' in html
    assert "style=" not in html


def test_code_in_a_language_nobody_knows_is_shown_plain() -> None:
    assert "x = &lt;1&gt;" in html_of("```nosuch\nx = <1>\n```\n")


def test_abbreviations_and_definitions_are_understood() -> None:
    assert '<abbr title="Damp AccessibilityResults Course">DPC</abbr>' in html_of(
        "A DPC.\n\n*[DPC]: Damp AccessibilityResults Course\n"
    )
    assert "<dt>Damp</dt>" in html_of("Damp\n:   Water in a wall.\n")


# ------------------------------------------------------------------- pieces


def test_links_and_pictures_are_told_apart_with_their_lines() -> None:
    body = body_of("One [a](b.md).\n\n![c](d.jpg)\n\nTwo [e](f.md), [g](b.md).\n", first_line=10)
    assert [piece for piece in body.pieces if isinstance(piece, Link)] == [
        Link("b.md", 10),
        Link("f.md", 14),
        Link("b.md", 14),
    ]
    assert [piece for piece in body.pieces if isinstance(piece, EmbeddedPicture)] == [
        EmbeddedPicture("d.jpg", "c", "", 12)
    ]


def test_a_picture_s_title_is_its_caption_and_none_is_no_alt() -> None:
    (picture,) = [
        piece
        for piece in body_of('![ ](a.jpg "By Nia")\n').pieces
        if isinstance(piece, EmbeddedPicture)
    ]
    assert (picture.alt, picture.caption) == (None, "By Nia")


def test_a_picture_that_only_decorates_says_so() -> None:
    text = '<img src="a.jpg" role="presentation">\n'
    (picture,) = [piece for piece in body_of(text).pieces if isinstance(piece, EmbeddedPicture)]
    assert picture.alt == ""


def test_nothing_of_one_page_is_left_for_the_next() -> None:
    first = html_of("## A\n\nWords[^1].\n\n[^1]: Note.\n\n*[A]: B\n")
    html_of("## A\n\nMore[^1].\n\n[^1]: Other.\n")
    render.cache_clear()
    assert html_of("## A\n\nWords[^1].\n\n[^1]: Note.\n\n*[A]: B\n") == first
    assert html_of("A") == "<p>A</p>"


def test_text_that_breaks_the_renderer_is_shown_as_written_and_spoils_no_other() -> None:
    (problem,) = problems_of("Words <b>.\n\n``` {.py style=a}\nx\n```\n")
    assert problem.code == "markdown"
    assert "<pre>Words &lt;b&gt;." in html_of("Words <b>.\n\n``` {.py style=a}\nx\n```\n")
    assert html_of("- A\n") == "<ul>\n<li>A</li>\n</ul>"


def test_time_to_read_is_counted_in_whole_minutes() -> None:
    assert body_of("Words.").minutes == 1
    assert body_of("word " * 620).minutes == 3


# ------------------------------------------------------------------- links and pictures of a site


@dataclass(frozen=True)
class Example:
    """A line of a page, and what becomes of it: a piece of HTML, or a fault."""

    written: str
    html: str = ""
    wrong: str = ""
    instead: str = ""


GUTTERS = "/en/blog/the-gutters-are-clear/"
CASES = {
    "file": Example("[a](../posts/2026-03-04-clear-gutters.en.md)", f'href="{GUTTERS}"'),
    "other-language": Example("[a](../posts/2026-03-04-clear-gutters.cy.md)", f'href="{GUTTERS}"'),
    "from-root": Example("[a](posts/2026-03-04-clear-gutters.en.md)", f'href="{GUTTERS}"'),
    "pelican": Example("[a]({filename}/posts/2026-03-04-clear-gutters.en.md)", f'href="{GUTTERS}"'),
    "pelican-bar": Example("[a](|filename|/pages/about.en.md)", 'href="/en/about-us/"'),
    "untranslated": Example("[a](../roadmap/dry-walls.en.md)", 'href="/en/roadmap/dry-walls/"'),
    "site": Example("[a](/en/blog/)", 'href="/en/blog/"'),
    "site-anchor": Example("[a](/en/blog/#top)", 'href="/en/blog/#top"'),
    "here": Example("## B {#b}\n\n[a](#b)", 'href="#b"'),
    "web": Example("[a](https://example.org/x?y#z)", 'href="https://example.org/x?y#z"'),
    "mail": Example("[a](mailto:helo@tiny.example.org)", 'href="mailto:helo@tiny.example.org"'),
    "phone": Example("[a](tel:01632960001)", 'href="tel:01632960001"'),
    "document": Example("[a](../docs/form.pdf)", 'href="/files/docs/form.pdf"'),
    "document-spaced": Example("[a](<../docs/a form.pdf>)", 'href="/files/docs/a%20form.pdf"'),
    "anchor-elsewhere": Example(
        "[a](standard-anchor.en.md#twice)", 'href="/en/standard-anchor/#twice"'
    ),
    "picture": Example("![A wall](../images/wall.png)", 'alt="A wall"'),
    "picture-link": Example("[a](../images/wall.png)", 'href="/assets/img/'),
    "caption": Example('![A wall](images/wall.png "By Nia")', "<figcaption>By Nia</figcaption>"),
    "misspelt": Example(
        "[a](../posts/2026-03-04-clear-guters.en.md)",
        wrong="leads nowhere",
        instead="Did you mean “posts/2026-03-04-clear-gutters.en.md”?",
    ),
    "nowhere": Example(
        "[a](zzz.md)", wrong="The link zzz.md leads nowhere.", instead="Write a path such as"
    ),
    "outside": Example("[a](../../../secret.md)", wrong="leads nowhere"),
    "site-nowhere": Example(
        "[a](/en/blogg/)", wrong="There is no page /en/blogg/ on this site.", instead="Did you mean"
    ),
    "no-anchor": Example(
        "## Bees\n\n[a](#bee)",
        wrong="There is no place #bee on this page.",
        instead="Did you mean “bees”?",
    ),
    "no-anchor-elsewhere": Example("[a](about.en.md#where)", wrong="There is no place #where in"),
    "script": Example("[a](javascript:alert)", wrong="can't be followed safely"),
    "data": Example("[a](data:text/html,x)", wrong="can't be followed safely"),
    "to-draft": Example("[a](draft.en.md)", wrong="isn't public yet"),
    "no-alt": Example(
        "![](../images/wall.png)",
        wrong="has no words for those who can't see it",
        instead="![A damp wall below a window](../images/wall.png)",
    ),
    "accent-of-a-mac": Example("[a](../docs/pe\u0302l.pdf)", 'href="/files/docs/p%C3%AAl.pdf"'),
    "backslashes": Example("![A wall](..\\images\\wall.png)", 'alt="A wall"'),
    "capitals": Example(
        "![A](../images/Wall.PNG)",
        wrong="There is no picture ../images/Wall.PNG.",
        instead="Did you mean “images/wall.png”?",
    ),
    "no-picture": Example(
        "![A](../images/wal.png)", wrong="There is no picture ../images/wal.png."
    ),
    "no-picture-like-a-page": Example(
        "![A](../images/clear-gutters.png)",
        wrong="There is no picture",
        instead="Put its file in content/images/ and name that.",
    ),
    "in-itself": Example(
        "[a](../roadmap/in-itself.en.md)", wrong="leads nowhere", instead="Write a path such as"
    ),
    "foreign-picture": Example(
        "![A](https://example.org/a.png)", wrong="would come from another site"
    ),
    "broken-picture": Example("![A](../images/broken.png)", wrong="This picture is broken"),
    "leak": Example("See {filename}/posts/a.md now.", wrong="would be shown to readers"),
    "heading": Example("#### Deep", wrong="skips a level"),
}


@dataclass(frozen=True)
class Made:
    """A site with a page for each case, built."""

    tiny: TinySite
    result: BuildResult

    def page(self, name: str, lang: str = "en") -> str:
        return (self.tiny.output / lang / name / "index.html").read_text()

    def faults(self, name: str) -> list[Fault]:
        path = f"content/pages/{name}.en.md"
        return [
            fault
            for fault in self.result.faults
            if (fault.path, fault.level) == (path, Level.FAULT)
        ]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Made:
    front = "---\ntitle: {}\nsummary: Short.\nmenu: none\n{}---\n"
    pages = {
        f"pages/{name}.en.md": front.format(name.replace("-", " "), "") + case.written + "\n"
        for name, case in CASES.items()
    }
    pages["pages/draft.en.md"] = front.format("A draft", "draft: true\n") + "Words.\n"
    pages["pages/standard-anchor.en.md"] = front.format("Standard anchor", "") + "## A {#twice}\n"
    pages["pages/standard-anchor.cy.md"] = "---\ntitle: Angor\nsummary: B\n---\n## A {#twice}\n"
    pages["pages/only-welsh.cy.md"] = front.format("Dim ond Cymraeg", "") + (
        "[a](../posts/2026-03-04-clear-gutters.en.md)\n\n!!! note\n    Gwlyb.\n"
    )
    tiny = write_site(tmp_path_factory.mktemp("markup") / "association", EVERY_KIND | pages)
    (tiny.content / "images").mkdir()
    Image.new("RGB", (40, 30), "#8a3b12").save(tiny.content / "images" / "wall.png")
    tiny.write("images/broken.png", b"\x89PNG\r\n\x1a\nbroken")
    tiny.write("docs/form.pdf", b"%PDF-1.7")
    tiny.write("docs/a form.pdf", b"%PDF-1.7")
    tiny.write("docs/p\u00eal.pdf", b"%PDF-1.7")
    tiny.write("docs/unused.pdf", b"%PDF-1.7 nobody links here")
    return Made(tiny, build(BuildOptions(ROOT, tiny.content, tiny.site, tiny.output)))


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.html])
def test_a_link_or_picture_becomes_what_readers_need(name: str, rendered: Made) -> None:
    assert rendered.result.ok, rendered.result.crash
    assert rendered.faults(name) == []
    assert CASES[name].html in rendered.page(name)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.wrong])
def test_a_link_or_picture_that_is_wrong_is_told_once_with_its_line(
    name: str, rendered: Made
) -> None:
    (fault,) = rendered.faults(name)
    case = CASES[name]
    assert fault.line == (8 if "\n" in case.written else 6)
    assert case.wrong in fault.wrong
    assert case.instead in fault.instead


def test_a_link_leads_readers_to_their_own_language(rendered: Made) -> None:
    assert f'href="{GUTTERS}"' in rendered.page("file")
    assert 'href="/cy/blog/maer-cwterin-glir/"' in rendered.page("file", "cy")


def test_words_in_the_text_of_a_page_are_in_the_page_s_own_language(rendered: Made) -> None:
    for lang in ("cy", "en"):
        assert '<p class="admonition-title">Nodyn</p>' in rendered.page("dim-ond-cymraeg", lang)


def test_only_documents_that_a_page_links_to_are_published(rendered: Made) -> None:
    assert (rendered.tiny.output / "files/docs/form.pdf").is_file()
    assert (rendered.tiny.output / "files/docs/a form.pdf").is_file()
    assert not (rendered.tiny.output / "files/docs/unused.pdf").exists()


def test_the_same_links_hold_below_a_sub_path(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site(EVERY_KIND)
    assert built(tiny, strict=True, url="https://tiny.example.org/sub/").ok
    page = (tiny.output / "en/blog/the-gutters-are-clear/index.html").read_text()
    assert 'href="/sub/en/about-us/"' in page
    assert re.search(r'(href|src)="/(?!sub/)', page) is None


DRAFT = (
    "---\ntitle: Later\ndraft: true\n---\n[Say it](/en/say-something/), [plans](/en/roadmap/).\n"
)
MOVE = "{on: 2026-02-02, to: considering, why: {en: They stop., cy: Maen nhw'n stopio.}}"
ITEM = f"---\ntitle: Lifts\ndraft: true\nowner: repairs\nrung: informed\nmoves: [{MOVE}]\n---\n."


def faults_of(result: BuildResult) -> list[str]:
    return [str(fault) for fault in result.faults if fault.level == Level.FAULT]


def test_a_draft_may_lead_to_pages_that_plugins_make_and_to_lists_of_drafts(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    files = {"posts/2026-03-05-later.en.md": DRAFT, "roadmap/lifts.en.md": ITEM}
    assert faults_of(built(tiny_site(files))) == []
    files["posts/2026-03-05-later.en.md"] = DRAFT.replace("draft: true", "summary: Now.")
    (fault,) = faults_of(built(tiny_site(files, folder="public")))
    assert "There is no page /en/roadmap/ on this site." in fault
