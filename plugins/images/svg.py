"""Drawings in SVG: written anew from what they may hold.

A drawing made elsewhere may carry scripts, call other servers, or name the folders of whoever
drew it. What comes out of here holds shapes, text and styles, and nothing else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from core.pictures.faults import ImageFault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_SHAPES = frozenset(
    """
    svg g defs symbol use title desc switch style a path rect circle ellipse line polyline
    polygon text tspan textPath linearGradient radialGradient stop pattern clipPath mask marker
    filter feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix
    feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB
    feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight
    feSpecularLighting feSpotLight feTile feTurbulence
    """.split()  # noqa: SIM905 - a list one could read would fill the screen
)
_LEFT_OUT = frozenset({"metadata"})  # who drew it, when and with what: nobody else's business
_INSIDE = re.compile(r"url\(\s*(['\"]?)#[^)'\"]*\1\s*\)")
_CALLS = ("url(", "src(", "image(", "image-set(", "@import")
_NUMBER = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_LENGTH = re.compile(rf"\s*({_NUMBER})\s*(px|pt|pc|mm|cm|in)?\s*")
_VIEW_BOX = re.compile(rf"\s*-?{_NUMBER}[\s,]+-?{_NUMBER}[\s,]+({_NUMBER})[\s,]+({_NUMBER})\s*")
_PIXELS = {
    "": 1.0,
    "px": 1.0,
    "pt": 96 / 72,
    "pc": 16.0,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96.0,
}
_MAX_BYTES = 5_000_000
_MAX_DEPTH = 200
_MAX_SIDE = 10_000


def clean(path: Path, data: bytes) -> tuple[bytes, int, int]:
    """Return the drawing written anew, its width and its height in CSS pixels.

    :raises ImageFault: when it is not well-formed, runs scripts, moves, holds a photo, calls for
        anything outside itself, or doesn't say how large it is.
    """
    if len(data) > _MAX_BYTES:
        raise _fault(path, f"is larger than {_MAX_BYTES // 1_000_000} MB.")
    if b"<!ENTITY" in data or b"\x00" in data:
        raise _fault(path, "declares entities of its own.")
    try:
        root = ET.fromstring(data)  # noqa: S314 - no entities reach the parser, see above
    except (ET.ParseError, ValueError, LookupError) as error:
        raise _fault(path, "isn't well-formed XML.") from error
    if root.tag != f"{_SVG}svg":
        raise _fault(path, "doesn't say that it is SVG: its xmlns is missing.")
    drawing = _element(path, root, 0)
    width, height = _size(path, drawing)
    drawing.set("xmlns", _SVG.strip("{}"))
    return ET.tostring(drawing, encoding="utf-8"), width, height


def _fault(path: Path, wrong: str) -> ImageFault:
    instead = "Save it as “plain SVG” with shapes and text only, or as PNG."
    return ImageFault(path, f"This drawing {wrong}", instead)


def _element(path: Path, source: ET.Element, depth: int) -> ET.Element:
    name = source.tag.removeprefix(_SVG)
    if name not in _SHAPES:
        raise _fault(path, f"holds <{name}>, which a picture can't.")
    if depth > _MAX_DEPTH:
        raise _fault(path, f"nests its shapes more than {_MAX_DEPTH} deep.")
    element = ET.Element(name, dict(_attributes(path, source)))
    element.text = source.text
    if name == "style":
        _check_style(path, source.text or "")
    for child in source:
        # Other programs' own elements (inkscape:, sodipodi:) draw nothing; comments are gone.
        if child.tag.startswith(_SVG) and child.tag.removeprefix(_SVG) not in _LEFT_OUT:
            shape = _element(path, child, depth + 1)
            shape.tail = child.tail
            element.append(shape)
    return element


def _attributes(path: Path, source: ET.Element) -> Iterator[tuple[str, str]]:
    for name, value in source.items():
        if name in {"href", _XLINK_HREF}:
            if source.tag == f"{_SVG}a":
                continue  # a link inside a picture can't be followed
            if not value.strip().startswith("#"):
                raise _fault(path, f"calls for something outside itself: “{value[:60]}”.")
            yield "href", value.strip()
        elif name == _XML_SPACE:
            yield "xml:space", value
        elif name.startswith("{"):
            continue  # other programs' own attributes
        elif name.lower().startswith("on"):
            raise _fault(path, f"runs a script: {name}.")
        else:
            _check_style(path, value)
            yield name, value


def _check_style(path: Path, text: str) -> None:
    rest = _INSIDE.sub("", text).lower()
    if any(call in rest for call in _CALLS):
        raise _fault(path, "calls for something outside itself in a style.")
    if "javascript:" in rest or "\\" in rest:
        raise _fault(path, "hides something in a style.")


def _size(path: Path, root: ET.Element) -> tuple[int, int]:
    width, height = _pixels(root.get("width", "")), _pixels(root.get("height", ""))
    if not (width and height) and (box := _VIEW_BOX.fullmatch(root.get("viewBox", ""))):
        width, height = float(box[1]), float(box[2])
    if not 1 <= min(width, height) <= max(width, height) <= _MAX_SIDE:
        wrong = "This drawing doesn't say how large it is."
        raise ImageFault(path, wrong, 'Give its <svg> a viewBox, such as viewBox="0 0 640 480".')
    return round(width), round(height)


def _pixels(text: str) -> float:
    length = _LENGTH.fullmatch(text)
    return float(length[1]) * _PIXELS[length[2] or ""] if length else 0.0
