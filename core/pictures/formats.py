"""Which files are pictures: told by their first bytes, and held against their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.pictures.faults import ImageFault

if TYPE_CHECKING:
    from pathlib import Path

_BY_SUFFIX = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".png": "PNG",
    ".webp": "WEBP",
    ".gif": "GIF",
    ".avif": "AVIF",
    ".heic": "HEIC",
    ".heif": "HEIC",
    ".svg": "SVG",
}
# What cameras and phones write besides: pictures too, which no link may send out untouched.
_NOT_SHOWN = {".tif", ".tiff", ".bmp", ".jfif", ".jpe", ".mpo", ".dng", ".psd"}
SUFFIXES = frozenset({*_BY_SUFFIX, *_NOT_SHOWN})

_TAKEN = "Save it as JPEG (photos), or as PNG or SVG (drawings)."
# Brands of ISO base media files (ISO/IEC 14496-12, 4.3): what follows "ftyp".
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_STARTS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"BM", "BMP"),
    (b"%PDF", "PDF"),
    (b"8BPS", "Photoshop"),
)


def sniff(data: bytes) -> str:
    """Return the format that the bytes are in, as in "JPEG", or "" when it is none we know."""
    if data[4:8] == b"ftyp":
        brands = {data[at : at + 4] for at in range(8, 64, 4)}
        return "AVIF" if brands & _AVIF_BRANDS else "HEIC" if brands & _HEIC_BRANDS else ""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    for start, name in _STARTS:
        if data.startswith(start):
            return name
    head = data[:65536].removeprefix(b"\xef\xbb\xbf").lstrip()
    return "SVG" if head.startswith(b"<") and b"<svg" in head else ""


def identify(path: Path, data: bytes) -> str:
    """Return the format of a picture, as `sniff` does.

    :raises ImageFault: when it isn't one that we take, or has another's name.
    """
    if not data:
        raise ImageFault(path, "This file is empty.", "Save the picture again.")
    sniffed = sniff(data)
    named = _BY_SUFFIX.get(path.suffix.lower(), "")
    if sniffed not in _BY_SUFFIX.values():
        wrong = (
            f"This is a {sniffed} file, which browsers can't show."
            if sniffed
            else "This isn't a picture."
        )
        raise ImageFault(path, wrong, _TAKEN)
    if sniffed != named:
        wrong = f"This is a {sniffed} picture, but its name ends in “{path.suffix}”."
        right = next(suffix for suffix, name in _BY_SUFFIX.items() if name == sniffed)
        instead = f"Rename it to “{path.stem}{right}”, and write the new name where it is used."
        raise ImageFault(path, wrong, instead)
    return sniffed
