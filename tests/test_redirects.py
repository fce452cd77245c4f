"""Old addresses lead on, and two pages never have one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import html5lib
import pytest

from core.faults import Report
from plugins.discovery.redirects import Redirect, find_redirects, redirects_file, stub
from plugins.kinds.models import Post, Text
from plugins.sections.planned_page import PlannedPage, Subscription

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands.build import BuildResult

    Build = Callable[..., BuildResult]
from tests.planned_pages import ROOT, pair


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
