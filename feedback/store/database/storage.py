"""The store: one writer, many readers.

Pieces of work are kept together, and each is answered after COMMIT: a group shares one transaction
and so one write to the disk, and a savepoint around each lets a piece that fails undo itself alone.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from feedback.store.database import engine, occupancy
from feedback.store.database.engine import scrub
from feedback.store.database.errors import (
    Absent,
    Busy,
    Closed,
    StoreFault,
    explained,
    in_short,
    is_passing,
)
from feedback.store.database.migrations import migrate, require_current
from feedback.store.database.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection, Engine

    from feedback.settings import Settings

PATIENCE = 10.0  # seconds a piece of work may wait for its turn
ROOM = 1_000  # pieces that may wait; further ones are sent away at once
GROUP = 250  # pieces kept by one COMMIT
TRIES = 5  # for a piece that another worker's lock tripped up

T = TypeVar("T")


class Store:
    """What the service keeps. One a process; close it, or use it in a `with`."""

    def __init__(
        self, writer: GroupWriter, readers: Engine, tokens: Tokens, held: int | None
    ) -> None:
        self._writer = writer
        self._held = held  # while it is held, nobody replaces the database
        self._readers = readers
        self.tokens = tokens  # for the functions that ask for one

    @classmethod
    def open(cls, settings: Settings) -> Store:
        """Open the database of the settings, made or brought up to date where it must be.

        :raises StoreFault: when that can't be done.
        """
        try:
            held = occupancy.hold(settings.database)
            try:
                writing = _ready(settings.database)
            except BaseException:
                occupancy.let_go(held)
                raise
        except (OSError, SQLAlchemyError) as error:
            raise _unopened(error) from error
        readers = engine.reading(settings.database)
        return cls(GroupWriter(writing), readers, Tokens(settings.secret), held)

    async def write(self, work: Callable[[Connection], T], *, within: float = PATIENCE) -> T:
        """Run a piece of work in the writer; returns its result after COMMIT.

        The work does nothing but SQL: it may be run again after a deadlock or a lost connection.
        What it raises undoes it, and is raised here.

        :param within: how many seconds it may wait for its turn.
        :raises StoreFault: `Busy`, `Closed` or `Unkept`; nothing was kept.
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

        :raises StoreFault: `Busy` or `Unkept`, when the database can't be read.
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
        occupancy.let_go(self._held)
        self._held = None

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
    :raises Absent: where there is no such database.
    :raises StoreFault: where it can't be read, or the service must be started first.
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


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of work, and the answer somebody waits for."""

    work: Callable[[Connection], Any]
    answer: Future[Any]


class _GroupLost(Exception):
    """The whole transaction went with the piece that failed."""


class GroupWriter:
    """Keeps pieces of work, in the order they were accepted, in a thread of its own."""

    def __init__(self, engine: Engine, *, room: int = ROOM, group: int = GROUP) -> None:
        self._engine = engine
        self._group = group
        self._door = threading.Lock()
        self._closed = False
        self._waiting: queue.Queue[_Piece | None] = queue.Queue(room)
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def accept(self, work: Callable[[Connection], T]) -> Future[T]:
        """Take a piece of work; the future is answered after COMMIT, or with what went wrong.

        Cancelling the future takes back a piece that has not begun.

        :raises Busy: when too many wait already.
        :raises Closed: after `close`.
        """
        answer: Future[T] = Future()
        with self._door:
            if self._closed:
                raise Closed("The service is stopping. Nothing was kept; try again in a minute.")
            try:
                self._waiting.put_nowait(_Piece(work, answer))
            except queue.Full:
                raise Busy(
                    "Too many are writing at once. Nothing was kept; try again in a minute."
                ) from None
        return answer

    def close(self) -> None:
        """Take no more, finish what was accepted, and let go of the database."""
        with self._door:
            first, self._closed = not self._closed, True
        if first:
            self._waiting.put(None)
        self._thread.join()
        self._engine.dispose()

    def _run(self) -> None:
        last = False
        while not last:
            pieces, last = self._gather()
            begun = [piece for piece in pieces if piece.answer.set_running_or_notify_cancel()]
            try:
                self._keep(begun)
            except BaseException as error:  # noqa: BLE001  # nobody may wait for ever
                for piece in begun:
                    if not piece.answer.done():
                        piece.answer.set_exception(error)

    def _gather(self) -> tuple[list[_Piece], bool]:
        """Return what waits, at most a group, and whether nothing comes after it."""
        pieces: list[_Piece] = []
        piece = self._waiting.get()
        while piece is not None:
            pieces.append(piece)
            if len(pieces) == self._group:
                return pieces, False
            try:
                piece = self._waiting.get_nowait()
            except queue.Empty:
                return pieces, False
        return pieces, True

    def _keep(self, pieces: Sequence[_Piece]) -> None:
        try:
            again = self._together(pieces)
        except _GroupLost:
            again = list(pieces)
        for piece in again:
            self._alone(piece)

    def _alone(self, piece: _Piece) -> None:
        """Keep a piece in a transaction of its own, so that its trouble is nobody else's."""
        for tries in range(1, TRIES + 1):
            try:
                if not self._together([piece], last=tries == TRIES):
                    return
            except _GroupLost as lost:
                if tries == TRIES:
                    piece.answer.set_exception(explained(lost.__cause__ or lost))

    def _together(self, pieces: Sequence[_Piece], *, last: bool = False) -> list[_Piece]:
        """Keep pieces by one COMMIT and answer them; return those to try again.

        :param last: whether a piece that trips over another worker's lock is answered.
        :raises _GroupLost: when nothing was kept and nobody was answered.
        """
        if not pieces:
            return []
        outcome = _Outcome()
        try:
            with self._engine.connect() as conn, _dropped_in_doubt(conn):
                conn.begin()
                for piece in pieces:
                    _run(conn, piece, outcome, last=last)
                conn.commit()
                outcome.answer()
                scrub(conn)
        except DBAPIError as error:
            # The connection, BEGIN or COMMIT failed. What COMMIT did may be unknown, so nothing
            # is run again: whoever sends it again sends the same idempotency key.
            for piece in pieces:
                piece.answer.set_exception(explained(error))
            return []
        return outcome.again


@contextmanager
def _dropped_in_doubt(conn: Connection) -> Iterator[None]:
    """Close a connection for good when its transaction failed: it may still stand in it."""
    try:
        yield
    except BaseException:
        conn.invalidate()
        raise


@dataclass(slots=True)
class _Outcome:
    """What became of a group, before COMMIT made it true."""

    kept: list[tuple[_Piece, Any]] = field(default_factory=list)
    failed: list[tuple[_Piece, BaseException]] = field(default_factory=list)
    again: list[_Piece] = field(default_factory=list)

    def answer(self) -> None:
        for piece, result in self.kept:
            piece.answer.set_result(result)
        for piece, error in self.failed:
            piece.answer.set_exception(error)


def _run(conn: Connection, piece: _Piece, outcome: _Outcome, *, last: bool) -> None:
    """Run a piece and note what became of it.

    :raises _GroupLost: when the whole transaction went with it.
    """
    try:
        outcome.kept.append((piece, _within_savepoint(conn, piece)))
    except _GroupLost:
        raise
    except BaseException as error:  # noqa: BLE001  # it is the asker's to see
        if is_passing(error) and not last:
            outcome.again.append(piece)
        else:
            outcome.failed.append((piece, explained(error)))


def _within_savepoint(conn: Connection, piece: _Piece) -> Any:  # noqa: ANN401
    """Run a piece; a failure undoes what the piece did, and nothing else."""
    conn.exec_driver_sql("SAVEPOINT piece")
    try:
        result = piece.work(conn)
        conn.exec_driver_sql("RELEASE SAVEPOINT piece")
    except BaseException as error:
        try:
            conn.exec_driver_sql("ROLLBACK TO SAVEPOINT piece")
            conn.exec_driver_sql("RELEASE SAVEPOINT piece")
        except Exception:  # noqa: BLE001  # the database ended the transaction by itself
            raise _GroupLost from error
        raise
    return result
