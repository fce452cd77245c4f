"""The page for people who have never seen a feed, and what other rooms put onto it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from lxml import html  # type: ignore[import-untyped]

from plugins.loop.loop_generator import LoopGenerator
from plugins.sections.planned_page import Subscription
from tests.copies import ROOT
from tests.node_programs import run_node
from tests.tiny import EVERY_KIND, SITE, write_site

if TYPE_CHECKING:
    from pathlib import Path

    from commands.build import BuildResult

URL = "https://tiny.example.org/"
OTHERS = [
    Subscription(
        sort="podcast",
        title="Wrth y tegell",
        path="cy/podlediad/kettle.rss",
        type="application/rss+xml",
        lang="cy",
        page="cy/podlediad/",
    ),
    Subscription(
        sort="calendar",
        title="Every meetup",
        path="en/meetups/all.ics",
        type="text/calendar",
        lang="en",
    ),
]


def build(folder: Path, settings: str = SITE) -> BuildResult:
    """Build a site to which other plugins bring a podcast and a calendar."""
    from commands.build import BuildOptions, build

    before = LoopGenerator.generate_context

    def after_the_loop(self: LoopGenerator) -> None:
        before(self)
        self.plan.subscriptions[:] = OTHERS

    tiny = write_site(folder, EVERY_KIND, settings)
    with patch.object(LoopGenerator, "generate_context", after_the_loop):
        return build(
            BuildOptions(
                root=ROOT,
                content=tiny.content,
                site=tiny.site,
                output=tiny.output,
                now=datetime(2026, 4, 1, 12, tzinfo=UTC),
            )
        )


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("subscribing") / "association"
    outcome = build(folder)
    assert outcome.ok, outcome.crash
    return folder / "output"


def page(tree: Path, path: str) -> html.HtmlElement:
    return html.document_fromstring((tree / path / "index.html").read_bytes())


def links(root: html.HtmlElement) -> set[str]:
    return set(root.xpath("//main//a/@href"))


def test_every_page_leads_to_it_in_its_own_language(tree: Path) -> None:
    for home, subscribe in {"en/": "/en/subscribe/", "cy/": "/cy/tanysgrifio/"}.items():
        assert subscribe in page(tree, home).xpath("//footer//a/@href")


def test_it_has_every_feed_of_its_language_by_an_address_to_copy(tree: Path) -> None:
    for path, lang in {"en/subscribe": "en", "cy/tanysgrifio": "cy"}.items():
        root = page(tree, path)
        shown = {href for href in links(root) if href.endswith("feed.xml")}
        built = {file.relative_to(tree).as_posix() for file in (tree / lang).rglob("feed.xml")}
        assert shown == {URL + name for name in built}
        assert all(
            element.text == element.get("href") for element in root.xpath("//a[@class='address']")
        )
        assert "/feeds.opml" in links(root)


def test_a_podcast_opens_in_apps_and_can_be_copied(tree: Path) -> None:
    offered = links(page(tree, "cy/tanysgrifio"))
    assert {
        "podcast://tiny.example.org/cy/podlediad/kettle.rss",
        "antennapod-subscribe://tiny.example.org/cy/podlediad/kettle.rss",
        f"{URL}cy/podlediad/kettle.rss",
        "/cy/podlediad/",
    } <= offered
    assert not any("kettle" in href for href in links(page(tree, "en/subscribe")))


def test_a_calendar_opens_by_webcal(tree: Path) -> None:
    offered = links(page(tree, "en/subscribe"))
    assert {"webcal://tiny.example.org/en/meetups/all.ics", f"{URL}en/meetups/all.ics"} <= offered


def test_the_form_asks_the_service_for_a_digest(tree: Path) -> None:
    for path, lang in {"en/subscribe": "en", "cy/tanysgrifio": "cy"}.items():
        (form,) = page(tree, path).xpath("//form")
        assert (form.get("method"), form.get("action")) == ("post", f"/feedback/{lang}/digest")
        assert dict(form.form_values()) == {"email": "", "period": "month"}
        assert form.inputs["period"].value_options == ["week", "month"]


def test_people_without_the_internet_are_told_whom_to_ring(tree: Path) -> None:
    assert "tel:01632960001" in links(page(tree, "en/subscribe"))


def test_the_list_of_all_has_the_podcast_as_a_feed_and_the_calendar_as_a_link(tree: Path) -> None:
    text = (tree / "feeds.opml").read_text(encoding="utf-8")
    welsh, english = run_node("feedsmith.mjs", {"all": text})["all"]["feed"]["body"]["outlines"]
    podcast, calendar = welsh["outlines"][0], english["outlines"][0]
    assert (podcast["type"], podcast["xmlUrl"]) == ("rss", f"{URL}cy/podlediad/kettle.rss")
    assert podcast["htmlUrl"] == f"{URL}cy/podlediad/"
    assert (calendar["type"], calendar["url"]) == ("link", f"{URL}en/meetups/all.ics")


def test_a_site_with_one_language_has_one_such_page(tmp_path: Path) -> None:
    outcome = build(tmp_path / "association", SITE.replace('["cy", "en"]', '["en"]'))
    assert {path for path in outcome.manifest if "subscribe" in path or "tanysgrifio" in path} == {
        "en/subscribe/"
    }
