"""What tenants send, as it arrives: the hot path, in plain SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from feedback.model import AnswerBy, CaseStatus, Happening, new_reference
from feedback.store import staff_mail
from feedback.store.columns import micros, packed, storable
from feedback.store.errors import Missing, Refused, StoreFault
from feedback.store.events import TENANT
from feedback.store.outbox import WAITING, Why
from feedback.store.schema import SUBMISSIONS
from feedback.store.staff_mail import Alarm
from feedback.store.tokens import digest, salt
from feedback.text_folding import folded

if TYPE_CHECKING:
    from datetime import date, datetime
    from random import Random

    from sqlalchemy import Connection

    from feedback.model import Submission
    from feedback.store.tokens import Tokens

TRIES = 50  # references to try: with a million taken, one in 300 is taken already


@dataclass(frozen=True, slots=True)
class Added:
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
    "channel, answer_by, answer_lang, may_publish, complaint, escalated, status, route, "
    "was_published, received, due, forgotten, version",
    "ON CONFLICT DO NOTHING RETURNING id",
)
_PRIVATE = _insert("private", "submission, said, name, email, phone, address, folded")
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
) -> Added:
    """Keep a submission with its first event and, where an e-mail is wanted, its first notice.

    :param idempotency: a key that nobody can guess and that stands for these very words: what
        arrives again under the same key gets the first answer again.
    :param due: the day by which an answer is promised.
    :param by: who wrote it down, when staff did.
    :raises Refused: "forgotten", when it arrives again after it was erased.
    """
    key = digest(idempotency)
    for _ in range(TRIES):
        added = _try(conn, tokens, submission, key, now, due, random, by) or _again(
            conn, tokens, key
        )
        if added:
            return added
    raise StoreFault("No free reference was found. Nothing was kept.")


def _again(conn: Connection, tokens: Tokens, key: str) -> Added | None:
    row = conn.execute(_KNOWN, {"key": key}).one_or_none()
    if row is None:
        return None
    if not row.salt:
        raise _forgotten(row.ref)
    return Added(row.ref, tokens.receipt(row.salt), tokens.code(row.salt), again=True)


def _try(  # noqa: PLR0917  # what `add` was given
    conn: Connection,
    tokens: Tokens,
    sent: Submission,
    key: str,
    now: datetime,
    due: date,
    random: Random,
    by: str,
) -> Added | None:
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
        *(sent.may_publish, sent.complaint, False, str(CaseStatus.RECEIVED), "", False),
        *(at, due.isoformat(), False, 1),
    ).scalar()
    if number is None:
        return None
    contact = sent.contact
    private = (sent.said, contact.name, contact.email, contact.phone, contact.address)
    words = tuple(map(storable, private))
    run(_PRIVATE, number, *words, folded(words))
    detail = packed({"channel": sent.channel})
    run(_EVENT, number, at, str(Happening.RECEIVED), by, detail)
    if sent.answer_by == AnswerBy.EMAIL and contact.email:
        run(_NOTICE, number, str(Why.RECEIVED), "{}", str(AnswerBy.EMAIL), WAITING, 0, at, "", at)
    if sent.complaint:
        staff_mail.alert(conn, Alarm.COMPLAINT, ref, now=now)
    return Added(ref, token, code)


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


def _forgotten(ref: str) -> Refused:
    return Refused("forgotten", f"{ref} was erased, as its sender asked.")
