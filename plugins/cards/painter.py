"""Draws cards as PNG. Run as a program it does so apart: the library lets nothing else go on.

It imports nothing of ours, so that such a program is there at once.
"""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import resvg_py
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS_AT = (64, 134)  # where the words lie on the ground, in pixels
_COLOURS = 24
_FEW = 16  # drawings for which another process isn't worth its start


@dataclass(frozen=True)
class Drawing:
    """A card as two layers of SVG: the ground is drawn once for all cards that share it."""

    ground: str
    words: str
    strange: bool  # whether it has letters that the theme's fonts lack


def paint(drawing: Drawing, fonts: tuple[str, ...]) -> bytes:
    """Return a drawing as PNG; letters that our fonts lack are the machine's own."""
    card = _drawn(drawing.ground, fonts, strange=drawing.strange).copy()
    words = _layer(drawing.words, fonts, strange=drawing.strange)
    card.alpha_composite(words, WORDS_AT)
    # Flat colours: a palette tells no difference, and takes up a third.
    few = card.convert("RGB").quantize(
        _COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
    )
    written = io.BytesIO()
    few.save(written, "PNG", compress_level=7)
    return written.getvalue()


def _layer(svg: str, fonts: tuple[str, ...], *, strange: bool) -> Image.Image:
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg, skip_system_fonts=not strange, font_files=list(fonts)
    )
    with Image.open(io.BytesIO(drawn)) as picture:
        return picture.convert("RGBA")


_drawn = lru_cache(maxsize=32)(_layer)  # a ground for each house in each language


def paint_all(drawings: Sequence[Drawing], fonts: tuple[str, ...]) -> list[bytes]:
    """Return drawings as PNG in their order, made on every core when they are many."""
    if len(drawings) <= _FEW:
        return [paint(drawing, fonts) for drawing in drawings]
    cores = os.cpu_count() or 1
    shares = [drawings[start::cores] for start in range(cores)]
    with ThreadPoolExecutor(cores) as pool:
        painted = list(pool.map(partial(_paint_apart, fonts=fonts), shares))
    return [painted[number % cores][number // cores] for number in range(len(drawings))]


def _paint_apart(drawings: Sequence[Drawing], fonts: tuple[str, ...]) -> list[bytes]:
    task = json.dumps({"drawings": [astuple(drawing) for drawing in drawings], "fonts": fonts})
    done = subprocess.run(
        [sys.executable, "-I", __file__], input=task, capture_output=True, check=True, text=True
    )
    return [base64.b64decode(drawing) for drawing in json.loads(done.stdout)]


def _work() -> None:
    task = json.load(sys.stdin)
    painted = [paint(Drawing(*fields), tuple(task["fonts"])) for fields in task["drawings"]]
    json.dump([base64.b64encode(fields).decode() for fields in painted], sys.stdout)


if __name__ == "__main__":
    _work()
