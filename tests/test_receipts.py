"""Whoever spoke reads the answer on their own receipt, or by when they will have one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.copies import ROOT
from tests.desk import Colleague, colleague
from tests.speaking import Speaking, speaking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ANSWER = {"team": "repairs", "reply_en": "The ladder comes on Monday.", "reply_cy": "Daw'r ysgol."}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Speaking]:
    service = speaking(tmp_path, ROOT / "theme")
    with service.store:
        yield service


@pytest.fixture
def mair(house: Speaking) -> Colleague:
    return colleague(house)


def reference(house: Speaking, place: str) -> str:
    match = re.search(r"<strong>(F-[A-Z0-9]+)</strong>", house.browser.get(place).text)
    assert match
    return match[1]


def test_it_names_the_team_that_answered(house: Speaking, mair: Colleague) -> None:
    place = house.say()
    mair.done(reference(house, place), "reply", **ANSWER)
    page = house.browser.get(place).text
    assert "The ladder comes on Monday." in page
    assert "Repairs team" in page


def test_who_said_the_same_reads_the_answer_on_their_own_receipt(
    house: Speaking, mair: Colleague
) -> None:
    first, second, third = house.say(), house.say(said="Mine too."), house.say(said="And mine.")
    ref = reference(house, first)
    mair.done(reference(house, third), "merge", other=reference(house, second))
    mair.done(reference(house, second), "merge", other=ref)
    mair.done(ref, "reply", **ANSWER)
    for place in (second, third):
        page = house.browser.get(place).text
        assert "The ladder comes on Monday." in page
        assert "so we answer you together" in page
        assert "nobody has decided yet" not in page


def test_what_is_published_before_it_is_answered_is_promised_an_answer_still(
    house: Speaking, mair: Colleague
) -> None:
    place = house.say()
    ref = reference(house, place)
    mair.done(ref, "save", public_text="The gutter drips.")
    mair.done(ref, "publish")
    assert "you get an answer by 18 March 2026" in house.browser.get(place).text
    house.clock.pass_by(days=20)
    page = house.browser.get(place).text
    assert "We promised you an answer by 18 March 2026. We are late" in page


def test_what_was_taken_back_is_promised_nothing(house: Speaking) -> None:
    place = house.say()
    house.browser.post(f"{place}/withdraw")
    assert "answer by" not in house.browser.get(place).text
