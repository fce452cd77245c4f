"""Points of the Social Housing Digital Standard."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.fields import LONG_WORDS, WORDS, Choice, Group, Many, Member, optional, required
from core.public.vocabulary import PointStatus
from core.values import BOOLEAN, DATE, MONTH, POINT_NUMBER, VERSION, WEB
from plugins.kinds.content import Content, Contradiction, Kind, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from core.words import Words


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a claim rests on."""

    what: Words = required(WORDS, "what the evidence is")
    url: str | None = optional(WEB, "where it can be read")
    on: date | None = optional(MONTH, "its date")


@dataclass(frozen=True, kw_only=True)
class Meeter:
    """Somebody who meets a point of the standard."""

    who: Words = required(WORDS, "the association")
    since: date | None = optional(MONTH, "since when")
    url: str | None = optional(WEB, "where it can be seen")


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A version of a point."""

    version: str = required(VERSION, "the version")
    on: date = required(DATE, "its day")
    what: Words = required(WORDS, "what changed in it")


class Channel(StrEnum):
    """A way in which tenants reach an association."""

    WEB = "web"
    PHONE = "phone"
    LETTER = "letter"
    VISIT = "visit"
    MEETING = "meeting"
    APP = "app"


@dataclass(frozen=True, kw_only=True)
class CollectedField:
    """One thing that a pattern asks for, in its order."""

    what: Words = required(WORDS, "what is asked")
    why: Words = required(LONG_WORDS, "why it is asked")
    who: Words | None = optional(WORDS, "who needs the answer")
    channels: tuple[Channel, ...] = optional(Many(Choice(Channel)), "where it is asked", ())
    required: bool = optional(BOOLEAN, "whether it must be answered", default=False)


@dataclass(frozen=True, kw_only=True)
class StandardPoint(Content):
    """A numbered, versioned point of the Social Housing Digital Standard."""

    kind = Kind.STANDARD

    number: str = required(POINT_NUMBER, "its number")
    group: str = required(Member("standard.groups"), "its chapter")
    version: str = required(VERSION, "the version of this point")
    status: PointStatus = optional(Choice(PointStatus), "how firm it is", PointStatus.DRAFT)
    why: Words = required(LONG_WORDS, "its reason")
    evidence: tuple[Evidence, ...] = optional(Many(Group(Evidence)), "what it rests on", ())
    met_by: tuple[Meeter, ...] = optional(Many(Group(Meeter)), "who meets it", ())
    history: tuple[Revision, ...] = optional(Many(Group(Revision)), "its versions", ())
    collect: tuple[CollectedField, ...] = optional(
        Many(Group(CollectedField)), "what a pattern asks", ()
    )

    @property
    def order(self) -> tuple[int, ...]:
        """Return the number for sorting: 1.10 comes after 1.9."""
        return tuple(int(part) for part in self.number.split("."))

    @property
    def last_changed(self) -> date | None:
        """Return the day of the last version."""
        return self.updated or max((revision.on for revision in self.history), default=None)

    def contradictions(self) -> Iterator[Contradiction]:
        """Tell what can't be true of a point's versions."""
        yield from in_order(self.history, "history")
        if self.history and self.version not in {revision.version for revision in self.history}:
            yield Contradiction(
                "version",
                f"Version {self.version} isn't in the point's history.",
                "Add it to history: with its day and what changed.",
            )
