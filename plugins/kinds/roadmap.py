"""Roadmap items and their moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.fields import WORDS, Choice, Group, Many, Member, optional, required
from core.public.records import Correction
from core.public.vocabulary import ItemStatus, Rung
from core.values import DATE, DAYS, KEY, REFERENCE
from plugins.kinds.content import (
    Content,
    Contradiction,
    Kind,
    corrected_in_time,
    in_order,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, timedelta

    from core.words import Words


@dataclass(frozen=True, kw_only=True)
class Move:
    """A roadmap item's change of status, with its reason."""

    on: date = required(DATE, "the day it moved")
    to: ItemStatus = required(Choice(ItemStatus), "the new status")
    why: Words = required(WORDS, "the reason: nothing moves without one")
    corrected: Correction | None = optional(Group(Correction), "that the reason was put right")


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """A tombstone: why something that was published is no longer worked with."""

    on: date = required(DATE, "the day it was withdrawn")
    why: Words = required(WORDS, "the reason")
    instead: str | None = optional(KEY, "the key of what took its place")
    corrected: Correction | None = optional(Group(Correction), "that the reason was put right")


@dataclass(frozen=True, kw_only=True)
class RoadmapItem(Content):
    """A problem that the association says it will, may or won't work on."""

    kind = Kind.ROADMAP

    owner: str = required(Member("teams"), "the team that owns it")
    rung: Rung = required(Choice(Rung), "how much say tenants have in it")
    heard: tuple[str, ...] = optional(Many(REFERENCE), "the records behind it", ())
    moves: tuple[Move, ...] = required(
        Many(Group(Move)), "each change of status, the first included"
    )
    review_every: timedelta | None = optional(DAYS, "how often it is looked at again")
    reviewed: date | None = optional(DATE, "the day it was last looked at")
    withdrawn: Withdrawal | None = optional(Group(Withdrawal), "why it no longer stands")

    @property
    def status(self) -> ItemStatus:
        """Return where it stands after its last move."""
        return self.moves[-1].to

    @property
    def begun(self) -> date | None:
        """Return the day on which it came onto the roadmap."""
        return self.moves[0].on if self.moves else self.date

    @property
    def last_changed(self) -> date | None:
        """Return the day of the last move or other change."""
        return max(filter(None, (self.updated, self.moves[-1].on, self.reviewed)))

    def contradictions(self) -> Iterator[Contradiction]:
        """Tell what can't be true of an item's moves."""
        if not self.moves:
            yield Contradiction(
                "moves",
                "The item has no moves, so nobody can tell where it stands.",
                "Add the first: {on: …, to: considering, why: …}.",
                ruinous=True,
            )
        yield from in_order(self.moves, "moves")
        for number, move in enumerate(self.moves, 1):
            yield from corrected_in_time(move.corrected, move.on, f"moves[{number}].corrected")
        if gone := self.withdrawn:
            yield from corrected_in_time(gone.corrected, gone.on, "withdrawn.corrected")
        for number, (earlier, later) in enumerate(zip(self.moves, self.moves[1:], strict=False), 2):
            if earlier.to == later.to:
                yield Contradiction(
                    f"moves[{number}].to",
                    f"The item moves from {earlier.to} to {later.to}.",
                    "Take the move out, or write where it went.",
                )

    def references(self) -> Iterator[tuple[str, Kind, str]]:
        """Tell what this names, the item that took its place included."""
        yield from super().references()
        if self.withdrawn and self.withdrawn.instead:
            yield "withdrawn.instead", Kind.ROADMAP, self.withdrawn.instead
