"""Likely duplicates: words about the same problem, in the same language or the other one.

Words are folded and stemmed lightly; a Welsh word counts as each of the words that it may be a
mutation of; and words for the things that tenants speak about most are joined across languages by
a small table. What two texts share counts by how rare it is. Pure.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LIKELY = 0.2  # of all that two texts say, weighted by rarity, how much they must share
THING = 2  # times as much as any other word counts a thing that tenants speak about
MOST = 5  # matches shown: more would not be read
SHORTEST = 3  # letters of a word that says something by itself
SHORTEST_STEM = 4

# What each initial of a Welsh word may have been before it mutated. Longer ones come first.
_RADICALS = (
    ("ngh", ("c",)),
    ("ng", ("g",)),
    ("mh", ("p",)),
    ("nh", ("t",)),
    ("ph", ("p",)),
    ("th", ("t",)),
    ("ch", ("c",)),
    ("dd", ("d",)),
    ("f", ("b", "m")),
    ("b", ("p",)),
    ("g", ("c",)),
    ("d", ("t",)),
    ("l", ("ll", "gl")),
    ("r", ("rh", "gr")),
    ("m", ("b",)),
    ("n", ("d", "gn")),
    ("h", ("",)),  # ei hystafell
    *((letter, (f"g{letter}",)) for letter in "aeiouwy"),  # ardd, wres
)
_NEVER_LENGTHENED = ("ll", "ff", "rh")  # digraphs that no mutation makes

_ENDINGS = {
    "en": ("ings", "ing", "ies", "ers", "er", "ed", "es", "ly", "s", "y", "e"),
    "cy": (
        *("iadau", "iaid", "iau", "ion", "oedd", "ydd", "odd", "wyd", "wch", "on", "au"),
        *("io", "wn", "ir", "en", "od", "o", "i", "u", "a"),
    ),
}

_EVERYDAY = {
    "en": (
        "about after again all also and any are ask been before but can could did does don each"
        " even every for from get got had has have her him his how into its just know let like"
        " lot make many may more most much need never not now off often one only other our out"
        " over own please really said same say she should since some still take tell than that"
        " the their them then there these they thing this time too two until use very want was"
        " way week well went were what when where which while who why will with would yes yet"
        " you your been being because first always day people"
    ),
    "cy": (
        "ac ag ar arall at bod bob bu chi cael cyn dan dim dod dros dwi dw efo eich ein ei eto fel"
        " felly fod fy gan gyda gael hefyd hi hon hwn hyn hynny heb iawn iddo ond mae maen mewn"
        " mynd mor nad nid ni nhw nawr nes neu oedd oes oherwydd pan peth pob pobl rhai rhaid"
        " roedd rydw rydyn rydych sydd sy tra tro trwy un unrhyw wedi wrth wneud wnaeth ydi ydw"
        " ydy ydyn yma yn yna yno yr yw os oddi ohono allan amser dydd diwrnod wythnos digon"
        " bydd basai dylai eisiau isio rwy rwyf"
    ),
}
_STOP = {lang: frozenset(words.split()) for lang, words in _EVERYDAY.items()}

# Things that tenants speak about: how their words begin in English and in Welsh, accents folded.
_THINGS: dict[str, tuple[str, str]] = {
    "alarm": ("alarm", "larwm"),
    "answer": ("answer reply respon", "ateb"),
    "appointment": ("appointment slot visit", "apwyntiad slot ymweliad"),
    "bath": ("bath shower toilet", "bath cawod toiled ymolchi"),
    "bedroom": ("bedroom", "llofft"),
    "bills": ("bill cost price afford expensive", "bil cost pris fforddio drud"),
    "boiler": ("boiler", "bwyler boeler"),
    "broken": ("broke", "torri torrodd wedi-torri"),
    "bus": ("bus", "bws bysiau bysus"),
    "ceiling": ("ceiling", "nenfwd"),
    "children": ("child kid", "plant plentyn"),
    "cold": ("cold freez", "oer rhew"),
    "communal": ("communal shared", "cymunedol rhannu"),
    "condensation": ("condens", "anwedd cyddwys"),
    "contractor": ("contractor", "contractw"),
    "damp": ("damp", "lleith tamp"),
    "dark": ("dark", "tywyll"),
    "door": ("door", "drws drysau"),
    "draught": ("draught draft", "drafft"),
    "electricity": ("electri socket", "trydan soced"),
    "empty": ("empt", "gwag"),
    "evening": ("evening", "noswaith gyda'r-nos"),
    "fence": ("fence fencing", "ffens"),
    "fire": ("fire", "=tan"),
    "flat": ("flat flats", "fflat"),
    "floor": ("floor carpet", "llawr lloriau carped"),
    "flood": ("flood", "llifogydd llifo"),
    "form": ("form", "ffurflen"),
    "garden": ("garden grass", "gardd gerddi glaswellt"),
    "gas": ("gas", "nwy"),
    "gutter": ("gutter", "landar cafn"),
    "heating": ("heat radiator warm", "gwres rheiddiadur cynnes twym"),
    "insulation": ("insulat", "inswl ynysu"),
    "kitchen": ("kitchen", "cegin"),
    "leak": ("leak drip", "gollwng gollyng diferu"),
    "letter": ("letter post", "llythyr post"),
    "lift": ("lift elevator", "lifft"),
    "light": ("light lamp", "golau goleuad lamp"),
    "lose": ("lose lost losing", "colli collodd"),
    "mould": ("mould mold", "llwydni llwydi"),
    "neighbour": ("neighbour", "cymydog cymdog"),
    "night": ("night", "=nos"),
    "noise": ("nois loud", "swn swnllyd"),
    "parking": ("park car cars", "parcio car ceir"),
    "path": ("path pavement", "llwybr palmant pafin"),
    "phone": ("phone telephone call ring", "ffon ffonio galw"),
    "play": ("play", "chwarae"),
    "rats": ("rat rats mice mouse", "llygod llygoden"),
    "rent": ("rent", "rhent"),
    "repair": ("repair fix mend", "atgyweir trwsi"),
    "roof": ("roof", "=to toeau"),
    "rubbish": ("rubbish bin bins waste litter", "sbwriel bin biniau gwastraff ysbwriel"),
    "safe": ("safe", "diogel"),
    "smell": ("smell stink", "arogl drewi"),
    "stairs": ("stair step", "grisiau gris"),
    "wage": ("pay wage earning", "cyflog"),
    "wait": ("wait", "aros disgwyl"),
    "wall": ("wall", "wal waliau mur"),
    "water": ("water tap", "dwr tap"),
    "website": ("website online internet web", "gwefan ar-lein we"),
    "wheelchair": ("wheelchair ramp", "cadair ramp"),
    "window": ("window", "ffenest"),
    "winter": ("winter", "gaeaf"),
}


@dataclass(frozen=True, slots=True)
class Text:
    """Something that somebody said."""

    ref: str
    lang: str
    said: str


@dataclass(frozen=True, slots=True)
class Match:
    """A likely duplicate."""

    ref: str
    score: float  # 0 for nothing in common, 1 for the same words


def likely_duplicates(text: Text, others: Iterable[Text]) -> tuple[Match, ...]:
    """Return what seems to speak of the same thing, the likeliest first."""
    told = [(other.ref, _words(other)) for other in others if other.ref != text.ref]
    mine = _words(text)
    known = Counter(key for words in (mine, *(words for _, words in told)) for key in _all(words))
    rarity = {
        key: math.log(1 + (len(told) + 1) / number) * (THING if key.startswith("*") else 1)
        for key, number in known.items()
    }
    matches = [Match(ref, _shared(mine, words, rarity)) for ref, words in told]
    likely = [match for match in matches if match.score >= LIKELY]
    return tuple(sorted(likely, key=lambda match: (-match.score, match.ref))[:MOST])


Word = frozenset[str]  # all that it may stand for
Words = frozenset[Word]


def _shared(mine: Words, theirs: Words, rarity: Mapping[str, float]) -> float:
    """Return how much two texts share of all they say: Dice's measure, weighted by rarity."""
    common = _all(mine) & _all(theirs)
    said = [(word, min(rarity[key] for key in word)) for word in (*mine, *theirs)]
    shared = sum(weight for word, weight in said if word & common)
    return shared / (sum(weight for _, weight in said) or 1.0)


def _all(words: Words) -> Word:
    return frozenset[str]().union(*words)


def _words(text: Text) -> Words:
    """Return what the words of a text may stand for, each once."""
    folded = _folded(text.said)
    stop = _STOP.get(text.lang, frozenset())
    found = {
        _meanings(word, text.lang)
        for word in re.findall(r"[a-z0-9]+(?:['-][a-z]+)*", folded)
        if word not in stop
    }
    return frozenset(filter(None, found))


def _folded(said: str) -> str:
    plain = unicodedata.normalize("NFKD", said.casefold().replace("’", "'"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@lru_cache(maxsize=20_000)
def _meanings(word: str, lang: str) -> frozenset[str]:
    """Return what a word may stand for: a thing of the table, or else its stems."""
    forms = [word, *_unmutated(word)] if lang == "cy" else [word]
    for form in forms:
        for thing, starts in _THINGS.items():
            if _begins(form, starts[lang == "cy"]):
                return frozenset({f"*{thing}"})
    said = [_stem(form, lang) for form in forms if len(form) >= SHORTEST]
    return frozenset(said)


def _begins(word: str, starts: str) -> bool:
    """Whether a word begins as one of these; short ones, and those marked, must be all of it."""
    for start in starts.split():
        whole = start.startswith("=") or len(start) <= SHORTEST
        if word == start.removeprefix("=") or (not whole and word.startswith(start)):
            return True
    return False


def _unmutated(word: str) -> list[str]:
    """Return the words that a Welsh word may be a mutation of."""
    if word.startswith(_NEVER_LENGTHENED):
        return []
    for mutated, radicals in _RADICALS:
        if word.startswith(mutated):
            return [radical + word[len(mutated) :] for radical in radicals]
    return []


def _stem(word: str, lang: str) -> str:
    for ending in _ENDINGS.get(lang, ()):
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word.removesuffix(ending)
    return word
