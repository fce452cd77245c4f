"""Lists of documents as short printable text, which every web server compresses.

A list says which documents have a term, and how much each is about it. Documents are told by how
many lie between one and the next, in one letter if they are few and in more if not; scores by one
letter each, in ninety steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LETTERS = bytes(code for code in range(ord("#"), ord("~") + 1) if code != ord("\\"))
VALUES = {chr(letter): value for value, letter in enumerate(LETTERS)}
STEPS = 90  # of scores
_LAST, _MORE = 64, 27  # a letter below 64 ends a number; of the others it has as many as these


class Postings:
    """The documents of one term, written as they come, in their order."""

    __slots__ = ("_before", "having", "scores", "there")

    def __init__(self) -> None:
        self._before = -1
        self.having = 0
        self.there = bytearray()
        self.scores = bytearray()

    def add(self, number: int, score: int) -> None:
        """Add a document with its score's letter."""
        gap = number - self._before - 1
        self._before = number
        self.having += 1
        self.scores.append(score)
        if gap < _LAST:
            self.there.append(LETTERS[gap])
        else:
            self.there += _number(gap)

    def line(self, term: str) -> str:
        """Return the line of a shard."""
        return f"{term} {self.there.decode()} {self.scores.decode()}\n"


def _number(value: int) -> bytes:
    last = LETTERS[value % _LAST]
    value //= _LAST
    found = bytearray([last])
    while value:
        value -= 1
        found.append(LETTERS[_LAST + value % _MORE])
        value //= _MORE
    found.reverse()
    return bytes(found)


def score(share: float) -> int:
    """Return the letter for how much a document is about a term, of 1: never that of nothing."""
    return LETTERS[round(share * STEPS) or 1]


def gaps(numbers: Iterable[int]) -> str:
    """Return ascending numbers as text."""
    postings = Postings()
    for number in numbers:
        postings.add(number, 0)
    return postings.there.decode()


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
