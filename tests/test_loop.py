"""The loop: what was said stands with its answer and with all that came of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING

import pytest

from core.faults import Level
from tests.copies import ROOT
from tests.tiny import EVERY_KIND, write_site

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from commands.build import BuildResult
    from tests.conftest import MakeSite
    from tests.tiny import TinySite

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
RECORD = """\
ref: F-2K7Q9T
status: published
sort: problem
lang: en
received: 2026-01
topic: repairs
channel: web
people: 3
said: |-
  The wall is <b>wet</b> & cold.

  *Every* night.
redacted: [name]
reply:
  on: 2026-01-19
  by: repairs
  text: {en: We will look at the gutter., cy: Byddwn ni'n edrych ar y cwter.}
in_time: true
"""
WELSH = """\
ref: F-4HX8RD
status: published
sort: problem
lang: cy
received: 2026-03
channel: meeting
said: Mae'r wal yn wlyb o hyd.
due: 2026-03-31
"""
DECLINED = """\
ref: F-G7H5QT
status: declined
sort: problem
lang: en
received: 2026-02
topic: repairs
channel: web
reason: {en: It is about one neighbour., cy: Mae am un cymydog.}
"""
COUNTED = """\
ref: F-6NZ2HQ
status: counted
sort: problem
lang: en
received: 2026-02
topic: repairs
channel: phone
people: 2
in_time: true
"""
STONE = "ref: F-V5M8QZ\nwithdrawn: 2026-03\nreceived: 2026-01\n"
MERGED = "ref: F-X4B7RC\nwithdrawn: 2026-03\nreceived: 2026-01\ninto: F-2K7Q9T\n"
HEARD = {
    "feedback/2026/f-2k7q9t.yaml": RECORD,
    "feedback/2026/f-4hx8rd.yaml": WELSH,
    "feedback/2026/f-g7h5qt.yaml": DECLINED,
    "feedback/2026/f-6nz2hq.yaml": COUNTED,
    "feedback/2026/f-v5m8qz.yaml": STONE,
    "feedback/2026/f-x4b7rc.yaml": MERGED,
}
ITEM, CHANGE = "roadmap/dry-walls.en.md", "changes/2026-03-20-autumn-gutters.en.md"


def loop_site(files: Mapping[str, str] | None = None) -> dict[str, str]:
    """A file of each kind, with records behind the item and the change."""
    site = {
        **EVERY_KIND,
        **HEARD,
        ITEM: EVERY_KIND[ITEM].replace(
            "rung: consulted", "rung: consulted\nheard: [F-4HX8RD, F-6NZ2HQ, F-X4B7RC, F-V5M8QZ]"
        ),
        CHANGE: EVERY_KIND[CHANGE].replace("owner:", "because: [F-2K7Q9T]\nowner:"),
    }
    return {**site, **(files or {})}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small site as it stands above, built once."""
    from commands.build import BuildOptions, build

    tiny = write_site(tmp_path_factory.mktemp("story") / "association", loop_site())
    options = BuildOptions(
        root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output, strict=True, now=NOW
    )
    result = build(options)
    assert result.ok, (result.crash, *map(str, result.faults))
    return tiny.output


@pytest.fixture
def tree(tiny_site: MakeSite, built: Callable[..., BuildResult]) -> Callable[..., Path]:
    """Build a small site that must be faultless: `tree()`, `tree({"roadmap/…": "…"})`."""

    def make(files: Mapping[str, str] | None = None, **options: object) -> Path:
        tiny = tiny_site(loop_site(files))
        result = built(tiny, now=NOW, strict=True, **options)
        assert result.ok, (result.crash, *map(str, result.faults))
        return tiny.output

    return make


@pytest.fixture
def faults(tiny_site: MakeSite, built: Callable[..., BuildResult]) -> Callable[..., list[str]]:
    """Build a small site that has something wrong; returns the sentences."""

    def make(files: Mapping[str, str]) -> list[str]:
        result = built(tiny_site(loop_site(files)), now=NOW)
        assert not result.crash
        return [str(fault) for fault in result.faults if fault.level == Level.FAULT]

    return make


def html(tree: Path, path: str) -> str:
    return (tree / path / "index.html").read_text(encoding="utf-8")


def words(tree: Path, path: str) -> str:
    """What a reader reads on a page, without its chrome."""
    main = re.search(r"<main.*?</main>", html(tree, path), re.DOTALL)
    assert main
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main[0])).split())


# --- a record's page


def test_a_record_stands_with_its_answer_and_what_it_led_to(story: Path) -> None:
    said = words(story, "en/heard/f-2k7q9t")
    assert "3 people said this" in said
    assert "Taken out a name" in said
    assert "We will look at the gutter." in said
    assert "Gutters are cleared each autumn" in said
    assert "Dry walls" in said  # by way of the record that became a part of it


def test_words_are_plain_text_whatever_they_hold(story: Path) -> None:
    page = html(story, "en/heard/f-2k7q9t")
    assert "<p>The wall is &lt;b&gt;wet&lt;/b&gt; &amp; cold.</p>" in page
    assert "<p>*Every* night.</p>" in page


def test_an_answer_is_read_in_the_readers_language_and_the_words_in_their_own(
    story: Path,
) -> None:
    page = html(story, "cy/clywed/f-2k7q9t")
    assert '<blockquote class="spoken" lang="en">' in page
    assert "Byddwn ni&#39;n edrych ar y cwter." in page
    assert '<blockquote class="spoken">' in html(story, "cy/clywed/f-4hx8rd")


def test_an_answer_that_is_missing_in_a_language_says_so_there(tree: Callable[..., Path]) -> None:
    only = RECORD.replace("{en: We will look at the gutter., cy: Byddwn", "{cy: Byddwn")
    out = tree({"feedback/2026/f-2k7q9t.yaml": only})
    assert "not in your language yet" in words(out, "en/heard/f-2k7q9t")
    assert '<span lang="cy">Byddwn' in html(out, "en/heard/f-2k7q9t")
    assert "eich iaith chi" not in words(out, "cy/clywed/f-2k7q9t")


def test_a_late_answer_is_told_on_the_day_after_it_was_due(story: Path) -> None:
    assert "We promised an answer by 31 March 2026" in words(story, "en/heard/f-4hx8rd")
    assert "Our answer is late" in words(story, "en/heard")


def test_an_answer_is_not_late_on_its_day(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site(loop_site())
    assert built(tiny, now=datetime(2026, 3, 31, 22, tzinfo=UTC)).ok
    assert "The answer is due by 31 March 2026." in words(tiny.output, "en/heard/f-4hx8rd")


def test_what_was_declined_shows_its_reason_and_no_words(story: Path) -> None:
    assert "It is about one neighbour." in words(story, "en/heard/f-g7h5qt")


def test_what_was_only_counted_has_no_page(story: Path) -> None:
    assert not (story / "en/heard/f-6nz2hq").exists()
    assert "F-6NZ2HQ" not in words(story, "en/heard")


def test_what_was_taken_back_leaves_a_note_and_what_was_merged_a_way(
    story: Path,
) -> None:
    assert "taken back in March 2026" in words(story, "en/heard/f-v5m8qz")
    assert 'href="/en/heard/f-2k7q9t/"' in html(story, "en/heard/f-x4b7rc")
    assert 'content="noindex"' in html(story, "en/heard/f-v5m8qz")


def test_records_are_listed_with_their_topics(story: Path) -> None:
    assert "Mae'r wal yn wlyb o hyd." in words(story, "en/heard")
    about = words(story, "en/heard/topic/repairs")
    assert "The wall is <b>wet</b>" in about
    assert "Mae'r wal" not in about
    assert (story / "cy/clywed/pwnc/atgyweiriadau/index.html").is_file()


@pytest.mark.parametrize(
    ("path", "old", "new", "sentence"),
    [
        (ITEM, "F-4HX8RD", "F-4HX8RT", "Did you mean F-4HX8RD?"),
        (CHANGE, "F-2K7Q9T", "F-ZZZZZZ", "There is no record F-ZZZZZZ."),
        (
            "feedback/2026/f-2k7q9t.yaml",
            "people: 3",
            "target: {kind: post, key: no-such-post}",
            "It names a post “no-such-post”",
        ),
        ("feedback/2026/f-x4b7rc.yaml", "F-2K7Q9T", "F-ZZZZZZ", "It names a record “F-ZZZZZZ”"),
    ],
)
def test_a_name_that_leads_nowhere_is_a_fault(
    faults: Callable[..., list[str]], path: str, old: str, new: str, sentence: str
) -> None:
    there = loop_site()[path]
    assert old in there
    (told,) = [one for one in faults({path: there.replace(old, new)}) if sentence in one]
    assert told.startswith(f"content/{path}:")


def test_two_files_of_one_record_are_a_fault(faults: Callable[..., list[str]]) -> None:
    told = "\n".join(faults({"feedback/2026/f-bbbbbb.yaml": RECORD}))
    assert "[ref] F-2K7Q9T stands in feedback/2026/f-2k7q9t.yaml too." in told


def test_a_record_in_a_file_of_another_name_is_a_fault(faults: Callable[..., list[str]]) -> None:
    alone = {"feedback/2026/f-2k7q9t.yaml": RECORD.replace("F-2K7Q9T", "F-BBBBBB")}
    assert "Name it f-bbbbbb.yaml." in "\n".join(faults(alone))


def test_a_site_where_nobody_said_anything_yet_is_fine(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny: TinySite = tiny_site(EVERY_KIND)
    assert built(tiny, now=NOW, strict=True).ok
    assert not (tiny.output / "en/heard").exists()
