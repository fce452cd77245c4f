"""What an accessibility statement says that no program can find out, from site.toml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.fields import LONG_WORDS, WORDS, Group, Many, optional, required
from core.values import BOOLEAN, CRITERION, DATE, MONTH, WEB
from core.words import Words

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, kw_only=True)
class AccessGap:
    """[[accessibility.gaps]]: something of the site that keeps people out as yet."""

    what: Words = required(LONG_WORDS, "what doesn't work yet")
    who: Words = required(WORDS, "whom it keeps out")
    why: Words = required(LONG_WORDS, "why it doesn't work yet")
    instead: Words = optional(LONG_WORDS, "what they can do meanwhile", Words.of(""))
    criterion: str = optional(CRITERION, "the criterion of WCAG 2.2 that it fails, if any", "")
    since: date | None = optional(MONTH, "the month since which it is known")
    by: date | None = optional(MONTH, "the month by whose end it will work")

    def is_late(self, today: date) -> bool:
        """Whether the month by whose end it was to work is over."""
        return self.by is not None and (self.by.year, self.by.month) < (today.year, today.month)


@dataclass(frozen=True, kw_only=True)
class AccessTest:
    """[[accessibility.tests]]: people tried the site with what they use themselves."""

    on: date = required(MONTH, "when they did")
    who: Words = required(WORDS, "who tried it, without names")
    found: Words = required(LONG_WORDS, "what they found")


@dataclass(frozen=True, kw_only=True)
class Adviser:
    """[accessibility.adviser]: who helps those whom the association's answer doesn't."""

    name: Words = required(WORDS, "what it is called")
    url: str = required(WEB, "its address on the web")


@dataclass(frozen=True, kw_only=True)
class Accessibility:
    """[accessibility]: what the accessibility statement says that no program can find out."""

    written: date | None = optional(DATE, "the day on which the statement was first written")
    reviewed: date | None = optional(DATE, "when somebody last went through it", wanted=True)
    next_test: date | None = optional(MONTH, "the month in which people will try the site next")
    formats: tuple[Words, ...] = optional(
        Many(WORDS), "other forms in which people may have what stands here", ()
    )
    public_body: bool = optional(
        BOOLEAN,
        "whether the accessibility regulations of 2018 for the UK's public sector bind you",
        default=False,
    )
    adviser: Adviser | None = optional(Group(Adviser), "who else helps, if your answer doesn't")
    gaps: tuple[AccessGap, ...] = optional(Many(Group(AccessGap)), "what doesn't work yet", ())
    tests: tuple[AccessTest, ...] = optional(Many(Group(AccessTest)), "who tried the site", ())
