"""Every sort of page, in both languages, for everybody: WCAG 2.2 at level AA, proven."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.walking import CHECKS, Walked, validate, walk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    from playwright.sync_api import Browser

    from tests.sample import Sample

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def validated(sample: Sample) -> Iterator[Future[list[str]]]:
    """What the validator says: it works on the other core while the browser walks."""
    with ThreadPoolExecutor() as aside:
        yield aside.submit(validate, sample.folder)


@pytest.fixture(scope="module")
def walked(sample: Sample, browser: Browser, validated: Future[list[str]]) -> Walked:
    del validated  # begins before
    return walk(sample, browser)


@pytest.mark.parametrize("check", CHECKS)
def test_no_page_keeps_anybody_out(walked: Walked, check: str) -> None:
    assert walked.faults.get(check, {}) == {}


def test_pages_are_valid_html(validated: Future[list[str]]) -> None:
    try:
        assert validated.result() == []
    except FileNotFoundError as missing:
        pytest.skip(f"This machine has no {missing}.")
