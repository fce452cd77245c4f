"""Meetups: meetings that anyone may join."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import cached_property
from typing import TYPE_CHECKING

from core.fields import LONG_WORDS, WORDS, Choice, Group, Many, Member, optional, required
from core.public.records import Correction
from core.public.vocabulary import MeetupState
from core.values import CLOCK, DATE, KEY, LINE, MOMENT, RECURRENCE, WEB, WHOLE, ZONE, Value
from plugins.kinds.content import (
    Content,
    Contradiction,
    Kind,
    corrected_in_time,
    in_order,
)
from plugins.kinds.recurrence import Occurrence, Recurrence, UnclearRule, lasts_all_day, recurrence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from zoneinfo import ZoneInfo

    from core.values import Reading
    from core.words import Words

YEARS = range(1990, 2200)  # any other is a slip of the keyboard
LONGEST_DAYS = 31


def _first_moment(text: str, reading: Reading) -> datetime:
    return _moment(text, time.min, reading)


def _last_moment(text: str, reading: Reading) -> datetime:
    return _moment(text, time.max, reading)


def _moment(text: str, at: time, reading: Reading) -> datetime:
    """Read a date with its time, or a day alone, which lasts until its very end."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return MOMENT.make(text, reading)
    return datetime.combine(DATE.make(text, reading), at, reading.timezone)


STARTS = Value("a date and a time such as 2026-03-04 18:00, or a day alone", _first_moment)
ENDS = Value("a date and a time such as 2026-03-04 19:30, or a day alone", _last_moment)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where people meet."""

    name: Words = required(WORDS, "what the place is called")
    address: Words | None = optional(LONG_WORDS, "how the post finds it")
    access: Words | None = optional(LONG_WORDS, "steps, lift, parking, hearing loop, bus")


@dataclass(frozen=True, kw_only=True)
class AgendaPoint:
    """Something that a meetup will talk about."""

    what: Words = required(WORDS, "what is talked about")
    at: time | None = optional(CLOCK, "when it begins")
    by: Words | None = optional(WORDS, "who leads it")


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """Who came, by number and role; never a tenant's name."""

    count: int | None = optional(WHOLE, "how many people came")
    roles: tuple[Words, ...] = optional(Many(WORDS), "in what roles", ())


@dataclass(frozen=True, kw_only=True)
class Action:
    """Something that a meetup asked to be done; carried forward until it is."""

    what: Words = required(WORDS, "what is to be done")
    owner: Words = required(WORDS, "the team or role that does it")
    due: date = required(DATE, "by when")
    done: date | None = optional(DATE, "the day it was done")


NOWHERE = Contradiction(
    "place",
    "Nobody can tell where this meetup is.",
    "Add place: with a name, or stream: with an address.",
)


@dataclass(frozen=True, kw_only=True)
class Update:
    """A change of plan for a meetup."""

    on: date = required(DATE, "the day the plan changed")
    state: MeetupState = required(Choice(MeetupState), "what became of the meetup")
    why: Words = required(WORDS, "the reason")
    was: datetime | None = optional(STARTS, "when it would have begun")
    corrected: Correction | None = optional(Group(Correction), "that the reason was put right")


@dataclass(frozen=True, kw_only=True)
class Meetup(Content):
    """A meeting that anyone may join, in a place, on a stream, or both."""

    kind = Kind.MEETUP

    start: datetime = required(STARTS, "when it begins")
    end: datetime = required(ENDS, "when it ends")
    timezone: ZoneInfo | None = optional(ZONE, "the clock it goes by, if not the site's")
    place: Place | None = optional(Group(Place), "where it is")
    stream: str | None = optional(WEB, "where it can be watched")
    area: str | None = optional(Member("areas"), "the area it is for")
    series: str | None = optional(KEY, "one word for meetups that follow each other")
    repeats: str | None = optional(RECURRENCE, "how often it comes again (RFC 5545)")
    agenda: tuple[AgendaPoint, ...] = optional(Many(Group(AgendaPoint)), "what is planned", ())
    attended: Attendance | None = optional(Group(Attendance), "who came")
    actions: tuple[Action, ...] = optional(Many(Group(Action)), "what is to be done", ())
    updates: tuple[Update, ...] = optional(Many(Group(Update)), "changes of plan", ())
    recording: str | None = optional(LINE, "an episode's key, or a web address")

    @property
    def state(self) -> MeetupState:
        """Return whether the meetup stands as planned."""
        return self.updates[-1].state if self.updates else MeetupState.PLANNED

    @property
    def begun(self) -> date | None:
        """Return its own day, the first where it comes again."""
        return self.start.date()

    @cached_property
    def recurrence(self) -> Recurrence | None:
        """Return when it comes again, None when it doesn't or nobody can tell."""
        try:
            return recurrence(self.repeats, self.start, self.end) if self.repeats else None
        except UnclearRule:
            return None  # it was reported; the first date stands

    @property
    def dates(self) -> tuple[Occurrence, ...]:
        """Return each of its dates, the first at least."""
        return self.recurrence.dates if self.recurrence else (Occurrence(self.start, self.end),)

    @property
    def all_day(self) -> bool:
        """Whether it has days and no hours."""
        return lasts_all_day(self.start, self.end)

    def on(self, occurrence: Occurrence) -> Meetup:
        """Return the same meetup as it comes on one of its dates."""
        return replace(self, start=occurrence.start, end=occurrence.end)

    def contradictions(self) -> Iterator[Contradiction]:
        """Tell what can't be true of a meetup."""
        yield from self._times()
        if self.nowhere and (self.repeats or not self.series):  # else its series may say
            yield NOWHERE
        for number, update in enumerate(self.updates, 1):
            yield from corrected_in_time(
                update.corrected, update.on, f"updates[{number}].corrected"
            )
            if update.state == MeetupState.MOVED and update.was is None:
                yield Contradiction(
                    f"updates[{number}].was",
                    "A moved meetup must say when it would have been.",
                    "Add was: with the old date and time.",
                )
        yield from in_order(self.updates, "updates")
        for number, action in enumerate(self.actions, 1):
            if action.done and action.done < self.start.date():
                yield Contradiction(
                    f"actions[{number}].done",
                    "The action is done before the meetup that asked for it.",
                    "Check both dates.",
                )

    @property
    def nowhere(self) -> bool:
        """Whether nothing says where it is."""
        return not self.place and not self.stream

    def _times(self) -> Iterator[Contradiction]:
        if (self.start.time() == time.min) != (self.end.time() == time.max):
            begins = self.start.time() == time.min
            yield Contradiction(
                "start" if begins else "end",
                f"The meetup {'begins at midnight' if begins else 'ends on a day, at no hour'}.",
                "Write the hours in start and in end; or days alone in both, if it lasts all day.",
            )
        if self.end <= self.start:
            yield Contradiction(
                "end",
                "The meetup ends before it begins.",
                "Write an end after the start.",
                ruinous=True,
            )
        elif (self.end - self.start).days > LONGEST_DAYS:
            yield Contradiction(
                "end",
                f"The meetup lasts {(self.end - self.start).days} days.",
                "Check the dates; what comes again and again has repeats: instead.",
            )
        if self.start.year not in YEARS or self.end.year not in YEARS:
            yield Contradiction(
                "start",
                f"The meetup is in the year {self.start.year}.",
                "Check the year.",
                ruinous=True,
            )
        if self.repeats and self.end > self.start:
            try:
                recurrence(self.repeats, self.start, self.end)
            except UnclearRule as unclear:
                yield Contradiction("repeats", unclear.wrong, unclear.instead)

    def references(self) -> Iterator[tuple[str, Kind, str]]:
        """Tell what this names, the recording's episode included."""
        yield from super().references()
        if self.recording and "/" not in self.recording:
            yield "recording", Kind.EPISODE, self.recording
