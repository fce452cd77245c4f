"""Posts: also weeknotes, and what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.fields import WORDS, Choice, Many, Member, optional
from core.values import BOOLEAN, WEEK
from plugins.kinds.content import Content, Contradiction, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from core.words import Words


class PostType(StrEnum):
    """The sorts of post."""

    POST = "post"
    WEEKNOTES = "weeknotes"
    WENT_WRONG = "went-wrong"


@dataclass(frozen=True, kw_only=True)
class Post(Content):
    """A blog post: also weeknotes, and posts about what went wrong."""

    kind = Kind.POST
    dated = True

    type: PostType = optional(Choice(PostType), "the sort of post", PostType.POST)
    authors: tuple[str, ...] = optional(
        Many(Member("people")), "who wrote it", (), wanted=True, elsewhere=("author", "by")
    )
    week: str | None = optional(WEEK, "the week that weeknotes tell of")
    cause: Words | None = optional(WORDS, "what went wrong, and why")
    effect: Words | None = optional(WORDS, "what it meant for tenants")
    doing: Words | None = optional(WORDS, "what is being done about it")
    replies: bool = optional(BOOLEAN, "whether tenants may reply", default=True)

    @property
    def public_from(self) -> date | None:
        """Return the day of publication: a post's own day, or a later one if set."""
        return self.publish_on or self.date

    def contradictions(self) -> Iterator[Contradiction]:
        """Tell what a post about something that went wrong doesn't say."""
        if self.type == PostType.WENT_WRONG:
            for name, about in {
                "cause": "why",
                "effect": "what tenants felt",
                "doing": "what you do",
            }.items():
                if not getattr(self, name):
                    yield Contradiction(
                        name,
                        f"A post about what went wrong must say {about}: “{name}” is missing.",
                        f"Add {name}: with a sentence or two.",
                    )
