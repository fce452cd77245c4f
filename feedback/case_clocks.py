"""The clocks of a case: when each of their steps is due, and what became of it.

All of it follows from what happened to the case, by pure functions. A clock that started keeps the
terms that held then, whatever site.toml says later. None is ever paused: it runs until its steps
are done, or nobody waits for them any more.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from core.clocks import BY_HAND, SAID_AT_DESK, ClockRule, ClockStart, ClockStep, StepEnd
from core.public.clock_tallies import DurationUnit
from core.public.encoding import decode, plain, to_json
from core.public.vocabulary import WorkOutcome
from core.times import Nation, clock_of
from core.working_time import TOLD_IN, WorkingTime
from feedback.model import Happening

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from decimal import Decimal

    from core.site import Site
    from feedback.model import Event

# By these, steps end or are owed no more: after any of them the nearest is worked out anew.
TURNS = frozenset(
    {
        Happening.REPLIED,
        Happening.ROUTED,
        Happening.WORK_ENDED,
        Happening.CONFIRMED,
        Happening.COMPLAINED,
        Happening.DECLINED,
        Happening.MERGED,
        Happening.UNMERGED,
        Happening.REOPENED,
        Happening.SET_ASIDE,
        Happening.WITHDRAWN,
        Happening.STEP_ENDED,
        Happening.CLOCK_STARTED,
    }
)
ANSWERS = {"answers": "yes"}  # in an event's detail: it answered, in every language asked for


class StepState(StrEnum):
    """How a step stands."""

    AHEAD = "ahead"  # it begins with the end of another
    RUNNING = "running"
    LATE = "late"  # and not done yet
    KEPT = "kept"
    MISSED = "missed"  # done, and too late
    SETTLED = "settled"  # nobody waits for it any more


@dataclass(frozen=True, slots=True)
class ClockTerms:
    """What holds for a clock that started: its rule, and whose working time it counts."""

    rule: ClockRule
    working: WorkingTime

    def packed(self) -> dict[str, Any]:
        """Return the terms as the database keeps them."""
        working = self.working
        return {
            "rule": json.loads(to_json(plain(self.rule, whole=True))),
            "zone": working.zone.key,
            "nation": str(working.nation),
            "opens": f"{working.opens:%H:%M}",
            "closes": f"{working.closes:%H:%M}",
        }

    @classmethod
    def unpacked(cls, row: dict[str, Any]) -> ClockTerms:
        """Read what `packed` returned."""
        opens, closes = clock_of(row["opens"]), clock_of(row["closes"])
        working = WorkingTime(ZoneInfo(row["zone"]), Nation(row["nation"]), opens, closes)
        return cls(decode(ClockRule, row["rule"]), working)


@dataclass(frozen=True)
class ClockBook:
    """The clocks that an association has, for whatever may start one."""

    terms: tuple[ClockTerms, ...] = ()

    @classmethod
    def of(cls, site: Site) -> ClockBook:
        """Return the clocks of site.toml."""
        return cls(
            tuple(ClockTerms(rule, WorkingTime.of(site, rule.nation)) for rule in site.clocks)
        )

    def starting(self, start: ClockStart, at: datetime) -> Iterator[ClockTerms]:
        """Go through the clocks that something starts which happens at a moment."""
        for terms in self.terms:
            if terms.rule.starts == start and terms.rule.is_valid(terms.working.day(at)):
                yield terms

    def at_desk(self, at: datetime) -> tuple[ClockTerms, ...]:
        """Return the clocks that staff may start at a moment."""
        return tuple(terms for start in SAID_AT_DESK for terms in self.starting(start, at))


NO_CLOCKS = ClockBook()


@dataclass(frozen=True, slots=True)
class CaseClock:
    """One that started, and by whose terms it runs until its steps are done."""

    id: int
    started: datetime  # aware, UTC
    terms: ClockTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStep:
    """A step of a case's clock."""

    clock: CaseClock
    step: ClockStep
    began: datetime | None  # aware, UTC; None while the step that it follows goes on
    by: datetime | None  # the last moment at which it is in time
    ended: datetime | None = None
    owed: bool = True  # whether anybody waits for it

    def state(self, now: datetime) -> StepState:
        """Return how it stands at a moment."""
        if self.ended and self.by:
            return StepState.KEPT if self.ended <= self.by else StepState.MISSED
        if not self.owed:
            return StepState.SETTLED
        if self.by is None:
            return StepState.AHEAD
        return StepState.LATE if now > self.by else StepState.RUNNING

    @property
    def day(self) -> date | None:
        """Return the day by which it is to be done, on the clock of the place."""
        return self.clock.terms.working.day(self.by) if self.by else None

    @property
    def is_open(self) -> bool:
        """Whether it runs, late or not."""
        return self.owed and self.by is not None and self.ended is None

    @property
    def by_hand(self) -> bool:
        """Whether somebody at the desk says that it is done."""
        return self.step.ends in BY_HAND

    @property
    def to_the_hour(self) -> bool:
        """Whether its hour matters, and not only its day."""
        return self.step.within is not None and self.unit in _TO_THE_HOUR

    @property
    def unit(self) -> DurationUnit:
        """Return what its length is told in."""
        return TOLD_IN[self.step.within.unit] if self.step.within else DurationUnit.DAYS

    @property
    def took(self) -> Decimal | None:
        """Return how long it took, in its unit; None while it isn't done."""
        if self.began is None or self.ended is None:
            return None
        return self.clock.terms.working.passed(self.began, max(self.ended, self.began), self.unit)


_TO_THE_HOUR = (DurationUnit.HOURS, DurationUnit.WORKING_HOURS)


@dataclass(frozen=True)
class CaseHistory:
    """What matters to the clocks of a case: its own events, and those of what it is merged into."""

    events: Sequence[Event]  # oldest first
    with_others: Sequence[Event] = field(default_factory=tuple)  # of what answers it
    owed: bool = True  # whether its sender still waits for anything

    def ends(self, clock: CaseClock, step: ClockStep) -> Iterator[datetime]:
        """Go through the moments at which a step ended, as each event says it."""
        if step.ends in BY_HAND and (hand := self._by_hand(clock, step)):
            yield hand
        for event in (*self.events, *self.with_others):
            if event.at >= clock.started and (moment := _ended_by(event, clock, step)):
                yield moment

    def _by_hand(self, clock: CaseClock, step: ClockStep) -> datetime | None:
        """Return when staff say that a step was done, as they said it last."""
        mine = {"clock": str(clock.id), "step": step.key}
        moments = [
            event.detail.get("at")
            for event in self.events
            if event.what == Happening.STEP_ENDED and mine.items() <= event.detail.items()
        ]
        return datetime.fromisoformat(moments[-1]) if moments and moments[-1] else None


def _ended_by(event: Event, clock: CaseClock, step: ClockStep) -> datetime | None:
    """Return when a step ended by what happened; None where it went on."""
    if step.ends in {StepEnd.ANSWERED, StepEnd.ACKNOWLEDGED}:
        return event.at if event.detail.get("answers") == "yes" else None
    done = step.ends == StepEnd.DONE and event.detail.get("outcome") == str(WorkOutcome.DONE)
    return _done_at(event, clock) if done else None


def _done_at(event: Event, clock: CaseClock) -> datetime:
    """Return when work was done: by the end of the day that was named, or when it was said."""
    if not (day := event.detail.get("done_on")):
        return event.at
    zone = clock.terms.working.zone
    midnight = datetime.combine(datetime.fromisoformat(day).date(), time(0), zone)
    last = (midnight + timedelta(days=1)).astimezone(UTC) - timedelta(microseconds=1)
    return max(clock.started, min(event.at, last))


def steps_of(clock: CaseClock, history: CaseHistory) -> tuple[CaseStep, ...]:
    """Return the steps of a clock, in order, as far as what happened tells."""
    steps: dict[str, CaseStep] = {}
    for step in clock.terms.rule.steps:
        began = steps[step.after].ended if step.after else clock.started
        by = clock.terms.working.until(began, step.within) if began and step.within else None
        ended = min(history.ends(clock, step), default=None) if began else None
        steps[step.key] = CaseStep(
            clock=clock, step=step, began=began, by=by, ended=ended, owed=history.owed
        )
    return tuple(steps.values())


def nearest(steps: Iterable[CaseStep]) -> CaseStep | None:
    """Return the step that runs out next, or ran out first; None when none runs."""
    running = (step for step in steps if step.is_open)
    return min(running, key=lambda step: step.by or step.clock.started, default=None)
