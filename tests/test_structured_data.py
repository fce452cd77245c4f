"""What pages say of themselves to machines, as schema.org has it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import html5lib
import pytest

from core.templating import data_script
from tests.tiny import EVERY_KIND

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands.build import BuildResult
    from tests.conftest import MakeSite
    from tests.tiny import TinySite

    Build = Callable[..., BuildResult]

pytestmark = pytest.mark.long


def test_structured_data_cannot_end_its_element() -> None:
    title = "</script><!-- & ]]> \u2028 \u2029 ŵ"
    markup = data_script([{"name": title}])
    assert re.fullmatch(r'<script type="application/ld\+json">[^<>&\u2028\u2029]+</script>', markup)
    page = html5lib.parseFragment(markup, namespaceHTMLElements=False)
    (script,) = page.iter("script")
    assert json.loads(script.text or "") == [{"name": title}]


def structured(tiny: TinySite, path: str) -> dict[str, dict[str, Any]]:
    """Return what a built page says to machines, by type."""
    page = html5lib.parse(
        (tiny.output / path / "index.html").read_text("utf-8"), namespaceHTMLElements=False
    )
    scripts = [
        script for script in page.iter("script") if script.get("type") == "application/ld+json"
    ]
    contents = [content for script in scripts for content in json.loads(script.text or "")]
    assert all(content["@context"] == "https://schema.org" for content in contents)
    return {content["@type"]: content for content in contents}


@pytest.fixture
def house(tiny_site: MakeSite, built: Build) -> TinySite:
    """A built site with something of every kind."""
    tiny = tiny_site(EVERY_KIND)
    assert built(tiny).ok
    return tiny


def test_a_post_says_who_wrote_it_when(house: TinySite) -> None:
    content = structured(house, "cy/blog/maer-cwterin-glir")["BlogPosting"]
    assert content["headline"] == "Mae'r cwteri'n glir"
    assert content["inLanguage"] == "cy"
    assert content["datePublished"] == "2026-03-04"
    assert content["url"] == "https://tiny.example.org/cy/blog/maer-cwterin-glir/"
    assert content["keywords"] == ["Atgyweiriadau", "cwteri"]
    (author,) = content["author"]
    assert author["name"] == "Nia Rowe"
    assert author["jobTitle"] == "Rheolwr atgyweirio"
    assert author["url"] == "https://tiny.example.org/cy/pobl/nia/"
    assert content["publisher"]["name"] == "Cartrefi Bach"


def test_a_page_says_the_way_back(house: TinySite) -> None:
    steps = structured(house, "en/blog/the-gutters-are-clear")["BreadcrumbList"]["itemListElement"]
    assert [(step["position"], step["name"], step["item"]) for step in steps] == [
        (1, "Tiny Homes", "https://tiny.example.org/en/"),
        (2, "Blog", "https://tiny.example.org/en/blog/"),
        (3, "The gutters are clear", "https://tiny.example.org/en/blog/the-gutters-are-clear/"),
    ]


def test_a_meetup_is_an_event(house: TinySite) -> None:
    content = structured(house, "en/meetups/tea-in-the-porch")["Event"]
    assert content["startDate"] == "2026-04-07T18:00:00+01:00"
    assert content["endDate"] == "2026-04-07T19:00:00+01:00"
    assert content["eventStatus"] == "https://schema.org/EventScheduled"
    assert content["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"
    (place,) = content["location"]
    assert (place["name"], place["address"]) == ("The porch", "1 Bridge Street")
    assert content["organizer"]["name"] == "Tiny Homes"
    assert "previousStartDate" not in content


STREAM = "stream: https://stream.example.org/tea"
PLACE = "place: {name: The porch, address: 1 Bridge Street}"
MOVED = 'updates: [{on: 2026-03-01, state: moved, was: "2026-04-01 18:00", why: "Rain."}]'
CANCELLED = 'updates: [{on: 2026-03-01, state: cancelled, why: "Nobody can come."}]'


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([STREAM], {"eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode"}),
        ([STREAM, PLACE], {"eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode"}),
        (
            [PLACE, MOVED],
            {
                "eventStatus": "https://schema.org/EventRescheduled",
                "previousStartDate": ["2026-04-01T18:00:00+01:00"],
            },
        ),
        ([PLACE, CANCELLED], {"eventStatus": "https://schema.org/EventCancelled"}),
    ],
)
def test_an_event_says_where_it_is_and_whether_it_stands(
    tiny_site: MakeSite, built: Build, lines: list[str], expected: dict[str, Any]
) -> None:
    head = ["title: Tea", "summary: Tea.", "start: 2026-04-07 18:00", "end: 2026-04-07 19:00"]
    meetup = "\n".join(["---", *head, *lines, "---", "Come.", ""])
    tiny = tiny_site({"meetups/2026-04-07-tea.en.md": meetup})
    assert built(tiny).ok
    content = structured(tiny, "en/meetups/tea")["Event"]
    assert {name: content[name] for name in expected} == expected


def test_an_episode_belongs_to_its_podcast(house: TinySite) -> None:
    content = structured(house, "en/podcast/one-tennis-ball")["PodcastEpisode"]
    assert content["timeRequired"] == "PT0H12M30S"
    assert content["episodeNumber"] == 1
    assert content["partOfSeries"]["name"] == "By the kettle"


@pytest.mark.parametrize(
    "path",
    [
        "en/roadmap/dry-walls",
        "en/changes/gutters-are-cleared-each-autumn",
        "en/experiments/a-guard-on-one-gutter",
        "en/standard/ask-once",
        "en/personas/works-nights",
    ],
)
def test_everything_else_is_an_article_by_the_association(house: TinySite, path: str) -> None:
    content = structured(house, path)["Article"]
    assert content["author"][0]["name"] == "Tiny Homes"
    assert content["mainEntityOfPage"] == f"https://tiny.example.org/{path}/"


def test_a_home_says_whose_site_it_is(house: TinySite) -> None:
    contents = structured(house, "cy")
    assert contents["Organization"]["name"] == "Cartrefi Bach"
    assert contents["Organization"]["alternateName"] == ["Tiny Homes"]
    assert contents["Organization"]["telephone"] == "01632 960001"
    assert contents["WebSite"]["publisher"]["@id"] == contents["Organization"]["@id"]
