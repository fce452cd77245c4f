"""What a person may ask to have: all that is kept of them (UK GDPR, articles 15 and 20)."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, select

from feedback.identifiers import NoAddress, email_address, figures, reference_of, telephone
from feedback.store.database.errors import Missing
from feedback.store.database.schema import MAILINGS, METADATA, PRIVATE, SUBMISSIONS, SUBSCRIBERS
from feedback.text_folding import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Row, RowMapping

# What only the service can use, and what would open the receipt to whoever reads the file.
KEYS = frozenset(
    {"id", "submission", "subscriber", "lookup"}
    | {"salt", "idempotency", "receipt", "code", "folded", "version"}
)
ABOUT = (
    "All that is kept of these submissions. Times are UTC. What was said and who said it stands in "
    "private and follow_ups, what staff wrote in answers, notes and drafts, what happened in "
    "events. Photos are JPEG; JSON has them in base64."
)
LEAST_FIGURES = 6  # of a telephone number: fewer are part of everybody's


@dataclass(frozen=True)
class SubjectRecords:
    """All that is kept of somebody, as values and lists of values by name."""

    submissions: tuple[dict[str, Any], ...]
    subscriptions: tuple[dict[str, Any], ...] = ()

    @property
    def references(self) -> list[str]:
        """Return the references of the submissions, the oldest first."""
        return [submission["submission"]["ref"] for submission in self.submissions]

    def as_json(self) -> bytes:
        """Return it for other programs, with two spaces of indent."""
        answer = {
            "about": ABOUT,
            "written": datetime.now(UTC),
            "submissions": self.submissions,
            "subscriptions": self.subscriptions,
        }
        return json.dumps(answer, ensure_ascii=False, indent=2, default=_as_text).encode()

    def as_text(self) -> bytes:
        """Return it to be read: a heading a submission, and a line a value that says anything."""
        lines = [ABOUT, ""]
        for submission in self.submissions:
            lines += [f"# {submission['submission']['ref']}", *_lines(submission), ""]
        for subscription in self.subscriptions:
            lines += ["# The digest by mail", *_lines(subscription), ""]
        return "\n".join(lines).encode()


def of_submission(conn: Connection, typed: str) -> SubjectRecords:
    """Return all that is kept of one submission.

    :param typed: its reference, as people type it.
    :raises Missing: when there is no such submission.
    """
    ref = reference_of(typed)
    row = conn.execute(select(SUBMISSIONS).where(SUBMISSIONS.c.ref == ref)).mappings().first()
    if row is None:
        raise Missing(f"There is no submission {typed}. References look like F-2K7Q9T.")
    return SubjectRecords((_whole(conn, row),))


def of_person(conn: Connection, typed: str) -> SubjectRecords:
    """Return all that is kept of whoever has an e-mail address, a telephone number or a name.

    Names are compared as the desk's search compares them; of an address, who gets the digest too.

    :raises Missing: when nothing is kept of them.
    """
    try:
        address = email_address(typed).text
    except NoAddress:
        address = ""
    number = figures(telephone(typed)) if not address else ""
    name = folded([typed])

    def is_theirs(row: Row[Any, Any, Any, Any]) -> bool:
        if address:
            return str(row.email).casefold() == address.casefold()
        if number:
            return len(number) >= LEAST_FIGURES and number in figures(row.phone)
        return bool(name) and folded([row.name]) == name

    query = select(PRIVATE.c.submission, PRIVATE.c.name, PRIVATE.c.email, PRIVATE.c.phone)
    matching = {row.submission for row in conn.execute(query) if is_theirs(row)}
    rows = select(SUBMISSIONS).order_by(SUBMISSIONS.c.id)
    submissions = tuple(
        _whole(conn, row) for row in conn.execute(rows).mappings() if row["id"] in matching
    )
    subscriptions = tuple(_subscriptions(conn, address)) if address else ()
    if not submissions and not subscriptions:
        raise Missing(
            f"Nothing is kept of {typed}. Try their other address, number or name, or a reference."
        )
    return SubjectRecords(submissions, subscriptions)


def _whole(conn: Connection, row: RowMapping) -> dict[str, Any]:
    """Return a submission and the rows of every table that belongs to it, so none is forgotten."""
    answer: dict[str, Any] = {"submission": _plain(row)}
    for table in METADATA.sorted_tables:
        if "submission" in table.c and _belongs(table):
            order = (
                select(table).where(table.c.submission == row["id"]).order_by(*table.primary_key)
            )
            answer[table.name] = [_plain(part) for part in conn.execute(order).mappings()]
    return answer


def _subscriptions(conn: Connection, address: str) -> Iterator[dict[str, Any]]:
    query = select(SUBSCRIBERS).where(SUBSCRIBERS.c.email != "").order_by(SUBSCRIBERS.c.id)
    for row in conn.execute(query).mappings():
        if row["email"].casefold() == address.casefold():
            mails = select(MAILINGS).where(MAILINGS.c.subscriber == row["id"])
            yield {
                "subscriber": _plain(row),
                "mailings": [_plain(part) for part in conn.execute(mails).mappings()],
            }


def _lines(value: object, indent: str = "") -> Iterator[str]:
    """Yield what a value says, a line each; what is empty says nothing."""
    for name, inner in value.items() if isinstance(value, dict) else ():
        if inner in ("", None, [], {}, ()):
            continue
        if isinstance(inner, dict):
            yield f"{indent}{name}:"
            yield from _lines(inner, f"{indent}  ")
        elif isinstance(inner, list) and isinstance(inner[0], dict):
            for part in inner:
                yield f"{indent}{name}:"
                yield from _lines(part, f"{indent}  ")
        else:
            first, *rest = str(_readable(inner)).splitlines() or [""]
            yield f"{indent}{name.replace('_', ' ')}: {first}"
            yield from (f"{indent}  {line}" for line in rest)


def _readable(value: object) -> object:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, bytes):
        return f"{len(value):,} bytes, whole in a file whose name ends in .json"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value


def _belongs(table: Table) -> bool:
    keys = table.c.submission.foreign_keys
    return any(key.column.table is SUBMISSIONS for key in keys)


def _plain(row: RowMapping) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in KEYS}


def _as_text(value: date | bytes) -> str:
    return b64encode(value).decode() if isinstance(value, bytes) else value.isoformat()
