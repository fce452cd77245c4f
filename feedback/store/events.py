"""Events: everything that happened to a submission, and the status they add up to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from feedback.model import Event, Happening, Status
from feedback.store.schema import EVENTS, SUBMISSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

TENANT = "tenant"  # who did it, when no member of staff did
SERVICE = "service"

# What a happening makes of the status; all others leave it as it is.
LEADS_TO = {
    Happening.RECEIVED: Status.RECEIVED,
    Happening.PUBLISHED: Status.PUBLISHED,
    Happening.COUNTED: Status.COUNTED,
    Happening.ROUTED: Status.ROUTED,
    Happening.DECLINED: Status.DECLINED,
    Happening.REOPENED: Status.RECEIVED,
    Happening.WITHDRAWN: Status.WITHDRAWN,
}


def status_after(events: Iterable[Event]) -> Status:
    """Return the status that events, oldest first, add up to."""
    status = Status.RECEIVED
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
    """Keep what happened; ``detail`` never holds private words."""
    conn.execute(
        insert(EVENTS).values(submission=submission, at=now, what=what, by=by, detail=detail or {})
    )


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
