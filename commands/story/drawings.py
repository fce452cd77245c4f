"""The photos of the story, which are drawings: nobody's home is shown."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

SIZE = (960, 720)
PLASTER, SHADE, MOULD, TILE = "#e9e4d8", "#c9c2b2", "#5d6b5a", "#b9c7cf"


def fan() -> bytes:
    """Draw an old extractor fan in a tiled wall, as JPEG."""
    image = Image.new("RGB", SIZE, TILE)
    draw = ImageDraw.Draw(image)
    for place in range(0, SIZE[0], 120):
        draw.line([(place, 0), (place, SIZE[1])], fill="white", width=6)
        draw.line([(0, place), (SIZE[0], place)], fill="white", width=6)
    draw.rounded_rectangle([260, 140, 700, 580], radius=30, fill=PLASTER, outline=SHADE, width=8)
    draw.ellipse([320, 200, 640, 520], fill="#4a4a46", outline=SHADE, width=10)
    for start in range(0, 360, 60):
        draw.pieslice([340, 220, 620, 500], start, start + 28, fill="#7d7a70")
    draw.ellipse([450, 330, 510, 390], fill=SHADE)
    return _jpeg(image)


def wall() -> bytes:
    """Draw a wall with mould in its corner, as JPEG."""
    image = Image.new("RGB", SIZE, PLASTER)
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, 640, *SIZE], fill="#8a6f4d")
    draw.line([(700, 0), (700, 640)], fill=SHADE, width=8)
    for number in range(140):
        across, down = (number * 83) % 260, (number * 131) % 360
        size = 6 + (number * 7) % 30
        draw.ellipse([520 + across, down, 520 + across + size, down + size], fill=MOULD)
    return _jpeg(image)


def _jpeg(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=80)
    return stream.getvalue()


DRAWINGS = {"fan": fan, "wall": wall}
