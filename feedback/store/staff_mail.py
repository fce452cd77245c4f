"""Mails to staff: at once when somebody may be in danger or complains, and once a working day.

Each goes to everybody at the desk who gave an address, once. None holds a word of a tenant's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from feedback.model import SETTLED
from feedback.store.engine import add_new, micros
from feedback.store.outbox import DONE, WAITING, claimed_rows, put_off
from feedback.store.schema import STAFF, STAFF_MAILS, SUBMISSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime, timedelta

    from sqlalchemy import ColumnElement, Connection


class Alarm(StrEnum):
    """What staff are told."""

    DANGER = "danger"  # somebody may be in danger
    SAFEGUARDING = "safeguarding"  # handed over
    COMPLAINT = "complaint"  # a tenant wants it treated as one, or staff handed it over as one
    DAY = "day"  # how the desk stands this morning


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMail:
    """A mail to somebody at the desk on its way, with the address it goes to."""

    id: int
    message_id: str  # the part before the @: the same however often it is tried
    alarm: Alarm
    facts: Mapping[str, str]  # a reference, or numbers
    lang: str
    email: str = field(repr=False)
    made: datetime


def alert(conn: Connection, alarm: Alarm, ref: str, *, now: datetime) -> None:
    """Tell everybody at the desk about a case, at once."""
    _tell(conn, alarm, ref, {"ref": ref}, now)


def plan_day(conn: Connection, day: date, soon: date, *, now: datetime) -> None:
    """Tell everybody at the desk how it stands, unless nothing waits for an answer.

    :param soon: a promise that ends by this day is named.
    """
    facts = {
        "waiting": _count(conn),
        "late": _count(conn, SUBMISSIONS.c.due < day),
        "soon": _count(conn, SUBMISSIONS.c.due >= day, SUBMISSIONS.c.due <= soon),
    }
    if facts["waiting"]:
        shown = {name: str(number) for name, number in facts.items()}
        _tell(conn, Alarm.DAY, day.isoformat(), shown, now)


def due(
    conn: Connection, *, now: datetime, lease: timedelta, limit: int = 20
) -> tuple[StaffMail, ...]:
    """Claim mails that are to go out, as `outbox.due` does."""
    chosen = (
        select(STAFF_MAILS, STAFF.c.email, STAFF.c.lang)
        .join(STAFF, STAFF.c.name == STAFF_MAILS.c.member)
        .where(STAFF.c.active, STAFF.c.email != "")
    )
    rows = claimed_rows(conn, STAFF_MAILS, chosen, now=now, lease=lease, limit=limit)
    return tuple(
        StaffMail(
            id=row.id,
            message_id=f"desk.{micros(row.made)}.{row.id}",
            alarm=Alarm(row.what.partition(" ")[0]),
            facts=row.facts,
            lang=row.lang,
            email=row.email,
            made=row.made,
        )
        for row in rows
    )


def done(conn: Connection, number: int, *, now: datetime) -> None:
    """Say that a mail has gone out."""
    del now
    mine = update(STAFF_MAILS).where(STAFF_MAILS.c.id == number)
    conn.execute(mine.values(state=DONE, fault=""))


def failed(
    conn: Connection, number: int, *, why: str, now: datetime, for_good: bool = False
) -> None:
    """Say that a mail could not go out: it is tried again later, as `outbox.failed` does."""
    put_off(conn, STAFF_MAILS, number, why=why, now=now, for_good=for_good)


def _tell(
    conn: Connection, alarm: Alarm, about: str, facts: Mapping[str, str], now: datetime
) -> None:
    reachable = select(STAFF.c.name).where(STAFF.c.active, STAFF.c.email != "")
    for name in conn.execute(reachable).scalars().all():
        row = {"member": name, "what": f"{alarm} {about}", "facts": dict(facts), "state": WAITING}
        add_new(conn, STAFF_MAILS, **row, tries=0, due=now, fault="", made=now)


def _count(conn: Connection, *wanted: ColumnElement[bool]) -> int:
    waiting = (
        SUBMISSIONS.c.answered.is_(None),
        SUBMISSIONS.c.status.not_in(SETTLED),
        SUBMISSIONS.c.merged_into.is_(None),
    )
    counted = select(func.count()).select_from(SUBMISSIONS).where(*waiting, *wanted)
    return int(conn.execute(counted).scalar_one())
