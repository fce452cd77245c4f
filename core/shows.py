"""The podcasts of a site, as site.toml describes them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.categories import CATEGORY
from core.fields import (
    LONG_WORDS,
    WORDS,
    ByLanguage,
    Choice,
    Group,
    Many,
    Member,
    optional,
    required,
)
from core.site_words import RetirableWord
from core.values import BOOLEAN, EMAIL, FILE, IDENTITY, LINE, WEB
from core.words import Words


class ShowType(StrEnum):
    """In which order a show is heard."""

    EPISODIC = "episodic"  # the newest first, each complete in itself
    SERIAL = "serial"  # from the beginning


class Medium(StrEnum):
    """What a show is made of, in the words of the Podcast Index."""

    PODCAST = "podcast"
    MUSIC = "music"
    AUDIOBOOK = "audiobook"
    COURSE = "course"


@dataclass(frozen=True, kw_only=True)
class ShowOwner:
    """[shows.KEY.owner]: who answers for a show to the directories that list it."""

    name: str = optional(LINE, "the name, if not the association's", "")
    email: str = required(EMAIL, "where directories write to; everyone can read it in the feed")


@dataclass(frozen=True, kw_only=True)
class Funding:
    """[shows.KEY.funding]: how listeners may give something back."""

    url: str = required(WEB, "the page on which they can")
    words: Words = required(WORDS, "what the link says")


@dataclass(frozen=True, kw_only=True)
class Show(RetirableWord):
    """[shows.KEY]: a podcast, which has a feed in each language."""

    title: Words = required(WORDS, "the show's title")
    description: Words = required(LONG_WORDS, "what it is about")
    artwork: str | None = optional(FILE, "a square picture of 1400 to 3000 pixels")
    category: str = optional(CATEGORY, "one of Apple's categories", "Society & Culture")
    explicit: bool = optional(BOOLEAN, "whether children should not hear it", default=False)
    hosts: tuple[str, ...] = optional(Many(Member("people")), "who presents it", ())
    author: Words = optional(WORDS, "who makes it, if not the association", Words.of(""))
    owner: ShowOwner | None = optional(Group(ShowOwner), "who answers for it to directories")
    type: ShowType = optional(Choice(ShowType), "the order in which it is heard", ShowType.EPISODIC)
    medium: Medium = optional(Choice(Medium), "what it is made of", Medium.PODCAST)
    licence: str = optional(LINE, "its licence, if not the site's", "")
    funding: Funding | None = optional(Group(Funding), "how to give something back")
    locked: bool = optional(
        BOOLEAN, "whether other platforms may not take the feed over", default=True
    )
    every_recording: bool = optional(
        BOOLEAN,
        "whether each language's feed also has what was recorded only in another",
        default=False,
    )
    guid: tuple[tuple[str, str], ...] = optional(
        ByLanguage(IDENTITY), "the feed's permanent id, a line that `check` tells you to write", ()
    )
    new_feed_url: tuple[tuple[str, str], ...] = optional(
        ByLanguage(WEB), "where the feed is now, when the show moves away from here", ()
    )

    @property
    def names(self) -> tuple[str, ...]:
        """Return what else content may call it: nothing, since only its key is meant by it."""
        return ()
