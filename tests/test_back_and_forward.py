"""What somebody typed stands there still when they go back, in Chromium and in Firefox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.served import served_to_tenants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browsers import Chromium, Firefox

pytestmark = [pytest.mark.browser, pytest.mark.unmeasured]

WORDS = "The gutter drips on my door, and has since March."
CHECK = "form.say button.button:not([formaction])"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_to_tenants(tmp_path_factory.mktemp("service")) as address:
        yield address


def fill_in(either: Chromium | Firefox, address: str, lang: str = "en") -> None:
    either.open(f"{address}{lang}/say")
    either.choose("#f-danger-no")
    either.choose("#f-sort-problem")
    either.choose("#f-may_publish-no")
    either.fill("#f-said", WORDS)


def test_back_from_the_check_page_and_forward_again(
    either: Chromium | Firefox, address: str
) -> None:
    fill_in(either, address)
    either.press(CHECK)
    either.back()
    assert either.value("#f-said") == WORDS
    assert either.script("document.querySelector('#f-sort-problem').checked") is True
    either.forward()
    assert WORDS in either.text()
    either.press('form[action$="/send"] button')
    assert "/receipt/" in either.address
    either.back()
    assert WORDS in either.text()


def test_back_from_danger(either: Chromium | Firefox, address: str) -> None:
    fill_in(either, address)
    either.choose("#f-danger-yes")
    either.press(CHECK)
    assert "999" in either.text()
    either.back()
    assert either.value("#f-said") == WORDS


def test_away_by_a_link_and_back(either: Chromium | Firefox, address: str) -> None:
    fill_in(either, address)
    either.open(f"{address}en/find")
    either.back()
    assert either.value("#f-said") == WORDS
    either.forward()
    assert either.address.endswith("/en/find")


def test_back_from_a_receipt_shows_no_second_form_to_send(
    either: Chromium | Firefox, address: str
) -> None:
    fill_in(either, address)
    either.press(CHECK)
    either.press('form[action$="/send"] button')
    receipt = either.address
    assert "/receipt/" in receipt
    either.open(f"{address}en/find")
    either.back()
    assert either.address == receipt
    assert WORDS in either.text()


def test_back_to_a_receipt_on_which_somebody_was_writing(
    either: Chromium | Firefox, address: str
) -> None:
    fill_in(either, address)
    either.press(CHECK)
    either.press('form[action$="/send"] button')
    receipt = either.address
    either.script("document.querySelector('#f-more').closest('details').open = true")
    either.fill("#f-more", "It drips worse now.")
    either.open(f"{address}en/find")
    either.back()
    assert either.address == receipt
    assert either.value("#f-more") == "It drips worse now."
    either.open(receipt)
    assert either.value("#f-more") == "", "a new visit begins anew"


def test_the_language_switch_in_the_pages_head_keeps_words(
    either: Chromium | Firefox, address: str
) -> None:
    fill_in(either, address)
    either.press(".langs button[lang=cy]")
    assert either.script("document.documentElement.lang") == "cy"
    assert either.value("#f-said") == WORDS
