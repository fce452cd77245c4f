"""How a hand-over comes back: somebody says what came of it, and its sender whether it was done.

Each is an event in the same transaction. They raise what `decisions` says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import update

from core.clocks import ClockStart
from core.public.vocabulary import WorkOutcome
from feedback.case_clocks import ANSWERS, NO_CLOCKS
from feedback.model import Happening
from feedback.store.casework.answers import are_answered, keep_texts, written
from feedback.store.casework.cases import answered_with, existing
from feedback.store.casework.events import (
    TENANT,
    change,
    change_all,
    held,
    open_case,
    record,
    record_all,
)
from feedback.store.casework.handovers import (
    DoneAnswer,
    done_answer,
    keep_done_answer,
    keep_outcomes,
)
from feedback.store.casework.step_clocks import start_clocks
from feedback.store.database.errors import Refused
from feedback.store.database.schema import SUBMISSIONS
from feedback.store.mail import staff_mail
from feedback.store.mail.outbox import Why, tell_all
from feedback.store.mail.staff_mail import Alarm

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection

    from feedback.case_clocks import ClockBook
    from feedback.model import Case


@dataclass(frozen=True, slots=True)
class HandoverEnd:
    """What came of a hand-over."""

    case: Case
    outcome: WorkOutcome | None
    done_on: date | None  # None for today, where it was done
    words: Mapping[str, str]  # by language
    wanted: Collection[str] = ()  # the languages that were asked for


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
    case = open_case(conn, ref, version)
    ended = HandoverEnd(case, outcome, done_on, written(texts), wanted)
    end_handovers(conn, [ended], today=today, by=by, now=now)
    return existing(conn, ref)


def check_end(ended: HandoverEnd, today: date) -> None:
    """Refuse what can't be said of a hand-over.

    :raises Refused: as `end_handover` does.
    """
    case, ref = ended.case, ended.case.ref
    if case.handed is None or case.handed_by is None:
        raise Refused("handed", f"Nothing of {ref} is handed over that could come back.")
    if ended.outcome is None:
        raise Refused("outcome", f"Say whether what was handed over of {ref} was done.")
    if ended.outcome == WorkOutcome.NOT_DONE and not ended.words:
        raise Refused("why", f"Say why it was not done: the sender of {ref} is told.")
    if ended.outcome == WorkOutcome.DONE and ended.done_on and ended.done_on > today:
        raise Refused("done_on", f"{ended.done_on} is still to come.")


def end_handovers(
    conn: Connection, ends: Sequence[HandoverEnd], *, today: date, by: str, now: datetime
) -> None:
    """Say what came of several hand-overs, none of which anybody else changes before COMMIT.

    :raises Refused: as `end_handover` does; then nothing is kept.
    """
    outcomes, changes, happened = [], [], []
    for ended in ends:
        check_end(ended, today)
        case, handed, outcome = ended.case, ended.case.handed, ended.outcome
        if handed is None or outcome is None:
            continue  # `check_end` has refused it
        day = (ended.done_on or today) if outcome == WorkOutcome.DONE else None
        outcomes.append((handed.id, outcome, day))
        keep_texts(conn, case, "outcome", ended.words, team=handed.team, by=by, now=now)
        whole = not ended.words or are_answered(ended.wanted, ended.words)
        changes.append(
            (case, {"handed_by": None, "answered": case.answered or (now if whole else None)})
        )
        detail = {"outcome": str(outcome)} | ({"done_on": day.isoformat()} if day else {})
        happened.append((case.id, detail | (ANSWERS if whole else {})))
    if not outcomes:
        return
    keep_outcomes(conn, outcomes, now=now)
    change_all(conn, changes)
    record_all(conn, happened, Happening.WORK_ENDED, by=by, now=now)
    tell_all(conn, [case for case, _ in changes], Why.WORK_ENDED, now)


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
