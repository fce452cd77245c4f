"""What the feedback service answers tenants with, in a real browser, for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.served import served_to_tenants
from tests.test_desk_browser import arrive
from tests.walking import FIELDS, FOCUS, RULES, WIDE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.unmeasured]

SUBMIT = "main form button[type=submit]:not([formaction])"
SEND = 'form[action$="/send"] button[type=submit]'


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_to_tenants(tmp_path_factory.mktemp("service")) as address:
        yield address


def say_something(page: Page, address: str, lang: str, danger: str = "no") -> None:
    """Fill the form in and send it off to be checked."""
    page.goto(f"{address}{lang}/say")
    page.check("#f-sort-problem")
    page.fill("#f-said", "The gutter drips on my door.")
    page.check("#f-may_publish-yes")
    page.check(f"#f-danger-{danger}")
    page.locator(SUBMIT).click()


def answers(page: Page, address: str, lang: str) -> Iterator[str]:
    """Open each page that tenants are answered with; gives its name."""
    page.goto(f"{address}{lang}/say?about_kind=roadmap&about_key=dry-walls")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    yield "the form"
    page.locator(SUBMIT).click()
    yield "the form with faults"
    say_something(page, address, lang, danger="yes")
    yield "danger"
    say_something(page, address, lang)
    yield "check"
    page.locator(SEND).click()
    receipt = page.url
    yield "the receipt"
    for name in ("withdraw", "forget"):
        page.goto(f"{receipt}/{name}")
        yield name
    for place in ("voted?kind=roadmap&key=dry-walls", "fixed?change=autumn-gutters"):
        page.goto(f"{address}{lang}/{place}")
        yield place
        page.goto(f"{address}{lang}/{place}&sent=yes")
        yield f"{place}, without a cookie"
    page.goto(f"{address}{lang}/find")
    yield "find"
    page.locator(SUBMIT).click()
    yield "not found"


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("cy", "dark")])
def test_every_answer_is_for_everybody(
    browser: Browser, address: str, lang: str, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 640},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    page = context.new_page()
    arrive(page, f"{address}{lang}/say")
    for name in answers(page, address, lang):
        response = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
        assert response.violations_count == 0, f"{name}: {response.generate_report()}"
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 640})
            for look in (WIDE, FOCUS, FIELDS):
                assert page.evaluate(look) == [], f"{name}, {width} pixels wide"
        page.set_viewport_size({"width": 320, "height": 640})
    context.close()


def test_what_is_to_be_mended_takes_the_focus_and_leads_to_its_field(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    arrive(page, f"{address}en/say")
    page.locator(SUBMIT).click()
    assert page.title().startswith("To mend:")
    assert page.evaluate("document.activeElement.className") == "faults"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    first = page.locator(".faults a").first.get_attribute("href")
    assert first
    assert page.locator(first).get_attribute("aria-invalid") == "true"
    assert page.url.endswith(first)
    context.close()
