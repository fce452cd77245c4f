"""A meetup's file, for tests of when it is."""

from __future__ import annotations

from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


MEETUP = """\
---
title: {title}
summary: Come and say what leaks.
start: {start}
end: {end}
place: {{name: The porch, address: 1 Bridge Street}}
{more}---
Bring a cup.
"""


def meetup(start: str, end: str, *more: str, title: str = "Tea") -> str:
    lines = "".join(f"{line}\n" for line in more)
    return MEETUP.format(title=title, start=start, end=end, more=lines)
