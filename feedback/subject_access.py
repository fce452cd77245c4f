"""What a person may ask to have: all that is kept of a submission (UK GDPR, article 15)."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, select

from feedback.identifiers import reference_of
from feedback.store.database.errors import Missing
from feedback.store.database.schema import METADATA, SUBMISSIONS

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping

# What only the service can use, and what would open the receipt to whoever reads the file.
KEYS = frozenset(
    {"id", "submission", "salt", "idempotency", "receipt", "code", "folded", "version"}
)
ABOUT = (
    "All that is kept of this submission. Times are UTC. What was said and who said it stands in "
    "private and follow_ups, what staff wrote in answers, notes and drafts, what happened in "
    "events. Photos are JPEG, in base64."
)


def all_of(conn: Connection, typed: str) -> bytes:
    """Return all that is kept of a submission, as JSON with two spaces of indent.

    Every table that belongs to a submission is looked through, so that no new one is forgotten.

    :param typed: its reference, as people type it.
    :raises Missing: when there is no such submission.
    """
    ref = reference_of(typed)
    row = conn.execute(select(SUBMISSIONS).where(SUBMISSIONS.c.ref == ref)).mappings().first()
    if row is None:
        raise Missing(f"There is no submission {typed}. References look like F-2K7Q9T.")
    answer: dict[str, Any] = {
        "about": ABOUT,
        "reference": row["ref"],
        "written": datetime.now(UTC),
        "submission": _plain(row),
    }
    for table in METADATA.sorted_tables:
        if "submission" in table.c and _belongs(table):
            order = (
                select(table).where(table.c.submission == row["id"]).order_by(*table.primary_key)
            )
            answer[table.name] = [_plain(part) for part in conn.execute(order).mappings()]
    return json.dumps(answer, ensure_ascii=False, indent=2, default=_as_text).encode()


def _belongs(table: Table) -> bool:
    keys = table.c.submission.foreign_keys
    return any(key.column.table is SUBMISSIONS for key in keys)


def _plain(row: RowMapping) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in KEYS}


def _as_text(value: date | bytes) -> str:
    return b64encode(value).decode() if isinstance(value, bytes) else value.isoformat()
