"""Mails that wait to go out, in a table of their own: claimed, gone, or tried again later.

Tables of mails differ in whom a mail goes to; how long one is tried is the same for all.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select, Table, Update

WAITING, DONE, DEAD, DROPPED = "waiting", "done", "dead", "dropped"

FIRST_PAUSE = timedelta(minutes=1)  # after the first failure; each further pause is four times it
LONGEST_PAUSE = timedelta(hours=12)
TRIES = 10  # about two days, as long as mail servers try


class MailQueue:
    """The mails of one table, whose rows have an id, a state, a due time, tries and a fault."""

    def __init__(self, table: Table) -> None:
        self.table = table

    @staticmethod
    def fresh(now: datetime) -> dict[str, Any]:
        """Return what is kept of a mail that is to go out at once."""
        return {"state": WAITING, "tries": 0, "due": now, "fault": "", "made": now}

    def claim(
        self, conn: Connection, chosen: Select[Any], *, now: datetime, lease: timedelta, limit: int
    ) -> list[Row[Any]]:
        """Claim mails that are to go out, the longest due in front.

        :param chosen: rows of the table, with whatever is joined to them.
        :param lease: for how long nobody else gets them. One that is neither `done` nor `failed`
            by then is tried again.
        """
        table = self.table
        waiting = chosen.where(table.c.state == WAITING, table.c.due <= now)
        ordered = waiting.order_by(table.c.due, table.c.id).limit(limit)
        rows = list(conn.execute(ordered.with_for_update(skip_locked=True, of=table)))
        claimed = [row.id for row in rows]
        conn.execute(update(table).where(table.c.id.in_(claimed)).values(due=now + lease))
        return rows

    def done(self, conn: Connection, number: int, *, now: datetime) -> None:
        """Say that a mail has gone out."""
        del now
        conn.execute(self._mine(number).values(state=DONE, fault=""))

    def failed(
        self, conn: Connection, number: int, *, why: str, now: datetime, for_good: bool = False
    ) -> None:
        """Say that a mail could not go out: later and later it is tried again, at last no more.

        :param why: what staff may read; never an address.
        :param for_good: whether the mail server will never take it.
        """
        mine = (self.table.c.id == number, self.table.c.state == WAITING)
        row = conn.execute(select(self.table).where(*mine)).one_or_none()
        if row is None:
            return
        tries = row.tries + 1
        pause = min(FIRST_PAUSE * 4 ** (tries - 1), LONGEST_PAUSE)
        state = DEAD if for_good or tries >= TRIES else WAITING
        values = {"tries": tries, "state": state, "due": now + pause, "fault": why}
        conn.execute(self._mine(number).values(**values))

    def drop(self, conn: Connection, number: int) -> None:
        """Let go of a mail that nobody needs any more."""
        conn.execute(self._mine(number).values(state=DROPPED))

    def _mine(self, number: int) -> Update:
        return update(self.table).where(self.table.c.id == number)
