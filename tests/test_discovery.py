"""Machines find every page once, in its languages, at its old addresses, and by strict rules."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import feedparser  # type: ignore[import-untyped]
import pytest

from commands.preview.rules import load_rules
from core.content_policy import content_policy, policy_in_page
from feedback.web.pages import HEADERS
from plugins.discovery.headers import headers_file, rules
from plugins.discovery.sitemap import robots, sitemaps
from tests.feed_readers import Subscriber
from tests.tiny import EVERY_KIND, FILES, POST, SITE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from playwright.sync_api import Page

    from commands.build import BuildResult
    from tests.conftest import MakeSite

    Build = Callable[..., BuildResult]
from tests.planned_pages import ROOT, page, pair

pytestmark = pytest.mark.long

SPACES = {
    "map": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "xhtml": "http://www.w3.org/1999/xhtml",
}


def urls(text: str) -> dict[str, Element]:
    """Return the entries of a site map by their address."""
    locations = {}
    for entry in ET.fromstring(text).findall("map:url", SPACES):  # noqa: S314 - our own
        address = entry.findtext("map:loc", "", SPACES)
        assert address not in locations
        locations[address] = entry
    return locations


def versions(entry: Element) -> dict[str, str]:
    links = entry.findall("xhtml:link", SPACES)
    assert {link.attrib["rel"] for link in links} <= {"alternate"}
    return {link.attrib["hreflang"]: link.attrib["href"] for link in links}


# --- the site map --------------------------------------------------------------------------------


def test_each_page_names_its_other_languages_and_they_name_it() -> None:
    text = sitemaps(pair("damp"), ROOT, ("cy", "en"))["sitemap.xml"]
    expected = {
        "cy": ROOT + "cy/blog/damp-cy/",
        "en": ROOT + "en/blog/damp/",
        "x-default": ROOT,
    }
    locations = urls(text)
    assert set(locations) == {expected["cy"], expected["en"]}
    assert all(versions(entry) == expected for entry in locations.values())


def test_the_front_door_leads_to_each_home() -> None:
    door = page("", "door", lang="cy")
    homes = [page("cy/", "home", lang="cy"), page("en/", "home", lang="en")]
    locations = urls(sitemaps([door, *homes], ROOT, ("cy", "en"))["sitemap.xml"])
    expected = {"cy": ROOT + "cy/", "en": ROOT + "en/", "x-default": ROOT}
    assert [versions(locations[address]) for address in (ROOT, ROOT + "cy/", ROOT + "en/")] == [
        expected
    ] * 3


def test_a_page_in_one_language_names_no_other() -> None:
    copy = page(
        "cy/blog/damp/",
        "content",
        "post",
        "damp",
        lang="cy",
        foreign=True,
        canonical="en/blog/damp/",
    )
    alone = page("en/blog/damp/", "content", "post", "damp")
    locations = urls(sitemaps([copy, alone], ROOT, ("cy", "en"))["sitemap.xml"])
    assert set(locations) == {ROOT + "en/blog/damp/"}
    assert versions(locations[ROOT + "en/blog/damp/"]) == {}


def test_what_search_engines_should_not_list_is_left_out() -> None:
    locations = urls(
        sitemaps([page("404.html", indexed=False), page("en/")], ROOT, ("en",))["sitemap.xml"]
    )
    assert set(locations) == {ROOT + "en/"}


def test_dates_are_those_of_the_content() -> None:
    old = page("en/old/", updated=date(2026, 3, 4))
    locations = urls(sitemaps([old, page("en/undated/")], ROOT, ("en",))["sitemap.xml"])
    assert locations[ROOT + "en/old/"].findtext("map:lastmod", None, SPACES) == "2026-03-04"
    assert locations[ROOT + "en/undated/"].find("map:lastmod", SPACES) is None


def test_addresses_are_escaped_for_the_web_and_for_xml() -> None:
    locations = urls(sitemaps([page("en/tŷ & 'gardd'/")], ROOT, ("en",))["sitemap.xml"])
    assert set(locations) == {ROOT + "en/t%C5%B7%20&%20'gardd'/"}


def test_a_large_site_has_its_map_in_parts() -> None:
    days = [date(2026, 1, day) for day in (1, 9, 3, 4, 5)]
    pages = [page(f"en/{n}/", updated=day) for n, day in enumerate(days)]
    files = sitemaps(pages, ROOT, ("en",), max_urls=2)
    assert list(files) == ["sitemap.xml", "sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml"]
    index = ET.fromstring(files["sitemap.xml"])  # noqa: S314 - our own
    assert [
        (part.findtext("map:loc", "", SPACES), part.findtext("map:lastmod", "", SPACES))
        for part in index.findall("map:sitemap", SPACES)
    ] == [
        (ROOT + "sitemap-1.xml", "2026-01-09"),
        (ROOT + "sitemap-2.xml", "2026-01-04"),
        (ROOT + "sitemap-3.xml", "2026-01-05"),
    ]
    listed = [address for name in list(files)[1:] for address in urls(files[name])]
    assert listed == [f"{ROOT}en/{n}/" for n in range(5)]


def test_an_empty_site_has_an_empty_map() -> None:
    assert urls(sitemaps([], ROOT, ("en",))["sitemap.xml"]) == {}


def test_the_order_of_pages_changes_nothing() -> None:
    pages = [*pair("damp"), *pair("bins")]
    assert sitemaps(pages, ROOT, ("cy", "en")) == sitemaps(pages[::-1], ROOT, ("cy", "en"))


def test_robots_may_read_a_site_and_no_preview() -> None:
    assert robots(ROOT, listed=True) == (f"User-agent: *\nAllow: /\n\nSitemap: {ROOT}sitemap.xml\n")
    assert robots(ROOT, listed=False) == "User-agent: *\nDisallow: /\n"


# --- headers -------------------------------------------------------------------------------------


def test_the_policy_lets_in_this_site_and_nothing_else() -> None:
    parts = dict(part.split(" ", 1) for part in content_policy(https=False).split("; "))
    assert parts.pop("default-src") == "'none'"
    assert set(parts.values()) == {"'self'", "'none'"}
    for name in ("script-src", "style-src", "img-src", "font-src", "media-src", "form-action"):
        assert parts[name] == "'self'"
    assert parts["base-uri"] == parts["frame-ancestors"] == "'none'"


def test_the_services_own_policy_lets_its_pages_have_all_that_their_head_asks_for() -> None:
    def named(text: str) -> set[str]:
        return {part.split(" ")[0] for part in text.split("; ")}

    ours = named(HEADERS["Content-Security-Policy"])
    assert named(content_policy(https=False)) - ours == {"media-src"}, "nothing is heard there"


def test_a_page_says_the_policy_itself_for_hosts_that_send_no_headers() -> None:
    sent, own = content_policy(https=False).split("; "), policy_in_page().split("; ")
    assert [part for part in sent if part not in own] == ["frame-ancestors 'none'"]
    assert own == [part for part in sent if part in own]


def test_forms_may_be_sent_to_a_service_elsewhere_and_to_nobody_else() -> None:
    for policy in (
        policy_in_page("https://say.example.org/feedback/"),
        content_policy(https=True, service="https://say.example.org/feedback/"),
    ):
        parts = dict(part.partition(" ")[::2] for part in policy.split("; "))
        assert parts["form-action"] == "'self' https://say.example.org"
        assert parts["connect-src"] == "'self'"


def test_every_page_of_a_site_says_it(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site(EVERY_KIND)
    assert built(tiny).ok
    pages = sorted(tiny.output.rglob("*.html"))
    assert pages
    for file in pages:
        text = file.read_text()
        place = text.index('<meta http-equiv="Content-Security-Policy" content="default-src')
        assert place < (text + "<script").index("<script"), "before the first script"


def test_plain_http_is_only_forbidden_where_there_is_https() -> None:
    assert content_policy(https=True) == content_policy(https=False) + "; upgrade-insecure-requests"
    assert "Strict-Transport-Security" not in headers_file("/", https=False)


def test_no_header_is_given_twice_to_one_address() -> None:
    """Hosts join the values of rules that meet, which would spoil them."""
    for address in (
        "/sub/",
        "/sub/assets/a.avif",
        "/sub/assets/a.vtt",
        "/sub/feed.atom",
        "/sub/en/feed.json",
    ):
        names = [
            name
            for rule in rules("/sub/", https=True)
            if re.fullmatch(re.escape(rule.pattern).replace(r"\*", ".*"), address)
            for name, _ in rule.headers
        ]
        assert len(names) == len(set(names)), address


def test_a_server_that_reads_the_rules_sends_them(tmp_path: Path) -> None:
    (tmp_path / "_headers").write_text(headers_file("/", https=True))
    sent = load_rules(tmp_path).headers_for
    for address in ("/", "/en/blog/damp/"):
        policy = sent(address)["content-security-policy"].rstrip(";")
        assert policy == content_policy(https=False)  # there is no HTTPS on this machine
        assert sent(address)["referrer-policy"] == "strict-origin-when-cross-origin"
        assert sent(address)["x-content-type-options"] == "nosniff"
        assert "cache-control" not in sent(address)
    assert "immutable" in sent("/assets/img/wall-640-0123.avif")["cache-control"]
    types = {
        "/podcast/one.cy.vtt": "text/vtt; charset=utf-8",
        "/podcast/one.opus": "audio/ogg; codecs=opus",
        "/cy/digwyddiadau.ics": "text/calendar; charset=utf-8",
        "/cy/blog.atom": "application/atom+xml; charset=utf-8",
        "/cy/blog/feed.json": "application/feed+json",
        "/feeds.opml": "text/x-opml; charset=utf-8",
    }
    assert {address: sent(address)["content-type"] for address in types} == types


def test_a_promise_of_https_for_a_year_is_left_to_whoever_deploys() -> None:
    lines = headers_file("/", https=True).splitlines()
    assert [line for line in lines if "Strict-Transport-Security" in line and line[0] != "#"] == []
    assert "#   Strict-Transport-Security: max-age=31536000" in lines


def test_lines_are_short_enough_for_every_host() -> None:
    text = headers_file("/a-rather-long-sub-path/", https=True)
    assert max(map(len, text.splitlines())) < 2000
    assert text.count("\n/") < 100


# --- a whole site --------------------------------------------------------------------------------

WITH_ALIAS = POST.replace("tags: [gutters]", "tags: [gutters]\naliases: [/news/gutters/]")


def test_a_build_writes_what_machines_ask_for(tiny_site: MakeSite, built: Build) -> None:
    tiny = tiny_site(FILES | {"posts/2026-03-04-clear-gutters.en.md": WITH_ALIAS})
    assert built(tiny, url="https://x.example.org/sub/").ok
    entries = urls((tiny.output / "sitemap.xml").read_text("utf-8"))
    for address, entry in entries.items():
        assert address.startswith("https://x.example.org/sub/")
        path = address.removeprefix("https://x.example.org/sub/")
        assert (tiny.output / path / "index.html").is_file(), address
        for other in versions(entry).values():
            assert other in entries
    redirects = (tiny.output / "_redirects").read_text("utf-8")
    assert "/sub/news/gutters/ /sub/en/blog/the-gutters-are-clear/ 301\n" in redirects
    page = (tiny.output / "news" / "gutters" / "index.html").read_text("utf-8")
    assert "url=/sub/en/blog/the-gutters-are-clear/" in page
    assert (
        (tiny.output / "robots.txt")
        .read_text("utf-8")
        .endswith("Sitemap: https://x.example.org/sub/sitemap.xml\n")
    )
    assert (tiny.output / "_headers").read_text("utf-8").startswith("/sub/*\n")


@pytest.mark.browser
def test_an_old_address_leads_on_where_there_are_only_files(
    tiny_site: MakeSite, built: Build, hosted: Callable[[Path], str], page: Page
) -> None:
    tiny = tiny_site(FILES | {"posts/2026-03-04-clear-gutters.en.md": WITH_ALIAS})
    assert built(tiny).ok
    page.goto(hosted(tiny.output) + "news/gutters/")
    page.wait_for_url("**/en/blog/the-gutters-are-clear/")
    assert page.inner_text("h1") == "The gutters are clear"


def test_a_preview_is_kept_from_search_engines(tiny_site: MakeSite, built: Build) -> None:
    tiny = tiny_site()
    assert built(tiny, drafts=True).ok
    assert "Disallow: /\n" in (tiny.output / "robots.txt").read_text("utf-8")


def test_subscribers_of_an_old_feed_see_nothing_twice(
    tiny_site: MakeSite, built: Build, tmp_path: Path
) -> None:
    old = ("feed.xml", "feed/index.html", "old/rules.txt")
    text = POST.replace("tags: [gutters]", "aliases: [/feed.xml, /feed/, /old/rules.txt]")
    text += "\nRead [the rules](../docs/rules.txt).\n"
    tiny = tiny_site(
        FILES | {"posts/2026-03-04-clear-gutters.en.md": text, "docs/rules.txt": "No balls.\n"}
    )
    result = built(tiny, strict=True)
    assert result.ok, result.faults
    for name in (*old[:2], "feed/folder-feed.xml"):
        feed = feedparser.parse((tiny.output / name).read_bytes())
        itself = [link.href for link in feed.feed.links if link.rel == "self"]
        assert itself == ["https://tiny.example.org/en/blog/feed.xml"]
    assert (tiny.output / old[2]).read_text("utf-8") == "No balls.\n"
    subscriber = Subscriber(tmp_path / "subscriber", ["feed.xml"])
    assert subscriber.fetch(tiny.output)["feed.xml"].new == 1
    moved = "en/blog/feed.xml"  # where `self` is, and where readers go by and by
    subscriber.reader.change_feed_url("feed.xml", moved)
    subscriber.paths = [moved]
    seen = subscriber.fetch(tiny.output).get(moved)
    assert seen is None or (seen.new, seen.modified) == (0, 0)


def test_a_taken_alias_stops_a_strict_build(tiny_site: MakeSite, built: Build) -> None:
    text = POST.replace("tags: [gutters]", "aliases: [/en/about-us/]")
    tiny = tiny_site(FILES | {"posts/2026-03-04-clear-gutters.en.md": text})
    result = built(tiny, strict=True)
    assert not result.ok
    assert [fault.field for fault in result.faults if fault.code == "alias"] == ["aliases[1]"]


def test_an_association_may_lay_its_own_rules_beside(tiny_site: MakeSite, built: Build) -> None:
    tiny = tiny_site(FILES | {"extra/robots.txt": "User-agent: *\nDisallow: /drafts/\n"})
    assert built(tiny).ok
    assert "Disallow: /drafts/" in (tiny.output / "robots.txt").read_text("utf-8")


def test_a_site_in_one_language_names_no_others(tiny_site: MakeSite, built: Build) -> None:
    english = {name: text for name, text in FILES.items() if name.endswith(".en.md")}
    settings = SITE.replace('languages = ["cy", "en"]', 'languages = ["en"]')
    tiny = tiny_site(english, settings=settings)
    assert built(tiny).ok
    text = (tiny.output / "sitemap.xml").read_text("utf-8")
    assert urls(text)
    assert "hreflang" not in text
