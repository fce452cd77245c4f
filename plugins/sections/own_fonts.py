"""Fonts with the letters that a site's languages need: ours in their fuller edition, or its own.

Each is read, held against what the languages write, and made small.
"""

from __future__ import annotations

import io
import string
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.pictures.faults import ImageFault
from plugins.images.original import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fontTools.ttLib import TTFont

    from core.wording import Wording

MOST_BYTES = 2_000_000
SHOWN = 12  # letters that are named
# What any page may hold beyond the letters of its languages: names and quotations from Europe,
# punctuation, money, arrows.
KEPT = (range(0x20, 0x250), range(0x1E00, 0x1F00), range(0x2000, 0x2070), range(0x20A0, 0x20D0))
SIGNS = "£‘’“”–…"
RESTRICTED = 0x0002  # of OS/2.fsType: its owner lets nobody put it into documents (OpenType)
# Letters and signs beyond ASCII that all of the theme's fonts have as every page loads them; for
# languages that need others, `theme/fonts/` has the same fonts with more letters.
OURS = frozenset("\xa0£·ÀÁÂÄÈÉÊËÌÍÎÏÒÓÔÖ×ÙÚÛÜÝàáâäçèéêëìíîïñòóôöùúûüýÿŴŵŶŷŸẀẁẂẃẄẅỲỳ–—‘’“”…€")
FULLER = Path(__file__).resolve().parents[2] / "theme" / "fonts"
MEND = "Save it as OTF, TTF or WOFF2, from where you have a licence for the web."


def letters_of(wordings: Mapping[str, Wording]) -> frozenset[str]:
    """Return the letters, figures and signs that a site's languages need."""
    plain = string.ascii_letters + string.digits + string.punctuation + SIGNS
    return frozenset(plain).union(*(wording.letters for wording in wordings.values()))


def own_font(path: Path, letters: Iterable[str]) -> bytes:
    """Return a font as it is published: WOFF2, with what pages may need of it.

    :param letters: that it must have.
    :raises ImageFault: for what is no font, may not be published, or lacks letters.
    """
    data = load(path)
    if len(data) > MOST_BYTES:
        raise ImageFault(
            path, f"This file is {len(data) / 1_000_000:.0f} MB; a font has 2 at most.", MEND
        )
    return _published(path, data, frozenset(letters))


def fuller_fonts(letters: Iterable[str]) -> dict[str, bytes]:
    """Return the theme's fonts with more letters, by the names of those whose place they take.

    :param letters: that the site's languages need; where the smaller ones have them, nothing.
    """
    needed = frozenset(letter for letter in letters if not letter.isascii()) - OURS
    return _fuller(needed) if needed else {}


@lru_cache(maxsize=4)  # a preview asks at every save
def _fuller(needed: frozenset[str]) -> dict[str, bytes]:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - as below

    fonts: dict[str, bytes] = {}
    for path in sorted(FULLER.glob("*.woff2")):
        font = TTFont(path, recalcTimestamp=False, lazy=False)
        known = set(font.getBestCmap() or ())
        if known & set(map(ord, needed)):
            fonts[f"fonts/{path.name}"] = _subset(path, font, known, needed)
    return fonts


def unset_letters(letters: Iterable[str], fonts: Mapping[str, bytes]) -> str:
    """Return letters that neither the theme's smaller fonts nor those have; "" for none.

    :param fonts: what `fuller_fonts` returned.
    """
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - as below

    needed = {letter for letter in letters if not letter.isascii()} - OURS
    text = fonts.get("fonts/text.woff2")
    known = set(TTFont(io.BytesIO(text)).getBestCmap() or ()) if text and needed else set()
    return "".join(sorted(letter for letter in needed if ord(letter) not in known))


@lru_cache(maxsize=16)  # a preview asks at every save
def _published(path: Path, data: bytes, letters: frozenset[str]) -> bytes:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - most sites have no font of their own

    try:
        font = TTFont(io.BytesIO(data), recalcTimestamp=False, lazy=False)
        known = set(font.getBestCmap() or ())
        family = font["name"].getBestFamilyName()
        closed = vars(font["OS/2"])["fsType"] & RESTRICTED
        moves = "fvar" in font
    except Exception:  # noqa: BLE001 - whatever a broken font does to its reader
        raise ImageFault(path, "This is no font that can be read.", MEND) from None
    if not family:
        raise ImageFault(path, "This font has no name.", MEND)
    if closed:
        raise ImageFault(path, "Its owner lets nobody publish this font.", MEND)
    if moves:
        wrong = "This font has every weight in one file."
        raise ImageFault(path, wrong, "Save the regular and the bold one as files of their own.")
    if missing := sorted(letter for letter in letters if ord(letter) not in known):
        named = " ".join(missing[:SHOWN]) + (" …" if len(missing) > SHOWN else "")
        raise ImageFault(
            path,
            f"This font lacks letters that the site's languages need: {named}",
            "Take one that has them, or its fuller edition.",
        )
    return _subset(path, font, known, letters)


def _subset(path: Path, font: TTFont, known: set[int], letters: frozenset[str]) -> bytes:
    from fontTools.subset import Options, Subsetter  # noqa: PLC0415 - as above, a fifth of a second

    options = Options(layout_features=["*"], notdef_outline=True, name_IDs=["*"])
    subsetter = Subsetter(options)
    wanted = {code for codes in KEPT for code in codes} | {ord(letter) for letter in letters}
    written = io.BytesIO()
    try:
        subsetter.populate(unicodes=wanted & known)
        subsetter.subset(font)
        font.flavor = "woff2"
        font.save(written)
    except Exception:  # noqa: BLE001 - as above
        raise ImageFault(path, "This font can't be made smaller.", MEND) from None
    return written.getvalue()
