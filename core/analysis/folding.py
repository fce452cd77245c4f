"""Letters without their accents and capitals, whichever way they were typed."""

from __future__ import annotations

import unicodedata

# Letters that Unicode doesn't take apart.
_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "\u0131": "i",
    }
)


def folded(word: str) -> str:
    """Return a word in small letters without accents: tô and TO are both to."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word)
    bare = "".join(letter for letter in apart if unicodedata.category(letter)[0] != "M")
    return bare.lower().translate(_LETTERS)
