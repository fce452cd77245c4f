"""The desk in a real browser, without JavaScript and by keyboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from commands.story.actors import PASSWORD
from feedback.model import StaffRole
from feedback.store.desk import staff
from tests.desk import Colleague, case_of, newcomer, said
from tests.served import served, speaking_in_browsers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

    from tests.speaking import Speaking

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.unmeasured]
WIDTHS = [(320, 640), (1280, 900)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Speaking]:
    service = speaking_in_browsers(tmp_path)
    with service.store:
        yield service


@pytest.fixture
def address(house: Speaking) -> Iterator[str]:
    with served(house) as address:
        yield f"{address}desk/"


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
    public = plain.get_by_label("The words as they may stand in public")
    assert public.input_value() == "Mae'r landar yn diferu, meddai […], […]."
    public.fill("Mae'r landar yn diferu.")
    plain.get_by_label("Answer: Cymraeg").fill("Fe ddown ni ddydd Llun.")
    plain.get_by_role("button", name="Answer", exact=True).click()
    assert "Choose the team" in plain.get_by_role("alert").inner_text()
    plain.get_by_label("The team that answers").select_option("repairs")
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
    tab_to(plain, plain.get_by_role("button", name="Publish", exact=True))
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


def test_whoever_comes_second_sees_the_first_answer_beside_their_own(
    house: Speaking, address: str, plain: Page
) -> None:
    ref = said(house)
    enter(plain, address, newcomer(house))
    plain.goto(f"{address}case/{ref}")
    plain.get_by_label("Answer: English").fill("My long answer")
    plain.get_by_label("The team that answers").select_option("repairs")
    owain = newcomer(house, "owain")
    owain.log_in()
    owain.done(ref, "reply", team="repairs", reply_en="We come on Monday.")
    plain.get_by_role("button", name="Answer", exact=True).click()
    assert "Somebody else changed this" in plain.get_by_role("alert").inner_text()
    beside = plain.locator(".beside").inner_text()
    assert "owain" in beside
    assert "We come on Monday." in beside
    assert plain.get_by_label("Answer: English").input_value() == "My long answer"
    plain.get_by_role("button", name="Answer", exact=True).click()
    assert case_of(house, ref).reply == {"en": "My long answer"}
    plain.get_by_text("versions of what we wrote").click()
    assert plain.get_by_text("We come on Monday.").is_visible()


def test_what_is_typed_is_kept_as_a_draft_while_it_is_typed(
    house: Speaking, address: str, page: Page
) -> None:
    ref = said(house)
    enter(page, address, newcomer(house))
    page.goto(f"{address}case/{ref}")
    page.get_by_label("Answer: English").fill("Half an answer")
    page.get_by_text("Draft kept at").wait_for()
    page.goto(f"{address}case/{ref}")
    assert page.get_by_label("Answer: English").input_value() == "Half an answer"
    page.context.clear_cookies()
    mair = newcomer(house, "owain")
    enter(page, address, mair)
    page.goto(f"{address}case/{ref}")
    assert page.get_by_label("Answer: English").input_value() == ""
    assert page.get_by_text("mair has written something here and not sent it yet.").is_visible()


def test_focus_goes_to_the_message_after_every_action(
    house: Speaking, address: str, plain: Page
) -> None:
    ref = said(house)
    enter(plain, address, newcomer(house))
    plain.goto(f"{address}case/{ref}")
    for button, role in (("Answer", "alert"), ("Count only", "status"), ("Answer", "alert")):
        plain.get_by_role("button", name=button, exact=True).click()
        assert plain.locator(":focus").get_attribute("role") == role


def test_a_case_of_ordinary_length_is_two_screens_at_most(
    house: Speaking, address: str, page: Page
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    words = "My flat at 12 Station Road has had damp since October. Mrs Jones has the same. "
    ref = said(house, said=words * 4, answer_by="email", email="ffion@example.org", name="Ffion")
    enter(page, address, newcomer(house))
    page.goto(f"{address}case/{ref}")
    assert page.evaluate("document.documentElement.scrollHeight") <= 1600


class Presses:
    """Somebody at a keyboard, whose page loads and presses beyond typing are counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = self.loads = 0
        page.on("load", self._loaded)

    def _loaded(self, _page: Page) -> None:
        self.loads += 1

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def to(self, wanted: Locator, key: str = "Tab") -> None:
        """Go to something with one key."""
        for _ in range(60):
            if wanted.and_(self.page.locator(":focus")).count():
                return
            self.press(key)
        pytest.fail("the keyboard never got there")

    def enter_on(self, name: str) -> None:
        """Press a button, and wait for the page that it leads to."""
        self.to(self.page.get_by_role("button", name=name, exact=True))
        with self.page.expect_navigation():
            self.press("Enter")


def test_ten_mixed_cases_take_22_page_loads_and_250_presses_at_most(
    house: Speaking, address: str, page: Page
) -> None:
    refs = [said(house, said=f"The gutter over door {number} drips.") for number in range(5)]
    refs += [
        said(house, said=f"Ring Mrs Jones, number {number}.", may_publish="no")
        for number in range(3)
    ]
    refs += [said(house, "cy", said=f"Boeler {number} wedi torri.") for number in range(2)]
    mair = newcomer(house)
    enter(page, address, mair)
    house.store.write_now(lambda conn: staff.change(conn, "mair", team="repairs"))
    somebody = Presses(page)
    page.reload()
    somebody.to(page.get_by_role("link", name=refs[0], exact=True))
    with page.expect_navigation():
        somebody.press("Enter")
    for number, ref in enumerate(refs):
        page.get_by_role("heading", name=ref).wait_for()
        for label in ("Answer: Cymraeg", "Answer: English"):
            somebody.to(page.get_by_label(label))
            page.keyboard.type("Diolch / Thank you.")
        if number >= 8:  # a repair: handed over, with its answer
            somebody.to(page.locator("summary", has_text="Hand it over"))
            somebody.press("Enter")
            somebody.press("Tab")
            somebody.press("Space")
            somebody.enter_on("Hand over and next")
        else:
            public = number < 5
            somebody.enter_on("Answer, publish and next" if public else "Answer, count and next")
    cases = [case_of(house, ref) for ref in refs]
    assert [case.status for case in cases] == ["published"] * 5 + ["counted"] * 3 + ["routed"] * 2
    assert all(case.answered for case in cases)
    assert somebody.loads <= 22, somebody.loads
    assert somebody.keys <= 250, somebody.keys


@pytest.mark.parametrize("size", WIDTHS)
def test_every_page_of_the_desk_is_for_everybody(
    house: Speaking, address: str, page: Page, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    gwen = newcomer(house, "gwen", StaffRole.MANAGE)
    ref = said(house, said="Mrs Jones of 12 Station Road: the gutter drips on my door.")
    said(house, "cy", said="Mae'r landar yn diferu ar y drws.", answer_by="letter", address="x")
    enter(page, address, gwen)
    for path in ("", "add", "answers", "hands", "post", "staff", "account", f"case/{ref}"):
        page.goto(address + path)
        for details in page.locator("details").all():
            details.evaluate("one => one.open = true")
        response = Axe().run(page)
        assert response.violations_count == 0, f"{path}: {response.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size[0], f"{path or 'the queue'} is {wide} pixels wide"
