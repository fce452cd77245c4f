"""What is owed, as the database asks it: the same as `Case.next_day`, for rows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, literal, or_

from feedback.model import SETTLED
from feedback.store.database.engine import Day
from feedback.store.database.schema import SUBMISSIONS

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

NEVER = literal(date.max, Day)


def owed() -> ColumnElement[bool]:
    """Whether somebody waits: for an answer, for one to what they wrote since, or for work.

    What is merged into another is answered with that one.
    """
    columns = SUBMISSIONS.c
    waits = or_(
        columns.answered.is_(None),
        columns.handed_by.is_not(None),
        columns.follow_up_by.is_not(None),
    )
    return and_(columns.merged_into.is_(None), waits, columns.status.not_in(SETTLED))


def next_day() -> ColumnElement[date]:
    """Return the nearest day by which something is owed; of what is answered, its promise's."""
    columns = SUBMISSIONS.c
    answer = case((columns.answered.is_(None), columns.due), else_=NEVER)
    work = func.coalesce(columns.handed_by, NEVER)
    further = func.coalesce(columns.follow_up_by, NEVER)
    return case(
        (and_(answer != NEVER, answer <= work, answer <= further), answer),
        (and_(work != NEVER, work <= further), work),
        (further != NEVER, further),
        else_=columns.due,
    )
