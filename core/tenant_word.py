"""An association's own word for tenants, put wherever our sentences say tenant.

English takes its article with it. Welsh puts the mutation, the article and the linking words that
ours had onto the own word: "a thenantiaid" becomes "a phreswylwyr", or "ac aelodau".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

OURS = {"en": ("tenant", "tenants"), "cy": ("tenant", "tenantiaid")}
VOWELS = "aeiouwyâêîôûŵŷ"
# By the letters with which a mutated "tenant" begins: what the own word's first letter becomes.
_SOFT = {"p": "b", "t": "d", "c": "g", "b": "f", "d": "dd", "g": "", "m": "f", "ll": "l", "rh": "r"}
_NASAL = {"p": "mh", "t": "nh", "c": "ngh", "b": "m", "d": "n", "g": "ng"}
_ASPIRATE = {"p": "ph", "t": "th", "c": "ch"}
MUTATIONS: dict[str, dict[str, str]] = {"t": {}, "d": _SOFT, "nh": _NASAL, "th": _ASPIRATE}
LETTERS = ("ll", "rh", "ch", "dd", "ff", "ng", "ph", "th")  # that count as one
# Before a vowel: the article, "and", "with", "than" and "nor".
_LINKS = {"y": "yr", "a": "ac", "â": "ag", "na": "nac", "gyda": "gydag", "tua": "tuag"}
_ENGLISH = re.compile(r"\b(?<!%\()(?:(an?) )?(tenant)(s?)\b", re.IGNORECASE)
_WELSH = re.compile(
    rf"\b(?<!%\()(?:({'|'.join(_LINKS)}) )?(t|d|nh|th)enant(iaid)?\b(?!\))", re.IGNORECASE
)


def own_word(lang: str, tenant: str, tenants: str) -> Callable[[str], str] | None:
    """Return what puts the association's word into a sentence of ours; None where ours stays.

    :param tenant: its word for one, as it stands after no other word.
    :param tenants: its word for several.
    """
    if (tenant, tenants) == OURS.get(lang, (tenant, tenants)):
        return None
    forms = (tenant, tenants)
    if lang == "cy":
        return lambda sentence: _WELSH.sub(lambda match: _welsh(match, forms), sentence)
    return lambda sentence: _ENGLISH.sub(lambda match: _english(match, forms), sentence)


def _english(match: re.Match[str], forms: tuple[str, str]) -> str:
    article, ours, several = match.groups()
    own = _as_large(ours, forms[bool(several)])
    if not article:
        return own
    return f"{_as_large(article, 'an' if own[:1].lower() in 'aeiou' else 'a')} {own}"


def _welsh(match: re.Match[str], forms: tuple[str, str]) -> str:
    link, first, several = match.groups()
    own = _as_large(first, _mutated(forms[bool(several)], MUTATIONS[first.lower()]))
    if not link:
        return own
    return f"{_as_large(link, _LINKS[link.lower()]) if own[:1].lower() in VOWELS else link} {own}"


def _mutated(word: str, mutation: dict[str, str]) -> str:
    first = next((letter for letter in LETTERS if word.lower().startswith(letter)), word[:1])
    return mutation.get(first.lower(), first) + word[len(first) :]


def _as_large(ours: str, own: str) -> str:
    return own[:1].upper() + own[1:] if ours[:1].isupper() else own
