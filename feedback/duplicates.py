"""Likely duplicates: words about the same problem, in the same language or the other one.

What a word is says `core.analysis`, as for the site's search: endings, accents and Welsh mutations
make no difference. Words for the things that tenants speak about most are joined across languages
by a small table. What two texts share counts by how rare it is. Pure.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from core.analysis import Analysis

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LIKELY = 0.2  # of all that two texts say, weighted by rarity, how much they must share
THING = 2  # times as much as any other word counts a thing that tenants speak about
MOST = 5  # matches shown: more would not be read

# Words that say nothing about a problem, besides those that say nothing anywhere.
_EVERYDAY = {
    "en": (
        "always been because come day even ever first go know long look lot make many never new now"
        " often old one people please say since take tell than thing think time too two use want"
        " week well year"
    ),
    "cy": (
        "allan amser arall bob dod digon eisiau isio ers gwneud mynd nawr pobl rhai rhaid roi rhoi"
        " rhywun rhywbeth rhwng tro tu wythnos"
    ),
}

# Things that tenants speak about, in English and in Welsh.
_THINGS: dict[str, tuple[str, str]] = {
    "alarm": ("alarm", "larwm"),
    "answer": ("answer reply respond response", "ateb"),
    "appointment": ("appointment slot visit", "apwyntiad slot ymweliad"),
    "bath": ("bath bathroom shower toilet", "bath cawod toiled ymolchi"),
    "bedroom": ("bedroom", "llofft"),
    "bills": ("bill cost price afford affordable expensive", "bil cost pris fforddio drud"),
    "boiler": ("boiler", "bwyler boeler"),
    "broken": ("broken broke break", "torri"),
    "bus": ("bus", "bws bysus"),
    "ceiling": ("ceiling", "nenfwd"),
    "children": ("child children kid", "plant plentyn"),
    "cold": ("cold freezing", "oer rhew"),
    "communal": ("communal shared", "cymunedol rhannu"),
    "condensation": ("condensation", "anwedd cyddwysiad"),
    "contractor": ("contractor", "contractwr contractwyr"),
    "damp": ("damp dampness", "lleithder llaith tamp tamprwydd"),
    "dark": ("dark", "tywyll"),
    "door": ("door", "drws"),
    "draught": ("draught draughty draft", "drafft"),
    "electricity": ("electric electricity electrical electrician socket", "trydan soced"),
    "empty": ("empty emptied", "gwag gwagio"),
    "evening": ("evening", "noswaith gyda'r-nos"),
    "fence": ("fence fencing", "ffens"),
    "fire": ("fire", "tân"),
    "flat": ("flat", "fflat"),
    "floor": ("floor carpet", "llawr carped"),
    "flood": ("flood", "llifogydd llifo"),
    "form": ("form", "ffurflen"),
    "garden": ("garden grass", "gardd glaswellt"),
    "gas": ("gas", "nwy"),
    "gutter": ("gutter", "landar cafn"),
    "heating": ("heating heater radiator warm", "gwres rheiddiadur cynnes twym"),
    "insulation": ("insulation insulated", "inswleiddio ynysu"),
    "kitchen": ("kitchen", "cegin"),
    "leak": ("leak drip", "gollwng gollyngiad diferu"),
    "letter": ("letter post", "llythyr post"),
    "lift": ("lift elevator", "lifft"),
    "light": ("light lamp", "golau lamp"),
    "lose": ("lose lost losing", "colli"),
    "mould": ("mould mouldy mold", "llwydni"),
    "neighbour": ("neighbour", "cymydog"),
    "night": ("night", "noson"),
    "noise": ("noise noisy loud", "sŵn swnllyd"),
    "parking": ("park parking car", "parcio car"),
    "path": ("path pavement", "llwybr palmant pafin"),
    "phone": ("phone telephone call ring", "ffôn galw"),
    "play": ("play", "chwarae"),
    "rats": ("rat mice mouse", "llygoden"),
    "rent": ("rent", "rhent"),
    "repair": ("repair fix mend", "atgyweirio trwsio"),
    "roof": ("roof", "to"),
    "rubbish": ("rubbish bin waste litter", "sbwriel bin gwastraff ysbwriel"),
    "safe": ("safe safety", "diogel"),
    "smell": ("smell stink", "arogl drewi"),
    "stairs": ("stairs step", "grisiau gris"),
    "wage": ("pay wage earnings", "cyflog"),
    "wait": ("wait", "aros disgwyl"),
    "wall": ("wall", "wal mur"),
    "water": ("water tap", "dŵr tap"),
    "website": ("website online internet web", "gwefan ar-lein we"),
    "wheelchair": ("wheelchair ramp", "cadair ramp"),
    "window": ("window", "ffenest"),
    "winter": ("winter", "gaeaf"),
}


@dataclass(frozen=True, slots=True)
class ComparedText:
    """Something that somebody said."""

    ref: str
    lang: str
    said: str


@dataclass(frozen=True, slots=True)
class Match:
    """A likely duplicate."""

    ref: str
    score: float  # 0 for nothing in common, 1 for the same words


def likely_duplicates(text: ComparedText, others: Iterable[ComparedText]) -> tuple[Match, ...]:
    """Return what seems to speak of the same thing, the likeliest first."""
    terms = [(other.ref, _words(other)) for other in others if other.ref != text.ref]
    mine = _words(text)
    known = Counter(word for words in (mine, *(words for _, words in terms)) for word in words)
    rarity = {
        word: math.log(1 + (len(terms) + 1) / number) * (THING if word.startswith("*") else 1)
        for word, number in known.items()
    }
    matches = [Match(ref, _shared(mine, words, rarity)) for ref, words in terms]
    likely = [match for match in matches if match.score >= LIKELY]
    return tuple(sorted(likely, key=lambda match: (-match.score, match.ref))[:MOST])


Words = frozenset[str]  # terms, and things with a star before them


def _shared(mine: Words, theirs: Words, rarity: Mapping[str, float]) -> float:
    """Return how much two texts share of all they say: Dice's measure, weighted by rarity."""
    all_told = sum(rarity[word] for word in (*mine, *theirs))
    return 2 * sum(rarity[word] for word in mine & theirs) / (all_told or 1.0)


def _words(text: ComparedText) -> Words:
    """Return what a text speaks of: things of the table, and terms for the rest."""
    contents, everyday = _table(text.lang)
    terms = set(Analysis(text.lang).terms(text.said)) - everyday
    return frozenset(contents.get(term, term) for term in terms)


@cache
def _table(lang: str) -> tuple[dict[str, str], frozenset[str]]:
    """Return the things by their terms in a language, and the terms that say nothing."""
    terms = Analysis(lang).terms
    place = 1 if lang == "cy" else 0
    contents = {
        term: f"*{content}" for content, words in _THINGS.items() for term in terms(words[place])
    }
    return contents, frozenset(terms(_EVERYDAY.get(lang, ""))) - contents.keys()
