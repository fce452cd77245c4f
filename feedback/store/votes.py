"""Voices without words: what matters to people, and whether it is fixed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, insert, select, update

from core.public.vocabulary import ContactChannel, Fixed, Target
from feedback.store.engine import add_new, put_row
from feedback.store.errors import Refused
from feedback.store.schema import CONFIRMATIONS, OFFLINE_VOTES, STRIKES, SUBMISSIONS, VOTES
from feedback.store.tokens import digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, RowMapping, Table

RECORD = "record"  # the kind of target whose key is a submission's reference
CHANGE = "change"  # the kind of target that answers to "is it fixed?" are about
BURST = 10  # voices for one thing that are worth a look …
BURST_PAUSE = timedelta(minutes=2)  # … with no longer than this between one and the next


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
class Voice:
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


@dataclass(frozen=True, slots=True)
class Burst:
    """Voices that came for one thing within a short while."""

    target: Target
    count: int
    since: datetime
    until: datetime


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


def voice(conn: Connection, target: Target, device: str) -> Voice | None:
    """Return a device's voice for something; None when it gave none."""
    mine = (VOTES.c.kind == target.kind, VOTES.c.key == target.key)
    chosen = select(VOTES.c.struck).where(*mine, VOTES.c.device == digest(device))
    row = conn.execute(chosen).one_or_none()
    return None if row is None else Voice(struck=strike(conn, row.struck))


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


def answer(conn: Connection, change: str, device: str = "", *, ref: str = "") -> Voice | None:
    """Return what a device, or the sender of something, said about a change; None for nothing."""
    who = digest(_asker(ref) if ref else device)
    mine = (CONFIRMATIONS.c.change == change, CONFIRMATIONS.c.device == who)
    chosen = select(CONFIRMATIONS.c.fixed, CONFIRMATIONS.c.struck).where(*mine)
    row = conn.execute(chosen).one_or_none()
    if row is None:
        return None
    return Voice(fixed=Fixed(row.fixed), struck=strike(conn, row.struck))


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

    Nobody strikes an answer of those who asked.

    :param why: the reason, by language.
    :raises Refused: "reason" without one; "count" when there is no such voice any more.
    """
    if not why:
        raise Refused("reason", "Say why: the reason is shown to everybody.")
    table, mine = _voices_of(target)
    burst = (*mine, table.c.struck.is_(None), table.c.at >= since, table.c.at <= until)
    count = conn.execute(select(func.count()).select_from(table).where(*burst)).scalar_one()
    if not count:
        raise Refused("count", "These voices are struck already, or were taken back.")
    row = {"kind": target.kind, "key": target.key, "count": count, "why": dict(why)}
    kept = conn.execute(insert(STRIKES).values(**row, by=by, at=now).returning(STRIKES.c.id))
    conn.execute(update(table).where(*burst).values(struck=kept.scalar_one(), looked=now))
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
