"""Who has a database open: a service and its tasks side by side, or whoever replaces all of it."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

from feedback.store.database.errors import Busy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'open-house'
"""


def hold(database: str) -> int | None:
    """Say that a database is in use, until the descriptor returned is closed or the process ends.

    PostgreSQL knows by itself who is connected, so there is none.

    :raises Busy: while somebody replaces it.
    """
    file = _lock_file(database)
    return _locked(file, fcntl.LOCK_SH, "A backup is being put back. Try again once it is done.")


def let_go(held: int | None) -> None:
    """Say that a database is not in use any more."""
    if held is not None:
        os.close(held)


@contextmanager
def alone_with(database: str) -> Iterator[None]:
    """Let nobody open an SQLite database meanwhile.

    :raises Busy: when somebody has it open, the service most likely.
    """
    lock = _locked(_lock_file(database), fcntl.LOCK_EX, in_use())
    try:
        yield
    finally:
        let_go(lock)


def others(conn: Connection) -> int:
    """Return how many other connections of ours a PostgreSQL database has; 0 on SQLite."""
    if conn.dialect.name != "postgresql":
        return 0
    return int(conn.exec_driver_sql(OTHERS).scalar_one())


def in_use() -> str:
    """Return what to tell whoever wants a database that is in use for themselves."""
    return "The service is running on this database. Stop it first: nothing was changed."


def _lock_file(database: str) -> Path | None:
    url = make_url(database)
    return Path(f"{url.database}.lock") if url.get_backend_name() == "sqlite" else None


def _locked(file: Path | None, how: int, otherwise: str) -> int | None:
    if file is None:
        return None
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise Busy(otherwise) from None
    return lock
