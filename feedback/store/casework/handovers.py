"""Hand-overs as they are kept: to whom, by when, and what came of it.

None of them decides anything: `decisions` and `outcomes` do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from core.public.vocabulary import WorkOutcome
from feedback.model import HandOver, Route
from feedback.store.database.engine import put_row
from feedback.store.database.schema import DONE_ANSWERS, HANDOVERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkOrder:
    """What those know who were handed something over."""

    team: str = ""  # a key of site.toml
    reference: str = ""  # theirs
    phone: str = ""  # where to ask after it
    by: date | None = None  # the day by which they do it; None for the promise's own


@dataclass(frozen=True, slots=True)
class DoneAnswer:
    """What a sender answered when asked whether it was done; private."""

    done: bool
    words: str
    at: datetime


def keep_handover(
    conn: Connection,
    submission: int,
    route: Route,
    job: WorkOrder,
    *,
    due: date,
    by: str,
    now: datetime,
) -> date:
    """Keep to whom a submission was handed over; returns the day by which it is to be done."""
    day = job.by or due
    values = {"team": job.team, "job": job.reference, "phone": job.phone, "done_by": day}
    row = insert(HANDOVERS).values(submission=submission, route=route, by=by, at=now, **values)
    conn.execute(row.values(outcome=""))
    return day


def keep_outcomes(
    conn: Connection, outcomes: Sequence[tuple[int, WorkOutcome, date | None]], *, now: datetime
) -> None:
    """Keep what came of hand-overs, and on which day it was done, by their number."""
    mine = update(HANDOVERS).where(HANDOVERS.c.id == bindparam("number"))
    ended = mine.values(outcome=bindparam("came"), done_on=bindparam("day"), ended=now)
    rows = [{"number": number, "came": came, "day": day} for number, came, day in outcomes]
    conn.execute(ended, rows)


def newest_handovers(conn: Connection, numbers: Sequence[int]) -> dict[int, HandOver]:
    """Return the newest hand-over of each submission that has one."""
    if not numbers:
        return {}
    wanted = select(HANDOVERS).where(HANDOVERS.c.submission.in_(numbers)).order_by(HANDOVERS.c.id)
    return {
        row.submission: HandOver(
            id=row.id,
            route=Route(row.route),
            team=row.team,
            job=row.job,
            phone=row.phone,
            by=row.done_by,
            at=row.at,
            outcome=WorkOutcome(row.outcome) if row.outcome else None,
            done_on=row.done_on,
            ended=row.ended,
        )
        for row in conn.execute(wanted)
    }


def keep_done_answer(
    conn: Connection, handed: HandOver, submission: int, answer: DoneAnswer
) -> None:
    """Keep what a sender answered; another answer of theirs takes its place."""
    values = {"done": answer.done, "words": answer.words, "at": answer.at}
    put_row(conn, DONE_ANSWERS, handover=handed.id, submission=submission, **values)


def done_answer(conn: Connection, handed: HandOver, submission: int) -> DoneAnswer | None:
    """Return what a sender answered; None when they haven't."""
    mine = (DONE_ANSWERS.c.handover == handed.id, DONE_ANSWERS.c.submission == submission)
    row = conn.execute(select(DONE_ANSWERS).where(*mine)).one_or_none()
    return DoneAnswer(row.done, row.words, row.at) if row else None


def done_answers(conn: Connection, handed: HandOver) -> tuple[DoneAnswer, ...]:
    """Return what everybody answered whose words were handed over together, oldest first."""
    wanted = select(DONE_ANSWERS).where(DONE_ANSWERS.c.handover == handed.id)
    rows = conn.execute(wanted.order_by(DONE_ANSWERS.c.at))
    return tuple(DoneAnswer(row.done, row.words, row.at) for row in rows)


def forget_handovers(conn: Connection, submission: int) -> None:
    """Erase the words that a sender answered with, and the job by which they could be found."""
    mine = update(DONE_ANSWERS).where(DONE_ANSWERS.c.submission == submission)
    conn.execute(mine.values(words=""))
    jobs = update(HANDOVERS).where(HANDOVERS.c.submission == submission)
    conn.execute(jobs.values(job="", phone=""))
