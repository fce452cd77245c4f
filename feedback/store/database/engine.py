"""SQLite or PostgreSQL: everything in which the two differ.

Connections that keep what was acknowledged, rows that are added once, and types of columns, by
which instants, days, lists and words stand alike in either.
"""

from __future__ import annotations

import importlib
import json
import os
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Text, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.types import TypeDecorator

from feedback.store.database.errors import StoreFault

if TYPE_CHECKING:
    from sqlalchemy import Connection, Dialect, Engine, Table
    from sqlalchemy.engine import URL

# From 3.7.0 to 3.51.2 a write-ahead log that is reset at the wrong moment corrupts the database
# (https://sqlite.org/wal.html, "the WAL-reset bug").
FIRST_WITH_WAL_BUG = (3, 7, 0)
FIRST_WITHOUT_WAL_BUG = (3, 51, 3)
PATIENCE = 5_000  # milliseconds to wait for another process's lock
ERASED = "erased"  # set in a connection's info by whoever erased something through it
READERS = 8
OVERFLOW = 24  # further connections while many read at once: as many threads as asyncio starts
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def may_exist(database: str) -> bool:
    """Whether there is something to open: an SQLite file would be made by whoever looks for it."""
    url = _url(database)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this version of SQLite may use a write-ahead log."""
    return not FIRST_WITH_WAL_BUG <= version < FIRST_WITHOUT_WAL_BUG


def sqlite_driver() -> Any:  # noqa: ANN401
    """Return the module that speaks to SQLite: Python's own, or a sound one where its is not."""
    if not wal_is_safe(sqlite3.sqlite_version_info):
        try:
            return importlib.import_module("pysqlite3.dbapi2")
        except ImportError:  # no wheel for this machine: Python's own, without the log
            pass
    return sqlite3


def writing(database: str, driver: Any = None) -> Engine:  # noqa: ANN401
    """Return the engine of the one writer: a single connection that waits for its lock."""
    url = _url(database)
    if url.get_backend_name() == "postgresql":
        return _postgresql(url, pool_size=1, max_overflow=0)
    driver = driver or sqlite_driver()
    _make_file(url)
    engine = create_engine(url, module=driver, pool_size=1, max_overflow=0, hide_parameters=True)
    log = "wal" if wal_is_safe(driver.sqlite_version_info) else "delete"

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401
        connection.isolation_level = None  # transactions begin where we say so
        _set(connection, "busy_timeout", PATIENCE)
        mode = connection.execute(f"PRAGMA journal_mode={log}").fetchone()[0]
        if mode != log:
            raise StoreFault(
                f"This SQLite ({driver.sqlite_version}) must keep the journal as {log} and could "
                f"not: it stands at {mode}. Stop whatever else has the database open, and start "
                "again."
            )
        _set(connection, "synchronous", "FULL")  # NORMAL loses acknowledged rows at a power cut
        _set(connection, "foreign_keys", "ON")
        _set(connection, "secure_delete", "ON")  # what is erased is overwritten
        _set(connection, "journal_size_limit", 1_048_576)

    _begin(engine, "BEGIN IMMEDIATE")
    return engine


def reading(database: str, driver: Any = None) -> Engine:  # noqa: ANN401
    """Return the engine of the readers: each connection sees one moment and can change nothing."""
    url = _url(database)
    if url.get_backend_name() == "postgresql":
        return _postgresql(
            url,
            pool_size=READERS,
            max_overflow=OVERFLOW,
            pool_timeout=PATIENCE / 1000,
            execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
        )
    engine = create_engine(
        url,
        module=driver or sqlite_driver(),
        pool_size=READERS,
        max_overflow=OVERFLOW,
        pool_timeout=PATIENCE / 1000,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401
        connection.isolation_level = None
        _set(connection, "busy_timeout", PATIENCE)
        _set(connection, "query_only", "ON")

    _begin(engine, "BEGIN")
    return engine


def scrub(conn: Connection) -> None:
    """After COMMIT, empty the write-ahead log if something was erased: it holds older pages."""
    if conn.info.pop(ERASED, False) and conn.dialect.name == "sqlite":
        connection: Any = conn.connection.driver_connection
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _url(database: str) -> URL:
    url = make_url(database)
    if url.get_backend_name() in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    return url


def _postgresql(url: URL, **options: Any) -> Engine:  # noqa: ANN401
    settings = {
        "application_name": "open-house",
        "idle_in_transaction_session_timeout": 60_000,
        "lock_timeout": PATIENCE,
        "statement_timeout": 6 * PATIENCE,
        "synchronous_commit": "on",
        "timezone": "UTC",
    }
    return create_engine(
        url,
        hide_parameters=True,  # private words stay out of errors and logs
        pool_pre_ping=True,  # the database may have restarted since
        connect_args={
            "connect_timeout": PATIENCE // 1000,
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        },
        **options,
    )


def _begin(engine: Engine, words: str) -> None:
    @event.listens_for(engine, "begin")
    def begin(conn: Connection) -> None:
        conn.exec_driver_sql(words)


def _set(connection: Any, pragma: str, value: object) -> None:  # noqa: ANN401
    connection.execute(f"PRAGMA {pragma}={value}")


def _make_file(url: URL) -> None:
    """Make the file, for the service's own user alone; SQLite gives its journals the same mode."""
    path = Path(url.database or "")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def add_new(conn: Connection, table: Table, **values: Any) -> bool:  # noqa: ANN401
    """Add a row; False when one of the same key is there already."""
    keys = table.primary_key.columns
    if conn.dialect.name == "postgresql":
        on_postgresql = postgresql.insert(table).values(values).on_conflict_do_nothing()
        return conn.execute(on_postgresql.returning(*keys)).first() is not None
    on_sqlite = sqlite.insert(table).values(values).on_conflict_do_nothing()
    return conn.execute(on_sqlite.returning(*keys)).first() is not None


def put_row(conn: Connection, table: Table, **values: Any) -> None:  # noqa: ANN401
    """Add a row, or give the one of the same key these values."""
    keys = [column.name for column in table.primary_key]
    others = {name: value for name, value in values.items() if name not in keys}
    if conn.dialect.name == "postgresql":
        on_postgresql = postgresql.insert(table).values(values)
        conn.execute(on_postgresql.on_conflict_do_update(index_elements=keys, set_=others))
    else:
        on_sqlite = sqlite.insert(table).values(values)
        conn.execute(on_sqlite.on_conflict_do_update(index_elements=keys, set_=others))


def micros(at: datetime) -> int:
    """Return an aware instant in microseconds since 1970, UTC."""
    return (at - EPOCH) // MICROSECOND


def instant(count: int) -> datetime:
    """Return the instant (aware, UTC) of a count of microseconds since 1970."""
    return EPOCH + count * MICROSECOND


def storable(text: str) -> str:
    """Return words as both databases can keep them.

    PostgreSQL keeps no NUL, and neither keeps half a surrogate pair: each becomes U+FFFD, the sign
    for a letter that could not be read.
    """
    if "\0" in text:
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = "".join(
            "\N{REPLACEMENT CHARACTER}" if "\ud800" <= letter <= "\udfff" else letter
            for letter in text
        )
    return text


def packed(value: object) -> str:
    """Return a list or a mapping as one deterministic line of JSON."""
    return storable(json.dumps(value, ensure_ascii=False, sort_keys=True))


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as microseconds since 1970: exact, and alike in both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return what is kept."""
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return what was kept."""
        return None if value is None else instant(value)


class Day(TypeDecorator[date]):
    """A date, kept as 2026-03-04: the text sorts as the days do."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return what is kept."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:  # noqa: ARG002
        """Return what was kept."""
        return None if value is None else date.fromisoformat(value)


class FreeText(TypeDecorator[str]):
    """Words of people, in any language and script."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return what is kept."""
        return None if value is None else storable(value)


class JsonColumn(TypeDecorator[Any]):
    """A list or a mapping, kept as JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002
        """Return what is kept."""
        return None if value is None else packed(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002
        """Return what was kept."""
        return None if value is None else json.loads(value)
