"""The text of a calendar (RFC 5545), with times in the one form that its parser reads."""

from __future__ import annotations

import re

from core.times import day_of, moment_of
from core.values import UTC

_TIMES = re.compile(
    r"^(?P<name>(?:DTSTART|DTEND|EXDATE|RDATE|RECURRENCE-ID)(?:;[^:\r\n]*)?):(?P<values>[^\r\n]+)",
    re.IGNORECASE | re.MULTILINE,
)
_READABLE = re.compile(r"\d{8}(?:T(?:[01]\d|2[0-3])[0-5]\d[0-5]\dZ?)?")
_ZONED = re.compile(r"(?:Z|\d[+-]\d{2}:?\d{2})$")
_ZONES = re.compile(
    r"^BEGIN:VTIMEZONE\r?\n.*?^END:VTIMEZONE\r?\n?", re.IGNORECASE | re.MULTILINE | re.DOTALL
)


def with_plain_times(text: str) -> str:
    """Return a calendar whose times have no hyphens, no offset, no 24:00 and no leap second."""
    return _TIMES.sub(
        lambda line: f"{line['name']}:{','.join(map(_plain, line['values'].split(',')))}", text
    )


def without_zones(text: str) -> str:
    """Return a calendar without the rules of its zones, whose names say as much."""
    return _ZONES.sub("", text)


def _plain(written: str) -> str:
    value = written.strip().upper()
    if _READABLE.fullmatch(value):
        return value
    try:
        if re.fullmatch(r"[\d-]+", value):
            return f"{day_of(value, UTC):%Y%m%d}"
        moment = moment_of(value, UTC)
    except ValueError:
        return written
    return f"{moment:%Y%m%dT%H%M%S}{'Z' if _ZONED.search(value) else ''}"
