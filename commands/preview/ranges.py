"""Byte ranges as RFC 9110 has them, where the library that sends them reads them more strictly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Scope

_RANGE = re.compile(r"([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18})")


def usable(header: str, size: int) -> str:
    """Return the part of a Range header that counts for a file; "" when it is to be ignored.

    Another unit and a header that makes no sense are ignored (14.2); of several ranges those past
    the end drop out, and only when none is left is the request refused (15.5.17).
    """
    unit, _, asked = header.partition("=")
    ranges = [part.strip() for part in asked.split(",") if part.strip()]
    found = [_RANGE.fullmatch(one) for one in ranges]
    if unit.strip().lower() != "bytes" or not found or not all(map(_makes_sense, found)):
        return ""
    reached = [one[0] for one in found if one and _reaches(one, size)]
    return f"bytes={','.join(reached or ranges)}"


def with_usable_range(scope: Scope, size: int) -> None:
    """Let a request ask for nothing that its file's answer would stumble over."""
    headers = []
    for name, value in scope["headers"]:
        kept = usable(value.decode("latin-1"), size).encode() if name == b"range" else value
        headers += [(name, kept)] if kept or name != b"range" else []
    scope["headers"] = headers


def _makes_sense(one: re.Match[str] | None) -> bool:
    return one is not None and not (one[1] and one[2] and int(one[2]) < int(one[1]))


def _reaches(one: re.Match[str], size: int) -> bool:
    return int(one[1]) < size if one[1] else int(one[3]) > 0 and size > 0
