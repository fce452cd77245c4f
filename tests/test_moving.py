"""What moved: a page and feeds whose entries nobody sees twice."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from tests.copies import ROOT
from tests.test_loop import ITEM, loop_site, words
from tests.tiny import write_site

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.long

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ALL_MOVES = "en/what-moved/feed.xml"


def output(folder: Path, files: Mapping[str, str] | None = None, **options: str) -> Path:
    from commands.build import BuildOptions, build

    tiny = write_site(folder / "association", loop_site(files))
    result = build(
        BuildOptions(
            root=ROOT,
            content=tiny.content,
            site=tiny.site,
            output=tiny.output,
            now=NOW,
            url=options.get("url"),
        )
    )
    assert result.ok, result.crash
    return tiny.output


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return output(tmp_path_factory.mktemp("moving"))


def feed_of(tree: Path, path: str) -> ET.Element:
    return ET.fromstring((tree / path).read_bytes())  # noqa: S314 - our own feed


def texts(feed: ET.Element, path: str) -> list[str]:
    return [
        element.text or ""
        for element in feed.iterfind(path.replace("/", f"/{ATOM}").replace("~", ATOM))
    ]


def ids(feed: ET.Element) -> list[str]:
    return texts(feed, "~entry/id")


@pytest.mark.parametrize(
    "path", [ALL_MOVES, "cy/beth-symudodd/feed.xml", "en/roadmap/dry-walls/feed.xml"]
)
def test_a_feed_has_all_that_atom_asks_for(tree: Path, path: str) -> None:
    feed = feed_of(tree, path)
    for owner in (feed, *feed.iterfind(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(owner.findall(ATOM + name)) == 1, name
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    links = {link.get("rel"): link.get("href") for link in feed.iterfind(f"{ATOM}link")}
    assert links["self"] == f"https://tiny.example.org/{path}"
    moments = texts(feed, "~entry/updated")
    assert moments == sorted(moments, reverse=True)
    assert texts(feed, "~updated") == moments[:1]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT12:00:00Z", moment) for moment in moments)


def test_every_move_is_told_with_its_reason_in_the_readers_language(tree: Path) -> None:
    english, welsh = feed_of(tree, ALL_MOVES), feed_of(tree, "cy/beth-symudodd/feed.xml")
    assert texts(english, "~entry/title") == ["Dry walls: Now", "Dry walls: Considering"]
    assert texts(english, "~entry/summary")[0] == "The ladder came."
    assert texts(welsh, "~entry/summary")[0] == "Daeth yr ysgol."
    assert [element.get(LANG) for element in welsh.iterfind(f"{ATOM}entry/{ATOM}title")] == [
        "en",
        "en",
    ]
    assert set(ids(english)).isdisjoint(ids(welsh))


def test_a_new_title_slug_reason_or_domain_is_no_new_entry(tree: Path, tmp_path: Path) -> None:
    text = loop_site()[ITEM].replace("title: Dry walls", "title: No wet walls\nslug: walls")
    text = text.replace("The ladder came.", "The ladder came at last.")
    later = output(tmp_path, {ITEM: text}, url="https://other.example.org/sub/")
    assert ids(feed_of(later, ALL_MOVES)) == ids(feed_of(tree, ALL_MOVES))
    moved = feed_of(later, "en/roadmap/walls/feed.xml")
    before = feed_of(tree, "en/roadmap/dry-walls/feed.xml")
    assert texts(moved, "~id") == texts(before, "~id")


def test_a_new_move_is_one_new_entry(tree: Path, tmp_path: Path) -> None:
    new = "  - {on: 2026-03-01, to: paused, why: {en: Rain., cy: Glaw.}}\n---\nWalls"
    later = output(tmp_path, {ITEM: loop_site()[ITEM].replace("---\nWalls", new)})
    first, *others = ids(feed_of(later, ALL_MOVES))
    assert others == ids(feed_of(tree, ALL_MOVES))
    assert first not in others


def test_what_was_taken_off_the_roadmap_has_moved_too(tmp_path: Path) -> None:
    gone = "withdrawn: {on: 2026-03-01, why: {en: It fell down., cy: Cwympodd.}}\ntopics:"
    later = output(tmp_path, {ITEM: loop_site()[ITEM].replace("topics:", gone)})
    assert texts(feed_of(later, ALL_MOVES), "~entry/title")[0] == "Dry walls: Taken off the roadmap"
    page_text = words(later, "en/what-moved")
    assert page_text.index("It fell down.") < page_text.index("The ladder came.")


DONE = "  - {on: 2026-02-20, to: done, why: {en: It is dry., cy: Mae'n sych.}}\n---\nWalls"
LATER = "  - {on: 2026-03-20, to: now, why: {en: Once more., cy: Unwaith eto.}}\n---\nWalls"
AGAINST = "confirmations:\n- {change: autumn-gutters, 'yes': 1, partly: 2, 'no': 4}\n"
TURN = "turns:\n- {item: dry-walls, to: reopened, on: 2026-03-05}\n"
SETTLED = TURN + "- {item: dry-walls, to: settled, on: 2026-03-25}\n"


def turned(folder: Path, turns: str, *, then: str = "", on: str = "2026-02-20") -> Path:
    """Build the site with its item done, and what tenants' answers did."""
    text = loop_site()[ITEM].replace("---\nWalls", DONE.replace("2026-02-20", on))
    files = {
        ITEM: text.replace("---\nWalls", then) if then else text,
        "feedback/confirmations.yaml": AGAINST,
        "feedback/turns.yaml": turns,
    }
    return output(folder, files)


def told(tree: Path) -> list[tuple[str, str]]:
    """The feed's newest entries first: what each says, and its day."""
    feed = feed_of(tree, ALL_MOVES)
    titles = [title.removeprefix("Dry walls: ") for title in texts(feed, "~entry/title")]
    days = [moment[:10] for moment in texts(feed, "~entry/published")]
    return list(zip(titles, days, strict=True))


class TestWhatTenantsReopen:
    def test_it_is_an_entry_with_its_day_wherever_moves_are_told(self, tmp_path: Path) -> None:
        later = turned(tmp_path, TURN)
        assert told(later)[:2] == [("Open again", "2026-03-05"), ("Done", "2026-02-20")]
        welsh = feed_of(later, "cy/beth-symudodd/feed.xml")
        assert texts(welsh, "~entry/title")[0] == "Dry walls: Ar agor eto"
        assert "nad yw wedi'i drwsio" in texts(welsh, "~entry/summary")[0]
        reason = "More of you say that it is not fixed than that it is"
        for page in ("en/what-moved", "en/roadmap/dry-walls"):
            page_text = words(later, page)
            assert (
                page_text.index("5 March 2026")
                < page_text.index(reason)
                < page_text.index("It is dry.")
            )
        assert "We said these were done" not in words(later, "en/what-moved")
        assert "Open again since 5 March 2026" in words(later, "en/roadmap")

    def test_what_is_published_keeps_the_day(self, tmp_path: Path) -> None:
        text = (turned(tmp_path, TURN) / "data/published.txt").read_text(encoding="utf-8")
        assert "turn dry-walls 01 2026-03-05 reopened\n" in text

    def test_it_stays_when_it_moves_on(self, tmp_path: Path) -> None:
        later = turned(tmp_path, TURN, then=LATER)
        assert told(later)[:3] == [
            ("Now", "2026-03-20"),
            ("Open again", "2026-03-05"),
            ("Done", "2026-02-20"),
        ]

    def test_what_is_settled_is_done_again_in_as_many_words(self, tmp_path: Path) -> None:
        later = turned(tmp_path, SETTLED)
        assert told(later)[:2] == [("Done", "2026-03-25"), ("Open again", "2026-03-05")]
        assert len(set(ids(feed_of(later, ALL_MOVES)))) == 5

    def test_what_is_called_done_against_their_answers_opens_on_that_day(
        self, tmp_path: Path
    ) -> None:
        later = turned(tmp_path, TURN, on="2026-03-10")
        assert told(later)[:2] == [("Open again", "2026-03-10"), ("Done", "2026-03-10")]

    def test_answers_about_what_is_not_called_done_move_nothing(
        self, tree: Path, tmp_path: Path
    ) -> None:
        later = output(tmp_path, {"feedback/turns.yaml": TURN})
        assert told(later) == told(tree)

    def test_no_other_entry_is_new_because_of_it(self, tmp_path: Path) -> None:
        without, later = turned(tmp_path / "a", "turns: []\n"), turned(tmp_path / "b", TURN)
        assert ids(feed_of(later, ALL_MOVES))[1:] == ids(feed_of(without, ALL_MOVES))

    def test_a_file_from_before_has_no_day_and_the_page_says_so_all_the_same(
        self, tmp_path: Path
    ) -> None:
        later = turned(tmp_path, "turns: []\n")
        assert told(later)[0] == ("Done", "2026-02-20")
        assert "We said these were done" in words(later, "en/what-moved")


def test_the_page_and_the_item_point_to_their_feeds(tree: Path) -> None:
    for page, feed in (
        ("en/what-moved", "/en/what-moved/feed.xml"),
        ("en/roadmap/dry-walls", "/en/roadmap/dry-walls/feed.xml"),
        ("cy/map-ffordd", "/cy/beth-symudodd/feed.xml"),
    ):
        html = (tree / page / "index.html").read_text(encoding="utf-8")
        assert f'type="application/atom+xml" href="{feed}"' in html
        assert (tree / feed.lstrip("/")).is_file()
