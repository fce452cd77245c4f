"""What can be shown for what we claim: how much say tenants had, that it is done, that we looked.

The rules stand here and, in words, on every page that shows their outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.public.tallies import ENOUGH
from core.public.vocabulary import Claim, Rung
from core.times import month_end

if TYPE_CHECKING:
    from datetime import date

    from core.public.tallies import Confirmations
    from plugins.kinds.models import Measure, RoadmapItem


@dataclass(frozen=True)
class RungEvidence:
    """What can be shown for the rung that an item claims."""

    people: int  # whose words are behind it
    votes: int
    meetups: int  # at which it was spoken of
    experiments: int  # that tried something for it

    def supports(self, rung: Rung) -> bool:
        """Whether there is at least as much to show as the rung claims.

        Asking leaves somebody's words, a meetup or a test; shaping it together leaves words and
        an occasion at which they were worked on.
        """
        occasions = self.meetups + self.experiments
        if rung == Rung.INFORMED:
            return True
        if rung == Rung.CONSULTED:
            return bool(self.people or occasions)
        if rung == Rung.INVOLVED:
            return bool(self.people and occasions)
        return bool(self.people and self.meetups)


def review_due(item: RoadmapItem) -> date | None:
    """Return the day by which an item is to be looked at again, None when nobody promised it."""
    if item.withdrawn or item.review_every is None:
        return None
    return (item.reviewed or item.moves[0].on) + item.review_every


def review_overdue(item: RoadmapItem, today: date) -> bool:
    """Whether an item should have been looked at before today."""
    due = review_due(item)
    return due is not None and today > due


def reading_due(measure: Measure) -> date | None:
    """Return the day by which a measure is to be read again: the last of the month promised.

    None when nobody promised it, or a reading of that month or later is there.
    """
    promised = measure.next
    if promised is None or any(reading.on >= promised for reading in measure.after):
        return None
    return month_end(promised)


def reading_overdue(measure: Measure, today: date) -> bool:
    """Whether the month is over in which a measure was to be read again."""
    due = reading_due(measure)
    return due is not None and today > due


def judge(answers: Confirmations) -> Claim:
    """Return what tenants made of a claim.

    What opens it again is said at `Confirmations.against`. From `ENOUGH` answers on, more Yes than
    all the others confirms it; until then, and in between, it stays a claim.
    """
    if answers.against:
        return Claim.REOPENED
    if answers.answers >= ENOUGH and answers.yes > answers.partly + answers.no:
        return Claim.CONFIRMED
    return Claim.CLAIMED
