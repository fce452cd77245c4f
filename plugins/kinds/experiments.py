"""Experiments: small tests, told whichever way they ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.fields import LONG_WORDS, WORDS, Choice, Group, Member, NoOr, optional, required
from core.public.vocabulary import Decision
from core.values import DATE, NUMBER
from plugins.kinds.content import Content, Contradiction, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from core.words import Words


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What an experiment cost."""

    money: Decimal | None = optional(NUMBER, "pounds")
    hours: Decimal | None = optional(NUMBER, "hours of people's work")
    note: Words | None = optional(WORDS, "what it was spent on")


@dataclass(frozen=True, kw_only=True)
class WatchNotice:
    """What people must know before a test watches their home or them."""

    collected: Words = required(LONG_WORDS, "what is collected")
    seen_by: Words = required(LONG_WORDS, "who sees it")
    convenience: Words = required(LONG_WORDS, "whose convenience it serves")
    saving: Words = required(LONG_WORDS, "whose money it saves")
    say_no: Words = required(LONG_WORDS, "how to say no, and what happens then")


@dataclass(frozen=True, kw_only=True)
class Experiment(Content):
    """A small test, with its end told whichever way it went."""

    kind = Kind.EXPERIMENT

    owner: str = required(Member("teams"), "the team that runs it")
    hypothesis: Words = required(LONG_WORDS, "what you believe, and would see if it were so")
    measure: Words = required(LONG_WORDS, "what you count to find out")
    stop_rule: Words = required(LONG_WORDS, "what would make you stop early")
    start: date = required(DATE, "the first day")
    end: date | None = optional(DATE, "the last day")
    result: Words | None = optional(LONG_WORDS, "what you found")
    decision: Decision = optional(Choice(Decision), "what became of it", Decision.RUNNING)
    cost: Cost | None = optional(Group(Cost), "what it cost")
    watches: WatchNotice | bool = required(
        NoOr(Group(WatchNotice)), "whether it watches homes or people, and if so how"
    )

    @property
    def begun(self) -> date | None:
        """Return its first day."""
        return self.start

    @property
    def last_changed(self) -> date | None:
        """Return the day of the last change as far as the facts tell."""
        return self.updated or self.end or self.start

    def contradictions(self) -> Iterator[Contradiction]:
        """Tell what can't be true of an experiment."""
        if self.end and self.end < self.start:
            yield Contradiction(
                "end",
                "The experiment ends before it begins.",
                "Write an end after the start.",
                ruinous=True,
            )
        if self.decision != Decision.RUNNING:
            for name in ("end", "result"):
                if not getattr(self, name):
                    yield Contradiction(
                        name,
                        f"The experiment is {self.decision}, and “{name}” is missing.",
                        f"Add {name}:, also when it failed.",
                    )
