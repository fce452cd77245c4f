"""English: Porter's second stemmer (Snowball), as Whoosh brings it."""

from __future__ import annotations

from typing import Any

from whoosh.lang.snowball.english import EnglishStemmer

from core.analysis.analyser import Analyser, alike

_EVERYDAY = (
    "a about after again all also am an and any are aren't as at be because been before being"
    " both but by can can't could couldn't did didn't do does doesn't doing don't done each every"
    " for from get gets got had has hasn't have haven't having he her here him his how i if in"
    " into is isn't it its it's just let like may me might more most much must my no nor not of"
    " off on only or other our out over own really same shall she should shouldn't so some still"
    " such than that that's the their them then there these they they're this those to too until"
    " up us very was wasn't way we we're were weren't what when where which while who whom whose"
    " why will with won't would wouldn't yes yet you you're your yours"
)
# What no rule reaches, by the word that it belongs to.
_FORMS = (
    "child children,man men,woman women,person people,foot feet,mouse mice,life lives,leaf leaves,"
    "half halves,shelf shelves,knife knives,mould mouldy mold moldy,damp dampness,draught draughty,"
    # What is said at home, beside what is mostly written.
    "bin bins rubbish trash,lift lifts elevator elevators,toilet toilets loo loos lavatory,"
    "wifi broadband internet,cooker cookers oven ovens stove,pavement pavements footpath footpaths,"
    "noise noises noisy racket,telephone telephones phone phones,child kid kids,"
    "mould mildew"
)
_STEMMER = EnglishStemmer()


def _parted(word: str) -> list[str]:
    """Return a word without 's, and without any other apostrophe: don't becomes dont."""
    return [word.removesuffix("'s").replace("'", "")]


def _stem(word: str) -> str:
    stem: str = _STEMMER.stem(_ALIKE.get(word, word))
    return stem


def _tables() -> dict[str, Any]:
    return {"everyday": " ".join(sorted(_PLAIN)), "forms": _FORMS}


_ALIKE = alike(_FORMS)
_PLAIN = frozenset(word.removesuffix("'s").replace("'", "") for word in _EVERYDAY.split())
ANALYSER = Analyser(_PLAIN, _parted, _stem, lambda word: word, _tables)
