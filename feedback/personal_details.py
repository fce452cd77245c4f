"""Likely personal details in words that may become public: found for staff, who decide.

What is found here has to be taken out or looked at by somebody before anything goes public. It is
no proof that nothing else is there: names without a title, illnesses and families stay the work of
people. Pure, and linear in the length of the text: patterns start only where a word does, and every
repetition in them is bounded or never gives back what it took.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from phonenumbers import Leniency, PhoneNumberMatcher
from stdnum.gb import nhs

from core.public.vocabulary import Detail

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from core.site import Site

SHORTEST_NAME = 3  # letters of a known name: shorter ones are words of every day in Welsh
SHORTEST_NUMBER = 9  # digits of a telephone number with its area code, without the first 0

_CAPITAL = "[A-ZÀ-ÖØ-ÞŴŶ]"
_NAME = rf"{_CAPITAL}[\w'’-]{{1,40}}"  # Ffion, O'Brien, Rhys-Jones

_EMAIL = re.compile(
    r"(?<![\w.+'-])[\w.+'-]++(?:@|[ ]?[\[(](?:at|yn)[\])][ ]?)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
)
# Liberal on purpose: the prefixes that are never given out are typed by mistake, and in examples.
_NI_NUMBER = re.compile(r"\b[A-Z]{2}[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D]\b", re.IGNORECASE)
_TEN_DIGITS = re.compile(r"(?<![\d+])\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_POSTCODE = re.compile(
    r"\b(?P<outward>[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRVWXY]))"
    r"[ \u00a0]{0,2}\d(?P<inward>[ABD-HJLNP-UW-Z]{2})\b",
    re.IGNORECASE,
)
_ORDINALS = {"st", "nd", "rd", "th"}  # "B1 2nd floor" has the shape of a postcode

_STREETS = (
    "Street|St|Road|Rd|Avenue|Ave|Lane|Close|Crescent|Cres|Drive|Terrace|Place|Gardens|Grove|Way"
    "|Court|Square|Row|Rise|Mews|Hill|View|Park|Walk|Green|Parade|Villas|Buildings|House|Flats"
)
_WELSH_STREETS = (
    "Stryd|Heol|Hewl|Lôn|Lon|Ffordd|Maes|Clos|Rhodfa|Rhes|Teras|Cilgant|Coedlan|Rhiw|Pentre|Gerddi"
    "|Llys|Bryn|Parc|Cae|Trem|Golwg|Sgwâr|Sgwar|Tai|Erw|Dôl|Nant|Porth|Allt|Tan|Pen|Min"
)
# These are no words of every day, so small letters tell as much as capitals.
_PLAIN_STREETS = "street|road|avenue|crescent|terrace|lane"
_PLAIN_WELSH = "stryd|heol|hewl|rhodfa|teras|cilgant|coedlan"
_COMMON = "the|my|our|your|this|that|each|a|in|main|other|per"  # "5 cars in the road"
_NUMBER = r"\b\d{1,4}[A-Za-z]?,?[ ]{1,2}"
_ADDRESS = re.compile(
    "|".join(
        (
            rf"{_NUMBER}(?:{_NAME}[ ]{{1,2}}){{1,3}}(?i:{_STREETS})\b",
            rf"{_NUMBER}(?!(?i:{_COMMON})\b)[^\W\d_]{{3,30}}[ ](?i:{_PLAIN_STREETS})\b",
            rf"{_NUMBER}(?:{_WELSH_STREETS})(?:['’]r)?(?:[ ](?:y|yr|{_NAME})\b){{1,4}}",
            rf"{_NUMBER}(?:{_PLAIN_WELSH})(?:[ ](?:y|yr)\b)?[ ][^\W\d_]{{2,30}}",
            r"\b(?i:(?:ff?lat|apartment|rhandy)[ ](?:(?:no\.?|number|rhif)[ ])?\d{1,4}[a-z]?)\b",
        )
    )
)

_TITLE = (
    r"(?:(?i:mrs?|ms|mx)|Miss|Dr|Doctor|Prof|Professor|Sir|Dame|Lady|Lord|Rev|Reverend|Parch"
    r"|Parchedig|Mistar|Meistr|Mistres|Meistres|Bns|Cllr|Councillor|Cyng|Cynghorydd)"
)
_TITLED = re.compile(
    rf"\b{_TITLE}\.?(?:[ ](?:and|a|ac|&)[ ]{_TITLE}\.?)?[ ]{{1,2}}{_NAME}(?:[ ]{_NAME}){{0,3}}"
    r"|\b(?i:mrs?|ms|mx)\.?[ ](?!(?:and|a|ac|or|neu|is|was)\b)[^\W\d_]{3,40}"
)
# "My name is …" and "Fy enw i yw …", which tell a name without any title.
_INTRODUCED = re.compile(
    r"\b(?i:my name is|my name's|i am called|fy enw(?: i)? (?:yw|ydy|ydi)|fy enw i['’]?n)[ ]"
    r"[^\W\d_][\w'’-]{1,40}(?:[ ]" + _NAME + r"){0,3}"
)


@dataclass(frozen=True, slots=True)
class PersonalSpan:
    """A stretch of a text that looks personal: ``text[start:end]``."""

    start: int
    end: int
    kind: Detail


def find_personal(text: str, known: Iterable[str] = ()) -> tuple[PersonalSpan, ...]:
    """Return what looks personal in a text, from its start to its end; no two overlap.

    :param known: names that are known to be somebody's, such as the sender's own.
    """
    spans: list[PersonalSpan] = []
    for span in _candidates(text, known):
        _join(spans, span)
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
    return "".join(filter(str.isalnum, words.casefold()))


def _candidates(text: str, known: Iterable[str]) -> Iterator[PersonalSpan]:
    """Give everything that looks personal, what is surest about its kind in front."""
    yield from _spans(_EMAIL, text, Detail.EMAIL)
    yield from _spans(_NI_NUMBER, text, Detail.NI_NUMBER)
    for match in _TEN_DIGITS.finditer(text):
        if nhs.is_valid(match[0]):
            yield PersonalSpan(match.start(), match.end(), Detail.NHS_NUMBER)
    yield from _phones(text)
    for match in _POSTCODE.finditer(text):
        ordinal = match["inward"] in _ORDINALS and not match["outward"].islower()
        if not ordinal:
            yield PersonalSpan(match.start(), match.end(), Detail.POSTCODE)
    yield from _spans(_ADDRESS, text, Detail.ADDRESS)
    yield from _spans(_TITLED, text, Detail.NAME)
    yield from _spans(_INTRODUCED, text, Detail.NAME)
    yield from _names(text, known)


def _spans(pattern: re.Pattern[str], text: str, kind: Detail) -> Iterator[PersonalSpan]:
    for match in pattern.finditer(text):
        yield PersonalSpan(match.start(), match.end(), kind)


def _phones(text: str) -> Iterator[PersonalSpan]:
    """Give telephone numbers: of a possible length, so that one digit wrong hides nothing."""
    for match in PhoneNumberMatcher(text, "GB", leniency=Leniency.POSSIBLE, max_tries=len(text)):
        start, end, raw = match.start, match.end, match.raw_string
        digits = sum(map(str.isdecimal, raw))
        if raw.lstrip("(").startswith(("0", "+")) and digits > SHORTEST_NUMBER:
            yield PersonalSpan(start, end, Detail.PHONE)


def _names(text: str, known: Iterable[str]) -> Iterator[PersonalSpan]:
    words = {word for name in known for word in re.findall(r"[\w'’-]+", name)}
    names = sorted(word for word in words if len(word) >= SHORTEST_NAME)
    if names:
        either = "|".join(map(re.escape, names))
        yield from _spans(re.compile(rf"\b(?:{either})\b", re.IGNORECASE), text, Detail.NAME)


def _join(spans: list[PersonalSpan], span: PersonalSpan) -> None:
    """Add a span; one that overlaps others grows the first of them, so that nothing is left out."""
    over = [other for other in spans if other.start < span.end and span.start < other.end]
    if not over:
        spans.append(span)
        return
    for other in over:
        spans.remove(other)
    start = min(span.start, *(other.start for other in over))
    end = max(span.end, *(other.end for other in over))
    spans.append(PersonalSpan(start, end, over[0].kind))
