"""From the bytes of a picture to its pixels: upright, in sRGB, and nothing else."""

from __future__ import annotations

import io
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PIL import Image, ImageCms, ImageFile
from pillow_heif import HeifImageFile

from core.pictures.faults import ImageFault
from core.pictures.formats import sniff

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Under the name that people see. Read, never written: browsers don't show it.
Image.register_open("HEIC", HeifImageFile, lambda start: sniff(start) == "HEIC")

MAX_PIXELS = 40_000_000
MAX_SIDE = 16_000  # WebP ends at 16,383 (RFC 9649, 2.5)
MAX_BYTES = 60_000_000

_ORIENTATION = 0x0112  # EXIF 2.32, 4.6.4 A
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SMALLER = "Save a smaller copy: 2,560 pixels wide is plenty."
_BROKEN = (
    "This picture is broken or was cut short.",
    "Open it, save it again, and put the new file in its place.",
)


def decode(path: Path, data: bytes, name: str) -> Image.Image:
    """Return the first frame as RGB, or as RGBA when some of it is see-through.

    Turned upright by its EXIF orientation, its colours brought to sRGB, eight bits a channel, and
    with nothing in `info`.

    :param name: the format, as Pillow calls it.
    :raises ImageFault: when it is broken, or larger than can be borne.
    """
    image = opened(path, data, name)
    try:
        with _quietly():
            image.load()
            turned = _upright(image)
            pixels = _rgb(turned, image.info.get("icc_profile"))
    except Exception as error:  # a decoder may raise anything on bytes that lie
        raise ImageFault(path, *_BROKEN) from error
    pixels.info = {}
    return pixels


def opened(path: Path, data: bytes, name: str) -> Image.Image:
    """Return the picture with its header read and its size found bearable.

    :param name: the format, as Pillow calls it.
    :raises ImageFault: when it is broken, or larger than can be borne.
    """
    try:
        with _quietly():
            image = Image.open(io.BytesIO(data), formats=(name,))
    except Image.DecompressionBombError as error:
        wrong = f"This picture has more than {MAX_PIXELS // 1_000_000} million pixels."
        raise ImageFault(path, wrong, _SMALLER) from error
    except Exception as error:  # a decoder may raise anything on bytes that lie
        raise ImageFault(path, *_BROKEN) from error
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        wrong = (
            f"This picture is {width:,} by {height:,} pixels; the most is "
            f"{MAX_PIXELS // 1_000_000} million in all and {MAX_SIDE:,} a side."
        )
        raise ImageFault(path, wrong, _SMALLER)
    return image


def frames(path: Path, image: Image.Image) -> int:
    """Return how many frames an opened picture has.

    :raises ImageFault: when it was cut short.
    """
    try:
        return int(getattr(image, "n_frames", 1))
    except Exception as error:  # counting GIF frames walks through the whole file
        raise ImageFault(path, *_BROKEN) from error


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep Pillow's warnings to ourselves: of size we speak in words, odd EXIF is dropped.

    What was cut short is broken, also once WeasyPrint was loaded, which has Pillow let it pass.
    """
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _upright(image: Image.Image) -> Image.Image:
    try:
        turn = _UPRIGHT.get(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - broken EXIF leaves the picture itself whole
        turn = None
    return image if turn is None else image.transpose(turn)


def _rgb(image: Image.Image, icc: object) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would clip instead of scaling
        image = image.convert("I").point(lambda value: value / 256).convert("L")
        image.info = {}  # its see-through value, if any, counted in 16 bits too
    if image.has_transparency_data:
        whole = image.convert("RGBA")
        alpha = whole.getchannel("A")
        colour = _srgb(whole.convert("RGB"), icc)
        if alpha.getextrema() != (255, 255):
            colour.putalpha(alpha)
        return colour
    if image.mode not in {"RGB", "L", "CMYK"}:
        image = image.convert("RGB")
    return _srgb(image, icc)


def _srgb(image: Image.Image, icc: object) -> Image.Image:
    if isinstance(icc, bytes) and icc:
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            if "srgb" in ImageCms.getProfileDescription(profile).lower() and image.mode == "RGB":
                return image
            turned = ImageCms.profileToProfile(
                image, profile, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            turned = None  # a broken profile: its numbers are then read as sRGB, as browsers do
        if turned is not None:
            return turned
    return image if image.mode == "RGB" else image.convert("RGB")
