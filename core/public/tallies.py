"""Tallies: votes, answers to "is it fixed?", how those turned, and how long answers took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.fields import Choice, Many, optional, required
from core.public.vocabulary import TargetKind, Turning
from core.values import DATE, LINE, QUARTER, WHOLE

if TYPE_CHECKING:
    from datetime import date

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
    """What tenants answered to "is it fixed?"."""

    change: str = required(LINE, "the key of the change")
    yes: int = optional(WHOLE, "how many said yes", 0)
    partly: int = optional(WHOLE, "how many said partly", 0)
    no: int = optional(WHOLE, "how many said no", 0)

    @property
    def answers(self) -> int:
        """Return how many answered."""
        return self.yes + self.partly + self.no

    @property
    def against(self) -> bool:
        """Whether enough have answered, and more of them say no than yes: it is open again."""
        return self.answers >= ENOUGH and self.no > self.yes


@dataclass(frozen=True, kw_only=True)
class Reversal:
    """A day on which tenants' answers turned. Once it is public it stays as it is."""

    item: str = required(LINE, "the key of the roadmap item")
    to: Turning = required(Choice(Turning), "which way")
    on: date = required(DATE, "the day")


@dataclass(frozen=True, kw_only=True)
class Waits:
    """How long answers took, without saying whose: in working days, the shortest first."""

    quarter: str = required(QUARTER, "the quarter in which the answers were given")
    waited: tuple[int, ...] = required(Many(WHOLE), "the working days that each took")

    def __post_init__(self) -> None:
        """Put the days in order, so that no order tells whose they were."""
        object.__setattr__(self, "waited", tuple(sorted(self.waited)))
