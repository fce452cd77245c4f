"""Subscribers: who gets the digest, since they asked for it and said so twice.

Nobody is told whether an address is known: whatever it is, the answer is the same, and only its
owner gets a mail, whose link is the one way to say yes. Whoever leaves is erased at once.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update

from feedback.model import Period
from feedback.store.database.engine import ERASED, add_new, instant, micros
from feedback.store.database.errors import Busy, Missing
from feedback.store.database.schema import MAILINGS, SUBSCRIBERS
from feedback.store.database.tokens import salt
from feedback.store.desk import staff
from feedback.store.mail.mail_addresses import may_write
from feedback.store.mail.mail_queue import DEAD
from feedback.store.mail.mailings import CONFIRM, put

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from sqlalchemy import Connection, Row

    from feedback.store.database.tokens import Tokens

MOST, MOST_WITHIN = 100, timedelta(hours=1)  # such mails to all addresses together
PATIENCE = timedelta(days=7)  # for which such a mail can be answered
BETWEEN = "_"  # stands in no language's code


class SubscriberState(StrEnum):
    """How far somebody is."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class DigestPreference:
    """What somebody would like to get."""

    languages: tuple[str, ...]  # in the order they chose
    period: Period | None  # None for news of one item, which come as it moves
    item: str = ""  # its key; "" for all news


@dataclass(frozen=True, slots=True)
class DigestSubscriber:
    """Somebody who gets the digest, as those who manage the desk see them."""

    id: int
    email: str = field(repr=False)
    wish: DigestPreference
    confirmed: datetime


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many get the digest."""

    confirmed: dict[DigestPreference, int]
    asked: int  # and have not confirmed yet
    left: int
    dead: int  # mails that could not be delivered


def ask(
    conn: Connection,
    tokens: Tokens,
    email: str,
    wish: DigestPreference,
    *,
    lang: str,
    now: datetime,
    random: Random,
) -> None:
    """Send an address the question whether its owner wants the digest, unless it had several.

    Nothing else changes before they say yes, also for somebody who gets it already.

    :raises Busy: when too many were asked within an hour.
    """
    key = tokens.lookup(f"{email} {wish.item}" if wish.item else email)
    if not may_write(conn, tokens, email, now=now):
        return
    if not staff.attempt(conn, "digests", "", now=now, within=MOST_WITHIN, limit=MOST):
        raise Busy("Too many have asked for the digest within an hour. Nothing was kept.")
    _forget_unconfirmed(conn, now)
    chosen = _columns(wish) | {"item": wish.item}
    row = {"salt": salt(random), "lookup": key, "email": email, **chosen, "asked": now}
    add_new(conn, SUBSCRIBERS, **row, state=SubscriberState.ASKED)
    mine = SUBSCRIBERS.c.lookup == key
    conn.execute(update(SUBSCRIBERS).where(mine).values(asked=now))
    number = conn.execute(select(SUBSCRIBERS.c.id).where(mine)).scalar_one()
    put(conn, number, f"{CONFIRM} {micros(now)}", {**chosen, "lang": lang}, now=now)


def confirm(conn: Connection, tokens: Tokens, token: str, *, now: datetime) -> DigestPreference:
    """Let somebody have what a link in their mail says that they asked for.

    :raises Missing: for a link that is none of ours, is old, or whose owner has left since.
    """
    row, wish = _asked(conn, tokens, token, now)
    values = {
        **_columns(wish),
        "state": SubscriberState.CONFIRMED,
        "confirmed": row.confirmed or now,
    }
    conn.execute(update(SUBSCRIBERS).where(SUBSCRIBERS.c.id == row.id).values(values))
    return wish


def asked(conn: Connection, tokens: Tokens, token: str, *, now: datetime) -> DigestPreference:
    """Return what a link that confirms is about.

    :raises Missing: as `confirm` does.
    """
    return _asked(conn, tokens, token, now)[1]


def leave(conn: Connection, tokens: Tokens, token: str) -> None:
    """Erase whoever a link belongs to: they get nothing more. Doing it twice does nothing more.

    :raises Missing: for a link that is none of ours.
    """
    remove(conn, leaving(conn, tokens, token))


def leaving(conn: Connection, tokens: Tokens, token: str) -> int:
    """Return the number of whoever a link for leaving belongs to.

    :raises Missing: for a link that is none of ours.
    """
    text, _, signature = token.partition(".")
    row = _row(conn, text)
    if row is None or not _same(signature, tokens.link(row.salt, "leave", text)):
        raise Missing("There is no such subscriber.")
    return int(row.id)


def followed(conn: Connection, number: int) -> str:
    """Return the key of the item that a subscriber follows; "" for who gets all news."""
    item = select(SUBSCRIBERS.c.item).where(SUBSCRIBERS.c.id == number)
    return str(conn.execute(item).scalar() or "")


def remove(conn: Connection, number: int) -> None:
    """Erase a subscriber's address, and every mail on its way to it."""
    conn.execute(delete(MAILINGS).where(MAILINGS.c.subscriber == number))
    gone = {"email": "", "lookup": None, "state": SubscriberState.LEFT}
    conn.execute(update(SUBSCRIBERS).where(SUBSCRIBERS.c.id == number).values(gone))
    conn.info[ERASED] = True


def leave_token(tokens: Tokens, number: int, grain: str) -> str:
    """Return the link's last part by which somebody leaves."""
    return f"{number}.{tokens.link(grain, 'leave', str(number))}"


def confirm_token(
    tokens: Tokens, number: int, grain: str, wish: DigestPreference, asked: datetime
) -> str:
    """Return the link's last part by which somebody says that they asked for this."""
    languages = BETWEEN.join(wish.languages)
    text = f"{number}.{micros(asked)}.{languages}.{wish.period or ''}"
    return f"{text}.{tokens.link(grain, 'confirm', text)}"


def numbers(conn: Connection) -> Numbers:
    """Return how many there are of each sort."""
    wishes = (SUBSCRIBERS.c.languages, SUBSCRIBERS.c.period, SUBSCRIBERS.c.item)
    columns = (SUBSCRIBERS.c.state, *wishes)
    counted = conn.execute(select(*columns, func.count()).group_by(*columns).order_by(*columns))
    counts: dict[str, int] = dict.fromkeys(SubscriberState, 0)
    confirmed = {}
    for state, languages, period, item, count in counted:
        counts[state] += count
        if state == SubscriberState.CONFIRMED:
            confirmed[_wish(languages, period, item)] = count
    dead = select(func.count()).select_from(MAILINGS).where(MAILINGS.c.state == DEAD)
    return Numbers(
        confirmed,
        counts[SubscriberState.ASKED],
        counts[SubscriberState.LEFT],
        conn.execute(dead).scalar_one(),
    )


def everybody(conn: Connection) -> tuple[DigestSubscriber, ...]:
    """Return all who get the digest, by address."""
    chosen = select(SUBSCRIBERS).where(SUBSCRIBERS.c.state == SubscriberState.CONFIRMED)
    return tuple(
        DigestSubscriber(
            row.id, row.email, _wish(row.languages, row.period, row.item), row.confirmed
        )
        for row in conn.execute(chosen.order_by(SUBSCRIBERS.c.email))
    )


def _asked(
    conn: Connection, tokens: Tokens, token: str, now: datetime
) -> tuple[Row[Any], DigestPreference]:
    text, _, signature = token.rpartition(".")
    row = _row(conn, text.partition(".")[0])
    if row is None or not row.email or not _same(signature, tokens.link(row.salt, "confirm", text)):
        raise Missing("There is no such question.")
    _, at, languages, period = text.split(".")
    if now - instant(int(at)) > PATIENCE:
        raise Missing("The question is too old.")
    return row, _wish(languages.replace(BETWEEN, " "), period, row.item)


def _row(conn: Connection, number: str) -> Row[Any] | None:
    known = number.isascii() and number.isdecimal() and len(number) < 10  # noqa: PLR2004 - digits
    if not known:
        return None
    chosen = select(SUBSCRIBERS).where(SUBSCRIBERS.c.id == int(number))
    return conn.execute(chosen).one_or_none()


def _same(shown: str, other: str) -> bool:
    return hmac.compare_digest(shown.encode("utf-8", "replace"), other.encode())


def _forget_unconfirmed(conn: Connection, now: datetime) -> None:
    """Erase addresses whose owners never said yes."""
    old = (SUBSCRIBERS.c.state == SubscriberState.ASKED, SUBSCRIBERS.c.asked < now - PATIENCE)
    numbers = list(conn.execute(select(SUBSCRIBERS.c.id).where(*old)).scalars())
    if numbers:
        conn.execute(delete(MAILINGS).where(MAILINGS.c.subscriber.in_(numbers)))
        conn.execute(delete(SUBSCRIBERS).where(SUBSCRIBERS.c.id.in_(numbers)))
        conn.info[ERASED] = True


def _columns(wish: DigestPreference) -> dict[str, str]:
    return {"languages": " ".join(wish.languages), "period": str(wish.period or "")}


def _wish(languages: str, period: str, item: str) -> DigestPreference:
    return DigestPreference(tuple(languages.split()), Period(period) if period else None, item)
