"""From pixels to files: which sizes and formats, and with which settings.

The same pixels and the same recipe give the same bytes, on one core or many; so encoders run on
one thread each, and the pictures of a build share the cores among them.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

from PIL import Image, ImageOps, features

WIDTHS = (320, 640, 960, 1280)
FALLBACK_WIDTH = 960
SOCIAL = (1200, 630)  # what Open Graph readers crop to
_PAPER = (247, 244, 238)  # limestone: the ground of the pages, under what is see-through
_NEAR = 1.15  # two widths closer than this are not worth two files

# Speed 8 was a quarter of the time of speed 6 for files of the same size.
_AVIF = {"quality": 55, "speed": 8, "max_threads": 1, "autotiling": False, "advanced": {}}
_LIBRARIES = "/".join(
    f"{name} {features.version(name)}"
    for name in ("pil", "avif", "webp", "libjpeg_turbo", "zlib_ng", "littlecms2")
)
HAS_AVIF = bool(features.check("avif"))


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one file is made from an original."""

    original: str  # SHA-256 of its bytes, in hex
    format: str
    width: int
    height: int
    purpose: str = "page"  # page, lossless, social, as-is

    @property
    def key(self) -> str:
        """Return a SHA-256 in hex that changes whenever the bytes made might."""
        recipe = (self.original, self.format, self.width, self.height, self.purpose, _AVIF)
        return hashlib.sha256(f"{recipe}/{_LIBRARIES}/1".encode()).hexdigest()


def widths(width: int) -> tuple[int, ...]:
    """Return the widths to offer of a picture this wide: never wider than it is."""
    most = min(width, WIDTHS[-1])
    return (*(step for step in WIDTHS if step * _NEAR < most), most)


def height_at(width: int, size: tuple[int, int]) -> int:
    """Return the height of a picture of a size when shown so wide: at least one pixel."""
    return max(1, round(size[1] * width / size[0]))


def base(image: Image.Image) -> Image.Image:
    """Return the picture at the largest size that is ever written.

    Every file is made from this, whichever of them are needed, so that its bytes don't depend on
    what a cache held.
    """
    if image.width <= WIDTHS[-1]:
        return image
    size = (WIDTHS[-1], height_at(WIDTHS[-1], image.size))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)


def encode(image: Image.Image, recipe: Recipe) -> bytes:
    """Return the bytes of one file.

    :param image: comes from `base`, and is left as it was.
    """
    size = (recipe.width, recipe.height)
    if recipe.purpose == "social":
        image = _card(image)
    elif image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS)
    else:
        image = image.copy()  # saving writes on the object, and others may be saving it too
    stream = io.BytesIO()
    if recipe.format == "avif":
        image.save(stream, "AVIF", **_AVIF)
    elif recipe.format == "webp" and recipe.purpose == "lossless":
        image.save(stream, "WEBP", lossless=True, quality=80, method=4)
    elif recipe.format == "webp":
        image.save(stream, "WEBP", quality=76, method=5)
    elif recipe.format == "png":
        image.save(stream, "PNG", optimize=True)
    else:
        image.save(stream, "JPEG", quality=80, optimize=True, progressive=True)
    return stream.getvalue()


def _card(image: Image.Image) -> Image.Image:
    """Return 1200 by 630 pixels: cut to fit, or, when too small or see-through, on paper."""
    large = image.width >= SOCIAL[0] // 2 and image.height >= SOCIAL[1] // 2
    if large and image.mode == "RGB":
        return ImageOps.fit(image, SOCIAL, Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    card = Image.new("RGB", SOCIAL, _PAPER)
    inner = image.copy()
    inner.thumbnail(SOCIAL, Image.Resampling.LANCZOS)
    place = ((SOCIAL[0] - inner.width) // 2, (SOCIAL[1] - inner.height) // 2)
    card.paste(inner, place, inner if inner.mode == "RGBA" else None)
    return card
