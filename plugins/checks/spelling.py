"""Words that no dictionary knows: slips of the pen, or names that should stand in words.txt."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Protocol

from core.faults import Fault, Level
from core.words import Words
from plugins.checks.plain import WORD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from core.site import Site
    from plugins.checks.prose import Sentence

SHORT = 3  # letters; of shorter words every dictionary knows too many or too few
OWN = "words.txt"  # in the content folder: a word a line
# Right, though the dictionaries lack them: words of this house, and common ones of Welsh.
_RIGHT = """
roadmap weeknotes
allen apiau arhosoch arhosodd arhoswch bwysicach bwysicaf chyrhaeddodd clywson cwcis
cyfrifiaduron cymharwch dadwnewch drom ellir felen ffaniau fideos gallen gellir gliriach glywson
mewngofnodwch odano personâu petaen postiadau rataf rhaghysbyseb rhataf roeson statysau welson
werdd
"""
HOUSE = frozenset(_RIGHT.split())
_JOINED = re.compile(r"[’'-]")


class Dictionaries(Protocol):
    """What knows the words of languages."""

    def unknown(self, words: Iterable[str], lang: str) -> AbstractSet[str] | None:
        """Return those words that a language lacks; None when nobody can tell."""
        ...


def misspelt(
    sentences: Iterable[Sentence],
    known: AbstractSet[str],
    dictionaries: Dictionaries,
    languages: Iterable[str],
) -> Iterator[Fault]:
    """Yield advice about each word that no language of the site knows, once a file.

    :param known: the association's own words, in small letters.
    """
    # lang: (path, word): line
    by_language: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for sentence in sentences:
        for word in candidates(sentence):
            if word.lower() not in known:
                by_language[sentence.lang].setdefault((sentence.path, word), sentence.line)
    for lang, places in by_language.items():
        strange = dictionaries.unknown({word for _, word in places}, lang)
        if strange is None:
            continue
        for other in languages:  # words of the other language in this one's text are no slips
            if other != lang and strange:
                lacking = dictionaries.unknown(strange, other)
                strange = strange if lacking is None else lacking
        for (path, word), line in places.items():
            if word in strange:
                yield Fault(
                    path,
                    line,
                    "",
                    f"No dictionary knows “{word}”.",
                    f"Mend it, or, if it is right, add it to {OWN} in the content folder.",
                    Level.ADVICE,
                    "unknown-word",
                )


def candidates(sentence: Sentence) -> Iterator[str]:
    """Yield the words to look up: no names, which have a capital within a sentence."""
    words = sentence.unquoted
    for number, match in enumerate(WORD.finditer(words)):
        whole = match[0]
        before, after = (
            words[match.start() - 1 : match.start()],
            words[match.end() : match.end() + 1],
        )
        if any(mark.isalnum() or mark in "_/@#.-" for mark in (before, after.strip(".-")) if mark):
            continue  # a part of an address, a reference or a number
        if whole != whole.lower() and (number or not whole.istitle()):
            continue
        for part in _parts(whole, sentence.lang):
            if len(part) >= SHORT:
                yield part


def _parts(word: str, lang: str) -> list[str]:
    """Return what of a word stands in dictionaries: in Welsh, what is joined stands alone."""
    plain = word.replace("’", "'")
    if lang == "cy":
        return _JOINED.split(plain)
    return [part.removesuffix("'s").removesuffix("'") for part in plain.split("-")]


def own_words(site: Site, text: str) -> frozenset[str]:
    """Return the words of an association: the names in its settings, words.txt, and the house's."""
    own = (line for line in text.splitlines() if not line.startswith("#"))
    named: list[str] = [*own]
    groups: list[Mapping[str, object]] = [site.people, site.areas, site.teams, site.topics]
    for group in groups:
        named += [each for member in group.values() for each in _texts(getattr(member, "name", ""))]
    named += _texts(site.name) + _texts(site.address) + _texts(site.tenant) + _texts(site.tenants)
    named += [each for show in site.shows.values() for each in _texts(show.title)]
    return HOUSE | frozenset(
        part.lower()
        for each in named
        for word in WORD.findall(each)
        for part in (word, *_JOINED.split(word))
    )


def _texts(name: object) -> list[str]:
    return [text for _, text in name.texts] if isinstance(name, Words) else [str(name)]
