"""What all kinds of content have in common."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from core.fields import WORDS, Group, Many, Member, optional, required
from core.values import BOOLEAN, DATE, ENTRY_ID, FILE, IDENTITY, KEY, LINE, OLD_PATH, SLUG, WRITTEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.public.records import Correction
    from core.words import Words

Day = date  # a class with a field called "date" needs another name for the type


class Kind(StrEnum):
    """The kinds of content."""

    POST = "post"
    MEETUP = "meetup"
    EPISODE = "episode"
    ROADMAP = "roadmap"
    CHANGE = "change"
    EXPERIMENT = "experiment"
    STANDARD = "standard"
    PERSONA = "persona"
    PAGE = "page"


class Contradiction(NamedTuple):
    """Two fields, each well written, that can't both be true."""

    field: str
    wrong: str
    instead: str
    ruinous: bool = False  # whether a page made in spite of it would mislead


REFERENCES = {
    "posts": Kind.POST,
    "meetups": Kind.MEETUP,
    "episodes": Kind.EPISODE,
    "roadmap": Kind.ROADMAP,
    "changes": Kind.CHANGE,
    "experiments": Kind.EXPERIMENT,
    "standard": Kind.STANDARD,
    "personas": Kind.PERSONA,
}


@dataclass(frozen=True, kw_only=True)
class Text:
    """What the file of one language says; the only fields that a translation carries."""

    lang: str
    path: str  # relative to the content folder, with forward slashes
    body: str  # Markdown
    body_line: int  # the line of the file on which the body begins
    lines: dict[str, int]  # where each field stands, for faults found later
    title: str = required(LINE, "the page's heading, in few words")
    summary: str = optional(
        WRITTEN,
        "one or two sentences for lists and cards",
        "",
        wanted=True,
        elsewhere=("description", "excerpt", "subtitle"),
    )
    slug: str = optional(SLUG, "words for the address, if not the title's", "")
    tags: tuple[str, ...] = optional(
        Many(LINE), "free words in this file's language", (), elsewhere=("keywords",)
    )
    aliases: tuple[str, ...] = optional(
        Many(OLD_PATH), "old addresses that lead here", (), elsewhere=("redirect_from", "redirects")
    )
    feed_id: str = optional(
        ENTRY_ID, "what feed readers know it by already, when it moved here", ""
    )
    draft: bool = optional(
        BOOLEAN,
        "whether only the preview shows it",
        default=False,
        elsewhere=("status", "published"),
    )

    def line(self, field: str) -> int:
        """Return the line on which a field, or what it stands in, is written."""
        while field and field not in self.lines:
            field = field.rpartition("[")[0] if field.endswith("]") else field.rpartition(".")[0]
        return self.lines.get(field, 1)


@dataclass(frozen=True, kw_only=True)
class Image:
    """A picture that stands for the whole page."""

    src: str = required(FILE, "the picture's file")
    alt: Words = required(WORDS, "what it shows, for those who can't see it")
    credit: Words | None = optional(WORDS, "who made it")


@dataclass(frozen=True, kw_only=True)
class Content:
    """What all kinds have in common; the texts are joined by language."""

    kind: ClassVar[Kind]
    dated: ClassVar[bool] = False  # whether a page of this kind needs a date

    key: str  # permanent, unique within the kind
    texts: dict[str, Text]  # by language, the original among them
    original: str  # the language in which it was first written, whose file has the facts

    date: Day | None = optional(DATE, "its day, if not in the file's name")
    id: str = optional(IDENTITY, "the permanent id that `new` wrote", "")
    topics: tuple[str, ...] = optional(
        Many(Member("topics")),
        "what it is about",
        (),
        elsewhere=("category", "categories", "topic"),
    )
    image: Image | None = optional(Group(Image), "a picture that stands for the page")
    publish_on: Day | None = optional(DATE, "the first day on which the public sees it")
    updated: Day | None = optional(
        DATE,
        "the day of the last change that readers should know of",
        elsewhere=("modified", "lastmod"),
    )
    posts: tuple[str, ...] = optional(Many(KEY), "keys of posts it belongs with", ())
    meetups: tuple[str, ...] = optional(Many(KEY), "keys of meetups", ())
    episodes: tuple[str, ...] = optional(Many(KEY), "keys of podcast episodes", ())
    roadmap: tuple[str, ...] = optional(Many(KEY), "keys of roadmap items", ())
    changes: tuple[str, ...] = optional(Many(KEY), "keys of changes", ())
    experiments: tuple[str, ...] = optional(Many(KEY), "keys of experiments", ())
    standard: tuple[str, ...] = optional(Many(KEY), "keys of standard points", ())
    personas: tuple[str, ...] = optional(Many(KEY), "keys of personas", ())

    @property
    def public_from(self) -> Day | None:
        """Return the first public day, None when it is public as soon as it is written."""
        return self.publish_on

    @property
    def begun(self) -> Day | None:
        """Return the day of which it is, None where nothing tells."""
        return self.date

    @property
    def last_changed(self) -> Day | None:
        """Return the day of the last change as far as the facts tell."""
        return self.updated or self.date

    def contradictions(self) -> Iterator[Contradiction]:
        """Tell which fields can't stand beside each other."""
        yield from ()

    def references(self) -> Iterator[tuple[str, Kind, str]]:
        """Tell what this names: field, kind and key."""
        for name, kind in REFERENCES.items():
            for number, key in enumerate(getattr(self, name), 1):
                yield f"{name}[{number}]", kind, key


def corrected_in_time(
    corrected: Correction | None, since: date | None, field: str
) -> Iterator[Contradiction]:
    """Tell of a correction that is older than the words which it puts right."""
    if corrected and since and corrected.on < since:
        yield Contradiction(
            f"{field}.on",
            f"The words of {since} were put right on {corrected.on}, before they were public.",
            "Write the day on which you put them right.",
        )


def in_order(entries: tuple[Any, ...], field: str) -> Iterator[Contradiction]:
    """Tell which dated entries stand before an earlier one."""
    for number, (earlier, later) in enumerate(itertools.pairwise(entries), 2):
        if later.on < earlier.on:
            yield Contradiction(
                f"{field}[{number}].on",
                f"{later.on} comes after {earlier.on} in the list, and before it in time.",
                "Put the oldest first.",
            )
