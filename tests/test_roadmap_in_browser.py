"""The roadmap in a real browser: chosen on the spot, or by pages; and on one sheet of paper."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.sample import Sample

pytestmark = [pytest.mark.browser, pytest.mark.unmeasured]

A3_LANDSCAPE = (1191, 842)  # points


@pytest.fixture
def address(sample: Sample) -> str:
    return sample.address


def titles(page: Page) -> list[str]:
    shown = page.locator("[data-item]:visible .p-name")
    return sorted(text.strip() for text in shown.all_inner_texts())


def test_choosing_on_the_spot_shows_what_the_page_of_that_choice_holds(
    page: Page, address: str
) -> None:
    page.goto(f"{address}en/roadmap/")
    everything = titles(page)
    page.click(".filters summary")
    page.click("[data-filter=topic] [data-key=damp]")
    assert page.url == f"{address}en/roadmap/"
    chosen = titles(page)
    assert len(chosen) < len(everything)
    assert page.inner_text(".found") == f"{len(chosen)} items"
    assert page.locator("[data-filter=topic] [aria-current]").inner_text().startswith("Damp")
    page.click("[data-filter=rung] [data-key=deciding]")  # both choices hold together
    assert titles(page) == ["A damp sensor, only if you ask for one"]
    page.click("[data-filter=rung] [data-key='']")
    page.click("[data-filter=topic] [data-key='']")
    assert titles(page) == everything
    page.goto(f"{address}en/roadmap/topic/damp-and-mould/")
    assert titles(page) == chosen


def test_choosing_needs_no_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}cy/map-ffordd/")
    page.click(".filters summary")
    page.click("[data-filter=topic] [data-key=damp]")
    assert page.url == f"{address}cy/map-ffordd/pwnc/lleithder-a-llwydni/"
    assert page.locator("[data-item]").count() == 2
    context.close()


def test_the_whole_roadmap_goes_on_one_sheet_of_a3(page: Page, address: str) -> None:
    for path in ("en/roadmap/", "cy/map-ffordd/"):
        page.goto(address + path)
        pdf = page.pdf(prefer_css_page_size=True)
        assert pdf.count(b"/Type /Page\n") == 1, path
        box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
        assert box
        assert (float(box[1]), float(box[2])) == pytest.approx(A3_LANDSCAPE, abs=2)
