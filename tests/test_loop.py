"""The loop: what was said stands with its answer and with all that came of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.faults import Level
from core.public.tallies import ENOUGH, Confirmations
from core.public.vocabulary import Claim
from plugins.kinds.models import Rung
from plugins.loop.evidence import RungEvidence, judge
from tests.copies import ROOT
from tests.tiny import EVERY_KIND, write_site

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from commands.build import BuildResult
    from tests.conftest import MakeSite
    from tests.tiny import TinySite

pytestmark = pytest.mark.long

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
    page_text = words(story, "en/heard/f-2k7q9t")
    assert "3 people said this" in page_text
    assert "Taken out a name" in page_text
    assert "We will look at the gutter." in page_text
    assert "Gutters are cleared each autumn" in page_text
    assert "Dry walls" in page_text  # by way of the record that became a part of it


def test_a_record_that_was_tied_at_the_desk_stands_behind_its_item_and_change(
    tree: Callable[..., Path],
) -> None:
    tied = {
        "feedback/2026/f-4hx8rd.yaml": WELSH + "target: {kind: change, key: autumn-gutters}\n",
        "feedback/2026/f-g7h5qt.yaml": DECLINED + "target: {kind: roadmap, key: dry-walls}\n",
        ITEM: EVERY_KIND[ITEM],
    }
    built = tree(tied)
    assert "Gutters are cleared each autumn" in words(built, "en/heard/f-4hx8rd")
    assert "Dry walls" in words(built, "en/heard/f-g7h5qt")
    assert "Mae'r wal yn wlyb o hyd." in words(built, "en/roadmap/dry-walls")


def test_words_are_plain_text_whatever_they_hold(story: Path) -> None:
    page = html(story, "en/heard/f-2k7q9t")
    assert '<p dir="auto">The wall is &lt;b&gt;wet&lt;/b&gt; &amp; cold.</p>' in page
    assert '<p dir="auto">*Every* night.</p>' in page


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
    text = loop_site()[path]
    assert old in text
    (message,) = [fault for fault in faults({path: text.replace(old, new)}) if sentence in fault]
    assert message.startswith(f"content/{path}:")


def test_two_files_of_one_record_are_a_fault(faults: Callable[..., list[str]]) -> None:
    fault = "\n".join(faults({"feedback/2026/f-bbbbbb.yaml": RECORD}))
    assert "[ref] F-2K7Q9T stands in feedback/2026/f-2k7q9t.yaml too." in fault


def test_a_record_in_a_file_of_another_name_is_a_fault(faults: Callable[..., list[str]]) -> None:
    alone = {"feedback/2026/f-2k7q9t.yaml": RECORD.replace("F-2K7Q9T", "F-BBBBBB")}
    assert "Name it f-bbbbbb.yaml." in "\n".join(faults(alone))


def test_a_site_where_nobody_said_anything_yet_is_fine(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny: TinySite = tiny_site(EVERY_KIND)
    assert built(tiny, now=NOW, strict=True).ok
    assert not (tiny.output / "en/heard").exists()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("feedback/2026/f-2k7q9t.yaml", b"said: \xff\xfe", "can't be read as a file of text"),
        ("feedback/2026/f-2k7q9t.yaml", b"- a list", "is a list"),
        (
            "feedback/votes.yaml",
            b"votes:\n- {kind: roadmap, key: no-such}\n",
            "a roadmap “no-such”",
        ),
        ("feedback/confirmations.yaml", b"confirmations:\n- {change: x, no: 3}\n", "a change “x”"),
        ("feedback/answers.yaml", b"", "“answers” is missing"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_else_is_lost(
    tiny_site: MakeSite,
    built: Callable[..., BuildResult],
    name: str,
    data: bytes,
    sentence: str,
) -> None:
    tiny = tiny_site(loop_site())
    tiny.write(name, data)
    result = built(tiny, now=NOW)
    assert result.ok
    faults = [str(fault) for fault in result.faults if f"content/{name}" in str(fault)]
    assert any(sentence in entry for entry in faults), faults
    assert "Mae'r wal yn wlyb o hyd." in words(tiny.output, "en/heard")


# --- what it led to, on the roadmap and among the changes

VOTES = "votes:\n- {kind: roadmap, key: dry-walls, online: 4, offline: 9}\n"
FIXED = "confirmations:\n- {change: autumn-gutters, yes: 1, partly: 2, no: 4}\n"
DONE = """\
  - on: 2026-03-10
    to: done
    why: {en: The gutters are new., cy: Mae'r cwteri'n newydd.}
---
"""
ITEM_PAGE, CHANGE_PAGE = "en/roadmap/dry-walls", "en/changes/gutters-are-cleared-each-autumn"


@pytest.mark.parametrize(
    ("yes", "partly", "no", "claim"),
    [
        (0, 0, 0, Claim.CLAIMED),
        (0, 0, ENOUGH - 1, Claim.CLAIMED),  # too few to overrule us, or to agree
        (ENOUGH - 1, 0, 0, Claim.CLAIMED),
        (0, 0, ENOUGH, Claim.REOPENED),
        (2, 9, 3, Claim.REOPENED),
        (3, 9, 3, Claim.CLAIMED),
        (ENOUGH, 0, 0, Claim.CONFIRMED),
        (6, 3, 3, Claim.CLAIMED),  # half is not more than half
        (7, 3, 3, Claim.CONFIRMED),
    ],
)
def test_tenants_have_the_last_word_on_what_is_fixed(
    yes: int, partly: int, no: int, claim: Claim
) -> None:
    assert judge(Confirmations(change="x", yes=yes, partly=partly, no=no)) == claim


def test_who_asked_has_more_say_than_who_passes_by() -> None:
    passing = Confirmations(change="x", yes=1, no=90, waiting_no=90)
    assert judge(passing) == Claim.CLAIMED, "nobody has looked yet"
    assert judge(replace(passing, waiting_no=0)) == Claim.REOPENED
    asked = Confirmations(change="x", yes=50, no=1, asked_no=1)
    assert judge(asked) == Claim.REOPENED
    assert judge(replace(asked, asked_yes=1)) == Claim.CONFIRMED


@given(yes=st.integers(0, 99), partly=st.integers(0, 99), no=st.integers(0, 99))
def test_one_more_no_never_helps_our_claim(yes: int, partly: int, no: int) -> None:
    better = [Claim.REOPENED, Claim.CLAIMED, Claim.CONFIRMED]
    before = judge(Confirmations(change="x", yes=yes + 1, partly=partly, no=no))
    after = judge(Confirmations(change="x", yes=yes, partly=partly, no=no + 1))
    assert better.index(after) <= better.index(before)


@pytest.fixture(scope="module")
def reopened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small site, its item done, and tenants who say that it isn't."""
    from commands.build import BuildOptions, build

    files = {
        ITEM: loop_site()[ITEM].replace("---\nWalls", f"{DONE}Walls"),
        "feedback/votes.yaml": VOTES,
        "feedback/confirmations.yaml": FIXED,
    }
    tiny = write_site(tmp_path_factory.mktemp("reopened") / "association", loop_site(files))
    options = BuildOptions(
        root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output, strict=True, now=NOW
    )
    result = build(options)
    assert result.ok, (result.crash, *map(str, result.faults))
    return tiny.output


def test_what_tenants_say_is_not_fixed_is_open_again_wherever_it_is_shown(reopened: Path) -> None:
    for page in ("en", ITEM_PAGE, "en/roadmap", "en/topics/repairs", "en/what-moved"):
        assert "Open again" in words(reopened, page), page
    assert "Ar agor eto" in words(reopened, "cy/map-ffordd")


def test_the_rule_stands_in_words_beside_its_outcome(reopened: Path) -> None:
    page_text = words(reopened, ITEM_PAGE)
    assert "Yes 1 Partly 2 No 4" in page_text
    assert 'action="/feedback/en/fixed"' in html(reopened, ITEM_PAGE)
    assert f"Others open it too, once {ENOUGH} have answered and we have looked" in page_text


def test_our_claim_and_theirs_stand_side_by_side_on_a_change(reopened: Path) -> None:
    assert "Open again: tenants say it is not fixed" in words(reopened, CHANGE_PAGE)
    assert "Open again: tenants say it is not fixed" in words(reopened, "en/changes")


def test_a_change_is_told_from_what_was_said_to_what_it_changed(story: Path) -> None:
    page_text = words(story, CHANGE_PAGE)
    steps = ["The wall is", "We will look at the gutter.", "It got better.", "Is it fixed?"]
    assert [page_text.index(step) for step in steps] == sorted(
        page_text.index(step) for step in steps
    )


def test_an_item_shows_every_record_behind_it_its_changes_included(story: Path) -> None:
    page_text = words(story, ITEM_PAGE)
    assert "Mae'r wal yn wlyb o hyd." in page_text  # its own
    assert "The wall is <b>wet</b>" in page_text  # by way of its change and of a merged record
    assert page_text.count("The wall is <b>wet</b>") == 1
    assert "2 more people said this" in page_text  # only counted
    assert "1 record was taken back since." in page_text


def test_a_record_that_became_a_part_of_another_leads_to_that_one(
    tree: Callable[..., Path],
) -> None:
    out = tree({CHANGE: loop_site()[CHANGE].replace("F-2K7Q9T", "F-X4B7RC")})
    assert "The wall is <b>wet</b>" in words(out, CHANGE_PAGE)
    assert "Gutters are cleared each autumn" in words(out, "en/heard/f-2k7q9t")


def test_votes_here_and_elsewhere_are_counted_apart(reopened: Path) -> None:
    assert "4 votes here, 9 elsewhere" in words(reopened, ITEM_PAGE)


def test_the_rung_stands_beside_what_the_record_shows(story: Path) -> None:
    page_text = words(story, ITEM_PAGE)
    assert "the words of 6 people, 0 votes, 1 meetup, 0 tests." in page_text
    assert "less than this claims" not in page_text


@pytest.mark.parametrize(
    ("rung", "say", "supported"),
    [
        (Rung.INFORMED, RungEvidence(0, 0, 0, 0), True),
        (
            Rung.CONSULTED,
            RungEvidence(0, 50, 0, 0),
            False,
        ),  # votes show interest, not that anyone asked
        (Rung.CONSULTED, RungEvidence(1, 0, 0, 0), True),
        (Rung.CONSULTED, RungEvidence(0, 0, 1, 0), True),
        (Rung.INVOLVED, RungEvidence(9, 0, 0, 0), False),
        (Rung.INVOLVED, RungEvidence(9, 0, 0, 1), True),
        (Rung.WORKING_TOGETHER, RungEvidence(9, 0, 0, 3), False),
        (Rung.WORKING_TOGETHER, RungEvidence(9, 0, 1, 0), True),
        (Rung.DECIDING, RungEvidence(0, 99, 9, 9), False),
    ],
)
def test_a_rung_cannot_claim_more_than_can_be_shown(
    rung: Rung, say: RungEvidence, *, supported: bool
) -> None:
    assert say.supports(rung) is supported


def test_a_review_that_was_missed_is_told_the_day_after(tree: Callable[..., Path]) -> None:
    reviewed = "rung: consulted\nreview_every: 30 days\nreviewed: 2026-03-01"
    out = tree({ITEM: loop_site()[ITEM].replace("rung: consulted", reviewed)})
    assert "31 March 2026 Overdue" in words(out, ITEM_PAGE)
    assert "Dry walls since 31 March 2026" in words(out, "en/how-we-are-doing")


def test_an_item_is_told_who_speaks_of_it_in_their_text(tree: Callable[..., Path]) -> None:
    name = "posts/2026-03-04-clear-gutters.en.md"
    text = EVERY_KIND[name] + "\nSee [the walls](../roadmap/dry-walls.en.md).\n"
    out = tree({name: text, "pages/about.en.md": EVERY_KIND["pages/about.en.md"]})
    assert "Also spoken of in Blog post The gutters are clear" in words(out, ITEM_PAGE)


# --- the roadmap, looked at in other ways


def test_the_roadmap_is_chosen_by_topic_rung_and_team_without_a_script(story: Path) -> None:
    for page in ("topic/repairs", "rung/consulted", "team/repairs", "view/votes", "view/table"):
        assert "Dry walls" in words(story, f"en/roadmap/{page}"), page
    for page in ("pwnc/atgyweiriadau", "gris/consulted", "tim/repairs", "golwg/tabl"):
        assert (story / "cy/map-ffordd" / page / "index.html").is_file(), page


def test_votes_sort_the_roadmap(tree: Callable[..., Path]) -> None:
    other = loop_site()[ITEM].replace("title: Dry walls", "title: Another wall")
    votes = VOTES + "- {kind: roadmap, key: a-wall, online: 14, offline: 0}\n"
    page_text = words(
        tree({"roadmap/a-wall.en.md": other, "feedback/votes.yaml": votes}), "en/roadmap/view/votes"
    )
    assert page_text.index("Another wall") < page_text.index("Dry walls")


# --- replies and comments


def test_a_reply_stands_under_its_post_and_a_comment_under_its_point(
    tree: Callable[..., Path],
) -> None:
    reply = RECORD.replace("F-2K7Q9T", "F-BBBBBB").replace("sort: problem", "sort: reply")
    comment = reply.replace("F-BBBBBB", "F-CCCCCC").replace("sort: reply", "sort: comment")
    point = EVERY_KIND["standard/ask-once.en.md"].replace(
        "status: draft",
        "status: draft\nhistory:\n"
        "  - {version: '0.0.1', on: 2025-12-01, what: {en: First., cy: Cyntaf.}}\n"
        "  - {version: '0.1', on: 2026-02-01, what: {en: Second., cy: Ail.}}",
    )
    out = tree(
        {
            "feedback/2026/f-bbbbbb.yaml": f"{reply}target: {{kind: post, key: clear-gutters}}\n",
            "feedback/2026/f-cccccc.yaml": f"{comment}target: {{kind: standard, key: ask-once}}\n",
            "standard/ask-once.en.md": point,
        }
    )
    assert "1 reply" in words(out, "en/blog/the-gutters-are-clear")
    assert 'id="f-bbbbbb"' in html(out, "en/blog/the-gutters-are-clear")
    page_text = words(out, "en/standard/ask-once")
    assert "1 comment" in page_text
    assert "Second. 1 February 2026 after what was said: F-CCCCCC" in page_text
    assert "About The gutters are clear" in words(out, "en/heard/f-bbbbbb")


def test_a_post_that_takes_no_replies_has_no_form(tree: Callable[..., Path]) -> None:
    name = "posts/2026-03-04-clear-gutters.en.md"
    silent = EVERY_KIND[name].replace("authors:", "replies: false\nauthors:")
    assert "<form" not in html(tree({name: silent}), "en/blog/the-gutters-are-clear")


# --- ways to say something


def test_what_must_not_wait_comes_before_the_form(story: Path) -> None:
    first = html(story, "en/say-something")
    assert "<form" not in first
    assert 'href="/en/say-something/now/"' in first
    assert 'href="tel:999"' in html(story, "en/say-something/now")
    assert 'href="/cy/dweud-eich-dweud/nawr/"' in html(story, "cy/dweud-eich-dweud")


@pytest.mark.parametrize(
    ("page", "action", "fields"),
    [
        ("en/say-something/write", "/feedback/en/say", {"danger", "sort", "said", "may_publish"}),
        ("cy/dweud-eich-dweud/ysgrifennu", "/feedback/cy/say", {"danger", "sort", "said"}),
        (ITEM_PAGE, "/feedback/en/vote", {"kind", "key"}),
        (ITEM_PAGE, "/feedback/en/say", {"about_kind", "about_key"}),
        (CHANGE_PAGE, "/feedback/en/fixed", {"change", "fixed"}),
        ("en/blog/the-gutters-are-clear", "/feedback/en/say", {"sort", "about_kind"}),
        ("en/standard/ask-once", "/feedback/en/say", {"sort", "about_key"}),
    ],
)
def test_forms_send_what_the_service_expects(
    story: Path, page: str, action: str, fields: set[str]
) -> None:
    form = re.search(rf'<form[^>]* action="{action}".*?</form>', html(story, page), re.DOTALL)
    assert form
    assert fields <= set(re.findall(r' name="(\w+)"', form[0]))


def test_forms_of_a_site_in_a_folder_reach_the_service_in_it(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site(loop_site())
    assert built(tiny, now=NOW, url="https://tiny.example.org/sub/").ok
    assert 'action="/sub/feedback/en/vote"' in html(tiny.output, ITEM_PAGE)


def test_the_service_is_told_what_the_site_looks_like(story: Path) -> None:
    chrome = json.loads((story / "_chrome.json").read_text(encoding="utf-8"))
    assert (story / chrome["assets"]["style.css"].lstrip("/")).is_file()
    assert chrome["say"] == {"cy": "/cy/dweud-eich-dweud/", "en": "/en/say-something/"}
    assert chrome["targets"]["roadmap"]["dry-walls"]["en"] == {
        "title": "Dry walls",
        "url": "/en/roadmap/dry-walls/",
    }
    assert {link["key"] for link in chrome["menus"]["cy"]} >= {"roadmap", "say"}
    assert "F-6NZ2HQ" not in chrome["targets"]["record"]
    for lang in ("cy", "en"):
        for entry in (*chrome["menus"][lang], *chrome["footers"][lang]):
            assert (story / entry["url"].lstrip("/") / "index.html").is_file()
