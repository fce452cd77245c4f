"""Moving GIFs: kept as they are, but for what they say besides their frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.pictures.faults import ImageFault

if TYPE_CHECKING:
    from pathlib import Path

_IMAGE, _EXTENSION, _TRAILER = 0x2C, 0x21, 0x3B
_GRAPHIC_CONTROL, _APPLICATION = 0xF9, 0xFF
_LOOP = b"NETSCAPE2.0"


def without_notes(path: Path, data: bytes) -> bytes:
    """Return a GIF with its frames, their timing and looping, and no comments, XMP or the like.

    Follows the grammar of GIF89a, appendix B.

    :raises ImageFault: when the file ends too early.
    """
    try:
        return _kept(data)
    except (IndexError, ValueError) as error:
        wrong, instead = "This moving GIF is broken or was cut short.", "Save it again."
        raise ImageFault(path, wrong, instead) from error


def _kept(data: bytes) -> bytes:
    at = 13 + _table(data[10])
    bare = bytearray(data[:at])
    while data[at] != _TRAILER:
        start = at
        if data[at] == _IMAGE:
            at = _blocks(data, at + 11 + _table(data[at + 9]))
            bare += data[start:at]
        elif data[at] == _EXTENSION:
            label = data[at + 1]
            at = _blocks(data, at + 2)
            loops = label == _APPLICATION and data[start + 3 : start + 14] == _LOOP
            if label == _GRAPHIC_CONTROL or loops:
                bare += data[start:at]
        else:
            raise ValueError(data[at])
    bare.append(_TRAILER)
    return bytes(bare)


def _table(packed: int) -> int:
    """Return the length in bytes of the colour table that a packed field speaks of."""
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0


def _blocks(data: bytes, at: int) -> int:
    """Return where the sub-blocks that start at `at` are over."""
    while data[at]:
        at += data[at] + 1
    return at + 1
