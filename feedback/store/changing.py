"""Changing a submission: one at a time, and nobody over another's head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from feedback.model import Status
from feedback.store.cases import existing
from feedback.store.engine import ERASED
from feedback.store.errors import Conflict, Refused
from feedback.store.schema import ANSWERS, DRAFTS, SUBMISSIONS

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from feedback.model import Case


def open_case(conn: Connection, ref: str, version: int) -> Case:
    """Return a submission that staff may change, as they last saw it.

    Raises `Missing`, `Conflict` when it changed since, and `Refused` when it was withdrawn or
    stands merged into another.
    """
    there = existing(conn, ref)
    if there.version != version:
        raise _changed(ref)
    if there.status == Status.WITHDRAWN:
        raise Refused("withdrawn", f"{ref} was taken back by its sender.")
    if there.merged_into:
        raise Refused("merged", f"{ref} was merged into {there.merged_into}: change that one.")
    return there


def held(conn: Connection, ref: str) -> Case:
    """Return a submission that nobody else changes before COMMIT. Raises `Missing`.

    For what its sender does, which no decision of staff may stand in the way of.
    """
    conn.execute(select(SUBMISSIONS.c.id).where(SUBMISSIONS.c.ref == ref).with_for_update())
    return existing(conn, ref)


def change(conn: Connection, there: Case, **values: Any) -> Case:  # noqa: ANN401
    """Change a submission unless somebody did meanwhile, and return it.

    Raises `Conflict`. Another worker's change that is under way is waited for. Where the sender
    was forgotten, public words are erased as they leave public sight.
    """
    changed = conn.execute(
        update(SUBMISSIONS)
        .where(SUBMISSIONS.c.id == there.id, SUBMISSIONS.c.version == there.version)
        .values(version=there.version + 1, **values)
    )
    if changed.rowcount != 1:
        raise _changed(there.ref)
    hidden = values.get("status", there.status) != Status.PUBLISHED
    if there.forgotten and there.status == Status.PUBLISHED and hidden:
        erase_public_words(conn, there)
    return existing(conn, there.ref)


def erase_public_words(conn: Connection, there: Case) -> None:
    """Erase the redacted words of a submission, and what its sender was told."""
    conn.execute(delete(DRAFTS).where(DRAFTS.c.submission == there.id))
    conn.execute(delete(ANSWERS).where(ANSWERS.c.submission == there.id))
    conn.info[ERASED] = True


def _changed(ref: str) -> Conflict:
    return Conflict(f"{ref} was changed by somebody else meanwhile. Look at it again, then decide.")
