"""The site that readers meet: two equal languages, and addresses that hold."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import html5lib
import pytest

from tests.copies import ROOT
from tests.golden import compare
from tests.tiny import ABOUT, EVERY_KIND, FILES, MEETUP, POST, POST_CY, SITE, TinySite, write_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from commands.build import BuildResult
    from tests.conftest import MakeSite

    Built = Callable[..., BuildResult]

pytestmark = pytest.mark.long

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
POST_EN_PAGE = "en/blog/the-gutters-are-clear/"
POST_CY_PAGE = "cy/blog/maer-cwterin-glir/"


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """Build one of each kind, once for all tests that only look."""
    from commands.build import BuildOptions, build

    tiny = write_site(tmp_path_factory.mktemp("site") / "association", EVERY_KIND)
    result = build(
        BuildOptions(root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output, now=NOW)
    )
    assert result.ok, result.crash
    return tiny


def read(tiny: TinySite, path: str) -> str:
    """Return a page's HTML, given its address below the root."""
    file = tiny.output / (f"{path}index.html" if path.endswith("/") or not path else path)
    return file.read_text(encoding="utf-8")


def dom(html: str) -> Element:
    """Return the tree of a page, read as browsers read it."""
    return html5lib.parse(html, namespaceHTMLElements=False)


def pages(tiny: TinySite) -> list[Path]:
    return sorted(tiny.output.rglob("*.html"))


def test_golden_pages(everything: TinySite) -> None:
    for path in ("", "cy/", POST_EN_PAGE, POST_CY_PAGE, "en/meetups/tea-in-the-porch/"):
        compare(path or "door", read(everything, path))


def test_every_link_on_every_page_leads_somewhere(everything: TinySite) -> None:
    broken = []
    ids: dict[Path, set[str]] = {}
    for page in pages(everything):
        for link in dom(page.read_text(encoding="utf-8")).iter("a"):
            url = urlsplit(link.get("href", ""))
            if url.scheme or url.netloc or url.path.startswith("/feedback/"):
                continue  # elsewhere, or answered by the feedback service
            path = unquote(url.path)
            target = everything.output / path.lstrip("/") if path else page
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                broken.append((page, link.get("href")))
            elif url.fragment and target.suffix == ".html":
                if target not in ids:
                    tree = dom(target.read_text(encoding="utf-8"))
                    ids[target] = {element.get("id", "") for element in tree.iter()}
                if unquote(url.fragment) not in ids[target]:
                    broken.append((page, link.get("href")))
    assert not broken


def test_no_page_uses_anything_from_elsewhere_or_inline(everything: TinySite) -> None:
    for page in pages(everything):
        for element in dom(page.read_text(encoding="utf-8")).iter():
            assert "style" not in element.attrib
            assert not [name for name in element.attrib if name.startswith("on")]
            if element.tag in {"script", "img", "source", "iframe"} and element.get("src"):
                assert not urlsplit(element.get("src", "")).netloc
            if element.tag == "style" or (
                element.tag == "script" and element.get("type") != "application/ld+json"
            ):
                assert not (element.text or "").strip()


class TestLanguages:
    def test_a_pair_names_each_other(self, everything: TinySite) -> None:
        for path, other in ((POST_EN_PAGE, POST_CY_PAGE), (POST_CY_PAGE, POST_EN_PAGE)):
            links = {
                link.get("hreflang"): link.get("href")
                for link in dom(read(everything, path)).iter("link")
                if link.get("rel") == "alternate"
            }
            here, its_lang = path[:2], other[:2]
            assert links[here] == f"https://tiny.example.org/{path}"
            assert links[its_lang] == f"https://tiny.example.org/{other}"
            assert links["x-default"] == "https://tiny.example.org/"

    def test_the_switcher_stays_on_the_page(self, everything: TinySite) -> None:
        assert f'href="/{POST_CY_PAGE}" lang="cy"' in read(everything, POST_EN_PAGE)
        assert f'href="/{POST_EN_PAGE}" lang="en"' in read(everything, POST_CY_PAGE)

    def test_what_is_not_translated_has_a_page_all_the_same(self, everything: TinySite) -> None:
        html = read(everything, "cy/cyfarfodydd/tea-in-the-porch/")
        tree = dom(html)
        assert tree.get("lang") == "cy"
        (heading,) = tree.iter("h1")
        assert heading.get("lang") == "en"
        canonical = '<link rel="canonical" href="https://tiny.example.org/en/meetups/'
        assert canonical in html
        assert 'name="robots" content="noindex"' in html

    def test_words_in_facts_are_in_the_readers_language(self, everything: TinySite) -> None:
        assert "Cwteri" in read(everything, "cy/cyfarfodydd/tea-in-the-porch/")
        assert "Gutters" in read(everything, "en/meetups/tea-in-the-porch/")

    def test_dates_are_in_the_readers_language(self, everything: TinySite) -> None:
        assert "4 Mawrth 2026" in read(everything, POST_CY_PAGE)
        assert "4 March 2026" in read(everything, POST_EN_PAGE)

    def test_each_language_has_its_own_tags(self, everything: TinySite) -> None:
        assert (everything.output / "cy/tagiau/cwteri/index.html").is_file()
        assert (everything.output / "en/tags/gutters/index.html").is_file()
        assert not (everything.output / "en/tags/cwteri").exists()

    def test_a_link_to_either_languages_file_leads_to_the_readers_page(
        self, tiny_site: MakeSite, built: Built
    ) -> None:
        tiny = tiny_site()
        welsh = POST_CY.replace("../pages/about.cy.md", "{filename}/pages/about.en.md")
        tiny.write("posts/2026-03-04-clear-gutters.cy.md", welsh)
        built(tiny)
        assert 'href="/cy/amdanon-ni/"' in read(tiny, POST_CY_PAGE)


class TestWhatAPageSaysOfItself:
    def test_a_post(self, everything: TinySite) -> None:
        html = read(everything, POST_EN_PAGE)
        assert '<link rel="canonical" href="https://tiny.example.org/en/blog/' in html
        assert '<meta property="og:title" content="The gutters are clear">' in html
        assert '<meta name="description" content="All three houses have dry walls again.">' in html
        for word in ("h-entry", "p-name", "e-content", "dt-published", "p-author"):
            assert word in html
        data = json.loads(re.findall(r'ld\+json">(.*?)</script>', html)[0])[0]
        assert data["headline"] == "The gutters are clear"
        assert data["datePublished"] == "2026-03-04"

    def test_a_meetup(self, everything: TinySite) -> None:
        html = read(everything, "en/meetups/tea-in-the-porch/")
        for word in ("h-event", "dt-start", "dt-end", "p-location"):
            assert word in html
        data = json.loads(re.findall(r'ld\+json">(.*?)</script>', html)[0])[0]
        assert data["@type"] == "Event"
        assert data["startDate"] == "2026-04-07T18:00:00+01:00"

    def test_a_title_with_markup_is_only_words(self, tiny_site: MakeSite, built: Built) -> None:
        tiny = tiny_site()
        title = 'title: "</script><script>alert(1)</script> & \\"co\\""'
        tiny.write("pages/about.en.md", ABOUT.replace("title: About us", title))
        built(tiny)
        for page in pages(tiny):
            html = page.read_text(encoding="utf-8")
            assert "<script>alert" not in html


class TestLists:
    def files(self, number: int) -> dict[str, str]:
        return {
            f"posts/{2025 + day % 2}-01-{day:02}-post-{day}.en.md": POST.replace(
                "The gutters are clear", f"Post {day}"
            )
            for day in range(1, number + 1)
        } | {name: text for name, text in FILES.items() if name.startswith("pages")}

    def test_a_long_list_has_pages_and_years(self, tiny_site: MakeSite, built: Built) -> None:
        tiny = tiny_site(self.files(25))
        result = built(tiny, now=NOW)
        paths = {path for path in result.manifest if path.startswith("cy/blog/")}
        assert {"cy/blog/tudalen/3/", "cy/blog/2025/", "cy/blog/2026/tudalen/2/"} <= paths
        assert "cy/blog/tudalen/4/" not in paths
        assert "en/blog/page/3/" in result.manifest

    def test_the_newest_comes_first(self, tiny_site: MakeSite, built: Built) -> None:
        tiny = tiny_site(self.files(25))
        built(tiny, now=NOW)
        shown = re.findall(r"Post (\d+)</a>", read(tiny, "en/blog/"))
        assert shown[:2] == ["25", "23"]  # odd days are of 2026

    def test_neighbours_lead_to_each_other(self, tiny_site: MakeSite, built: Built) -> None:
        tiny = tiny_site(self.files(3))
        built(tiny, now=NOW)
        assert "/en/blog/post-1/" in read(tiny, "en/blog/post-3/")
        assert "/en/blog/post-2/" in read(tiny, "en/blog/post-1/")

    def test_a_person_has_a_page_of_what_they_wrote(self, everything: TinySite) -> None:
        assert "The gutters are clear" in read(everything, "en/people/nia/")
        assert "Rheolwr atgyweirio" in read(everything, "cy/pobl/nia/")

    def test_a_topic_gathers_every_kind(self, everything: TinySite) -> None:
        html = read(everything, "en/topics/repairs/")
        assert "The gutters are clear" in html
        assert "Dry walls" in html


class TestMeetups:
    def test_an_open_action_is_carried_to_the_next_of_its_series(
        self, tiny_site: MakeSite, built: Built
    ) -> None:
        later = MEETUP.replace("2026-04-07", "2026-05-05").replace("Tea in the porch", "Tea again")
        later = later.replace("Clear the drain", "Mend the gate").replace(
            "roadmap: [dry-walls]\n", ""
        )
        first = MEETUP.replace("roadmap: [dry-walls]\n", "")
        tiny = tiny_site({**FILES, "meetups/tea.en.md": first, "meetups/tea-two.en.md": later})
        built(tiny, now=NOW)
        assert "Clear the drain" in read(tiny, "en/meetups/tea-again/")
        assert "Mend the gate" not in read(tiny, "en/meetups/tea-in-the-porch/")
        tiny.write(
            "meetups/tea.en.md",
            first.replace("due: 2026-05-01", "due: 2026-05-01, done: 2026-04-20"),
        )
        built(tiny, now=NOW)
        assert "Clear the drain" not in read(tiny, "en/meetups/tea-again/")

    def test_a_cancelled_meetup_says_so_and_why(self, tiny_site: MakeSite, built: Built) -> None:
        text = MEETUP.replace("roadmap: [dry-walls]\n", "").replace(
            "series: tea",
            "updates: [{on: 2026-04-01, state: cancelled, why: {en: Snow., cy: Eira.}}]",
        )
        tiny = tiny_site({**FILES, "meetups/tea.en.md": text})
        built(tiny, now=NOW)
        html = read(tiny, "en/meetups/tea-in-the-porch/")
        assert "Cancelled" in html
        assert "Snow." in html
        assert "EventCancelled" in html


def test_both_sides_of_a_reference_show_it(everything: TinySite) -> None:
    assert "/en/meetups/tea-in-the-porch/" in read(everything, "en/roadmap/dry-walls/")
    assert "/en/roadmap/dry-walls/" in read(everything, "en/meetups/tea-in-the-porch/")


def test_an_old_address_leads_to_the_page(tiny_site: MakeSite, built: Built) -> None:
    tiny = tiny_site()
    post = POST.replace("authors: [nia]", "authors: [nia]\naliases: [/news/gutters/]")
    tiny.write("posts/2026-03-04-clear-gutters.en.md", post)
    built(tiny)
    assert f"/news/gutters/ /{POST_EN_PAGE} 301" in " ".join(read(tiny, "_redirects").split())
    assert f"url=/{POST_EN_PAGE}" in read(tiny, "news/gutters/")


def test_what_no_page_links_to_stays_here(tiny_site: MakeSite, built: Built) -> None:
    tiny = tiny_site()
    tiny.write("files/linked.pdf", b"%PDF-1.7")
    tiny.write("files/private.pdf", b"%PDF-1.7")
    tiny.write("extra/humans.txt", "us")
    tiny.write("pages/about.en.md", ABOUT + "\n[The rules](../files/linked.pdf)\n")
    built(tiny)
    names = {path.name for path in tiny.output.rglob("*") if path.is_file()}
    assert {"linked.pdf", "humans.txt"} <= names
    assert "private.pdf" not in names


def test_two_pages_never_share_an_address(tiny_site: MakeSite, built: Built) -> None:
    tiny = tiny_site()
    tiny.write("posts/2026-03-05-other.en.md", POST)
    faults = [fault for fault in built(tiny).faults if fault.code == "duplicate-address"]
    assert [fault.path for fault in faults] == ["content/posts/2026-03-04-clear-gutters.en.md"]
    assert "posts/2026-03-05-other.en.md" in faults[0].wrong


def test_the_settings_name_the_association_everywhere(everything: TinySite) -> None:
    assert "Cartrefi Bach" in read(everything, POST_CY_PAGE)
    assert "01632 960001" in read(everything, POST_EN_PAGE)
    assert SITE.count("Tiny Homes") == 1
