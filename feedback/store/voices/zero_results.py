"""Questions that nothing on the site answers: counted by the day, without who asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from feedback.store.database.engine import add_new
from feedback.store.database.schema import SEARCHES

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

MOST_A_DAY = 500  # different questions; more are no people
KEPT = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class UnansweredQuestion:
    """A question without an answer."""

    words: str
    lang: str
    count: int
    last: date


def lacked(conn: Connection, lang: str, words: str, *, today: date) -> None:
    """Count a question that found nothing, and forget those of long ago."""
    conn.execute(delete(SEARCHES).where(SEARCHES.c.day < today - KEPT))
    row = {"day": today, "lang": lang, "words": words}
    here = [SEARCHES.c[name] == value for name, value in row.items()]
    if conn.execute(update(SEARCHES).where(*here).values(count=SEARCHES.c.count + 1)).rowcount:
        return
    different = select(func.count()).select_from(SEARCHES).where(SEARCHES.c.day == today)
    if conn.execute(different).scalar_one() < MOST_A_DAY:
        add_new(conn, SEARCHES, **row, count=1)


def lacking(conn: Connection, *, most: int) -> tuple[UnansweredQuestion, ...]:
    """Return what was asked most often for nothing."""
    times, last = func.sum(SEARCHES.c.count), func.max(SEARCHES.c.day)
    rows = conn.execute(
        select(SEARCHES.c.words, SEARCHES.c.lang, times, last)
        .group_by(SEARCHES.c.words, SEARCHES.c.lang)
        .order_by(times.desc(), last.desc(), SEARCHES.c.words)
        .limit(most)
    )
    return tuple(
        UnansweredQuestion(words, lang, int(count), day) for words, lang, count, day in rows
    )
