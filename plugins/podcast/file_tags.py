"""What a recording says of itself, for players that know nothing of the feed: ID3 and MP4 tags.

Written anew from the content each time, so nothing that an editor left in the file goes out, and
the same content gives the same bytes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mutagen.id3 import (
    APIC,
    CHAP,
    COMM,
    CTOC,
    ID3,
    TALB,
    TCON,
    TCOP,
    TDRC,
    TIT2,
    TPE1,
    TPOS,
    TRCK,
    WOAF,
    CTOCFlags,
    Frame,
    PictureType,
)
from mutagen.mp4 import MP4, MP4Cover
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, timedelta
    from pathlib import Path

_UTF16 = 1  # the one encoding of ID3v2.3 that holds ŵ and ŷ
_COVER = 500  # pixels a side: what a car or a telephone shows


@dataclass(frozen=True, kw_only=True)
class Tags:
    """What is written into a recording."""

    title: str
    show: str
    author: str
    summary: str
    licence: str
    day: date | None
    number: int | None
    season: int | None
    page: str  # the episode's address
    cover: bytes  # JPEG; b"" for none
    chapters: Sequence[tuple[timedelta, str]]
    duration: timedelta


def small_cover(picture: bytes) -> bytes:
    """Return a show's picture as a small JPEG."""
    with Image.open(io.BytesIO(picture)) as whole:
        small = whole.convert("RGB").resize((_COVER, _COVER), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=70, optimize=True)
    return stream.getvalue()


def write_tags(path: Path, tags: Tags) -> None:
    """Write tags into a recording.

    :raises OSError: when the disk won't take them.
    :raises MutagenError: when the file has no place for them.
    """
    if path.suffix.lower() == ".m4a":
        _mp4(path, tags)
    else:
        _id3(path, tags)


def _id3(path: Path, tags: Tags) -> None:
    frames = ID3()
    texts: dict[Callable[..., Frame], str] = {
        TIT2: tags.title,
        TALB: tags.show,
        TPE1: tags.author,
        TCON: "Podcast",
        TCOP: tags.licence,
        TDRC: tags.day.isoformat() if tags.day else "",
        TRCK: str(tags.number or ""),
        TPOS: str(tags.season or ""),
    }
    for frame, text in texts.items():
        if text:
            frames.add(frame(encoding=_UTF16, text=[text]))
    if tags.summary:
        frames.add(COMM(encoding=_UTF16, lang="und", desc="", text=[tags.summary]))
    frames.add(WOAF(url=tags.page))
    if tags.cover:
        frames.add(
            APIC(
                encoding=0,
                mime="image/jpeg",
                type=PictureType.COVER_FRONT,
                desc="",
                data=tags.cover,
            )
        )
    ends = [begins for begins, _ in tags.chapters[1:]] + [tags.duration]
    names = [f"chapter{number}" for number in range(1, len(tags.chapters) + 1)]
    for name, (begins, title), end in zip(names, tags.chapters, ends, strict=bool(names)):
        frames.add(
            CHAP(
                element_id=name,
                start_time=round(begins.total_seconds() * 1000),
                end_time=round(end.total_seconds() * 1000),
                start_offset=0xFFFFFFFF,  # that is: go by the times
                end_offset=0xFFFFFFFF,
                sub_frames=[TIT2(encoding=_UTF16, text=[title])],
            )
        )
    if names:
        flags = CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED
        frames.add(CTOC(element_id="contents", flags=flags, child_element_ids=names, sub_frames=[]))
    frames.update_to_v23()
    frames.save(path, v1=0, v2_version=3, padding=lambda _: 0)


def _mp4(path: Path, tags: Tags) -> None:
    """Write what players agree on; for chapters there is no such thing."""
    sound = MP4(path)
    sound.delete()
    sound["\xa9nam"] = [tags.title]
    sound["\xa9alb"] = [tags.show]
    sound["\xa9ART"] = [tags.author]
    sound["\xa9gen"] = ["Podcast"]
    if tags.summary:
        sound["desc"] = [tags.summary]
    if tags.cover:
        sound["covr"] = [MP4Cover(tags.cover, imageformat=MP4Cover.FORMAT_JPEG)]
    sound.save(padding=lambda _: 0)
