"""Events: everything that happened to a submission, the status they add up to, and changing it.

A submission changes one at a time, and nobody over another's head. Events also show whether a
database still knows all that it knew: a folder of records keeps the database's name and the marks
of what it held when it was last read. A mark says nothing to anybody else: it is a keyed hash of
the newest event.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update

from feedback.model import DECISIONS, CaseStatus, Event, Happening
from feedback.store.casework.cases import existing
from feedback.store.casework.step_clocks import turned, with_clocks
from feedback.store.database.engine import ERASED
from feedback.store.database.errors import Conflict, Refused
from feedback.store.database.schema import ANSWERS, DRAFTS, EVENTS, IDENTITY, SUBMISSIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from feedback.model import Case

TENANT = "tenant"  # who did it, when no member of staff did
SERVICE = "service"
MARK_BYTES = 12

# What a happening makes of the status; all others leave it as it is.
LEADS_TO = {
    Happening.RECEIVED: CaseStatus.RECEIVED,
    Happening.WITHDRAWN: CaseStatus.WITHDRAWN,
    **{decision.event: status for status, decision in DECISIONS.items()},
}


@dataclass(frozen=True, slots=True)
class Provenance:
    """A database by its name, as far as it has come."""

    database: str  # 32 letters that no other database has
    mark: str  # of its newest event; "" while nothing has happened yet
    continues: bool  # whether every mark that was asked about is of one of its events


def status_after(events: Iterable[Event]) -> CaseStatus:
    """Return the status that events, oldest first, add up to."""
    status = CaseStatus.RECEIVED
    for event in events:
        status = LEADS_TO.get(event.what, status)
    return status


def record(
    conn: Connection,
    submission: int,
    what: Happening,
    *,
    by: str,
    now: datetime,
    detail: Mapping[str, str] | None = None,
) -> None:
    """Keep what happened.

    :param detail: never private words.
    """
    conn.execute(
        insert(EVENTS).values(submission=submission, at=now, what=what, by=by, detail=detail or {})
    )
    turned(conn, submission, what)


def record_all(
    conn: Connection,
    happened: Sequence[tuple[int, Mapping[str, str]]],
    what: Happening,
    *,
    by: str,
    now: datetime,
) -> None:
    """Keep that the same happened to several submissions, by number, each with its detail."""
    rows = [{"submission": number, "detail": dict(detail)} for number, detail in happened]
    conn.execute(insert(EVENTS).values(at=now, what=what, by=by), rows)
    for number in with_clocks(conn, [number for number, _ in happened]):
        turned(conn, number, what)


def history(conn: Connection, ref: str) -> tuple[Event, ...]:
    """Return everything that happened to a submission, oldest first."""
    rows = conn.execute(
        select(EVENTS.c.at, EVENTS.c.what, EVENTS.c.by, EVENTS.c.detail)
        .join(SUBMISSIONS, SUBMISSIONS.c.id == EVENTS.c.submission)
        .where(SUBMISSIONS.c.ref == ref)
        .order_by(EVENTS.c.id)
    )
    return tuple(
        Event(at=row.at, what=Happening(row.what), by=row.by, detail=row.detail) for row in rows
    )


def open_case(conn: Connection, ref: str, version: int) -> Case:
    """Return a submission that staff may change, as they last saw it.

    :raises Missing: when there is no such submission.
    :raises Conflict: when it changed since.
    :raises Refused: when it was withdrawn, or stands merged into another.
    """
    case = existing(conn, ref)
    if case.version != version:
        raise _changed(ref)
    if case.status == CaseStatus.WITHDRAWN:
        raise Refused("withdrawn", f"{ref} was taken back by its sender.")
    if case.merged_into:
        raise Refused("merged", f"{ref} was merged into {case.merged_into}: change that one.")
    return case


def held(conn: Connection, ref: str) -> Case:
    """Return a submission that nobody else changes before COMMIT.

    For what its sender does, which no decision of staff may stand in the way of.

    :raises Missing: when there is no such submission.
    """
    conn.execute(select(SUBMISSIONS.c.id).where(SUBMISSIONS.c.ref == ref).with_for_update())
    return existing(conn, ref)


def change(conn: Connection, case: Case, **values: Any) -> Case:  # noqa: ANN401
    """Change a submission unless somebody did meanwhile, and return it.

    Another worker's change that is under way is waited for. Where the sender was forgotten, public
    words are erased as they leave public sight.

    :raises Conflict: when somebody did.
    """
    changed = conn.execute(
        update(SUBMISSIONS)
        .where(SUBMISSIONS.c.id == case.id, SUBMISSIONS.c.version == case.version)
        .values(**{"version": case.version + 1, "online": None} | values)
    )
    if changed.rowcount != 1:
        raise _changed(case.ref)
    hidden = values.get("status", case.status) != CaseStatus.PUBLISHED
    if case.forgotten and case.status == CaseStatus.PUBLISHED and hidden:
        erase_public_words(conn, case)
    return existing(conn, case.ref)


def change_all(conn: Connection, changes: Sequence[tuple[Case, Mapping[str, Any]]]) -> None:
    """Change submissions that nobody else changes before COMMIT; all of them in the same columns.

    None of them leaves public sight by it.
    """
    columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in changes[0][1]}
    changed = (
        update(SUBMISSIONS)
        .where(SUBMISSIONS.c.id == bindparam("number"))
        .values(version=SUBMISSIONS.c.version + 1, online=None, **columns)
    )
    rows = [
        {"number": case.id, **{f"new_{name}": value for name, value in values.items()}}
        for case, values in changes
    ]
    conn.execute(changed, rows)


def erase_public_words(conn: Connection, case: Case) -> None:
    """Erase the redacted words of a submission, and what its sender was told."""
    conn.execute(delete(DRAFTS).where(DRAFTS.c.submission == case.id))
    conn.execute(delete(ANSWERS).where(ANSWERS.c.submission == case.id))
    conn.info[ERASED] = True


def provenance(conn: Connection, seen: Collection[str] = ()) -> Provenance:
    """Return where records read now come from.

    :param seen: the marks of earlier pulls. A database that was put back from before one of them
        doesn't continue it, even when as much has happened since.
    """
    identity = conn.execute(select(IDENTITY.c.name, IDENTITY.c.salt)).one()
    latest, wanted = "", set(filter(None, seen))
    for mark in _marks(conn, identity.salt):
        latest = latest or mark
        wanted.discard(mark)
        if not wanted:
            break
    return Provenance(identity.name, latest, not wanted)


def _marks(conn: Connection, salt: str) -> Iterator[str]:
    """Go through the marks of all events, the newest first: the one that is wanted is near."""
    events = select(EVENTS.c.id, SUBMISSIONS.c.ref, EVENTS.c.at, EVENTS.c.what).join(SUBMISSIONS)
    newest = events.order_by(EVENTS.c.id.desc()).execution_options(yield_per=1_000)
    with conn.execute(newest) as events_on_the_way:  # whoever stops at one leaves no cursor open
        for event in events_on_the_way:
            words = f"{event.id} {event.ref} {event.at.isoformat()} {event.what}"
            yield blake2b(words.encode(), digest_size=MARK_BYTES, key=salt.encode()).hexdigest()


def _changed(ref: str) -> Conflict:
    return Conflict(f"{ref} was changed by somebody else meanwhile. Look at it again, then decide.")
