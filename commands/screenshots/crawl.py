"""The photographer's way through the house: every template once, as people come to it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pyotp import TOTP

from commands.screenshots.pages import fullest_pages
from commands.screenshots.server import PASSWORD
from feedback.model import StaffRole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from commands.screenshots.server import DemoServer

SUBMIT = "main form button[type=submit]:not([formaction])"
SAID = {
    "cy": "Mae'r landar uwchben y drws yn diferu ers mis Medi.",
    "en": "The gutter over the door has dripped since September.",
}
TOOK_TURN = 100  # tries, a tenth of a second apart, until the server answers


def crawl(page: Page, house: DemoServer, lang: str) -> Iterator[str]:
    """Open each page in turn and give its name, for a photo to be taken before the next."""
    _arrive(page, house.address)
    pages = {sort: path for (of, sort), path in fullest_pages(house.tree).items() if of == lang}
    for sort, path in pages.items():
        page.goto(house.address + path)
        yield sort.removeprefix("on-").replace(" is-detail", "-page")
    yield from _tenant(page, house, lang, pages)
    yield from _staff(page, house, lang)


def _arrive(page: Page, address: str) -> None:
    for _ in range(TOOK_TURN):
        try:
            page.goto(address)
        except Exception as error:
            if "ERR_CONNECTION_REFUSED" not in str(error):
                raise
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("The site's own server never answered.")


def _tenant(page: Page, house: DemoServer, lang: str, pages: dict[str, str]) -> Iterator[str]:
    """Say something, look at the receipt, vote: what the service answers with."""
    service = house.address + house.service.lstrip("/") + lang
    page.goto(f"{service}/say")
    yield "service-say"
    page.locator(SUBMIT).click()
    yield "service-say-faults"
    _fill_in(page, SAID.get(lang, SAID["en"]))
    page.check("#f-danger-yes")
    page.locator(SUBMIT).click()
    yield "service-danger"
    page.goto(f"{service}/say")
    _fill_in(page, SAID.get(lang, SAID["en"]))
    page.check("#f-danger-no")
    page.locator(SUBMIT).click()
    yield "service-check"
    page.locator('form[action$="/send"] button[type=submit]').click()
    receipt = page.url
    yield "service-receipt"
    for step in ("withdraw", "forget"):
        page.goto(f"{receipt}/{step}")
        yield f"service-{step}"
    page.goto(f"{service}/find")
    yield "service-find"
    page.goto(f"{service}/receipt/nobody-has-this")
    yield "service-message"
    for sort, form, name in (
        ("on-roadmap is-detail", ".vote", "service-voted"),
        ("on-change is-detail", ".fixed", "service-fixed"),
    ):
        page.goto(house.address + pages[sort])
        page.locator(f"{form} button").first.click()
        yield name


def _fill_in(page: Page, words: str) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.check("#f-sort-problem")
    page.fill("#f-said", words)
    page.check("#f-may_publish-yes")
    page.check("#f-answer_by-letter")
    page.fill("#f-name", "Siân Pugh")
    page.fill("#f-address", "2 Heol y Felin\nAbergwennol")


def _staff(page: Page, house: DemoServer, lang: str) -> Iterator[str]:
    """Answer what was said, and see the rest of the desk."""
    desk = house.address + house.service.lstrip("/") + "desk/"
    page.goto(desk)
    yield "desk-log-in"
    _log_in(page, house, f"nia-{lang}", lang, StaffRole.MANAGE)
    yield "desk-queue"
    page.locator(".case-line h2 a, .case-line h3 a").first.click()
    yield "desk-case"
    page.select_option("#f-team", index=1)
    for box in page.locator('textarea[name^="reply_"]').all():
        box.fill(SAID.get(box.get_attribute("lang") or "en", SAID["en"]))
    page.locator('button[formaction$="/reply"]:not([name])').click()
    for place in ("add", "answers", "hands", "staff", "account", "post"):
        page.goto(desk + place)
        yield f"desk-{place}"
    page.locator('main a[href*="/post/"]').first.click()
    yield "desk-letter"
    page.context.clear_cookies()
    page.goto(desk)
    _log_in(page, house, f"owain-{lang}", lang, StaffRole.ANSWER)
    page.goto(f"{desk}staff")
    yield "desk-refused"
    page.context.clear_cookies()


def _log_in(page: Page, house: DemoServer, name: str, lang: str, role: StaffRole) -> None:
    secret = house.take_on(name, lang, role)
    page.fill("#f-name", name)
    page.fill("#f-password", PASSWORD)
    page.fill("#f-code", TOTP(secret).at(datetime.now(UTC)))
    page.locator(SUBMIT).click()
