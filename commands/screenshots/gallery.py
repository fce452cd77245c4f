"""Takes the photos, and puts them on one page to be looked at."""

from __future__ import annotations

import shutil
import sys
import tempfile
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from commands.browser import NoBrowser, chromium
from commands.screenshots.crawl import crawl
from commands.screenshots.pages import fullest_pages
from commands.screenshots.server import demo_server
from commands.terminal import Stop

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from commands.screenshots.server import DemoServer

SIZES = {320: 640, 768: 1024, 1280: 900}  # width of the window and its height
SCHEMES = ("light", "dark")
# A photo shows the whole page at once, so pictures far down must not wait to be scrolled to.
WHOLE = """async () => {
  const pictures = [...document.images];
  pictures.forEach(one => one.loading = "eager");
  await Promise.all(pictures.map(one => one.decode().catch(() => {})));
}"""
QUALITY = 70  # of the photos: they are looked at and thrown away
PICTURES = ("home", "roadmap")  # what the README shows
PICTURE = (1280, 900)


def photograph(
    root: Path, content: Path, site: Path, target: Path, *, pictures: Path | None = None
) -> int:
    """Photograph every template into a folder; returns the exit code: 0, or 2 when it can't.

    :param target: an album of before, which goes, or a new folder.
    :param pictures: where the README's pictures lie, when they are to be taken anew too.
    """
    try:
        with chromium() as browser, tempfile.TemporaryDirectory() as folder:
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir(parents=True)
            with demo_server(root, content, site, Path(folder)) as house:
                names = {lang: _take(browser, house, lang, target) for lang in house.languages}
                if pictures:
                    _take_pictures(browser, house, pictures)
    except (NoBrowser, Stop) as reason:
        print(reason, file=sys.stderr)
        return 2
    (target / "index.html").write_text(_album(names), encoding="utf-8")
    count = sum(1 for _ in target.glob("*.jpg"))
    print(f"{count} photos. Look at them: {target / 'index.html'}")
    return 0


def _take(browser: Browser, house: DemoServer, lang: str, target: Path) -> list[str]:
    """Walk through the house in one language; returns the names of what was photographed."""
    page = browser.new_context(locale="en-GB").new_page()
    names = []
    for name in crawl(page, house, lang):
        names.append(name)
        for width, height in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                _shoot(page, target / _file(name, lang, width, scheme))
    page.context.close()
    return names


def _shoot(page: Page, file: Path) -> None:
    page.evaluate(WHOLE)
    page.screenshot(path=file, full_page=True, type="jpeg", quality=QUALITY, animations="disabled")


def _file(name: str, lang: str, width: int, scheme: str) -> str:
    return f"{name}.{lang}.{width}.{scheme}.jpg"


def _take_pictures(browser: Browser, house: DemoServer, pictures: Path) -> None:
    """Take the README's pictures, in English where the site speaks it."""
    lang = "en" if "en" in house.languages else house.languages[0]
    width, height = PICTURE
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    pages = fullest_pages(house.tree)
    for name in PICTURES:
        page.goto(house.address + pages[lang, f"on-{name}"])
        page.evaluate("document.fonts.ready.then(() => true)")
        taken = Image.open(BytesIO(page.screenshot(animations="disabled")))
        taken.save(pictures / f"{name}.webp", quality=82, method=6)
    page.context.close()


def _album(names: dict[str, list[str]]) -> str:
    """Return a page with every photo, small, each a link to itself."""
    rows = []
    for name in sorted({name for taken in names.values() for name in taken}):
        shots = [
            _file(name, lang, width, scheme)
            for lang, taken in names.items()
            if name in taken
            for width in SIZES
            for scheme in SCHEMES
        ]
        photos = "".join(
            f'<a href="{escape(shot)}"><img src="{escape(shot)}" alt="{escape(shot)}" '
            'loading="lazy" width="200"></a> '
            for shot in shots
        )
        rows.append(f"<h2>{escape(name)}</h2>\n<p>{photos}</p>\n")
    return (
        '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Photos</title>\n'
        "<h1>Every template</h1>\n" + "".join(rows) + "</html>\n"
    )
