"""Mails to staff: at once when somebody may be in danger or complains, and once a working day.

They go to whoever they concern and gave an address, once. None holds a word of a tenant's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select, true

from feedback.store.casework.clocks import is_late, next_day, owed
from feedback.store.database.engine import add_new, micros
from feedback.store.database.schema import STAFF, STAFF_MAILS, SUBMISSIONS
from feedback.store.mail.mail_queue import MailQueue
from feedback.store.voices import strikes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime, timedelta

    from sqlalchemy import ColumnElement, Connection, Row, Select

QUEUE = MailQueue(STAFF_MAILS)


class Alarm(StrEnum):
    """What staff are told."""

    DANGER = "danger"  # somebody may be in danger
    SAFEGUARDING = "safeguarding"  # handed over
    COMPLAINT = "complaint"  # a tenant wants it treated as one, or staff handed it over as one
    HANDED = "handed"  # a case is theirs, or their team's, from now on
    FOLLOWED = "followed"  # its sender wrote again
    DUE = "due"  # the promise of a case of theirs ends on the next working day
    STEP = "step"  # a time limit of a case of theirs runs out within hours
    DAY = "day"  # how the desk stands this morning


@dataclass(frozen=True, slots=True)
class StepAhead:
    """A case of which a step runs out soon."""

    ref: str
    by: datetime  # aware, UTC
    holder: str
    team: str


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


def call(conn: Connection, name: str, ref: str, number: int, *, now: datetime) -> None:
    """Call one of the staff: somebody may be in danger, and nobody has taken it yet.

    :param number: of the call, so that somebody may be called about the same again.
    """
    _tell(conn, Alarm.DANGER, f"{ref} {number}", {"ref": ref}, now, STAFF.c.name == name)


def hand(conn: Connection, ref: str, *, team: str, holder: str, by: str, now: datetime) -> None:
    """Tell a team, or the one who has it from now on, that a case is theirs.

    :param by: who handed it over, and needs no telling.
    """
    whose = STAFF.c.name == holder if holder else and_(STAFF.c.team == team, STAFF.c.team != "")
    about = f"{ref} {micros(now)}"
    _tell(conn, Alarm.HANDED, about, {"ref": ref}, now, whose, STAFF.c.name != by)


def follow(conn: Connection, ref: str, *, team: str, holder: str, now: datetime) -> None:
    """Tell whose case it is that its sender wrote again: its holder, else its team, else all."""
    _tell(
        conn, Alarm.FOLLOWED, f"{ref} {micros(now)}", {"ref": ref}, now, _whose(conn, holder, team)
    )


def teams(conn: Connection) -> set[str]:
    """Return the teams that people at the desk are in, as they were told when they joined."""
    return set(conn.execute(select(STAFF.c.team).distinct()).scalars())


def plan_due(
    conn: Connection, day: date, last: date, *, teams: Collection[str], now: datetime
) -> None:
    """Tell whoever has a case that its promise ends soon: its holder, else its team, else all.

    :param last: the day on which such promises end.
    :param teams: whose people are told now.
    """
    waiting = (owed(), next_day() > day, next_day() <= last)
    columns = (SUBMISSIONS.c.ref, SUBMISSIONS.c.holder, SUBMISSIONS.c.team)
    for ref, holder, team in conn.execute(select(*columns).where(*waiting)).all():
        addressed = (_whose(conn, holder, team), STAFF.c.team.in_(teams))
        _tell(conn, Alarm.DUE, f"{ref} {last}", {"ref": ref}, now, *addressed)


def steps_ahead(conn: Connection, now: datetime, until: datetime) -> tuple[StepAhead, ...]:
    """Return the steps that run out between two moments, one of a case."""
    columns = SUBMISSIONS.c
    wanted = (owed(), columns.step_by > now, columns.step_by <= until)
    rows = conn.execute(
        select(columns.ref, columns.step_by, columns.holder, columns.team).where(*wanted)
    )
    return tuple(StepAhead(*row) for row in rows)


def tell_step(conn: Connection, step: StepAhead, *, now: datetime) -> None:
    """Tell whoever has a case that a step of it runs out, once."""
    about = f"{step.ref} {micros(step.by)}"
    _tell(conn, Alarm.STEP, about, {"ref": step.ref}, now, _whose(conn, step.holder, step.team))


def plan_day(
    conn: Connection, day: date, soon: date, *, teams: Collection[str], now: datetime
) -> None:
    """Tell people at the desk how it stands, unless nothing waits for them.

    :param soon: a promise that ends by this day is named.
    :param teams: whose people are told now; "" for those who are in none.
    """
    facts = {
        "waiting": _count(conn),
        "late": _count(conn, is_late(day, now)),
        "soon": _count(conn, next_day() >= day, next_day() <= soon),
    }
    facts["voices"] = strikes.unseen_answers(conn)
    if facts["waiting"] or facts["voices"]:
        shown = {name: str(number) for name, number in facts.items()}
        _tell(conn, Alarm.DAY, day.isoformat(), shown, now, STAFF.c.team.in_(teams))


def due(
    conn: Connection, *, now: datetime, lease: timedelta, limit: int = 20
) -> tuple[StaffMail, ...]:
    """Claim mails that are to go out, as `outbox.due` does."""
    chosen = (
        select(STAFF_MAILS, STAFF.c.email, STAFF.c.lang)
        .join(STAFF, STAFF.c.name == STAFF_MAILS.c.member)
        .where(STAFF.c.active, STAFF.c.email != "")
    )
    rows = QUEUE.claim(conn, chosen, now=now, lease=lease, limit=limit)
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
        if not _is_over(conn, row)
    )


def _tell(
    conn: Connection,
    alarm: Alarm,
    about: str,
    facts: Mapping[str, str],
    now: datetime,
    *people: ColumnElement[bool],
) -> None:
    for name in conn.execute(_reachable(*people)).scalars().all():
        row = {"member": name, "what": f"{alarm} {about}", "facts": dict(facts)}
        add_new(conn, STAFF_MAILS, **row, **QUEUE.fresh(now))


def _whose(conn: Connection, holder: str, team: str) -> ColumnElement[bool]:
    """Return who is told about a case: its holder, else its team, else everybody.

    Where no mail reaches any of them, the next are told, so that somebody is.
    """
    holds, belongs = STAFF.c.name == holder, and_(STAFF.c.team == team, STAFF.c.team != "")
    for people in (holds, belongs):
        if conn.execute(_reachable(people).limit(1)).first() is not None:
            return people
    return true()


def _reachable(*people: ColumnElement[bool]) -> Select[tuple[str]]:
    return select(STAFF.c.name).where(STAFF.c.active, STAFF.c.email != "", *people)


def _is_over(conn: Connection, row: Row[Any]) -> bool:
    """Drop a mail about a case that somebody was quicker to answer."""
    quiet = {Alarm.HANDED, Alarm.FOLLOWED, Alarm.DUE, Alarm.STEP}
    if Alarm(row.what.partition(" ")[0]) not in quiet:
        return False
    mine = select(SUBMISSIONS.c.id).where(SUBMISSIONS.c.ref == row.facts["ref"], owed())
    if conn.execute(mine).first() is not None:
        return False
    QUEUE.drop(conn, row.id)
    return True


def _count(conn: Connection, *wanted: ColumnElement[bool]) -> int:
    counted = select(func.count()).select_from(SUBMISSIONS).where(owed(), *wanted)
    return int(conn.execute(counted).scalar_one())
