"""Which database records came from, and whether it still knows all that it knew then.

A folder of records keeps the database's name and the marks of what the database held when it was
last read. A mark says nothing to anybody else: it is a keyed hash of the newest event.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from sqlalchemy import select

from feedback.store.schema import EVENTS, IDENTITY, SUBMISSIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Connection

MARK_BYTES = 12


@dataclass(frozen=True, slots=True)
class Provenance:
    """A database by its name, as far as it has come."""

    database: str  # 32 letters that no other database has
    mark: str  # of its newest event; "" while nothing has happened yet
    continues: bool  # whether every mark that was asked about is of one of its events


def provenance(conn: Connection, seen: Collection[str] = ()) -> Provenance:
    """Return where records read now come from.

    :param seen: the marks of earlier pulls. A database that was put back from before one of them
        doesn't continue it, even when as much has happened since.
    """
    identity = conn.execute(select(IDENTITY.c.name, IDENTITY.c.salt)).one()
    latest, wanted = "", set(filter(None, seen))
    for mark in _marks(conn, identity.salt):
        latest = latest or mark
        wanted.discard(mark)
        if not wanted:
            break
    return Provenance(identity.name, latest, not wanted)


def _marks(conn: Connection, salt: str) -> Iterator[str]:
    """Go through the marks of all events, the newest first: the one that is wanted is near."""
    events = select(EVENTS.c.id, SUBMISSIONS.c.ref, EVENTS.c.at, EVENTS.c.what).join(SUBMISSIONS)
    newest = events.order_by(EVENTS.c.id.desc()).execution_options(yield_per=1_000)
    for event in conn.execute(newest):
        words = f"{event.id} {event.ref} {event.at.isoformat()} {event.what}"
        yield blake2b(words.encode(), digest_size=MARK_BYTES, key=salt.encode()).hexdigest()
