"""A walk over every sort of page in a real browser, as all sorts of readers; one load a page."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from axe_playwright_python.sync_playwright import Axe

from tests.copies import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.sample import Sample

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = {1280: 900, 768: 1024, 320: 256}  # the last is also 1280 by 1024 at 400 %
AXE = {1280: "light", 320: "dark"}  # where axe looks, and in which colours
CHECKS = (
    *("rules", "reflow", "spacing", "keyboard", "colour", "own colours"),
    *("fields", "motion", "paper"),
)
# What stands out of the window to the right, but for what scrolls inside its own box.
WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll"))
    .map(e => e.outerHTML.slice(0, 120))"""
# What stays over the text while it scrolls, and takes more than a third of a small window.
STUCK = """() => [...document.querySelectorAll("body *")]
    .filter(e => ["fixed", "sticky"].includes(getComputedStyle(e).position)
        && e.getBoundingClientRect().height > innerHeight / 3)
    .map(e => e.outerHTML.slice(0, 120))"""
# Lines, letters, words and paragraphs spaced by the reader (WCAG 1.4.12); what then is cut off.
SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`);
    document.adoptedStyleSheets = [sheet];
    const cut = [...document.querySelectorAll("main *")].filter(e => {
        const style = getComputedStyle(e);
        return style.overflow === "hidden" && !e.closest(".hidden, svg")
            && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1);
    }).map(e => e.outerHTML.slice(0, 120));
    const wide = document.documentElement.scrollWidth > innerWidth ? ["wider than the window"] : [];
    document.adoptedStyleSheets = [];
    return [...cut, ...wide];
}"""
# Everything that takes the focus: it has a ring, can be seen, and no order of its own.
FOCUS = """() => {
    const faults = [];
    const all = [...document.querySelectorAll(
        "a[href], button, input, select, textarea, summary, [tabindex='0']")]
        .filter(e => e.type !== "hidden" && e.checkVisibility({visibilityProperty: true}));
    for (const e of all) {
        e.focus({focusVisible: true});
        if (document.activeElement !== e) { faults.push("takes no focus: " + say(e)); continue; }
        const style = getComputedStyle(e), box = e.getClientRects()[0];
        if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2)
            faults.push("no ring: " + say(e));
        const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
        const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
        const top = document.elementFromPoint(x, y);
        if (!top || !(e === top || e.contains(top) || top.contains(e) || top.control === e))
            faults.push("out of sight: " + say(e));
        if (e.tabIndex > 0) faults.push("an order of its own: " + say(e));
    }
    function say(e) { return e.outerHTML.slice(0, 120); }
    return faults;
}"""
# Links in text are underlined, houses stand beside words, drawings have a name or say nothing.
COLOUR = """() => {
    const underlined = e => getComputedStyle(e).textDecorationLine.includes("underline");
    const links = [...document.querySelectorAll("main p a:not(.button), main li p a:not(.button)")]
        .filter(e => e.checkVisibility() && !underlined(e)
            && e.closest("p").textContent.trim() !== e.textContent.trim());
    const houses = [...document.querySelectorAll("main .house")]
        .filter(e => !(e.closest("li, .status, .head, .lost") || e).textContent.trim());
    const drawings = [...document.querySelectorAll("svg")]
        .filter(e => e.getAttribute("role") === "img" ? !e.querySelector("title")?.textContent
            : !e.closest("[aria-hidden=true]"));
    return [...links, ...houses, ...drawings].map(e => e.outerHTML.slice(0, 120));
}"""
# Fields have a label, and say what a browser may fill in.
FIELDS = """() => [...document.querySelectorAll("input, select, textarea")]
    .filter(e => e.type !== "hidden" && (!e.labels.length || (
        ["email", "tel"].includes(e.type) && !e.autocomplete)))
    .map(e => e.outerHTML.slice(0, 120))"""
# On paper: the words, without what only a screen can do; dark on white.
PAPER = """heading => [
    ...[...document.querySelectorAll("nav, button, main form")].filter(e => e.checkVisibility())
        .map(e => "still there: " + e.outerHTML.slice(0, 90)),
    ...(document.querySelector("h1").innerText === heading ? [] : ["the heading is lost"]),
    ...(getComputedStyle(document.body).color === "rgb(0, 0, 0)" ? [] : ["not black on white"]),
]"""
# In the reader's own colours (Windows' contrast themes) what has the focus and what is lit shows.
FORCED = """() => [...document.querySelectorAll("main .button, main .house.is-done")].filter(e =>
    e.matches(".button") ? getComputedStyle(e).borderTopStyle === "none"
        : getComputedStyle(e).getPropertyValue("--pane")
            === getComputedStyle(e).getPropertyValue("--dark-pane")
    ).map(e => e.outerHTML.slice(0, 120))"""
# The validator runs for seconds: compiled quickly beats compiled well. Its schemas nest deeply.
JAVA = ("-Xmx512m", "-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
STILL = "() => document.getAnimations().map(one => one.animationName || 'a transition')"


class Walked(NamedTuple):
    """What was found on the way: by check, what is wrong on which page."""

    faults: dict[str, dict[str, Any]]  # check -> page and view -> what is wrong
    pages: int
    browser: str
    axe: str


def walk(sample: Sample, browser: Browser) -> Walked:
    """Look at each sort of page in each language, once, in every way that readers may have it."""
    faults: dict[str, dict[str, Any]] = defaultdict(dict)
    context = browser.new_context(locale="en-GB", reduced_motion="reduce")
    page, axe, version = context.new_page(), Axe(), ""

    def note(check: str, view: str, places: Any) -> None:
        if places:
            faults[check][view] = places

    views = axe_views(sample)
    for path in sample.pages.values():
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light", media="screen", forced_colors="none")
        page.goto(sample.address + path)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            view = f"{path} {width}"
            note("reflow", view, page.evaluate(WIDE))
            note("keyboard", view, page.evaluate(FOCUS))
            if width in views[path]:
                page.emulate_media(color_scheme=AXE[width])  # type: ignore[arg-type]
                response = axe.run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
                version = response.response["testEngine"]["version"]
                note("rules", f"{view} {AXE[width]}", _broken(response.response))
        note("reflow", f"{path} at 400 %", page.evaluate(STUCK))
        note("spacing", path, page.evaluate(SPACED))
        _look_closer(page, path, note)
    context.close()
    return Walked(faults, len(sample.pages), browser.version, version)


def axe_views(sample: Sample) -> dict[str, set[int]]:
    """Say in which windows axe looks at each page.

    It looks at every page, and at every sort of page in every window: languages take the windows in
    turn, for the colours of a sort of page are the same in all.
    """
    views: dict[str, set[int]] = {path: set() for path in sample.pages.values()}
    for sort in {sort for _, sort in sample.pages}:
        paths = [path for (_, other), path in sample.pages.items() if other == sort]
        for turn in range(max(len(paths), len(AXE))):
            views[paths[turn % len(paths)]].add([*AXE][turn % len(AXE)])
    return views


def _look_closer(page: Page, path: str, note: Callable[[str, str, Any], None]) -> None:
    note("colour", path, page.evaluate(COLOUR))
    note("fields", path, page.evaluate(FIELDS))
    note("motion", path, page.evaluate(STILL))
    page.emulate_media(forced_colors="active")
    note("own colours", path, page.evaluate(FORCED))
    page.emulate_media(forced_colors="none")
    heading = page.locator("h1").inner_text()
    page.emulate_media(media="print")
    note("paper", path, page.evaluate(PAPER, heading))


def _broken(response: dict[str, Any]) -> list[tuple[str, str]]:
    return [(rule["id"], rule["nodes"][0]["html"][:160]) for rule in response["violations"]]


def validate(folder: Path) -> list[str]:
    """Return what the W3C's validator says against any page below a folder, in one process."""
    java = shutil.which("java")
    jar = ROOT / "tests" / "node" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if java is None or not jar.is_file():
        raise FileNotFoundError("java or vnu-jar")
    options = ["--format", "json", "--errors-only", "--skip-non-html"]
    done = subprocess.run(
        [java, *JAVA, "-jar", str(jar), *options, str(folder)],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    return [
        f"{message.get('url', '').removeprefix(folder.as_uri())}: {message['message']}"
        for message in json.loads(done.stderr)["messages"]
    ]
