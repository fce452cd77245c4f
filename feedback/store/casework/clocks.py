"""What is owed, as the database asks it: the same as `Case.next_day`, for rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, case, or_

from feedback.model import SETTLED
from feedback.store.database.schema import SUBMISSIONS

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement


def owed() -> ColumnElement[bool]:
    """Whether somebody waits: for an answer, or for what was handed over to come back.

    What is merged into another is answered with that one.
    """
    columns = SUBMISSIONS.c
    waits = or_(columns.answered.is_(None), columns.handed_by.is_not(None))
    return and_(columns.merged_into.is_(None), waits, columns.status.not_in(SETTLED))


def next_day() -> ColumnElement[date]:
    """Return the nearest day by which something is owed; of what is answered, its promise's."""
    columns = SUBMISSIONS.c
    handed_first = or_(columns.answered.is_not(None), columns.handed_by < columns.due)
    return case(
        (and_(columns.handed_by.is_not(None), handed_first), columns.handed_by), else_=columns.due
    )
