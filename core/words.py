"""Words in one or more languages, written once inside a structured field."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

ANY = "*"  # the same words in every language: names, phone numbers
NO_KEY = "untitled"  # what is made of a text without a Latin letter or a digit, such as "🏠"


# They turn round the order in which a line is read, so that it says another thing than it shows.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Characters without ink, as a class of a pattern: format and variation marks, blank letters, and
# every space but the plain one (Unicode's Default_Ignorable_Code_Point, and category Zs).
UNSEEN = (
    "\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u202a-\u202f"
    "\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_UNSEEN = re.compile(f"[{UNSEEN}]")


@dataclass(frozen=True, slots=True)
class ShownWords:
    """Words as they are shown: the text and the language it really is in."""

    text: str
    lang: str  # ANY when the text belongs to every language


@dataclass(frozen=True, slots=True)
class Words:
    """The same thing said in each language, in the order written."""

    texts: tuple[tuple[str, str], ...]  # (language, text) pairs, never empty

    @classmethod
    def of(cls, text: str, lang: str = ANY) -> Words:
        """Return words in one language."""
        return cls(((lang, text),))

    def __bool__(self) -> bool:
        """Whether anything is said."""
        return any(text for _, text in self.texts)

    def get(self, lang: str) -> ShownWords:
        """Return the words for a reader of `lang`: theirs, or the first that there are."""
        for language, text in self.texts:
            if language in {lang, ANY}:
                return ShownWords(text, language)
        language, text = self.texts[0]
        return ShownWords(text, language)

    def missing(self, languages: tuple[str, ...]) -> tuple[str, ...]:
        """Return the languages of the site in which this isn't said yet."""
        worded = {language for language, _ in self.texts}
        return () if ANY in worded else tuple(lang for lang in languages if lang not in worded)


def visible(text: str) -> str:
    """Return a text without the characters that nobody sees."""
    return _UNSEEN.sub("", text)


def plain_key(text: str) -> str:
    """Return the key nearest to a text: small letters, digits and single hyphens."""
    without = re.sub(r"['’]", "", text.lower())  # mae'r is one word to the eye
    ascii_text = unicodedata.normalize("NFKD", without).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-") or NO_KEY
