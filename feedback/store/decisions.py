"""What staff do with a submission. Each change is an event in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from feedback.model import Happening, Route, Status
from feedback.store import outbox
from feedback.store.adding import put_row
from feedback.store.cases import existing, followers
from feedback.store.changing import change, open_case
from feedback.store.errors import Refused
from feedback.store.events import record
from feedback.store.outbox import Notice, Why
from feedback.store.schema import ANSWERS, DRAFTS, NOTES, SUBMISSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from feedback.model import Case

MERGING = 7_036_875  # PostgreSQL: one merge at a time, so that no ring can close
DECISIONS = {
    Status.RECEIVED: Happening.REOPENED,
    Status.PUBLISHED: Happening.PUBLISHED,
    Status.COUNTED: Happening.COUNTED,
    Status.ROUTED: Happening.ROUTED,
    Status.DECLINED: Happening.DECLINED,
}


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody of the staff wrote for the others."""

    at: datetime
    by: str
    text: str


def decide(
    conn: Connection,
    ref: str,
    *,
    version: int,
    status: Status,
    by: str,
    now: datetime,
    reason: Mapping[str, str] | None = None,
    route: Route | None = None,
) -> Case:
    """Decide about a submission; RECEIVED puts it back into the queue.

    Declining needs a ``reason`` (by language) and tells it to the tenant; routing needs a
    ``route``. Raises `Missing`, `Conflict`, and `Refused` for a rule: "withdrawn", "merged",
    "already", "reason", "route", "consent", "escalated", "unredacted".
    """
    there = open_case(conn, ref, version)
    said = _texts(reason)
    _may_decide(there, status, said, route)
    answers = status in {Status.DECLINED, Status.ROUTED}
    handed = route if status == Status.ROUTED else None
    decided = change(
        conn,
        there,
        status=status,
        route=handed or "",
        was_published=there.was_published or status == Status.PUBLISHED,
        answered=there.answered or (now if answers else None),
    )
    if status == Status.DECLINED:
        _answer(conn, there, "reason", said, team="", by=by, now=now)
    detail = {"from": str(there.status)} | ({"route": str(handed)} if handed else {})
    record(conn, there.id, DECISIONS[status], by=by, now=now, detail=detail)
    if answers:
        _tell_everyone(conn, decided, Why.DECIDED, now)
    return existing(conn, ref)


def reply(
    conn: Connection,
    ref: str,
    *,
    version: int,
    texts: Mapping[str, str],
    by: str,
    team: str,
    now: datetime,
) -> Case:
    """Answer a tenant, in one language or several, and everybody merged into this submission.

    A language given anew replaces the text shown, and the older one is kept. Raises `Missing`,
    `Conflict`, and `Refused` ("withdrawn", "merged", "empty").
    """
    there = open_case(conn, ref, version)
    said = _texts(texts)
    if not said:
        raise Refused("empty", "The answer has no words yet.")
    answered = change(conn, there, answered=there.answered or now)
    _answer(conn, there, "reply", said, team=team, by=by, now=now)
    detail = {"languages": " ".join(sorted(said))}
    record(conn, there.id, Happening.REPLIED, by=by, now=now, detail=detail)
    _tell_everyone(conn, answered, Why.ANSWERED, now)
    return existing(conn, ref)


def redact(
    conn: Connection,
    ref: str,
    *,
    version: int,
    public_text: str,
    kinds: Sequence[str],
    by: str,
    now: datetime,
) -> Case:
    """Keep the words as they may stand in public; ``kinds`` says what was taken out of them.

    Raises `Missing`, `Conflict`, and `Refused` ("withdrawn", "merged"; "unredacted" when a
    published text would be left empty).
    """
    there = open_case(conn, ref, version)
    if there.status == Status.PUBLISHED and not public_text.strip():
        raise Refused("unredacted", f"{ref} is published and cannot stand without words.")
    cleared = [words for words in there.cleared if words in public_text]
    _draft(conn, there, public_text, kinds, cleared)
    change(conn, there)
    detail = {"kinds": " ".join(kinds)}
    record(conn, there.id, Happening.REDACTED, by=by, now=now, detail=detail)
    return existing(conn, ref)


def clear(
    conn: Connection, ref: str, *, version: int, words: Sequence[str], by: str, now: datetime
) -> Case:
    """Say that words of the public text look personal and are harmless.

    Raises `Missing`, `Conflict`, and `Refused` ("withdrawn", "merged"; "absent" for words that
    the public text does not hold).
    """
    there = open_case(conn, ref, version)
    for word in words:
        if word not in there.public_text:
            raise Refused("absent", f"These words are not in the public text of {ref}.")
    cleared = sorted({*there.cleared, *words})
    _draft(conn, there, there.public_text, there.redacted, cleared)
    change(conn, there)
    detail = {"count": str(len(cleared) - len(there.cleared))}
    record(conn, there.id, Happening.CLEARED, by=by, now=now, detail=detail)
    return existing(conn, ref)


def escalate(conn: Connection, ref: str, *, version: int, by: str, now: datetime) -> Case:
    """Stop: somebody may be in danger. The words never leave the desk from now on.

    A published one goes back into the queue and so out of public sight. Raises `Missing`,
    `Conflict` and `Refused` ("withdrawn", "merged", "already").
    """
    there = open_case(conn, ref, version)
    if there.escalated:
        raise Refused("already", f"{ref} is escalated already.")
    public = there.status == Status.PUBLISHED
    change(conn, there, escalated=True, status=Status.RECEIVED if public else there.status)
    record(conn, there.id, Happening.ESCALATED, by=by, now=now)
    if public:
        record(conn, there.id, Happening.REOPENED, by=by, now=now, detail={"from": "published"})
    return existing(conn, ref)


def merge(conn: Connection, ref: str, *, version: int, into: str, by: str, now: datetime) -> Case:
    """Link a submission to another that says the same; its votes and its people go with it.

    Its own status stays, and `unmerge` undoes it. Raises `Missing`, `Conflict`, and `Refused`:
    "withdrawn" (either), "merged", "escalated" (either), "ring".
    """
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_advisory_xact_lock(MERGING)))
    there = open_case(conn, ref, version)
    other = existing(conn, into)
    if other.status == Status.WITHDRAWN:
        raise Refused("withdrawn", f"{into} was taken back by its sender.")
    if there.escalated or other.escalated:
        raise Refused("escalated", "What was escalated is dealt with on its own.")
    if other.ref == ref or other.ref in {case.ref for case in followers(conn, ref)}:
        raise Refused("ring", f"{into} is merged into {ref}; it can't be the other way round too.")
    change(conn, there, merged_into=other.id)
    record(conn, there.id, Happening.MERGED, by=by, now=now, detail={"into": into})
    record(conn, other.id, Happening.MERGED, by=by, now=now, detail={"from": ref})
    return existing(conn, ref)


def unmerge(conn: Connection, ref: str, *, version: int, by: str, now: datetime) -> Case:
    """Take a submission out of the one it was merged into; it stands again as before.

    Raises `Missing`, `Conflict` and `Refused` ("unmerged").
    """
    there = existing(conn, ref)
    if not there.merged_into:
        raise Refused("unmerged", f"{ref} stands on its own already.")
    other = existing(conn, there.merged_into)
    seen = replace(there, version=version)
    change(conn, seen, merged_into=None)
    record(conn, there.id, Happening.UNMERGED, by=by, now=now, detail={"into": other.ref})
    record(conn, other.id, Happening.UNMERGED, by=by, now=now, detail={"from": ref})
    return existing(conn, ref)


def note(conn: Connection, ref: str, text: str, *, by: str, now: datetime) -> None:
    """Keep a note that staff write to each other. Raises `Missing` and `Refused` ("empty")."""
    there = existing(conn, ref)
    if not text.strip():
        raise Refused("empty", "The note has no words yet.")
    conn.execute(insert(NOTES).values(submission=there.id, at=now, by=by, text=text))
    record(conn, there.id, Happening.NOTED, by=by, now=now)


def notes(conn: Connection, ref: str) -> tuple[Note, ...]:
    """Return what staff wrote to each other, oldest first."""
    rows = conn.execute(
        select(NOTES.c.at, NOTES.c.by, NOTES.c.text)
        .join(SUBMISSIONS)
        .where(SUBMISSIONS.c.ref == ref)
        .order_by(NOTES.c.id)
    )
    return tuple(Note(row.at, row.by, row.text) for row in rows)


def _may_decide(
    there: Case, status: Status, reason: Mapping[str, str], route: Route | None
) -> None:
    ref = there.ref
    if status == there.status and status not in {Status.DECLINED, Status.ROUTED}:
        raise Refused("already", f"{ref} is {status} already.")
    if status == Status.WITHDRAWN:
        raise Refused("withdrawn", f"Only its sender can take {ref} back.")
    if status == Status.DECLINED and not reason:
        raise Refused("reason", f"Say why {ref} is declined: its sender is told.")
    if status == Status.ROUTED and route is None:
        raise Refused("route", f"Say to whom {ref} is handed over.")
    if status == Status.PUBLISHED:
        _may_publish(there)


def _may_publish(there: Case) -> None:
    if there.escalated:
        raise Refused("escalated", f"{there.ref} was escalated: its words stay at the desk.")
    if not there.may_publish:
        raise Refused("consent", f"The sender of {there.ref} did not agree to have it published.")
    if not there.public_text.strip():
        raise Refused("unredacted", f"Redact {there.ref} first: it has no public words yet.")


def _texts(texts: Mapping[str, str] | None) -> dict[str, str]:
    return {lang: text.strip() for lang, text in (texts or {}).items() if text.strip()}


def _answer(
    conn: Connection,
    there: Case,
    kind: str,
    texts: Mapping[str, str],
    *,
    team: str,
    by: str,
    now: datetime,
) -> None:
    for lang, text in texts.items():
        row = {"submission": there.id, "kind": kind, "lang": lang, "text": text}
        conn.execute(insert(ANSWERS).values(**row, team=team, by=by, at=now))


def _draft(
    conn: Connection, there: Case, text: str, kinds: Sequence[str], cleared: Sequence[str]
) -> None:
    row = {"public_text": text, "redacted": list(kinds), "cleared": list(cleared)}
    put_row(conn, DRAFTS, submission=there.id, **row)


def _tell_everyone(conn: Connection, answered: Case, why: Why, now: datetime) -> None:
    """Tell whoever sent it, and everybody whose words were merged into it."""
    for case in (answered, *followers(conn, answered.ref)):
        if case.status != Status.WITHDRAWN:
            outbox.put(conn, Notice(case.ref, why), now=now)
