"""Tenants and staff of the tests: what they send, and what is done with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.public.vocabulary import SubmissionSort
from feedback.model import AnswerBy, Contact, Submission
from feedback.store.actions import submissions
from feedback.store.database.schema import METADATA

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from feedback.model import Case
    from feedback.store import Store
    from feedback.store.actions.submissions import NewReceipt

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
DUE = date(2026, 3, 16)
LATER = NOW + timedelta(days=3)

IDEA = Submission(
    sort=SubmissionSort.IDEA,
    lang="cy",
    said="Mae'r tŷ yn oer a'r wal yn wlyb, Siân Prys ydw i.",
    topic="damp",
    may_publish=True,
    answer_by=AnswerBy.EMAIL,
    contact=Contact(
        name="Siân Prys",
        email="sian.prys@example.org",
        phone="01632 960123",
        address="14 Ffordd y Wennol, Abergwennol",
    ),
)


def sent(**changes: Any) -> Submission:
    """What a tenant sends: an idea in Welsh, unless it is said otherwise."""
    return replace(IDEA, **changes)


class House:
    """A store, with somebody at its desk who always looks before they decide."""

    def __init__(self, store: Store, seed: int = 1) -> None:
        self.store = store
        self.random = Random(seed)
        self._forms = 0

    def add(self, submission: Submission = IDEA, **options: Any) -> NewReceipt:
        """Keep a submission as if its form had been sent once."""
        self._forms += 1
        arguments: dict[str, Any] = {"idempotency": f"form {self._forms}", "now": NOW, "due": DUE}
        arguments |= {"random": self.random} | options
        return self.store.write_now(
            lambda conn: submissions.add(conn, self.store.tokens, submission, **arguments)
        )

    def desk(self, function: Callable[..., Case], ref: str, **options: Any) -> Case:
        """Have a member of staff change a submission as it stands now."""
        arguments = {"by": "mair", "now": LATER, "version": self.case(ref).version} | options
        return self.store.write_now(lambda conn: function(conn, ref, **arguments))

    def tenant(self, function: Callable[..., Case], ref: str, **options: Any) -> Case:
        """Have a tenant change their own submission."""
        arguments = {"now": LATER} | options
        return self.store.write_now(lambda conn: function(conn, ref, **arguments))

    def redact(self, ref: str, text: str = "Mae'r tŷ yn oer a'r wal yn wlyb.") -> Case:
        """Take the name out of a submission."""
        return self.desk(submissions.redact, ref, public_text=text, kinds=["name"])

    def case(self, ref: str) -> Case:
        """Look at a submission."""
        with self.store.read() as conn:
            case = submissions.case(conn, ref)
        assert case is not None
        return case

    def read(self, function: Callable[..., Any], *words: Any, **options: Any) -> Any:
        """Read something through a connection."""
        with self.store.read() as conn:
            return function(conn, *words, **options)


def everything(conn: Connection) -> str:
    """Every value of every table, as one text."""
    return "\n".join(
        str(tuple(row)) for table in METADATA.sorted_tables for row in conn.execute(select(table))
    )
