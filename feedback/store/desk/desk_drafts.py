"""What staff write ahead: drafts at a case, each its author's until it is sent, and saved answers.

A draft is erased with the case's private words. A saved answer is about nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from feedback.store.casework.cases import existing
from feedback.store.database.engine import put_row
from feedback.store.database.errors import Missing, Refused
from feedback.store.database.schema import CASE_DRAFTS, SAVED_ANSWERS, SUBMISSIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraft:
    """What somebody has typed at a case and not sent."""

    by: str
    at: datetime
    typed: Mapping[str, Sequence[str]] = field(repr=False)  # by the form's fields


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedAnswer:
    """An answer that fits many cases."""

    id: int
    title: str
    texts: Mapping[str, str]  # by language


def keep_draft(
    conn: Connection,
    ref: str,
    typed: Mapping[str, Sequence[str]],
    *,
    by: str,
    now: datetime,
    seen: datetime | None,
    carried: Collection[str],
) -> None:
    """Keep what somebody has typed at a case in the place of what they had; nothing ends it.

    What they typed elsewhere meanwhile, in another tab say, stays beside it; so does what this
    form had no field for, since the case stands so that it asks for other things.

    :param seen: of when the draft was that they had before them; None for none.
    :param carried: the fields that the form had.
    :raises Missing: when there is no such submission.
    :raises Refused: "forgotten": nothing is kept of it any more.
    """
    case = existing(conn, ref)
    mine = (CASE_DRAFTS.c.submission == case.id, CASE_DRAFTS.c.member == by)
    earlier = conn.execute(select(CASE_DRAFTS).where(*mine)).one_or_none()
    if earlier:
        apart = set() if earlier.at != seen else set(carried)
        stays = {name: texts for name, texts in earlier.typed.items() if name not in apart}
        typed = {**stays, **typed}
    if not typed:
        conn.execute(delete(CASE_DRAFTS).where(*mine))
        return
    if case.forgotten:
        raise Refused("forgotten", f"{ref} was erased, as its sender asked.")
    fields = {name: list(texts) for name, texts in typed.items()}
    put_row(conn, CASE_DRAFTS, submission=case.id, member=by, typed=fields, at=now)


def case_drafts(conn: Connection, ref: str) -> tuple[CaseDraft, ...]:
    """Return what anybody has typed at a case and not sent, the newest first."""
    rows = conn.execute(
        select(CASE_DRAFTS.c.member, CASE_DRAFTS.c.at, CASE_DRAFTS.c.typed)
        .join(SUBMISSIONS)
        .where(SUBMISSIONS.c.ref == ref)
        .order_by(CASE_DRAFTS.c.at.desc())
    )
    return tuple(CaseDraft(by=row.member, at=row.at, typed=row.typed) for row in rows)


def saved_answers(conn: Connection) -> tuple[SavedAnswer, ...]:
    """Return the answers that staff saved, by title."""
    rows = conn.execute(select(SAVED_ANSWERS).order_by(SAVED_ANSWERS.c.title, SAVED_ANSWERS.c.id))
    return tuple(SavedAnswer(id=row.id, title=row.title, texts=row.texts) for row in rows)


def save_answer(
    conn: Connection, title: str, texts: Mapping[str, str], *, number: int | None = None
) -> None:
    """Keep an answer for others to use; with a number, in the place of that one.

    :raises Refused: "title" or "empty".
    :raises Missing: when there is none of that number.
    """
    words = {lang: text.strip() for lang, text in texts.items() if text.strip()}
    if not title:
        raise Refused("title", "A saved answer needs a name to be found by.")
    if not words:
        raise Refused("empty", "The answer has no words yet.")
    if number is None:
        conn.execute(insert(SAVED_ANSWERS).values(title=title, texts=words))
        return
    mine = update(SAVED_ANSWERS).where(SAVED_ANSWERS.c.id == number)
    if conn.execute(mine.values(title=title, texts=words)).rowcount != 1:
        raise Missing("There is no such saved answer.")


def remove_answer(conn: Connection, number: int) -> None:
    """Take a saved answer away; what was sent with it stays."""
    conn.execute(delete(SAVED_ANSWERS).where(SAVED_ANSWERS.c.id == number))
