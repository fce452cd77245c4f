"""The writer: nothing is acknowledged that is not kept, and no failure is anybody else's."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from feedback.store import Busy, Closed, Store, Unkept
from feedback.store.database import engine
from feedback.store.database.storage import PATIENCE, GroupWriter
from tests.copies import ROOT
from tests.databases import settings_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from sqlalchemy import Connection, Engine

    from feedback.settings import Settings
    from tests.databases import Postgresql


class Bench:
    """A writer over a table of words, with a door that holds it shut while pieces gather."""

    def __init__(self, settings: Settings, **options: int) -> None:
        self.engine: Engine = engine.writing(settings.database)
        with self.engine.begin() as conn:
            conn.execute(text("CREATE TABLE words (word TEXT NOT NULL UNIQUE)"))
        self.readers: Engine = engine.reading(settings.database)
        self.writer = GroupWriter(self.engine, **options)
        self._door = threading.Event()
        self._begun = threading.Event()

    def shut(self) -> Future[None]:
        """Occupy the writer until `open`; returns once it is occupied."""
        self._door.clear()
        self._begun.clear()
        held = self.writer.accept(self._wait)
        self._begun.wait()
        return held

    def open(self) -> None:
        self._door.set()

    def _wait(self, _conn: Connection) -> None:
        self._begun.set()
        self._door.wait()

    def add(self, word: str) -> Future[str]:
        return self.writer.accept(adding(word))

    def words(self) -> list[str]:
        with self.readers.connect() as conn:
            return list(conn.execute(text("SELECT word FROM words ORDER BY word")).scalars())

    def close(self) -> None:
        self.open()
        self.writer.close()
        self.readers.dispose()


def adding(word: str) -> Callable[[Connection], str]:
    def work(conn: Connection) -> str:
        conn.execute(text("INSERT INTO words (word) VALUES (:word)"), {"word": word})
        return word

    return work


@contextmanager
def benched(settings: Settings, **options: int) -> Iterator[Bench]:
    bench = Bench(settings, **options)
    try:
        yield bench
    finally:
        bench.close()


@pytest.fixture
def bench(settings: Settings) -> Iterator[Bench]:
    with benched(settings) as bench:
        yield bench


@pytest.fixture
def sqlite_bench(sqlite_settings: Settings) -> Iterator[Bench]:
    with benched(sqlite_settings) as bench:
        yield bench


def test_nobody_is_answered_before_commit(bench: Bench) -> None:
    answered_too_early = []
    bench.shut()
    answer = bench.add("tŷ")

    @event.listens_for(bench.engine, "commit")
    def before_commit(_conn: Connection) -> None:
        answered_too_early.append(answer.done())

    bench.open()
    assert answer.result() == "tŷ"
    assert bench.words() == ["tŷ"]
    assert len(answered_too_early) == 2  # the commit of the door, and that of the word
    assert not any(answered_too_early)


def test_what_waits_together_is_kept_by_one_commit(bench: Bench) -> None:
    commits = []
    bench.shut()
    event.listen(bench.engine, "commit", lambda _conn: commits.append(1))
    answers = [bench.add(f"{number:03}") for number in range(200)]
    bench.open()
    assert [answer.result() for answer in answers] == bench.words()
    assert len(commits) == 2  # that of the door, and that of all the words


def test_a_group_has_an_end(settings: Settings) -> None:
    with benched(settings, group=10) as bench:
        commits = []
        bench.shut()
        event.listen(bench.engine, "commit", lambda _conn: commits.append(1))
        answers = [bench.add(f"{number:03}") for number in range(25)]
        bench.open()
        assert [answer.result() for answer in answers] == bench.words()
        assert len(commits) == 4  # the door, 10, 10 and 5


def test_a_piece_that_fails_undoes_itself_alone(bench: Bench) -> None:
    def fails(conn: Connection) -> None:
        adding("half done")(conn)
        raise ZeroDivisionError

    bench.shut()
    before, failed, after = bench.add("before"), bench.writer.accept(fails), bench.add("after")
    twice = bench.add("before")
    bench.open()
    assert before.result() == "before"
    assert after.result() == "after"
    with pytest.raises(ZeroDivisionError):
        failed.result()
    with pytest.raises(IntegrityError):
        twice.result()
    assert bench.words() == ["after", "before"]


def test_a_piece_that_ends_the_transaction_takes_nobody_with_it(bench: Bench) -> None:
    def ends(conn: Connection) -> None:
        adding("half done")(conn)
        connection: Any = conn.connection.driver_connection
        connection.execute("ROLLBACK")
        raise ZeroDivisionError

    bench.shut()
    before, ended, after = bench.add("before"), bench.writer.accept(ends), bench.add("after")
    bench.open()
    assert before.result() == "before"
    assert after.result() == "after"
    with pytest.raises(ZeroDivisionError):
        ended.result()
    assert bench.words() == ["after", "before"]


def test_a_full_disk_spoils_only_what_does_not_fit(sqlite_bench: Bench) -> None:
    @event.listens_for(sqlite_bench.engine, "connect")
    def shrink(connection: Any, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 4}")

    sqlite_bench.engine.dispose()  # the next connection is the one that finds little room
    sqlite_bench.shut()
    before, huge = sqlite_bench.add("before"), sqlite_bench.add("x" * 100_000)
    after = sqlite_bench.add("after")
    sqlite_bench.open()
    assert before.result() == "before"
    assert after.result() == "after"
    with pytest.raises(Unkept, match="full"):
        huge.result()
    assert sqlite_bench.words() == ["after", "before"]


def test_a_commit_that_fails_is_acknowledged_to_nobody(sqlite_bench: Bench) -> None:
    def orphan(conn: Connection) -> None:
        conn.execute(text("PRAGMA defer_foreign_keys=ON"))  # looked at by COMMIT, and only then
        conn.execute(text("INSERT INTO links (word) VALUES ('nobody said this')"))

    def make(conn: Connection) -> None:
        conn.execute(text("CREATE TABLE links (word TEXT REFERENCES words (word))"))

    sqlite_bench.writer.accept(make).result()
    sqlite_bench.shut()
    lost, cause = sqlite_bench.add("lost"), sqlite_bench.writer.accept(orphan)
    sqlite_bench.open()
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        lost.result()
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        cause.result()
    assert sqlite_bench.add("kept").result() == "kept"
    assert sqlite_bench.words() == ["kept"]


def test_what_nobody_foresaw_is_told_and_the_writer_goes_on(bench: Bench) -> None:
    troubles: list[Exception] = [ZeroDivisionError()]

    @event.listens_for(bench.engine, "begin")
    def begin(_conn: Connection) -> None:
        if troubles:
            raise troubles.pop()

    with pytest.raises(ZeroDivisionError):
        bench.add("lost").result()
    assert bench.add("kept").result() == "kept"
    assert bench.words() == ["kept"]


def test_too_many_at_once_are_sent_away_with_words(settings: Settings) -> None:
    with benched(settings, room=3) as bench:
        bench.shut()
        waiting = [bench.add(word) for word in "abc"]
        with pytest.raises(Busy, match="try again"):
            bench.add("d")
        bench.open()
        assert [answer.result() for answer in waiting] == bench.words() == ["a", "b", "c"]


def test_a_piece_taken_back_before_it_began_never_happens(bench: Bench) -> None:
    bench.shut()
    first, second = bench.add("first"), bench.add("second")
    assert first.cancel()
    bench.open()
    assert second.result() == "second"
    assert bench.words() == ["second"]


def test_closing_finishes_what_was_accepted_and_takes_no_more(bench: Bench) -> None:
    bench.shut()
    answers = [bench.add(word) for word in "abc"]
    closing = threading.Thread(target=bench.writer.close)
    closing.start()
    bench.open()
    closing.join()
    assert [answer.done() for answer in answers] == [True] * 3
    assert bench.words() == ["a", "b", "c"]
    with pytest.raises(Closed):
        bench.add("late")


def test_whoever_waits_too_long_is_told_that_nothing_was_kept(store: Store) -> None:
    begun, door = threading.Event(), threading.Event()

    def hold(_conn: Connection) -> None:
        begun.set()
        door.wait()

    ran = []

    async def impatient() -> None:
        holding = asyncio.create_task(store.write(hold))
        await asyncio.to_thread(begun.wait)
        with pytest.raises(Busy):
            await store.write(lambda _conn: ran.append("async"), within=0)
        with pytest.raises(Busy):
            await asyncio.to_thread(store.write_now, lambda _: ran.append("sync"), within=0)
        door.set()
        await holding
        await store.write(lambda _conn: ran.append("after"))

    asyncio.run(impatient())
    assert ran == ["after"]


def test_what_has_begun_is_waited_for_so_that_nobody_guesses(store: Store) -> None:
    begun, door = threading.Event(), threading.Event()

    def slow(_conn: Connection) -> str:
        begun.set()
        door.wait()
        return "kept"

    async def patient() -> str:
        writing = asyncio.create_task(store.write(slow, within=0.01))
        await asyncio.to_thread(begun.wait)
        door.set()
        return await writing

    assert asyncio.run(patient()) == "kept"
    assert PATIENCE > 1


def test_sqlite_syncs_every_commit_and_checks_references(sqlite_bench: Bench) -> None:
    def ask(conn: Connection) -> dict[str, object]:
        names = ("synchronous", "foreign_keys", "busy_timeout", "secure_delete", "journal_mode")
        return {name: conn.execute(text(f"PRAGMA {name}")).scalar_one() for name in names}

    sound = engine.wal_is_safe(engine.sqlite_driver().sqlite_version_info)
    assert sqlite_bench.writer.accept(ask).result() == {
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "busy_timeout": engine.PATIENCE,
        "secure_delete": 1,
        "journal_mode": "wal" if sound else "delete",
    }


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 6, 23), True),
        ((3, 7, 0), False),
        ((3, 40, 1), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_versions_with_the_wal_reset_bug_are_known(version: tuple[int, ...], safe: bool) -> None:  # noqa: FBT001
    assert engine.wal_is_safe(version) is safe


class Affected:
    """Python's own SQLite, saying that it is a version with the bug."""

    sqlite_version = "3.40.1"
    sqlite_version_info = (3, 40, 1)

    def __getattr__(self, name: str) -> Any:
        return getattr(sqlite3, name)


def test_an_affected_sqlite_keeps_a_rollback_journal(sqlite_settings: Settings) -> None:
    # Also when the log was switched on before, by a sound version.
    with benched(sqlite_settings):
        pass
    affected = engine.writing(sqlite_settings.database, Affected())
    with affected.begin() as conn:
        assert conn.execute(text("PRAGMA journal_mode")).scalar_one() == "delete"
    affected.dispose()


def test_no_private_word_is_in_an_error(bench: Bench) -> None:
    bench.add("private").result()
    with pytest.raises(IntegrityError) as error:
        bench.add("private").result()
    assert "private" not in str(error.value).partition("DETAIL")[0]


def test_the_file_is_the_services_own(sqlite_settings: Settings, sqlite_store: Store) -> None:
    sqlite_store.write_now(lambda conn: conn.execute(text("SELECT 1")).scalar_one())
    path = Path(sqlite_settings.database.removeprefix("sqlite:///"))
    files = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob("*sqlite3*")}
    assert set(files.values()) == {0o600}


WORKER = """
import os, sys
from sqlalchemy import text
from feedback.store.database import engine
from feedback.store.database.storage import GroupWriter
writer = GroupWriter(engine.writing(sys.argv[1]))
def adding(word):
    return lambda conn: conn.execute(text("INSERT INTO words (word) VALUES (:w)"), {"w": word})
for number in range(int(sys.argv[3])):
    word = f"{sys.argv[2]}{number:05}"
    writer.accept(lambda conn: adding(word)(conn) and None).result()
    print(word, flush=True)
"""


def worker(settings: Settings, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORKER, settings.database, name, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_what_a_killed_process_had_acknowledged_is_there(bench: Bench, settings: Settings) -> None:
    with worker(settings, "word", 100_000) as process:
        assert process.stdout is not None
        heard = [process.stdout.readline().strip() for _ in range(50)]
        process.send_signal(signal.SIGKILL)
        heard += process.stdout.read().split()
    assert set(heard) <= set(bench.words())


def test_several_processes_write_to_one_database(bench: Bench, settings: Settings) -> None:
    workers = [worker(settings, name, 50) for name in "abc"]
    heard = [word for process in workers for word in process.communicate()[0].split()]
    assert [process.returncode for process in workers] == [0, 0, 0]
    assert len(heard) == 150
    assert sorted(heard) == bench.words()


def test_a_deadlock_of_two_workers_loses_nothing(postgresql: Postgresql, tmp_path: Path) -> None:
    settings = settings_for(postgresql.database(), tmp_path)
    meeting = threading.Barrier(2)
    with benched(settings) as bench:
        bench.add("a").result()
        bench.add("b").result()
        other = GroupWriter(engine.writing(settings.database))
        tries = []

        def crossing(first: str, second: str) -> Callable[[Connection], str]:
            def work(conn: Connection) -> str:
                tries.append(first)
                change = text("UPDATE words SET word = word || '!' WHERE word LIKE :word")
                conn.execute(change, {"word": first + "%"})
                if len(tries) <= 2:
                    meeting.wait()
                conn.execute(change, {"word": second + "%"})
                return first

            return work

        answers = [bench.writer.accept(crossing("a", "b")), other.accept(crossing("b", "a"))]
        assert [answer.result() for answer in answers] == ["a", "b"]
        other.close()
        assert bench.words() == ["a!!", "b!!"]
        assert len(tries) > 2  # one of them tripped, and was run again


def test_a_connection_that_is_lost_is_made_anew(postgresql: Postgresql, tmp_path: Path) -> None:
    settings = settings_for(postgresql.database(), tmp_path)
    tries = []
    with benched(settings) as bench:

        def cut(conn: Connection) -> str:
            tries.append(1)
            if len(tries) == 1:
                mine = conn.execute(text("SELECT pg_backend_pid()")).scalar_one()
                with bench.readers.connect() as other:
                    other.execute(text(f"SELECT pg_terminate_backend({mine})"))
            return adding("cut")(conn)

        bench.shut()
        before, piece, after = bench.add("before"), bench.writer.accept(cut), bench.add("after")
        bench.open()
        assert [before.result(), piece.result(), after.result()] == ["before", "cut", "after"]
        assert bench.words() == ["after", "before", "cut"]
