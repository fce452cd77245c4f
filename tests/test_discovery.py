"""Machines find every page once, in its languages, at its old addresses, and by strict rules."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import feedparser  # type: ignore[import-untyped]
import html5lib
import pytest

from commands.preview.rules import load_rules
from core.content_policy import content_policy, policy_in_page
from core.faults import Report
from core.templating import data_script
from feedback.web.pages import HEADERS
from plugins.discovery.headers import headers_file, rules
from plugins.discovery.redirects import Redirect, find_redirects, redirects_file, stub
from plugins.discovery.sitemap import robots, sitemaps
from plugins.kinds.models import Post, Text
from plugins.sections.planned_page import PlannedPage, Subscription
from tests.feed_readers import Subscriber
from tests.tiny import EVERY_KIND, FILES, POST, SITE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from playwright.sync_api import Page

    from commands.build import BuildResult
    from tests.conftest import MakeSite
    from tests.tiny import TinySite

    Build = Callable[..., BuildResult]

pytestmark = pytest.mark.long

ROOT = "https://tiny.example.org/sub/"
SPACES = {
    "map": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "xhtml": "http://www.w3.org/1999/xhtml",
}


def page(path: str, *identity: str, lang: str = "en", **more: Any) -> PlannedPage:
    plain = {"template": "x.html", "title": f"At {path}", "section": "post"}
    return PlannedPage(path=path, identity=identity or (path,), lang=lang, **plain | more)


def pair(key: str) -> list[PlannedPage]:
    return [
        page(f"cy/blog/{key}-cy/", "content", "post", key, lang="cy"),
        page(f"en/blog/{key}/", "content", "post", key, lang="en"),
    ]


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


# --- old addresses -------------------------------------------------------------------------------


def post(key: str, *aliases: str, lang: str = "en") -> Post:
    text = Text(
        lang=lang,
        path=f"posts/{key}.{lang}.md",
        body="",
        body_line=9,
        lines={"aliases": 4, "aliases[1]": 5, "aliases[2]": 6},
        title=f"About {key}",
        aliases=aliases,
    )
    return Post(key=key, texts={lang: text}, original=lang)


def found(
    *posts: Post, planned: list[PlannedPage] | None = None, extra: tuple[str, ...] = ()
) -> tuple[list[Redirect], Report]:
    report = Report()
    pages = [page for post in posts for page in pair(post.key)] if planned is None else planned
    return find_redirects(posts, pages, extra, report), report


def test_an_old_address_leads_to_the_page_in_the_language_that_names_it() -> None:
    redirects, report = found(post("damp", "/news/damp/"), post("bins", "/biniau/", lang="cy"))
    assert [(redirect.path, redirect.target) for redirect in redirects] == [
        ("biniau/", "cy/blog/bins-cy/"),
        ("news/damp/", "en/blog/damp/"),
    ]
    assert len(report) == 0


def test_hosts_with_redirects_are_told_with_and_without_the_last_slash() -> None:
    redirects, _ = found(post("damp", "/news/damp", "/2019/damp.html"))
    assert redirects_file(redirects, "/sub/") == (
        "/sub/2019/damp.html /sub/en/blog/damp/ 301\n"
        "/sub/news/damp /sub/en/blog/damp/ 301\n"
        "/sub/news/damp/ /sub/en/blog/damp/ 301\n"
    )


@pytest.mark.parametrize(
    ("alias", "file"),
    [
        ("/news/damp/", "news/damp/index.html"),
        ("/news/damp", "news/damp/index.html"),
        ("/damp.html", "damp.html"),
        ("/damp.php", "damp.php/index.html"),
        ("/t%C5%B7/", "tŷ/index.html"),
        ("/tŷ/", "tŷ/index.html"),
        ("/ty\u0302/", "tŷ/index.html"),
    ],
)
def test_the_small_page_stands_where_the_old_one_was(alias: str, file: str) -> None:
    redirects, report = found(post("damp", alias))
    assert [redirect.file for redirect in redirects] == [file]
    assert len(report) == 0


def test_an_address_with_accents_is_written_for_the_web() -> None:
    redirects, _ = found(post("damp", "/tŷ/"))
    assert "/t%C5%B7/ /en/blog/damp/ 301\n" in redirects_file(redirects, "/")


@pytest.mark.parametrize(
    ("alias", "words"),
    [
        ("/en/blog/damp/", "is already the page /en/blog/damp/"),
        ("/EN/Blog/Damp", "is already the page"),
        ("/en/blog/damp/index.html", "is already the page"),
        ("/en/blog/damp/index.html/more/", "in the way"),
        ("/cy/blog/damp-cy/", "is already the page"),
        ("/", "isn't a plain path"),
        ("//other.example/", "isn't a plain path"),
        ("/news//damp/", "isn't a plain path"),
        ("/news/%2e%2e/%2e%2e/etc/", "isn't a plain path"),
        ("/./", "isn't a plain path"),
        ("/news/*", "stands for many"),
        ("/news/:year/", "stands for many"),
        ("/news%5Cdamp/", "character"),
        ("/news%00/", "character"),
        ("/news%0A/ /evil 301", "character"),
        ("/%3Fp=12", "character"),
        ("/new%20s/", "character"),
        ("/%ff/", "character"),
        ("/assets/old.html", "keeps for itself"),
        ("/Sitemap.xml", "keeps for itself"),
        ("/_headers", "keeps for itself"),
        ("/" + "a" * 300, "too long"),
        ("/logo.html", "is already the file /logo.html"),
    ],
)
def test_an_address_that_cannot_be_had_is_told_of(alias: str, words: str) -> None:
    redirects, report = found(post("damp", "/fine/", alias), extra=("logo.html",))
    assert [redirect.path for redirect in redirects] == ["fine/"]
    (fault,) = report
    assert (fault.path, fault.line, fault.field) == ("posts/damp.en.md", 6, "aliases[2]")
    assert fault.wrong.startswith(f"The old address “{alias}” ")
    assert words in fault.wrong


def offering(*kinds: str) -> list[PlannedPage]:
    """Return the pages of the post "damp", which offer a feed of each type."""
    return [
        replace(
            planned,
            feeds=tuple(
                Subscription(sort="news", title="x", path=f"{planned.lang}/{i}", type=kind, lang="")
                for i, kind in enumerate(kinds)
            ),
        )
        for planned in pair("damp")
    ]


@pytest.mark.parametrize(
    ("alias", "file", "target"),
    [
        ("/feed.xml", "feed.xml", "en/1"),
        ("/Blog/index.XML", "Blog/index.XML", "en/1"),
        ("/feed/", "feed/index.html", "en/1"),
        ("/feed", "feed/index.html", "en/1"),
        ("/blog/rss", "blog/rss/index.html", "en/1"),
        ("/comments/feed/atom/", "comments/feed/atom/index.html", "en/1"),
        ("/news.atom", "news.atom", "en/1"),
        ("/feed.json", "feed.json", "en/2"),
        ("/events.ics", "events.ics", "en/0"),
        ("/Rules.pdf", "Rules.pdf", "files/docs/rules.pdf"),
    ],
)
def test_a_copy_stands_where_a_feed_or_a_document_was(alias: str, file: str, target: str) -> None:
    report = Report()
    pages = offering("text/calendar", "application/atom+xml", "application/feed+json")
    linked = {"docs/rules.pdf", "docs/other.pdf", "docs/list.csv"}
    redirects = find_redirects([post("damp", alias)], pages, (), report, lambda _: linked)
    assert [(redirect.file, redirect.target) for redirect in redirects] == [(file, target)]
    assert redirects[0].copied
    assert len(report) == 0
    (line, *second) = redirects_file(redirects, "/").splitlines()
    assert line == f"/{redirects[0].path.rstrip('/')} /{target} 301"
    assert bool(second) == file.endswith("index.html"), "a file has no second form with a slash"


def test_a_document_that_became_a_page_leads_to_the_page() -> None:
    redirects, report = found(post("damp", "/damp.pdf"))
    assert [(redirect.file, redirect.target) for redirect in redirects] == [
        ("damp.pdf/index.html", "en/blog/damp/")
    ]
    assert len(report) == 0


def test_a_post_about_feeds_that_moved_is_a_page_like_any_other() -> None:
    redirects, report = found(post("rss", "/2019/rss/"))
    assert [(redirect.file, redirect.target) for redirect in redirects] == [
        ("2019/rss/index.html", "en/blog/rss/")
    ]
    assert len(report) == 0


@pytest.mark.parametrize(
    ("alias", "words"),
    [
        ("/feed.json", "has the name of a feed, and this page offers none like it"),
        ("/events.ics", "has the name of a calendar"),
        ("/old/sitemap.xml", "offers none like it"),
        ("/old.pdf", "may mean docs/a.pdf or docs/b.pdf"),
        ("/en/feed.xml", "is already the file /en/feed.xml"),
        ("/en/feed.xml/", "is in the way"),
    ],
)
def test_a_feed_or_a_document_that_cannot_be_had_is_told_of(alias: str, words: str) -> None:
    report = Report()
    pages, linked = offering("application/atom+xml"), {"docs/a.pdf", "docs/b.pdf"}
    wished = post("damp", "/fine/", alias)
    redirects = find_redirects([wished], pages, ["en/feed.xml"], report, lambda _: linked)
    assert [redirect.path for redirect in redirects] == ["fine/"]
    (fault,) = report
    assert (fault.path, fault.line, fault.field) == ("posts/damp.en.md", 6, "aliases[2]")
    assert words in fault.wrong


def test_two_pages_cannot_have_one_old_address() -> None:
    redirects, report = found(post("bins", "/old/"), post("damp", "/Old"))
    assert [redirect.target for redirect in redirects] == ["en/blog/bins/"]
    (fault,) = report
    assert "is already an old address of posts/bins.en.md" in fault.wrong


def test_a_file_and_a_folder_cannot_have_one_name() -> None:
    redirects, report = found(post("damp", "/a.html", "/a.html/b/"))
    assert [redirect.path for redirect in redirects] == ["a.html"]
    assert len(report) == 1
    redirects, report = found(post("damp", "/a.html/b/", "/a.html"))
    assert [redirect.path for redirect in redirects] == ["a.html/b/"]
    assert len(report) == 1


def test_what_has_no_page_has_no_old_address() -> None:
    assert found(post("damp", "/old/"), planned=[]) == ([], Report())


def test_the_small_page_leads_on_without_a_script() -> None:
    redirect = Redirect("old/", "cy/blog/tŷ/", "cy", 'Tŷ <b> "&" gardd')
    text = stub(redirect, ROOT, "/sub/", lambda _: "Mae'r dudalen hon wedi symud")
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    assert page.attrib["lang"] == "cy"
    link = page.find("body/main/p/a")
    assert link.text == 'Tŷ <b> "&" gardd'
    assert link.attrib["href"] == "/sub/cy/blog/t%C5%B7/"
    named = {meta.get("name", meta.get("http-equiv")): meta for meta in page.iter("meta")}
    assert named["robots"].attrib["content"] == "noindex"
    assert named["refresh"].attrib["content"] == "0; url=/sub/cy/blog/t%C5%B7/"
    canonical = page.find("head/link[@rel='canonical']")
    assert canonical.attrib["href"] == ROOT + "cy/blog/t%C5%B7/"
    assert "<script" not in text
    assert "style" not in text


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
    for page in pages:
        text = page.read_text()
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


# --- structured data -----------------------------------------------------------------------------


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
