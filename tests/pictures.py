"""Pictures for tests: a photo, a drawing, and what a page shows of them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import html5lib
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from plugins.images import Picture, Pictures


PRIVATE = "Tenant at 12 Heol y Felin"


GPS = 0x8825


def with_secrets() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = PRIVATE  # ImageDescription
    exif.get_ifd(GPS).update({1: "N", 2: (51.0, 28.0, 53.2), 3: "W", 4: (3.0, 10.0, 44.0)})
    return exif


def gif(path: Path, frames: int = 3, **options: Any) -> Path:
    images = [drawing(120, 80) for _ in range(frames)]
    for number, image in enumerate(images):
        ImageDraw.Draw(image).text((60, 40), str(number), fill="black")
    return saved(path, images[0], save_all=True, append_images=images[1:], loop=0, **options)


def svg(path: Path, inside: str = "", attributes: str = 'viewBox="0 0 320 200"') -> Path:
    path.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd">\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'xmlns:i="http://www.inkscape.org/namespaces/inkscape" {attributes}>{inside}</svg>',
        encoding="utf-8",
    )
    return path


def photo(width: int = 700, height: int = 500) -> Image.Image:
    """Return something with more colours than a drawing: a gradient with grain."""
    grain = random.Random(7)
    image = Image.merge(
        "RGB",
        [
            Image.linear_gradient("L").resize((width, height)),
            Image.radial_gradient("L").resize((width, height)),
            Image.frombytes("L", (width, height), grain.randbytes(width * height)),
        ],
    )
    assert image.getcolors(256) is None
    return image


def drawing(width: int = 400, height: int = 200) -> Image.Image:
    image = Image.new("RGB", (width, height), "white")
    image.paste("#8a3b12", (width // 4, height // 4, width // 2, height // 2))
    return image


def saved(path: Path, image: Image.Image, **options: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)
    return path


def shown(  # noqa: PLR0913 - what a page may say
    pictures: Pictures,
    path: Path,
    *,
    alt: str = "A wall",
    sizes: str = "100vw",
    lazy: bool = True,
    caption: str | None = None,
    base: str = "/",
) -> Picture:
    return pictures.picture(path, alt=alt, sizes=sizes, lazy=lazy, caption=caption, base=base)


def emitted(pictures: Pictures, output: Path) -> dict[str, bytes]:
    pictures.emit(output)
    folder = output / "assets" / "img"
    return {f"/assets/img/{file.name}": file.read_bytes() for file in folder.iterdir()}


def read(markup: str) -> Element:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    whole: Element = parser.parseFragment(markup)
    return whole
