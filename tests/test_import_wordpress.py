"""An export of WordPress becomes posts and pages that pass a check, once and twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.importing.bringing import empty_house

if TYPE_CHECKING:
    from pathlib import Path

    from tests.importing.bringing import NewSite

HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Gorse</title><link>https://old.example.org</link>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_blog_url>https://old.example.org</wp:base_blog_url>
<wp:author><wp:author_login>mari</wp:author_login>
<wp:author_display_name><![CDATA[Mari Llwyd]]></wp:author_display_name></wp:author>
"""
FOOT = "</channel></rss>"


def entry(number: int, title: str, body: str, **more: str) -> str:
    """One `item` of an export."""
    fields = {
        "slug": f"text-{number}",
        "date": "2021-03-04 09:10:00",
        "type": "post",
        "status": "publish",
        "extra": "",
        "excerpt": "",
    } | more
    return f"""<item><title><![CDATA[{title}]]></title>
<link>https://old.example.org/2021/03/{fields["slug"]}/</link>
<dc:creator><![CDATA[mari]]></dc:creator>
<content:encoded><![CDATA[{body}]]></content:encoded>
<excerpt:encoded><![CDATA[{fields["excerpt"]}]]></excerpt:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date>{fields["date"]}</wp:post_date>
<wp:post_name>{fields["slug"]}</wp:post_name><wp:status>{fields["status"]}</wp:status>
<wp:post_type>{fields["type"]}</wp:post_type>{fields["extra"]}</item>"""


def meta(key: str, value: str) -> str:
    """A custom field."""
    return (
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key>"
        f"<wp:meta_value>{value}</wp:meta_value></wp:postmeta>"
    )


COMMENT = (
    "<wp:comment><wp:comment_author>Somebody</wp:comment_author>"
    "<wp:comment_content>Mine.</wp:comment_content></wp:comment>"
)
LIBRARY = "https://old.example.org/wp-content/uploads/2021/03"
POLYLANG = (
    '<category domain="language" nicename="{}"/>'
    '<category domain="post_translations" nicename="pll_1"/>'
)
WPML = meta("_wpml_language", "{}") + meta("_icl_translation_group", "7")
ATTACHMENT = entry(
    9,
    "stair",
    "",
    type="attachment",
    status="inherit",
    extra=f"<wp:attachment_url>{LIBRARY}/stair.jpg</wp:attachment_url>"
    + meta("_wp_attachment_image_alt", "A stair in the dark"),
)
LIGHTS = entry(
    1,
    "Lights &amp; stairs",
    f"""The lamps went out.

Three of you rang:
<ul><li>one<ul><li>twice</li></ul></li><li>two</li></ul>
<h4>What comes next</h4>
[caption width="300"]<img src="{LIBRARY}/stair-300x200.jpg" alt="One lamp" /> Heol y Felin[/caption]
See <a href="https://old.example.org/2021/03/rents/">the rents</a>
and <a href="/nowhere/">nothing</a>.
[gallery ids="9"]
<script>alert(1)</script>""",
    slug="lights",
    excerpt="The stair lights failed.",
    extra='<category domain="category" nicename="repairs"><![CDATA[Repairs]]></category>'
    '<category domain="post_tag" nicename="x"><![CDATA[Stairs]]></category>'
    + meta("_thumbnail_id", "9")
    + COMMENT,
)
RENTS = entry(2, "Rents", "<!-- wp:paragraph --><p>Less.</p><!-- /wp:paragraph -->", slug="rents")
PAGE = entry(3, "About us", "<p>We are here.</p>", slug="about-us", type="page")
DRAFT = entry(4, "Not yet", "Wait.", slug="not-yet", status="draft")


@pytest.fixture
def house(tmp_path: Path) -> NewSite:
    return empty_house(tmp_path / "house")


def export(folder: Path, *entries: str) -> Path:
    """Write an export with pictures beside it."""
    library = folder / "old" / "wp-content" / "uploads" / "2021" / "03"
    library.mkdir(parents=True)
    Image.new("RGB", (60, 40), "grey").save(library / "stair.jpg")
    path = folder / "old" / "export.xml"
    path.write_text(HEAD + "".join(entries) + FOOT, encoding="utf-8")
    return path


def test_a_blog_comes_over_whole(house: NewSite, tmp_path: Path) -> None:
    path = export(tmp_path, LIGHTS, RENTS, PAGE, DRAFT, ATTACHMENT)
    assert house.bring("wordpress", path) == 0
    files = house.files()
    assert set(files) == {
        "pages/about-us.en.md",
        "posts/2021-03-04-lights.en.md",
        "posts/2021-03-04-not-yet.en.md",
        "posts/2021-03-04-rents.en.md",
    }
    lights = files["posts/2021-03-04-lights.en.md"]
    for line in (
        "title: Lights & stairs",
        "summary: The stair lights failed.",
        "authors: [mari-llwyd]",
        "topics: [repairs]",
        "  - Stairs",
        '  - "/2021/03/lights/"',
        "  src: images/stair.jpg",
        "  alt: A stair in the dark",
        "- one\n    - twice\n- two",
        "## What comes next",
        '![One lamp](../images/stair.jpg "Heol y Felin")',
        "[the rents](2021-03-04-rents.en.md)",
        "[nothing](https://old.example.org/nowhere/)",
    ):
        assert line in lights
    assert "alert" not in lights
    assert "draft: true" in files["posts/2021-03-04-not-yet.en.md"]
    assert 'name = "Mari Llwyd"' in house.site.read_text(encoding="utf-8")
    assert house.faults() == []


def test_what_stays_behind_is_told_and_comments_stay_private(
    house: NewSite, tmp_path: Path
) -> None:
    house.bring("wordpress", export(tmp_path, LIGHTS, ATTACHMENT))
    report = house.report("wordpress")
    assert "1 × comments" in report
    assert "Mine." not in report
    assert "Somebody" not in "".join(house.files().values()) + report
    assert "script" in report


def test_bringing_it_twice_changes_nothing(house: NewSite, tmp_path: Path) -> None:
    path = export(tmp_path, LIGHTS, RENTS, PAGE, DRAFT, ATTACHMENT)
    house.bring("wordpress", path)
    before = house.state()
    assert house.bring("wordpress", path) == 0
    assert house.state() == before


def test_what_was_edited_here_stays_edited(
    house: NewSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = export(tmp_path, RENTS)
    house.bring("wordpress", path)
    ours = house.content / "posts" / "2021-03-04-rents.en.md"
    ours.write_text(ours.read_text(encoding="utf-8") + "\nMore, by hand.\n", encoding="utf-8")
    house.bring("wordpress", path)
    assert "More, by hand." in ours.read_text(encoding="utf-8")
    assert "left as they are" in capsys.readouterr().out


def test_a_dry_run_says_what_would_come_and_writes_nothing(
    house: NewSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = house.state()
    assert house.bring("wordpress", export(tmp_path, LIGHTS, PAGE, ATTACHMENT), dry_run=True) == 0
    printed = capsys.readouterr().out
    assert "1 post, 1 page" in printed
    assert "Nothing was written." in printed
    assert house.state() == before


@pytest.mark.parametrize("marks", [POLYLANG, WPML], ids=["Polylang", "WPML"])
def test_two_languages_become_one_thing(house: NewSite, tmp_path: Path, marks: str) -> None:
    first, second = marks.replace("{}", "en"), marks.replace("{}", "cy")
    path = export(
        tmp_path,
        entry(1, "Rents", "Less.", slug="rents", extra=first),
        entry(2, "Rhent", "Llai.", slug="rhent", extra=second, date="2021-03-09 10:00:00"),
    )
    house.bring("wordpress", path)
    files = house.files()
    assert set(files) == {"posts/2021-03-04-rents.en.md", "posts/2021-03-04-rents.cy.md"}
    assert "authors" not in files["posts/2021-03-04-rents.cy.md"]
    assert house.faults() == []


def test_texts_that_share_a_name_both_come(house: NewSite, tmp_path: Path) -> None:
    path = export(
        tmp_path, RENTS, entry(7, "Rents", "Again.", slug="rents", date="2022-01-02 10:00:00")
    )
    house.bring("wordpress", path)
    assert set(house.files()) == {"posts/2021-03-04-rents.en.md", "posts/2022-01-02-rents-2.en.md"}
    assert house.faults() == []


BOMB = """<?xml version="1.0"?>
<!DOCTYPE r [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<rss><channel><item><title>&b;</title></item></channel></rss>
"""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (BOMB, "ENTITY"),
        (HEAD + LIGHTS[:400], "cut short"),
        ("", "is empty"),
        ("Not XML at all", "can't be read in line 1"),
        ("<rss><channel><title>News</title></channel></rss>", "no export of WordPress"),
        (HEAD + "<item>" + "<a>" * 30_000, "can't be read"),
    ],
    ids=["entities", "half a file", "empty", "text", "another feed", "deep"],
)
def test_a_broken_or_hostile_export_gets_a_sentence(
    house: NewSite, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, sentence: str
) -> None:
    path = tmp_path / "export.xml"
    path.write_text(text, encoding="utf-8")
    before = house.state()
    assert house.bring("wordpress", path) == 1
    assert sentence in capsys.readouterr().err
    assert house.state() == before


def test_a_file_of_a_gigabyte_gets_a_sentence(
    house: NewSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "export.xml"
    with path.open("wb") as file:
        file.truncate(10**9)
    assert house.bring("wordpress", path) == 1
    assert "1,000 MB" in capsys.readouterr().err


def test_characters_that_xml_forbids_are_taken_out(house: NewSite, tmp_path: Path) -> None:
    house.bring("wordpress", export(tmp_path, entry(1, "Bell\x07", "A\x08 lamp\x0b.", slug="bell")))
    assert "A lamp." in house.files()["posts/2021-03-04-bell.en.md"]
