"""The store: one writer, many readers, and what they keep."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from feedback.store import engine
from feedback.store.errors import Absent, Busy, StoreFault
from feedback.store.migrations import migrate, require_current
from feedback.store.sealing import Seal
from feedback.store.trouble import explained, in_short
from feedback.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from sqlalchemy import Connection, Engine

    from feedback.settings import Settings

PATIENCE = 10.0  # seconds a piece of work may wait for its turn

T = TypeVar("T")


class Store:
    """What the service keeps. One a process; close it, or use it in a ``with``."""

    def __init__(self, writer: Writer, readers: Engine, seal: Seal) -> None:
        self._writer = writer
        self._readers = readers
        self.seal = seal  # for the functions that ask for one

    @classmethod
    def open(cls, settings: Settings) -> Store:
        """Open the database of the settings, made or brought up to date where it must be.

        Raises `StoreFault` with a sentence when that can't be done.
        """
        try:
            writing = _ready(settings.database)
        except (OSError, SQLAlchemyError) as error:
            raise _unopened(error) from error
        readers = engine.reading(settings.database)
        return cls(Writer(writing), readers, Seal(settings.secret))

    async def write(self, work: Callable[[Connection], T], *, within: float = PATIENCE) -> T:
        """Run a piece of work in the writer; returns its result after COMMIT.

        The work does nothing but SQL: it may be run again after a deadlock or a lost connection.
        Raises what the work raises, which undoes the work, and `Busy`, `Closed` or `Unkept`.
        ``within`` is how many seconds it may wait for its turn.
        """
        answer = self._writer.accept(work)
        waiting = asyncio.wrap_future(answer)
        done, _ = await asyncio.wait({waiting}, timeout=within)
        if not done and answer.cancel():
            raise _late()
        return await waiting

    def write_now(self, work: Callable[[Connection], T], *, within: float = PATIENCE) -> T:
        """Do as `write` does, for code that is not asynchronous."""
        answer = self._writer.accept(work)
        try:
            return answer.result(within)
        except TimeoutError:
            return _in_the_end(answer)

    async def ask(self, work: Callable[[Connection], T]) -> T:
        """Run a piece of reading in a thread, over one moment of the database."""
        return await asyncio.to_thread(self._ask, work)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection that sees one moment of the database and can change nothing.

        Raises `Busy` or `Unkept` when the database can't be read.
        """
        try:
            with self._readers.connect() as conn:
                yield conn
        except SQLAlchemyError as error:
            raise explained(error) from error

    def close(self) -> None:
        """Take no more work, finish what was accepted, and let go of the database."""
        self._writer.close()
        self._readers.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, work: Callable[[Connection], T]) -> T:
        with self.read() as conn:
            return work(conn)


@contextmanager
def read_existing(database: str) -> Iterator[Connection]:
    """Yield a connection that reads what a service keeps, and makes or changes nothing.

    :param database: its address, as in `Settings.database`.
    :raises StoreFault: where there is no such database, or the service must be started first.
    """
    if not engine.may_exist(database):
        raise Absent("There is no feedback database on this machine.")
    readers = engine.reading(database)
    try:
        with readers.connect() as conn:
            require_current(conn)
            yield conn
    except SQLAlchemyError as error:
        raise _unopened(error) from error
    finally:
        readers.dispose()


def _unopened(error: Exception) -> StoreFault:
    return StoreFault(
        "The database that OPEN_HOUSE_DATABASE names can't be opened: "
        f"{in_short(error)}. Check the address, and who may write there."
    )


def _ready(database: str) -> Engine:
    """Return the writer's engine, its database made or brought up to date."""
    writing = engine.writing(database)
    try:
        with writing.begin() as conn:
            migrate(conn, now=datetime.now(UTC))
    except BaseException:
        writing.dispose()
        raise
    return writing


def _in_the_end(answer: Future[T]) -> T:
    """Take back a piece that has not begun; one that has is waited for, so that nobody guesses."""
    if answer.cancel():
        raise _late()
    return answer.result()


def _late() -> Busy:
    return Busy("Too much is being written. Nothing was kept; try again in a minute.")
