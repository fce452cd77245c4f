"""Mails to subscribers, kept until they have gone out: each of them once, however often it is run.

No address is kept here: it is looked up as a mail leaves, so that who has left gets none.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, select

from feedback.store.database.engine import add_new, micros
from feedback.store.database.errors import Missing
from feedback.store.database.schema import DIGESTS, MAILINGS, SUBSCRIBERS
from feedback.store.mail.mail_queue import DONE, MailQueue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta

    from sqlalchemy import Connection, Row, Select

    from feedback.model import Period

CONFIRM = "confirm"  # the question whether somebody wants the digest
ITEM = "item"  # what happened to an item that somebody follows
CONFIRMED = "confirmed"  # the state of a subscriber who said yes


@dataclass(frozen=True, slots=True)
class ItemFollower:
    """Somebody who follows one item."""

    id: int
    item: str
    languages: tuple[str, ...]
    confirmed: datetime  # aware, UTC
    told: frozenset[str] | None  # names of what they know; None before anything was kept


@dataclass(frozen=True, slots=True)
class WrittenDigest:
    """A digest as it is sent."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A mail to a subscriber on its way, with the address it goes to."""

    id: int
    message_id: str  # the part before the @: the same however often it is tried
    subscriber: int
    what: str
    facts: Mapping[str, str]
    email: str = field(repr=False)
    salt: str = field(repr=False)
    made: datetime

    @property
    def asks(self) -> bool:
        """Whether it is the question whether somebody wants the digest."""
        return self.what.startswith(CONFIRM)


class SubscriberMailQueue(MailQueue):
    """Mails to subscribers: of a question nothing is kept once it has gone out."""

    def done(self, conn: Connection, number: int, *, now: datetime) -> None:
        """Say that a mail has gone out."""
        asked = (MAILINGS.c.id == number, MAILINGS.c.what.startswith(CONFIRM))
        conn.execute(delete(MAILINGS).where(*asked))
        super().done(conn, number, now=now)


QUEUE = SubscriberMailQueue(MAILINGS)


def put(
    conn: Connection, subscriber: int, what: str, facts: Mapping[str, str], *, now: datetime
) -> bool:
    """Keep a mail to a subscriber; False when they had one of the same sort already."""
    row = {"subscriber": subscriber, "what": what, "facts": dict(facts)}
    return add_new(conn, MAILINGS, **row, **QUEUE.fresh(now))


def lacking(conn: Connection, name: str, period: Period) -> list[tuple[int, tuple[str, ...]]]:
    """Return who is to get a digest and has not been sent it, with their languages."""
    had = and_(MAILINGS.c.subscriber == SUBSCRIBERS.c.id, MAILINGS.c.what == name)
    chosen = (
        select(SUBSCRIBERS.c.id, SUBSCRIBERS.c.languages)
        .outerjoin(MAILINGS, had)
        .where(
            SUBSCRIBERS.c.state == CONFIRMED,
            SUBSCRIBERS.c.period == period,
            MAILINGS.c.id.is_(None),
        )
        .order_by(SUBSCRIBERS.c.id)
    )
    return [(number, tuple(languages.split())) for number, languages in conn.execute(chosen)]


def followers(conn: Connection) -> list[ItemFollower]:
    """Return who follows an item, with all that they were told of it by now."""
    rows = conn.execute(
        select(SUBSCRIBERS, MAILINGS.c.what)
        .outerjoin(
            MAILINGS,
            and_(MAILINGS.c.subscriber == SUBSCRIBERS.c.id, MAILINGS.c.what.startswith(ITEM)),
        )
        .where(SUBSCRIBERS.c.state == CONFIRMED, SUBSCRIBERS.c.item != "")
        .order_by(SUBSCRIBERS.c.id)
    )
    people: dict[int, ItemFollower] = {}
    for row in rows:
        languages = tuple(row.languages.split())
        fresh = ItemFollower(row.id, row.item, languages, row.confirmed, None)
        person = people.setdefault(row.id, fresh)
        if row.what is not None:
            names = frozenset(row.what.split()[2:])
            people[row.id] = replace(person, told=(person.told or frozenset()) | names)
    return list(people.values())


def item_mail(item: str, names: Iterable[str]) -> str:
    """Return the name of a mail that tells what happened to an item.

    :param names: of what happened.
    """
    return " ".join([ITEM, item, *names])


def begin_following(
    conn: Connection, person: ItemFollower, past: Iterable[str], *, now: datetime
) -> None:
    """Keep what had happened before somebody followed an item, which nobody tells them."""
    row = {"subscriber": person.id, "what": item_mail(person.item, past), "facts": {}}
    add_new(conn, MAILINGS, **row, **QUEUE.fresh(now) | {"state": DONE})


def send(
    conn: Connection,
    name: str,
    written: Mapping[tuple[str, ...], WrittenDigest],
    to: Mapping[int, tuple[str, ...]],
    *,
    now: datetime,
) -> int:
    """Put a digest on its way; returns to how many.

    :param written: the digest by languages. One of the same name that was sent before stays.
    :param to: the languages in which each subscriber gets it.
    """
    for languages, digest in written.items():
        row = {"name": name, "languages": " ".join(languages), "subject": digest.subject}
        add_new(conn, DIGESTS, **row, text=digest.text, html=digest.html, made=now)
    return sum(
        put(conn, number, name, {"languages": " ".join(languages)}, now=now)
        for number, languages in to.items()
    )


def digest_of(conn: Connection, sending: Sending) -> WrittenDigest:
    """Return the digest that a mail brings."""
    mine = (DIGESTS.c.name == sending.what, DIGESTS.c.languages == sending.facts["languages"])
    row = conn.execute(select(DIGESTS).where(*mine)).one()
    return WrittenDigest(row.subject, row.text, row.html)


def due(
    conn: Connection, *, now: datetime, lease: timedelta, limit: int = 20
) -> tuple[Sending, ...]:
    """Claim mails that are to go out, as `outbox.due` does."""
    rows = QUEUE.claim(conn, _addressed(), now=now, lease=lease, limit=limit)
    return tuple(map(_sending, rows))


def require(conn: Connection, sending: Sending) -> None:
    """Go on only with a mail whose subscriber is still there.

    :raises Missing: when they have left since it was claimed.
    """
    if conn.execute(select(MAILINGS.c.id).where(MAILINGS.c.id == sending.id)).scalar() is None:
        raise Missing("Its subscriber has left.")


def _addressed() -> Select[Any]:
    columns = (SUBSCRIBERS.c.email, SUBSCRIBERS.c.salt)
    return select(MAILINGS, *columns).select_from(MAILINGS.join(SUBSCRIBERS))


def _sending(row: Row[Any]) -> Sending:
    return Sending(
        id=row.id,
        message_id=f"digest.{micros(row.made)}.{row.id}",
        subscriber=row.subscriber,
        what=row.what,
        facts=row.facts,
        email=row.email,
        salt=row.salt,
        made=row.made,
    )
