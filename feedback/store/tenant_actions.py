"""What tenants may do with their own words: take them back, add a way to answer, be forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from feedback.model import AnswerBy, CaseStatus, Contact, Happening
from feedback.store import outbox
from feedback.store.engine import ERASED
from feedback.store.errors import Refused
from feedback.store.events import TENANT, change, erase_public_words, held, record
from feedback.store.schema import ANSWERS, CASE_DRAFTS, NOTES, PRIVATE
from feedback.text_folding import folded

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from feedback.model import Case


def withdraw(conn: Connection, ref: str, *, now: datetime, by: str = TENANT) -> Case:
    """Take a submission back: it leaves the queue, and the public too.

    Doing it twice does nothing more.

    :raises Missing: when there is no such submission.
    """
    case = held(conn, ref)
    if case.status == CaseStatus.WITHDRAWN:
        return case
    changed = change(conn, case, status=CaseStatus.WITHDRAWN)
    detail = {"from": str(case.status)}
    record(conn, case.id, Happening.WITHDRAWN, by=by, now=now, detail=detail)
    return changed


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
        raise Refused("forgotten", f"{ref} was erased, as its sender asked.")
    words = conn.execute(select(PRIVATE.c.said).where(PRIVATE.c.submission == case.id)).scalar()
    details = {
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "address": contact.address,
    }
    searchable = folded([words or "", *details.values()])
    mine = update(PRIVATE).where(PRIVATE.c.submission == case.id)
    conn.execute(mine.values(**details, folded=searchable))
    changed = change(conn, case, answer_by=answer_by)
    detail = {"answer_by": str(answer_by)}
    record(conn, case.id, Happening.CONTACT_ADDED, by=by, now=now, detail=detail)
    return changed


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
    conn.execute(update(PRIVATE).where(PRIVATE.c.submission == case.id).values(**empty))
    conn.execute(delete(NOTES).where(NOTES.c.submission == case.id))
    conn.execute(delete(CASE_DRAFTS).where(CASE_DRAFTS.c.submission == case.id))
    if case.status == CaseStatus.PUBLISHED:
        private = (ANSWERS.c.submission == case.id, ANSWERS.c.kind.in_(["reason", "public"]))
        conn.execute(delete(ANSWERS).where(*private))
    else:
        erase_public_words(conn, case)
    outbox.drop(conn, case.id)
    conn.info[ERASED] = True
    changed = change(conn, case, forgotten=True, salt="", waits_for="", answer_by=AnswerBy.RECEIPT)
    record(conn, case.id, Happening.FORGOTTEN, by=by, now=now)
    return changed
