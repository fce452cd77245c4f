"""Plain words: sentences that are too long, and words that have a shorter brother."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.faults import Fault, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.checks.prose import Sentence

LONG = 25  # words; what is longer is read twice
FIRST = 6  # words by which a sentence is found again
WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
# What people write when they want to sound official, and what they would say.
HARD = {
    "accommodation": "home, room",
    "accordingly": "so",
    "additional": "more, extra",
    "additionally": "also",
    "aforementioned": "this",
    "ascertain": "find out",
    "assistance": "help",
    "at the present time": "now",
    "commence": "start",
    "commencement": "start",
    "complete the form": "fill in the form",
    "consequently": "so",
    "demonstrate": "show",
    "disseminate": "spread, send out",
    "dwelling": "home",
    "dwellings": "homes",
    "due to the fact that": "because",
    "endeavour": "try",
    "enquire": "ask",
    "expedite": "speed up",
    "facilitate": "help",
    "forthwith": "now, at once",
    "furthermore": "also",
    "going forward": "from now on",
    "hereby": "(leave it out)",
    "henceforth": "from now on",
    "however it may be": "even so",
    "implement": "carry out, do",
    "in accordance with": "as, under",
    "in excess of": "more than",
    "in lieu of": "instead of",
    "in order to": "to",
    "in receipt of": "getting",
    "in respect of": "about, for",
    "in the event of": "if",
    "in the event that": "if",
    "inter alia": "among others",
    "leverage": "use",
    "liaise": "talk, work",
    "methodology": "method, way",
    "notify": "tell",
    "notwithstanding": "despite",
    "numerous": "many",
    "operative": "worker",
    "operatives": "workers",
    "per annum": "a year",
    "prior to": "before",
    "purchase": "buy",
    "pursuant to": "under",
    "regarding": "about",
    "remuneration": "pay",
    "residing": "living",
    "stakeholder": "(say who)",
    "stakeholders": "(say who)",
    "subsequent to": "after",
    "subsequently": "later, then",
    "sufficient": "enough",
    "terminate": "end",
    "thereafter": "then",
    "thereby": "so",
    "utilisation": "use",
    "utilise": "use",
    "utilised": "used",
    "utilising": "using",
    "utilize": "use",
    "via": "by, through",
    "whilst": "while",
    "with reference to": "about",
    "with regard to": "about",
}
_HARD = re.compile(
    rf"\b({'|'.join(sorted(map(re.escape, HARD), key=len, reverse=True))})\b", re.IGNORECASE
)


def long_sentence(sentence: Sentence) -> Fault | None:
    """Return advice about a sentence that nobody reads in one breath, None when it is short."""
    words = WORD.findall(sentence.words)
    if len(words) <= LONG:
        return None
    return _advice(
        sentence,
        f"A sentence of {len(words)} words: “{' '.join(sentence.words.split()[:FIRST])} …”",
        f"Make two of it; up to {LONG} words are easy to read.",
        "long-sentence",
    )


def hard_words(sentence: Sentence) -> Iterator[Fault]:
    """Yield advice about words of English that have a plainer brother; what is quoted may stay."""
    if sentence.lang != "en":
        return
    for word in _HARD.findall(sentence.unquoted):
        plainer = HARD[word.lower()]
        yield _advice(sentence, f"“{word}” is a hard word.", f"Plainer: {plainer}.", "hard-word")


def _advice(sentence: Sentence, wrong: str, instead: str, code: str) -> Fault:
    return Fault(sentence.path, sentence.line, "", wrong, instead, Level.ADVICE, code)
