"""What a build must know of an original before it makes anything from it."""

from __future__ import annotations

import hashlib
import json
import stat
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from core.pictures import decode
from core.pictures.faults import ImageFault
from core.pictures.formats import identify
from plugins.images import svg
from plugins.images.gif import without_notes

if TYPE_CHECKING:
    from pathlib import Path

    from plugins.images.cache import Cache

_FEW_COLOURS = 256


@dataclass(frozen=True, slots=True)
class Original:
    """A picture as its author saved it, once it has been read whole and found good."""

    sha: str  # SHA-256 of its bytes, in hex
    format: str  # as Pillow calls it, or "SVG"
    width: int  # upright, in pixels
    height: int
    few_colours: bool  # a drawing, which lossy formats would smear
    see_through: bool
    moving: bool


def load(path: Path) -> bytes:
    """Return the bytes of an original.

    :raises ImageFault: when it can't or shouldn't be read.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ImageFault(path, "This isn't a file.", "Name a picture file.")
        if status.st_size > decode.MAX_BYTES:
            wrong = f"This file is {status.st_size // 1_000_000} MB; the most is 60 MB."
            raise ImageFault(path, wrong, "Save a smaller copy: 2,560 pixels wide is plenty.")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ImageFault(path, "There is no such file.", "Check its name and folder.") from error
    except (OSError, ValueError) as error:
        wrong = "This file can't be read."
        raise ImageFault(path, wrong, "Check who may read it, or save it again.") from error


def look(path: Path, cache: Cache) -> Original:
    """Return what is to be known of the picture at `path`.

    The picture is decoded whole, once; what was learnt is kept in the cache by content.

    :raises ImageFault: when it can't be read or shown.
    """
    data = load(path)
    name = identify(path, data)
    sha = hashlib.sha256(data).hexdigest()
    cached = cache.read(f"known/{sha}-1.json")
    if cached is not None:
        return Original(**json.loads(cached))
    original = _look(path, data, name, sha)
    cache.write(f"known/{sha}-1.json", json.dumps(asdict(original)).encode())
    return original


def _look(path: Path, data: bytes, name: str, sha: str) -> Original:
    if name == "SVG":
        _, width, height = svg.clean(path, data)
        return Original(sha, name, width, height, few_colours=True, see_through=True, moving=False)
    opened = decode.opened(path, data, name)
    # A phone's file may hold a second photo (for depth, or small); it is still one picture.
    moving = name not in {"JPEG", "HEIC"} and decode.frames(path, opened) > 1
    if moving and name != "GIF":
        wrong = f"This {name} picture moves."
        raise ImageFault(path, wrong, "Save it as a GIF, or show it as a film.")
    if moving:
        without_notes(path, data)
    image = decode.decode(path, data, name)
    few = image.getcolors(_FEW_COLOURS) is not None
    return Original(sha, name, image.width, image.height, few, image.mode == "RGBA", moving)
