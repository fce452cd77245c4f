"""Likely personal details in words that may become public: found for staff, who decide.

What is found here has to be taken out or looked at by somebody before anything goes public. It is
no proof that nothing else is there: most names without a title, illnesses and families stay the
work of people. Pure, and linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from phonenumbers import Leniency, PhoneNumberMatcher
from stdnum import luhn
from stdnum.gb import nhs

from core.public.vocabulary import Detail
from feedback import personal_patterns as patterns
from feedback.first_names import FIRST_NAMES
from feedback.identifiers import FIGURES, MISTAKEN
from feedback.text_folding import bare, plain_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from core.site import Site
    from feedback.text_folding import PlainText

    Candidate = tuple[int, int, int, Detail]  # start, end, rank and kind; 0 is surest

SHORTEST_NAME = 3  # letters of a known name: shorter ones are words of every day in Welsh
SHORTEST_NUMBER = 9  # digits of a telephone number with its area code, without the first 0
FEWEST_OF_ACCOUNT = 8  # digits beside a sort code
# What the first letter of a Welsh name becomes: Mair, i Fair; Catrin, gan Gatrin.
MUTATED = {
    "p": "b|mh|ph", "t": "d|nh|th", "c": "g|ngh|ch", "b": "f|m", "d": "dd|n", "g": "ng|",
    "m": "f", "ll": "l", "rh": "r",
}  # fmt: skip
# Names that are words of every day too, so that small letters tell nothing.
EVERYDAY = frozenset({
    "will", "mark", "rose", "grace", "may", "bill", "hope", "dawn", "penny", "faith", "joy", "iris",
    "ivy", "lily", "daisy", "holly", "pearl", "ruby", "heather", "robin", "jack", "frank", "art",
    "sue", "rob", "pat", "dean", "guy", "gwyn", "haf", "eira", "glyn", "wyn", "bryn", "gwen", "aur",
    "medi", "hydref", "mai", "nest", "non", "sara", "llew", "mor", "nant", "hardy", "young", "king",
    "hill", "wood", "green", "white", "brown", "black", "long", "short", "day", "field", "house",
    "home", "rice", "price",
})  # fmt: skip
NAMED_AFTER = frozenset(map(bare, patterns.NAMED_AFTER))
NAMED_FOR = frozenset(map(bare, patterns.NAMED_FOR))
AFTER_PREPOSITIONS = frozenset(
    mutated + name[len(first) :]
    for name in FIRST_NAMES
    if len(name) > SHORTEST_NAME
    and (first := name[:2] if name.startswith(("ll", "rh")) else name[:1]) in MUTATED
    for mutated in MUTATED[first].split("|")
).union(("eira", "glyn", "gwen", "gwyn", "haf", "nest", "non", "sara"))


@dataclass(frozen=True, slots=True)
class PersonalSpan:
    """A stretch of a text that looks personal: `text[start:end]`."""

    start: int
    end: int
    kind: Detail


def find_personal(text: str, known: Iterable[str] = ()) -> tuple[PersonalSpan, ...]:
    """Return what looks personal in a text, from its start to its end; no two overlap.

    :param known: names that are known to be somebody's, such as the sender's own.
    """
    plain = plain_text(text)
    candidates = [
        (*plain.span(span.start, span.end), rank, span.kind)
        for rank, span in enumerate(_candidates(plain, known))
    ]
    return tuple(_joined(sorted(candidates), text))


def _joined(
    candidates: Iterable[tuple[int, int, int, Detail]], text: str
) -> Iterator[PersonalSpan]:
    """Join what overlaps, so that nothing is left out; it is of the kind that was surest.

    Two names with a blank between them are one name.

    :param candidates: by where they start.
    """
    grown: Candidate | None = None
    for start, end, rank, kind in candidates:
        if grown is None:
            grown = (start, end, rank, kind)
            continue
        first, last, surest, known_as = grown
        names = known_as == kind == Detail.NAME and text[last:start] == " "
        if start < last or names:
            grown = (first, max(last, end), *min((surest, known_as), (rank, kind)))
        else:
            yield PersonalSpan(first, last, known_as)
            grown = (start, end, rank, kind)
    if grown:
        yield PersonalSpan(grown[0], grown[1], grown[3])


def still_personal(text: str, harmless: Collection[str] = ()) -> tuple[PersonalSpan, ...]:
    """Return what looks personal in a text and is not among the words found harmless.

    Case, blanks and punctuation don't count in the comparison.
    """
    known = {_bare(words) for words in harmless}
    return tuple(
        span for span in find_personal(text) if _bare(text[span.start : span.end]) not in known
    )


def own_details(site: Site) -> tuple[str, ...]:
    """Return the association's own details, and who writes here: they may stand in any answer."""
    addresses = [line for text in dict(site.address.texts).values() for line in _lines(text)]
    phones = [urgent.phone for urgent in site.urgent]
    people = [person.name for person in site.people.values()]
    first_names = [name.partition(" ")[0] for name in people]
    named = [*phones, *addresses, *people, *first_names]
    return tuple(filter(None, [site.email, site.phone, *named]))


def _lines(address: str) -> Iterator[str]:
    """Give the parts of an address, and what looks personal in each."""
    yield address
    for span in find_personal(address):
        yield address[span.start : span.end]


def _bare(words: str) -> str:
    return "".join(filter(str.isalnum, bare(words)))


def _candidates(text: PlainText, known: Iterable[str]) -> Iterator[PersonalSpan]:
    """Give everything that looks personal, what is surest about its kind in front."""
    yield from _spans(patterns.EMAIL, text, Detail.EMAIL)
    yield from _spans(patterns.PROFILE, text, Detail.OTHER)
    yield from _spans(patterns.HANDLE, text, Detail.OTHER)
    yield from _spans(patterns.HANDLE_ON, text, Detail.OTHER)
    yield from _spans(patterns.HANDLE_ALONE, text, Detail.OTHER)
    yield from _spans(patterns.NI_NUMBER, text, Detail.NI_NUMBER)
    for match in patterns.TEN_DIGITS.finditer(text.text):
        if nhs.is_valid(match[0]):
            yield PersonalSpan(match.start(), match.end(), Detail.NHS_NUMBER)
    yield from _accounts(text)
    yield from _spans(patterns.BORN, text, Detail.DATE)
    yield from _spans(patterns.LONG_AGO, text, Detail.DATE)
    yield from _phones(text)
    yield from _spans(patterns.SPOKEN_NUMBER, text, Detail.PHONE)
    yield from _spans(patterns.PLATE, text, Detail.OTHER)
    yield from _postcodes(text)
    yield from _spans(patterns.ADDRESS, text, Detail.ADDRESS)
    yield from _spans(patterns.AT_A_DOOR, text, Detail.ADDRESS)
    yield from _spans(patterns.THREE_WORDS, text, Detail.ADDRESS)
    for pattern in (
        patterns.TITLED,
        patterns.INTRODUCED,
        patterns.SAYING_WHO,
        patterns.OF_SOMEBODY,
        patterns.SPOKEN_TO,
        patterns.SIGNED,
    ):
        yield from _spans(pattern, text, Detail.NAME)
    yield from _first_names(text)
    yield from _known_names(text, known)


def _spans(pattern: re.Pattern[str], text: PlainText, kind: Detail) -> Iterator[PersonalSpan]:
    """Give what a pattern finds: its named group where it has one, or all of it."""
    for match in pattern.finditer(text.text):
        start, end = match.span(match.lastgroup or 0)
        yield PersonalSpan(start, end, kind)


def _accounts(text: PlainText) -> Iterator[PersonalSpan]:
    """Give numbers of accounts and cards; eight digits are one beside a sort code or its name."""
    yield from _spans(patterns.ACCOUNT, text, Detail.OTHER)
    yield from _spans(patterns.IBAN, text, Detail.OTHER)
    for match in patterns.CARD.finditer(text.text):
        if luhn.is_valid(re.sub(r"\D", "", match[0])):
            yield PersonalSpan(match.start(), match.end(), Detail.OTHER)
    named = re.search(r"sort code|sort[: ]+\d|(?:c|g|ngh|ch)od didoli|s/c", text.bare)
    for match in patterns.SORT_CODE.finditer(text.text):
        beside = re.match(r"[^\d\n]{1,20}(\d{8})(?!\d)", text.text[match.end() :])
        if named or beside:
            yield PersonalSpan(match.start(), match.end(), Detail.OTHER)
        if beside:
            start = match.end() + beside.start(1)
            yield PersonalSpan(start, start + FEWEST_OF_ACCOUNT, Detail.OTHER)


def _phones(text: PlainText) -> Iterator[PersonalSpan]:
    """Give telephone numbers: of a possible length, so that one digit wrong hides nothing."""
    numbers = _with_figures(text.text)
    matches = PhoneNumberMatcher(
        numbers, "GB", leniency=Leniency.POSSIBLE, max_tries=len(numbers) + 1
    )
    for match in matches:
        digits = sum(map(str.isdecimal, match.raw_string))
        if match.raw_string.lstrip("(").startswith(("0", "+")) and digits > SHORTEST_NUMBER:
            yield PersonalSpan(match.start, match.end, Detail.PHONE)


def _with_figures(text: str) -> str:
    """Return a text in which letters that stand for figures are figures; its length stays."""
    return FIGURES.sub(lambda match: match[0].translate(MISTAKEN), text)


def _postcodes(text: PlainText) -> Iterator[PersonalSpan]:
    for match in patterns.POSTCODE.finditer(text.text):
        ordinal = match["inward"] in patterns.ORDINALS and not match["outward"].islower()
        if not ordinal:
            yield PersonalSpan(match.start(), match.end(), Detail.POSTCODE)
    yield from _spans(patterns.SLIPPED_POSTCODE, text, Detail.POSTCODE)


def _first_names(text: PlainText) -> Iterator[PersonalSpan]:
    """Give names that begin with a first name that many have, unless a place is called so."""
    for run in patterns.CAPITALISED.finditer(text.text):
        words = list(re.finditer(r"\S+", run[0]))
        small = [_word(text.text[: run.start()]), *(_word(word[0]) for word in words)]
        at = next((number for number, word in enumerate(small) if word in FIRST_NAMES), 0)
        place = NAMED_AFTER.intersection(small[at + 1 :]) or small[at - 1] in NAMED_FOR
        if at and not place:
            end = run.start() + len(run[0].removesuffix("'s"))
            yield PersonalSpan(run.start() + words[at - 1].start(), end, Detail.NAME)
    for match in patterns.MUTATING.finditer(text.text):
        if _word(match["name"].partition(" ")[0]) in AFTER_PREPOSITIONS:
            yield PersonalSpan(*match.span("name"), Detail.NAME)


def _word(text: str) -> str:
    """Return the last word of a text as names are compared."""
    return bare(text[-40:].rpartition(" ")[2]).removesuffix("'s").strip(".,;:!?()\"'")


def _known_names(text: PlainText, known: Iterable[str]) -> Iterator[PersonalSpan]:
    """Give somebody's own names, whatever their accents, hyphens and first letter have become."""
    for pattern, mutated, everyday in _patterns_of(tuple(known)):
        for match in pattern.finditer(text.bare):
            start, end = match.span()
            capital = text.text[start].isupper()
            opens = not text.text[:start].rstrip() or text.text[:start].rstrip()[-1] in ".!?"
            if not (mutated or everyday) or (capital and not opens):
                yield PersonalSpan(start, end, Detail.NAME)


@lru_cache(maxsize=256)
def _patterns_of(known: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], bool, bool], ...]:
    """Return what finds each part of these names, whether mutated, and whether a common word."""
    patterns_by_word = []
    for word in {word for name in known for word in plain_text(name).bare.split()}:
        parts = re.findall(r"[^\W_]+", word)
        if sum(map(len, parts)) < SHORTEST_NAME:
            continue
        whole = r"[ '-]?".join(map(re.escape, parts))
        everyday = word in EVERYDAY
        patterns_by_word.append((re.compile(rf"(?<!\w){whole}(?!\w)"), False, everyday))
        patterns_by_word += [
            (re.compile(rf"(?<!\w){part}(?!\w)"), False, part in EVERYDAY)
            for part in parts
            if len(parts) > 1 and len(part) > SHORTEST_NAME
        ]
        first = next((start for start in ("ll", "rh") if whole.startswith(start)), whole[:1])
        if others := MUTATED.get(first):
            mutated = rf"(?<!\w)(?:{others}){whole[len(first) :]}(?!\w)"
            patterns_by_word.append((re.compile(mutated), True, everyday))
    return tuple(patterns_by_word)
