"""What is published, as far as a digest tells it: read from the site's own open data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from core.words import Words
from feedback.notify import rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, kw_only=True)
class Told:
    """Something published, for readers of every language."""

    title: Words
    url: Mapping[str, str]  # by language
    on: date
    summary: Words | None = None


@dataclass(frozen=True, kw_only=True)
class Meeting(Told):
    """A meetup."""

    start: datetime  # aware
    repeats: str = ""  # a rule (RFC 5545), or ""
    place: Words | None = None
    cancelled: bool = False


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
    start = datetime.fromisoformat(row["start"])
    if start.tzinfo is None:
        raise ValueError
    meeting = Meeting(
        **common,
        start=start,
        repeats=row["repeats"] or "",
        place=_words(row["place"]) if row["place"] else None,
        cancelled=row["cancelled"] is True,
    )
    return "meetup", meeting


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
