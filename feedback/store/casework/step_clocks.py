"""The clocks of cases as they are kept: which started, on which terms, and what is due next.

What is due follows from events; it is kept beside the case as its status is, for the queue.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from feedback.case_clocks import (
    TURNS,
    CaseClock,
    CaseHistory,
    CaseStep,
    ClockTerms,
    nearest,
    steps_of,
)
from feedback.model import SETTLED, Event, Happening
from feedback.store.casework.cases import below
from feedback.store.database.schema import CASE_CLOCKS, EVENTS, SUBMISSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, Row

    from core.clocks import ClockStart
    from feedback.case_clocks import ClockBook

MOST = 100  # merges that follow one another
ONCE = 500  # submissions looked at by one query


def start_clocks(
    conn: Connection, submission: int, start: ClockStart, book: ClockBook, *, at: datetime
) -> None:
    """Start the clocks that something starts; one of them that still runs is left alone."""
    for terms in book.starting(start, at):
        keep_clock(conn, submission, terms, at=at)


def keep_clock(conn: Connection, submission: int, terms: ClockTerms, *, at: datetime) -> bool:
    """Start a clock, on these terms; False when the same one runs already."""
    running = case_steps(conn, [submission]).get(submission, ())
    if any(step.is_open and step.clock.terms.rule.key == terms.rule.key for step in running):
        return False
    row = {"submission": submission, "clock": terms.rule.key, "started": at}
    conn.execute(insert(CASE_CLOCKS).values(**row, terms=terms.packed()))
    follow(conn, submission)
    return True


def turned(conn: Connection, submission: int, what: Happening) -> None:
    """Work out anew what is due next, after something happened that may have changed it."""
    if what in TURNS:
        follow(conn, submission)


def with_clocks(conn: Connection, numbers: Sequence[int]) -> list[int]:
    """Return those of several submissions whose own clocks, or whose family's, may turn."""
    mine: set[int] = set()
    for first in range(0, len(numbers), ONCE):
        batch = numbers[first : first + ONCE]
        clocked = select(CASE_CLOCKS.c.submission).where(CASE_CLOCKS.c.submission.in_(batch))
        heads = select(SUBMISSIONS.c.merged_into).where(SUBMISSIONS.c.merged_into.in_(batch))
        mine |= {*conn.execute(clocked).scalars(), *conn.execute(heads).scalars()}
    return [number for number in numbers if number in mine]


def follow(conn: Connection, submission: int) -> None:
    """Keep what is due next of a submission, of what it is merged into, and of that one's family.

    The one at the head has the nearest step of them all: it is what lies at the desk.
    """
    head = submission
    for _ in range(MOST):
        up = conn.execute(select(SUBMISSIONS.c.merged_into).where(SUBMISSIONS.c.id == head))
        if (above := up.scalar()) is None:
            break
        head = above
    family = [head, *conn.execute(select(below([head]).subquery().c.id)).scalars()]
    if not (steps := case_steps(conn, family)):
        return
    due = {number: nearest(mine) for number, mine in steps.items()}
    due[head] = nearest(step for mine in steps.values() for step in mine)
    for number, step in due.items():
        mine = update(SUBMISSIONS).where(SUBMISSIONS.c.id == number)
        conn.execute(
            mine.values(step_by=step.by if step else None, step_on=step.day if step else None)
        )


def case_steps(conn: Connection, numbers: Sequence[int]) -> dict[int, tuple[CaseStep, ...]]:
    """Return the steps of all clocks of submissions, by their number, as they started."""
    steps: dict[int, tuple[CaseStep, ...]] = {}
    for first in range(0, len(numbers), ONCE):
        steps |= _steps(conn, numbers[first : first + ONCE])
    return steps


def every_step(conn: Connection) -> dict[int, tuple[CaseStep, ...]]:
    """Return the steps of all clocks that ever started, by submission."""
    numbers = conn.execute(select(CASE_CLOCKS.c.submission).distinct()).scalars().all()
    return case_steps(conn, numbers)


def _steps(conn: Connection, numbers: Sequence[int]) -> dict[int, tuple[CaseStep, ...]]:
    wanted = select(CASE_CLOCKS).where(CASE_CLOCKS.c.submission.in_(numbers))
    clocks: defaultdict[int, list[CaseClock]] = defaultdict(list)
    for row in conn.execute(wanted.order_by(CASE_CLOCKS.c.id)):
        terms = ClockTerms.unpacked(row.terms)
        clocks[row.submission].append(CaseClock(row.id, row.started, terms))
    if not clocks:
        return {}
    heads = _heads(conn, list(clocks))
    events = _events(conn, {number for chain in heads.values() for number in (*chain,)} | {*clocks})
    settled = _settled(conn, list(clocks))
    return {
        number: tuple(
            step
            for clock in mine
            for step in steps_of(
                clock,
                CaseHistory(
                    events.get(number, ()),
                    tuple(_since_merged(number, heads.get(number, ()), events)),
                    owed=number not in settled,
                ),
            )
        )
        for number, mine in clocks.items()
    }


def _heads(conn: Connection, numbers: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Return what each merged submission is merged into, from the nearest to the head."""
    parents: dict[int, int] = {}
    wanted = set(numbers)
    for _ in range(MOST):
        rows = conn.execute(
            select(SUBMISSIONS.c.id, SUBMISSIONS.c.merged_into).where(
                SUBMISSIONS.c.id.in_(wanted), SUBMISSIONS.c.merged_into.is_not(None)
            )
        ).all()
        parents |= {row.id: row.merged_into for row in rows}
        if not (wanted := {row.merged_into for row in rows} - parents.keys()):
            break
    chains = {number: tuple(_chain(number, parents)) for number in numbers}
    return {number: chain for number, chain in chains.items() if chain}


def _chain(number: int, parents: dict[int, int]) -> Iterator[int]:
    for _ in range(MOST):
        if number not in parents:
            return
        number = parents[number]
        yield number


def _since_merged(
    number: int, chain: Iterable[int], events: dict[int, list[Event]]
) -> Iterator[Event]:
    """Go through what happened to those above a merged submission since it was merged."""
    below_it, since = number, None
    for above in chain:
        merges = (
            event.at
            for event in events.get(below_it, ())
            if event.what == Happening.MERGED and "into" in event.detail
        )
        latest = max(merges, default=None)
        since = max(filter(None, (since, latest)), default=None)
        yield from (event for event in events.get(above, ()) if since and event.at >= since)
        below_it = above


def _events(conn: Connection, numbers: Iterable[int]) -> dict[int, list[Event]]:
    events: defaultdict[int, list[Event]] = defaultdict(list)
    wanted = select(EVENTS).where(EVENTS.c.submission.in_([*numbers]), EVENTS.c.what.in_(TURNS))
    for row in conn.execute(wanted.order_by(EVENTS.c.id)):
        events[row.submission].append(_event(row))
    return events


def _event(row: Row[Any]) -> Event:
    return Event(at=row.at, what=Happening(row.what), by=row.by, detail=row.detail)


def _settled(conn: Connection, numbers: Sequence[int]) -> set[int]:
    wanted = select(SUBMISSIONS.c.id).where(SUBMISSIONS.c.id.in_(numbers))
    return set(conn.execute(wanted.where(SUBMISSIONS.c.status.in_(SETTLED))).scalars())
