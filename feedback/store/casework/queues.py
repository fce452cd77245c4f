"""The desk's queues: what the promise asks for, who has what, and what is done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, not_, or_, select

from feedback.model import Case, CaseStatus
from feedback.store.casework.cases import cases_of, selected, words_of
from feedback.store.casework.clocks import comes_after, in_order, is_late, owed
from feedback.store.database.schema import PRIVATE, SUBMISSIONS
from feedback.text_folding import folded

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection


class DeskQueue(StrEnum):
    """A part of what lies at the desk, in the order of the tabs."""

    OPEN = "open"  # somebody waits for an answer, whatever was decided
    MINE = "mine"
    TEAM = "team"
    WAITING = "waiting"  # the answer waits for somebody
    DANGER = "danger"  # stopped for somebody's safety
    UNDECIDED = "undecided"  # answered, and nobody has decided what becomes of the words
    DONE = "done"
    ALL = "all"


@dataclass(frozen=True, kw_only=True)
class QueueWish:
    """Which cases somebody wants to see."""

    queue: DeskQueue = DeskQueue.OPEN
    member: str = ""  # whose desk it is
    team: str = ""  # the team of whoever that is
    topics: tuple[str, ...] = ()  # keys, of which one must be that of the submission
    overdue_on: date | None = None  # only those that are late on this day …
    overdue_at: datetime | None = None  # … or at this hour of it
    words: str = ""  # in what was sent, in who sent it, or in the reference: over all queues


EVERYTHING = QueueWish(queue=DeskQueue.ALL)


@dataclass(frozen=True, slots=True)
class QueuedCase:
    """A case in a queue, with what it says."""

    case: Case
    said: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some of the cases that a queue holds, in its order."""

    cases: tuple[QueuedCase, ...]
    total: int  # on all pages


def _alone() -> ColumnElement[bool]:
    """Those that stand on their own: what is merged is answered with another."""
    return SUBMISSIONS.c.merged_into.is_(None)


def _undecided() -> ColumnElement[bool]:
    return and_(_alone(), SUBMISSIONS.c.status == CaseStatus.RECEIVED)


def in_queue(queue: DeskQueue, member: str, team: str) -> ColumnElement[bool]:
    """Return what makes a case belong to a queue of somebody's."""
    unfinished = or_(owed(), _undecided())
    columns = SUBMISSIONS.c
    return {
        DeskQueue.OPEN: owed(),
        DeskQueue.MINE: and_(unfinished, columns.holder == member, columns.holder != ""),
        DeskQueue.TEAM: and_(unfinished, columns.team == team, columns.team != ""),
        DeskQueue.WAITING: and_(unfinished, columns.waits_for != ""),
        DeskQueue.DANGER: and_(unfinished, columns.escalated),
        DeskQueue.UNDECIDED: and_(_undecided(), columns.answered.is_not(None)),
        DeskQueue.DONE: and_(
            _alone(),
            columns.status != CaseStatus.RECEIVED,
            not_(owed()),
        ),
        DeskQueue.ALL: _alone(),
    }[queue]


def queue_page(
    conn: Connection, wish: QueueWish = EVERYTHING, *, limit: int = 50, offset: int = 0
) -> QueuePage:
    """Return cases, the promise that ends first in front.

    A search goes through everything, also what was merged or is done.
    """
    wanted = _wanted(wish)
    joined = SUBMISSIONS.join(PRIVATE)
    total = conn.execute(select(func.count()).select_from(joined).where(*wanted)).scalar_one()
    page = selected().join(PRIVATE).where(*wanted).order_by(*in_order())
    cases = cases_of(conn, page.limit(limit).offset(offset))
    words = words_of(conn, [queued.id for queued in cases])
    return QueuePage(tuple(QueuedCase(queued, words[queued.id]) for queued in cases), total)


def queue_sizes(
    conn: Connection, member: str, team: str, today: date, now: datetime | None = None
) -> dict[str, int]:
    """Return how many cases lie in each queue, and how many are late.

    One query counts them all.
    """
    parts = {str(queue): in_queue(queue, member, team) for queue in DeskQueue}
    parts["late"] = is_late(today, now)
    columns = [func.sum(case((part, 1), else_=0)).label(name) for name, part in parts.items()]
    row = conn.execute(select(*columns)).one()
    return {name: row._mapping[name] or 0 for name in parts}  # noqa: SLF001 - SQLAlchemy's own name


def next_case(conn: Connection, wish: QueueWish, after: Case) -> str:
    """Return the reference of the case that comes after another in a queue, or first; "" for none.

    One that somebody else has taken on is theirs, and passed by.
    """
    free = SUBMISSIONS.c.holder.in_(["", wish.member])
    others = (*_wanted(wish), free, SUBMISSIONS.c.id != after.id)
    first = select(SUBMISSIONS.c.ref).order_by(*in_order()).limit(1)
    if wish.words:
        first = first.join(PRIVATE)
    following: str | None = conn.execute(first.where(*others, comes_after(after))).scalar()
    return following or conn.execute(first.where(*others)).scalar() or ""


def _wanted(wish: QueueWish) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if not wish.words:
        wanted.append(in_queue(wish.queue, wish.member, wish.team))
    if wish.topics:
        wanted.append(SUBMISSIONS.c.topic.in_(wish.topics))
    if wish.overdue_on is not None:
        wanted.append(is_late(wish.overdue_on, wish.overdue_at))
    for word in folded([wish.words]).split():
        in_words = PRIVATE.c.folded.contains(word, autoescape=True)
        in_reference = func.lower(SUBMISSIONS.c.ref).contains(word, autoescape=True)
        wanted.append(or_(in_words, in_reference))
    return wanted
