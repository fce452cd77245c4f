"""Mails to teams' mailboxes: what falls due for them, once a month, in the words of that day."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from feedback.store.engine import add_new, micros
from feedback.store.outbox import DONE, WAITING, claimed_rows, put_off
from feedback.store.schema import TEAM_MAILS

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMail:
    """A mail to a team on its way."""

    id: int
    message_id: str  # the part before the @: the same however often it is tried
    subject: str
    words: str
    lang: str
    email: str = field(repr=False)
    made: datetime


def plan(
    conn: Connection,
    *,
    team: str,
    month: str,
    email: str,
    subject: str,
    words: str,
    lang: str,
    now: datetime,
) -> bool:
    """Put a month's mail to a team on its way; False when it was before.

    :param team: its key, "" for what belongs to no team that has a mailbox.
    :param month: as in 2026-12.
    """
    row = {"team": team, "month": month, "email": email, "subject": subject, "words": words}
    state = {"state": WAITING, "tries": 0, "due": now, "fault": "", "made": now}
    return add_new(conn, TEAM_MAILS, lang=lang, **row, **state)


def due(
    conn: Connection, *, now: datetime, lease: timedelta, limit: int = 20
) -> tuple[TeamMail, ...]:
    """Claim mails that are to go out, as `outbox.due` does."""
    rows = claimed_rows(conn, TEAM_MAILS, select(TEAM_MAILS), now=now, lease=lease, limit=limit)
    return tuple(
        TeamMail(
            id=row.id,
            message_id=f"due.{micros(row.made)}.{row.id}",
            subject=row.subject,
            words=row.words,
            lang=row.lang,
            email=row.email,
            made=row.made,
        )
        for row in rows
    )


def done(conn: Connection, number: int, *, now: datetime) -> None:
    """Say that a mail has gone out."""
    del now
    mine = update(TEAM_MAILS).where(TEAM_MAILS.c.id == number)
    conn.execute(mine.values(state=DONE, fault=""))


def failed(
    conn: Connection, number: int, *, why: str, now: datetime, for_good: bool = False
) -> None:
    """Say that a mail could not go out: it is tried again later, as `outbox.failed` does."""
    put_off(conn, TEAM_MAILS, number, why=why, now=now, for_good=for_good)
