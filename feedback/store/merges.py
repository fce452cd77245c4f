"""Families of submissions: those that were merged into one another, however deep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal_column, select

from feedback.model import SETTLED
from feedback.store.schema import SUBMISSIONS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Select

DEEPEST = 100  # merges that follow one another; a ring cannot come about, and would end here


@dataclass(frozen=True, slots=True)
class Merged:
    """Where a merged submission's words went."""

    parent: str  # the reference it was merged into
    answered: datetime | None  # when the one at the end of the chain was


def people_behind(conn: Connection, numbers: Sequence[int]) -> dict[int, int]:
    """Return how many others stand behind each submission; who withdrew does not, nor does spam."""
    family = below(numbers).subquery()
    counted = (
        select(family.c.root, func.count().label("people"))
        .join(SUBMISSIONS, SUBMISSIONS.c.id == family.c.id)
        .where(SUBMISSIONS.c.status.not_in(SETTLED))
        .group_by(family.c.root)
    )
    return {row.root: row.people for row in conn.execute(counted)}


def below(numbers: Sequence[int]) -> Select[Any]:
    """Return the query for (root, id) of everything merged into these submissions."""
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


def roots(conn: Connection, numbers: Sequence[int]) -> dict[int, Merged]:
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
    merged: dict[int, Merged] = {}
    for leaf, ref, answered in conn.execute(steps):
        first = merged.get(leaf)
        merged[leaf] = Merged(first.parent if first else ref, answered)
    return merged
