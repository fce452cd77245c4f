"""The tables, and what stands in them: the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import MetaData, UniqueConstraint, inspect, text

from feedback.store import Busy, Newer, Store, StoreFault
from feedback.store.actions import submissions
from feedback.store.casework.queues import queue_page
from feedback.store.database import engine
from feedback.store.database.engine import sqlite_driver, wal_is_safe
from feedback.store.database.migrations import STEPS, migrate
from feedback.store.database.schema import METADATA
from tests.databases import settings_for
from tests.tenants import IDEA, NOW, House, everything

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Table

    from feedback.settings import Settings


def test_nothing_that_opens_a_submission_is_in_the_database(house: House) -> None:
    added = house.add(idempotency="a key that nobody can guess")
    rows = house.read(everything)
    assert added.receipt not in rows
    assert added.code not in rows
    assert "a key that nobody can guess" not in rows
    assert added.receipt not in repr(added)
    assert added.code not in repr(added)


def test_there_is_no_place_for_a_network_address() -> None:
    names = {str(column) for table in METADATA.sorted_tables for column in table.c}
    strange = re.compile(r"(^|[._])(ip|host|remote|agent|peer|forwarded|addr)([._]|$)")
    assert not [name for name in names if strange.search(name)]
    assert {name for name in names if "address" in name} == {"private.address"}


def optional(table: Table) -> dict[str, bool]:
    """The columns of a table, and whether each may be empty; a key never is."""
    return {column.name: bool(column.nullable) and not column.primary_key for column in table.c}


def test_the_tables_are_those_that_queries_expect(store: Store) -> None:
    with store.read() as conn:
        metadata = MetaData()
        metadata.reflect(conn)
        for table in METADATA.sorted_tables:
            actual = metadata.tables[table.name]
            assert optional(actual) == optional(table)
            assert [c.name for c in actual.primary_key] == [c.name for c in table.primary_key]
            assert {key.target_fullname for key in actual.foreign_keys} == {
                key.target_fullname for key in table.foreign_keys
            }
            unique = {
                tuple(x["column_names"]) for x in inspect(conn).get_unique_constraints(table.name)
            }
            assert unique == {
                tuple(column.name for column in constraint.columns)
                for constraint in table.constraints
                if isinstance(constraint, UniqueConstraint)
            }
        assert set(metadata.tables) == {*METADATA.tables, "schema_version"}


def test_many_workers_may_start_on_an_empty_database_at_once(untouched: Settings) -> None:
    def start(_number: int) -> None:
        Store.open(untouched).close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(start, range(6)))
    with Store.open(untouched) as store, store.read() as conn:
        steps = conn.execute(text("SELECT step FROM schema_version ORDER BY step")).scalars()
        assert list(steps) == list(range(1, len(STEPS) + 1))


def test_an_older_database_walks_the_steps_it_lacks(store: Store) -> None:
    more = (*STEPS, "CREATE TABLE later (id {key})", "INSERT INTO later VALUES (1);\nSELECT 1")
    if store.write_now(lambda conn: conn.dialect.name) == "postgresql":
        more = (*more[:-1], "INSERT INTO later DEFAULT VALUES;\nSELECT 1")
    assert store.write_now(lambda conn: migrate(conn, now=NOW, steps=more)) == 2
    assert store.write_now(lambda conn: migrate(conn, now=NOW, steps=more)) == 0
    with store.read() as conn:
        assert conn.execute(text("SELECT count(*) FROM later")).scalar_one() == 1


def test_a_step_that_fails_leaves_the_database_as_it_was(store: Store) -> None:
    broken = (*STEPS, "CREATE TABLE later (id {key});\nSELECT nonsense FROM nowhere")
    with pytest.raises(Exception, match="nowhere"):
        store.write_now(lambda conn: migrate(conn, now=NOW, steps=broken))
    with store.read() as conn:
        assert not inspect(conn).has_table("later")


def test_a_newer_database_is_left_alone_with_words(settings: Settings) -> None:
    with Store.open(settings) as store:
        newer = (*STEPS, "CREATE TABLE later (id {key})")
        store.write_now(lambda conn: migrate(conn, now=NOW, steps=newer))
    with pytest.raises(Newer, match="newer version"):
        Store.open(settings)


@pytest.mark.parametrize("why", ["a folder", "no database", "nobody answers"])
def test_a_database_that_cannot_be_opened_is_said_in_a_sentence(tmp_path: Path, why: str) -> None:
    place = tmp_path / "feedback.sqlite3"
    database = f"sqlite:///{place}"
    if why == "a folder":
        place.mkdir()
    elif why == "no database":
        place.write_text("Dear diary, " * 100, encoding="utf-8")
    else:
        database = f"postgresql://house:hidden@/house?host={tmp_path}"
    with pytest.raises(StoreFault, match="OPEN_HOUSE_DATABASE") as fault:
        Store.open(settings_for(database, tmp_path))
    assert "hidden" not in str(fault.value)
    assert "\n" not in str(fault.value)
    assert why == "a folder" or place.exists() == (why == "no database")


def test_too_many_readers_are_sent_away_with_words(
    sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "READERS", 1)
    monkeypatch.setattr(engine, "OVERFLOW", 0)
    monkeypatch.setattr(engine, "PATIENCE", 1)
    busy = pytest.raises(Busy, match="try again")
    with Store.open(sqlite_settings) as store, store.read(), busy, store.read():
        pass


def test_reading_leaves_the_event_loop_alone(house: House) -> None:
    ref = house.add().ref

    def look(conn: Connection) -> tuple[str, int]:
        return submissions.said(conn, ref), threading.get_ident()

    answer, thread = asyncio.run(house.store.ask(look))
    assert answer == IDEA.said
    assert thread != threading.get_ident()


def test_readers_cannot_change_anything(store: Store) -> None:
    House(store).add()
    with pytest.raises(Exception, match=r"read-?only"), store.read() as conn:
        conn.execute(text("DELETE FROM private"))


def test_a_reader_sees_one_moment(house: House) -> None:
    with house.store.read() as conn:
        postgresql = conn.dialect.name == "postgresql"
        assert queue_page(conn).total == 0
        if postgresql or wal_is_safe(sqlite_driver().sqlite_version_info):
            house.add()
        else:  # a rollback journal lets nobody write while somebody reads
            with pytest.raises(Busy):
                house.add()
        assert queue_page(conn).total == 0


def test_instants_come_back_exactly_as_they_went(house: House) -> None:
    moment = datetime(2026, 3, 29, 0, 59, 59, 999_999, tzinfo=UTC)
    assert house.case(house.add(now=moment).ref).received == moment
