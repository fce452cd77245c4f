"""Which news a digest tells: those of a whole week or month that is over, and meetups to come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeVar

from feedback.digest.reading import Meeting, Moved, News, Told
from feedback.model import Period

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
AHEAD = {Period.WEEK: 2 * WEEK, Period.MONTH: 6 * WEEK}  # in which a meetup is soon

OfNews = TypeVar("OfNews", bound=Told)


@dataclass(frozen=True)
class Span:
    """The days that a digest tells of."""

    period: Period
    first: date
    last: date
    name: str  # "week 2026-W48", "month 2026-11": the same for the same days

    @classmethod
    def before(cls, today: date, period: Period) -> Span:
        """Return the last whole week, from Monday on, or month that is over."""
        if period == Period.MONTH:
            last = today.replace(day=1) - DAY
            return cls(period, last.replace(day=1), last, f"month {last:%Y-%m}")
        first = today - timedelta(days=today.weekday()) - WEEK
        return cls(period, first, first + WEEK - DAY, f"week {first:%G-W%V}")

    @classmethod
    def since(cls, first: date, today: date, period: Period) -> Span:
        """Return the days from a day on, today included."""
        return cls(period, first, today, f"since {first}")

    @property
    def file(self) -> str:
        """Return the name as a file can have it."""
        return f"digest-{self.name.rpartition(' ')[2]}"

    def holds(self, day: date) -> bool:
        """Whether a day is one of these."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Digest:
    """What a digest tells, the newest first, and meetups in the order in which they come."""

    span: Span
    moves: tuple[Moved, ...] = ()
    changes: tuple[Told, ...] = ()
    posts: tuple[Told, ...] = ()
    episodes: tuple[Told, ...] = ()
    meetups: tuple[Meeting, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.moves or self.changes or self.posts or self.episodes or self.meetups)


def choose(news: News, span: Span, now: datetime, timezone: ZoneInfo) -> Digest:
    """Return what a digest of these days tells, sent now."""
    here = now.astimezone(timezone)
    coming = (_next(meeting, here, AHEAD[span.period]) for meeting in news.meetups)
    return Digest(
        span,
        moves=_within(news.moves, span),
        changes=_within(news.changes, span),
        posts=_within(news.posts, span),
        episodes=_within(news.episodes, span),
        meetups=tuple(sorted(filter(None, coming), key=lambda meeting: meeting.start)),
    )


def _within(told: Iterable[OfNews], span: Span) -> tuple[OfNews, ...]:
    there = [one for one in told if span.holds(one.on)]
    return tuple(sorted(there, key=lambda one: one.on, reverse=True))


def _next(meeting: Meeting, now: datetime, ahead: timedelta) -> Meeting | None:
    """Return a meetup with its dates that are soon; None when none is."""
    until = datetime.combine((now + ahead).date(), time.max, now.tzinfo)
    soon = tuple(
        date
        for date in meeting.dates
        if now <= (date.end if date.all_day else date.start) and date.start <= until
    )
    return replace(meeting, dates=soon, on=soon[0].start.date()) if soon else None
