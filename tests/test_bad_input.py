"""Bad input: one clear sentence with file and line, no traceback, no silence, no wrong page."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from commands.build import BuildOptions, build
from core.faults import Level
from tests.copies import ROOT
from tests.tiny import FILES, TinySite, write_site

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands.build import BuildResult
    from core.faults import Fault
    from tests.conftest import MakeSite, RunCli


@dataclass(frozen=True)
class Bad:
    """A bad file, what is said of it, and whether a page is made all the same."""

    data: bytes
    line: int
    says: str
    shown: bool = False
    level: Level = Level.FAULT


def post(title: str, *front: str, body: str = "Words.") -> bytes:
    lines = ["---", f"title: {title}", "summary: Short.", "authors: [nia]", *front, "---", body]
    return "\n".join([*lines, ""]).encode()


BOMB = ("a: &a [x, x]", "b: &b [*a, *a]", "c: [*b, *b]")
# By file below content/. The fifth line is the first after the three fields of `post`.
BAD = {
    # Malformed YAML.
    "posts/2026-01-01-colon.en.md": Bad(
        b"---\ntitle: Damp: what\n---\nx\n",
        2,
        "A colon in the text is read as the start of a value.",
    ),
    "posts/2026-01-01-indent.en.md": Bad(
        b"---\ntitle: T\n  summary: S\n---\nx\n", 3, "This line stands too far to the right."
    ),
    "posts/2026-01-01-bracket.en.md": Bad(
        post("T", "tags: [a, b"), 6, "A [ or { is not closed, or a comma is missing."
    ),
    "posts/2026-01-01-quote.en.md": Bad(
        post("T", 'cause: "abc'), 5, "A quotation mark is opened and never closed."
    ),
    "posts/2026-01-01-quotes.en.md": Bad(
        post("T", 'cause: "a" b'), 5, "Text goes on after a quotation mark that ends it."
    ),
    "posts/2026-01-01-apostrophe.en.md": Bad(
        post("T", "cause: 'it's wet'"), 5, "Text goes on after a quotation mark that ends it."
    ),
    "posts/2026-01-01-backslash.en.md": Bad(
        post("T", r'cause: "C:\data"'), 5, "A backslash in double quotes begins a code"
    ),
    "posts/2026-01-01-at.en.md": Bad(
        post("T", "cause: @home"), 5, "A text can't begin with this character."
    ),
    "posts/2026-01-01-no-space.en.md": Bad(
        post("T", "week:2026-W10"), 6, "a colon is wrong here or on the line above"
    ),
    "posts/2026-01-01-list.en.md": Bad(
        b"---\n- a\n- b\n---\nx\n", 2, "The part between the --- lines is a list."
    ),
    "posts/2026-01-01-scalar.en.md": Bad(
        b"---\nhello\n---\nx\n", 2, "The part between the --- lines is a single value."
    ),
    "posts/2026-01-01-two.en.md": Bad(
        b"---\ntitle: T\n--- more\n---\nx\n", 3, "A second YAML document begins here."
    ),
    "posts/2026-01-01-tag.en.md": Bad(
        post("T", "cause: !!python/name:os.system x"), 5, "is not used here."
    ),
    "posts/2026-01-01-key.en.md": Bad(
        post("T", "[a, b]: c"), 5, "A name before a colon can't be a list or a group."
    ),
    "posts/2026-01-01-unclosed.en.md": Bad(
        b"---\ntitle: T\n\nWords.\n", 1, "The front matter is opened and never closed."
    ),
    "posts/2026-01-01-none.en.md": Bad(b"Words\n", 1, "The file doesn't begin with front matter."),
    # Tabs.
    "posts/2026-01-01-tab.en.md": Bad(
        post("T", "image:", "\tsrc: a.jpg"), 6, "A tab stands where YAML wants spaces."
    ),
    # Marks, line ends, encodings, control characters.
    "posts/2026-01-01-bom.en.md": Bad(
        b"\xef\xbb\xbf" + post("With a mark"),
        1,
        "invisible byte-order mark",
        shown=True,
        level=Level.ADVICE,
    ),
    "posts/2026-01-01-windows.en.md": Bad(
        post("With returns").replace(b"\n", b"\r\n"),
        1,
        "The file has Windows line ends.",
        shown=True,
        level=Level.ADVICE,
    ),
    "posts/2026-01-01-mac.en.md": Bad(
        post("With old returns").replace(b"\n", b"\r"),
        1,
        "The file has Windows line ends.",
        shown=True,
        level=Level.ADVICE,
    ),
    "posts/2026-01-01-latin.en.md": Bad(
        post("T", body="one\ncaf") + b"\xe9\n",
        8,
        "The file isn't saved as UTF-8: a letter here can't be read.",
    ),
    "posts/2026-01-01-utf-16.en.md": Bad(
        post("T").decode().encode("utf-16"), 1, "The file isn't saved as UTF-8"
    ),
    "posts/2026-01-01-nul.en.md": Bad(post("T", body="a\0b"), 6, "a control character (U+0000)"),
    "posts/2026-01-01-bell.en.md": Bad(post("T\x07"), 2, "a control character (U+0007)"),
    "posts/2026-01-01-escape.en.md": Bad(
        post("T", body="a\n\x1b[31mred"), 7, "a control character (U+001B)"
    ),
    "posts/2026-01-01-c1.en.md": Bad(post("T", body="a\x85b"), 6, "a control character (U+0085)"),
    "posts/2026-01-01-escaped.en.md": Bad(
        post("Written by number", r'cause: "a\u0007b"'), 5, "holds a control character.", shown=True
    ),
    "posts/2026-01-01-half.en.md": Bad(
        post("T", r'cause: "\ud83c"'), 5, "A backslash in double quotes begins a code"
    ),
    # Bombs and giants.
    "posts/2026-01-01-bomb.en.md": Bad(
        post("T", *BOMB), 5, "YAML anchors (&) and aliases (*) are not used here."
    ),
    "posts/2026-01-01-deep.en.md": Bad(
        post("T", "tags: " + "[" * 5000 + "]" * 5000), 5, "Values are nested too deeply."
    ),
    "posts/2026-01-01-front.en.md": Bad(
        post("T", "tags: [" + "a, " * 40_000 + "]"), 2, "The part between the --- lines is 120,0"
    ),
    "posts/2026-01-01-giant.en.md": Bad(
        post("T", "tags: [" + "a, " * 3_400_000 + "]"), 0, "The file is 10.2 MB long."
    ),
    # Dates that there are not.
    "posts/2026-02-31-february.en.md": Bad(
        post("T"), 0, "begins with 2026-02-31, which isn't a day of the calendar."
    ),
    "posts/2026-01-01-later.en.md": Bad(
        post("T", "publish_on: 2026-02-31"), 5, "“2026-02-31” isn't a day of the calendar."
    ),
    "posts/undated.en.md": Bad(
        post("T", "date: 2026-02-31"), 5, "“2026-02-31” isn't a day of the calendar."
    ),
    # Keys.
    "posts/2026-01-01-twice.en.md": Bad(
        post("Named twice", "title: B"),
        5,
        "“title” is written twice (first on line 2).",
        shown=True,
    ),
    "posts/2026-01-01-My Post.en.md": Bad(
        post("With a space"), 0, "more than small letters, digits and single hyphens.", shown=True
    ),
    "posts/2026-01-01-UPPER.en.md": Bad(
        post("In upper case"), 0, "more than small letters, digits and single hyphens.", shown=True
    ),
    "posts/2026-01-01-ending.en.MD": Bad(
        post("With an upper ending"),
        0,
        "more than small letters, digits and single hyphens.",
        shown=True,
    ),
    "posts/2026-01-01-language.EN.md": Bad(
        post("With an upper language"),
        0,
        "more than small letters, digits and single hyphens.",
        shown=True,
    ),
    "posts/2026-01-01-french.fr.md": Bad(
        post("T"), 0, "in a language (“fr”) that the site doesn't have."
    ),
    "posts/2026-01-01-stop.odd.md": Bad(post("T"), 0, "a full stop too many."),
    "posts/2026-01-01-other.markdown": Bad(
        post("T"), 0, "ends in .markdown, so it isn't taken as a page."
    ),
    "posts/2026-01-01-hidden.en.md.txt": Bad(
        post("T"), 0, "ends in .md.txt, so it isn't taken as a page."
    ),
    "posts/2026-01-01-twice.en - Copy.md": Bad(post("T"), 0, "this is a copy, as sync tools"),
    "posts/2026-01-01-twice.sync-conflict-20260102-101010-ABCDEFG.en.md": Bad(
        post("T"), 0, "this is a copy, as sync tools"
    ),
    "posts/2026-01-01-blank.en.md ": Bad(post("T"), 0, "ends in a blank"),
    "posts/2026-01-01-stop.en.md.": Bad(post("T"), 0, "ends in a full stop"),
    "posts/2026-01-01-react.en.mdx": Bad(post("T"), 0, "ends in .mdx, so it isn't taken as"),
    "posts/2026-01-01-bare.en": Bad(post("T"), 0, "ends in the language, so it isn't taken as"),
    "posts/2026-1-2-short.en.md": Bad(
        post("Dated in short"), 0, "begins with a day that isn't written in full.", shown=True
    ),
    "posts/2026-05-05-clear-gutters.en.md": Bad(
        post("T"), 0, "has the same key (“clear-gutters”) and the same language."
    ),
    # Nothing there.
    "posts/2026-01-01-empty.en.md": Bad(b"", 0, "The file is empty."),
    "posts/2026-01-01-blank.en.md": Bad(b"\n \n\t\n", 0, "The file is empty."),
    # Links that nobody can follow.
    "posts/2026-01-01-no-address.en.md": Bad(
        post("To no address", body="[a]()"), 6, "A link leads to no address.", shown=True
    ),
    "posts/2026-01-01-no-host.en.md": Bad(
        post("To no host", body="[a](http://)"), 6, "http:// isn't a web address.", shown=True
    ),
    "posts/2026-01-01-backslashes.en.md": Bad(
        post("By backslashes", body='<a href="/\\evil.example">a</a>'),
        6,
        "There is no page /\\evil.example on this site.",
        shown=True,
    ),
    "posts/2026-01-01-own-computer.en.md": Bad(
        post("Home", body="[a](http://localhost:8000/en/)"),
        6,
        "leads to your own computer, where no reader is.",
        shown=True,
    ),
    "posts/2026-01-01-no-scheme.en.md": Bad(
        post("Without https", body="[a](www.example.org/a)"), 6, "leads nowhere", shown=True
    ),
    # Markdown that can't be rendered.
    "posts/2026-01-01-fence.en.md": Bad(
        post("With a fence", body="``` {.py style=a}\nx\n```"),
        6,
        "This text can't be made into a page",
        shown=True,
    ),
}
# Made after the files are written: what is no ordinary file.
LINKS = {
    "posts/2026-01-01-out.en.md": "This is a symbolic link that leads elsewhere.",
    "posts/2026-01-01-itself.en.md": "This is a symbolic link that leads elsewhere.",
    "posts/2026-01-01-dangling.en.md": "This can't be read from disk.",
    "posts/2026-01-01-pipe.en.md": "This can't be read from disk.",
    "posts/2026-01-01-folder.en.md": "This is a folder, and it has the name of a page.",
    "elsewhere": "This is a symbolic link that leads elsewhere.",
    "around": "This is a symbolic link that leads elsewhere.",
    "docs/out.pdf": "This is a symbolic link that leads elsewhere.",
    "docs/gone.pdf": "This can't be read from disk.",
    "docs/line\\u000aend.pdf": "has a character that can't be shown",
    "posts/2026-01-01-\\udcff.en.md": "has a character that can't be shown",
}
SECRET = "A secret that lies outside"


@dataclass(frozen=True)
class BadSite:
    tiny: TinySite
    result: BuildResult

    def said_of(self, name: str) -> list[Fault]:
        """What was said of a file, but for what is said of every page that stands alone."""
        everywhere = {"missing-translation", "missing-field"}
        return [
            fault
            for fault in self.result.faults
            if fault.path == f"content/{name}"
            and not (fault.level == Level.ADVICE and fault.code in everywhere)
        ]

    def shows(self, name: str) -> bool:
        return any(record.source == name for record in self.result.manifest.values())


def link_badly(tiny: TinySite) -> None:
    outside = tiny.folder / "outside"
    outside.mkdir()
    (outside / "secret.en.md").write_bytes(post(SECRET))
    (outside / "secret.pdf").write_text(SECRET)
    posts, docs = tiny.content / "posts", tiny.content / "docs"
    docs.mkdir()
    (posts / "2026-01-01-out.en.md").symlink_to(outside / "secret.en.md")
    (posts / "2026-01-01-itself.en.md").symlink_to("2026-01-01-itself.en.md")
    (posts / "2026-01-01-dangling.en.md").symlink_to("gone.md")
    os.mkfifo(posts / "2026-01-01-pipe.en.md")
    (posts / "2026-01-01-folder.en.md").mkdir()
    (tiny.content / "elsewhere").symlink_to(outside)
    (tiny.content / "around").symlink_to(tiny.content)
    (docs / "out.pdf").symlink_to(outside / "secret.pdf")
    (docs / "gone.pdf").symlink_to("nowhere.pdf")
    (docs / "line\nend.pdf").write_text("x")
    (posts / os.fsdecode(b"2026-01-01-\xff.en.md")).write_bytes(post("T"))


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> BadSite:
    """A site with every bad file at once, built leniently: all faults come in one report."""
    files = FILES | {name: bad.data for name, bad in BAD.items()}
    files["posts/2026-01-02-links.en.md"] = post(
        "Links", body="[one](../docs/out.pdf) [two](../docs/gone.pdf)"
    )
    tiny = write_site(tmp_path_factory.mktemp("bad") / "association", files)
    link_badly(tiny)
    options = BuildOptions(ROOT, tiny.content, tiny.site, tiny.output)
    return BadSite(tiny, build(options))


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_told_in_one_sentence_with_its_line(name: str, outcome: BadSite) -> None:
    bad, faults = BAD[name], outcome.said_of(name)
    assert [(fault.line, fault.level) for fault in faults] == [(bad.line, bad.level)], faults
    assert bad.says in faults[0].wrong


@pytest.mark.parametrize("name", LINKS)
def test_what_is_no_ordinary_file_is_told_in_one_sentence(name: str, outcome: BadSite) -> None:
    faults = outcome.said_of(name)
    assert [fault.line for fault in faults] == [0], faults
    assert LINKS[name] in faults[0].wrong


@pytest.mark.parametrize("name", [*BAD, *LINKS])
def test_no_page_is_made_of_what_can_t_be_understood(name: str, outcome: BadSite) -> None:
    assert outcome.shows(name) == (name in BAD and BAD[name].shown)


def test_one_bad_file_spoils_no_other(outcome: BadSite) -> None:
    assert outcome.result.ok, outcome.result.crash
    for name in FILES:
        assert outcome.said_of(name) == []
        assert outcome.shows(name)


def test_every_sentence_reads_as_one_and_says_what_to_do(outcome: BadSite) -> None:
    for fault in outcome.result.faults:
        for sentence in (fault.wrong, fault.instead):
            assert (
                sentence[0].isupper()
                or not sentence[0].isalpha()
                or sentence.startswith(("posts/", "content/"))
            ), fault
            assert sentence.endswith((".", "?", ")")), fault
            assert sentence.isprintable(), fault
            assert len(sentence) < 250, fault
        assert "Traceback" not in str(fault)


def test_what_lies_outside_the_content_is_never_published(outcome: BadSite) -> None:
    written = [path for path in outcome.tiny.output.rglob("*") if path.is_file()]
    assert written
    assert not [path for path in written if SECRET.encode() in path.read_bytes()]


def test_a_strict_build_puts_nothing_in_place(
    outcome: BadSite, built: Callable[..., BuildResult]
) -> None:
    fresh = outcome.tiny.folder / "strict"
    result = built(outcome.tiny, strict=True, output=fresh)
    assert not result.ok
    assert result.crash == ""
    assert not fresh.exists()


def test_check_tells_all_faults_at_once_to_people_and_to_tools(
    outcome: BadSite, run_cli: RunCli
) -> None:
    words = ("check", "--content", outcome.tiny.content)
    done = run_cli(*words)
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    listed = run_cli(*words, "--format", "json")
    assert listed.returncode == 1
    report = json.loads(listed.stdout)
    paths = {fault["path"] for fault in report["faults"]} | {
        piece["path"] for piece in report["advice"]
    }
    for name in [*BAD, *LINKS]:
        assert f"content/{name}" in paths
        assert f"content/{name}" in done.stdout


def test_a_language_s_file_that_can_t_be_read_spoils_only_itself(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    name = "posts/2026-03-04-clear-gutters.cy.md"
    result = built(tiny_site(FILES | {name: b"\xff"}))
    assert [fault.path for fault in result.faults] == [f"content/{name}"]
    # The translation carries no facts of its own, so that nothing is made of it alone.
    name = "posts/2026-03-04-clear-gutters.en.md"
    result = built(tiny_site(FILES | {name: b"\xff"}, folder="other"))
    assert [fault.path for fault in result.faults] == [f"content/{name}"]


BODY = """\
[About us](../pages/about.en.md). See [the rules](../docs/gone.pdf) and [below](#below).

![](../images/gone.jpg)"""


@pytest.mark.parametrize(
    ("name", "data", "own"),
    [
        ("posts/2026-01-01-a.en.md", post("Walls: wet", body=BODY), "yaml"),
        ("posts/2026-01-01-a.en.md", post("T", "a: &a x", body=BODY), "yaml"),
        ("meetups/2026-04-07-a.en.md", post("T", body=BODY), "field"),  # it needs an hour
    ],
)
def test_a_body_s_faults_are_told_with_those_of_its_front_matter(
    tiny_site: MakeSite, built: Callable[..., BuildResult], name: str, data: bytes, own: str
) -> None:
    tiny = tiny_site(FILES | {name: data})
    faults = [
        fault
        for fault in built(tiny).faults
        if fault.path == f"content/{name}" and fault.level is Level.FAULT
    ]
    codes = [fault.code for fault in faults]
    assert {"broken-link", "missing-picture", "missing-alt"} <= set(codes)
    assert [code for code in codes if own in code], codes
    assert len(codes) == len({(fault.line, fault.wrong) for fault in faults}), "each once"


def test_a_file_is_found_however_its_place_is_written(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    body = "[a](/docs/a%23b.pdf) [b](../docs/a%23b.pdf) [c](/docs/A%23B.pdf)"
    sound = '<audio src="../media/Tea.mp3"></audio>'
    name = "posts/2026-01-01-files.en.md"
    files = {"docs/a#b.pdf": b"%PDF-1.4", "media/tea.mp3": b"ID3"}
    result = built(tiny_site(FILES | files | {name: post("Files", body=f"{body}\n\n{sound}")}))
    sentences = {fault.wrong: fault.instead for fault in result.faults if name in fault.path}
    assert sentences["There is no page /docs/A%23B.pdf on this site."].startswith(
        "Did you mean “docs/a#b"
    )
    sentence = "There is no file ../media/Tea.mp3 to play or show."
    assert sentences[sentence] == "Did you mean “media/tea.mp3”? Capitals count here."
    assert not [wrong for wrong in sentences if "a%23b" in wrong]


def test_tags_that_share_an_address_are_told(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    name = "posts/2026-01-01-tags.en.md"
    tags = 'tags: ["C", "C#", "Stairs", "stairs", "🏠", "???", "damp"]'
    result = built(tiny_site(FILES | {name: post("Tags", tags)}))
    assert sorted(fault.wrong for fault in result.faults if fault.code == "tag") == [
        "The tags “???” and “🏠” have one address, so they share a page.",
        "The tags “C#” and “C” have one address, so they share a page.",
    ]


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        ("---\ntitle: A\n---\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> c\n", 4, "Two versions"),
        ("---\n<<<<<<< HEAD\ntitle: A\n=======\ntitle: B\n>>>>>>> c\n---\n", 2, "Two versions"),
        ("---\ntitle:\u00a0A\nsummary: S\n---\nWords.\n", 2, "no-break space (U+00A0)"),
        ("---\ntitle: A\ntags:\n\u2003- b\n---\nWords.\n", 4, "em space (U+2003)"),
        ("---\ntitle: A\ntags:\n  -\u00adb\n---\nWords.\n", 4, "soft hyphen (U+00AD)"),
        ("---\nti\u200etle: A\n---\nWords.\n", 2, "left-to-right mark (U+200E)"),
        ("---\ntitle: A\n---\u200b\nWords.\n", 3, "zero width space (U+200B)"),
        ("---\ntitle\uff1a A\n---\nWords.\n", 2, "no colon"),
        ("---\ntitle: A\ntags:\n  \u2013 b\n---\nWords.\n", 4, "begins no item of a list"),
        ("---\ntitle: A\ntags: [\u201cb\u201d]\n---\nWords.\n", 3, "no quotation mark"),
        ("---\ntitle: A\u2028B\n---\nWords.\n", 2, "line separator (U+2028)"),
        ("---\ntitle: A\n---\nA\u202egpj.exe\n", 4, "right-to-left override (U+202E)"),
    ],
)
def test_what_nobody_sees_or_means_is_named_with_its_line(
    text: str, line: int, wrong: str, tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    name = "posts/2026-01-01-a.en.md"
    result = built(tiny_site(FILES | {name: text.encode()}))
    assert [fault.line for fault in result.faults if wrong in fault.wrong] == [line]
    assert [fault.wrong for fault in result.faults if name in fault.path] == [
        fault.wrong for fault in result.faults if wrong in fault.wrong
    ], "and nothing else is blamed"
    assert not [record for record in result.manifest.values() if record.source == name]


def test_an_empty_content_folder_says_how_to_begin(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    result = built(tiny_site({}))
    (fault,) = result.faults
    assert fault.wrong == "There is nothing to publish here yet."
    assert "./run new" in fault.instead
    assert result.ok, "the front door stands all the same"


@pytest.mark.parametrize("site", ["nothing", "file"])
def test_a_content_folder_that_isn_t_one_is_told(
    site: str, tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site({})
    tiny.content.rmdir()
    if site == "file":
        tiny.content.write_text("x")
    result = built(tiny)
    assert (result.ok, result.crash) == (False, "")
    assert [fault.wrong for fault in result.faults] == ["There is no such folder."]


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (b"languages = [", 1, "The settings can't be read here"),
        (b'languages = ["en"]\nurl = \xff', 0, "The settings can't be read."),
        (b'languages = []\n[association]\nname = "A"', 1, "The site has no language."),
        (
            b'languages = ["en", "en"]\n[association]\nname = "A"',
            1,
            "A language stands twice here.",
        ),
        (
            b'languages = ["klingon"]\n[association]\nname = "A"',
            1,
            "isn't a language that we know.",
        ),
        (
            b'languages = ["en"]\nlangauges = ["cy"]\n[association]\nname = "A"',
            2,
            "There is no field called “langauges” here.",
        ),
        (
            b'languages = ["en"]\ntimezone = "Europe/Cardiff"\n[association]\nname = "A"',
            2,
            "isn't a time zone.",
        ),
        (b'languages = ["en"]\nassociation = 3', 2, "This is no table."),
        (b"", 1, "is missing"),
    ],
)
def test_bad_settings_are_told_by_line(
    data: bytes, line: int, says: str, tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site({"pages/about.en.md": "---\ntitle: A\nsummary: B\n---\nC\n"})
    tiny.site.write_bytes(data)
    result = built(tiny)
    assert result.crash == ""
    assert (line, True) in [
        (f.line, says in f.wrong) for f in result.faults if f.path == "site.toml"
    ]


def test_settings_that_aren_t_there_are_told(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site()
    tiny.site.unlink()
    result = built(tiny)
    assert (result.ok, result.crash) == (False, "")
    assert [fault.path for fault in result.faults] == ["site.toml"]
