"""Changing a submission: one at a time, and nobody over another's head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from feedback.model import Status
from feedback.store.cases import existing
from feedback.store.errors import Conflict, Refused
from feedback.store.schema import SUBMISSIONS

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


def change(conn: Connection, there: Case, **values: Any) -> Case:  # noqa: ANN401
    """Change a submission unless somebody did meanwhile, and return it.

    Raises `Conflict`. Another worker's change that is under way is waited for.
    """
    changed = conn.execute(
        update(SUBMISSIONS)
        .where(SUBMISSIONS.c.id == there.id, SUBMISSIONS.c.version == there.version)
        .values(version=there.version + 1, **values)
    )
    if changed.rowcount != 1:
        raise _changed(there.ref)
    return existing(conn, there.ref)


def _changed(ref: str) -> Conflict:
    return Conflict(f"{ref} was changed by somebody else meanwhile. Look at it again, then decide.")
