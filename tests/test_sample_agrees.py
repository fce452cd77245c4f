"""The sample says a thing in one way: its ladder is the site's, its promises are the program's."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po

from commands.beginning.pages import STARTERS
from feedback.store.voices import zero_results
from tests.copies import ROOT, sample_folder

if TYPE_CHECKING:
    from pathlib import Path

HOUSE = (ROOT / "theme/templates/parts/house.html").read_text(encoding="utf-8")
PAGES = [sample_folder() / "content/pages", STARTERS]
HALF_A_YEAR = {"en": "Half a year", "cy": "Hanner blwyddyn"}


def rungs(lang: str) -> list[str]:
    """The words of the ladder, as the roadmap shows them."""
    macro = HOUSE.partition("macro rung_word")[2].partition("endmacro")[0]
    english = re.findall(r'_\("([^"]+)"\)', macro)
    if lang == "en":
        return english
    with (ROOT / "theme/translations/cy/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file)
    return [str(message.string) for word in english if (message := catalogue.get(word))]


@pytest.mark.parametrize("lang", ["en", "cy"])
@pytest.mark.parametrize("folder", PAGES, ids=["sample", "starters"])
def test_the_ladder_has_one_wording(folder: Path, lang: str) -> None:
    page = (folder / f"take-part.{lang}.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", page.partition("{#rungs}")[2], re.MULTILINE)
    assert table[1:] == rungs(lang)
    assert len(table) == 6


@pytest.mark.parametrize("lang", ["en", "cy"])
@pytest.mark.parametrize("folder", PAGES, ids=["sample", "starters"])
def test_searches_are_kept_as_long_as_the_privacy_notice_says(folder: Path, lang: str) -> None:
    page = (folder / f"privacy.{lang}.md").read_text(encoding="utf-8")
    assert timedelta(days=180) == zero_results.KEPT
    assert HALF_A_YEAR[lang] in page


@pytest.mark.parametrize(
    ("lang", "row"),
    [("en", "A reference, with the topic, month, language and channel"),
     ("cy", "Cyfeirnod, gyda'r pwnc, y mis, yr iaith a'r sianel")],
)  # fmt: skip
@pytest.mark.parametrize("folder", PAGES, ids=["sample", "starters"])
def test_the_privacy_notice_says_what_stands_here_of_every_case(
    folder: Path, lang: str, row: str
) -> None:
    counted = [
        text
        for path in (sample_folder() / "content/feedback").glob("*/*.yaml")
        if "\nstatus: counted\n" in (text := path.read_text(encoding="utf-8"))
    ]
    assert counted
    for fact in ("ref", "topic", "received", "lang", "channel"):
        assert all(f"\n{fact}: " in text for text in counted)
    assert f"\n| {row} | " in (folder / f"privacy.{lang}.md").read_text(encoding="utf-8")


def test_an_item_that_tenants_reopened_is_nowhere_called_done() -> None:
    turns = (sample_folder() / "content/feedback/turns.yaml").read_text(encoding="utf-8")
    assert "item: stair-lights, to: reopened" in turns
    for path in (sample_folder() / "content").glob("*/*stair-lights*.en.md"):
        text = path.read_text(encoding="utf-8")
        assert "opens again" not in text
        assert "it says *done*" not in text
