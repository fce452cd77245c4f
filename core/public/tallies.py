"""Tallies: votes, answers to "is it fixed?", how those turned, and how long answers took."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from core.fields import LONG_WORDS, Choice, Many, Member, optional, required
from core.public.vocabulary import TargetKind, Turning
from core.values import BOOLEAN, DATE, LINE, QUARTER, WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from core.words import Words

ENOUGH = 5  # answers; fewer say more about who happened to answer than about the thing


@dataclass(frozen=True, kw_only=True)
class Votes:
    """How many said "this matters to me too" of one thing."""

    kind: TargetKind = required(Choice(TargetKind), "the kind of thing")
    key: str = required(LINE, "its key, or a record's reference")
    online: int = optional(WHOLE, "votes on the website", 0)
    offline: int = optional(WHOLE, "hands at meetings, and voices by phone, letter or visit", 0)


@dataclass(frozen=True, kw_only=True)
class Confirmations:
    """What tenants answered to "is it fixed?": all of them, and of these those who stand apart.

    Those who asked for it answered on the receipt of what they had sent. Answers of others wait
    until a person at the desk has looked whether they come from as many people.
    """

    change: str = required(LINE, "the key of the change")
    yes: int = optional(WHOLE, "how many said yes", 0)
    partly: int = optional(WHOLE, "how many said partly", 0)
    no: int = optional(WHOLE, "how many said no", 0)
    asked_yes: int = optional(WHOLE, "of these, who asked for it and said yes", 0)
    asked_partly: int = optional(WHOLE, "of these, who asked for it and said partly", 0)
    asked_no: int = optional(WHOLE, "of these, who asked for it and said no", 0)
    waiting_yes: int = optional(WHOLE, "of these, who said yes and wait to be looked at", 0)
    waiting_partly: int = optional(WHOLE, "of these, who said partly and wait to be looked at", 0)
    waiting_no: int = optional(WHOLE, "of these, who said no and wait to be looked at", 0)

    @property
    def answers(self) -> int:
        """Return how many answered."""
        return self.yes + self.partly + self.no

    @property
    def asked(self) -> int:
        """Return how many of them had asked for it."""
        return self.asked_yes + self.asked_partly + self.asked_no

    @property
    def waiting(self) -> int:
        """Return how many answers a person at the desk has to look at."""
        return self.waiting_yes + self.waiting_partly + self.waiting_no

    @property
    def against(self) -> bool:
        """Whether it is open again.

        So it is when more of those who asked say no than yes, or when more of all do, once enough
        have answered and a person has looked at them.
        """
        looked_at = self.answers - self.waiting
        more_no = self.no - self.waiting_no > self.yes - self.waiting_yes
        return self.asked_no > self.asked_yes or (looked_at >= ENOUGH and more_no)


COUNTS = tuple(field.name for field in fields(Confirmations) if field.name != "change")


def summed(answers: Iterable[Confirmations], change: str = "") -> Confirmations:
    """Return the sum of answers about several changes."""
    several = tuple(answers)
    sums = {name: sum(getattr(tally, name) for tally in several) for name in COUNTS}
    return Confirmations(change=change, **sums)


@dataclass(frozen=True, kw_only=True)
class StruckVoices:
    """Voices that staff don't count, said in public."""

    kind: TargetKind = required(Choice(TargetKind), "the kind of thing that they were for")
    key: str = required(LINE, "its key, or a record's reference")
    on: date = required(DATE, "the day on which they were struck")
    count: int = required(WHOLE, "how many they were")
    why: Words = required(LONG_WORDS, "why they are not counted")


@dataclass(frozen=True, kw_only=True)
class Reversal:
    """A day on which tenants' answers turned. Once it is public it stays as it is."""

    item: str = required(LINE, "the key of the roadmap item")
    to: Turning = required(Choice(Turning), "which way")
    on: date = required(DATE, "the day")


@dataclass(frozen=True, kw_only=True)
class PlaceVoices:
    """How many people were heard from a place, unless that would tell of few."""

    area: str | None = optional(Member("areas"), "the place; none where it was not said")
    people: int = optional(WHOLE, "how many people were heard", 0)
    hidden: bool = optional(BOOLEAN, "whether they are too few to be shown", default=False)


@dataclass(frozen=True, kw_only=True)
class Waits:
    """How long answers took, without saying whose: in working days, the shortest first."""

    quarter: str = required(QUARTER, "the quarter in which the answers were given")
    waited: tuple[int, ...] = required(Many(WHOLE), "the working days that each took")

    def __post_init__(self) -> None:
        """Put the days in order, so that no order tells whose they were."""
        object.__setattr__(self, "waited", tuple(sorted(self.waited)))
