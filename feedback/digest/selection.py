"""What a digest tells: news of a whole week or month that is over, and meetups to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from core.public.open_data import PublicItem, PublicMove, PublicNews
from core.public.vocabulary import NewsKind
from core.times import day_or_moment
from feedback.model import Period

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from feedback.published_site import PublishedSite

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
AHEAD = {Period.WEEK: 2 * WEEK, Period.MONTH: 6 * WEEK}  # in which a meetup is soon

Dated = TypeVar("Dated", "ItemMove", PublicNews)


class ItemMove(NamedTuple):
    """A move, and the item that made it."""

    move: PublicMove
    item: PublicItem

    @property
    def on(self) -> date:
        """Return its day."""
        return self.move.on


class MeetupDate(NamedTuple):
    """When a meetup is, on its own clock; days without hours last until the last one's end."""

    start: datetime  # aware
    end: datetime
    all_day: bool = False

    @classmethod
    def of(cls, span: str, zone: ZoneInfo) -> MeetupDate:
        """Read start/end (ISO 8601)."""
        start, _, end = span.partition("/")
        all_day = not isinstance(day_or_moment(start), datetime)
        return cls(_moment(start, time.min, zone), _moment(end, time.max, zone), all_day)


class ComingMeetup(NamedTuple):
    """A meetup, and its dates that are soon."""

    news: PublicNews
    dates: tuple[MeetupDate, ...]  # in order; the first is the one that is told
    was: datetime | None  # when one that moved would have been

    @property
    def start(self) -> datetime:
        """Return when it begins."""
        return self.dates[0].start

    @property
    def all_day(self) -> bool:
        """Whether it has days and no hours."""
        return self.dates[0].all_day


@dataclass(frozen=True)
class PublishedNews:
    """Everything that a digest could tell."""

    moves: tuple[ItemMove, ...] = ()
    news: tuple[PublicNews, ...] = ()

    @classmethod
    def of(cls, site: PublishedSite) -> PublishedNews:
        """Read what is published.

        :raises CannotNotify: when the site can't be read.
        """
        items = {item.key: item for item in site.rows(PublicItem)}
        moves = [move for move in site.rows(PublicMove) if move.item in items]
        return cls(tuple(ItemMove(move, items[move.item]) for move in moves), site.rows(PublicNews))

    def of_kind(self, kind: NewsKind) -> list[PublicNews]:
        """Return the news of one kind."""
        return [news for news in self.news if news.kind == kind]


@dataclass(frozen=True)
class DigestDays:
    """The days that a digest tells of."""

    period: Period
    first: date
    last: date
    name: str  # "week 2026-W48", "month 2026-11": the same for the same days

    @classmethod
    def before(cls, today: date, period: Period) -> DigestDays:
        """Return the last whole week, from Monday on, or month that is over."""
        if period == Period.MONTH:
            last = today.replace(day=1) - DAY
            return cls(period, last.replace(day=1), last, f"month {last:%Y-%m}")
        first = today - timedelta(days=today.weekday()) - WEEK
        return cls(period, first, first + WEEK - DAY, f"week {first:%G-W%V}")

    @classmethod
    def since(cls, first: date, today: date, period: Period) -> DigestDays:
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

    days: DigestDays
    moves: tuple[ItemMove, ...] = ()
    changes: tuple[PublicNews, ...] = ()
    posts: tuple[PublicNews, ...] = ()
    episodes: tuple[PublicNews, ...] = ()
    meetups: tuple[ComingMeetup, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.moves or self.changes or self.posts or self.episodes or self.meetups)


def choose(published: PublishedNews, days: DigestDays, now: datetime, timezone: ZoneInfo) -> Digest:
    """Return what a digest of these days tells, sent now."""
    here = now.astimezone(timezone)
    meetups = published.of_kind(NewsKind.MEETUP)
    coming = (_next(meetup, here, AHEAD[days.period]) for meetup in meetups)
    return Digest(
        days,
        moves=_within(published.moves, days),
        changes=_within(published.of_kind(NewsKind.CHANGE), days),
        posts=_within(published.of_kind(NewsKind.POST), days),
        episodes=_within(published.of_kind(NewsKind.EPISODE), days),
        meetups=tuple(sorted(filter(None, coming), key=lambda meetup: meetup.start)),
    )


def _within(news: Iterable[Dated], days: DigestDays) -> tuple[Dated, ...]:
    of_these_days = [event for event in news if days.holds(event.on)]
    return tuple(sorted(of_these_days, key=lambda event: event.on, reverse=True))


def _next(meetup: PublicNews, now: datetime, ahead: timedelta) -> ComingMeetup | None:
    """Return a meetup with its dates that are soon; None when none is."""
    zone = meetup.timezone
    if zone is None:
        return None
    until = datetime.combine((now + ahead).date(), time.max, now.tzinfo)
    soon = tuple(
        date
        for date in (MeetupDate.of(span, zone) for span in meetup.dates)
        if now <= (date.end if date.all_day else date.start) and date.start <= until
    )
    was = _moment(meetup.was, time.min, zone) if meetup.was else None
    return ComingMeetup(meetup, soon, was) if soon else None


def _moment(text: str, at: time, zone: ZoneInfo) -> datetime:
    """Return a moment on a meetup's clock; a day alone begins or ends as is said."""
    when = day_or_moment(text)
    if isinstance(when, datetime):
        return when.astimezone(zone)
    return datetime.combine(when, at, zone)
