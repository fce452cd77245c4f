"""The picture of a show: held against Apple's rules, and published without what a camera adds."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.pictures import decode
from core.pictures.formats import identify
from plugins.images import ImageFault, original

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from plugins.images.cache import Cache

LEAST, MOST = 1400, 3000  # pixels a side
SMALL = 320  # of the cover on our own pages, which show it half as large
_SUFFIX = {"JPEG": "jpg", "PNG": "png"}
_SQUARE = f"Save it as a square of {LEAST} to {MOST} pixels a side."


@dataclass(frozen=True, slots=True)
class Artwork:
    """A picture that podcast apps take."""

    data: bytes
    small: bytes  # for our own pages
    suffix: str
    side: int

    @property
    def name(self) -> str:
        """Return a file name that changes with the picture, since apps keep pictures by address."""
        return f"{hashlib.sha256(self.data).hexdigest()[:16]}.{self.suffix}"


def cover_of(artwork: str) -> str:
    """Return where the small one lies, beside the picture that podcast apps take."""
    return f"{artwork.rpartition('.')[0]}-{SMALL}.webp"


def read_artwork(path: Path, cache: Cache) -> Artwork:
    """Return a show's picture, ready to go out.

    :raises ImageFault: when podcast apps would refuse it.
    """
    data = original.load(path)
    form = identify(path, data)
    if form not in _SUFFIX:
        wrong = f"This is a {form} picture, which podcast apps refuse."
        raise ImageFault(path, wrong, "Save it as PNG or JPEG.")
    opened = decode.opened(path, data, form)
    width, height = opened.size
    if width != height:
        wrong = f"The picture is {width} by {height} pixels, and podcast apps want a square."
        raise ImageFault(path, wrong, _SQUARE)
    if not LEAST <= width <= MOST:
        wrong = f"The picture has {width} pixels a side; Apple takes {LEAST} to {MOST}."
        raise ImageFault(path, wrong, _SQUARE)
    if opened.mode not in {"RGB", "P"} or opened.has_transparency_data:
        how = "see-through" if opened.has_transparency_data else f"in {opened.mode} colours"
        wrong = f"The picture is {how}, and podcast apps want plain RGB."
        raise ImageFault(path, wrong, "Save it with RGB colours and no see-through parts.")
    stem = f"{hashlib.sha256(data).hexdigest()}-1"
    clean, small = cache.read(f"{stem}.{_SUFFIX[form]}"), cache.read(f"{stem}.webp")
    if clean is None or small is None:
        pixels = decode.decode(path, data, form)
        clean, small = _clean(pixels, form), _small(pixels)
        cache.write(f"{stem}.{_SUFFIX[form]}", clean)
        cache.write(f"{stem}.webp", small)
    return Artwork(clean, small, _SUFFIX[form], width)


def _clean(pixels: Image.Image, form: str) -> bytes:
    """Return the picture upright and in sRGB, without position, date or camera."""
    stream = io.BytesIO()
    if form == "PNG":
        pixels.save(stream, "PNG", optimize=True)
    else:
        pixels.save(stream, "JPEG", quality=90, optimize=True, progressive=True)
    return stream.getvalue()


def _small(pixels: Image.Image) -> bytes:
    stream = io.BytesIO()
    pixels.resize((SMALL, SMALL)).save(stream, "WEBP", quality=80, method=6)
    return stream.getvalue()
