"""Photos that tenants send: made anew from their pixels, with nothing that a camera wrote.

A telephone writes where somebody lives into each photo, and a file may be anything that calls
itself one. So what is kept is a JPEG of our own, bounded in bytes and pixels before it is decoded.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PIL import Image

from core.pictures.decode import decode, frames, opened
from core.pictures.faults import ImageFault
from core.pictures.formats import sniff

MOST_PHOTOS = 3  # that one may send at a time …
MOST_OF_A_CASE = 12  # … and to one case
MOST_BYTES = 15_000_000  # of one as it comes: more than telephones write
SIDE = 1_600  # pixels of the longer side, as it is kept: enough to see a crack in a wall
QUALITY = 80
TAKEN = {"JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIC"}
STILL_WITH_MORE = {"JPEG", "HEIC"}  # may hold a second photo, for depth, and are one all the same
FILM_STARTS = (b"\x1a\x45\xdf\xa3", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3", b"OggS", b"FLV")
PAPER = (255, 255, 255)  # under what is see-through: JPEG knows no such thing


class PhotoFault(StrEnum):
    """Why a file is no photo that can be kept."""

    EMPTY = "empty"
    LARGE = "large"  # in bytes
    PIXELS = "pixels"
    FILM = "film"
    STRANGE = "strange"  # no picture, whatever its name says
    BROKEN = "broken"
    BUSY = "busy"  # too many are sending photos at this moment
    MANY = "many"  # more than are taken


class NoPhoto(Exception):
    """A file is no photo that can be kept."""

    def __init__(self, fault: PhotoFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class PhotoCopy:
    """A photo as it is kept: a JPEG with nothing in it but its pixels."""

    jpeg: bytes
    width: int  # pixels
    height: int


def copied(data: bytes) -> PhotoCopy:
    """Return a photo made anew from the pixels of a file.

    :raises NoPhoto: for what is none, is too large, or moves.
    """
    if not data:
        raise NoPhoto(PhotoFault.EMPTY)
    if len(data) > MOST_BYTES:
        raise NoPhoto(PhotoFault.LARGE)
    name = sniff(data)
    if name not in TAKEN:
        raise NoPhoto(PhotoFault.FILM if _is_film(data) else PhotoFault.STRANGE)
    nowhere = Path()  # it has no name of its own that could be told
    try:
        image = opened(nowhere, data, name)
    except ImageFault as fault:
        large = fault.__cause__ is None or isinstance(fault.__cause__, Image.DecompressionBombError)
        raise NoPhoto(PhotoFault.PIXELS if large else PhotoFault.BROKEN) from None
    try:
        if name not in STILL_WITH_MORE and frames(nowhere, image) > 1:
            raise NoPhoto(PhotoFault.FILM)
        pixels = decode(nowhere, data, name)
    except ImageFault:
        raise NoPhoto(PhotoFault.BROKEN) from None
    return _jpeg(pixels)


def _is_film(data: bytes) -> bool:
    """Whether bytes begin as films do (ISO/IEC 14496-12, 4.3; Matroska; AVI; MPEG; Ogg)."""
    is_avi = data[:4] == b"RIFF" and data[8:12] == b"AVI "
    return data[4:8] in {b"ftyp", b"moov", b"mdat"} or is_avi or data.startswith(FILM_STARTS)


def _jpeg(pixels: Image.Image) -> PhotoCopy:
    pixels.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS, reducing_gap=3)
    if pixels.mode == "RGBA":
        ground = Image.new("RGB", pixels.size, PAPER)
        ground.paste(pixels, mask=pixels.getchannel("A"))
        pixels = ground
    stream = io.BytesIO()
    pixels.save(stream, "JPEG", quality=QUALITY, optimize=True)
    return PhotoCopy(stream.getvalue(), pixels.width, pixels.height)
