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
    matches = [_RANGE.fullmatch(part) for part in ranges]
    if unit.strip().lower() != "bytes" or not matches or not all(map(_makes_sense, matches)):
        return ""
    reached = [part[0] for part in matches if part and _reaches(part, size)]
    return f"bytes={','.join(reached or ranges)}"


def with_usable_range(scope: Scope, size: int) -> None:
    """Let a request ask for nothing that its file's answer would stumble over."""
    headers = []
    for name, value in scope["headers"]:
        usable_range = usable(value.decode("latin-1"), size).encode() if name == b"range" else value
        headers += [(name, usable_range)] if usable_range or name != b"range" else []
    scope["headers"] = headers


def _makes_sense(match: re.Match[str] | None) -> bool:
    return match is not None and not (match[1] and match[2] and int(match[2]) < int(match[1]))


def _reaches(match: re.Match[str], size: int) -> bool:
    return int(match[1]) < size if match[1] else int(match[3]) > 0 and size > 0
