"""What was written in the name of the house: answers, reasons, outcomes and public words.

Rows are added and never rewritten: the newest of its sort and language stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from feedback.store.database.schema import ANSWERS, SUBMISSIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from feedback.model import Case

# An answer to what a sender wrote since: it becomes public nowhere.
FURTHER = "further"
# The sorts in which it is kept why either was put right.
CORRECTED = {"reply": "corrected-reply", "reason": "corrected-reason"}


@dataclass(frozen=True, slots=True)
class AnswerVersion:
    """What was written in the name of the house at some time: the newest of its sort stands."""

    kind: str  # "reply", FURTHER, "reason", "outcome", "public", or of CORRECTED
    lang: str
    text: str
    by: str
    at: datetime


def versions(conn: Connection, ref: str) -> tuple[AnswerVersion, ...]:
    """Return every answer, reason, outcome and public text that was ever kept, oldest first."""
    rows = conn.execute(
        select(ANSWERS.c.kind, ANSWERS.c.lang, ANSWERS.c.text, ANSWERS.c.by, ANSWERS.c.at)
        .join(SUBMISSIONS)
        .where(SUBMISSIONS.c.ref == ref)
        .order_by(ANSWERS.c.id)
    )
    return tuple(AnswerVersion(row.kind, row.lang, row.text, row.by, row.at) for row in rows)


def written(texts: Mapping[str, str] | None) -> dict[str, str]:
    """Return the texts that say something, without blanks at their ends."""
    return {lang: text.strip() for lang, text in (texts or {}).items() if text.strip()}


def are_answered(wanted: Collection[str], *texts: Mapping[str, str]) -> bool:
    """Whether words stand in every language that was asked for."""
    return set(wanted) <= {lang for part in texts for lang in part}


def keep_texts(
    conn: Connection,
    case: Case,
    kind: str,
    texts: Mapping[str, str],
    *,
    team: str = "",
    by: str,
    now: datetime,
) -> None:
    """Keep what was written, by language."""
    for lang, text in texts.items():
        row = {"submission": case.id, "kind": kind, "lang": lang, "text": text}
        conn.execute(insert(ANSWERS).values(**row, team=team, by=by, at=now))
