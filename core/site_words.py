"""The association's own words: what content and records name by a key, and since when no more.

Associations change: two topics become one, a team is called otherwise, somebody leaves. What was
said and done stands in files and records that name the old key, for ever. So an old word keeps its
table in site.toml, and says there until when it was used and what took its place.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from core.fields import WORDS, ByLanguage, Member, optional, required
from core.values import CLOCK, EMAIL, KEY, LINE, MONTH_END, SLUG, WHOLE
from core.words import ANY, NO_KEY, Words, plain_key

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, kw_only=True)
class SiteWord(ABC):
    """A word of site.toml that content names by its key."""

    key: str
    now: str | None = optional(
        KEY, "the key of what took its place", elsewhere=("into", "merged_into", "renamed_to")
    )

    @property
    def successor(self) -> str:
        """Return the key of what took its place, "" when nothing did."""
        return self.now or ""

    @property
    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """Return what content may call it besides its key."""

    @property
    @abstractmethod
    def ended(self) -> date | None:
        """Return the last day on which something new might name it, None while it lasts."""

    def is_over(self, today: date) -> bool:
        """Whether nothing new names it any more."""
        return self.ended is not None and today > self.ended


@dataclass(frozen=True, kw_only=True)
class RetirableWord(SiteWord):
    """One that is used until it isn't."""

    until: date | None = optional(
        MONTH_END, "the last month in which something new names it", elsewhere=("left", "ended")
    )

    @property
    def ended(self) -> date | None:
        """Return the last day on which something new might name it, None while it lasts."""
        return self.until


@dataclass(frozen=True, kw_only=True)
class NamedWord(RetirableWord):
    """One that readers see by a name."""

    name: Words = required(WORDS, "what readers see")

    @property
    def names(self) -> tuple[str, ...]:
        """Return its name in each language."""
        return tuple(text for _, text in self.name.texts)


@dataclass(frozen=True, kw_only=True)
class Topic(NamedWord):
    """[topics.KEY]: something that tenants speak about."""

    slug: tuple[tuple[str, str], ...] = optional(ByLanguage(SLUG), "its words in addresses", ())
    published: tuple[tuple[str, str], ...] = ()  # language and word of addresses that it ever had

    def slug_in(self, lang: str) -> str:
        """Return its word in addresses of a language; its key, where its name has no letter."""
        named = plain_key(self.name.get(lang).text)
        slugs = dict(self.slug)
        return slugs.get(lang) or slugs.get(ANY) or (self.key if named == NO_KEY else named)

    def slugs_before(self, lang: str) -> tuple[str, ...]:
        """Return the words that its addresses in a language had before."""
        now = self.slug_in(lang)
        return tuple(slug for tongue, slug in self.published if tongue == lang and slug != now)


@dataclass(frozen=True, kw_only=True)
class Area(NamedWord):
    """[areas.KEY]: a place where the association has homes."""

    homes: int | None = optional(WHOLE, "how many homes it has there")


@dataclass(frozen=True, kw_only=True)
class Team(NamedWord):
    """[teams.KEY]: who owns roadmap items and answers."""

    email: str = optional(EMAIL, "the team's own mailbox, for what falls due each month", "")
    news_at: time = optional(CLOCK, "when its people at the desk are told how it stands", time(9))


@dataclass(frozen=True, kw_only=True)
class Person(SiteWord):
    """[people.KEY]: a member of staff, or a partner, who writes here."""

    name: str = required(LINE, "the person's name")
    role: Words = optional(WORDS, "what they do", Words.of(""))
    team: str | None = optional(Member("teams"), "their team's key")
    left: date | None = optional(
        MONTH_END, "the last month in which they worked here", elsewhere=("until", "ended")
    )

    @property
    def names(self) -> tuple[str, ...]:
        """Return the name, which is the same in every language."""
        return (self.name,)

    @property
    def ended(self) -> date | None:
        """Return the last day on which something new might name them, None while they are here."""
        return self.left


@dataclass(frozen=True, kw_only=True)
class FreeTag(RetirableWord):
    """[tags.KEY]: a tag that is written otherwise now, or no more; the key is its address."""

    now: str | None = optional(LINE, "the tag that took its place, as readers see it")

    @property
    def successor(self) -> str:
        """Return the key of the tag that took its place, "" when none did."""
        return plain_key(self.now) if self.now else ""

    @property
    def names(self) -> tuple[str, ...]:
        """Return nothing: tags are words of the files that have them."""
        return ()
