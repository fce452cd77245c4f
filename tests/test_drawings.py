"""Drawings in SVG: shown as they are, when they do nothing but draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plugins.images import ImageFault, Pictures

if TYPE_CHECKING:
    from pathlib import Path

from tests.pictures import PRIVATE, emitted, shown, svg

pytestmark = pytest.mark.long


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    return Pictures(tmp_path / "cache")


def test_a_drawing_in_svg_stays_one_and_has_a_size(pictures: Pictures, tmp_path: Path) -> None:
    inside = (
        '<defs><linearGradient id="sky"><stop offset="0"/></linearGradient></defs>'
        '<rect width="9" height="9" fill="url(#sky)"/><text>Tŷ Agored</text>'
        '<use xlink:href="#sky"/><style>rect { fill: url("#sky") }</style>'
    )
    picture = shown(pictures, svg(tmp_path / "house.svg", inside))
    assert (picture.width, picture.height, picture.variants) == (320, 200, ())
    drawing = emitted(pictures, tmp_path / "out")[picture.src].decode()
    for part in ("Tŷ Agored", "url(#sky)", 'href="#sky"', "linearGradient", 'url("#sky")'):
        assert part in drawing
    assert pictures.social(tmp_path / "house.svg") == ""


def test_a_drawing_does_not_name_who_drew_it(pictures: Pictures, tmp_path: Path) -> None:
    inside = (
        f"<!-- {PRIVATE} --><metadata>{PRIVATE}</metadata><i:grid>{PRIVATE}</i:grid>"
        f'<g i:label="{PRIVATE}"><path d="M0 0"/></g>'
    )
    picture = shown(pictures, svg(tmp_path / "house.svg", inside))
    assert PRIVATE.encode() not in emitted(pictures, tmp_path / "out")[picture.src]


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="10mm" height="5mm"', (38, 19)),
        ('width="100%" height="100%" viewBox="-5, -5, 640, 480"', (640, 480)),
        ('width="30" height="20" viewBox="0 0 3 2"', (30, 20)),
    ],
)
def test_a_drawing_says_how_large_it_is(
    pictures: Pictures, tmp_path: Path, attributes: str, size: tuple[int, int]
) -> None:
    picture = shown(pictures, svg(tmp_path / "house.svg", "<g/>", attributes))
    assert (picture.width, picture.height) == size


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<g onload="alert(1)"/>',
        '<g ONLOAD="alert(1)"/>',
        "<foreignObject><p/></foreignObject>",
        '<image href="https://other.example/x.png"/>',
        '<image href="data:image/png;base64,AAAA"/>',
        '<use href="https://other.example/x.svg#a"/>',
        '<use xlink:href="javascript:alert(1)"/>',
        '<rect fill="url(https://other.example/x)"/>',
        '<rect style="background: URL( //other.example/x )"/>',
        "<style>@import 'https://other.example/x.css';</style>",
        "<style>rect { fill: u\\72l(//other.example) }</style>",
        '<set attributeName="href" to="javascript:alert(1)"/>',
        "<g" + "><g" * 500 + "/>" + "</g>" * 500,
        "<g>",
        "&unknown;",
        "<!--" + "x" * 5_000_000 + "-->",
    ],
)
def test_a_drawing_that_does_more_than_draw_is_refused(
    pictures: Pictures, tmp_path: Path, inside: str
) -> None:
    with pytest.raises(ImageFault, match="drawing"):
        shown(pictures, svg(tmp_path / "house.svg", inside))


ENTITY = """\
<!DOCTYPE svg [<!ENTITY a "aaaa">]>
<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>&a;</title></svg>
"""


@pytest.mark.parametrize(
    "text",
    [
        ENTITY,
        '<svg viewBox="0 0 9 9"><g/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 1e999"/>',
        '<?xml version="1.0" encoding="no-such"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        "<p><svg></p>",
    ],
)
def test_what_only_looks_like_a_drawing_is_refused(
    pictures: Pictures, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "house.svg"
    path.write_text(text)
    with pytest.raises(ImageFault, match="drawing"):
        shown(pictures, path)
