"""Feeds of a site, read back field by field by readers that we did not write."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import feedparser  # type: ignore[import-untyped]
import pytest
from lxml import etree, html  # type: ignore[import-untyped]

from plugins.kinds.identity import identity_in
from plugins.kinds.models import Post
from tests.copies import ROOT
from tests.feed_readers import ATOM, Subscriber, valid
from tests.node_programs import run_node
from tests.test_identity import text
from tests.tiny import EVERY_KIND, SITE, write_site

if TYPE_CHECKING:
    from pathlib import Path

    from commands.build import BuildResult

pytestmark = pytest.mark.long

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
URL = "https://tiny.example.org/"
POST = "posts/2026-03-04-clear-gutters.en.md"
BODY = """\
We cleared every gutter. See [about us](../pages/about.en.md), [below](#what-we-found),
[the talk](../podcast/2026-03-11-tennis-ball.en.md) and [the council](https://council.example.org/).

<audio controls src="../audio/rain.mp3"></audio>

## What we found

Leaves, and `<a href="nowhere">` in code.
"""
LONE = """\
---
title: مرحبا بالجيران
summary: ""
tags: [中文, "C++ & <b>", "déjà vu"]
topics: [repairs]
---
Shorter than short.
"""


def build(folder: Path, files: dict[str, str], settings: str = SITE, **options: Any) -> Path:
    outcome = result(folder, files, settings, **options)
    assert outcome.ok, outcome.crash
    return folder / "output"


def result(
    folder: Path, files: dict[str, str], settings: str = SITE, **options: Any
) -> BuildResult:
    from commands.build import BuildOptions, build

    tiny = write_site(folder, files, settings)
    plain = {"now": NOW, **options}
    return build(
        BuildOptions(root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output, **plain)
    )


FILES: dict[str, str] = {
    **EVERY_KIND,
    POST: EVERY_KIND[POST].partition("---\nWe")[0] + f"---\n{BODY}",
    "posts/2026-02-01-lone.en.md": LONE,
    "audio/rain.mp3": "sound",
    "roadmap/walls-again.en.md": EVERY_KIND["roadmap/dry-walls.en.md"].replace(
        "title: Dry walls", "title: Walls again\naliases: [/en/roadmap/old-walls/, /x/]"
    ),
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("feeds") / "association", FILES)


def texts(tree: Path, ending: str = "feed.xml") -> dict[str, str]:
    """Every feed of a tree by its path."""
    return {
        path.relative_to(tree).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(tree.rglob(ending))
    }


# --- what there is ------------------------------------------------------------------------------


def test_there_is_a_feed_for_each_kind_topic_tag_and_item_in_each_language(tree: Path) -> None:
    feeds = set(texts(tree))
    for path in (
        "en/feed.xml",
        "en/blog/feed.xml",
        "en/changes/feed.xml",
        "en/meetups/feed.xml",
        "en/podcast/feed.xml",
        "en/experiments/feed.xml",
        "en/personas/feed.xml",
        "en/what-moved/feed.xml",
        "en/roadmap/dry-walls/feed.xml",
        "en/topics/repairs/feed.xml",
        "en/tags/gutters/feed.xml",
        "cy/feed.xml",
        "cy/blog/feed.xml",
        "cy/newidiadau/feed.xml",
        "cy/beth-symudodd/feed.xml",
        "cy/pynciau/atgyweiriadau/feed.xml",
        "cy/tagiau/cwteri/feed.xml",
    ):
        assert path in feeds, path
    assert set(texts(tree, "feed.json")) == {"en/blog/feed.json", "cy/blog/feed.json"}


def test_every_feed_is_atom_and_names_itself(tree: Path) -> None:
    for path, document in texts(tree).items():
        valid(document)
        if "old-walls" not in path:
            assert f'<link rel="self" type="application/atom+xml" href="{URL}{path}"/>' in document


def ids(document: str) -> list[str]:
    """The ids of a feed's entries, the newest first."""
    return [entry.id for entry in feedparser.parse(document).entries]


def test_a_thing_has_one_id_in_every_feed_and_another_in_the_other_language(tree: Path) -> None:
    ids_of = {path: set(ids(document)) for path, document in texts(tree).items()}
    assert _post_id("en") in ids_of["en/blog/feed.xml"] & ids_of["en/tags/gutters/feed.xml"]
    for lang in ("en", "cy"):
        assert ids_of[f"{lang}/blog/feed.xml"] < ids_of[f"{lang}/feed.xml"]
    assert ids_of["en/feed.xml"].isdisjoint(ids_of["cy/feed.xml"])


def test_an_item_whose_slug_changed_still_answers_where_it_stood(tree: Path) -> None:
    old = (tree / "en/roadmap/old-walls/feed.xml").read_bytes()
    assert old == (tree / "en/roadmap/walls-again/feed.xml").read_bytes()
    assert not (tree / "x/feed.xml").exists()


def test_pages_offer_the_feeds_of_what_they_show(tree: Path) -> None:
    for page, feeds in {
        "": ["/cy/feed.xml", "/en/feed.xml"],
        "en/": ["/en/feed.xml"],
        "en/about-us/": ["/en/feed.xml"],
        "en/blog/": ["/en/blog/feed.xml", "/en/blog/feed.json"],
        "en/blog/2026/": ["/en/blog/feed.xml", "/en/blog/feed.json"],
        "cy/blog/maer-cwterin-glir/": ["/cy/blog/feed.xml", "/cy/blog/feed.json"],
        "en/roadmap/": ["/en/what-moved/feed.xml"],
        "en/roadmap/dry-walls/": ["/en/roadmap/dry-walls/feed.xml", "/en/what-moved/feed.xml"],
        "en/tags/gutters/": ["/en/tags/gutters/feed.xml", "/en/feed.xml"],
        "en/what-moved/": ["/en/what-moved/feed.xml"],
    }.items():
        root = html.document_fromstring((tree / page / "index.html").read_bytes())
        links = root.xpath("//link[@rel='alternate'][contains(@type, '+')]")
        assert [link.get("href") for link in links] == feeds, page
        assert all((tree / link.get("href").lstrip("/")).is_file() for link in links)
    assert "feed.xml" not in (tree / "404.html").read_text(encoding="utf-8")


# --- what they say, read back ------------------------------------------------------------------


def entry_of(feed: Any, title: str) -> Any:
    (match,) = [entry for entry in feed.entries if entry.title == title]
    return match


def test_feedparser_reads_each_field_of_a_post(tree: Path) -> None:
    feed = feedparser.parse((tree / "en/blog/feed.xml").read_bytes())
    assert not feed.bozo
    assert feed.feed.title == "Blog – Tiny Homes"
    assert feed.feed.language == "en"
    assert feed.feed.author == "Tiny Homes"
    assert feed.feed.link == f"{URL}en/blog/"
    post = entry_of(feed, "The gutters are clear")
    assert post.link == f"{URL}en/blog/the-gutters-are-clear/"
    assert post.published == post.updated == "2026-03-04T12:00:00Z"
    assert post.summary == "All three houses have dry walls again."
    assert post.author_detail == {"name": "Nia Rowe", "href": f"{URL}en/people/nia/"}
    assert [(tag.term, tag.label) for tag in post.tags] == [
        ("repairs", "Repairs"),
        ("gutters", None),
    ]
    assert "We cleared every gutter." in post.content[0].value


def test_feedsmith_reader_and_feedparser_find_the_same_entries(tree: Path, tmp_path: Path) -> None:
    documents_of = texts(tree)
    seen = run_node("feedsmith.mjs", documents_of)
    subscriber = Subscriber(tmp_path, documents_of)
    subscriber.fetch(tree)
    for path, document in documents_of.items():
        by_feedsmith = seen[path]["feed"].get("entries", [])
        assert seen[path]["format"] == "atom"
        by_feedparser = feedparser.parse(document).entries
        by_reader = list(subscriber.reader.get_entries(feed=path))
        entries = [(entry.id, entry.title, entry.link) for entry in by_feedparser]
        assert entries, path
        assert [
            (entry["id"], entry["title"]["value"], entry["links"][0]["href"])
            for entry in by_feedsmith
        ] == entries
        assert {(entry.id, entry.title, entry.link) for entry in by_reader} == set(entries)


def test_the_json_feed_says_what_the_atom_feed_says(tree: Path) -> None:
    text = (tree / "en/blog/feed.json").read_text(encoding="utf-8")
    read = run_node("feedsmith.mjs", {"blog": text})["blog"]
    assert read["format"] == "json"
    feed, beside = read["feed"], feedparser.parse((tree / "en/blog/feed.xml").read_bytes())
    assert json.loads(text)["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["title"], feed["language"]) == ("Blog – Tiny Homes", "en")
    assert feed["home_page_url"] == f"{URL}en/blog/"
    assert feed["feed_url"] == f"{URL}en/blog/feed.json"
    for item, entry in zip(feed["items"], beside.entries, strict=True):
        assert (item["id"], item["url"], item["title"]) == (entry.id, entry.link, entry.title)
        assert item["date_modified"] == entry.updated
        assert item["tags"] == [tag.label or tag.term for tag in entry.tags]
        assert item["content_html"].split() == entry_html(tree, entry.id).split()


def entry_html(tree: Path, identity: str) -> str:
    root = etree.parse(tree / "en/blog/feed.xml")
    (entry,) = root.xpath("//*[local-name()='entry'][*[local-name()='id'][.=$id]]", id=identity)
    return str(entry.findtext(f"{ATOM}content"))


def test_no_address_in_a_text_is_relative(tree: Path) -> None:
    for path, document in texts(tree).items():
        for content in etree.fromstring(document.encode()).iterfind(f".//{ATOM}content"):
            for value in html.fromstring(f"<div>{content.text}</div>").xpath("//@href | //@src"):
                assert re.match(r"https://|mailto:|tel:", value), (path, value)


def test_links_and_sounds_and_anchors_lead_back_to_the_site(tree: Path) -> None:
    html = entry_html(tree, _post_id("en"))
    page = f"{URL}en/blog/the-gutters-are-clear/"
    assert f'<a href="{URL}en/about-us/">about us</a>' in html
    assert f'<a href="{page}#what-we-found">below</a>' in html
    assert f'src="{URL}files/audio/rain.mp3"' in html
    assert '<a href="https://council.example.org/">' in html
    assert "&lt;a href=&quot;nowhere&quot;&gt;" in html.replace('"nowhere"', "&quot;nowhere&quot;")


def _post_id(lang: str) -> str:
    return identity_in(Post(key="clear-gutters", texts=text(), original="en"), lang)


def test_what_is_in_another_language_says_so(tree: Path) -> None:
    feed = etree.parse(tree / "cy/cyfarfodydd/feed.xml").getroot()
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "cy"
    entry = feed.find(f"{ATOM}entry")
    for name in ("title", "summary"):
        assert entry.find(ATOM + name).get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    html = entry.findtext(f"{ATOM}content")
    assert "ddim yn Gymraeg eto" in html
    assert '<div lang="en"><p>Bring a cup.</p></div>' in html


def test_every_language_and_feed_is_in_the_opml(tree: Path) -> None:
    text = (tree / "feeds.opml").read_text(encoding="utf-8")
    outlines = run_node("feedsmith.mjs", {"all": text})["all"]["feed"]["body"]["outlines"]
    assert [outline["text"] for outline in outlines] == ["Cymraeg", "English"]
    listed = {
        outline["xmlUrl"].removeprefix(URL)
        for lang in outlines
        for outline in lang["outlines"]
        if outline["type"] == "rss"
    }
    assert listed == {path for path in texts(tree) if "old-walls" not in path}


# --- the same on another day --------------------------------------------------------------------


def test_a_build_on_another_day_gives_the_same_bytes(tree: Path, tmp_path: Path) -> None:
    later = build(tmp_path / "association", FILES, now=NOW + timedelta(days=1))
    for ending in ("feed.xml", "feed.json", "feeds.opml"):
        assert texts(later, ending) == texts(tree, ending)


# --- archives (RFC 5005) ------------------------------------------------------------------------


def test_archives_lead_from_one_to_the_next(tmp_path: Path) -> None:
    many = {
        f"posts/2026-01-{day:02}-{day}-{part}.en.md": f"---\ntitle: Note {day} {part}\n---\nHi.\n"
        for day in range(1, 26)
        for part in range(5)
    }
    output = build(tmp_path / "association", many)
    seen: list[str] = []
    path = "en/blog/feed.xml"
    while path:
        document = (output / path).read_text(encoding="utf-8")
        valid(document)
        feed = feedparser.parse(document)
        links = {link.rel: link.href.removeprefix(URL) for link in feed.feed.links}
        assert links["self"] == path
        assert ("<archive" in document) == (path != "en/blog/feed.xml")
        assert links.get("current", "en/blog/feed.xml") == "en/blog/feed.xml"
        seen += [entry.id for entry in feed.entries]
        path = links.get("prev-archive", "")
    assert len(set(seen)) == len(many)
    assert (output / "en/blog/feed-2.xml").is_file()
    assert not (output / "en/blog/feed-3.xml").exists()


# --- what nobody should have written -----------------------------------------------------------


def test_a_site_without_a_post_has_the_feed_of_everything_and_a_page_on_it(tmp_path: Path) -> None:
    output = build(tmp_path / "association", {"pages/about.en.md": EVERY_KIND["pages/about.en.md"]})
    assert set(texts(output)) == {"cy/feed.xml", "en/feed.xml"}
    for document in texts(output).values():
        valid(document)
    assert (output / "en/subscribe/index.html").is_file()


def test_a_title_from_right_to_left_and_strange_tags_are_read_back(tree: Path) -> None:
    feed = feedparser.parse((tree / "en/blog/feed.xml").read_bytes())
    entry = entry_of(feed, "مرحبا بالجيران")
    assert [tag.term for tag in entry.tags] == ["repairs", "中文", "C++ & <b>", "déjà vu"]
    assert not entry.get("summary_detail")
    assert {"en/tags/c-b/feed.xml", "en/tags/deja-vu/feed.xml"} <= set(texts(tree))


def test_two_things_on_one_address_leave_one_story_and_a_fault(tmp_path: Path) -> None:
    twins = {
        f"posts/2026-03-0{day}-twin-{day}.en.md": "---\ntitle: Twin\ntags: [pair]\n---\nHi.\n"
        for day in (1, 2)
    }
    outcome = result(tmp_path / "association", twins)
    assert outcome.ok, outcome.crash
    assert "duplicate-address" in {fault.code for fault in outcome.faults}
    feed = (tmp_path / "association/output/en/tags/pair/feed.xml").read_text(encoding="utf-8")
    assert len(ids(feed)) == 1


def test_an_id_written_twice_is_told_with_both_files(tmp_path: Path) -> None:
    line = "id: 0b9725c1-3ab8-47a1-97ac-33bc017471a2\ntitle: "
    copied = {
        name: EVERY_KIND[POST].replace("title: ", line).replace("../pages/about.en.md", "/")
        for name in ("posts/2026-03-04-a.en.md", "posts/2026-03-05-b.en.md")
    }
    faults = [
        fault for fault in result(tmp_path / "a", copied).faults if fault.code == "duplicate-id"
    ]
    assert [(entry.path, entry.line) for entry in faults] == [
        ("content/posts/2026-03-05-b.en.md", 2)
    ]
    assert "posts/2026-03-04-a.en.md" in faults[0].wrong
