"""How a hand-over comes back: somebody says what came of it, and its sender whether it was done.

Each is an event in the same transaction. They raise what `decisions` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from core.clocks import ClockStart
from core.public.vocabulary import WorkOutcome
from feedback.case_clocks import ANSWERS, NO_CLOCKS
from feedback.model import Happening
from feedback.store.casework.answers import are_answered, keep_texts, written
from feedback.store.casework.cases import answered_with, existing
from feedback.store.casework.events import TENANT, change, held, open_case, record
from feedback.store.casework.handovers import (
    DoneAnswer,
    done_answer,
    keep_done_answer,
    keep_outcome,
)
from feedback.store.casework.step_clocks import start_clocks
from feedback.store.database.errors import Refused
from feedback.store.database.schema import SUBMISSIONS
from feedback.store.mail import staff_mail
from feedback.store.mail.outbox import Why, tell_everyone
from feedback.store.mail.staff_mail import Alarm

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from sqlalchemy import Connection

    from feedback.case_clocks import ClockBook
    from feedback.model import Case


def end_handover(
    conn: Connection,
    ref: str,
    *,
    version: int,
    outcome: WorkOutcome | None,
    done_on: date | None = None,
    texts: Mapping[str, str] | None = None,
    wanted: Collection[str] = (),
    today: date,
    by: str,
    now: datetime,
) -> Case:
    """Say what came of what was handed over; its sender is told, and asked whether it was done.

    :param done_on: the day on which it was done; None for today, where it was.
    :param texts: what came of it in words, by language; without them it must have been done.
    :param wanted: the languages that were asked for: words answer once they stand in all of them.
    :raises Refused: "handed", when nothing is handed over or it came back already; "outcome";
        "why", when it wasn't done and nobody says why; "done_on", for a day that is still to come.
    """
    case, words = open_case(conn, ref, version), written(texts)
    if case.handed is None or case.handed_by is None:
        raise Refused("handed", f"Nothing of {ref} is handed over that could come back.")
    if outcome is None:
        raise Refused("outcome", f"Say whether what was handed over of {ref} was done.")
    if outcome == WorkOutcome.NOT_DONE and not words:
        raise Refused("why", f"Say why it was not done: the sender of {ref} is told.")
    day = (done_on or today) if outcome == WorkOutcome.DONE else None
    if day and day > today:
        raise Refused("done_on", f"{day} is still to come.")
    keep_outcome(conn, case.handed, outcome, day, now=now)
    keep_texts(conn, case, "outcome", words, team=case.handed.team, by=by, now=now)
    whole = not words or are_answered(wanted, words)
    answered = case.answered or (now if whole else None)
    changed = change(conn, case, handed_by=None, answered=answered)
    detail = {"outcome": str(outcome)} | ({"done_on": day.isoformat()} if day else {})
    detail |= ANSWERS if whole else {}
    record(conn, case.id, Happening.WORK_ENDED, by=by, now=now, detail=detail)
    tell_everyone(conn, changed, Why.WORK_ENDED, now)
    return existing(conn, ref)


def confirm_done(
    conn: Connection,
    ref: str,
    *,
    done: bool,
    words: str,
    now: datetime,
    due: date,
    clocks: ClockBook = NO_CLOCKS,
) -> None:
    """Keep what a sender says when asked whether it was done; No opens the case again.

    The case that is opened is the one that theirs was merged into. It stays handed over in public,
    waits for an answer anew, and the one who has it, or their team, is told.

    :param due: the day by which an answer is promised, should it be opened.
    :param clocks: the association's own, of which those begin that opening it starts.
    :raises Missing: when there is no such submission.
    :raises Refused: "handed", when nothing came back yet; "forgotten".
    """
    case = held(conn, ref)
    if case.forgotten or case.status.owes_nothing:
        raise Refused("forgotten", f"{ref} was taken back, or erased.")
    head = held(conn, answered_with(conn, case).ref)
    if head.handed is None or head.handed.outcome is None:
        raise Refused("handed", f"Nothing of {head.ref} came back yet.")
    before = done_answer(conn, head.handed, case.id)
    keep_done_answer(conn, head.handed, case.id, DoneAnswer(done, words.strip(), now))
    if before and before.done == done:
        return
    detail = {"done": "yes" if done else "no"}
    record(conn, case.id, Happening.CONFIRMED, by=TENANT, now=now, detail=detail)
    if not done and head.answered is not None:
        change(conn, head, answered=None, due=due)
        start_clocks(conn, head.id, ClockStart.REOPENED, clocks, at=now)
        staff_mail.hand(conn, head.ref, team=head.team, holder=head.holder, by=TENANT, now=now)


def complain(conn: Connection, ref: str, *, now: datetime, clocks: ClockBook = NO_CLOCKS) -> None:
    """Treat a submission as a complaint, as its sender now wants; those who see to it are told.

    :param clocks: the association's own, of which those begin that a complaint starts.
    :raises Missing: when there is no such submission.
    :raises Refused: "forgotten".
    """
    case = held(conn, ref)
    if case.forgotten or case.status.owes_nothing:
        raise Refused("forgotten", f"{ref} was taken back, or erased.")
    head = answered_with(conn, case)
    if not case.complaint:
        start_clocks(conn, case.id, ClockStart.COMPLAINT, clocks, at=now)
    for wanted in {case.id: case, head.id: head}.values():
        if not wanted.complaint:
            mine = update(SUBMISSIONS).where(SUBMISSIONS.c.id == wanted.id)
            conn.execute(mine.values(complaint=True, version=SUBMISSIONS.c.version + 1))
            record(conn, wanted.id, Happening.COMPLAINED, by=TENANT, now=now)
            staff_mail.alert(conn, Alarm.COMPLAINT, wanted.ref, now=now)
