"""What staff say at a case about its clocks, by the buttons beside them."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from core.times import moment_of
from feedback.store import Refused
from feedback.store.actions import steps
from feedback.web.desk.session import HIGHEST
from feedback.web.protection import whole_number

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from feedback.web.desk.case_changes import CaseChanges
    from feedback.web.desk.case_request import CaseRequest


def start_clock(changes: CaseChanges) -> None:
    """Say that this is a hazard, or a request for information, and since when it is known."""
    changes.beside(_start, "clock", "clock_since")


def end_step(changes: CaseChanges) -> None:
    """Say that a step of a clock is done."""
    changes.beside(_end, "step_at")


def take_step_back(changes: CaseChanges) -> None:
    """Say that a step of a clock isn't done after all."""
    changes.beside(_take_back)


def _start(conn: Connection, wish: CaseRequest) -> None:
    steps.start_at_desk(
        conn,
        wish.case.ref,
        clock=wish.chosen("clock"),
        book=wish.clocks,
        since=_moment(wish, "clock_since"),
        by=wish.by,
        now=wish.now,
    )


def _end(conn: Connection, wish: CaseRequest) -> None:
    clock, step = _chosen_step(wish)
    at = _moment(wish, "step_at")
    steps.end_step(conn, wish.case.ref, clock=clock, step=step, at=at, by=wish.by, now=wish.now)


def _take_back(conn: Connection, wish: CaseRequest) -> None:
    clock, step = _chosen_step(wish)
    ref, now = wish.case.ref, wish.now
    steps.end_step(conn, ref, clock=clock, step=step, at=None, undone=True, by=wish.by, now=now)


def _chosen_step(wish: CaseRequest) -> tuple[int, str]:
    """Return the number of a clock and the key of a step, as a button names them."""
    clock, _, step = wish.chosen("step").partition(" ")
    return whole_number(clock, HIGHEST) or 0, step


def _moment(wish: CaseRequest, field: str) -> datetime | None:
    """Return the moment that a field names on the clock of the place, None for none.

    :raises Refused: by the field's name, when it can't be meant.
    """
    if not (text := wish.chosen(field)):
        return None
    try:
        return moment_of(text, wish.site.timezone).astimezone(UTC)
    except (ValueError, OverflowError) as error:  # the first day of all is before UTC's
        raise Refused(field, f"“{text}” {error}") from None
