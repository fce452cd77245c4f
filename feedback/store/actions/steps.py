"""What staff say about the clocks of a case: that one begins, and that a step of it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedback.model import Happening
from feedback.store.casework.events import held, record
from feedback.store.casework.step_clocks import case_steps, keep_clock
from feedback.store.database.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from feedback.case_clocks import ClockBook
    from feedback.model import Case


def start_at_desk(
    conn: Connection,
    ref: str,
    *,
    clock: str,
    book: ClockBook,
    since: datetime | None,
    by: str,
    now: datetime,
) -> None:
    """Start a clock that staff start: of a hazard, or of a request for information.

    :param clock: its key.
    :param since: when the association came to know; None for when the case came in.
    :raises Missing: when there is no such submission.
    :raises Refused: "clock", for none that may start then; "clock_since", for a moment that is
        still to come; "clock_runs", when it runs already; "withdrawn".
    """
    case = _owed(conn, ref)
    at = since or case.received
    if at > now:
        raise Refused("clock_since", "A clock can't begin before it is known what for.")
    known = {terms.rule.key: terms for terms in book.at_desk(at)}
    if clock not in known:
        raise Refused("clock", f"No clock {clock} could begin then.")
    if not keep_clock(conn, case.id, known[clock], at=at):
        raise Refused("clock_runs", f"That clock runs already in {ref}.")
    record(conn, case.id, Happening.CLOCK_STARTED, by=by, now=now, detail={"clock": clock})


def end_step(
    conn: Connection,
    ref: str,
    *,
    clock: int,
    step: str,
    at: datetime | None,
    by: str,
    now: datetime,
    undone: bool = False,
) -> None:
    """Say that a step is done, or that it isn't after all.

    :param clock: the number of the case's clock.
    :param at: when it was done; None for now.
    :raises Missing: when there is no such submission.
    :raises Refused: "step", for none that somebody at the desk ends; "step_at", for a moment that
        is still to come, or before the step began; "withdrawn".
    """
    case = _owed(conn, ref)
    wanted = next(
        (
            known
            for known in case_steps(conn, [case.id]).get(case.id, ())
            if known.clock.id == clock and known.step.key == step and known.by_hand and known.began
        ),
        None,
    )
    if wanted is None or wanted.began is None:
        raise Refused("step", f"There is no such step of {ref} to be ended by hand.")
    moment = at or now
    if not undone and not wanted.began <= moment <= now:
        raise Refused("step_at", "A step is done after it began, and not in times to come.")
    detail = {"clock": str(clock), "step": step}
    detail |= {} if undone else {"at": moment.isoformat()}
    record(conn, case.id, Happening.STEP_ENDED, by=by, now=now, detail=detail)


def _owed(conn: Connection, ref: str) -> Case:
    case = held(conn, ref)
    if case.status.owes_nothing:
        raise Refused("withdrawn", f"{ref} was taken back, or set aside.")
    return case
