"""Everything that the service keeps, as one file: for backups, and for moving between machines.

A ZIP file: `archive.json` says what is in it, `secret` opens receipts and cookies, and `tables/`
has a line of JSON for each row, alike from SQLite and PostgreSQL. Rows are counted and their hashes
added up, so that what is brought back can be held against what was taken, in whatever order.
"""

from __future__ import annotations

import json
import zipfile
from base64 import b64decode, b64encode
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, inspect, text
from sqlalchemy.exc import InternalError, OperationalError, StatementError

from feedback.store.database import migrations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import IO

    from sqlalchemy import Connection

FORMAT = 1
CONTENTS, SECRET = "archive.json", "secret"
STEPS_TABLE = "schema_version"  # made by the program that brings the rest back
OWN_ROWS = frozenset({"identity"})  # what a new database holds besides that
BATCH = 500  # rows kept by one statement
MOST_LINE = 64_000_000  # bytes of one row; no form of ours takes so much
MOST_CONTENTS = 1_000_000


class ArchiveFault(Exception):
    """A file is no archive of ours, or not whole; the words say which, and what to do."""


@dataclass(frozen=True, slots=True)
class TableTally:
    """What can be compared of a table."""

    rows: int
    sum: str  # of the rows' SHA-256, modulo 2 to the 256th, in hexadecimal


@dataclass(frozen=True, slots=True)
class ArchiveContents:
    """What an archive says of itself."""

    made: datetime  # aware, UTC
    database: str  # the name that no other database has
    steps: int  # of the schema that it stands on
    tables: dict[str, TableTally]
    counters: dict[str, int]  # the last number that each table gave away

    def rows(self, table: str) -> int:
        """Return how many rows a table has; 0 for one that it doesn't know."""
        return self.tables[table].rows if table in self.tables else 0


def write_archive(conn: Connection, secret: bytes, path: Path) -> ArchiveContents:
    """Write everything that a database holds at one moment.

    :param conn: reads one moment of it, as `read_existing` gives one.
    :param secret: the service's own: without it no receipt opens.
    :param path: of a new file, for its owner alone.
    :raises OSError: when it can't be written.
    """
    with path.open("xb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        path.chmod(0o600)
        tables = {}
        for table in _tables(conn):
            with archive.open(f"tables/{table}.jsonl", "w", force_zip64=True) as lines:
                tables[table] = _tally(_written(conn, table, lines))
        contents = ArchiveContents(
            made=datetime.now(UTC),
            database=str(conn.exec_driver_sql("SELECT name FROM identity").scalar_one()),
            steps=_steps(conn),
            tables=tables,
            counters=_counters(conn),
        )
        archive.writestr(SECRET, secret)
        described = {"format": FORMAT, **asdict(contents), "made": contents.made.isoformat()}
        archive.writestr(CONTENTS, json.dumps(described, indent=1))
    return contents


def read_contents(path: Path) -> tuple[ArchiveContents, bytes]:
    """Return what an archive says of itself, and the secret in it.

    :raises ArchiveFault: for a file that is none, isn't whole, or is newer than this program.
    """
    wrong = ArchiveFault(f"{path.name} is no archive of the feedback service, or is not whole.")
    try:
        with zipfile.ZipFile(path) as archive:
            with archive.open(CONTENTS) as file:
                described = json.loads(file.read(MOST_CONTENTS))
            with archive.open(SECRET) as file:
                secret = file.read(MOST_CONTENTS)
        if described["format"] > FORMAT:
            raise ArchiveFault(f"{path.name} was written by a newer version. Upgrade this one.")
        contents = ArchiveContents(
            made=datetime.fromisoformat(described["made"]),
            database=str(described["database"]),
            steps=int(described["steps"]),
            tables={name: TableTally(**tally) for name, tally in described["tables"].items()},
            counters={name: int(number) for name, number in described["counters"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile):
        raise wrong from None
    if contents.steps > len(migrations.STEPS):
        raise ArchiveFault(
            f"{path.name} was written by a newer version of the service. Upgrade this one first."
        )
    return contents, secret


def bring_back(conn: Connection, path: Path) -> ArchiveContents:
    """Put everything of an archive into an empty database, and hold it against the archive.

    All of it is done in the caller's transaction, so on any fault nothing is there.

    :param conn: may write; its database is empty, or made just now.
    :raises ArchiveFault: when the database holds something, or what was brought back differs.
    """
    contents, _ = read_contents(path)
    now = datetime.now(UTC)
    if STEPS_TABLE not in inspect(conn).get_table_names():
        migrations.migrate(conn, now=now, steps=migrations.STEPS[: contents.steps])
    elif _steps(conn) != contents.steps:
        raise ArchiveFault(
            "The database is of another version than the archive. Name an empty one in "
            "OPEN_HOUSE_DATABASE, in which no service has been started."
        )
    tables = _tables(conn)
    for table in tables:
        if table not in OWN_ROWS and _count(conn, table):
            raise ArchiveFault(
                "The database holds something already, and nothing of it was touched. Name an "
                "empty one in OPEN_HOUSE_DATABASE."
            )
    if unknown := contents.tables.keys() - set(tables):
        raise ArchiveFault(f"The archive has tables that nobody knows: {', '.join(unknown)}.")
    with zipfile.ZipFile(path) as archive:
        for table in tables:
            conn.exec_driver_sql(f'DELETE FROM "{table}"')  # noqa: S608 - a name of ours
            if table in contents.tables:
                with archive.open(f"tables/{table}.jsonl") as lines, _whole(path, table):
                    _fill(conn, table, _rows(path, lines))
    _set_counters(conn, contents.counters)
    for table, tally in contents.tables.items():
        if _tally(_lines(conn, table)) != tally:
            raise ArchiveFault(f"{path.name} is not whole: the table {table} differs.")
    migrations.migrate(conn, now=now)
    return contents


def holds_something(conn: Connection) -> bool:
    """Whether a database has anything that a new one doesn't."""
    names = set(inspect(conn).get_table_names())
    if STEPS_TABLE not in names:
        return bool(names)
    return any(_count(conn, table) for table in _tables(conn) if table not in OWN_ROWS)


def empty(conn: Connection) -> None:
    """Take every table of ours out of a database, in the caller's transaction."""
    for table in [*reversed(_tables(conn)), STEPS_TABLE]:
        conn.exec_driver_sql(f'DROP TABLE IF EXISTS "{table}"')


def _tables(conn: Connection) -> list[str]:
    """Return the tables, those that others refer to before them."""
    names = [name for name, _ in inspect(conn).get_sorted_table_and_fkc_names() if name]
    return [name for name in names if name not in {STEPS_TABLE, "sqlite_sequence"}]


def _steps(conn: Connection) -> int:
    return int(conn.exec_driver_sql(f"SELECT count(*) FROM {STEPS_TABLE}").scalar_one())  # noqa: S608 - a name of ours


def _count(conn: Connection, table: str) -> int:
    return int(conn.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one())  # noqa: S608 - a name of ours


def _lines(conn: Connection, table: str) -> Iterator[bytes]:
    """Yield the rows of a table, each as the same bytes from whichever sort of database."""
    columns = inspect(conn).get_columns(table)
    truths = {column["name"] for column in columns if isinstance(column["type"], Boolean)}
    names = sorted(column["name"] for column in columns)
    listed = ", ".join(f'"{name}"' for name in names)
    query = text(f'SELECT {listed} FROM "{table}"').execution_options(yield_per=BATCH)  # noqa: S608 - names of ours
    for row in conn.execute(query):
        facts = {
            name: bool(value) if name in truths and value is not None else _plain(value)
            for name, value in zip(names, row, strict=True)
        }
        yield json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:  # noqa: ANN401 - what a column holds
    return {"base64": b64encode(value).decode()} if isinstance(value, bytes) else value


def _written(conn: Connection, table: str, file: IO[bytes]) -> Iterator[bytes]:
    for line in _lines(conn, table):
        file.write(line + b"\n")
        yield line


def _tally(lines: Iterable[bytes]) -> TableTally:
    count = total = 0
    for line in lines:
        count += 1
        total += int.from_bytes(sha256(line).digest())
    return TableTally(count, f"{total % (1 << 256):064x}")


def _rows(path: Path, file: IO[bytes]) -> Iterator[dict[str, Any]]:
    while line := file.readline(MOST_LINE):
        try:
            row = json.loads(line)
        except ValueError:
            raise ArchiveFault(f"{path.name} is not whole: a row can't be read.") from None
        yield {
            name: b64decode(value["base64"]) if isinstance(value, dict) else value
            for name, value in row.items()
        }


@contextmanager
def _whole(path: Path, table: str) -> Iterator[None]:
    """Blame the archive for rows that the table can't hold, and nothing else on it."""
    try:
        yield
    except (OperationalError, InternalError):
        raise
    except StatementError:
        raise ArchiveFault(f"{path.name} is not whole: {table} can't hold its rows.") from None


def _fill(conn: Connection, table: str, rows: Iterator[dict[str, Any]]) -> None:
    """Put rows into a table; one that refers to its own table is told of it once all are there."""
    within = [
        key["constrained_columns"][0]
        for key in inspect(conn).get_foreign_keys(table)
        if key["referred_table"] == table
    ]
    names = [column["name"] for column in inspect(conn).get_columns(table)]
    listed, places = ", ".join(f'"{n}"' for n in names), ", ".join(f":{n}" for n in names)
    ours = "OVERRIDING SYSTEM VALUE " if conn.dialect.name == "postgresql" else ""
    insert = text(f'INSERT INTO "{table}" ({listed}) {ours}VALUES ({places})')
    later: list[dict[str, Any]] = []
    batch: list[dict[str, Any]] = []
    for row in rows:
        if any(row[name] is not None for name in within):
            later.append({"id": row["id"], **{name: row[name] for name in within}})
        batch.append({**row, **dict.fromkeys(within)})
        if len(batch) == BATCH:
            conn.execute(insert, batch)
            batch = []
    if batch:
        conn.execute(insert, batch)
    if later:
        changes = ", ".join(f'"{name}" = :{name}' for name in within)
        conn.execute(text(f'UPDATE "{table}" SET {changes} WHERE id = :id'), later)  # noqa: S608 - names of ours


def _counters(conn: Connection) -> dict[str, int]:
    if conn.dialect.name == "sqlite":
        return {
            str(name): int(number)
            for name, number in conn.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")
        }
    counters = {}
    for table, sequence in _sequences(conn):
        last, used = conn.exec_driver_sql(f"SELECT last_value, is_called FROM {sequence}").one()  # noqa: S608 - a name of ours
        if used:
            counters[table] = int(last)
    return counters


def _set_counters(conn: Connection, counters: dict[str, int]) -> None:
    """Let no number be given twice, also where the newest row was taken out before the backup."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("DELETE FROM sqlite_sequence")
        for pair in counters.items():
            conn.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", pair)
        return
    for table, sequence in _sequences(conn):
        if number := counters.get(table):
            conn.execute(
                text("SELECT setval(:name, :number)"), {"name": sequence, "number": number}
            )


def _sequences(conn: Connection) -> Iterator[tuple[str, str]]:
    for table in _tables(conn):
        if any(column["name"] == "id" for column in inspect(conn).get_columns(table)):
            named = text("SELECT pg_get_serial_sequence(:table, 'id')")
            if sequence := conn.execute(named, {"table": table}).scalar():
                yield table, str(sequence)
