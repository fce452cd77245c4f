"""Personas: researched pictures of tenants' needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.fields import LONG_WORDS, WORDS, Group, Many, optional, required
from core.values import LINE, MONTH, WHOLE
from plugins.kinds.content import Content, Contradiction, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from core.words import Words


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What somebody said in research."""

    text: Words = required(LONG_WORDS, "the words")
    source: Words | None = optional(WORDS, "where they were said, naming nobody")


@dataclass(frozen=True, kw_only=True)
class Research:
    """What a persona rests on."""

    what: Words = required(WORDS, "what was done")
    on: date = required(MONTH, "when")
    method: Words | None = optional(WORDS, "how")
    people: int | None = optional(WHOLE, "with how many")


@dataclass(frozen=True, kw_only=True)
class Persona(Content):
    """A researched, shared picture of a tenant's needs."""

    kind = Kind.PERSONA

    name: str = required(LINE, "a made-up name")
    needs: tuple[Words, ...] = required(Many(WORDS), "what they need")
    context: Words = required(LONG_WORDS, "how they live")
    barriers: tuple[Words, ...] = required(Many(WORDS), "what stands in the way")
    quotes: tuple[Quote, ...] = optional(Many(Group(Quote)), "what people said", ())
    evidence: tuple[Research, ...] = required(Many(Group(Research)), "the research behind it")

    @property
    def last_changed(self) -> date | None:
        """Return the day of the newest evidence."""
        return self.updated or max((piece.on for piece in self.evidence), default=None)

    def contradictions(self) -> Iterator[Contradiction]:
        """Tell what a persona lacks."""
        if not self.evidence:
            yield Contradiction(
                "evidence",
                "A persona without evidence is a guess about people.",
                "Add evidence: with what was done, with how many people, and when.",
                ruinous=True,
            )
