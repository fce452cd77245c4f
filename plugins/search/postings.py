"""Lists of documents as short text: which have a term, and how much each is about it.

A list is a stream of bits in base 64 (RFC 4648, section 4, unpadded). Documents are told by how
many lie between one and the next, in a Golomb-Rice code (R. F. Rice, "Some practical universal
noiseless coding techniques", 1979) whose parameter is the list's first letter. Behind each stands
its level: two bits for the three that most have, a Rice code for the others.
"""

from __future__ import annotations

import binascii
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

STEPS, BEND = 8, 0.75  # levels are wide where pages hardly say a term, and narrow at the top
USUAL = (6, 7, 8)  # the levels of most: a page says most of its words once
_RARE = 3  # the Rice parameter of the other levels
_FIRST = "a"  # the letter of parameter 0
_BITS = 8  # of a byte
NO_LIST = "This is no list of documents."


class _Rice(dict[int, str]):
    """The codes of one parameter as noughts and ones, each made when it is first wanted."""

    def __init__(self, low: int, before: str = "") -> None:
        super().__init__()
        self._low, self._before = low, before

    def __missing__(self, value: int) -> str:
        rest = format(value & ((1 << self._low) - 1), f"0{self._low}b") if self._low else ""
        code = self[value] = f"{self._before}{'0' * (value >> self._low)}1{rest}"
        return code


_gaps = cache(_Rice)
_LEVELS = _Rice(_RARE, "11")
_LEVELS |= {level: format(place, "02b") for place, level in enumerate(USUAL)}


def level(odds: float) -> int:
    """Return how much a page is about a term, in steps.

    :param odds: the term's weight by what the page's length sets against it.
    """
    return round(STEPS * odds**BEND) or 1


def packed(numbers: Sequence[int], levels: Sequence[int] | None = None) -> str:
    """Return documents, and their levels where there are any, as text.

    :param numbers: ascending, at least one.
    """
    low = max(0, ((numbers[-1] + 1) // len(numbers)).bit_length() - 1)
    codes, before, bits = _gaps(low), -1, []
    for place, number in enumerate(numbers):
        bits.append(codes[number - before - 1])
        if levels is not None:
            bits.append(_LEVELS[levels[place]])
        before = number
    stream = "".join(bits)
    whole = -(-len(stream) // _BITS)
    data = int(stream.ljust(whole * _BITS, "0"), 2).to_bytes(whole, "big")
    return chr(ord(_FIRST) + low) + binascii.b2a_base64(data, newline=False).decode().rstrip("=")


def read(text: str) -> dict[int, int]:
    """Return the documents of a list with their levels.

    :raises ValueError: when the text is no such list.
    """
    letters = text[1:]
    try:
        data = binascii.a2b_base64(letters + "=" * (-len(letters) % 4), strict_mode=True)
        between = "." * (ord(text[0]) - ord(_FIRST))
    except (binascii.Error, IndexError) as error:
        raise ValueError(NO_LIST) from error
    codes = re.compile(rf"(0*)1({between})(?:(00|01|10)|11(0*)1({'.' * _RARE}))")
    bits = format(int.from_bytes(data, "big"), f"0{len(data) * _BITS}b")
    levels, number = {}, -1
    for zeros, rest, usual, more, last in codes.findall(bits):
        number += (len(zeros) << len(rest)) + int(f"0{rest}", 2) + 1
        levels[number] = USUAL[int(usual, 2)] if usual else (len(more) << len(last)) + int(last, 2)
    if not levels or codes.sub("", bits).strip("0"):
        raise ValueError(NO_LIST)
    return levels
