"""Mails to teams' mailboxes: what falls due for them, once a month, in the words of that day."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from feedback.store.database.engine import add_new, micros
from feedback.store.database.schema import TEAM_MAILS
from feedback.store.mail.mail_queue import MailQueue

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy import Connection

QUEUE = MailQueue(TEAM_MAILS)


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
    return add_new(conn, TEAM_MAILS, lang=lang, **row, **QUEUE.fresh(now))


def due(
    conn: Connection, *, now: datetime, lease: timedelta, limit: int = 20
) -> tuple[TeamMail, ...]:
    """Claim mails that are to go out, as `outbox.due` does."""
    rows = QUEUE.claim(conn, select(TEAM_MAILS), now=now, lease=lease, limit=limit)
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
