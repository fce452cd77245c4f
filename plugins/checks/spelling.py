"""Words that no dictionary knows: slips of the pen, or names that should stand in words.txt."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
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
TELLING = 8  # different words: fewer may all be slips, or names
# Of the words, more than which no dictionary knows. A page of slips has a tenth; one in French,
# German or Polish, read with English and Welsh dictionaries, has two thirds and more.
FOREIGN = 0.6
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
    by_language: dict[str, list[_CheckedSentence]] = defaultdict(list)
    for sentence in sentences:
        looked = _CheckedSentence(sentence.path, sentence.line, tuple(candidates(sentence)))
        by_language[sentence.lang].append(looked)
    for lang, looked_at in by_language.items():
        words = {word for looked in looked_at for word in looked.words if word.lower() not in known}
        strange = dictionaries.unknown(words, lang)
        if strange is None:
            continue
        for other in languages:  # words of the other language in this one's text are no slips
            if other != lang and strange:
                lacking = dictionaries.unknown(strange, other)
                strange = strange if lacking is None else lacking
        files: dict[str, list[_CheckedSentence]] = defaultdict(list)
        for looked in looked_at:
            files[looked.path].append(looked)
        for in_file in files.values():
            yield from _slips(in_file, strange)


@dataclass(frozen=True)
class _CheckedSentence:
    """A sentence whose words were looked up."""

    path: str
    line: int
    words: tuple[str, ...]


def _slips(sentences: list[_CheckedSentence], strange: AbstractSet[str]) -> Iterator[Fault]:
    """Yield advice about one file: words that nobody knows, and what is in another language."""
    whole = [word for sentence in sentences for word in sentence.words]
    elsewhere = [
        sentence
        for sentence in sentences
        if _is_elsewhere(whole, strange) or _is_elsewhere(sentence.words, strange)
    ]
    if elsewhere:
        yield Fault(
            elsewhere[0].path,
            elsewhere[0].line,
            "",
            "This seems to be in a language that the site doesn't have.",
            "Is it meant to be? Then nothing is to do: its spelling isn't looked at.",
            Level.ADVICE,
            "other-language",
        )
    places: dict[str, int] = {}
    for sentence in sentences:
        for word in sentence.words if sentence not in elsewhere else ():
            places.setdefault(word, sentence.line)
    for word, line in places.items():
        if word in strange:
            yield Fault(
                sentences[0].path,
                line,
                "",
                f"No dictionary knows “{word}”.",
                f"Mend it, or, if it is right, add it to {OWN} in the content folder.",
                Level.ADVICE,
                "unknown-word",
            )


def _is_elsewhere(words: Iterable[str], strange: AbstractSet[str]) -> bool:
    """Whether words are so strange to the site's dictionaries that they are no slips."""
    different = set(words)
    return len(different) >= TELLING and len(different & strange) > FOREIGN * len(different)


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
    groups: list[Mapping[str, object]] = [
        site.succession(setting).words for setting in ("people", "areas", "teams", "topics")
    ]
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
