"""What falls due: each thing that was promised for a day, in one list for everybody who keeps it.

The build works the list out once and leaves it in the tree; the desk, the monthly mails and the
command line read it. It holds what pages say anyway, and of a page that waits for its day no word.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from core.fields import WORDS, ByLanguage, Choice, optional, required
from core.public.encoding import decode, plain, to_json
from core.values import DATE, FILE, LINE, WEB

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, timedelta

    from core.words import Words

FILE_IN_TREE = "_due.json"


class DueSort(StrEnum):
    """What is to be done by the day."""

    ANSWER = "answer"  # to what a tenant said
    READING = "reading"  # of a change's measure
    REVIEW = "review"  # of a roadmap item
    ACTION = "action"  # that a meetup asked for
    RESULT = "result"  # of an experiment whose last day is over
    OWNER = "owner"  # of something whose team is no more
    ACCESS = "access"  # the accessibility statement and what it promises
    PAGE = "page"  # that goes out on the day
    TRANSLATION = "translation"  # that is missing, or older than its original


@dataclass(frozen=True, kw_only=True)
class DueEntry:
    """Something that falls due."""

    sort: DueSort = required(Choice(DueSort), "what is to be done")
    on: date | None = optional(DATE, "the last day on which it is in time")
    title: Words | None = optional(WORDS, "what it is about; none for a page that waits")
    what: Words | None = optional(WORDS, "which part of it, where it has several")
    owner: str = optional(LINE, "the key of the team that does it", "")
    url: tuple[tuple[str, str], ...] | None = optional(ByLanguage(WEB), "its page, by language")
    source: str = optional(FILE, "the file in which it stands", "")

    def is_overdue(self, day: date) -> bool:
        """Whether the day is over by which it was to be done; a page goes out by itself."""
        return self.on is not None and day > self.on and self.sort != DueSort.PAGE

    def is_near(self, day: date, within: timedelta) -> bool:
        """Whether it is to be done soon, or has no day and waits."""
        return self.on is None or self.on <= day + within


def due_word(sort: DueSort, gettext: Callable[[str], str]) -> str:
    """Return what is to be done, in the language of whoever does it."""
    _ = gettext
    return {
        DueSort.ANSWER: _("Answer"),
        DueSort.READING: _("Measure again"),
        DueSort.REVIEW: _("Look at it again"),
        DueSort.ACTION: _("An action of a meetup"),
        DueSort.RESULT: _("Tell the result"),
        DueSort.OWNER: _("Find another team"),
        DueSort.ACCESS: _("Accessibility"),
        DueSort.PAGE: _("A page goes out"),
        DueSort.TRANSLATION: _("Translate"),
    }[sort]


def in_order(entries: Iterable[DueEntry]) -> tuple[DueEntry, ...]:
    """Return entries by day, those without one at the end."""

    def place(entry: DueEntry) -> tuple[bool, str, str, str]:
        return entry.on is None, str(entry.on), entry.sort, entry.source

    return tuple(sorted(entries, key=place))


def public_part(entries: Iterable[DueEntry]) -> tuple[DueEntry, ...]:
    """Return what may stand in the tree: of a page that waits for its day, the day alone.

    What is still to be translated may be a draft, so only what has a page is named.
    """
    public = []
    for entry in entries:
        if entry.sort == DueSort.PAGE:
            public.append(replace(entry, title=None, url=None, source=""))
        elif entry.sort != DueSort.TRANSLATION or entry.url:
            public.append(entry)
    return tuple(public)


def due_json(entries: Iterable[DueEntry]) -> str:
    """Return a list as JSON has it."""
    return to_json({"due": [plain(entry, whole=True) for entry in entries]})


def due_entries(text: str) -> tuple[DueEntry, ...]:
    """Read what `due_json` wrote.

    :raises ValueError: when it is something else.
    """
    try:
        return tuple(decode(DueEntry, row) for row in json.loads(text)["due"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"No list of what falls due: {error}") from None
