"""Every sort of page of the sample site, opened in a real browser by all sorts of readers."""

from __future__ import annotations

import re
from statistics import fmean
from typing import TYPE_CHECKING

import pytest

from plugins.kinds.models import Kind

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.sample import Sample

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.unmeasured]

NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
# The element with the focus: its words, its ring, and whether it can be seen.
FOCUSED = """() => {
    const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
    const x = box.left + Math.min(box.width, innerWidth) / 2, y = box.top + box.height / 2;
    const top = document.elementFromPoint(x, y);
    return {
        at: [...document.querySelectorAll("*")].indexOf(e),
        what: e.outerHTML.slice(0, 120),
        ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        seen: !!top && (e === top || e.contains(top) || top.contains(e)),
    };
}"""
FEW = 5  # lines too few to tell a page's measure by
# How many letters stand on each full line of the paragraphs that writers wrote.
LETTERS = """() => [...document.querySelectorAll(".prose > p")].flatMap(p => {
    const lines = new Map(), range = document.createRange();
    const walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode());)
        for (let i = 0; i < node.length; i++) {
            range.setStart(node, i);
            range.setEnd(node, i + 1);
            const line = Math.round(range.getBoundingClientRect().bottom / 8);
            lines.set(line, (lines.get(line) || 0) + 1);
        }
    return [...lines.values()].slice(0, -1);
}).filter(letters => letters > 20)"""


def test_the_sample_has_every_sort_of_page_in_both_languages(sample: Sample) -> None:
    kinds = [kind for kind in Kind if kind != Kind.PAGE]
    expected = {f"on-{kind}" for kind in (*kinds, "home", "tag", "topic", "person")}
    expected |= {f"on-{kind} is-detail" for kind in (*kinds, "page")}
    for lang in ("cy", "en"):
        assert expected - {sort for spoken, sort in sample.pages if spoken == lang} == set()
    assert {"", "404.html"} <= set(sample.pages.values())


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_the_keyboard_reaches_everything_in_order_and_in_sight(
    sample: Sample, page: Page, size: dict[str, int]
) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.emulate_media(reduced_motion="reduce")
    page.goto(sample.address + sample.pages["en", "on-meetup is-detail"])
    wanted = page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, [tabindex='0']")]
            .filter(e => e.checkVisibility({visibilityProperty: true})).length"""
    )
    places = []
    for _ in range(wanted):
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUSED)
        assert now["ring"], f"no ring: {now['what']}"
        assert now["seen"], f"out of sight: {now['what']}"
        places.append(now["at"])
    assert places == sorted(set(places)), "the order is that of the page, and nothing traps"


def test_the_skip_link_leads_past_the_menu(sample: Sample, page: Page) -> None:
    page.goto(sample.address + "en/")
    page.keyboard.press("Tab")
    assert "skip" in page.evaluate("document.activeElement.className")
    page.keyboard.press("Enter")
    page.locator("#main:focus").wait_for()


def test_the_menu_of_a_narrow_window_opens_closes_and_gives_the_focus_back(
    sample: Sample, page: Page
) -> None:
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto(sample.address + "en/")
    menu = page.locator("#menu")
    assert not menu.is_visible()
    page.locator(".menu-button").press("Enter")
    assert menu.is_visible()
    page.keyboard.press("Escape")
    assert not menu.is_visible()
    assert page.evaluate("document.activeElement.className") == "menu-button"


def test_nothing_is_lost_without_javascript(sample: Sample, browser: Browser, page: Page) -> None:
    plain = browser.new_context(java_script_enabled=False, viewport=WIDE)  # type: ignore[arg-type]
    bare = plain.new_page()
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    for sort in ("on-home", "on-roadmap", "on-change is-detail"):
        path = sample.pages["cy", sort]
        page.goto(sample.address + path)
        choice = page.locator(".lamp").inner_text()
        bare.goto(sample.address + path)
        assert bare.locator("body").inner_text() == page.locator("body").inner_text().replace(
            choice + "\n", "", 1
        )
    plain.close()


def test_the_choice_of_night_colours_is_remembered(sample: Sample, page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(sample.address + "en/")
    ground = "getComputedStyle(document.body).backgroundColor"
    day = page.evaluate(ground)
    page.get_by_role("button", name="Night colours").click()
    night = page.evaluate(ground)
    assert night != day
    page.goto(sample.address + "cy/")
    assert page.evaluate(ground) == night
    page.get_by_role("button", name="Lliwiau dydd").click()
    assert page.evaluate(ground) == day


def test_lit_windows_stay_lit_in_colours_of_the_readers_own(sample: Sample, page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(sample.address + sample.pages["en", "on-roadmap"])
    pane = (
        "getComputedStyle(document.querySelector('main .house.is-{}')).getPropertyValue('--pane')"
    )
    assert page.evaluate(pane.format("done")) != page.evaluate(pane.format("later"))


def test_fonts_have_arrived_with_the_letters_of_welsh(sample: Sample, page: Page) -> None:
    page.goto(sample.address + "cy/")
    page.evaluate("document.fonts.ready.then(() => true)")
    widths = page.evaluate(
        """() => {
            const pen = document.createElement("canvas").getContext("2d");
            pen.font = '40px "Atkinson Hyperlegible Next", monospace';
            const width = letter => pen.measureText(letter).width;
            return [[width("ŵ"), width("w")], [width("ŷ"), width("y")]];
        }"""
    )
    assert all(with_roof == without for with_roof, without in widths)


def test_nothing_moves_while_a_page_loads(sample: Sample, page: Page) -> None:
    page.add_init_script(
        """window.moved = 0;
        new PerformanceObserver(list => list.getEntries().forEach(e => window.moved += e.value))
            .observe({type: "layout-shift", buffered: true});"""
    )
    for (lang, sort), path in sample.pages.items():
        if lang == "en":
            page.goto(sample.address + path)
            page.evaluate("document.fonts.ready.then(() => true)")
            assert page.evaluate("window.moved") == 0, sort


def test_pages_hold_no_script_and_no_style_of_their_own(sample: Sample) -> None:
    for file in sample.folder.rglob("*.html"):
        html = file.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=\"", html), file
        scripts = re.findall(r"<script([^>]*)>", html)
        assert all("src=" in script or "application/ld+json" in script for script in scripts), file


def test_lines_are_as_long_as_eyes_like_them(sample: Sample, page: Page) -> None:
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    read = 0
    for (_, sort), path in sample.pages.items():
        if sort.endswith("is-detail"):
            page.goto(sample.address + path)
            lines = page.evaluate(LETTERS)
            read += len(lines)
            assert len(lines) < FEW or 60 <= fmean(lines) <= 75, path
    assert read > 100
