"""Tells tenants what came of their words, once it is published: each of them, each thing once.

What is published is read from the site's own open data, so that nobody is told of something that
they can't read yet.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import date
from functools import partial
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from core.public.vocabulary import REFERENCE
from feedback.model import AnswerBy, CaseStatus
from feedback.store import outbox, submissions
from feedback.store.outbox import Notice, Why

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime, timedelta
    from pathlib import Path

    from sqlalchemy import Connection

    from core.site import Site
    from feedback.model import Case
    from feedback.store import Store

FOLDER = "data/"  # of the site's open data
MOST_BYTES = 1_000_000_000  # of one of its files; no site of ours has so much
SECONDS = 30.0  # to wait for it
CANNOT = "cannot"  # the outcome of a change that is none: there is nothing to be fixed
NEARBY = {"127.0.0.1", "localhost", "::1"}


T = TypeVar("T")


class CannotNotify(Exception):
    """Nobody was told anything; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Move:
    """A roadmap item's move, as published."""

    item: str
    on: date
    to: str


@dataclass(frozen=True, slots=True)
class Change:
    """A change, as published."""

    key: str
    on: date
    outcome: str
    roadmap: tuple[str, ...]  # the items that it is part of


@dataclass(frozen=True, slots=True)
class Led:
    """What a record led to, by key."""

    roadmap: tuple[str, ...]
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """What readers of the site can see by now."""

    moves: tuple[Move, ...] = ()
    changes: tuple[Change, ...] = ()
    led: Mapping[str, Led] | None = None  # by a record's reference


@dataclass(frozen=True, slots=True)
class News:
    """Something that a record led to."""

    why: Why
    key: str  # of the item that moved, or of the change
    on: date  # who spoke after this day had no part in it
    name: str  # by which it is kept who was told of it
    items: tuple[str, ...] = ()  # that a change is part of


@dataclass(frozen=True, slots=True)
class Told:
    """A notice that is on its way, or would be."""

    ref: str
    notice: Notice
    channel: AnswerBy


def news(published: Published, today: date, ask_after: timedelta) -> dict[str, list[News]]:
    """Return what there is to tell by now, by record, in the order in which it happened."""
    moves: dict[str, list[News]] = {}
    for move in published.moves:
        name = f"move:{move.item}:{move.on}:{move.to}"
        moves.setdefault(move.item, []).append(News(Why.MOVED, move.item, move.on, name))
    changes: dict[str, list[News]] = {}
    for change in published.changes:
        told = News(Why.CHANGED, change.key, change.on, f"change:{change.key}", change.roadmap)
        changes[change.key] = [told]
        if change.outcome != CANNOT and change.on + ask_after <= today:
            asked = News(Why.CONFIRM, change.key, change.on, f"confirm:{change.key}")
            changes[change.key].append(asked)
    found = {}
    for ref, led in (published.led or {}).items():
        every = [one for key in led.roadmap for one in moves.get(key, [])]
        every += [one for key in led.changes for one in changes.get(key, [])]
        past = [one for one in every if one.on <= today]
        if past:
            found[ref] = sorted(past, key=lambda one: one.on)
    return found


def notices(ref: str, fresh: Iterable[News]) -> list[Notice]:
    """Return how somebody is told what they weren't told yet: one notice about one thing.

    An item's last move stands for those before it, a change for the moves of its item, and "is it
    fixed?" for a change that is some weeks old when they first hear of it.
    """
    found = list(fresh)
    asked = {one.key for one in found if one.why == Why.CONFIRM}
    changed = [one for one in found if one.why == Why.CHANGED]
    spoken_for = {item for one in changed for item in one.items}
    last = {one.key: one for one in found if one.why == Why.MOVED and one.key not in spoken_for}
    chosen = [*last.values(), *(one for one in changed if one.key not in asked)]
    chosen += [one for one in found if one.why == Why.CONFIRM]
    kinds = {Why.MOVED: "roadmap", Why.CHANGED: "change", Why.CONFIRM: "change"}
    return [Notice(ref, one.why, {kinds[one.why]: one.key}) for one in chosen]


class _NotKept(Exception):
    """Undoes a piece of work whose outcome is wanted all the same."""

    def __init__(self, told: list[Told]) -> None:
        super().__init__()
        self.told = told


def tell(
    store: Store, published: Published, site: Site, *, now: datetime, dry_run: bool = False
) -> list[Told]:
    """Put a notice into the outbox for everybody who is to be told something; returns them.

    :param dry_run: whether to leave everything as it is; the list is the same.
    :raises StoreFault: when the database is away: who was told by then is not told again.
    """
    today = now.astimezone(site.timezone).date()
    found: list[Told] = []
    for ref, pieces in sorted(news(published, today, site.feedback.ask_after).items()):
        with store.read() as conn:
            people = list(_people(conn, ref))
        for case in people:
            spoke = case.received.astimezone(site.timezone).date()
            theirs = [one for one in pieces if one.on >= spoke]
            work = partial(_tell, case=case, pieces=theirs, now=now, dry_run=dry_run)
            try:
                found += store.write_now(work)
            except _NotKept as undone:
                found += undone.told
    return found


def _people(conn: Connection, ref: str) -> Iterator[Case]:
    """Return whoever is behind a record and wants to be told, merged ones included."""
    case = submissions.case(conn, ref)
    if case is None:
        return
    for one in (case, *_followers(conn, ref)):
        silent = one.answer_by == AnswerBy.RECEIPT or one.forgotten or one.escalated
        if not silent and one.status != CaseStatus.WITHDRAWN:
            yield one


def _followers(conn: Connection, ref: str) -> Iterator[Case]:
    for follower in submissions.followers(conn, ref):
        yield follower
        yield from _followers(conn, follower.ref)


def _tell(
    conn: Connection, *, case: Case, pieces: list[News], now: datetime, dry_run: bool
) -> list[Told]:
    """Tell one person everything that is new to them, or nothing at all."""
    fresh = [one for one in pieces if outbox.tell_once(conn, case.ref, one.name, now=now)]
    told = []
    for notice in notices(case.ref, fresh):
        if not outbox.put(conn, notice, now=now):
            raise _NotKept([])  # they can't be reached; should that change, they are told then
        told.append(Told(case.ref, notice, case.answer_by))
    if dry_run:
        raise _NotKept(told)
    return told


def read_published(text_of: Callable[[str], bytes]) -> Published:
    """Read what is published.

    :param text_of: returns a file of the site, by its path below the root.
    :raises CannotNotify: when it can't be had, or is no open data of ours.
    """
    moves = rows(text_of, "moves", lambda row: Move(row["item"], _day(row["on"]), row["to"]))
    changes = rows(text_of, "changes", _change)
    led = rows(
        text_of,
        "records",
        lambda row: (_ref(row["ref"]), Led(_keys(row["roadmap"]), _keys(row["changes"]))),
    )
    return Published(tuple(moves), tuple(one for one in changes if one), dict(led))


def rows(
    text_of: Callable[[str], bytes], name: str, read: Callable[[dict[str, Any]], T]
) -> list[T]:
    """Return the rows of a file of open data.

    :raises CannotNotify: when it can't be had, or holds something else.
    """
    path = f"{FOLDER}{name}.json"
    text = text_of(path)
    try:
        return [read(row) for row in json.loads(text)[name]]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CannotNotify(
            f"{path} of the site holds no open data of ours, so nobody was told anything. Is it "
            "the right site, and built by this version?"
        ) from None


def _change(row: dict[str, Any]) -> Change | None:
    if row["on"] is None:
        return None
    return Change(row["key"], _day(row["on"]), row["outcome"], _keys(row["roadmap"]))


def _keys(there: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever came from afar
    if not isinstance(there, list) or not all(isinstance(one, str) for one in there):
        raise TypeError
    return tuple(there)


def _day(text: Any) -> date:  # noqa: ANN401 - the same
    return date.fromisoformat(text)


def _ref(text: Any) -> str:  # noqa: ANN401 - the same
    if not REFERENCE.fullmatch(text):
        raise ValueError
    return str(text)


def in_folder(tree: Path) -> Callable[[str], bytes]:
    """Return what reads the files of a site that was built into a folder."""

    def read(path: str) -> bytes:
        try:
            return (tree / path).read_bytes()
        except OSError:
            raise CannotNotify(
                f"{tree} holds no {path}, so nobody was told anything. Build the site first, or "
                "say where the published one is, with --url or --site-tree."
            ) from None

    return read


def on_the_web(url: str) -> Callable[[str], bytes]:
    """Return what reads the files of a deployed site.

    :param url: its address, https:// unless it is on this machine.
    """

    def read(path: str) -> bytes:
        place = url.rstrip("/") + "/" + path
        _require_safe(place)
        try:
            with urllib.request.urlopen(place, timeout=SECONDS) as answer:  # noqa: S310 - looked at
                _require_safe(answer.url)  # it may have sent us on
                text: bytes = answer.read(MOST_BYTES + 1)
        except urllib.error.HTTPError as error:
            raise CannotNotify(
                f"{place} answers {error.code}, so nobody was told anything. Is that the site, "
                "and built by this version?"
            ) from None
        except (OSError, ValueError, HTTPException):
            raise CannotNotify(f"{place} can't be reached, so nobody was told anything.") from None
        if len(text) > MOST_BYTES:
            raise CannotNotify(f"{place} is too long to be open data. Nobody was told anything.")
        return text

    return read


def _require_safe(place: str) -> None:
    parts = urlsplit(place)
    nearby = parts.scheme == "http" and parts.hostname in NEARBY
    if parts.scheme != "https" and not nearby:
        raise CannotNotify(f"{place} isn't safe to ask: write the site's address with https://.")
