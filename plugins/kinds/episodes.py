"""Episodes of podcasts."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from core.fields import WORDS, ByLanguage, Choice, Group, Many, Member, optional, required
from core.values import BOOLEAN, DATE, FILE, LINE, MOMENT, OFFSET, WEB, WHOLE
from plugins.kinds.content import Content, Contradiction, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from core.words import Words


class EpisodeType(StrEnum):
    """The sorts of episode, as podcast apps know them."""

    FULL = "full"
    TRAILER = "trailer"
    BONUS = "bonus"


class Role(StrEnum):
    """What a person does in an episode."""

    HOST = "host"
    GUEST = "guest"
    PRODUCER = "producer"
    TRANSLATOR = "translator"


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A part of an episode."""

    at: tuple[tuple[str, timedelta], ...] = required(
        ByLanguage(OFFSET), "when it begins; one time a language where the recordings differ"
    )
    title: Words = required(WORDS, "what it is called")
    url: str | None = optional(WEB, "a page that goes with it")

    def begins(self, lang: str) -> timedelta:
        """Return when it begins in the recording of a language."""
        times = dict(self.at)
        return times.get(lang) or next(iter(times.values()), timedelta())


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Somebody who is heard in an episode."""

    name: str = required(LINE, "the person's name, as they agreed to be named")
    role: Role = required(Choice(Role), "what they do in it")
    url: str | None = optional(WEB, "their page")


@dataclass(frozen=True, kw_only=True)
class LiveStream:
    """An episode that is also streamed as it happens."""

    start: datetime = required(MOMENT, "when the stream begins")
    end: datetime = required(MOMENT, "when it ends")
    url: str = required(WEB, "the page on which to listen")
    stream: str | None = optional(WEB, "the sound itself, for podcast apps that play it live")


@dataclass(frozen=True, kw_only=True)
class Episode(Content):
    """An episode of a podcast."""

    kind = Kind.EPISODE
    dated = True

    show: str = required(Member("shows"), "the show it belongs to")
    number: int | None = optional(WHOLE, "its number in the season")
    season: int | None = optional(WHOLE, "its season")
    type: EpisodeType = optional(Choice(EpisodeType), "the sort of episode", EpisodeType.FULL)
    audio: tuple[tuple[str, str], ...] = optional(
        ByLanguage(FILE), "the sound, a file a language", ()
    )
    duration: timedelta | None = optional(OFFSET, "its length, held against the audio")
    transcript: tuple[tuple[str, str], ...] = optional(
        ByLanguage(FILE), "WebVTT, a file a language", ()
    )
    chapters: tuple[Chapter, ...] = optional(Many(Group(Chapter)), "its parts", ())
    people: tuple[Voice, ...] = optional(Many(Group(Voice)), "who is heard", ())
    explicit: bool = optional(BOOLEAN, "whether children should not hear it", default=False)
    synthetic: bool = optional(BOOLEAN, "whether a computer speaks", default=False)
    guid: str = optional(LINE, "the id that podcast apps already know, when it moved here", "")
    recorded: date | None = optional(DATE, "the day of the recording")
    live: LiveStream | None = optional(Group(LiveStream), "when and where it is streamed")
    discussion: str | None = optional(WEB, "a public post elsewhere, under which people answer")
    licence: str = optional(LINE, "its licence, if not the show's", "")

    @property
    def public_from(self) -> date | None:
        """Return the day of publication: an episode's own day, or a later one if set."""
        return self.publish_on or self.date

    def contradictions(self) -> Iterator[Contradiction]:
        """Tell what can't be true of an episode."""
        for lang in dict.fromkeys(lang for chapter in self.chapters for lang, _ in chapter.at):
            yield from self._chapters_in(lang)
        if self.live and self.live.end <= self.live.start:
            yield Contradiction(
                "live.end",
                "The stream ends before it begins.",
                "Write an end after the start.",
                ruinous=True,
            )

    def _chapters_in(self, lang: str) -> Iterator[Contradiction]:
        """Tell what is wrong with the chapters as they stand in the recording of a language."""
        begins = [chapter.begins(lang) for chapter in self.chapters]
        for number, (earlier, later) in enumerate(itertools.pairwise(begins), 2):
            if later <= earlier:
                yield Contradiction(
                    f"chapters[{number}].at",
                    "The chapters are out of order.",
                    "Put them in the order in which they are heard.",
                )
        if self.duration and not self.audio and begins[-1] >= self.duration:
            yield Contradiction(
                f"chapters[{len(begins)}].at",
                "The chapter begins after the end.",
                "Check it against duration.",
            )
