"""Somebody may be in danger: named people are called one after another, until one takes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from feedback.model import CaseStatus, Happening
from feedback.store.casework.cases import existing
from feedback.store.casework.events import record
from feedback.store.database.engine import add_new
from feedback.store.database.schema import DANGER_CALLS, EVENTS, STAFF, SUBMISSIONS
from feedback.store.mail import outbox, staff_mail
from feedback.store.mail.outbox import Notice, Why
from feedback.store.mail.staff_mail import Alarm

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Select

    from feedback.model import Case

NEXT_CALL = timedelta(minutes=10)  # for one to take it, before the next is called


@dataclass(frozen=True, slots=True)
class DangerCall:
    """How far the calls about a case have come."""

    called: int  # how many times somebody was called
    taken_by: str  # a log-in name; "" while nobody has taken it
    taken: datetime | None


def begin(conn: Connection, case: Case, *, now: datetime) -> None:
    """Call the first of the named people, or everybody at the desk where nobody is named."""
    row = {"submission": case.id, "called": 0, "due": now, "taken_by": ""}
    if add_new(conn, DANGER_CALLS, **row):
        call_due(conn, now=now)


def is_due(conn: Connection, *, now: datetime) -> bool:
    """Whether somebody is to be called."""
    return conn.execute(_due(now).limit(1)).first() is not None


def call_due(conn: Connection, *, now: datetime) -> None:
    """Call the next of the named people about each case that nobody has taken in time.

    Once all of them were called, everybody at the desk is told too, and it begins anew.
    """
    chain = _named(conn)
    for row in conn.execute(_due(now)).all():
        ref, called = row.ref, row.called
        if chain:
            staff_mail.call(conn, chain[called % len(chain)], ref, called, now=now)
        if called == len(chain):
            staff_mail.alert(conn, Alarm.DANGER, ref, now=now)
        mine = DANGER_CALLS.c.submission == row.submission
        called_again = {"called": called + 1, "due": now + NEXT_CALL}
        conn.execute(update(DANGER_CALLS).where(mine).values(**called_again))


def take(conn: Connection, ref: str, *, by: str, team: str, now: datetime) -> bool:
    """Let somebody take it: nobody else is called, and its sender is told that it was passed on.

    :param team: theirs, whose name its sender is told.
    :returns: False when somebody has it already, or there was no such call.
    :raises Missing: when there is no such submission.
    """
    case = existing(conn, ref)
    mine = (DANGER_CALLS.c.submission == case.id, DANGER_CALLS.c.taken_by == "")
    taken = update(DANGER_CALLS).where(*mine).values(taken_by=by, taken=now)
    if conn.execute(taken).rowcount != 1:
        return False
    conn.execute(update(SUBMISSIONS).where(SUBMISSIONS.c.id == case.id).values(holder=by))
    record(conn, case.id, Happening.TAKEN, by=by, now=now, detail={"team": team})
    outbox.put(conn, Notice(ref, Why.PASSED_ON), now=now)
    return True


def call_about(conn: Connection, ref: str) -> DangerCall | None:
    """Return how far the calls about a case have come; None where nobody had to be called."""
    joined = DANGER_CALLS.join(SUBMISSIONS)
    chosen = select(DANGER_CALLS).select_from(joined).where(SUBMISSIONS.c.ref == ref)
    row = conn.execute(chosen).one_or_none()
    return None if row is None else DangerCall(row.called, row.taken_by, row.taken)


def untaken(conn: Connection) -> list[str]:
    """Return the references of which somebody is called, and that nobody has taken yet."""
    waiting = (
        select(SUBMISSIONS.c.ref).join(DANGER_CALLS).where(DANGER_CALLS.c.taken_by == "", _meant())
    )
    return list(conn.execute(waiting.order_by(SUBMISSIONS.c.id)).scalars())


def passed_on(conn: Connection, ref: str) -> tuple[str, datetime] | None:
    """Return to which team something was passed on and when; None where nobody has taken it."""
    chosen = select(EVENTS.c.detail, EVENTS.c.at).join(SUBMISSIONS)
    mine = (SUBMISSIONS.c.ref == ref, EVENTS.c.what == Happening.TAKEN)
    row = conn.execute(chosen.where(*mine).order_by(EVENTS.c.id.desc()).limit(1)).one_or_none()
    return (row.detail.get("team", ""), row.at) if row else None


def _named(conn: Connection) -> list[str]:
    """Return whom to call, in their order, without those whom no mail can reach."""
    reachable = (STAFF.c.called > 0, STAFF.c.active, STAFF.c.email != "")
    ordered = select(STAFF.c.name).where(*reachable).order_by(STAFF.c.called, STAFF.c.name)
    return list(conn.execute(ordered).scalars())


def _due(now: datetime) -> Select[Any]:
    columns = (DANGER_CALLS.c.submission, SUBMISSIONS.c.ref, DANGER_CALLS.c.called)
    waiting = (DANGER_CALLS.c.taken_by == "", DANGER_CALLS.c.due <= now)
    return select(*columns).join(SUBMISSIONS).where(*waiting, _meant())


def _meant() -> ColumnElement[bool]:
    """Whether a call is in earnest: an answer, or words taken back, end no danger."""
    return SUBMISSIONS.c.status != CaseStatus.SPAM
