"""Pictures and documents that a text names, looked for among the files that were brought."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from commands.importing.bounds import address_parts, walk

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PICTURES = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".heic", ".heif"}
DOCUMENTS = {".pdf", ".doc", ".docx", ".odt", ".xls", ".xlsx", ".ods", ".ppt", ".pptx", ".txt",
             ".csv", ".zip", ".epub", ".ics"}  # fmt: skip
SOUNDS = {".mp3", ".m4a", ".mp4", ".ogg", ".wav"}
WORDS_ABOUT = {".vtt", ".srt", ".json"}  # transcripts and chapters of a recording
LARGEST = 500_000_000  # bytes; what recordings may have here
ALIKE_ENOUGH = 2  # how many parts of two paths' ends must agree when not all of one do


@dataclass
class FileIndex:
    """Files by name. What a text names can lead to one of them and to nothing else."""

    _by_name: dict[str, list[Path]] = field(default_factory=dict)

    @staticmethod
    def below(folders: Iterable[Path]) -> FileIndex:
        """Return all pictures, documents and recordings below some folders."""
        index = FileIndex()
        seen: set[Path] = set()
        wanted = PICTURES | DOCUMENTS | SOUNDS | WORDS_ABOUT
        for folder in folders:
            for path in walk(folder) if folder.is_dir() else ():
                if path.suffix.lower() in wanted and path not in seen:
                    seen.add(path)
                    index._by_name.setdefault(_folded(path.name), []).append(path)
        return index

    def find(self, src: str, near: Path | None = None) -> Path | None:
        """Return the file that an address or a path means; None when it isn't at hand, or unclear.

        :param near: the folder of the text that names it: what lies there goes first.
        """
        parts = _parts(src)
        if not parts:
            return None
        for name in (parts[-1], _without_size(parts[-1])):
            candidates = self._by_name.get(name, [])
            ranked = sorted(
                (
                    (_agreement(path, [*parts[:-1], name]), path.parent == near, path)
                    for path in candidates
                ),
                key=lambda candidate: (candidate[0], candidate[1]),
                reverse=True,
            )
            for agreement, is_near, path in ranked[:1]:
                rivals = [
                    candidate for candidate in ranked[1:] if candidate[:2] == (agreement, is_near)
                ]
                whole = agreement == len(parts) or agreement >= ALIKE_ENOUGH or len(candidates) == 1
                if whole and not rivals and path.stat().st_size <= LARGEST:
                    return path
        return None


def _parts(src: str) -> list[str]:
    try:
        path = unquote(address_parts(src.replace("\\", "/")).path)
    except ValueError:
        return []
    return [_folded(part) for part in path.split("/") if part not in {"", ".", ".."}]


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _without_size(name: str) -> str:
    """Return the name of the picture that this is a size of: x-300x200.jpg is made from x.jpg."""
    stem, dot, suffix = name.rpartition(".")
    head, dash, size = stem.rpartition("-")
    width, times, height = size.partition("x")
    if (dash and times and width.isdecimal() and height.isdecimal()) or (dash and size == "scaled"):
        return f"{head}{dot}{suffix}"
    return name


def _agreement(path: Path, parts: list[str]) -> int:
    count = 0
    for ours, theirs in zip(reversed(path.parts), reversed(parts), strict=False):
        if _folded(ours) != theirs:
            break
        count += 1
    return count
