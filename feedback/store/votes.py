"""Voices without words: what matters to people, and whether it is fixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from core.public.vocabulary import ContactChannel, Fixed, Target
from feedback.store.engine import add_new, put_row
from feedback.store.errors import Refused
from feedback.store.schema import CONFIRMATIONS, OFFLINE_VOTES, SUBMISSIONS, VOTES
from feedback.store.tokens import digest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

RECORD = "record"  # the kind of target whose key is a submission's reference


@dataclass(frozen=True, slots=True)
class Tally:
    """How many said "this matters to me too"."""

    online: int = 0  # devices
    offline: int = 0  # people, as staff counted them


@dataclass(frozen=True, slots=True)
class OfflineVote:
    """Voices that staff counted somewhere."""

    id: int
    count: int
    channel: ContactChannel
    place: str
    by: str
    at: datetime


def vote(conn: Connection, target: Target, device: str, *, now: datetime) -> bool:
    """Count a device's voice for something; False when it was counted already.

    :param device: the random id in the device's cookie; only its hash is kept.
    """
    row = {"kind": target.kind, "key": target.key, "device": digest(device)}
    return add_new(conn, VOTES, **row, at=now)


def unvote(conn: Connection, target: Target, device: str) -> bool:
    """Take a device's voice back; False when there was none."""
    mine = (VOTES.c.kind == target.kind, VOTES.c.key == target.key)
    gone = conn.execute(delete(VOTES).where(*mine, VOTES.c.device == digest(device)))
    return gone.rowcount == 1


def voted(conn: Connection, device: str) -> frozenset[Target]:
    """Return what a device has given its voice to."""
    mine = select(VOTES.c.kind, VOTES.c.key).where(VOTES.c.device == digest(device))
    return frozenset(Target(kind, key) for kind, key in conn.execute(mine))


def add_offline(
    conn: Connection,
    target: Target,
    *,
    count: int,
    channel: ContactChannel,
    place: str,
    by: str,
    now: datetime,
) -> None:
    """Count voices heard by phone, by letter, on a visit or at a meeting.

    :raises Refused: "count", for fewer than one.
    """
    if count < 1:
        raise Refused("count", "Count at least one voice.")
    row = {"kind": target.kind, "key": target.key, "count": count, "channel": channel}
    conn.execute(insert(OFFLINE_VOTES).values(**row, place=place, by=by, at=now))


def offline(conn: Connection, target: Target) -> tuple[OfflineVote, ...]:
    """Return what staff counted for something, oldest first."""
    mine = (OFFLINE_VOTES.c.kind == target.kind, OFFLINE_VOTES.c.key == target.key)
    rows = conn.execute(select(OFFLINE_VOTES).where(*mine).order_by(OFFLINE_VOTES.c.id)).mappings()
    return tuple(
        OfflineVote(
            id=row["id"],
            count=row["count"],
            channel=ContactChannel(row["channel"]),
            place=row["place"],
            by=row["by"],
            at=row["at"],
        )
        for row in rows
    )


def remove_offline(conn: Connection, number: int) -> None:
    """Take back a count that was a mistake."""
    conn.execute(delete(OFFLINE_VOTES).where(OFFLINE_VOTES.c.id == number))


def tally(conn: Connection) -> dict[Target, Tally]:
    """Return the voices for everything that has some.

    Those for a merged submission count for the one it was merged into, and a device that gave its
    voice to both counts once.
    """
    roots = _roots(conn)
    heard = select(VOTES.c.kind, VOTES.c.key, func.count()).group_by(VOTES.c.kind, VOTES.c.key)
    online = {
        Target(kind, key): number
        for kind, key, number in conn.execute(heard)
        if kind != RECORD or key not in roots
    }
    online |= _families(conn, roots)
    counted = select(OFFLINE_VOTES.c.kind, OFFLINE_VOTES.c.key, func.sum(OFFLINE_VOTES.c.count))
    offline: dict[Target, int] = {}
    for kind, key, number in conn.execute(
        counted.group_by(OFFLINE_VOTES.c.kind, OFFLINE_VOTES.c.key)
    ):
        target = Target(kind, roots.get(key, key) if kind == RECORD else key)
        offline[target] = offline.get(target, 0) + int(number)
    everything = sorted({*online, *offline}, key=lambda target: (target.kind, target.key))
    return {target: Tally(online.get(target, 0), offline.get(target, 0)) for target in everything}


def confirm_fixed(
    conn: Connection, change: str, *, device: str, fixed: Fixed, now: datetime
) -> None:
    """Keep what a device says about a change; a second answer takes the place of the first."""
    row = {"change": change, "device": digest(device)}
    put_row(conn, CONFIRMATIONS, **row, fixed=fixed, at=now)


def unconfirm(conn: Connection, change: str, *, device: str) -> bool:
    """Take a device's answer back; False when there was none."""
    mine = (CONFIRMATIONS.c.change == change, CONFIRMATIONS.c.device == digest(device))
    return conn.execute(delete(CONFIRMATIONS).where(*mine)).rowcount == 1


def confirmed(conn: Connection, change: str, device: str) -> Fixed | None:
    """Return what a device said about a change."""
    mine = (CONFIRMATIONS.c.change == change, CONFIRMATIONS.c.device == digest(device))
    answer = conn.execute(select(CONFIRMATIONS.c.fixed).where(*mine)).scalar()
    return Fixed(answer) if answer else None


def confirmations(conn: Connection) -> dict[str, dict[Fixed, int]]:
    """Return how many devices gave each answer, by change; every answer is named."""
    columns = (CONFIRMATIONS.c.change, CONFIRMATIONS.c.fixed)
    counted = select(*columns, func.count()).group_by(*columns).order_by(*columns)
    counts: dict[str, dict[Fixed, int]] = {}
    for change, fixed, number in conn.execute(counted):
        counts.setdefault(change, dict.fromkeys(Fixed, 0))[Fixed(fixed)] = number
    return counts


def answered(conn: Connection) -> tuple[tuple[str, Fixed, datetime], ...]:
    """Return each device's answer as it stands: the change, the answer, when; oldest first."""
    columns = (CONFIRMATIONS.c.change, CONFIRMATIONS.c.fixed, CONFIRMATIONS.c.at)
    oldest = select(*columns).order_by(CONFIRMATIONS.c.at, CONFIRMATIONS.c.device)
    return tuple((change, Fixed(fixed), at) for change, fixed, at in conn.execute(oldest))


def _roots(conn: Connection) -> dict[str, str]:
    """Return, for every reference in a family of merged ones, the one at its head."""
    columns = (SUBMISSIONS.c.id, SUBMISSIONS.c.ref, SUBMISSIONS.c.merged_into)
    merged = conn.execute(select(*columns).where(SUBMISSIONS.c.merged_into.is_not(None))).all()
    parents = {number: parent for number, _, parent in merged}
    refs = {number: ref for number, ref, _ in merged}
    heads = {parent for parent in parents.values() if parent not in parents}
    named = conn.execute(select(*columns).where(SUBMISSIONS.c.id.in_(heads)))
    refs |= {number: ref for number, ref, _ in named}
    return {ref: refs[_head(parents, number)] for number, ref in refs.items()}


def _head(parents: Mapping[int, int], number: int) -> int:
    while number in parents:
        number = parents[number]
    return number


def _families(conn: Connection, roots: Mapping[str, str]) -> dict[Target, int]:
    """Count the devices behind each family of merged submissions, each once."""
    chosen = select(VOTES.c.key, VOTES.c.device).where(
        VOTES.c.kind == RECORD, VOTES.c.key.in_(list(roots))
    )
    devices: dict[str, set[str]] = {}
    for ref, device in conn.execute(chosen):
        devices.setdefault(roots[ref], set()).add(device)
    return {Target(RECORD, ref): len(voters) for ref, voters in devices.items()}
