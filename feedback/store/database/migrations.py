"""Steps that bring a database up to date, in order, each once, whoever starts first.

Each is a file of `steps/`, by number. One that has been released is never changed: a database out
there has walked it already.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from feedback.store.database.engine import micros
from feedback.store.database.errors import Absent, Newer, Older

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

LOCK = 7_036_874  # any number of our own: PostgreSQL lets one worker at a time hold it

# "{key}" is a primary key that counts up by itself and never gives a number twice; "{random}" is
# 32 letters from the database's own source of secrets; "{bytes}" holds a file.
DIALECTS = {
    "sqlite": {
        "key": "INTEGER PRIMARY KEY AUTOINCREMENT",
        "random": "lower(hex(randomblob(16)))",
        "bytes": "BLOB",
    },
    "postgresql": {
        "key": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
        "random": "replace(gen_random_uuid()::text, '-', '')",
        "bytes": "BYTEA",
    },
}

# One file each, by number.
FOLDER = Path(__file__).parent / "steps"
STEPS = tuple(file.read_text(encoding="utf-8") for file in sorted(FOLDER.glob("*.sql")))


def migrate(conn: Connection, *, now: datetime, steps: Sequence[str] = STEPS) -> int:
    """Walk the steps this database has not walked, in the caller's transaction.

    :returns: how many were walked.
    :raises Newer: for a database that knows steps we don't.
    """
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    conn.exec_driver_sql(
        "CREATE TABLE IF NOT EXISTS schema_version (step INTEGER PRIMARY KEY, at BIGINT NOT NULL)"
    )
    walked = _walked(conn)
    if walked > len(steps):
        raise _newer()
    for number in range(walked, len(steps)):
        step = steps[number].format(**DIALECTS[conn.dialect.name])
        for statement in filter(None, map(str.strip, step.split(";\n"))):
            conn.exec_driver_sql(statement)
        walk = text("INSERT INTO schema_version (step, at) VALUES (:step, :at)")
        conn.execute(walk, {"step": number + 1, "at": micros(now)})
    return len(steps) - walked


def require_current(conn: Connection) -> None:
    """Let nobody read a database that the service has not made, or not yet brought up to date.

    :raises Absent: for one without the service's tables.
    :raises Older: for one that the service would still change.
    :raises Newer: for one that knows steps we don't.
    """
    if not inspect(conn).has_table("schema_version"):
        raise Absent("The database that OPEN_HOUSE_DATABASE names holds no feedback service.")
    walked = _walked(conn)
    if walked > len(STEPS):
        raise _newer()
    if walked < len(STEPS):
        raise Older(
            "The database is of an older version of the service. Start the service once, which "
            "brings it up to date, and try again."
        )


def _walked(conn: Connection) -> int:
    return int(conn.exec_driver_sql("SELECT count(*) FROM schema_version").scalar_one())


def _newer() -> Newer:
    return Newer(
        "The database was made by a newer version of the service. Nothing was changed: "
        "start the newer version, or put the backup of before it back."
    )
