"""Voices without words: what matters to people, and whether it is fixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from core.public.vocabulary import ContactChannel, Fixed, Target
from feedback.store.database.engine import add_new, put_row
from feedback.store.database.errors import Refused
from feedback.store.database.schema import CONFIRMATIONS, OFFLINE_VOTES, SUBMISSIONS, VOTES
from feedback.store.database.tokens import digest
from feedback.store.voices.strikes import Strike, strike

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


@dataclass(frozen=True, slots=True)
class DeviceVoice:
    """What one device, or one sender, said about something."""

    fixed: Fixed | None = None  # None for a vote
    struck: Strike | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedAnswer:
    """An answer to "is it fixed?" that counts."""

    change: str
    fixed: Fixed
    at: datetime
    asked: bool  # by somebody whose words led to the change
    looked: datetime | None  # when a person at the desk looked at it

    @property
    def heard(self) -> datetime | None:
        """Return since when it may open something again; None while it waits for a look."""
        if self.asked:
            return self.at
        return max(self.at, self.looked) if self.looked else None


def vote(conn: Connection, target: Target, device: str, *, now: datetime) -> bool:
    """Count a device's voice for something; False when it was counted already.

    :param device: the random id in the device's cookie; only its hash is kept.
    """
    row = {"kind": target.kind, "key": target.key, "device": digest(device)}
    return add_new(conn, VOTES, **row, at=now)


def unvote(conn: Connection, target: Target, device: str) -> bool:
    """Take a device's voice back; False when there was none, or when staff struck it."""
    mine = (VOTES.c.kind == target.kind, VOTES.c.key == target.key, VOTES.c.struck.is_(None))
    gone = conn.execute(delete(VOTES).where(*mine, VOTES.c.device == digest(device)))
    return gone.rowcount == 1


def voice(conn: Connection, target: Target, device: str) -> DeviceVoice | None:
    """Return a device's voice for something; None when it gave none."""
    mine = (VOTES.c.kind == target.kind, VOTES.c.key == target.key)
    chosen = select(VOTES.c.struck).where(*mine, VOTES.c.device == digest(device))
    row = conn.execute(chosen).one_or_none()
    return None if row is None else DeviceVoice(struck=strike(conn, row.struck))


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
    each = (VOTES.c.kind, VOTES.c.key)
    heard = select(*each, func.count()).where(VOTES.c.struck.is_(None)).group_by(*each)
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
    """Keep what a device says about a change; a second answer takes the place of the first.

    One that staff struck stays struck.
    """
    known = answer(conn, change, device)
    if known is None or known.fixed != fixed:
        row = {"change": change, "device": digest(device), "asked": False, "looked": None}
        put_row(conn, CONFIRMATIONS, **row, fixed=fixed, at=now)


def confirm_asked(
    conn: Connection, change: str, *, ref: str, fixed: Fixed, now: datetime, device: str = ""
) -> None:
    """Keep what somebody says on their receipt about a change that their words led to.

    :param ref: of what they sent.
    :param device: their browser's: what it said as a passer-by is taken back.
    """
    if device:
        unconfirm(conn, change, device=device)
    row = {"change": change, "device": digest(_asker(ref)), "asked": True, "looked": None}
    put_row(conn, CONFIRMATIONS, **row, fixed=fixed, at=now)


def unconfirm(conn: Connection, change: str, *, device: str = "", ref: str = "") -> bool:
    """Take an answer back; False when there was none, or when staff struck it.

    :param device: whose it is; or
    :param ref: what its giver had sent.
    """
    who = digest(_asker(ref) if ref else device)
    mine = (CONFIRMATIONS.c.change == change, CONFIRMATIONS.c.device == who)
    gone = conn.execute(delete(CONFIRMATIONS).where(*mine, CONFIRMATIONS.c.struck.is_(None)))
    return gone.rowcount == 1


def answer(conn: Connection, change: str, device: str = "", *, ref: str = "") -> DeviceVoice | None:
    """Return what a device, or the sender of something, said about a change; None for nothing."""
    who = digest(_asker(ref) if ref else device)
    mine = (CONFIRMATIONS.c.change == change, CONFIRMATIONS.c.device == who)
    chosen = select(CONFIRMATIONS.c.fixed, CONFIRMATIONS.c.struck).where(*mine)
    row = conn.execute(chosen).one_or_none()
    if row is None:
        return None
    return DeviceVoice(fixed=Fixed(row.fixed), struck=strike(conn, row.struck))


def answered(conn: Connection) -> tuple[FixedAnswer, ...]:
    """Return each answer that counts, as it stands, the oldest first."""
    table = CONFIRMATIONS.c
    oldest = select(CONFIRMATIONS).where(table.struck.is_(None)).order_by(table.at, table.device)
    return tuple(
        FixedAnswer(
            change=row.change,
            fixed=Fixed(row.fixed),
            at=row.at,
            asked=row.asked,
            looked=row.looked,
        )
        for row in conn.execute(oldest)
    )


def _asker(ref: str) -> str:
    return f"asked {ref}"


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
        VOTES.c.kind == RECORD, VOTES.c.key.in_(list(roots)), VOTES.c.struck.is_(None)
    )
    devices: dict[str, set[str]] = {}
    for ref, device in conn.execute(chosen):
        devices.setdefault(roots[ref], set()).add(device)
    return {Target(RECORD, ref): len(voters) for ref, voters in devices.items()}
