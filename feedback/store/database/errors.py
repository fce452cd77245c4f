"""What can go wrong in the store, each with a sentence for staff and logs."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class StoreFault(Exception):
    """Something could not be read or kept; its words say what, and what to do."""


class Busy(StoreFault):
    """Too much at once: nothing was kept, and trying again soon will do."""


class Closed(StoreFault):
    """The service is stopping: nothing was kept."""


class Unkept(StoreFault):
    """The database could not keep it, for want of space, say: nothing was kept."""


class Newer(StoreFault):
    """The database was made by a newer version of the service."""


class Older(StoreFault):
    """The database has not been brought up to date by the service yet."""


class Absent(StoreFault):
    """No service has kept anything here, so there is nothing to read."""


class Missing(StoreFault):
    """There is no submission of this reference, or no such thing."""


class Conflict(StoreFault):
    """Somebody else changed the submission meanwhile: look at it anew."""


class Refused(StoreFault):
    """A rule of the house stands against it."""

    def __init__(self, rule: str, sentence: str) -> None:
        super().__init__(sentence)
        self.rule = rule  # a key for whoever translates: "reason", "route", "unredacted" ...


# PostgreSQL's codes (its manual, appendix A) for locks of another worker.
TRIPPED = {"40001", "40P01"}  # serialisation failure, deadlock: trying again helps
WAITED = {"55P03", "57014", "53300"}  # a lock's or a statement's time ran out, no connection free


def is_passing(error: BaseException) -> bool:
    """Whether the same piece of work may go through when it is tried again at once."""
    return isinstance(error, DBAPIError) and _state(error) in TRIPPED


def explained(error: BaseException) -> BaseException:
    """Return a database's error as a fault of ours; anything else as it is."""
    if isinstance(error, PoolTimeout):
        return _caused(Busy("Too many are reading at once; try again in a minute."), error)
    if not isinstance(error, DBAPIError) or isinstance(error.orig, StoreFault):
        return error
    if _state(error) in TRIPPED | WAITED or _is_locked(error):
        busy = Busy("Somebody else is writing. Nothing was kept; try again in a minute.")
        return _caused(busy, error)
    if _is_programming(error):
        return error
    return _caused(
        Unkept(
            "The database could not keep it, or could not say that it did. Sending it again "
            f"does no harm. The database says: {in_short(error)}."
        ),
        error,
    )


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")


def _is_locked(error: DBAPIError) -> bool:
    name = str(getattr(error.orig, "sqlite_errorname", ""))
    return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def _is_programming(error: DBAPIError) -> bool:
    """Whether the statement is at fault and not the database: a bug, better seen as it is."""
    bug = getattr(error.orig, "sqlite_errorname", "") == "SQLITE_ERROR"
    return bug or type(error).__name__ in {"IntegrityError", "ProgrammingError", "DataError"}


def in_short(error: BaseException) -> str:
    """Return the first line of what went wrong; never the statement, whose values are private."""
    cause = (isinstance(error, DBAPIError) and error.orig) or error
    lines = str(cause).strip().rstrip(".").splitlines()
    return lines[0] if lines else type(cause).__name__


def _caused(fault: StoreFault, error: BaseException) -> StoreFault:
    fault.__cause__ = error
    return fault
