"""Voices that came in bursts, and those that staff struck: in public, and undone at will."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, insert, select, update

from core.public.vocabulary import Target
from feedback.store.database.errors import Refused
from feedback.store.database.schema import CONFIRMATIONS, STRIKES, VOTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, RowMapping, Table

CHANGE = "change"  # the kind of target that answers to "is it fixed?" are about
BURST = 10  # voices for one thing that are worth a look …
BURST_PAUSE = timedelta(minutes=2)  # … with no longer than this between one and the next


@dataclass(frozen=True, slots=True)
class Strike:
    """Voices that staff don't count, and why."""

    id: int
    target: Target
    count: int
    why: Mapping[str, str]  # by language
    by: str
    at: datetime
    undone: datetime | None = None  # when they were counted again


@dataclass(frozen=True, slots=True)
class Burst:
    """Voices that came for one thing within a short while."""

    target: Target
    count: int
    since: datetime
    until: datetime


def look(conn: Connection, target: Target, *, until: datetime, now: datetime) -> int:
    """Say that a person looked at the voices for something that came by a moment; returns how many.

    Answers of those who asked need nobody's look.
    """
    table, mine = _voices_of(target)
    fresh = (table.c.looked.is_(None), table.c.struck.is_(None), table.c.at <= until)
    return conn.execute(update(table).where(*mine, *fresh).values(looked=now)).rowcount


def strike_out(
    conn: Connection,
    target: Target,
    *,
    since: datetime,
    until: datetime,
    why: Mapping[str, str],
    by: str,
    now: datetime,
) -> int:
    """Count the voices of a burst no more, and say so in public; returns how many they were.

    Nobody strikes an answer of those who asked, nor a voice that a person has looked at.

    :param why: the reason, by language.
    :raises Refused: "reason" without one; "count" when there is no such voice any more.
    """
    if not why:
        raise Refused("reason", "Say why: the reason is shown to everybody.")
    table, mine = _voices_of(target)
    burst = (*mine, _unseen(table), table.c.at >= since, table.c.at <= until)
    count = conn.execute(select(func.count()).select_from(table).where(*burst)).scalar_one()
    if not count:
        raise Refused("count", "These voices are struck already, or were taken back.")
    row = {"kind": target.kind, "key": target.key, "count": count, "why": dict(why)}
    added = insert(STRIKES).values(**row, by=by, at=now).returning(STRIKES.c.id)
    number = conn.execute(added).scalar_one()
    conn.execute(update(table).where(*burst).values(struck=number, looked=now))
    return int(count)


def undo_strike(conn: Connection, number: int, *, now: datetime) -> None:
    """Count the voices of a strike again."""
    for table in (VOTES, CONFIRMATIONS):
        conn.execute(update(table).where(table.c.struck == number).values(struck=None))
    mine = (STRIKES.c.id == number, STRIKES.c.undone.is_(None))
    conn.execute(update(STRIKES).where(*mine).values(undone=now))


def strike(conn: Connection, number: int | None) -> Strike | None:
    """Return one strike; None for none."""
    if number is None:
        return None
    return _strike(conn.execute(select(STRIKES).where(STRIKES.c.id == number)).mappings().one())


def strikes(conn: Connection) -> tuple[Strike, ...]:
    """Return every strike, those undone included, the newest first."""
    rows = conn.execute(select(STRIKES).order_by(STRIKES.c.id.desc())).mappings()
    return tuple(map(_strike, rows))


def bursts(conn: Connection, *, since: datetime) -> tuple[Burst, ...]:
    """Return where many voices came within a short while, and nobody has looked; newest first.

    :param since: what came before is not looked through.
    """
    waiting: dict[Target, list[datetime]] = {}
    fresh = (_unseen(VOTES), VOTES.c.at >= since)
    votes = select(VOTES.c.kind, VOTES.c.key, VOTES.c.at).where(*fresh)
    for kind, key, at in conn.execute(votes):
        waiting.setdefault(Target(kind, key), []).append(at)
    passing = (
        _unseen(CONFIRMATIONS),
        CONFIRMATIONS.c.asked.is_(False),
        CONFIRMATIONS.c.at >= since,
    )
    answers = select(CONFIRMATIONS.c.change, CONFIRMATIONS.c.at).where(*passing)
    for change, at in conn.execute(answers):
        waiting.setdefault(Target(CHANGE, change), []).append(at)
    every = [burst for target, moments in waiting.items() for burst in _bursts(target, moments)]
    return tuple(sorted(every, key=lambda burst: burst.until, reverse=True))


def unseen_answers(conn: Connection) -> int:
    """Return how many answers of passers-by wait until somebody has looked at them."""
    waiting = (_unseen(CONFIRMATIONS), CONFIRMATIONS.c.asked.is_(False))
    counted = select(func.count()).select_from(CONFIRMATIONS).where(*waiting)
    return int(conn.execute(counted).scalar_one())


def _bursts(target: Target, moments: Sequence[datetime]) -> Iterator[Burst]:
    """Tell where voices for something came one after the other, with no pause between them."""
    ordered = sorted(moments)
    first = 0
    for place, at in enumerate(ordered):
        last = place + 1 == len(ordered)
        if last or ordered[place + 1] - at > BURST_PAUSE:
            if place + 1 - first >= BURST:
                yield Burst(target, place + 1 - first, ordered[first], at)
            first = place + 1


def _unseen(table: Table) -> ColumnElement[bool]:
    return and_(table.c.looked.is_(None), table.c.struck.is_(None))


def _voices_of(target: Target) -> tuple[Table, tuple[ColumnElement[bool], ...]]:
    """Return where voices for something are kept, but for answers of those who asked."""
    if target.kind == CHANGE:
        passing = CONFIRMATIONS.c.asked.is_(False)
        return CONFIRMATIONS, (CONFIRMATIONS.c.change == target.key, passing)
    return VOTES, (VOTES.c.kind == target.kind, VOTES.c.key == target.key)


def _strike(row: RowMapping) -> Strike:
    return Strike(
        id=row["id"],
        target=Target(row["kind"], row["key"]),
        count=row["count"],
        why=row["why"],
        by=row["by"],
        at=row["at"],
        undone=row["undone"],
    )
