"""What pages weigh, and what they ask for: the first round trip of an old phone brings it all."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]
import pytest

from tests.copies import ROOT
from tests.sample import BASE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sample import Sample

pytestmark = [pytest.mark.unmeasured, pytest.mark.long]

ROUND_TRIP = 14_336  # bytes: what ten packets of a fresh connection bring
SCRIPTS = 6_000
FONTS = 45_000
STATIC = ROOT / "theme" / "static"
# What a browser fetches by itself, by the attribute that names it.
FETCHED = re.compile(r'<(?:img|script|source|video|audio|iframe|embed)\b[^>]*\ssrc="([^"]*)"')
SRCSETS = re.compile(r'\ssrcset="([^"]*)"')
LINKS = re.compile(r'<link rel="(?:stylesheet|preload|icon|manifest|apple-touch-icon)"[^>]*>')
STYLES = re.compile(r'<link rel="stylesheet" href="([^"]+)"')


def pages(sample: Sample) -> Iterator[tuple[Path, str]]:
    """Every page of the sample, with its words."""
    for file in sorted(sample.folder.rglob("*.html")):
        yield file, file.read_text(encoding="utf-8")


@cache
def packed(file: Path, effort: int = 11) -> int:
    """What a file weighs as it is sent; with less effort it weighs more, and is weighed sooner."""
    return len(brotli.compress(file.read_bytes(), quality=effort))


def below(sample: Sample, address: str) -> Path:
    return sample.folder / address.removeprefix(BASE)


def is_heavy(sample: Sample, file: Path, html: str) -> bool:
    """Whether a page and the style sheets that it asks for weigh more than a round trip brings."""
    sheets = sum(packed(below(sample, address)) for address in STYLES.findall(html))
    return all(packed(file, effort) + sheets > ROUND_TRIP for effort in (4, 11))


def test_a_page_and_its_styles_come_in_the_first_round_trip(sample: Sample) -> None:
    heavy = {file: packed(file) for file, html in pages(sample) if is_heavy(sample, file, html)}
    assert heavy == {}


def test_scripts_weigh_next_to_nothing(sample: Sample) -> None:
    for file, html in pages(sample):
        scripts = re.findall(r'<script[^>]* src="([^"]+)"', html)
        assert sum(packed(below(sample, script)) for script in scripts) <= SCRIPTS, file


def test_fonts_weigh_no_more_than_45_kilobytes() -> None:
    fonts = list((STATIC / "fonts").glob("*.woff2"))
    assert fonts
    assert sum(font.stat().st_size for font in fonts) <= FONTS


def test_pages_ask_nothing_of_another_host(sample: Sample) -> None:
    for file, html in pages(sample):
        asked = FETCHED.findall(html)
        asked += [
            part.split()[0]
            for candidates in SRCSETS.findall(html)
            for part in candidates.split(",")
        ]
        asked += re.findall(r'href="([^"]*)"', " ".join(LINKS.findall(html)))
        assert [address for address in asked if re.match(r"\w+:|//", address)] == [], file


def test_pictures_say_how_large_they_are(sample: Sample) -> None:
    for file, html in pages(sample):
        for picture in re.findall(r"<img\b[^>]*>", html):
            assert re.search(r' width="\d+"', picture), (file, picture)
            assert re.search(r' height="\d+"', picture), (file, picture)


def test_whatever_a_page_shows_is_styled_by_a_sheet_that_it_asks_for(sample: Sample) -> None:
    """Style sheets are parted by what pages need: a class whose sheet stays away looks broken."""
    styled = {sheet.name: classes_of(sheet) for sheet in STATIC.glob("*.css")}
    for apart in ("desk.css", "roadmap.css"):  # the desk is no page of the site; one is for paper
        del styled[apart]
    everywhere = set().union(*styled.values())
    for file, html in pages(sample):
        asked = [re.sub(r"\.[0-9a-f]{10}\.", ".", address) for address in STYLES.findall(html)]
        here = set().union(*(styled.get(address.rpartition("/")[2], set()) for address in asked))
        worn = {name for group in re.findall(r' class="([^"]*)"', html) for name in group.split()}
        assert (worn & everywhere) - here == set(), file


def classes_of(sheet: Path) -> set[str]:
    selectors = re.sub(r"\{[^{}]*\}|/\*.*?\*/", " ", sheet.read_text("utf-8"), flags=re.DOTALL)
    named = set(re.findall(r"\.([A-Za-z][\w-]*)", selectors))
    return {name for name in named if not name.startswith(("is-", "on-"))}  # they tell, not show
