"""In a real browser: a page that stands open follows what is saved, and says what is wrong."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from markupsafe import escape
from playwright.sync_api import expect

from commands.preview.session import BUILDER
from tests.browsers import Chromium
from tests.copies import ROOT
from tests.previewing import previewing, save, write_quick_site
from tests.small_town import SECRET
from tests.test_loop_end_to_end import SAID, fill_in
from tests.tiny import write_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.previewing import Preview
    from tests.tiny import TinySite

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.unmeasured]

STRICT = "/*\n  Content-Security-Policy: default-src 'self'; img-src 'self' data:\n"
# A mark on the window is gone once the page has been loaded anew.
MARK = "window.stillHere = true"
MARKED = "window.stillHere === true"
# No tab of a browser without a window is ever in the background.
LOOKED_AT = """state => {
  Object.defineProperty(document, "visibilityState", {value: state, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    tall = "h1 { color: rgb(1, 2, 3) }\nbody { min-height: 5000px }\n"
    return write_quick_site(tmp_path, {"content/_headers": STRICT, "theme/static/style.css": tall})


@pytest.fixture
def preview(root: Path) -> Iterator[Preview]:
    with previewing(root) as running:
        yield running


@pytest.fixture
def front(page: Page, preview: Preview) -> Page:
    """The front page, connected to the preview."""
    open_page(page, preview.url)
    return page


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A page that may complain: browsers do of a 503, and of a server that does not answer."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def open_page(page: Page, url: str) -> None:
    with page.expect_response("**/_preview/events"):
        page.goto(url)


def test_a_save_shows_in_the_page_and_the_reader_stays_where_they_were(
    preview: Preview, front: Page
) -> None:
    front.evaluate("scrollTo(0, 1234)")
    save(preview.root / "content" / "index.md", "Front\nNew words.\n")
    expect(front.locator("#body")).to_have_text("New words.")
    front.wait_for_function("() => scrollY === 1234")


def test_new_styles_show_without_loading_the_page(preview: Preview, front: Page) -> None:
    front.evaluate(MARK)
    save(preview.root / "theme" / "static" / "style.css", "h1 { color: rgb(9, 8, 7) }\n")
    expect(front.locator("h1")).to_have_css("color", "rgb(9, 8, 7)")
    expect(front.locator("head > link[rel=stylesheet]")).to_have_count(1)
    save(preview.root / "theme" / "static" / "style.css", "h1 { color: rgb(6, 5, 4) }\n")
    expect(front.locator("h1")).to_have_css("color", "rgb(6, 5, 4)")
    assert front.evaluate(MARKED)
    # The page counts as up to date: the next change of words loads it as ever.
    save(preview.root / "content" / "index.md", "Front\nNew words.\n")
    expect(front.locator("#body")).to_have_text("New words.")


def test_a_fault_shows_in_the_page_as_plain_text_and_goes_when_it_is_mended(
    preview: Preview, front: Page
) -> None:
    front.evaluate(MARK)
    save(
        preview.root / "content" / "index.md",
        "Front\n!fault <img src=x onerror=alert(1)> is no title.\n",
    )
    panel = front.get_by_role("alert")
    expect(panel).to_contain_text("1 thing to mend")
    expect(panel).to_contain_text("You see the last version that could be built.")
    expect(panel).to_contain_text("content/index.md, line 2, title")
    expect(panel).to_contain_text("<img src=x onerror=alert(1)> is no title.")
    expect(panel).to_contain_text("Write a title.")
    expect(panel.locator("img")).to_have_count(0)
    assert front.evaluate(MARKED), "the last good page stays as it is"
    save(preview.root / "content" / "index.md", "Front\nMended.\n")
    expect(front.locator("#body")).to_have_text("Mended.")
    expect(panel).to_be_hidden()


def test_an_error_of_the_programs_shows_in_the_page(preview: Preview, front: Page) -> None:
    save(preview.root / "content" / "index.md", "Front\n!crash\n")
    panel = front.get_by_role("alert")
    expect(panel).to_contain_text("The site could not be built")
    expect(panel).to_contain_text("<b>line</b> 3")


def test_the_panel_is_dismissed_by_keyboard_and_stays_away_until_something_else_is_wrong(
    preview: Preview, front: Page
) -> None:
    page = preview.root / "content" / "index.md"
    save(page, "Front\n!mild A word is missing.\n")
    panel = front.get_by_role("alert")
    expect(panel).to_contain_text("This page holds your latest change.")
    button = panel.get_by_role("button", name="Dismiss")
    while not button.evaluate("button => button.getRootNode().activeElement === button"):
        front.keyboard.press("Tab")
    front.keyboard.press("Enter")
    expect(panel).to_be_hidden()
    open_page(front, preview.url)
    expect(panel).to_be_hidden()
    save(page, "Front\n!mild Another word is missing.\n")
    expect(panel).to_contain_text("Another word is missing.")
    panel.get_by_role("button").focus()
    front.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_the_panel_fits_a_phone_and_a_page_can_be_read_beside_it(
    preview: Preview, front: Page
) -> None:
    front.set_viewport_size({"width": 320, "height": 560})
    long = "word " * 300 + "w" * 400
    save(preview.root / "content" / "index.md", f"Front\n!fault {long}\n")
    panel = front.get_by_role("alert")
    expect(panel).to_contain_text("1 thing to mend")
    box = panel.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    assert box["height"] <= 560 * 0.75
    assert front.evaluate("document.documentElement.scrollWidth") == 320


def test_a_page_before_there_is_a_site_says_why_and_goes_on_by_itself(
    plain_page: Page, root: Path
) -> None:
    page = plain_page
    save(root / "content" / "index.md", "Front\n!fault The title is empty.\n")
    with previewing(root) as preview, page.expect_response("**/_preview/events"):
        answer = page.goto(preview.url)
        assert answer is not None
        assert answer.status == 503
        expect(page.get_by_role("listitem")).to_contain_text("The title is empty.")
        save(root / "content" / "index.md", "Front\n!fault The title is too long.\n")
        expect(page.get_by_role("listitem")).to_contain_text("The title is too long.")
        save(root / "content" / "index.md", "Front\nMended.\n")
        expect(page.locator("#body")).to_have_text("Mended.")


def test_a_page_says_when_the_preview_is_gone_and_joins_the_next_one(
    plain_page: Page, root: Path
) -> None:
    page = plain_page
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with previewing(root, port=port) as first:
        open_page(page, first.url)
        assert first.end() == 0
    status = page.get_by_role("status")
    expect(status).to_contain_text("The preview does not answer.")
    save(root / "content" / "index.md", "Front\nWhile it was away.\n")
    with previewing(root, port=port):
        expect(page.locator("#body")).to_have_text("While it was away.")
        expect(status).to_be_hidden()


def test_a_tab_that_nobody_looks_at_holds_no_line_and_catches_up(
    preview: Preview, front: Page
) -> None:
    front.evaluate(MARK)
    front.evaluate(LOOKED_AT, "hidden")
    save(preview.root / "content" / "index.md", "Front\nMeanwhile.\n")
    preview.hear("content/index.md changed")
    assert front.evaluate(MARKED)
    front.evaluate(LOOKED_AT, "visible")
    expect(front.locator("#body")).to_have_text("Meanwhile.")


def test_the_panel_has_nothing_that_axe_objects_to(preview: Preview, plain_page: Page) -> None:
    # A page that may complain: axe sets styles of its own, which the policy refuses.
    open_page(plain_page, preview.url)
    save(preview.root / "content" / "index.md", "Front\n!fault The title is empty.\n")
    expect(plain_page.get_by_role("alert")).to_contain_text("1 thing to mend")
    response = Axe().run(plain_page, context="open-house-preview")
    assert response.violations_count == 0, response.generate_report()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    return write_site(tmp_path_factory.mktemp("tiny") / "association")


@pytest.fixture(scope="module")
def real_preview(tiny: TinySite) -> Iterator[Preview]:
    env = {
        "OPEN_HOUSE_DATABASE": f"sqlite:///{tiny.folder / 'feedback.sqlite3'}",
        "OPEN_HOUSE_SECRET": SECRET,
    }
    options = {"content": tiny.content, "site": tiny.site, "builder": BUILDER}
    with previewing(ROOT, env=env, **options) as running:
        yield running


def test_a_page_of_the_real_site_follows_its_markdown_file(
    tiny: TinySite, real_preview: Preview, page: Page
) -> None:
    open_page(page, f"{real_preview.url}en/blog/")
    page.get_by_role("link", name="The gutters are clear").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The gutters are clear")
    post = tiny.content / "posts" / "2026-03-04-clear-gutters.en.md"
    written = post.read_text("utf-8")
    save(post, written.replace("one tennis ball", "two tennis balls"))
    expect(page.get_by_text("two tennis balls")).to_be_visible()
    panel = page.get_by_role("alert")
    save(post, written.replace("topics: [repairs]", "topics: [repair]"))
    expect(panel).to_contain_text(f"content/posts/{post.name}, line 5, topics")
    save(post, written)
    expect(panel).to_be_hidden()
    expect(page.get_by_text("one tennis ball")).to_be_visible()


def test_a_form_goes_from_the_page_to_the_receipt_on_the_previews_own_address(
    real_preview: Preview, browser: Browser
) -> None:
    context = browser.new_context(locale="cy-GB", java_script_enabled=False)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    tenant = context.new_page()
    tenant.goto(f"{real_preview.url}cy/")
    tenant.get_by_role("banner").get_by_role("link", name="Dweud eich dweud").first.click()
    tenant.get_by_role("link", name="Nac oes: dw i eisiau dweud rhywbeth").click()
    receipt, ref = fill_in(Chromium(tenant))
    context.close()
    assert f"{real_preview.url}feedback/cy/say" in asked
    assert all(url.startswith(real_preview.url) for url in asked)

    page = real_preview.ask(receipt.removeprefix(real_preview.url.rstrip("/"))).text
    assert '<html lang="cy"' in page
    assert ref in page
    assert str(escape(SAID)) in page
