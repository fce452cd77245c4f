"""What is published, as far as a digest tells it: read from the site's own open data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from core.words import Words
from feedback.notify import rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


A_DAY = len("2026-03-04")


@dataclass(frozen=True, kw_only=True)
class Told:
    """Something published, for readers of every language."""

    title: Words
    url: Mapping[str, str]  # by language
    on: date
    summary: Words | None = None


@dataclass(frozen=True)
class MeetingDate:
    """When a meetup is, on its own clock; days without hours last until the last one's end."""

    start: datetime  # aware
    end: datetime
    all_day: bool = False


@dataclass(frozen=True, kw_only=True)
class Meeting(Told):
    """A meetup, with each of its dates of which it tells itself."""

    dates: tuple[MeetingDate, ...]  # in order; the first is the one that is told
    state: str = "planned"  # or "moved", "cancelled"
    was: datetime | None = None  # when one that moved would have been
    place: Words | None = None

    @property
    def start(self) -> datetime:
        """Return when it begins."""
        return self.dates[0].start

    @property
    def end(self) -> datetime:
        """Return when it ends."""
        return self.dates[0].end

    @property
    def all_day(self) -> bool:
        """Whether it has days and no hours."""
        return self.dates[0].all_day


@dataclass(frozen=True, kw_only=True)
class Moved(Told):
    """A roadmap item's move; the summary is its reason."""

    to: str


@dataclass(frozen=True)
class News:
    """Everything that a digest could tell."""

    moves: tuple[Moved, ...] = ()
    changes: tuple[Told, ...] = ()
    posts: tuple[Told, ...] = ()
    episodes: tuple[Told, ...] = ()
    meetups: tuple[Meeting, ...] = ()


def read_news(text_of: Callable[[str], bytes]) -> News:
    """Read what is published.

    :param text_of: returns a file of the site, by its path below the root.
    :raises CannotNotify: when it can't be had, or is no open data of ours.
    """
    items = dict(rows(text_of, "items", lambda row: (row["key"], row)))
    moves = rows(text_of, "moves", partial(_moved, items=items))
    kinds: dict[str, list[Told]] = {"change": [], "post": [], "episode": []}
    meetups: list[Meeting] = []
    for kind, told in rows(text_of, "news", _told):
        if isinstance(told, Meeting):
            meetups.append(told)
        elif kind in kinds:
            kinds[kind].append(told)
    return News(
        tuple(moves),
        tuple(kinds["change"]),
        tuple(kinds["post"]),
        tuple(kinds["episode"]),
        tuple(meetups),
    )


def _told(row: dict[str, Any]) -> tuple[str, Told]:
    common: dict[str, Any] = {
        "title": _words(row["title"]),
        "url": _addresses(row["url"]),
        "on": date.fromisoformat(row["on"]),
        "summary": _words(row["summary"]) if row["summary"] else None,
    }
    if row["kind"] != "meetup":
        return row["kind"], Told(**common)
    zone = ZoneInfo(_text(row["timezone"]))
    meeting = Meeting(
        **common,
        dates=tuple(_date(_text(written), zone) for written in row["dates"]),
        state=_text(row["state"]),
        was=_moment(row["was"], time.min, zone) if row["was"] else None,
        place=_words(row["place"]) if row["place"] else None,
    )
    return "meetup", meeting


def _date(written: str, zone: ZoneInfo) -> MeetingDate:
    """Read start/end (ISO 8601)."""
    start, _, end = written.partition("/")
    return MeetingDate(
        _moment(start, time.min, zone), _moment(end, time.max, zone), all_day=len(start) == A_DAY
    )


def _moment(text: str, at: time, zone: ZoneInfo) -> datetime:
    """Return a moment on a meetup's clock; a day alone begins or ends as is said.

    :raises ValueError: when it names no clock.
    """
    if len(text) == A_DAY:
        return datetime.combine(date.fromisoformat(text), at, zone)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(zone)


def _moved(row: dict[str, Any], items: Mapping[str, dict[str, Any]]) -> Moved:
    item = items[row["item"]]
    return Moved(
        title=_words(item["title"]),
        url=_addresses(item["url"]),
        on=date.fromisoformat(row["on"]),
        summary=_words(row["why"]),
        to=_text(row["to"]),
    )


def _words(texts: Any) -> Words:  # noqa: ANN401 - whatever came from afar
    pairs = tuple((_text(lang), _text(text)) for lang, text in texts.items())
    if not pairs:
        raise ValueError
    return Words(pairs)


def _addresses(pages: Any) -> dict[str, str]:  # noqa: ANN401 - the same
    found = {_text(lang): _text(url) for lang, url in pages.items()}
    if not all(urlsplit(url).scheme in {"http", "https"} for url in found.values()):
        raise ValueError
    return found


def _text(value: Any) -> str:  # noqa: ANN401 - the same
    if not isinstance(value, str):
        raise TypeError
    return value
