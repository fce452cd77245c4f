"""Every sort of page, in both languages, for everybody: WCAG 2.2 at level AA, proven."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from plugins.sections.accessibility_statement import FILE, load_proof
from tests.copies import ROOT
from tests.walking import CHECKS, Walked, validate, walk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    from playwright.sync_api import Browser

    from tests.sample import Sample

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.unmeasured]


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


def test_the_accessibility_statement_says_what_was_found(
    walked: Walked, validated: Future[list[str]]
) -> None:
    """To have the statement say what is found today: PROOF=write ./run test tests/…this file."""
    try:
        faults = {check: len(walked.faults.get(check, {})) for check in CHECKS}
        faults["html"] = len(validated.result())
    except FileNotFoundError as missing:
        pytest.skip(f"This machine has no {missing}.")
    if os.environ.get("PROOF") == "write":
        today = datetime.now(UTC).date().isoformat()
        fields = {"on": today, "browser": walked.browser, "pages": walked.pages, "faults": faults}
        file = ROOT / "theme" / FILE
        file.write_text(json.dumps(fields, indent=1) + "\n", encoding="utf-8")
    proof = load_proof(ROOT / "theme")
    assert proof
    assert proof.faults == faults
