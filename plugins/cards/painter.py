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
import tempfile
from dataclasses import astuple, dataclass
from functools import lru_cache
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


class Painting:
    """Drawings on their way to be PNG: on every core when they are many, while a build goes on."""

    def __init__(self, drawings: Sequence[Drawing], fonts: tuple[str, ...]) -> None:
        """Begin with those that are worth a program of their own.

        :param fonts: files of the fonts, as TrueType.
        """
        self._drawings, self._fonts = drawings, fonts
        cores = (os.cpu_count() or 1) if len(drawings) > _FEW else 0
        self._shares = [_Share(drawings[start::cores], fonts) for start in range(cores)]

    def cards(self) -> list[bytes]:
        """Return the drawings as PNG in their order, once all are drawn.

        :raises CalledProcessError: when a program that draws has failed.
        """
        if not self._shares:
            return [paint(drawing, self._fonts) for drawing in self._drawings]
        painted, cores = [share.cards() for share in self._shares], len(self._shares)
        return [painted[number % cores][number // cores] for number in range(len(self._drawings))]


class _Share:
    """What one program draws. Files stand between it and us, so that neither waits for a pipe."""

    def __init__(self, drawings: Sequence[Drawing], fonts: tuple[str, ...]) -> None:
        task = json.dumps({"drawings": [astuple(drawing) for drawing in drawings], "fonts": fonts})
        self._drawn = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it was read
        with tempfile.TemporaryFile() as asked:
            asked.write(task.encode())
            asked.seek(0)
            self._program = subprocess.Popen(
                [sys.executable, "-I", __file__], stdin=asked, stdout=self._drawn
            )

    def cards(self) -> list[bytes]:
        if code := self._program.wait():
            raise subprocess.CalledProcessError(code, self._program.args)
        with self._drawn as drawn:
            drawn.seek(0)
            return [base64.b64decode(card) for card in json.load(drawn)]


def _work() -> None:
    task = json.load(sys.stdin)
    painted = [paint(Drawing(*fields), tuple(task["fonts"])) for fields in task["drawings"]]
    json.dump([base64.b64encode(fields).decode() for fields in painted], sys.stdout)


if __name__ == "__main__":
    _work()
