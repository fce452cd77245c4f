"""What a recording truly is: its type, size and length, read from the file's own bytes.

Nothing here reads a file whole: a recording may be larger than the machine's memory.
"""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from mutagen import MutagenError
from mutagen.mp3 import MP3, BitrateMode
from mutagen.mp4 import MP4

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_BYTES = 500_000_000  # ten hours at 96 kbit/s
TYPES = {".mp3": "audio/mpeg", ".m4a": "audio/x-m4a"}  # what Apple takes

_HEAD = 8  # bytes that begin a box of MP4
_SHORT = 0.98  # of the bytes that its length asks for: less, and the end is missing
_CONVERT = "Save it as MP3 (96 kbit/s is plenty for speech) or as M4A."
_ANEW = "Export it from your editor again, and copy the new file whole."
_STARTS = (
    (b"OggS", "an Ogg file"),
    (b"RIFF", "a WAV file"),
    (b"fLaC", "a FLAC file"),
    (b"FORM", "an AIFF file"),
    (b"\x1aE\xdf\xa3", "a WebM or Matroska film"),
)


class RecordingFault(Exception):
    """A recording that can't go out: why, and what to do instead (both sentences)."""

    def __init__(self, wrong: str, instead: str) -> None:
        super().__init__(wrong, instead)
        self.wrong, self.instead = wrong, instead


@dataclass(frozen=True, slots=True)
class RecordingInfo:
    """A file of sound, as it is."""

    type: str  # media type
    length: int  # in bytes
    duration: timedelta
    title: str = ""  # what its own tags call it


def read_recording(path: Path) -> RecordingInfo:
    """Return what a recording is.

    :raises RecordingFault: when it isn't one that podcast apps play to the end.
    """
    size = _size(path)
    suffix = _suffix(path)
    if suffix != path.suffix.lower():
        wrong = f"The name ends in “{path.suffix}”, but the file is one of {suffix}."
        raise RecordingFault(wrong, f"Rename it to {path.stem}{suffix}, and name that in audio:.")
    try:
        sound: MP3 | MP4 = MP3(path) if suffix == ".mp3" else MP4(path)
    except (MutagenError, ValueError, OSError):
        raise RecordingFault("No sound can be found in this file.", _ANEW) from None
    info: Any = sound.info
    if not info or info.length <= 0:
        raise RecordingFault("The recording has no length.", _ANEW)
    whole = _whole_mp3(sound, info, size) if suffix == ".mp3" else _whole_mp4(path, size)
    if whole < _SHORT:
        wrong = f"The recording is cut short: about {whole:.0%} of it is there."
        raise RecordingFault(wrong, _ANEW)
    return RecordingInfo(
        TYPES[suffix], size, timedelta(seconds=round(info.length, 3)), _title(sound)
    )


def _title(sound: MP3 | MP4) -> str:
    if isinstance(sound, MP3):
        return str(sound["TIT2"]) if "TIT2" in sound else ""
    return str(sound["\xa9nam"][0]) if "\xa9nam" in sound else ""


def _size(path: Path) -> int:
    try:
        status = path.stat()
    except OSError:
        raise RecordingFault("There is no such file.", "Check its name and folder.") from None
    if not stat.S_ISREG(status.st_mode):
        raise RecordingFault("This isn't a file.", "Name a recording.")
    if status.st_size == 0:
        raise RecordingFault("The file is empty.", _ANEW)
    if status.st_size > MAX_BYTES:
        wrong = f"The file is {status.st_size / 1e6:,.0f} MB; the most is {MAX_BYTES // 10**6} MB."
        raise RecordingFault(wrong, "Save it with fewer bits: 96 kbit/s is plenty for speech.")
    return status.st_size


def _suffix(path: Path) -> str:
    """Return the ending that suits what the first bytes say the file is."""
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError:
        raise RecordingFault("This file can't be read.", "Check who may read it.") from None
    if head[4:8] == b"ftyp":
        return ".m4a"
    if head.startswith(b"ID3") or re.match(b"\xff[\xe0-\xff]", head):  # tags, or a frame at once
        return ".mp3"
    other_form = next((name for start, name in _STARTS if head.startswith(start)), "")
    if other_form:
        raise RecordingFault(f"This is {other_form}, which many podcast apps can't play.", _CONVERT)
    raise RecordingFault("This isn't a recording, whatever its name says.", _CONVERT)


def _whole_mp3(sound: MP3 | MP4, info: Any, size: int) -> float:  # noqa: ANN401 - mutagen's, untyped
    """Return how much is there of what the length and the bits a second ask for.

    A file that is cut short goes on telling the length that it had.
    """
    if info.bitrate_mode == BitrateMode.UNKNOWN:
        return 1.0  # its length was worked out from the bytes that are there
    asked = info.bitrate * info.length / 8
    tags = getattr(sound.tags, "size", 0)
    return float((size - tags) / asked) if asked else 1.0


def _whole_mp4(path: Path, size: int) -> float:
    """Return how much is there of what the file's boxes say they hold (ISO/IEC 14496-12)."""
    end = 0
    for start, length in _boxes(path, size):
        end = start + length
    return size / end if end else 0.0


def _boxes(path: Path, size: int) -> Iterator[tuple[int, int]]:
    with path.open("rb") as file:
        at = 0
        while at + _HEAD <= size:
            file.seek(at)
            head = file.read(16)
            length = int.from_bytes(head[:4], "big")
            if length == 1:
                length = int.from_bytes(head[8:16], "big")
            elif length == 0:  # to the end of the file
                length = size - at
            if length < _HEAD:
                return
            yield at, length
            at += length
