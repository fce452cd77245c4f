"""What a digest tells: news of a whole week or month that is over, and meetups to come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from dateutil.rrule import rrulestr

from core.public.open_data import PublicItem, PublicMove, PublicNews
from core.public.vocabulary import NewsKind
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


@dataclass(frozen=True)
class PublishedNews:
    """Everything that a digest could tell."""

    moves: tuple[ItemMove, ...] = ()
    news: tuple[PublicNews, ...] = ()

    @classmethod
    def of(cls, site: PublishedSite) -> PublishedNews:
        """Read what is published. Raises `CannotNotify`."""
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
    meetups: tuple[PublicNews, ...] = ()

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
        meetups=tuple(
            meetup for _, meetup in sorted(filter(None, coming), key=lambda pair: pair[0])
        ),
    )


def _within(news: Iterable[Dated], days: DigestDays) -> tuple[Dated, ...]:
    of_these_days = [event for event in news if days.holds(event.on)]
    return tuple(sorted(of_these_days, key=lambda event: event.on, reverse=True))


def _next(
    meetup: PublicNews, now: datetime, ahead: timedelta
) -> tuple[datetime, PublicNews] | None:
    """Return a meetup as it comes next, on the association's clock; None when that isn't soon."""
    if meetup.start is None:
        return None
    start = meetup.start.astimezone(now.tzinfo)
    if meetup.repeats and start < now:
        start = _again(start, meetup.repeats, now) or start
    if not now <= start <= datetime.combine((now + ahead).date(), time.max, now.tzinfo):
        return None
    return start, replace(meetup, start=start, on=start.date())


def _again(start: datetime, repeats: str, now: datetime) -> datetime | None:
    """Return when a meetup comes again: at the same time on the clock, also in summer."""
    rule = dict(part.split("=", 1) for part in repeats.upper().split(";"))
    until = rule.pop("UNTIL", "")[:8]  # its day is enough
    words = ";".join(f"{name}={value}" for name, value in rule.items())
    plain = rrulestr(f"RRULE:{words}", dtstart=start.replace(tzinfo=None))
    again = plain.after(now.replace(tzinfo=None), inc=True)
    if again is None or (until and f"{again:%Y%m%d}" > until):
        return None
    return again.replace(tzinfo=start.tzinfo)
