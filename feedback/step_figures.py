"""How fast we were: the steps of all clocks, counted by quarter, in figures that name nobody."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from core.public.clock_tallies import ClockTally
from feedback.case_clocks import StepState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from decimal import Decimal

    from feedback.case_clocks import CaseStep

FEWEST = 5  # steps of one sort in one quarter, below which nothing is told of them
HALF, NINE_IN_TEN = 0.5, 0.9


def step_tallies(steps: Iterable[CaseStep], now: datetime) -> Iterator[ClockTally]:
    """Count steps by the quarter in which they were due, the oldest first.

    Those count that are done, or whose time is up. Whoever took their words back is counted where a
    step was done before that.
    """
    groups: defaultdict[tuple[str, str, str, str], list[CaseStep]] = defaultdict(list)
    for step in steps:
        if step.day and step.by and (step.ended or (step.owed and step.by < now)):
            quarter = f"{step.day.year}-Q{(step.day.month + 2) // 3}"
            key = (quarter, step.clock.terms.rule.key, step.step.key, str(step.step.within))
            groups[key].append(step)
    for (quarter, *_), alike in sorted(groups.items(), key=lambda pair: pair[0]):
        if len(alike) >= FEWEST:
            yield _tally(quarter, alike, now)


def _tally(quarter: str, alike: Sequence[CaseStep], now: datetime) -> ClockTally:
    last = alike[-1]  # whose words are the newest
    if last.step.within is None:
        raise AssertionError("a step that is due has a length")
    rule = last.clock.terms.rule
    return ClockTally(
        quarter=quarter,
        clock=rule.key,
        name=rule.name,
        step=last.step.key,
        what=last.step.name,
        within=last.step.within,
        unit=last.unit,
        due=len(alike),
        met=sum(step.state(now) == StepState.KEPT for step in alike),
        median=_at_most(alike, HALF),
        p90=_at_most(alike, NINE_IN_TEN),
    )


def _at_most(alike: Sequence[CaseStep], share: float) -> Decimal | None:
    """Return how long a share of steps took at most (nearest rank); None where nobody knows yet."""
    lengths = sorted(length for step in alike if (length := step.took) is not None)
    rank = math.ceil(share * len(alike))
    return lengths[rank - 1] if rank <= len(lengths) else None
