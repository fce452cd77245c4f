"""Submissions, from their arrival to their answer: functions that take a connection.

What tenants do stands here: they send, take back, add a way to answer, ask to be forgotten. What
arrives takes the hot path, in plain SQL. What staff see (`cases`) and decide (`decisions`) is taken
in from beside it. Run those that change something through `Store.write`; their instants are aware,
in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select, update

from core.clocks import ClockStart
from feedback.case_clocks import NO_CLOCKS
from feedback.model import AnswerBy, CaseStatus, Contact, Happening, new_reference
from feedback.store.actions.decisions import (
    Note,
    assign,
    clear,
    correct,
    decide,
    escalate,
    merge,
    note,
    notes,
    redact,
    reply,
    unmerge,
)
from feedback.store.actions.outcomes import complain, confirm_done, end_handover
from feedback.store.casework.answers import FURTHER, AnswerVersion, versions
from feedback.store.casework.cases import (
    answered_with,
    asked_languages,
    by_code,
    by_token,
    case,
    contact,
    decided_once,
    existing,
    followers,
    lately,
    public,
    said,
)
from feedback.store.casework.events import (
    SERVICE,
    TENANT,
    change,
    erase_public_words,
    held,
    history,
    record,
    status_after,
)
from feedback.store.casework.follow_ups import forget_follow_ups, reclock, refold
from feedback.store.casework.handovers import WorkOrder, forget_handovers
from feedback.store.casework.photos import erase_photos
from feedback.store.casework.step_clocks import start_clocks
from feedback.store.database.engine import ERASED, micros, packed, storable
from feedback.store.database.errors import Missing, Refused, StoreFault
from feedback.store.database.schema import ANSWERS, CASE_DRAFTS, NOTES, PRIVATE, SUBMISSIONS
from feedback.store.database.tokens import digest, salt
from feedback.store.mail import outbox, staff_mail
from feedback.store.mail.mail_queue import WAITING
from feedback.store.mail.outbox import Why
from feedback.store.mail.staff_mail import Alarm
from feedback.text_folding import folded

if TYPE_CHECKING:
    from datetime import date, datetime
    from random import Random

    from sqlalchemy import Connection

    from feedback.case_clocks import ClockBook
    from feedback.model import Case, Submission
    from feedback.store.database.tokens import Tokens

__all__ = [
    "SERVICE",
    "TENANT",
    "AnswerVersion",
    "NewReceipt",
    "Note",
    "Receipt",
    "WorkOrder",
    "add",
    "add_contact",
    "answered_with",
    "asked_languages",
    "assign",
    "by_code",
    "by_token",
    "case",
    "clear",
    "complain",
    "confirm_done",
    "contact",
    "correct",
    "decide",
    "decided_once",
    "end_handover",
    "escalate",
    "existing",
    "followers",
    "forget",
    "history",
    "lately",
    "merge",
    "note",
    "notes",
    "public",
    "receipt",
    "redact",
    "reply",
    "said",
    "status_after",
    "unmerge",
    "versions",
    "withdraw",
]

TRIES = 50  # references to try: with a million taken, one in 300 is taken already


@dataclass(frozen=True, slots=True)
class NewReceipt:
    """What somebody is given who has sent something."""

    ref: str
    receipt: str = field(repr=False)  # the token of the private link
    code: str = field(repr=False)  # to be typed together with the reference
    again: bool = False  # it had arrived before; nothing was kept twice


@dataclass(frozen=True, slots=True)
class Receipt:
    """What opens somebody's own submission."""

    token: str = field(repr=False)
    code: str = field(repr=False)


def _insert(table: str, columns: str, more: str = "") -> dict[str, str]:
    """Return the statement for each database: they differ in how a value's place is marked."""
    count = columns.count(",") + 1
    start = f"INSERT INTO {table} ({columns}) VALUES "  # noqa: S608  # of words written below
    return {
        name: f"{start}({', '.join([mark] * count)}) {more}".strip()
        for name, mark in (("sqlite", "?"), ("postgresql", "%s"))
    }


_SUBMISSION = _insert(
    "submissions",
    "ref, idempotency, salt, receipt, code, sort, lang, topic, area, target_kind, target_key, "
    "channel, answer_by, answer_lang, may_publish, complaint, for_whom, escalated, status, route, "
    "was_published, received, due, forgotten, version",
    "ON CONFLICT DO NOTHING RETURNING id",
)
_PRIVATE = _insert(
    "private", "submission, said, name, email, phone, address, needs_words, needs, folded"
)
_KNOWN = select(SUBMISSIONS.c.ref, SUBMISSIONS.c.salt).where(
    SUBMISSIONS.c.idempotency == bindparam("key")
)
_EVENT = _insert("events", "submission, at, what, by, detail")
_NOTICE = _insert("outbox", "submission, why, facts, channel, state, tries, due, fault, made")


def add(
    conn: Connection,
    tokens: Tokens,
    submission: Submission,
    *,
    idempotency: str,
    now: datetime,
    due: date,
    random: Random,
    by: str = TENANT,
    clocks: ClockBook = NO_CLOCKS,
) -> NewReceipt:
    """Keep a submission with its first event and, where an e-mail is wanted, its first notice.

    :param idempotency: a key that nobody can guess and that stands for these very words: what
        arrives again under the same key gets the first answer again.
    :param due: the day by which an answer is promised.
    :param by: who wrote it down, when staff did.
    :param clocks: the association's own, of which those begin that this starts.
    :raises Refused: "forgotten", when it arrives again after it was erased.
    :raises StoreFault: when no free reference was found.
    """
    key = digest(idempotency)
    for _ in range(TRIES):
        added = _try(conn, tokens, submission, key, now, due, random, by) or _again(
            conn, tokens, key
        )
        if added:
            if clocks.terms and not added.again:
                _start(conn, added.ref, submission, clocks, now)
            return added
    raise StoreFault("No free reference was found. Nothing was kept.")


def _start(conn: Connection, ref: str, sent: Submission, clocks: ClockBook, now: datetime) -> None:
    """Start the clocks that begin as something comes in."""
    starts = [ClockStart.RECEIVED, *([ClockStart.COMPLAINT] if sent.complaint else [])]
    if any(True for start in starts for _ in clocks.starting(start, now)):
        number = existing(conn, ref).id
        for start in starts:
            start_clocks(conn, number, start, clocks, at=now)


def _again(conn: Connection, tokens: Tokens, key: str) -> NewReceipt | None:
    row = conn.execute(_KNOWN, {"key": key}).one_or_none()
    if row is None:
        return None
    if not row.salt:
        raise _forgotten(row.ref)
    return NewReceipt(row.ref, tokens.receipt(row.salt), tokens.code(row.salt), again=True)


def _try(  # noqa: PLR0917  # what `add` was given
    conn: Connection,
    tokens: Tokens,
    sent: Submission,
    key: str,
    now: datetime,
    due: date,
    random: Random,
    by: str,
) -> NewReceipt | None:
    """Keep it under a new reference; None when that, or the key, was taken this very moment."""
    database = conn.dialect.name
    ref, grain = new_reference(random), salt(random)
    token, code = tokens.receipt(grain), tokens.code(grain)
    target = (sent.target.kind, sent.target.key) if sent.target else ("", "")
    at = micros(now)

    def run(statement: dict[str, str], *values: Any) -> Any:  # noqa: ANN401
        return conn.exec_driver_sql(statement[database], values)

    number = run(
        _SUBMISSION,
        *(ref, key, grain, digest(token), tokens.code_hash(ref, code)),
        *(str(sent.sort), storable(sent.lang), storable(sent.topic), storable(sent.area)),
        *map(storable, target),
        *(str(sent.channel), str(sent.answer_by), storable(sent.answer_lang)),
        *(
            sent.may_publish,
            sent.complaint,
            str(sent.for_whom or ""),
            False,
            str(CaseStatus.RECEIVED),
            "",
            False,
        ),
        *(at, due.isoformat(), False, 1),
    ).scalar()
    if number is None:
        return None
    contact = sent.contact
    private = (sent.said, contact.name, contact.email, contact.phone, contact.address)
    needs = packed([str(need) for need in contact.needs])
    words = tuple(map(storable, private))
    run(_PRIVATE, number, *words, storable(contact.needs_words), needs, folded(words))
    detail = packed({"channel": sent.channel})
    run(_EVENT, number, at, str(Happening.RECEIVED), by, detail)
    if sent.answer_by == AnswerBy.EMAIL and contact.email:
        run(_NOTICE, number, str(Why.RECEIVED), "{}", str(AnswerBy.EMAIL), WAITING, 0, at, "", at)
    if sent.complaint:
        staff_mail.alert(conn, Alarm.COMPLAINT, ref, now=now)
    return NewReceipt(ref, token, code)


def receipt(conn: Connection, tokens: Tokens, ref: str) -> Receipt:
    """Return what opens a submission, for the link of a mail or the code on a letter.

    :raises Missing: when there is no such submission.
    :raises Refused: "forgotten", once it was erased.
    """
    grain = conn.execute(select(SUBMISSIONS.c.salt).where(SUBMISSIONS.c.ref == ref)).scalar()
    if grain is None:
        raise Missing(f"There is no submission {ref}.")
    if not grain:
        raise _forgotten(ref)
    return Receipt(tokens.receipt(grain), tokens.code(grain))


def withdraw(conn: Connection, ref: str, *, now: datetime, by: str = TENANT) -> Case:
    """Take a submission back: it leaves the queue, and the public too.

    Doing it twice does nothing more.

    :raises Missing: when there is no such submission.
    """
    case = held(conn, ref)
    if case.status == CaseStatus.WITHDRAWN:
        return case
    change(conn, case, status=CaseStatus.WITHDRAWN)
    detail = {"from": str(case.status)}
    record(conn, case.id, Happening.WITHDRAWN, by=by, now=now, detail=detail)
    reclock(conn, ref)
    return existing(conn, ref)


def add_contact(
    conn: Connection,
    ref: str,
    contact: Contact,
    *,
    answer_by: AnswerBy,
    now: datetime,
    by: str = TENANT,
) -> Case:
    """Put these details in the place of the ones there are.

    :raises Missing: when there is no such submission.
    :raises Refused: "forgotten": nothing is kept of it any more.
    """
    case = held(conn, ref)
    if case.forgotten:
        raise _forgotten(ref)
    known = conn.execute(select(PRIVATE).where(PRIVATE.c.submission == case.id)).one()
    details = {
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "address": contact.address,
        "needs": [str(need) for need in contact.needs],
        "needs_words": contact.needs_words,
    }
    confirmed = known.confirmed if contact.email == known.email else None
    mine = update(PRIVATE).where(PRIVATE.c.submission == case.id)
    conn.execute(mine.values(**details, confirmed=confirmed))
    refold(conn, case.id)
    changed = change(conn, case, answer_by=answer_by)
    detail = {"answer_by": str(answer_by)}
    record(conn, case.id, Happening.CONTACT_ADDED, by=by, now=now, detail=detail)
    return changed


def disown_address(conn: Connection, ref: str, *, now: datetime) -> Case:
    """Erase an address whose owner says that they sent nothing; the rest stays as it is.

    :raises Missing: when there is no such submission.
    :raises Refused: "forgotten": nothing is kept of it any more.
    """
    without = replace(contact(conn, ref), email="")
    return add_contact(conn, ref, without, answer_by=AnswerBy.RECEIPT, now=now)


def forget(conn: Connection, ref: str, *, now: datetime, by: str = TENANT) -> Case:
    """Erase every private word of a submission, and what staff wrote about it; events stay.

    What is published stays, redacted as it is, with its answer, for as long as it is public:
    `withdraw`, before or after, erases that too. One that nobody decided about is withdrawn. Doing
    it again erases what came since.

    :raises Missing: when there is no such submission.
    """
    case = held(conn, ref)
    if case.status == CaseStatus.RECEIVED:
        case = withdraw(conn, ref, now=now, by=by)
    empty = dict.fromkeys(("said", "name", "email", "phone", "address", "folded"), "")
    mine = update(PRIVATE).where(PRIVATE.c.submission == case.id)
    conn.execute(mine.values(**empty, needs=[], needs_words=""))
    conn.execute(delete(NOTES).where(NOTES.c.submission == case.id))
    conn.execute(delete(CASE_DRAFTS).where(CASE_DRAFTS.c.submission == case.id))
    if case.status == CaseStatus.PUBLISHED:
        private = (
            ANSWERS.c.submission == case.id,
            ANSWERS.c.kind.in_(["reason", "public", FURTHER]),
        )
        conn.execute(delete(ANSWERS).where(*private))
    else:
        erase_public_words(conn, case)
    forget_handovers(conn, case.id)
    forget_follow_ups(conn, case.id, now=now)
    erase_photos(conn, case.id)
    outbox.drop(conn, case.id)
    conn.info[ERASED] = True
    change(conn, case, forgotten=True, salt="", waits_for="", answer_by=AnswerBy.RECEIPT)
    record(conn, case.id, Happening.FORGOTTEN, by=by, now=now)
    reclock(conn, ref)
    return existing(conn, ref)


def _forgotten(ref: str) -> Refused:
    return Refused("forgotten", f"{ref} was erased, as its sender asked.")
