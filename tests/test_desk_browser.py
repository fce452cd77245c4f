"""The desk in a real browser, without JavaScript and by keyboard."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from commands.serving import free_port, serving
from commands.story.actors import PASSWORD
from feedback.model import StaffRole
from tests.copies import ROOT
from tests.desk import Colleague, case_of, newcomer, said
from tests.speaking import CHROME, Speaking, speaking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.unmeasured]
WIDTHS = [(320, 640), (1280, 900)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Speaking]:
    service = speaking(tmp_path, ROOT / "theme")
    plain = json.dumps({**CHROME, "assets": {}})  # the theme's own files, under their own names
    (tmp_path / "tree" / "_chrome.json").write_text(plain, encoding="utf-8")
    yield service
    service.store.close()


@pytest.fixture
def address(house: Speaking) -> Iterator[str]:
    with served(house) as address:
        yield address


@contextmanager
def served(house: Speaking) -> Iterator[str]:
    """Serve the service and the theme's files on a port of their own, until the test ends."""
    files = Mount("/assets", StaticFiles(directory=ROOT / "theme" / "static"))
    app = Starlette(routes=[files, Mount("/", house.app)])
    with serving(app, free_port()) as root:
        yield f"{root}feedback/desk/"


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page in a browser that runs no scripts."""
    context = browser.new_context(locale="en-GB", java_script_enabled=False)
    yield context.new_page()
    context.close()


def enter(page: Page, address: str, somebody: Colleague) -> None:
    """Log in as people do, with the keyboard alone."""
    arrive(page, address)
    page.get_by_label("Name").focus()
    for typed in (somebody.name, PASSWORD, somebody.code()):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What tenants said").wait_for()


def arrive(page: Page, address: str) -> None:
    """Open the desk, as soon as the server answers."""
    for _ in range(100):
        try:
            page.goto(address)
        except Exception as error:
            if "ERR_CONNECTION_REFUSED" not in str(error):
                raise
        else:
            return
    pytest.fail("the server never answered")


def test_a_case_is_answered_and_published_without_a_script(
    house: Speaking, address: str, plain: Page
) -> None:
    ref = said(house, "cy", said="Mae'r landar yn diferu, meddai Mrs Jones, 01632 960123.")
    enter(plain, address, newcomer(house))
    plain.get_by_role("link", name=ref).click()
    assert plain.locator("mark").all_inner_texts() == [
        "Mrs Jones (name)",
        "01632 960123 (phone number)",
    ]
    plain.get_by_role("button", name="Publish", exact=True).click()
    assert "Write the public words first." in plain.get_by_role("alert").inner_text()
    plain.get_by_label("The words as they may stand in public").fill("Mae'r landar yn diferu.")
    plain.get_by_role("button", name="Keep the public words").click()
    plain.get_by_label("The team that answers").select_option("repairs")
    plain.get_by_label("Answer: Cymraeg").fill("Fe ddown ni ddydd Llun.")
    plain.get_by_role("button", name="Answer", exact=True).click()
    assert plain.get_by_text("Not answered yet in English.").is_visible()
    plain.get_by_label("Answer: English").fill("We come on Monday.")
    plain.get_by_role("button", name="Answer", exact=True).click()
    plain.get_by_role("button", name="Publish", exact=True).click()
    assert "Published." in plain.get_by_role("status").inner_text()
    case = case_of(house, ref)
    assert (case.status, case.public_text) == ("published", "Mae'r landar yn diferu.")
    assert set(case.redacted) == {"name", "phone"}
    plain.get_by_role("button", name=re.compile("Log out")).click()
    assert plain.get_by_text("You are logged out.").is_visible()


def test_a_case_is_redacted_and_published_by_keyboard_alone(
    house: Speaking, address: str, plain: Page
) -> None:
    ref = said(house, said="Mrs Jones says that the gutter drips.")
    enter(plain, address, newcomer(house))
    tab_to(plain, plain.get_by_role("link", name=ref))
    plain.keyboard.press("Enter")
    tab_to(plain, plain.get_by_label("The words as they may stand in public"))
    plain.keyboard.press("Control+A")
    plain.keyboard.type("The gutter drips.")
    for name in ("Keep the public words", "Publish"):
        tab_to(plain, plain.get_by_role("button", name=name, exact=True))
        plain.keyboard.press("Enter")
        plain.get_by_role("status").wait_for()
    assert "Published." in plain.get_by_role("status").inner_text()
    assert (case_of(house, ref).status, case_of(house, ref).public_text) == (
        "published",
        "The gutter drips.",
    )


def tab_to(page: Page, wanted: Locator) -> None:
    """Go from one thing to the next with the Tab key until it is the one that is wanted."""
    wanted.wait_for()
    for _ in range(100):
        page.keyboard.press("Tab")
        if wanted.and_(page.locator(":focus")).count():
            return
    pytest.fail("the keyboard never got there")


def test_a_letter_prints_as_a_letter(house: Speaking, address: str, plain: Page) -> None:
    mair = newcomer(house)
    where = "12 Heol y Bont\nAbergwennol"
    ref = said(house, "cy", answer_by="letter", address=where, name="Ffion")
    enter(plain, address, mair)
    mair.log_in()
    mair.done(ref, "reply", team="repairs", reply_cy="Fe ddown ni ddydd Llun.")
    plain.goto(f"{address}post")
    plain.locator("a[href*='/desk/post/']").first.click()
    assert plain.get_by_role("link", name="Back to the letters").is_visible()
    plain.emulate_media(media="print")
    paper = plain.locator("body").inner_text()
    assert "Back to the letters" not in paper
    for words in ("Ffion\n12 Heol y Bont\nAbergwennol", "Fe ddown ni ddydd Llun.", ref):
        assert words in paper
    assert not plain.locator("header, nav, footer, form, button").locator("visible=true").count()


def test_two_who_decide_at_once_lose_nothing_they_typed(
    house: Speaking, address: str, plain: Page
) -> None:
    ref = said(house)
    enter(plain, address, newcomer(house))
    plain.goto(f"{address}case/{ref}")
    plain.get_by_label("Answer: English").fill("My long answer")
    plain.get_by_label("The team that answers").select_option("repairs")
    owain = newcomer(house, "owain")
    owain.log_in()
    owain.done(ref, "count")
    plain.get_by_role("button", name="Answer", exact=True).click()
    assert "Somebody else changed this" in plain.get_by_role("alert").inner_text()
    assert plain.get_by_label("Answer: English").input_value() == "My long answer"
    plain.get_by_role("button", name="Answer", exact=True).click()
    assert case_of(house, ref).reply == {"en": "My long answer"}


@pytest.mark.parametrize("size", WIDTHS)
def test_every_page_of_the_desk_is_for_everybody(
    house: Speaking, address: str, page: Page, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    gwen = newcomer(house, "gwen", StaffRole.MANAGE)
    ref = said(house, said="Mrs Jones of 12 Station Road: the gutter drips on my door.")
    said(house, "cy", said="Mae'r landar yn diferu ar y drws.", answer_by="letter", address="x")
    enter(page, address, gwen)
    for path in ("", "add", "hands", "post", "staff", "account", f"case/{ref}"):
        page.goto(address + path)
        for details in page.locator("details").all():
            details.evaluate("one => one.open = true")
        response = Axe().run(page)
        assert response.violations_count == 0, f"{path}: {response.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size[0], f"{path or 'the queue'} is {wide} pixels wide"
