"""Submissions as the desk, the receipt and `pull` see them, with those merged into them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, literal_column, or_, select

from core.public.vocabulary import ContactChannel, SubmissionSort, Target
from feedback.model import (
    DECISIONS,
    PUBLIC_DECISIONS,
    SETTLED,
    AccessNeed,
    AnswerBy,
    Case,
    CaseStatus,
    Contact,
    ForWhom,
    Route,
    spoken,
)
from feedback.store.casework.answers import CORRECTED
from feedback.store.casework.handovers import newest_handovers
from feedback.store.database.errors import Missing
from feedback.store.database.schema import ANSWERS, DRAFTS, EVENTS, PRIVATE, SUBMISSIONS
from feedback.store.database.tokens import digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from feedback.store.database.tokens import Tokens

BATCH = 200  # cases read at a time where all are wanted
DEEPEST = 100  # merges that follow one another; a ring cannot come about, and would end here


@dataclass(frozen=True, slots=True)
class _MergedInto:
    """Where a merged submission's words went."""

    parent: str  # the reference it was merged into
    answered: datetime | None  # when the one at the end of the chain was


def case(conn: Connection, ref: str) -> Case | None:
    """Return a submission by its reference; None when there is none."""
    return _one(conn, SUBMISSIONS.c.ref == ref)


def existing(conn: Connection, ref: str) -> Case:
    """Return a submission by its reference.

    :raises Missing: when there is no such submission.
    """
    wanted = case(conn, ref)
    if wanted is None:
        raise Missing(f"There is no submission {ref}.")
    return wanted


def answered_with(conn: Connection, answered: Case) -> Case:
    """Return the submission whose answer a sender gets: the one that theirs was merged into."""
    while answered.merged_into:
        answered = existing(conn, answered.merged_into)
    return answered


def by_token(conn: Connection, token: str) -> Case | None:
    """Return the submission that a receipt's token opens."""
    return _one(conn, SUBMISSIONS.c.receipt == digest(token))


def by_code(conn: Connection, tokens: Tokens, ref: str, code: str) -> Case | None:
    """Return the submission that a reference and its code open; whoever asks slows guessing."""
    return _one(conn, SUBMISSIONS.c.ref == ref, SUBMISSIONS.c.code == tokens.code_hash(ref, code))


def said(conn: Connection, ref: str) -> str:
    """Return the words as they were sent; "" once they were erased.

    :raises Missing: when there is no such submission.
    """
    words: str = _private(conn, ref).said
    return words


def contact(conn: Connection, ref: str) -> Contact:
    """Return how to reach whoever sent it.

    :raises Missing: when there is no such submission.
    """
    row = _private(conn, ref)
    return contact_in(row)


def contact_in(row: Row[Any]) -> Contact:
    """Return how to reach a sender, of a row that has it as `private` does."""
    return Contact(
        name=row.name,
        email=row.email,
        phone=row.phone,
        address=row.address,
        needs=tuple(map(AccessNeed, row.needs)),
        needs_words=row.needs_words,
    )


def lately(conn: Connection, limit: int) -> tuple[tuple[Case, str], ...]:
    """Return the newest submissions with their words, to find duplicates among them.

    Those withdrawn, set aside, merged, escalated or forgotten stay out.
    """
    wanted = selected().where(
        SUBMISSIONS.c.status.not_in(SETTLED),
        SUBMISSIONS.c.merged_into.is_(None),
        SUBMISSIONS.c.escalated.is_(False),
        SUBMISSIONS.c.forgotten.is_(False),
    )
    cases = cases_of(conn, wanted.order_by(SUBMISSIONS.c.id.desc()).limit(limit))
    words = words_of(conn, [case.id for case in cases])
    return tuple((case, words[case.id]) for case in cases)


def words_of(conn: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """Return the words of submissions as they were sent, by number; "" once they were erased."""
    sent = select(PRIVATE.c.submission, PRIVATE.c.said).where(PRIVATE.c.submission.in_(numbers))
    return {row.submission: row.said for row in conn.execute(sent)}


def followers(conn: Connection, ref: str) -> tuple[Case, ...]:
    """Return everybody's submissions that were merged into this one, directly or through others."""
    mine = conn.execute(select(SUBMISSIONS.c.id).where(SUBMISSIONS.c.ref == ref)).scalars().all()
    numbers = select(below(mine).subquery().c.id)
    wanted = selected().where(SUBMISSIONS.c.id.in_(numbers))
    return cases_of(conn, wanted.order_by(SUBMISSIONS.c.id))


def asked_languages(conn: Connection, answered: Case, languages: Sequence[str]) -> set[str]:
    """Return the languages of a site in which everybody is answered who gets this answer.

    :param languages: that the site speaks.
    """
    people = (answered, *followers(conn, answered.ref))
    return {
        spoken((person.answer_lang, person.lang), languages)
        for person in people
        if not person.status.owes_nothing
    }


def public(conn: Connection) -> Iterator[Case]:
    """Go through what the public may know of, by reference.

    Decided submissions, and whatever was published once and no longer is: withdrawn, reopened,
    decided anew, escalated, merged. Such a one, told by `was_published`, leaves a tombstone.
    """
    plain = and_(
        SUBMISSIONS.c.status.in_(PUBLIC_DECISIONS),
        SUBMISSIONS.c.escalated.is_(False),
        SUBMISSIONS.c.merged_into.is_(None),
    )
    wanted = or_(plain, SUBMISSIONS.c.was_published)
    after = ""
    while batch := cases_of(
        conn,
        selected()
        .where(wanted, SUBMISSIONS.c.ref > after)
        .order_by(SUBMISSIONS.c.ref)
        .limit(BATCH),
    ):
        yield from batch
        after = batch[-1].ref


def decided_once(conn: Connection) -> dict[str, str]:
    """Return the references that a pull may have made records of, at any time.

    What was handed over for somebody's safety from the first is none of them.

    :returns: by reference, the submission that it is merged into; "" for none.
    """
    parent = SUBMISSIONS.alias()
    rows = conn.execute(
        select(SUBMISSIONS.c.ref, parent.c.ref.label("into"), EVENTS.c.detail)
        .join(EVENTS, EVENTS.c.submission == SUBMISSIONS.c.id)
        .outerjoin(parent, parent.c.id == SUBMISSIONS.c.merged_into)
        .where(EVENTS.c.what.in_([DECISIONS[status].event for status in PUBLIC_DECISIONS]))
    )
    return {
        row.ref: row.into or "" for row in rows if row.detail.get("route") != Route.SAFEGUARDING
    }


def _private(conn: Connection, ref: str) -> Row[Any]:
    row = conn.execute(
        select(PRIVATE).join(SUBMISSIONS).where(SUBMISSIONS.c.ref == ref)
    ).one_or_none()
    if row is None:
        raise Missing(f"There is no submission {ref}.")
    return row


def _one(conn: Connection, *wanted: ColumnElement[bool]) -> Case | None:
    cases = cases_of(conn, selected().where(*wanted))
    return cases[0] if cases else None


def selected() -> Select[Any]:
    """Return the query for all submissions, as `cases_of` reads its rows."""
    drafts = (DRAFTS.c.public_text, DRAFTS.c.redacted, DRAFTS.c.cleared)
    return select(SUBMISSIONS, *drafts).select_from(SUBMISSIONS.outerjoin(DRAFTS))


def cases_of(conn: Connection, wanted: Select[Any]) -> tuple[Case, ...]:
    """Return the cases of rows, in their order, with what other tables say of them."""
    rows = conn.execute(wanted).all()
    numbers = [row.id for row in rows]
    if not numbers:
        return ()
    answers = _answers(conn, numbers)
    people = _people_behind(conn, numbers)
    merged = _roots(conn, [row.id for row in rows if row.merged_into is not None])
    handed = newest_handovers(conn, [row.id for row in rows if row.route])
    return tuple(
        replace(
            _case(row, answers.get(row.id, []), people.get(row.id, 0), merged.get(row.id)),
            handed=handed.get(row.id),
        )
        for row in rows
    )


def _case(
    row: Row[Any], answers: Sequence[Row[Any]], people: int, merged: _MergedInto | None
) -> Case:
    status = CaseStatus(row.status)
    replies = [answer for answer in answers if answer.kind == "reply"]
    declined, ended = status == CaseStatus.DECLINED, row.route and row.handed_by is None
    corrected = {CORRECTED["reply"]} | ({CORRECTED["reason"]} if declined else set())
    corrections = [answer for answer in answers if answer.kind in corrected]
    last = corrections[-1].at if corrections else None
    target = Target(row.target_kind, row.target_key) if row.target_kind else None
    return Case(
        id=row.id,
        ref=row.ref,
        sort=SubmissionSort(row.sort),
        lang=row.lang,
        topic=row.topic,
        area=row.area,
        target=target,
        channel=ContactChannel(row.channel),
        answer_by=AnswerBy(row.answer_by),
        answer_lang=row.answer_lang,
        may_publish=row.may_publish,
        complaint=row.complaint,
        for_whom=ForWhom(row.for_whom) if row.for_whom else None,
        escalated=row.escalated,
        status=status,
        received=row.received,
        due=row.due,
        answered=row.answered or (merged.answered if merged else None),
        merged_into=merged.parent if merged else "",
        reason={a.lang: a.text for a in answers if declined and a.kind == "reason"},
        outcome={a.lang: a.text for a in answers if ended and a.kind == "outcome"},
        handed_by=row.handed_by,
        follow_up_by=row.follow_up_by,
        reply={answer.lang: answer.text for answer in replies},
        reply_by=replies[-1].team if replies else "",
        corrected={answer.lang: answer.text for answer in corrections if answer.at == last},
        corrected_at=last,
        public_text=row.public_text or "",
        redacted=tuple(row.redacted or ()),
        cleared=tuple(row.cleared or ()),
        route=Route(row.route) if row.route else None,
        people=1 + people,
        was_published=row.was_published,
        forgotten=row.forgotten,
        version=row.version,
        holder=row.holder,
        team=row.team,
        waits_for=row.waits_for,
        online=row.online,
        step_by=row.step_by,
        step_on=row.step_on,
    )


def _answers(conn: Connection, numbers: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """Return what staff told each sender, oldest first."""
    answers: dict[int, list[Row[Any]]] = {}
    chosen = select(ANSWERS).where(ANSWERS.c.submission.in_(numbers)).order_by(ANSWERS.c.id)
    for row in conn.execute(chosen):
        answers.setdefault(row.submission, []).append(row)
    return answers


def _people_behind(conn: Connection, numbers: Sequence[int]) -> dict[int, int]:
    """Return how many others stand behind each submission; who withdrew does not, nor spam."""
    family = below(numbers).subquery()
    counted = (
        select(family.c.root, func.count().label("people"))
        .join(SUBMISSIONS, SUBMISSIONS.c.id == family.c.id)
        .where(SUBMISSIONS.c.status.not_in(SETTLED))
        .group_by(family.c.root)
    )
    return {row.root: row.people for row in conn.execute(counted)}


def below(numbers: Sequence[int]) -> Select[Any]:
    """Return the query for (root, id) of everything merged into these submissions, by number."""
    start = select(
        SUBMISSIONS.c.merged_into.label("root"), SUBMISSIONS.c.id, literal_column("1").label("deep")
    ).where(SUBMISSIONS.c.merged_into.in_(numbers))
    tree = start.cte("below", recursive=True)
    further = (
        select(tree.c.root, SUBMISSIONS.c.id, tree.c.deep + 1)
        .join(tree, SUBMISSIONS.c.merged_into == tree.c.id)
        .where(tree.c.deep < DEEPEST)
    )
    tree = tree.union_all(further)
    return select(tree.c.root, tree.c.id)


def _roots(conn: Connection, numbers: Sequence[int]) -> dict[int, _MergedInto]:
    """Return, for merged submissions, what each was merged into and how that stands."""
    if not numbers:
        return {}
    start = select(
        SUBMISSIONS.c.id.label("leaf"),
        SUBMISSIONS.c.merged_into.label("up"),
        literal_column("1").label("deep"),
    ).where(SUBMISSIONS.c.id.in_(numbers))
    tree = start.cte("above", recursive=True)
    tree = tree.union_all(
        select(tree.c.leaf, SUBMISSIONS.c.merged_into, tree.c.deep + 1)
        .join(tree, SUBMISSIONS.c.id == tree.c.up)
        .where(SUBMISSIONS.c.merged_into.is_not(None), tree.c.deep < DEEPEST)
    )
    steps = (
        select(tree.c.leaf, SUBMISSIONS.c.ref, SUBMISSIONS.c.answered)
        .join(SUBMISSIONS, SUBMISSIONS.c.id == tree.c.up)
        .order_by(tree.c.leaf, tree.c.deep)
    )
    merged: dict[int, _MergedInto] = {}
    for leaf, ref, answered in conn.execute(steps):
        first = merged.get(leaf)
        merged[leaf] = _MergedInto(first.parent if first else ref, answered)
    return merged
