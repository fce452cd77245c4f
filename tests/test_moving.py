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
        one.text or "" for one in feed.iterfind(path.replace("/", f"/{ATOM}").replace("~", ATOM))
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
    assert [one.get(LANG) for one in welsh.iterfind(f"{ATOM}entry/{ATOM}title")] == ["en", "en"]
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
    said = words(later, "en/what-moved")
    assert said.index("It fell down.") < said.index("The ladder came.")


def test_the_page_and_the_item_point_to_their_feeds(tree: Path) -> None:
    for page, feed in (
        ("en/what-moved", "/en/what-moved/feed.xml"),
        ("en/roadmap/dry-walls", "/en/roadmap/dry-walls/feed.xml"),
        ("cy/map-ffordd", "/cy/beth-symudodd/feed.xml"),
    ):
        html = (tree / page / "index.html").read_text(encoding="utf-8")
        assert f'type="application/atom+xml" href="{feed}"' in html
        assert (tree / feed.lstrip("/")).is_file()
