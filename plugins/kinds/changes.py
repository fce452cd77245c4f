"""Changes: what was done because of what tenants said, and its measure."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.fields import WORDS, Choice, Group, Many, Member, optional, required
from core.public.records import Correction
from core.public.vocabulary import Better, Outcome
from core.values import MONTH, NUMBER, REFERENCE
from plugins.kinds.content import Content, Contradiction, Kind, corrected_in_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from core.words import Words


@dataclass(frozen=True, kw_only=True)
class ReadingTaken:
    """A value of a measure."""

    value: Decimal = required(NUMBER, "the number")
    on: date = required(MONTH, "when it was measured")
    source: Words | None = optional(WORDS, "where the number comes from")


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A number before and after; it may say that things got worse."""

    name: Words = required(WORDS, "what is counted")
    better: Better = required(Choice(Better), "the direction in which it gets better")
    before: ReadingTaken = required(Group(ReadingTaken), "the value before the change")
    after: tuple[ReadingTaken, ...] = optional(Many(Group(ReadingTaken)), "values since", ())
    unit: Words | None = optional(WORDS, "what it is counted in")
    target: Decimal | None = optional(NUMBER, "the value aimed at")
    next: date | None = optional(MONTH, "when it will be measured again")


@dataclass(frozen=True, kw_only=True)
class Change(Content):
    """A published "you said, we did", with a measure."""

    kind = Kind.CHANGE
    dated = True

    outcome: Outcome = optional(Choice(Outcome), "what it amounts to", Outcome.DID)
    because: tuple[str, ...] = optional(Many(REFERENCE), "the records that led to it", ())
    owner: str | None = optional(Member("teams"), "the team that made it")
    why_not: Words | None = optional(WORDS, "why it can't be done")
    measure: Measure | None = optional(Group(Measure), "what it changed, in numbers")
    corrected: Correction | None = optional(Group(Correction), "that its words were put right")

    @property
    def public_from(self) -> date | None:
        """Return the day of publication: a change's own day, or a later one if set."""
        return self.publish_on or self.date

    def contradictions(self) -> Iterator[Contradiction]:
        """Tell what a change leaves open."""
        if self.outcome == Outcome.CANNOT:
            if not self.why_not:
                yield Contradiction(
                    "why_not",
                    "“We can't” needs its reason: “why_not” is missing.",
                    "Add why_not: with a sentence that a tenant would accept.",
                )
        elif not self.measure:
            yield Contradiction(
                "measure",
                "A change says what it changed: “measure” is missing.",
                "Add measure: with name, better, before and, when known, after.",
            )
        yield from corrected_in_time(self.corrected, self.date, "corrected")
        if self.measure:
            readings = (self.measure.before, *self.measure.after)
            if any(later.on < earlier.on for earlier, later in itertools.pairwise(readings)):
                yield Contradiction(
                    "measure.after", "The readings are out of order.", "Put the oldest first."
                )
            if not self.measure.after and not self.measure.next:
                yield Contradiction(
                    "measure.next",
                    "Nothing has been measured since, and nobody says when it will be.",
                    "Add next: with a month such as 2027-01.",
                )
