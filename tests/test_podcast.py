"""A podcast's feed says what its episodes are, to readers that we did not write."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import feedparser  # type: ignore[import-untyped]
import pytest

from commands.build import BuildOptions, build
from plugins.podcast.podcast_generator import HeardEpisodes, PodcastGenerator
from tests.copies import ROOT
from tests.node_programs import run_node
from tests.on_air import EPISODE, NAME, ON_AIR, SECONDS, files, sound, vtt
from tests.tiny import write_site

if TYPE_CHECKING:
    from pathlib import Path

    from commands.build import BuildResult
    from plugins.sections.planned_page import Subscription
    from tests.conftest import MakeSite
    from tests.tiny import TinySite

pytestmark = pytest.mark.long

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
URL = "https://tiny.example.org/"
FEEDS = {"en": "en/podcast/kettle.rss", "cy": "cy/podlediad/kettle.rss"}
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
ATOM = "{http://www.w3.org/2005/Atom}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    tiny = write_site(tmp_path_factory.mktemp("on-air"), files(), ON_AIR)
    result = build_it(tiny)
    assert result.ok, result.faults
    assert [str(fault) for fault in result.faults] == []
    return tiny


def build_it(tiny: TinySite, **options: Any) -> BuildResult:
    plain = BuildOptions(
        root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output, strict=True, now=NOW
    )
    return build(replace(plain, **options))


@pytest.fixture(scope="module")
def read(house: TinySite) -> dict[str, Any]:
    return dict(run_node("podcast.mjs", {lang: text(house, lang) for lang in FEEDS}))


def text(tiny: TinySite, lang: str = "en") -> str:
    return (tiny.output / FEEDS[lang]).read_text(encoding="utf-8")


def channel(tiny: TinySite, lang: str = "en") -> ET.Element:
    element = ET.fromstring(text(tiny, lang)).find("channel")  # noqa: S314 - we wrote it
    assert element is not None
    return element


def psp1_lacks(feed: ET.Element) -> list[str]:
    """What the Podcast Standards Project's list of required elements (PSP-1) misses in a feed."""

    def said(element: ET.Element, name: str, attribute: str = "") -> str:
        child = element.find(name)
        if child is None:
            return ""
        return (child.get(attribute, "") if attribute else child.text or "").strip()

    link = next(
        (element for element in feed.findall(f"{ATOM}link") if element.get("rel") == "self"), None
    )
    checks = {
        "atom:link self": link is not None and (link.get("href") or "").startswith("https:"),
        "title": said(feed, "title"),
        "description": 0 < len(said(feed, "description").encode()) <= 4000,
        "link": said(feed, "link"),
        "language": said(feed, "language"),
        "itunes:category": said(feed, f"{ITUNES}category", "text"),
        "itunes:explicit": said(feed, f"{ITUNES}explicit") in {"true", "false"},
        "itunes:image": said(feed, f"{ITUNES}image", "href").startswith("https:"),
        "item": feed.find("item") is not None,
    }
    for item in feed.findall("item"):
        checks |= {
            "item title": said(item, "title"),
            "enclosure url": said(item, "enclosure", "url").startswith("https:"),
            "enclosure length": int(said(item, "enclosure", "length") or 0) > 0,
            "enclosure type": said(item, "enclosure", "type").startswith("audio/"),
            "guid": said(item, "guid"),
            "item description": len(said(item, "description").encode()) <= 4000,
        }
    return [name for name, is_there in checks.items() if not is_there]


@pytest.mark.parametrize("lang", FEEDS)
def test_a_feed_has_all_that_psp_1_requires(house: TinySite, lang: str) -> None:
    assert psp1_lacks(channel(house, lang)) == []


def test_what_psp_1_requires_is_missed_when_it_is_missing(house: TinySite) -> None:
    feed = channel(house)
    whole = list(feed)
    for name in ("title", "description", "link", "language", f"{ITUNES}image", "item"):
        element = feed.find(name)
        assert element is not None
        feed.remove(element)
        assert psp1_lacks(feed), name
        feed[:] = whole


@pytest.mark.parametrize(("lang", "extra"), [("en", 0), ("cy", 1)])
def test_partytime_reads_every_field(read: dict[str, Any], lang: str, extra: int) -> None:
    feed = read[lang]["partytime"]
    section = {"en": "en/podcast/", "cy": "cy/podlediad/"}[lang]
    names = {
        "en": ("By the kettle", "One tennis ball", "one-tennis-ball", "Give a teabag"),
        "cy": ("Wrth y tegell", "Un bêl denis", "un-bel-denis", "Rhowch fag te"),
    }[lang]
    assert {name: feed[name] for name in ("title", "link", "language", "itunesCategory")} == {
        "title": names[0],
        "link": f"{URL}{section}",
        "language": lang,
        "itunesCategory": ["Society & Culture > Relationships"],
    }
    assert feed["pubsub"] == {"self": f"{URL}{FEEDS[lang]}"}
    assert (feed["explicit"], feed["itunesType"], feed["medium"]) == (False, "episodic", "podcast")
    assert feed["owner"]["email"] == feed["podcastOwner"] == "podcast@tiny.example.org"
    assert feed["locked"] is True
    assert feed["guid"].startswith("2b4a5c6e-1f60-5a5c-8f0e-0d5b5c1f2a0")
    assert feed["license"]["identifier"] == "cc-by-4.0"
    assert feed["podcastFunding"] == [{"message": names[3], "url": f"{URL}en/about-us/"}]
    assert [(person["name"], person["role"]) for person in feed["podcastPeople"]] == [
        ("Nia Rowe", "Host")
    ]
    (item,) = feed["items"]
    data = sound(SECONDS + extra)
    assert item["enclosure"] == {
        "url": f"{URL}files/podcast/ball.{lang}.mp3",
        "length": len(data),
        "type": "audio/mpeg",
    }
    assert (item["title"], item["link"]) == (names[1], f"{URL}{section}{names[2]}/")
    assert (item["duration"], item["explicit"]) == (SECONDS + extra, False)
    assert (item["itunesSeason"], item["itunesEpisode"]) == (2, 1)
    assert item["itunesEpisodeType"] == "full"
    assert item["podcastSeason"] == {"number": 2}
    assert item["podcastEpisode"] == {"number": 1}
    assert item["pubDate"] == "2026-03-11T00:00:00.000Z"
    assert [(person["name"], person["role"]) for person in item["podcastPeople"]] == [
        ("Nia Rowe", "Host"),
        ("Idris", "Guest"),
    ]
    beside = f"{URL}{section}kettle/tennis-ball"
    assert item["podcastChapters"]["url"] == f"{beside}.chapters.json"
    transcripts = [
        (transcript["url"], transcript["language"]) for transcript in item["podcastTranscripts"]
    ]
    assert transcripts == [(f"{beside}.{form}", lang) for form in ("vtt", "srt", "json")]
    assert item["podcastSocialInteraction"][0]["url"] == "https://social.example.org/@tiny/1"


def test_feedsmith_reads_the_same(read: dict[str, Any]) -> None:
    feed = read["en"]["feedsmith"]
    (item,) = feed["items"]
    assert feed["itunes"]["explicit"] is False
    assert feed["itunes"]["categories"][0]["categories"] == [{"text": "Relationships"}]
    assert feed["podcast"]["locked"] == {"value": True, "owner": "podcast@tiny.example.org"}
    assert item["guid"]["isPermaLink"] is False
    assert item["enclosures"][0]["length"] == len(sound())
    assert "0:00 Leaves\n0:02 A ball" in item["description"]
    assert (
        'href="https://tiny.example.org/en/blog/the-gutters-are-clear/"'
        in (item["content"]["encoded"])
    )


def test_feedparser_finds_nothing_wrong(house: TinySite) -> None:
    for lang in FEEDS:
        feed = feedparser.parse(text(house, lang))
        assert not feed.bozo
        assert feed.feed.language == lang
        assert feed.entries[0].itunes_duration in {"6", "7"}


def test_what_a_feed_names_is_there(house: TinySite) -> None:
    for lang in FEEDS:
        for element in channel(house, lang).iter():
            for address in (element.get("url"), element.get("href")):
                if address and address.startswith(URL):
                    path = house.output / address.removeprefix(URL)
                    assert path.is_file() or (path / "index.html").is_file(), address


def test_chapters_follow_the_recording_of_each_language(house: TinySite) -> None:
    def chapters(path: str) -> list[dict[str, Any]]:
        data = json.loads((house.output / path).read_text(encoding="utf-8"))
        assert data["version"] == "1.2.0"
        return list(data["chapters"])

    assert chapters("en/podcast/kettle/tennis-ball.chapters.json") == [
        {"startTime": 0, "title": "Leaves"},
        {"startTime": 2, "title": "A ball", "url": URL},
    ]
    assert [
        chapter["startTime"]
        for chapter in chapters("cy/podlediad/kettle/tennis-ball.chapters.json")
    ] == [0, 3]


def test_two_builds_days_apart_are_the_same_bytes(house: TinySite, tmp_path: Path) -> None:
    later = datetime(2026, 9, 9, 23, tzinfo=UTC)
    again = replace(house, output=tmp_path / "later")
    assert build_it(again, now=later).ok
    names = [*FEEDS.values(), "en/podcast/kettle/tennis-ball.vtt"]
    for name in names:
        assert (again.output / name).read_bytes() == (house.output / name).read_bytes()
    assert "<lastBuildDate>Wed, 11 Mar 2026 00:00:00 +0000</lastBuildDate>" in text(house)


def test_an_id_survives_a_new_title_slug_day_and_domain(
    house: TinySite, tiny_site: MakeSite
) -> None:
    moved = files()
    del moved[f"{NAME}.en.md"], moved[f"{NAME}.cy.md"]
    moved["podcast/2026-03-12-tennis-ball.en.md"] = EPISODE.replace(
        "title: One tennis ball", "title: Two tennis balls\nslug: balls"
    )
    tiny = tiny_site(moved, ON_AIR.replace("tiny.example.org/", "other.example.org/"))
    assert build_it(tiny, strict=False).ok

    def ids(site: TinySite) -> tuple[str | None, str | None]:
        feed = channel(site)
        return feed.findtext(f"{PODCAST}guid"), feed.findtext("item/guid")

    assert ids(tiny) == ids(house)


def test_an_episode_in_one_language_is_in_that_feed_alone_unless_the_show_takes_both(
    tiny_site: MakeSite,
) -> None:
    welsh = files() | {f"{NAME}.en.md": EPISODE.replace("{en: ball.en.mp3, cy", "{cy")}
    tiny = tiny_site(welsh, ON_AIR)
    assert build_it(tiny).ok
    assert (tiny.output / FEEDS["cy"]).is_file()
    assert not (tiny.output / FEEDS["en"]).exists()
    both = tiny_site(
        welsh,
        ON_AIR.replace("[shows.kettle]", "[shows.kettle]\nevery_recording = true"),
        folder="both",
    )
    assert build_it(both).ok
    item = channel(both).find("item")
    assert item is not None
    assert item.findtext("title") == "One tennis ball"
    assert (
        item.find("enclosure[@url='https://tiny.example.org/files/podcast/ball.cy.mp3']")
        is not None
    )
    spoken = {element.get("language") for element in item.findall(f"{PODCAST}transcript")}
    assert spoken == {"en", "cy"}


LIVE = """\
---
title: From the porch
show: kettle
publish_on: 2026-03-20
live:
  start: 2026-04-01 18:00
  end: 2026-04-01 19:00
  url: https://tiny.example.org/live/
  stream: https://radio.example.org/live.mp3
---
Come and listen.
"""


@pytest.mark.parametrize(
    ("hour", "status"), [(16, "pending"), (17, "live"), (18, "ended")], ids=str
)
def test_a_stream_is_announced_until_its_recording_is_there(
    tiny_site: MakeSite, hour: int, status: str
) -> None:
    tiny = tiny_site(files() | {"podcast/2026-04-01-porch.en.md": LIVE}, ON_AIR)
    assert build_it(tiny, now=datetime(2026, 4, 1, hour, tzinfo=UTC)).ok
    (live,) = run_node("podcast.mjs", {"en": text(tiny)})["en"]["partytime"]["podcastLiveItems"]
    assert live["status"] == status
    assert live["start"] == "2026-04-01T17:00:00.000Z"
    assert live["enclosure"]["url"] == "https://radio.example.org/live.mp3"
    assert live["contentLinks"][0]["url"] == "https://tiny.example.org/live/"
    assert channel(tiny, "cy").find(f"{PODCAST}liveItem") is None, "it isn't in Welsh"


def test_a_show_that_moves_says_where(tiny_site: MakeSite) -> None:
    where = 'new_feed_url = {en = "https://new.example.org/kettle.rss"}\n'
    tiny = tiny_site(files(), ON_AIR.replace("[shows.kettle]\n", f"[shows.kettle]\n{where}"))
    assert build_it(tiny).ok
    assert channel(tiny).findtext(f"{ITUNES}new-feed-url") == "https://new.example.org/kettle.rss"
    assert channel(tiny, "cy").find(f"{ITUNES}new-feed-url") is None


def test_what_xml_can_t_hold_breaks_no_feed(tiny_site: MakeSite) -> None:
    odd = EPISODE.replace("One tennis ball", '"One ]]> & <ball> \\uFFFE"').replace(
        "We talk", "`]]>` \uffff We talk"
    )
    odd = odd.replace("https://social.example.org/@tiny/1", '"https://social.example.org/\\uFFFF"')
    tiny = tiny_site(files() | {f"{NAME}.en.md": odd}, ON_AIR)
    assert build_it(tiny).ok
    item = channel(tiny).find("item")
    assert item is not None
    assert item.findtext("title") == "One ]]> & <ball> "


def test_apps_open_the_feed_and_pages_name_it(house: TinySite) -> None:
    for page in ("en/podcast/", "en/podcast/one-tennis-ball/"):
        html = (house.output / page / "index.html").read_text(encoding="utf-8")
        bare = "tiny.example.org/en/podcast/kettle.rss"
        for address in (
            f"podcast://{bare}",
            f"pktc://subscribe/{bare}",
            f"antennapod-subscribe://{bare}",
            "overcast://x-callback-url/add?url=https%3A%2F%2Ftiny.example.org%2Fen%2Fpodcast%2Fkettle.rss",
            f"https://{bare}",
        ):
            assert f'href="{address}"' in html
        link = '<link rel="alternate" type="application/rss+xml" href="/en/podcast/kettle.rss"'
        assert link in html


def shared_by(tiny: TinySite) -> tuple[HeardEpisodes, list[Subscription]]:
    """What the podcast gives other plugins in a build."""
    from pelican.plugins import signals

    podcasts: list[PodcastGenerator] = []

    def keep(generators: list[object]) -> None:
        podcasts.extend(
            generator for generator in generators if isinstance(generator, PodcastGenerator)
        )

    signals.all_generators_finalized.connect(keep)
    try:
        build_it(tiny)
    finally:
        signals.all_generators_finalized.disconnect(keep)
    return podcasts[0].build.shared(HeardEpisodes), podcasts[0].plan.subscriptions


def test_of_a_draft_nothing_gets_out(tiny_site: MakeSite) -> None:
    draft = EPISODE.replace("number: 1", "draft: true\nnumber: 1")
    # A post that is public has the same key.
    content = files() | {
        f"{NAME}.en.md": draft,
        "posts/2026-03-12-tennis-ball.en.md": "---\ntitle: A ball\n---\nA ball.\n",
    }
    tiny = tiny_site(content, ON_AIR)
    heard, _ = shared_by(tiny)
    assert (heard.recordings, heard.words) == ({}, {})
    assert (tiny.output / "en/blog/a-ball/index.html").is_file()
    out = {path.suffix for path in tiny.output.rglob("*")}
    assert not out & {".mp3", ".vtt", ".srt", ".rss"}


def test_others_may_build_on_what_is_heard(tiny_site: MakeSite) -> None:
    heard, offered = shared_by(tiny_site(files(), ON_AIR))
    enclosure = heard.recordings["tennis-ball", "en"]
    assert enclosure.url == f"{URL}files/podcast/ball.en.mp3"
    assert (enclosure.length, enclosure.type) == (len(sound()), "audio/mpeg")
    assert round(enclosure.duration.total_seconds()) == SECONDS
    assert heard.words["tennis-ball", "en"] == [
        (0, "Nia", "The gutters are clear."),
        (2, "Nia", "I found a ball."),
    ]
    offers = [(offer.sort, offer.path, offer.lang) for offer in offered]
    assert {("podcast", path, lang) for lang, path in FEEDS.items()} <= set(offers)


def test_the_feed_s_id_is_the_podcast_index_s_until_it_is_pinned(
    tiny_site: MakeSite,
) -> None:
    import re

    from plugins.podcast.addresses import feed_id

    unpinned = re.sub(r"^guid = .*\n", "", ON_AIR, flags=re.MULTILINE)
    tiny = tiny_site(files(), unpinned)
    result = build_it(tiny)
    guid = channel(tiny).findtext(f"{PODCAST}guid")
    (advice,) = result.faults
    assert advice.field == "shows.kettle.guid"
    assert f'en = "{guid}"' in advice.instead
    # Two of the examples of the namespace's own page.
    from core.shows import Show
    from core.words import Words

    show = Show(key="x", title=Words.of("x"), description=Words.of("x"))
    assert feed_id(show, "en", "https://mp3s.nashownotes.com/pc20rss.xml") == (
        "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    )
    assert feed_id(show, "en", "https://podnews.net/rss/") == feed_id(
        show, "en", "http://podnews.net/rss"
    )


def test_a_transcript_of_another_recording_s_clock_is_not_offered(house: TinySite) -> None:
    item = channel(house).find("item")
    assert item is not None
    assert {element.get("language") for element in item.findall(f"{PODCAST}transcript")} == {"en"}
    assert vtt() == (house.output / "en/podcast/kettle/tennis-ball.vtt").read_text(encoding="utf-8")
