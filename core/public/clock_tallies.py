"""Clock tallies: how many steps of clocks came in time, by quarter, without a word of whose."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.fields import WORDS, Choice, optional, required
from core.values import KEY, NUMBER, QUARTER, SPAN, WHOLE

if TYPE_CHECKING:
    from decimal import Decimal

    from core.times import Span
    from core.words import Words


class DurationUnit(StrEnum):
    """What durations are told in."""

    HOURS = "hours"
    WORKING_HOURS = "working-hours"
    DAYS = "days"
    WORKING_DAYS = "working-days"


@dataclass(frozen=True, kw_only=True)
class ClockTally:
    """How the steps of one sort stand that were due in one quarter.

    A step that isn't done counts as longer than all that are; where that makes a figure unknown, it
    is left out. What five cases have in common says nothing of one; fewer are never told.
    """

    quarter: str = required(QUARTER, "the quarter in which they were due")
    clock: str = required(KEY, "the clock's key")
    name: Words = required(WORDS, "what the clock is called, by language")
    step: str = required(KEY, "the step's key")
    what: Words = required(WORDS, "what was to be done, by language")
    within: Span = required(SPAN, "within how long")
    unit: DurationUnit = required(Choice(DurationUnit), "what the two lengths are told in")
    due: int = required(WHOLE, "how many were due")
    met: int = required(WHOLE, "how many of these came in time")
    median: Decimal | None = optional(NUMBER, "how long half of them took at most")
    p90: Decimal | None = optional(NUMBER, "how long nine in ten of them took at most")

    @property
    def order(self) -> tuple[str, str, str, str]:
        """Return by what tallies are sorted; no two share it."""
        return self.quarter, self.clock, self.step, str(self.within)
