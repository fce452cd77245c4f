"""Notices to tenants, kept in the transaction of what causes them, until they have gone out.

No address is kept here: it is looked up when a notice leaves, so that who asks to be forgotten is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, or_, select, update

from feedback.model import AnswerBy, CaseStatus, Contact, Happening
from feedback.store.casework.cases import contact_in, followers
from feedback.store.casework.events import SERVICE, record
from feedback.store.database.engine import add_new, micros
from feedback.store.database.errors import Missing
from feedback.store.database.schema import OUTBOX, PRIVATE, SUBMISSIONS, TOLD
from feedback.store.mail.mail_queue import DEAD, DONE, DROPPED, WAITING, MailQueue

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from feedback.model import Case

LONGEST_NUMBER = 18  # digits of a mail's number
_ADDRESS = (
    PRIVATE.c.name,
    PRIVATE.c.email,
    PRIVATE.c.phone,
    PRIVATE.c.address,
    PRIVATE.c.needs,
    PRIVATE.c.needs_words,
    PRIVATE.c.confirmed,
    SUBMISSIONS.c.due.label("promised"),
    SUBMISSIONS.c.ref,
    SUBMISSIONS.c.lang,
    SUBMISSIONS.c.answer_lang,
    SUBMISSIONS.c.answer_by,
)


class Why(StrEnum):
    """What a notice is about."""

    RECEIVED = "received"  # it has arrived; to e-mail alone
    PASSED_ON = "passed-on"  # somebody of the staff has taken it in hand, for somebody's safety
    ANSWERED = "answered"
    DECIDED = "decided"  # declined, or handed over
    WORK_ENDED = "work-ended"  # what was handed over came back: was it done?
    MOVED = "moved"  # a roadmap item it led to
    CHANGED = "changed"  # a change it led to
    CONFIRM = "confirm"  # is it fixed?


# What a private page answers: one notice leads to all of it.
ANSWERING = (Why.ANSWERED, Why.DECIDED)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell a tenant."""

    ref: str
    why: Why
    facts: Mapping[str, str] = field(default_factory=dict)  # keys of items; never private words


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A notice on its way, with the address it goes to."""

    id: int
    message_id: str  # the part before the @: the same however often it is tried
    notice: Notice
    channel: AnswerBy
    lang: str  # that the tenant wants to be answered in
    said_in: str  # the language that they wrote in
    contact: Contact = field(repr=False)
    confirmed: bool  # whether the address is known to be its sender's
    promised: date  # by when they have an answer
    tries: int  # that failed before
    made: datetime
    fault: str  # why the last try failed, or ""


@dataclass(frozen=True, slots=True)
class HeldNotice:
    """An e-mail that waits, and until when."""

    notice: Claimed
    until: datetime


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who wants to be told what came of their words."""

    ref: str
    answer_by: AnswerBy
    received: datetime  # aware, UTC


class NoticeQueue(MailQueue):
    """Notices to tenants: what went out stands in the history of what they sent."""

    def done(self, conn: Connection, number: int, *, now: datetime, by: str = SERVICE) -> None:
        """Say that a notice has gone out, and keep that in the submission's history, once."""
        ended = (
            update(OUTBOX)
            .where(OUTBOX.c.id == number, OUTBOX.c.state.in_([WAITING, DEAD]))
            .values(state=DONE, fault="")
            .returning(OUTBOX.c.submission, OUTBOX.c.why, OUTBOX.c.channel)
        )
        row = conn.execute(ended).one_or_none()
        if row is not None:
            detail = {"why": row.why, "channel": row.channel}
            record(conn, row.submission, Happening.TOLD, by=by, now=now, detail=detail)

    def failed(
        self, conn: Connection, number: int, *, why: str, now: datetime, for_good: bool = False
    ) -> None:
        """Say that a notice could not go out: it is tried again later, and at last shown as dead.

        :param why: what staff read at the desk; the tenant's address is taken out of it.
        :param for_good: whether the mail server will never take it.
        """
        row = conn.execute(_waiting().where(OUTBOX.c.id == number)).one_or_none()
        email = row.email if row else ""
        fault = why.replace(email, "…") if email else why
        super().failed(conn, number, why=fault, now=now, for_good=for_good)


ONCE = 500  # submissions looked at by one query
QUEUE = NoticeQueue(OUTBOX)


def put(conn: Connection, notice: Notice, *, now: datetime) -> bool:
    """Keep a notice, if its tenant asked for answers in a way that can reach them.

    :raises Missing: when there is no such submission.
    """
    row = conn.execute(_addressed().where(SUBMISSIONS.c.ref == notice.ref)).one_or_none()
    if row is None:
        raise Missing(f"There is no submission {notice.ref}.")
    if not _reaches(row):
        return False
    conn.execute(
        insert(OUTBOX).values(
            submission=row.submission,
            why=notice.why,
            facts=dict(notice.facts),
            channel=row.answer_by,
            **QUEUE.fresh(now),
        )
    )
    return True


def _reaches(row: Row[Any]) -> bool:
    """Whether a tenant can be reached in the way in which they asked to be."""
    reach = {AnswerBy.EMAIL: row.email, AnswerBy.LETTER: row.address, AnswerBy.PHONE: row.phone}
    return bool(reach.get(AnswerBy(row.answer_by)))


def tell_everyone(conn: Connection, answered: Case, why: Why, now: datetime) -> None:
    """Tell whoever sent it, and everybody whose words were merged into it.

    Whoever has not been told of an answer yet is told of all of it by that notice.
    """
    for case in (answered, *followers(conn, answered.ref)):
        tell(conn, case, why, now)


def tell_all(conn: Connection, answered: Sequence[Case], why: Why, now: datetime) -> None:
    """Tell everybody behind several submissions, as `tell_everyone` does for one."""
    alone = {case.id for case in answered if case.people == 1 and not case.status.owes_nothing}
    for case in answered:
        if case.people > 1:
            tell_everyone(conn, case, why, now)
    numbers = sorted(alone)
    for first in range(0, len(numbers), ONCE):
        batch = numbers[first : first + ONCE]
        waiting = (OUTBOX.c.submission.in_(batch), OUTBOX.c.state == WAITING, OUTBOX.c.tries == 0)
        leading = select(OUTBOX.c.submission).where(*waiting, OUTBOX.c.why.in_(ANSWERING))
        known = {*conn.execute(leading).scalars()} if why in ANSWERING else set()
        people = conn.execute(_addressed().where(SUBMISSIONS.c.id.in_(batch))).all()
        rows = [
            {"submission": row.submission, "channel": row.answer_by}
            for row in people
            if row.submission not in known and _reaches(row)
        ]
        if rows:
            fixed = {"why": why, "facts": {}, **QUEUE.fresh(now)}
            conn.execute(insert(OUTBOX).values(**fixed), rows)


def tell(conn: Connection, case: Case, why: Why, now: datetime) -> None:
    """Tell the sender of one submission, unless a notice on its way leads to it already."""
    known = why in ANSWERING and _is_on_its_way(conn, case)
    if not case.status.owes_nothing and not known:
        put(conn, Notice(case.ref, why), now=now)


def _is_on_its_way(conn: Connection, answered: Case) -> bool:
    waiting = (OUTBOX.c.submission == answered.id, OUTBOX.c.state == WAITING, OUTBOX.c.tries == 0)
    wanted = select(OUTBOX.c.id).where(*waiting, OUTBOX.c.why.in_(ANSWERING))
    return conn.execute(wanted).first() is not None


def tell_once(conn: Connection, ref: str, what: str, *, now: datetime) -> bool:
    """Whether a tenant was not told of this yet; from now on they were.

    :raises Missing: when there is no such submission.
    """
    number = conn.execute(select(SUBMISSIONS.c.id).where(SUBMISSIONS.c.ref == ref)).scalar()
    if number is None:
        raise Missing(f"There is no submission {ref}.")
    return add_new(conn, TOLD, submission=number, what=what, at=now)


def told(conn: Connection) -> dict[str, set[str]]:
    """Return what each tenant was told of already, by the reference of what they sent."""
    rows = select(SUBMISSIONS.c.ref, TOLD.c.what).join(TOLD, TOLD.c.submission == SUBMISSIONS.c.id)
    known: dict[str, set[str]] = {}
    for row in conn.execute(rows):
        known.setdefault(row.ref, set()).add(row.what)
    return known


def listeners(conn: Connection, refs: Collection[str]) -> dict[str, list[Listener]]:
    """Return whoever is behind each submission and wants to be told, merged ones included.

    One query serves all, and each chain of merged submissions is walked once.

    :returns: by the reference asked for, in the order in which they came; nobody twice.
    """
    rows = conn.execute(
        select(
            SUBMISSIONS.c.id,
            SUBMISSIONS.c.ref,
            SUBMISSIONS.c.merged_into,
            SUBMISSIONS.c.answer_by,
            SUBMISSIONS.c.status,
            SUBMISSIONS.c.escalated,
            SUBMISSIONS.c.forgotten,
            SUBMISSIONS.c.received,
        ).order_by(SUBMISSIONS.c.id)
    ).all()
    above = {row.id: (row.ref, row.merged_into) for row in rows}
    behind: dict[str, list[Listener]] = {}
    for row in rows:
        silent = row.answer_by == AnswerBy.RECEIPT or row.forgotten or row.escalated
        if silent or CaseStatus(row.status).owes_nothing:
            continue
        listener = Listener(row.ref, AnswerBy(row.answer_by), row.received)
        number, walked = row.id, set()
        while number is not None and number not in walked:
            walked.add(number)
            ref, number = above[number]
            if ref in refs:
                behind.setdefault(ref, []).append(listener)
    return behind


def due(
    conn: Connection, *, now: datetime, lease: timedelta, limit: int = 20
) -> tuple[Claimed, ...]:
    """Claim e-mails that are to go out.

    One whose address was erased meanwhile is dropped.

    :param lease: for how long nobody else gets them. One that is neither `done` nor `failed` by
        then is tried again, under the same message id.
    """
    chosen = _waiting().where(OUTBOX.c.channel == AnswerBy.EMAIL)
    rows = QUEUE.claim(conn, chosen, now=now, lease=lease, limit=limit)
    reachable = [row for row in rows if row.email]
    lost = [row.id for row in rows if not row.email]
    conn.execute(update(OUTBOX).where(OUTBOX.c.id.in_(lost)).values(state=DROPPED, facts={}))
    return tuple(map(_claimed, reachable))


def by_hand(conn: Connection) -> tuple[Claimed, ...]:
    """Return the letters to print and the calls to make, oldest first; `QUEUE.done` ends each."""
    hands = OUTBOX.c.channel.in_([AnswerBy.LETTER, AnswerBy.PHONE])
    return _listed(conn, OUTBOX.c.state == WAITING, hands)


def dead(conn: Connection) -> tuple[Claimed, ...]:
    """Return the e-mails that could not be delivered, oldest first."""
    return _listed(conn, OUTBOX.c.state == DEAD)


def put_by(conn: Connection, notice: Claimed, *, until: datetime) -> None:
    """Let an e-mail wait; one that says no more than that something arrived is let go of."""
    values = {"due": until} if notice.notice.why != Why.RECEIVED else {"state": DROPPED}
    conn.execute(update(OUTBOX).where(OUTBOX.c.id == notice.id).values(values))


def held_up(conn: Connection, *, now: datetime) -> tuple[HeldNotice, ...]:
    """Return the e-mails that wait: for another try, or for the day on which more may go out."""
    later = or_(OUTBOX.c.tries > 0, OUTBOX.c.due > now + timedelta(hours=1))
    waiting = (OUTBOX.c.state == WAITING, OUTBOX.c.channel == AnswerBy.EMAIL, later)
    rows = conn.execute(_waiting().where(*waiting).order_by(OUTBOX.c.due, OUTBOX.c.id)).all()
    return tuple(HeldNotice(_claimed(row), row.due) for row in rows)


def came_back(conn: Connection, message_id: str, *, why: str, now: datetime) -> str:
    """Say that an e-mail came back after it had gone out; staff are shown it as dead.

    :param message_id: the part before the @, as it went out.
    :returns: the reference of the submission; "" when no such mail went out.
    """
    moment, _, number = message_id.partition(".")
    if not (number.isdecimal() and len(number) <= LONGEST_NUMBER):
        return ""
    mine = (OUTBOX.c.id == int(number), OUTBOX.c.state == DONE)
    row = conn.execute(_waiting().where(*mine)).one_or_none()
    if row is None or str(micros(row.made)) != moment:
        return ""
    fault = why.replace(row.email, "…") if row.email else why
    conn.execute(update(OUTBOX).where(OUTBOX.c.id == row.id).values(state=DEAD, fault=fault))
    detail = {"why": row.why, "channel": row.channel}
    record(conn, row.submission, Happening.CAME_BACK, by=SERVICE, now=now, detail=detail)
    return str(row.ref)


def retry(conn: Connection, number: int, *, now: datetime) -> None:
    """Send a dead notice on its way again, with all its tries."""
    again = update(OUTBOX).where(OUTBOX.c.id == number, OUTBOX.c.state == DEAD)
    conn.execute(again.values(state=WAITING, tries=0, due=now))


def drop(conn: Connection, submission: int) -> None:
    """Let go of every notice to somebody who asked to be forgotten."""
    unsent = OUTBOX.c.state.in_([WAITING, DEAD])
    mine = update(OUTBOX).where(OUTBOX.c.submission == submission)
    conn.execute(mine.where(unsent).values(state=DROPPED))
    conn.execute(mine.values(facts={}, fault=""))


def _addressed() -> Select[Any]:
    return select(PRIVATE.c.submission, *_ADDRESS).select_from(PRIVATE.join(SUBMISSIONS))


def _waiting() -> Select[Any]:
    return select(OUTBOX, *_ADDRESS).select_from(OUTBOX.join(SUBMISSIONS).join(PRIVATE))


def _listed(conn: Connection, *wanted: ColumnElement[bool]) -> tuple[Claimed, ...]:
    rows = conn.execute(_waiting().where(*wanted).order_by(OUTBOX.c.id))
    return tuple(map(_claimed, rows))


def _claimed(row: Row[Any]) -> Claimed:
    return Claimed(
        id=row.id,
        message_id=f"{micros(row.made)}.{row.id}",
        notice=Notice(row.ref, Why(row.why), row.facts),
        channel=AnswerBy(row.channel),
        lang=row.answer_lang or row.lang,
        said_in=row.lang,
        contact=contact_in(row),
        confirmed=row.confirmed is not None,
        promised=row.promised,
        tries=row.tries,
        made=row.made,
        fault=row.fault,
    )
