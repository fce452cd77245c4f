"""What can go wrong in the store, each with a sentence for staff and logs."""

from __future__ import annotations


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
