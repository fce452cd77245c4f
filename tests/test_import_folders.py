"""Folders of Hugo, Jekyll, Eleventy and Decap become pages, old addresses kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.importing.bringing import empty_house

if TYPE_CHECKING:
    from pathlib import Path

    from tests.importing.bringing import NewSite

LISTS = """\
Two things:
* first
  * inside
* second

> [!NOTE]
> Bring a lamp.

~~Gone~~, and https://www.example.org/a_b_c/ as it stands.

### A small heading

# A large one
"""


@pytest.fixture
def house(tmp_path: Path) -> NewSite:
    return empty_house(tmp_path / "house")


def old_site(folder: Path, files: dict[str, str]) -> Path:
    """Write somebody's old site."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith((".jpg", ".png")):
            Image.new("RGB", (50, 30), "teal").save(path)
        else:
            path.write_text(text, encoding="utf-8")
    return folder


def test_hugo_in_two_languages(house: NewSite, tmp_path: Path) -> None:
    old = old_site(
        tmp_path / "old",
        {
            "hugo.toml": 'baseURL = "https://old.example.org/"\ndefaultContentLanguage = "en"\n',
            "content/en/blog/dark-stairs.md": "---\ntitle: Dark stairs\n"
            "description: >-\n  The lamps\n  failed.\ndate: 2022-10-13T16:00:00.000Z\n"
            "author: 'Mari Llwyd, Repairs'\nimage: /img/stair.jpg\nimage-alt: A stair\n"
            "translationKey: stairs\ntags: [Stairs]\nlayout: blog\n---\n"
            '{{< figure src="/img/stair.jpg" alt="One lamp" caption="November" >}}\n\n'
            'See [rents]({{< ref "rents.md" >}}) and {{< youtube abc123 >}}.\n\n' + LISTS,
            "content/cy/blog/grisiau.md": "---\ntitle: Grisiau tywyll\ndate: 2022-10-14\n"
            "author: Mari Llwyd, Atgyweirio\ntranslationKey: stairs\n---\nMae'n dywyll.\n",
            "content/en/blog/rents.md": "+++\ntitle = 'Rents'\ndate = 2022-11-01\n"
            "aliases = ['/old-rents/']\n+++\nLess.\n",
            "content/en/about.md": "---\ntitle: About\n---\n[Stairs](/blog/dark-stairs/)\n",
            "content/en/_index.md": "---\ntitle: Home\n---\n",
            "content/en/blog/later.md": "---\ntitle: Later\ndraft: true\ndate: 2022-01-01\n"
            "---\nNo.\n",
            "static/img/stair.jpg": "",
        },
    )
    assert house.bring("hugo", old) == 0
    files = house.files()
    stairs = files["posts/2022-10-13-dark-stairs.en.md"]
    for part in (
        "summary: The lamps failed.",
        "authors: [mari-llwyd]",
        '  - "/blog/dark-stairs/"',
        "  src: images/stair.jpg",
        '![One lamp](../images/stair.jpg "November")',
        "[rents](2022-11-01-rents.en.md)",
        "<https://www.youtube.com/watch?v=abc123>",
        "- first\n    - inside\n- second",
        "!!! note\n    Bring a lamp.",
        "<https://www.example.org/a_b_c/>",
        "## A small heading",
        "## A large one",
    ):
        assert part in stairs
    assert "Grisiau tywyll" in files["posts/2022-10-13-dark-stairs.cy.md"]
    assert "slug: grisiau" in files["posts/2022-10-13-dark-stairs.cy.md"]
    assert "[Stairs](../posts/2022-10-13-dark-stairs.en.md)" in files["pages/about.en.md"]
    assert '"/old-rents/"' in files["posts/2022-11-01-rents.en.md"]
    assert "draft: true" in files["posts/2022-01-01-later.en.md"]
    settings = house.site.read_text(encoding="utf-8")
    assert 'role = {en = "Repairs", cy = "Atgyweirio"}' in settings
    assert house.faults() == []


def test_hugo_with_languages_in_names_below_a_path_of_its_host(
    house: NewSite, tmp_path: Path
) -> None:
    """Bundles with their pictures; the first language has none in its name."""
    old = old_site(
        tmp_path / "old",
        {
            "config/_default/hugo.toml": 'baseURL = "https://old.example.org/homes/"\n'
            '[permalinks]\nposts = "/:year/:slug/"\n',
            "content/posts/damp/index.md": "---\ntitle: What “damp” is\ndate: 2022-10-13\n---\n"
            "![A wall](wall.jpg) and [lifts](/homes/2022/lifts/)\n\n"
            "{{< highlight bash >}}\nls {{ x }}\n{{< /highlight >}}\n",
            "content/posts/damp/index.cy.md": "---\ntitle: Lleithder\ndate: 2022-10-13\n---\nA.\n",
            "content/posts/damp/wall.jpg": "",
            "content/posts/going-up.md": "---\ntitle: Up\nslug: lifts\ndate: 2022-11-01\n---\nB.\n",
        },
    )
    assert house.bring("hugo", old) == 0
    files = house.files()
    assert set(files) == {
        "posts/2022-10-13-damp.cy.md",
        "posts/2022-10-13-damp.en.md",
        "posts/2022-11-01-lifts.en.md",
    }
    damp = files["posts/2022-10-13-damp.en.md"]
    assert '"/2022/what-damp-is/"' in damp
    assert 'feed_id: "https://old.example.org/homes/2022/what-damp-is/"' in damp
    assert "![A wall](../images/wall.jpg) and [lifts](2022-11-01-lifts.en.md)" in damp
    assert "```bash\nls {{ x }}\n```" in damp
    assert house.faults() == []


def test_jekyll_with_its_own_addresses(house: NewSite, tmp_path: Path) -> None:
    old = old_site(
        tmp_path / "old",
        {
            "_config.yml": "url: https://old.example.org\npermalink: /:year/:month/:title/\n",
            "_data/authors.yml": "mari:\n  name: Mari Llwyd\n",
            "_posts/2021-03-04-damp.markdown": "---\ntitle: Damp\nexcerpt: Wet walls.\n"
            "author: mari\nref: damp\ncategories: repairs\ntags: walls winter\n"
            "redirect_from: /wet/\n---\n"
            "[Rents]({% post_url 2021-05-06-rents %})\n"
            "{% include figure.html src='/a/b.png' alt='A wall' %}\n"
            "![Two]({{ '/assets/a/Two walls (1).png' | relative_url }})\n"
            "{% highlight python %}\nx = '{{ y }}'\n{% endhighlight %}\n\n"
            "**Text**{: .lead}\n{: .big}\n",
            "_posts/2021-05-06-rents.md": "---\ntitle: Rents\npublished: false\n---\nNo.\n",
            "_drafts/idea.md": "---\ntitle: Idea\ndate: 2021-07-01 16:09:22 +0000\n---\nMaybe.\n",
            "about.md": "---\ntitle: About\npermalink: /about/\n---\nHello.\n",
            "README.md": "Ours alone.",
            "_layouts/post.html": "---\n---\n{{ content }}",
            "assets/a/b.png": "",
            "assets/a/Two walls (1).png": "",
            "_posts/2021-03-05-lleithder.md": "---\ntitle: Lleithder\nlang: cy\nref: damp\n---\n",
        },
    )
    assert house.bring("jekyll", old) == 0
    files = house.files()
    damp = files["posts/2021-03-04-damp.en.md"]
    for part in (
        "summary: Wet walls.",
        "topics: [repairs]",
        "  - walls\n  - winter",
        '  - "/2021/03/damp/"\n  - "/wet/"',
        "![A wall](../images/b.png)",
        "![Two](../images/two-walls-1.png)",
        "```python\nx = '{{ y }}'\n```",
    ):
        assert part in damp
    assert "{:" not in damp
    assert "Lleithder" in files["posts/2021-03-04-damp.cy.md"]
    assert "draft: true" in files["posts/2021-05-06-rents.en.md"]
    assert "draft: true" in files["posts/2021-07-01-idea.en.md"]
    assert '"/about/"' in files["pages/about.en.md"]
    assert "README" not in house.report("jekyll")
    assert house.faults() == []


def test_eleventy_with_data_beside_its_texts(house: NewSite, tmp_path: Path) -> None:
    old = old_site(
        tmp_path / "old",
        {
            "app/posts/posts.json": '{"tags": ["post"], "author": "Mari Llwyd",'
            " \"permalink\": \"{{ page.filePathStem | replace('posts/', '') }}/\"}",
            "app/posts/2022-04-28-menus.md": "---\ntitle: Menus\ndescription: Which come first.\n"
            'date: 2022-04-28\n---\n{{ govukInsetText({ text: "Ring us first." }) }}\n\n'
            "![A menu](menu.png 'The old menu')\n",
            "app/images/menus/menu.png": "",
        },
    )
    assert house.bring("eleventy", old) == 0
    menus = house.files()["posts/2022-04-28-menus.en.md"]
    assert "Ring us first." in menus
    assert '![A menu](../images/menu.png "The old menu")' in menus
    assert '"/menus/"' in menus
    assert "tags" not in menus
    assert "template code left out" in house.report("eleventy")
    assert house.faults() == []


def test_decap_with_both_languages_in_one_file(house: NewSite, tmp_path: Path) -> None:
    old = old_site(
        tmp_path / "old",
        {
            "content/posts/2023-02-01-warm.md": "---\ndate: 2023-02-01T09:00:00.000Z\n"
            "en:\n  title: Warm\n  body: |-\n    Warm homes.\ncy:\n  title: Cynnes\n"
            "  body: |-\n    Cartrefi cynnes.\n---\n",
        },
    )
    assert house.bring("decap", old) == 0
    files = house.files()
    assert "Warm homes." in files["posts/2023-02-01-warm.en.md"]
    assert "Cartrefi cynnes." in files["posts/2023-02-01-warm.cy.md"]
    assert house.faults() == []


def test_a_file_that_cannot_be_read_is_named_with_its_line(house: NewSite, tmp_path: Path) -> None:
    old = old_site(
        tmp_path / "old",
        {
            "content/posts/a.md": "---\ntitle: Damp: a start\ndate: 2021-01-01\n---\nText.\n",
            "content/posts/b.md": "---\ntitle: Fine\ndate: 2021-01-02\n---\nText.\n",
        },
    )
    assert house.bring("hugo", old) == 0
    assert list(house.files()) == ["posts/2021-01-02-b.en.md"]
    assert "content/posts/a.md:2: A colon in the text" in house.report("hugo")


def test_a_table_that_only_places_things_becomes_text_with_its_lists(
    house: NewSite, tmp_path: Path
) -> None:
    table = "<table><tr><td>Side</td><td><ul><li>one</li><li>two</li></ul></td></tr></table>"
    front = "---\ntitle: A\ndate: 2021-01-02\n---\n"
    house.bring("hugo", old_site(tmp_path / "old", {"content/posts/a.md": front + table + "\n"}))
    (text,) = house.files().values()
    assert text.endswith("---\nSide\n\n- one\n- two\n")


def test_what_a_date_cannot_mean_keeps_a_text_back(house: NewSite, tmp_path: Path) -> None:
    front = '{\n"title": "Damp", "date": "the day after"\n}\n\nText[^1].\n\n[^1]: A note.\n'
    house.bring("hugo", old_site(tmp_path / "old", {"content/posts/a.md": front}))
    (text,) = house.files().values()
    assert "draft: true" in text
    assert text.endswith("---\nText[^1].\n\n[^1]: A note.\n")
    assert "the day after" in house.report("hugo")


def test_a_language_that_the_site_lacks_is_told(house: NewSite, tmp_path: Path) -> None:
    old = old_site(
        tmp_path / "old",
        {"content/a.fr.md": "---\nlang: fr\ntitle: Un\ndate: 2021-01-02\n---\nUn.\n"},
    )
    assert house.bring("hugo", old) == 0
    assert house.files() == {}
    assert "doesn't have (fr)" in house.report("hugo")


def test_pictures_that_turn_up_later_come_with_the_next_run(house: NewSite, tmp_path: Path) -> None:
    old = old_site(
        tmp_path / "old",
        {"content/posts/a.md": "---\ntitle: A\ndate: 2021-01-02\n---\n![A wall](wall.png)\n"},
    )
    house.bring("hugo", old)
    assert [fault for fault in house.faults() if "no picture" not in fault] == []
    pictures = old_site(tmp_path / "elsewhere", {"wall.png": ""})
    house.bring("hugo", old, pictures=pictures)
    assert (house.content / "images" / "wall.png").is_file()
    assert house.faults() == []


def test_paths_that_climb_and_links_lead_to_nothing(house: NewSite, tmp_path: Path) -> None:
    secret = old_site(tmp_path / "secret", {"key.png": ""})
    old = old_site(
        tmp_path / "old",
        {"content/a.md": "---\ntitle: A\ndate: 2021-01-02\n---\n![x](../../secret/key.png)\n"},
    )
    (old / "static").symlink_to(secret)
    house.bring("hugo", old)
    assert not (house.content / "images" / "key.png").exists()


@pytest.mark.parametrize("form", ["hugo", "jekyll", "eleventy", "decap"])
def test_an_empty_folder_gets_a_sentence(
    house: NewSite, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    (tmp_path / "old").mkdir()
    assert house.bring(form, tmp_path / "old") == 1
    assert "There is no text" in capsys.readouterr().err
    assert house.bring(form, tmp_path / "none") == 1
    assert "is no folder" in capsys.readouterr().err


def test_a_format_that_there_is_not_gets_a_guess(
    house: NewSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert house.bring("wordpres", tmp_path) == 2
    assert "Did you mean “wordpress”?" in capsys.readouterr().err


def test_an_address_that_is_none_stops_no_import(house: NewSite, tmp_path: Path) -> None:
    text = (
        "---\ntitle: Stairs\ndate: 2022-10-13\npermalink: http://[stairs\nimage: http://[a.jpg\n"
        "---\n[The old page](http://[host]/x) and ![a stair](http://[b.jpg)\n"
    )
    settings = "url: http://[host\n"
    old = old_site(tmp_path / "old", {"_config.yml": settings, "_posts/2022-10-13-stairs.md": text})
    assert house.bring("jekyll", old) == 0
    assert "Stairs" in "".join(house.files().values())
