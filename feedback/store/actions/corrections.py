"""What staff put right in public: an answer or a reason that names somebody, or is plainly wrong.

The words that it takes the place of are gone from the site with the next pull, and the day and the
reason stand beside what is right. Nobody is sent a notice of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedback.model import Happening, shows_answer
from feedback.store.casework.answers import CORRECTED, keep_texts, written
from feedback.store.casework.cases import existing
from feedback.store.casework.events import change, open_case, record
from feedback.store.database.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from feedback.model import Case


def put_right(
    conn: Connection,
    ref: str,
    *,
    version: int,
    reply: Mapping[str, str],
    reason: Mapping[str, str],
    why: Mapping[str, str],
    by: str,
    now: datetime,
) -> Case:
    """Put other words in the place of public ones, and say why in public.

    :param reply: the answer as it is right, by language; only what stood there can be put right.
    :param reason: the same of why it was declined.
    :param why: what readers are told, without the words that had to go.
    :raises Refused: "private", where nothing of it stands in public; "same", when no words that
        stand there are others now; "correction", when it isn't said why.
    """
    case = open_case(conn, ref, version)
    if not shows_answer(case.status):
        raise Refused("private", f"Nothing that we wrote to {ref} stands in public.")
    replies, reasons = _others(case.reply, reply), _others(case.reason, reason)
    if not replies and not reasons:
        raise Refused("same", f"The words to {ref} are as they were.")
    reasons_why = written(why)
    if not reasons_why:
        raise Refused("correction", f"Say why the words to {ref} were put right.")
    change(conn, case)
    keep_texts(conn, case, "reply", replies, team=case.reply_by, by=by, now=now)
    keep_texts(conn, case, "reason", reasons, by=by, now=now)
    for part, texts in (("reply", replies), ("reason", reasons)):
        if texts:
            keep_texts(conn, case, CORRECTED[part], reasons_why, by=by, now=now)
    record(conn, case.id, Happening.PUT_RIGHT, by=by, now=now)
    return existing(conn, ref)


def _others(standing: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, str]:
    """Return the words that differ from those that stand in the same language."""
    return {
        lang: text
        for lang, text in written(texts).items()
        if lang in standing and text != standing[lang]
    }
