"""An association begins: ten answers become settings and first pages that pass a strict check."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from commands.beginning import begin
from commands.beginning.sample import sample_folder
from core.faults import Report
from core.site import parse_site
from tests.importing.bringing import NewSite

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SAMPLE = """\
languages = ["en"]
sample = true

[association]
name = "Sample Homes"
"""
SAID = {
    "languages": "cy, en",
    "name": "Cartrefi Eithin / Gorse Homes",
    "url": "https://www.gorse.example.org/",
    "email": "helo@gorse.example.org",
    "phone": "01632 960200",
    "address": "1 Stryd y Bont / 1 Bridge Street",
    "repairs": "01632 960201",
    "person": "Mari Llwyd",
}


@pytest.fixture
def house(tmp_path: Path) -> NewSite:
    """A clone that holds a sample, if only a small one."""
    house = NewSite(tmp_path / "house")
    house.content.mkdir(parents=True)
    house.site.write_text(SAMPLE, encoding="utf-8")
    (house.content / "pages").mkdir()
    (house.content / "pages" / "sample.md").write_text("---\ntitle: Sample\n---\nHello.\n")
    return house


def begun(house: NewSite, typed: dict[str, str], *answers: str, yes: bool = True) -> int:
    """Begin; returns the exit code. What was said is kept beside the house."""
    left = list(answers)
    lines: list[str] = []

    def ask(question: str) -> str:
        house.questions.append(question)
        if not left:
            raise EOFError
        return left.pop(0)

    code = begin(house.folder, typed, yes=yes, say=lines.append, ask=ask, now=NOW)
    (house.folder.parent / "said").write_text("\n".join(lines), encoding="utf-8")
    return code


def sentences(house: NewSite) -> str:
    """What begin said last."""
    return (house.folder.parent / "said").read_text(encoding="utf-8")


def git(house: NewSite, *words: str) -> None:
    """Run git in a house."""
    identity = ["-c", "user.name=Mari", "-c", "user.email=mari@gorse.example.org"]
    command = ["git", "-C", str(house.folder), *identity, *words]
    subprocess.run(command, check=True, capture_output=True)


@pytest.mark.parametrize(
    ("languages", "written"),
    [("cy, en", "cy en"), ("en, cy", "en cy"), ("en", ""), ("cy", ""), ("en, fr", "en"),
     ("gd, cy", "cy"), ("pl", "")],
)  # fmt: skip
def test_the_first_pages_have_no_fault_in_any_language(
    house: NewSite, languages: str, written: str
) -> None:
    assert begun(house, SAID | {"languages": languages}) == 0
    endings = {f".{code}.md" for code in written.split()} or {".md"}
    names = {"about", "contact", "privacy", "accessibility", "take-part"}
    wanted = {f"pages/{name}{ending}" for name in names for ending in endings}
    assert set(house.files()) == wanted | {f"roadmap/first-things{ending}" for ending in endings}
    assert "$" not in "".join(house.files().values())
    assert house.faults() == []


def test_with_a_name_alone_there_is_no_fault_either(house: NewSite) -> None:
    assert begun(house, {"name": "Gorse Homes", "languages": "en"}) == 0
    assert "](tel:)" not in "".join(house.files().values())
    assert house.faults() == []


def test_every_answer_stands_where_it_belongs(house: NewSite) -> None:
    assert begun(house, SAID) == 0
    site = parse_site(house.site.read_text(encoding="utf-8"), Report().at("site.toml"))
    assert site is not None
    assert (site.name.get("cy").text, site.name.get("en").text) == (
        "Cartrefi Eithin",
        "Gorse Homes",
    )
    assert (site.url, site.phone, site.sample) == (SAID["url"], "01632 960200", False)
    assert [(urgent.key, urgent.phone) for urgent in site.urgent] == [
        ("emergency", "999"),
        ("repairs", "01632 960201"),
    ]
    assert site.people["mari-llwyd"].name == "Mari Llwyd"
    contact = house.files()["pages/contact.cy.md"]
    assert "[01632 960201](tel:01632960201)" in contact
    assert "1 Stryd y Bont" in contact
    assert "O fewn 10 diwrnod gwaith" in contact


ODD_NAMES = [
    '<b>Gorse</b> & "Broom" <script>alert(1)</script>',
    "- [Gorse]: &x *y # z",
    "Gorse\nHomes",
    "Gorse \u202eHomes",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_name_stands_in_every_page_as_it_was_typed(house: NewSite, name: str) -> None:
    where = {"address": "1 Mill Lane <b>above the shop", "phone": "01632 960200 ext 7"}
    assert begun(house, {"languages": "en", "name": name, **where}) == 0
    assert house.faults() == []
    assert "tel:01632960200;ext=7" in house.files()["pages/contact.md"]


@pytest.mark.parametrize(
    ("asked", "answer", "why"),
    [
        ("name", "{{ site.name }}", "would be read as code"),
        ("name", "Gorse\x07", "holds a control character"),
        ("name", "  ", "can't be left out"),
        ("url", "https://gorse.example.org/?a=b", "has a “?” or “#”"),
        ("days", "0", "is less than 1 or more than 60"),
        ("teams", " , ", "Name one at least"),
        ("languages", "cy, xx", "is no code of a language"),
    ],
)
def test_what_the_settings_would_refuse_is_refused_before_anything_is_written(
    house: NewSite, asked: str, answer: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert begun(house, SAID | {asked: answer}) == 2
    assert why in capsys.readouterr().err
    assert house.site.read_text(encoding="utf-8") == SAMPLE


def test_a_language_may_be_named_in_words(house: NewSite) -> None:
    assert begun(house, SAID | {"languages": "Cymraeg, English"}) == 0
    assert 'languages = ["cy", "en"]' in house.site.read_text(encoding="utf-8")


def test_topics_that_share_their_letters_are_all_there(house: NewSite) -> None:
    topics = "C#, C++, C#, Ενοίκια, Επισκευές"
    assert begun(house, SAID | {"languages": "en", "name": "Gorse Homes", "topics": topics}) == 0
    site = parse_site(house.site.read_text(encoding="utf-8"), Report().at("site.toml"))
    assert site is not None
    names = [topic.name.get("en").text for topic in site.topics.values()]
    assert names == ["C#", "C++", "Ενοίκια", "Επισκευές"]
    assert list(site.topics)[:2] == ["c", "c-2"]
    assert house.faults() == []


def test_the_questions_can_be_answered_one_by_one(house: NewSite) -> None:
    answers = [
        *("en", "Gorse Homes", "", "not an address", "helo@gorse.example.org", "", "12 Mill Lane"),
        *("01632 960201", "", "", "Repairs, Gardens", "", "5", ""),
    ]
    assert begun(house, {}, *answers, yes=False) == 0
    site = parse_site(house.site.read_text(encoding="utf-8"), Report().at("site.toml"))
    assert site is not None
    assert list(site.topics) == ["repairs", "gardens"]
    assert list(site.teams) == ["repairs", "voice"]
    assert site.promise.answer_days == 5
    assert house.faults() == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [({}, 2), ({"name": "Gorse", "url": "gorse"}, 2), ({"name": "Gorse", "languages": "zz"}, 2)],
)
def test_what_cannot_be_taken_changes_nothing(
    house: NewSite, capsys: pytest.CaptureFixture[str], typed: dict[str, str], code: int
) -> None:
    before = house.state()
    assert begun(house, typed) == code
    assert "Nothing was written." in capsys.readouterr().err
    assert house.state() == before


def test_walking_away_changes_nothing(house: NewSite) -> None:
    before = house.state()
    assert begun(house, {}, "en", "Gorse Homes", yes=False) == 1
    assert house.state() == before


def test_nobody_begins_twice(house: NewSite, capsys: pytest.CaptureFixture[str]) -> None:
    begun(house, SAID)
    before = house.state()
    assert begun(house, SAID) == 1
    assert "This site has begun" in capsys.readouterr().err
    assert house.state() == before


def test_the_sample_is_put_aside_and_found_again(house: NewSite) -> None:
    assert sample_folder(house.folder) == house.folder
    begun(house, SAID)
    assert sample_folder(house.folder) == house.folder / "sample"
    assert (house.folder / "sample" / "content" / "pages" / "sample.md").is_file()


def test_a_colleague_s_clone_finds_the_sample_in_git(house: NewSite, tmp_path: Path) -> None:
    git(house, "init", "--initial-branch=main")
    git(house, "add", "--all")
    git(house, "commit", "--message", "Open House")
    begun(house, SAID)
    git(house, "add", "site.toml", "content")
    git(house, "commit", "--message", "Our own")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", str(house.folder), str(clone)], check=True, capture_output=True)
    folder = sample_folder(clone)
    assert (folder / "content" / "pages" / "sample.md").is_file()


def test_a_language_without_first_pages_is_told_and_shows_nothing_in_another_s_name(
    house: NewSite,
) -> None:
    assert begun(house, SAID | {"languages": "gd, en", "name": "Gorse"}) == 0
    assert "There are no first pages in Scottish Gaelic yet. Its readers see" in sentences(house)
    result = house.built()
    assert result.ok
    page = (house.folder / "output" / "gd" / "about" / "index.html").read_text("utf-8")
    assert 'lang="en"' in page.partition("<main")[2]


def test_a_site_in_such_a_language_alone_has_drafts_to_translate(house: NewSite) -> None:
    assert begun(house, SAID | {"languages": "pl", "name": "Gorse"}) == 0
    assert "There are no first pages in Polish yet. They are in English, and drafts" in sentences(
        house
    )
    assert all("\ndraft: true\n" in text for text in house.files().values())


def test_what_somebody_wrote_beside_the_sample_stays(house: NewSite) -> None:
    git(house, "init", "--initial-branch=main")
    git(house, "add", "--all")
    git(house, "commit", "--message", "Open House")
    own = {"posts/2026-11-29-hello.en.md": "---\ntitle: Hello\n---\nFrom us.\n"}
    own["pages/contact.en.md"] = "---\ntitle: Ours\n---\nHere.\n"
    for name, text in own.items():
        (house.content / name).parent.mkdir(exist_ok=True)
        (house.content / name).write_text(text, encoding="utf-8")
    (house.content / "posts" / "x.md.orig").write_text("x", encoding="utf-8")
    (house.content / "pages" / "sample.md").write_text("---\ntitle: Edited\n---\n.\n")
    assert begun(house, SAID) == 0
    files = house.files()
    assert files["posts/2026-11-29-hello.en.md"] == own["posts/2026-11-29-hello.en.md"]
    assert "These were yours already, and stay in content/:\n  posts/2026-11-29" in sentences(house)
    assert "they lie in sample/content/ now:\n  pages/sample.md" in sentences(house)
    assert "Ours" not in files["pages/contact.en.md"]
    aside = house.folder / "sample" / "content" / "pages" / "contact.en.md"
    assert aside.read_text(encoding="utf-8") == own["pages/contact.en.md"]
    assert house.faults() == []
