"""Which news a digest tells: those of a whole week or month that is over, and meetups to come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeVar

from dateutil.rrule import rrulestr

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
    coming = (_next(one, here, AHEAD[span.period]) for one in news.meetups)
    return Digest(
        span,
        moves=_within(news.moves, span),
        changes=_within(news.changes, span),
        posts=_within(news.posts, span),
        episodes=_within(news.episodes, span),
        meetups=tuple(sorted(filter(None, coming), key=lambda one: one.start)),
    )


def _within(told: Iterable[OfNews], span: Span) -> tuple[OfNews, ...]:
    there = [one for one in told if span.holds(one.on)]
    return tuple(sorted(there, key=lambda one: one.on, reverse=True))


def _next(meeting: Meeting, now: datetime, ahead: timedelta) -> Meeting | None:
    """Return a meetup as it comes next, on the association's clock; None when that isn't soon."""
    start = meeting.start.astimezone(now.tzinfo)
    if meeting.repeats and start < now:
        start = _again(start, meeting.repeats, now) or start
    if not now <= start <= datetime.combine((now + ahead).date(), time.max, now.tzinfo):
        return None
    return replace(meeting, start=start, on=start.date())


def _again(start: datetime, repeats: str, now: datetime) -> datetime | None:
    """Return when a meetup comes again: at the same time on the clock, also in summer."""
    rule = dict(part.split("=", 1) for part in repeats.upper().split(";"))
    until = rule.pop("UNTIL", "")[:8]  # its day is enough
    words = ";".join(f"{name}={value}" for name, value in rule.items())
    plain = rrulestr(f"RRULE:{words}", dtstart=start.replace(tzinfo=None))
    found = plain.after(now.replace(tzinfo=None), inc=True)
    if found is None or (until and f"{found:%Y%m%d}" > until):
        return None
    return found.replace(tzinfo=start.tzinfo)
