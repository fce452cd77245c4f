"""How feeds are written: shared out among documents, whole whatever stands in them, absolute."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import feedparser  # type: ignore[import-untyped]
import pytest

from plugins.feeds.absolute_urls import absolute
from plugins.feeds.atom import atom, atom_entry
from plugins.feeds.entry_renderer import EntryRenderer
from plugins.feeds.items import A_FEED, FeedItem, documents
from plugins.feeds.json_feed import json_feed
from plugins.feeds.model import Author, Category, FeedEnclosure, FeedEntry, FeedHead
from plugins.kinds.models import Episode, Kind, Post
from plugins.sections.entries import Entry
from tests.feed_readers import valid
from tests.test_identity import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plugins.sections.build_context import BuildContext

URL = "https://tiny.example.org/"


def stories(days: Iterable[int], *, updated: dict[int, int] | None = None) -> list[FeedItem]:
    """A post a day, whose key is the day; some updated on a later one."""
    first = date(2026, 1, 1)
    titles = []
    for day in days:
        post = Post(key=f"{day:05}", texts=text(), original="en")
        changed = first + timedelta(days=(updated or {}).get(day, day))
        entry = Entry(post, "en", cast("BuildContext", None))
        titles.append(FeedItem(entry, first + timedelta(days=day), changed))
    return titles


def keys(of: Iterable[FeedItem]) -> list[int]:
    return [int(story.entry.key) for story in of]


@pytest.mark.parametrize("count", [0, 1, A_FEED - 1, A_FEED, A_FEED + 1, 3 * A_FEED + 7])
def test_archives_and_the_current_document_hold_every_story(count: int) -> None:
    parts = documents(stories(range(count)), archived=True)
    all_keys = {key for part in (parts.current, *parts.archives) for key in keys(part)}
    assert all_keys == set(range(count))
    assert keys(parts.current)[:A_FEED] == list(range(count - 1, -1, -1))[:A_FEED]
    assert all(len(archive) == A_FEED for archive in parts.archives)


def test_an_archive_that_is_full_stays_as_it_is_when_there_is_news() -> None:
    before = documents(stories(range(2 * A_FEED + 3)), archived=True)
    after = documents(stories(range(5 * A_FEED)), archived=True)
    assert [keys(part) for part in after.archives[:2]] == [keys(part) for part in before.archives]


def test_what_changed_long_after_it_was_written_is_told_again() -> None:
    parts = documents(stories(range(3 * A_FEED), updated={0: 9999}), archived=True)
    assert keys(parts.current)[0] == 0
    assert keys(parts.archives[0])[-1] == 0


HEAD = FeedHead(
    id="urn:uuid:0b9725c1-3ab8-47a1-97ac-33bc017471a2",
    title="T\x00i\x1bt\ud800le \ufffe",
    lang="en",
    author="A & B <c>",
    rights="",
    page=URL,
    itself=f"{URL}feed.xml",
    updated=date(2026, 3, 4),
)
NASTY = FeedEntry(
    id="urn:uuid:0b9725c1-3ab8-47a1-97ac-33bc017471a3",
    title="]]> <script>\x0b\"'&amp;",
    lang="cy",
    url=f"{URL}?a=1&b=2",
    published=None,
    updated=date(2026, 3, 4),
    summary="one\x07two",
    content="<p>\x1f&nbsp;</p>",
    authors=(Author("Siân"),),
    categories=(Category("\"<'", "l\nl"),),
    enclosure=FeedEnclosure(f"{URL}a.mp3", "audio/mpeg", 7),
)


def test_control_characters_and_markup_break_no_feed() -> None:
    document = "".join(atom(HEAD, [atom_entry(NASTY, HEAD.lang)]))
    valid(document)
    entry = feedparser.parse(document).entries[0]
    assert entry.title_detail.value == "]]> <script>\"'&amp;"
    assert (entry.summary, entry.author) == ("onetwo", "Siân")
    assert entry.enclosures[0] == {
        "type": "audio/mpeg",
        "length": "7",
        "href": f"{URL}a.mp3",
    }
    data = json.loads("".join(json_feed(HEAD, [NASTY])))
    assert data["items"][0]["title"].startswith("]]> <script>")
    "".join(json_feed(HEAD, [NASTY])).encode()


def test_an_episode_brings_its_sound_in_the_language_of_the_feed() -> None:
    sound = FeedEnclosure(f"{URL}ball.cy.mp3", "audio/mpeg", 1234)
    site = SimpleNamespace(absolute=lambda path: URL + path, url=URL)
    teller = EntryRenderer(site, lambda _: "", {("ball", "cy"): sound}, BytesIO())  # type: ignore[arg-type]

    def told(lang: str) -> FeedEntry:
        episode = Episode(key="ball", texts=text(), original="en", show="kettle")
        words = {"title": "Ball", "lang": "en", "summary": "", "path": "p/", "social_picture": ""}
        entry = SimpleNamespace(
            content=episode,
            kind=Kind.EPISODE,
            key="ball",
            reader=lang,
            authors=[],
            topics=[],
            tags=[],
            **words,
        )
        return teller.render(FeedItem(entry, date(2026, 3, 4), date(2026, 3, 4)))  # type: ignore[arg-type]

    assert told("cy").enclosure == sound
    assert told("en").enclosure is None


def test_a_feed_that_tells_nothing_is_still_one() -> None:
    valid("".join(atom(HEAD, [])))
    assert json.loads("".join(json_feed(HEAD, [])))["items"] == []


@pytest.mark.parametrize(
    ("written", "resolved"),
    [
        ('<a href="#x">', f'<a href="{URL}p/#x">'),
        ("<a href='../q/?a=1&amp;b=2'>", f'<a href="{URL}q/?a=1&amp;b=2">'),
        ("<a HREF=/q/>", f'<a HREF="{URL}q/">'),
        (
            '<img alt="see href=/x > y" src="/i.png">',
            f'<img alt="see href=/x > y" src="{URL}i.png">',
        ),
        (
            '<source srcset="/a.avif 1x, /b,c.avif 2x">',
            f'<source srcset="{URL}a.avif 1x, {URL}b,c.avif 2x">',
        ),
        ("<p>1 < 2 href=/x</p>", "<p>1 < 2 href=/x</p>"),
        ('<a href="mailto:a@b.example.org">', '<a href="mailto:a@b.example.org">'),
        ('<a href="http://[">', '<a href="http://[">'),
    ],
)
def test_an_address_is_seen_from_anywhere(written: str, resolved: str) -> None:
    assert absolute(written, f"{URL}p/") == resolved
