"""Whoever follows an old site's feed stays, and sees nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.feed_readers import Subscriber
from tests.importing.bringing import empty_house
from tests.test_import_folders import old_site
from tests.test_import_wordpress import POLYLANG, entry, export

if TYPE_CHECKING:
    from pathlib import Path

    from tests.importing.bringing import NewSite

CONFIG = "url: https://old.example.org\nbaseurl: /homes\n"
POST = "---\ntitle: {}\ndate: {}\nlang: {}\n---\nWords.\n"


@pytest.fixture
def house(tmp_path: Path) -> NewSite:
    return empty_house(tmp_path / "house")


def old_feed(*ids: str) -> str:
    """The feed of an old site, as WordPress writes it."""
    items = "".join(
        f"<item><title>Text {number}</title><link>https://old.example.org/{number}/</link>"
        f'<guid isPermaLink="false">{identity}</guid></item>'
        for number, identity in enumerate(ids)
    )
    return f'<rss version="2.0"><channel><title>Gorse</title>{items}</channel></rss>'


def test_a_reader_of_the_old_blog_sees_only_what_is_new(house: NewSite, tmp_path: Path) -> None:
    ids = [f"https://old.example.org/?p={number}" for number in (1, 2)]
    entries = [
        entry(n, f"Text {n}", "Words.", extra=f'<guid isPermaLink="false">{ids[n - 1]}</guid>')
        for n in (1, 2)
    ]
    old = tmp_path / "old-site"
    (old / "feed").mkdir(parents=True)
    (old / "feed" / "index.html").write_text(old_feed(*ids), encoding="utf-8")
    subscriber = Subscriber(tmp_path / "subscriber", ["feed/index.html"])
    assert subscriber.fetch(old)["feed/index.html"].new == 2
    assert house.bring("wordpress", export(tmp_path, *entries)) == 0
    assert house.faults() == []
    seen = subscriber.fetch(house.folder / "output")["feed/index.html"]
    assert seen.new == 0
    fresh = "---\ntitle: News\nsummary: New.\n---\nWords.\n"
    (house.content / "posts" / "2026-11-29-news.en.md").write_text(fresh, encoding="utf-8")
    assert house.faults() == []
    assert subscriber.fetch(house.folder / "output")["feed/index.html"].new == 1
    before = house.state()
    assert house.bring("wordpress", export(tmp_path / "again", *entries)) == 0
    assert house.state() == before


def feeds(house: NewSite) -> dict[str, str]:
    """Each old feed's address, and the post that stands for it."""
    return {
        line.strip(' -"'): name
        for name, text in house.files().items()
        for line in text.splitlines()
        if line.startswith('  - "/') and ("feed" in line or "xml" in line)
    }


def ids(house: NewSite) -> list[str]:
    """The ids in old feeds that posts keep."""
    lines = [line for text in house.files().values() for line in text.splitlines()]
    return sorted(line.split('"')[1] for line in lines if line.startswith("feed_id:"))


def test_each_language_of_wordpress_has_its_feed(house: NewSite, tmp_path: Path) -> None:
    texts = [
        entry(n, f"Text {n}", "Words.", extra=POLYLANG.format(lang)).replace(
            "org/2021", "org/cy/2021" if lang == "cy" else "org/2021"
        )
        for n, lang in ((1, "en"), (2, "cy"))
    ]
    assert house.bring("wordpress", export(tmp_path, *texts)) == 0
    assert feeds(house) == {
        f"{prefix}/feed/{more}": f"posts/2021-03-04-text-1.{lang}.md"
        for prefix, lang in (("", "en"), ("/cy", "cy"))
        for more in ("", "atom/")
    }
    assert house.faults() == []


def test_generators_have_their_feeds_where_they_have_them(house: NewSite, tmp_path: Path) -> None:
    post = POST.format("One", "2021-01-02", "en")
    later = POST.format("Two", "2021-03-04", "en")
    welsh = POST.format("Un", "2021-05-06", "cy")
    hugo = {
        "hugo.toml": 'baseURL = "https://old.example.org/"\n',
        "content/en/blog/one.md": post,
        "content/en/news/two.md": later,
        "content/cy/blog/un.md": welsh,
    }
    assert house.bring("hugo", old_site(tmp_path / "hugo", hugo)) == 0
    assert {path: name[17:] for path, name in feeds(house).items()} == {
        "/index.xml": "one.en.md",
        "/blog/index.xml": "one.en.md",
        "/news/index.xml": "one.en.md",
        "/cy/index.xml": "un.cy.md",
        "/cy/blog/index.xml": "un.cy.md",
    }
    assert ids(house) == [
        "https://old.example.org/blog/one/",
        "https://old.example.org/cy/blog/un/",
        "https://old.example.org/news/two/",
    ]
    assert house.faults() == []


@pytest.mark.parametrize(
    ("form", "config", "expected"),
    [
        ("hugo", {"hugo.toml": "[outputFormats.RSS]\nbaseName = 'feed'\n"},
         {"/feed.xml", "/posts/feed.xml"}),
        ("jekyll", {"_config.yml": "feed:\n  path: blog/atom.xml\n"}, {"/blog/atom.xml"}),
    ],
)  # fmt: skip
def test_settings_may_put_the_feed_elsewhere(
    house: NewSite, tmp_path: Path, form: str, config: dict[str, str], expected: set[str]
) -> None:
    folder = {"hugo": "content/posts/one.md", "jekyll": "_posts/2021-01-02-one.md"}[form]
    old = {**config, folder: POST.format("One", "2021-01-02", "en")}
    assert house.bring(form, old_site(tmp_path / "old", old)) == 0
    assert set(feeds(house)) == expected
    assert house.faults() == []


def test_jekyll_and_eleventy_name_their_entries_otherwise(house: NewSite, tmp_path: Path) -> None:
    post = POST.format("One", "2021-01-02", "en")
    atom = "---\npermalink: /news/atom.xml\n---\n<feed>{{ x }}</feed>"
    jekyll = {"_config.yml": CONFIG, "_posts/2021-01-02-one-ŵ.md": post, "atom.xml": atom}
    assert house.bring("jekyll", old_site(tmp_path / "jekyll", jekyll)) == 0
    assert ids(house) == ["https://old.example.org/homes/2021/01/02/one-%C5%B5"]
    assert set(feeds(house)) == {"/feed.xml", "/news/atom.xml"}
    assert house.faults() == []
    other = empty_house(tmp_path / "other")
    body = "<p>{{ title }}</p>{% if x %}<p>W.</p>{% endif %}"
    paged = "---\ntitle: Blog\nlayout: x\npagination: {data: y}\n---\n{{ x }}"
    eleventy = {
        "_data/metadata.json": '{"url": "https://old.example.org/"}',
        "content/blog/one.njk": post.replace("Words.", body),
        "content/blog/index.njk": paged,
        "content/feed.njk": "---\npermalink: /feed.xml\ntitle: x\n---\n{{ x }}",
        "_includes/post.njk": "---\ntitle: x\nlayout: y\n---\n{{ content }}",
    }
    assert other.bring("eleventy", old_site(tmp_path / "eleventy", eleventy)) == 0
    assert set(other.files()) == {"posts/2021-01-02-one.en.md"}
    assert "W." in other.files()["posts/2021-01-02-one.en.md"]
    assert ids(other) == ["https://old.example.org/blog/one/"]
    assert set(feeds(other)) == {"/feed/feed.xml", "/feed.xml"}
    assert other.faults() == []


def test_an_unknown_address_is_told_and_a_doubled_id_is_kept_once(
    house: NewSite, tmp_path: Path
) -> None:
    old = {"content/blog/one.md": POST.format("One", "2021-01-02", "en")}
    assert house.bring("hugo", old_site(tmp_path / "hugo", old)) == 0
    assert "ids of the old feed's entries" in house.report("hugo")
    assert ids(house) == []
    same = '<guid isPermaLink="false">https://old.example.org/?p=1</guid>'
    odd = '<guid isPermaLink="false">12 at https://old.example.org</guid>'
    texts = [entry(n, f"T {n}", "W.", extra=odd if n == 4 else same) for n in (2, 3, 4)]
    assert house.bring("wordpress", export(tmp_path, *texts)) == 0
    assert ids(house) == ["https://old.example.org/?p=1"]
    assert house.faults() == []
