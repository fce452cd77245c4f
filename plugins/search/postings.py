"""Lists of documents as short printable text, which every web server compresses.

A list says which documents have a term, and how much each is about it. Documents are told by how
many lie between one and the next, in one character if they are few and in more if not; scores by
one character each, in ninety steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_FIRST, _LEFT_OUT = 35, 92  # "#", and "\\", which is none of the letters
STEPS = 90  # of scores
_LAST, _MORE = 64, 27  # a letter below 64 ends a number; of the others it has as many as these


def _letter(value: int) -> str:
    code = _FIRST + value
    return chr(code if code < _LEFT_OUT else code + 1)


LETTERS = [_letter(value) for value in range(_LAST + _MORE)]
VALUES = {letter: value for value, letter in enumerate(LETTERS)}


def _number(value: int) -> str:
    last = LETTERS[value % _LAST]
    value //= _LAST
    found = ""
    while value:
        value -= 1
        found = LETTERS[_LAST + value % _MORE] + found
        value //= _MORE
    return found + last


def gaps(numbers: Iterable[int]) -> str:
    """Return ascending numbers as text."""
    before, found = -1, []
    for number in numbers:
        gap = number - before - 1
        found.append(LETTERS[gap] if gap < _LAST else _number(gap))
        before = number
    return "".join(found)


def numbers(text: str) -> list[int]:
    """Return the numbers of a text that `gaps` made."""
    found, before, more = [], -1, 0
    for letter in text:
        value = VALUES[letter]
        if value >= _LAST:
            more = more * _MORE + value - _LAST + 1
        else:
            before += more * _LAST + value + 1
            found.append(before)
            more = 0
    return found


def score(share: float) -> str:
    """Return how much a document is about a term, of 1: never nothing, since it has the term."""
    return LETTERS[max(1, round(share * STEPS))]
