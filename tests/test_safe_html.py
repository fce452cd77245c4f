"""What of a body's HTML may reach a page: nothing that runs, embeds, sends or asks others."""

from __future__ import annotations

import html
import random
import re
from itertools import islice
from typing import TYPE_CHECKING

import brs_kb
import html5lib
import pytest

from plugins.markup.allowed_html import ALLOWED
from plugins.markup.comments import without_comments
from plugins.markup.extension import Labels
from plugins.markup.pieces import EmbeddedPicture, Link, Recording
from plugins.markup.rendered_markdown import RenderedMarkdown, render
from plugins.sections.link_target import may_be_followed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from commands.build import BuildResult
    from tests.conftest import MakeSite

LABELS = Labels("Table {}", "Back to note {} in the text", (("note", "Note"),))
GENERATED = 5_000
# The names of attributes that may stand in a page, but for aria-*.
HARMLESS = set(
    """abbr alt class colspan controls datetime default dir download headers height hidden href
    hreflang id kind label lang loop muted name open playsinline preload rel reversed role rowspan
    scope span src srclang start tabindex title translate type value width poster""".split()  # noqa: SIM905 - words, as they are read
)
HOSTILE = [
    "<svg/onload=alert(1)>",
    "<script/src=//other.example.org/x.js></script>",
    "<SCRIPT\n>alert(1)</SCRIPT\n>",
    "<iframe/src=//other.example.org/></iframe>",
    '<button formaction="https://other.example.org/">send</button>',
    "<details open ontoggle=alert(1)>x</details>",
    '<math><mi xlink:href="javascript:alert(1)">x</mi></math>',
    "<a href=x ping=https://other.example.org/>x</a>",
    '<img src=x srcset="https://other.example.org/a.png 2x" alt=x>',
    '<video src="https://other.example.org/a.mp4" poster=//other.example.org/a.png></video>',
    '<audio><source src="//other.example.org/a.mp3"></audio>',
    "<picture><source srcset=https://other.example.org/a.webp></picture>",
    "<object data=https://other.example.org/a></object>",
    '<blockquote cite="https://other.example.org/">x</blockquote>',
    '<body background="https://other.example.org/a.png" onload=alert(1)>',
    '<table background="https://other.example.org/a.png"><tr><td>x</td></tr></table>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror=alert(1)>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "[x](java&#10;script:alert(1))",
    "[x](vbscript:x)",
    "<javascript:alert(1)>",
    '<p style="background:url(https://other.example.org/)">x</p>',
    '<template><img src=x onerror="alert(1)"></template>',
    '<a href="x" onclick=alert(1)//>x',
    "<x-y onfocus=alert(1) autofocus tabindex=1>x</x-y>",
    "![x](a.png){ onload=alert(1) }",
    "## A {onclick=alert(1) .b}",
    '<meta http-equiv=refresh content="0;url=https://other.example.org/">',
    "<plaintext><script>alert(1)</script>",
    "<textarea><script>alert(1)</script>",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<link rel=stylesheet href=//other.example.org/x.css>",
]


def body_of(text: str) -> RenderedMarkdown:
    return render.__wrapped__(text, 1, LABELS)


def page_of(*bodies: RenderedMarkdown) -> str:
    """Bodies in a page, as a site fills their holes that has nothing of its own to play or show."""
    parts = ["<!doctype html><title>x</title><main>"]
    for body in bodies:
        parts.append("<div>")
        for piece in body.pieces:
            if isinstance(piece, Link):
                parts.append(html.escape(piece.url if may_be_followed(piece.url) else ""))
            elif not isinstance(piece, EmbeddedPicture | Recording):
                parts.append(piece)
        parts.append("</div>")
    return "".join([*parts, "</main><footer>The end.</footer>"])


def what_is_wrong(page: str, bodies: int = 1) -> list[str]:
    """What a browser, as html5lib has it, would find in a page that may not be there."""
    root = html5lib.parse(page, namespaceHTMLElements=False).find("body")
    assert root is not None
    main = root.find("main")
    assert main is not None
    wrong = []
    if [child.tag for child in root] != ["main", "footer"] or len(main) != bodies:
        wrong.append("a body ended the page's own elements, or swallowed them")
    for element in main.iter():
        if element.tag not in ALLOWED | {"main"}:
            wrong.append(str(element.tag))
        for name, value in element.attrib.items():
            if name not in HARMLESS and not name.startswith("aria-"):
                wrong.append(f"{element.tag} {name}")
            if name in {"src", "poster"} and value:
                wrong.append(f"{element.tag} {name}={value}")
            if name == "href" and not may_be_followed(as_browsers_take_it(value)):
                wrong.append(f"{element.tag} {name}={value}")
    return wrong


def as_browsers_take_it(address: str) -> str:
    """An address without what browsers cut off or out of it (URL Living Standard, 4.4)."""
    return re.sub(r"[\t\n\r]", "", address.strip("".join(map(chr, range(33)))))


def that_reach_a_page(texts: Iterable[str]) -> dict[str, list[str]]:
    """Which of many bodies put into a page what may not be there, and what."""
    reached: dict[str, list[str]] = {}
    remaining = iter(texts)
    while batch := list(islice(remaining, 40)):
        if what_is_wrong(page_of(*map(body_of, batch)), len(batch)):
            reached |= {text: what_is_wrong(page_of(body_of(text))) for text in batch}
    return {text: wrong for text, wrong in reached.items() if wrong}


@pytest.mark.parametrize("text", HOSTILE)
def test_no_hostile_html_reaches_a_page_and_all_of_it_is_told(text: str) -> None:
    body = body_of(text)
    assert what_is_wrong(page_of(body)) == []
    is_told = body.problems or any(isinstance(piece, Link | Recording) for piece in body.pieces)
    assert is_told or "script" not in page_of(body)


def test_no_payload_of_a_knowledge_base_reaches_a_page() -> None:
    payloads = [entry["payload"] for entry in brs_kb.get_all_payloads().values()]
    assert len(payloads) > 4_000
    assert that_reach_a_page(payloads) == {}


NAMES = """a b p div span table tr td li ul svg math style script template noscript textarea
title select option form button details summary img video audio source iframe mi mtext
foreignObject desc annotation-xml xmp plaintext h2 pre code x-y font center picture""".split()  # noqa: SIM905 - words, as they are read
MARKS = [
    "\n",
    "\n\n",
    " ",
    "*",
    "_",
    "`",
    "```\n",
    "> ",
    "- ",
    "1. ",
    "[",
    "](",
    ")",
    "![",
    "&lt;",
    "&#60;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "|",
    "---\n",
    "{",
    "}",
    "\\",
    '"',
]
ATTRIBUTES = [
    " href=javascript:alert(1)",
    " src=//other.example.org/x",
    " onload=alert(1)",
    "/onerror=alert(1)",
    ' title="<img src=x onerror=alert(1)>"',
    " style='a:b'",
    " srcset='//other.example.org/x 2x'",
    " class=a",
    " id=b",
    " xlink:href=data:x",
    " encoding=text/html",
    " =",
    " '",
    ' "',
]


def generated() -> Iterator[str]:
    """Bodies out of the parts that attacks and honest mistakes are made of."""
    chance = random.Random(20260301)
    for _ in range(GENERATED):
        parts = []
        for _ in range(chance.randint(2, 14)):
            name = chance.choice(NAMES)
            extra = "".join(chance.sample(ATTRIBUTES, chance.randint(0, 2)))
            parts.append(
                chance.choice(
                    [
                        f"<{name}{extra}>",
                        f"<{name}{extra}/>",
                        f"</{name}>",
                        f"<{name}{extra}",
                        chance.choice(MARKS),
                        chance.choice(MARKS),
                        "words",
                        f"<{name.upper()}>",
                    ]
                )
            )
        yield "".join(parts)


def test_no_generated_body_reaches_a_page_with_more_than_is_allowed() -> None:
    assert that_reach_a_page(generated()) == {}


# ------------------------------------------------------------------- what is said of it


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        ("<div>\n<table><tr><td>a\n\nNext.\n", 1, "<div> is opened and never closed."),
        ("A.\n\nB <b>c.\n", 3, "<b> is opened and never closed."),
        ("A.\n\nB </div> c.\n", 3, "</div> closes what was never opened."),
        ("A.\n\n<li>b</li>\n", 3, "<li> stands outside of any <ol>, so it was left out."),
        ("Write <your name> here.\n", 1, "<your> isn't a tag that pages here may have"),
        ("A.\n\n<?php echo 1 ?>\n", 3, "<?…?> is a program's code"),
        ("A.\n\n<!-- b\n\nc\n", 3, "A comment is opened and never closed"),
        ("A.\n\n<a href=b ping=c>d</a>\n", 3, "has a “ping” attribute, an address"),
        ("A.\n\n<td>b</td>\n", 3, "<td> stands outside of any <table>"),
        ("A.\n\n<body background=b>\n", 3, "<body> begins a page of its own"),
        ("A.\n\nB <![CDATA[c]]>\n", 3, "<![CDATA[c]]> is read as a note"),
        ("A.\n\n[](b)\n", 3, "A link has no words."),
    ],
)
def test_html_that_is_not_as_it_was_meant_is_told_with_its_line(
    text: str, line: int, wrong: str
) -> None:
    problem = next(problem for problem in body_of(text).problems if wrong in problem.wrong)
    assert problem.line == line


def test_what_html_has_given_up_is_written_as_it_is_today() -> None:
    body = body_of('<center><font color="red">a</font> <tt>b</tt> <strike>c</strike></center>\n')
    assert body.pieces == ("<div><span>a</span> <code>b</code> <s>c</s></div>",)
    assert [problem.level for problem in body.problems] == ["advice"], "the colour alone is lost"


def test_an_old_anchor_is_still_a_place_to_link_to() -> None:
    assert body_of('<a name="bins"></a>Bins.\n').anchors == {"bins"}


def test_a_sound_of_ours_is_a_hole_for_its_address_and_can_be_stopped() -> None:
    body = body_of('<audio src="../media/a.mp3" autoplay></audio>\n')
    assert body.pieces[1] == Recording("../media/a.mp3", 1)
    assert body.pieces[2] == '" controls></audio></p>'


@pytest.mark.parametrize("deep", ["<div>", "<b>", "<ul><li>", "> ", "<table><tr><td>"])
def test_html_nested_without_end_is_shown_as_written_or_safe(deep: str) -> None:
    assert what_is_wrong(page_of(body_of(deep * 3_000))) == []


# ------------------------------------------------------------------- comments

NOTE = "<!-- check with Mrs Jones, 12 Heol y Felin -->"


@pytest.mark.parametrize(
    "text",
    [
        f"Words {NOTE} end.",
        f"{NOTE}\n\nWords.",
        f"- a\n- {NOTE} b",
        f"| a | b |\n|---|---|\n| 1 {NOTE} | 2 |",
        f"## A {NOTE}\n",
        f"> {NOTE}\n> a",
        "Words <!-- Mrs Jones,\n\n12 Heol y Felin --> end.",
        "    Words\n\n<!-- Mrs Jones\n\nMore.",
        f'<p title="a">{NOTE}</p>',
        f"[a {NOTE}](b.md)",
        f"Words[^1].\n\n[^1]: Note {NOTE}\n",
        "Words <!-- Mrs Jones --!> end.",
        "Words %%Mrs Jones%% end.",
        "%%\nMrs Jones,\n\n12 Heol y Felin\n%%\n",
        "{# Mrs Jones #}\n",
        "Words {>>Mrs Jones<<} {/* 12 Heol y Felin */}",
        "{% comment %}\nMrs Jones\n{% endcomment %}\n",
        "{::comment}\nMrs Jones\n{:/comment}\n",
    ],
)
def test_a_comment_never_leaves_the_source(text: str) -> None:
    body = body_of(text)
    assert "Jones" not in page_of(body)
    assert "Felin" not in page_of(body)


@pytest.mark.parametrize(
    "text",
    [
        f"`{NOTE}`",
        f"``a ` {NOTE}``",
        f"```html\n{NOTE}\n```",
        f"~~~\n{NOTE}\n~~~",
        f"- a\n\n    ```\n    {NOTE}\n    ```",
    ],
)
def test_code_about_comments_may_be_read(text: str) -> None:
    assert without_comments(text).text == text


def test_a_comment_ends_where_browsers_end_it() -> None:
    assert without_comments("a<!-->b").text == "ab"
    assert without_comments("a<!--->b").text == "ab"
    assert without_comments("a`b<!-- c -->").text == "a`b"
    assert without_comments("a <!-- ` --> b `c`").text == "a  b `c`"


# ------------------------------------------------------------------- built


def test_a_built_site_holds_none_of_it(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    front = "---\ntitle: {0}\nsummary: Short.\nmenu: none\n---\n"
    tiny = tiny_site(
        {
            f"pages/hostile-{number}.en.md": front.format(f"Hostile {number}") + text + "\n"
            for number, text in enumerate([*HOSTILE, NOTE])
        }
    )
    assert built(tiny).ok
    for path in tiny.output.rglob("*"):
        if path.suffix in {".html", ".json", ".atom", ".xml"}:
            text = path.read_text()
            assert "other.example.org" not in text, path
            assert "Jones" not in text, path
        if path.suffix == ".html":
            for element in html5lib.parse(text, namespaceHTMLElements=False).iter():
                inline = element.tag == "script" and not element.get("src")
                assert not inline or element.get("type") == "application/ld+json", path
                assert not any(name.startswith("on") for name in element.attrib), path


@pytest.mark.parametrize("field", ["title", "summary", "tags"])
@pytest.mark.parametrize("note", [NOTE, "<!-- Mrs Jones, 12 Heol y Felin", "<!-- Mrs Jones --!>"])
def test_a_comment_in_front_matter_never_leaves_the_source_in_any_build(
    field: str, note: str, tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    facts = {"title": "Gutters", "summary": "They are clear.", "tags": "rain"}
    facts[field] = f"{facts[field]} {note}"
    lines = [f'{name}: "{text}"' for name, text in facts.items()]
    page = "\n".join(["---", *lines, "author: sian", "topics: [repairs]", "---", "Words."])
    tiny = tiny_site({"posts/2026-01-01-notes.en.md": page})
    assert built(tiny).ok
    files = [file for file in tiny.output.rglob("*") if file.is_file()]
    assert any("notes" in file.as_posix() or "gutters" in file.as_posix() for file in files)
    leaks = [file for file in files if b"Jones" in file.read_bytes()]
    assert leaks == []
