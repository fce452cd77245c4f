"""What is owed, as the database asks it: the same as `Case.next_day`, for rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, literal, null, or_

from feedback.model import SETTLED
from feedback.store.database.engine import Day, Instant
from feedback.store.database.schema import SUBMISSIONS

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from feedback.model import Case

NEVER = literal(date.max, Day)  # after every day by which anything is owed
LAST = datetime(9999, 1, 1, tzinfo=UTC)  # and after every moment


def owed() -> ColumnElement[bool]:
    """Whether somebody waits: for an answer, for one to what they wrote since, or for work.

    Or whether a step of a clock is to be done.

    What is merged into another is answered with that one.
    """
    columns = SUBMISSIONS.c
    waits = or_(
        columns.answered.is_(None),
        columns.handed_by.is_not(None),
        columns.follow_up_by.is_not(None),
        columns.step_on.is_not(None),
    )
    return and_(columns.merged_into.is_(None), waits, columns.status.not_in(SETTLED))


def next_day() -> ColumnElement[date]:
    """Return the nearest day by which something is owed; of what is owed nothing, its promise's."""
    columns = SUBMISSIONS.c
    nearest: ColumnElement[date] = case((columns.answered.is_(None), columns.due), else_=NEVER)
    for column in (columns.handed_by, columns.follow_up_by, columns.step_on):
        nearest = case((column < nearest, column), else_=nearest)
    return case((nearest == NEVER, columns.due), else_=nearest)


def is_late(today: date, now: datetime | None = None) -> ColumnElement[bool]:
    """Whether a day is past by which something is owed, or the hour of a step.

    :param now: the moment; without one, only days count.
    """
    past = next_day() < today
    return and_(owed(), past if now is None else or_(past, SUBMISSIONS.c.step_by < now))


def in_order() -> tuple[ColumnElement[Any], ...]:
    """Return by what queues are sorted: the day, the hour where a step has one, who came first."""
    columns = SUBMISSIONS.c
    hour = case((columns.step_on == next_day(), columns.step_by), else_=null())
    return next_day(), func.coalesce(hour, literal(LAST, Instant)), columns.id


def comes_after(earlier: Case) -> ColumnElement[bool]:
    """Whether something comes after a case in that order."""
    day, hour, number = in_order()
    its_day = earlier.next_day or earlier.due
    its_hour = earlier.step_by if earlier.step_by and earlier.step_on == its_day else LAST
    same_hour = and_(hour == literal(its_hour, Instant), number > earlier.id)
    same_day = and_(day == its_day, or_(hour > literal(its_hour, Instant), same_hour))
    return or_(day > its_day, same_day)
