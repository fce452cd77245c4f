"""What was handed over, as rows for those who do the work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from feedback.model import Route
from feedback.store.casework.cases import cases_of, selected
from feedback.store.database.schema import PRIVATE, SUBMISSIONS
from feedback.work_tables import PrivateWorkRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy import Connection

    from core.site import Site

BATCH = 500


def handed_rows(
    conn: Connection, site: Site, today: date, *, everything: bool
) -> Iterator[PrivateWorkRow]:
    """Go through what was handed over, by reference; what is a matter of safety stays out.

    :param everything: whether what came back is told too.
    """
    columns, after = SUBMISSIONS.c, ""
    wanted = [columns.route.not_in(["", Route.SAFEGUARDING]), columns.escalated.is_(False)]
    wanted += [] if everything else [columns.handed_by.is_not(None)]
    while cases := cases_of(
        conn,
        selected().where(*wanted, columns.ref > after).order_by(columns.ref).limit(BATCH),
    ):
        after = cases[-1].ref
        numbers = [case.id for case in cases]
        rows = conn.execute(select(PRIVATE).where(PRIVATE.c.submission.in_(numbers)))
        private = {row.submission: row for row in rows}
        for case in cases:
            if case.handed is None:
                continue
            handed, sender = case.handed, private[case.id]
            yield PrivateWorkRow(
                reference=case.ref,
                job=handed.job,
                handed_over=handed.at.astimezone(site.timezone).date(),
                team=handed.team,
                topic=case.topic,
                area=case.area,
                done_by=handed.by,
                late=case.handed_by is not None and today > case.handed_by,
                outcome=handed.outcome,
                done_on=handed.done_on,
                said=sender.said,
                name=sender.name,
                phone=sender.phone,
                email=sender.email,
                address=sender.address,
            )
