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
from feedback.identifiers import FIGURES, MISTAKEN
from feedback.text_folding import bare, plain_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from core.site import Site
    from feedback.text_folding import PlainText

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
    spans: list[PersonalSpan] = []
    plain = plain_text(text)
    for span in _candidates(plain, known):
        _join(spans, PersonalSpan(*plain.span(span.start, span.end), span.kind), text)
    return tuple(sorted(spans, key=lambda span: span.start))


def still_personal(text: str, harmless: Collection[str] = ()) -> tuple[PersonalSpan, ...]:
    """Return what looks personal in a text and is not among the words found harmless.

    Case, blanks and punctuation don't count in the comparison.
    """
    known = {_bare(words) for words in harmless}
    return tuple(
        span for span in find_personal(text) if _bare(text[span.start : span.end]) not in known
    )


def own_details(site: Site) -> tuple[str, ...]:
    """Return the association's own details: they may stand in any answer."""
    addresses = [line for text in dict(site.address.texts).values() for line in _lines(text)]
    phones = [urgent.phone for urgent in site.urgent]
    return tuple(filter(None, [site.email, site.phone, *phones, *addresses]))


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
    yield from _spans(patterns.NI_NUMBER, text, Detail.NI_NUMBER)
    for match in patterns.TEN_DIGITS.finditer(text.text):
        if nhs.is_valid(match[0]):
            yield PersonalSpan(match.start(), match.end(), Detail.NHS_NUMBER)
    yield from _accounts(text)
    yield from _spans(patterns.BORN, text, Detail.DATE)
    yield from _spans(patterns.LONG_AGO, text, Detail.DATE)
    yield from _phones(text)
    yield from _postcodes(text)
    yield from _spans(patterns.ADDRESS, text, Detail.ADDRESS)
    for pattern in (
        patterns.TITLED,
        patterns.INTRODUCED,
        patterns.SAYING_WHO,
        patterns.OF_SOMEBODY,
        patterns.SIGNED,
    ):
        yield from _spans(pattern, text, Detail.NAME)
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
    named = re.search(r"sort code|cod didoli|s/c", text.bare)
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


def _join(spans: list[PersonalSpan], span: PersonalSpan, text: str) -> None:
    """Add a span; one that overlaps others grows the first of them, so that nothing is left out.

    Two names with a blank between them are one name.
    """
    over = [other for other in spans if _touch(other, span, text)]
    if not over:
        spans.append(span)
        return
    for other in over:
        spans.remove(other)
    start = min(span.start, *(other.start for other in over))
    end = max(span.end, *(other.end for other in over))
    spans.append(PersonalSpan(start, end, over[0].kind))


def _touch(span: PersonalSpan, other: PersonalSpan, text: str) -> bool:
    if span.start < other.end and other.start < span.end:
        return True
    between = text[min(span.end, other.end) : max(span.start, other.start)]
    return between == " " and span.kind == other.kind == Detail.NAME
