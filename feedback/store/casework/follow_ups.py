"""What a sender wrote after their first words, and what they were answered to that.

Private throughout: none of it becomes part of a record by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from feedback.store.casework.answers import FURTHER
from feedback.store.casework.cases import answered_with, existing, followers
from feedback.store.database.schema import ANSWERS, FOLLOW_UPS, PRIVATE, SUBMISSIONS
from feedback.text_folding import folded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection

    from feedback.model import Case


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What a sender wrote once more."""

    id: int
    ref: str  # of what they sent first
    lang: str
    said: str  # private; "" once it was erased
    at: datetime  # aware, UTC
    due: date | None  # by which it is answered; None for what came before there was an answer
    ended: datetime | None  # when it was answered, or needed no answer


@dataclass(frozen=True, slots=True)
class Turn:
    """A follow-up, and what its sender was answered before they wrote again."""

    sent: FollowUp
    answer: dict[str, str]  # by language; empty until there is one
    answered: datetime | None  # aware, UTC
    team: str  # that answered, a key of site.toml


def family(conn: Connection, head: Case) -> list[int]:
    """Return the numbers of a submission and of everything that was merged into it."""
    return [head.id, *(case.id for case in followers(conn, head.ref))]


def turns(conn: Connection, numbers: Sequence[int]) -> tuple[Turn, ...]:
    """Return what was written since by the senders of these submissions, oldest first."""
    wanted = (
        select(FOLLOW_UPS, SUBMISSIONS.c.ref)
        .join(SUBMISSIONS)
        .where(FOLLOW_UPS.c.submission.in_(numbers))
        .order_by(FOLLOW_UPS.c.id)
    )
    rows = conn.execute(wanted).all()
    if not rows:
        return ()
    mine = (ANSWERS.c.submission.in_(numbers), ANSWERS.c.kind == FURTHER)
    answers = conn.execute(select(ANSWERS).where(*mine).order_by(ANSWERS.c.id)).all()
    conversation = []
    for place, row in enumerate(rows):
        later = (other.at for other in rows[place + 1 :] if other.submission == row.submission)
        end = next(later, None)
        texts = [
            answer
            for answer in answers
            if answer.submission == row.submission
            and answer.at >= row.at
            and (end is None or answer.at < end)
        ]
        sent = FollowUp(row.id, row.ref, row.lang, row.said, row.at, row.due, row.ended)
        last = texts[-1] if texts else None
        conversation.append(
            Turn(
                sent,
                {answer.lang: answer.text for answer in texts},
                last.at if last else None,
                last.team if last else "",
            )
        )
    return tuple(conversation)


def refold(conn: Connection, number: int) -> None:
    """Let the desk's search find a submission by all that its sender wrote, and by who they are."""
    row = conn.execute(select(PRIVATE).where(PRIVATE.c.submission == number)).one()
    since = select(FOLLOW_UPS.c.said).where(FOLLOW_UPS.c.submission == number)
    words = (row.said, row.name, row.email, row.phone, row.address)
    searchable = folded([*words, *conn.execute(since.order_by(FOLLOW_UPS.c.id)).scalars()])
    mine = update(PRIVATE).where(PRIVATE.c.submission == number)
    conn.execute(mine.values(folded=searchable))


def forget_follow_ups(conn: Connection, number: int, *, now: datetime) -> None:
    """Erase what a sender wrote since; nobody waits for an answer to it any more."""
    mine = update(FOLLOW_UPS).where(FOLLOW_UPS.c.submission == number)
    conn.execute(mine.values(said=""))
    conn.execute(mine.where(FOLLOW_UPS.c.ended.is_(None)).values(ended=now))


def end_follow_ups(conn: Connection, head: Case, *, now: datetime) -> None:
    """Stop the clocks of what was written since: all of it is answered, or needs no answer."""
    mine = update(FOLLOW_UPS).where(FOLLOW_UPS.c.submission.in_(family(conn, head)))
    conn.execute(mine.where(FOLLOW_UPS.c.ended.is_(None)).values(ended=now))
    reclock(conn, head.ref)


def reclock(conn: Connection, ref: str) -> None:
    """Let the case that answers a submission wait for the first of what was written since.

    For whenever that changes: written, answered, merged, taken apart, taken back.
    """
    head = answered_with(conn, existing(conn, ref))
    people = (head, *followers(conn, head.ref))
    waiting = [case.id for case in people if not case.status.owes_nothing and not case.forgotten]
    open_ones = (FOLLOW_UPS.c.submission.in_(waiting), FOLLOW_UPS.c.ended.is_(None))
    first = conn.execute(select(func.min(FOLLOW_UPS.c.due)).where(*open_ones)).scalar()
    mine = update(SUBMISSIONS).where(SUBMISSIONS.c.id == head.id)
    conn.execute(mine.values(follow_up_by=first))
