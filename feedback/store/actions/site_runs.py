"""The way from the desk to the site: when it was last walked, what stopped it, and what arrived."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from feedback.model import Happening
from feedback.store.casework.events import SERVICE, record
from feedback.store.database.schema import EVENTS, SITE_RUNS, SUBMISSIONS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from feedback.model import Case

# What changes how a case stands in public; the rest is between staff and its sender.
PUBLIC_HAPPENINGS = frozenset(Happening) - {
    Happening.RECEIVED,
    Happening.NOTED,
    Happening.ASSIGNED,
    Happening.CONTACT_ADDED,
    Happening.TAKEN,
    Happening.ONLINE,
    Happening.TOLD,
    Happening.CAME_BACK,
}
LONGEST_FAULT = 2_000  # characters of what a step said: its end, where the reason stands
KEPT = 200  # runs, one each ten minutes: a day and more


@dataclass(frozen=True, slots=True)
class SiteUpdate:
    """What was decided at the desk was carried to the site, or not."""

    began: datetime
    ended: datetime
    fault: str  # what stopped it; "" for nothing


def keep_run(conn: Connection, run: SiteUpdate) -> None:
    """Keep how a run went; old ones are let go of."""
    fault = run.fault[-LONGEST_FAULT:]
    row = insert(SITE_RUNS).values(began=run.began, ended=run.ended, fault=fault)
    number: int = conn.execute(row.returning(SITE_RUNS.c.id)).scalar_one()
    conn.execute(delete(SITE_RUNS).where(SITE_RUNS.c.id <= number - KEPT))


def last_run(conn: Connection) -> SiteUpdate | None:
    """Return how the last run went; None where nothing was carried yet."""
    newest = select(SITE_RUNS).order_by(SITE_RUNS.c.id.desc()).limit(1)
    row = conn.execute(newest).one_or_none()
    return None if row is None else SiteUpdate(row.began, row.ended, row.fault)


def newest_decision(conn: Connection) -> int:
    """Return the number of what was decided last for the site to show, 0 for nothing."""
    shown = EVENTS.c.what.in_(PUBLIC_HAPPENINGS)
    newest = select(EVENTS.c.id).where(shown).order_by(EVENTS.c.id.desc()).limit(1)
    return conn.execute(newest).scalar() or 0


def came_online(conn: Connection, case: Case, now: datetime) -> bool:
    """Note that a case's record stands on the site as it was read; False if it changed since."""
    mine = (
        SUBMISSIONS.c.id == case.id,
        SUBMISSIONS.c.version == case.version,
        SUBMISSIONS.c.online.is_(None),
    )
    if conn.execute(update(SUBMISSIONS).where(*mine).values(online=now)).rowcount != 1:
        return False
    record(conn, case.id, Happening.ONLINE, by=SERVICE, now=now)
    return True
