"""Type that fits: words wrapped and shrunk by the measures of the theme's own fonts."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from fontTools.ttLib import TTFont

from plugins.images.cache import put

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Typeface:
    """A font of the theme."""

    data: bytes  # of a WOFF2 file

    @cached_property
    def _font(self) -> Any:  # noqa: ANN401 - its tables grow their names as they are read
        return TTFont(io.BytesIO(self.data))

    @cached_property
    def digest(self) -> str:
        """Return what tells its bytes from all others."""
        return hashlib.sha256(self.data).hexdigest()[:16]

    @cached_property
    def family(self) -> str:
        """Return the name by which a drawing asks for it."""
        return str(self._font["name"].getBestFamilyName())

    @cached_property
    def _advances(self) -> dict[int, float]:
        """Return how far each letter reaches, in parts of the size of type."""
        metrics, units = self._font["hmtx"].metrics, self._font["head"].unitsPerEm
        return {code: metrics[name][0] / units for code, name in self._font.getBestCmap().items()}

    def has(self, words: str) -> bool:
        """Whether the font draws every letter of some words."""
        return all(ord(letter) in self._advances for letter in words)

    def width(self, words: str) -> float:
        """Return how wide words are, in parts of the size of type; a strange letter is a square."""
        return sum(self._advances.get(ord(letter), 1.0) for letter in words)

    def as_truetype(self, cache: Path) -> Path:
        """Return the font as a file that resvg reads, kept by the hash of its bytes.

        :raises OSError: when the disk won't take it.
        """
        file = cache / f"{self.digest}.ttf"
        if not file.is_file():
            plain = TTFont(io.BytesIO(self.data), recalcTimestamp=False)
            plain.flavor = None
            written = io.BytesIO()
            plain.save(written)
            put(file, written.getvalue())
        return file


@dataclass(frozen=True)
class FittedText:
    """Words as they are set."""

    lines: tuple[str, ...]
    size: int


@dataclass(frozen=True)
class Room:
    """The room that words have, in pixels, and the sizes that they may have in it."""

    width: int
    height: int
    sizes: tuple[int, ...]  # the largest first
    leading: float = 1.1

    def fit(self, words: str, face: Typeface) -> FittedText:
        """Return words in the largest size that fits; what can't fit at all is cut short."""
        for size in self.sizes:
            lines = wrap(words, face, self.width / size)
            if len(lines) * size * self.leading <= self.height + 1:
                return FittedText(lines, size)
        most = max(1, int(self.height / (size * self.leading)))
        lines = lines[:most]
        last = lines[-1]
        while last and face.width(f"{last} …") > self.width / size:
            last = last[:-1].rstrip()
        return FittedText((*lines[:-1], f"{last} …"), size)


def wrap(words: str, face: Typeface, width: float) -> tuple[str, ...]:
    """Return words in lines no wider than a width, in parts of the size of type.

    A word that is wider by itself is broken where it has to be.
    """
    lines: list[str] = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if face.width(longer) <= width:
            lines[-1] = longer
            continue
        pieces = _broken(word, face, width)
        lines += pieces if lines[-1] else []
        lines = lines if lines[0] else pieces
    return tuple(lines)


def _broken(word: str, face: Typeface, width: float) -> list[str]:
    cuts = [0]
    for end in range(1, len(word) + 1):
        if face.width(word[cuts[-1] : end]) > width and end - 1 > cuts[-1]:
            cuts.append(end - 1)
    return [word[start:end] for start, end in pairwise([*cuts, len(word)])]
