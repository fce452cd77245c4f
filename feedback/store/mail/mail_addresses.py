"""An address is confirmed before mail to it opens private words: somebody may have mistyped it.

A mail to an address that nobody has confirmed tells where things stand and asks whether it was its
owner who wrote. They say yes, and it is confirmed for that submission; or no, and it is let go of.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from feedback.store.casework.cases import case as case_of
from feedback.store.casework.cases import contact
from feedback.store.database.schema import PRIVATE, SUBMISSIONS
from feedback.store.desk import staff

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from feedback.model import Case
    from feedback.store.database.tokens import Tokens

UNCONFIRMED, A_DAY = 3, timedelta(days=1)  # mails to one address that nobody has confirmed


def may_write(conn: Connection, tokens: Tokens, email: str, *, now: datetime) -> bool:
    """Count one more mail to an address that nobody has confirmed; whether it is not too many."""
    key = tokens.lookup(email)
    return staff.attempt(conn, "unconfirmed", key, now=now, within=A_DAY, limit=UNCONFIRMED)


def address_token(conn: Connection, tokens: Tokens, ref: str) -> str:
    """Return what shows that somebody reads the mails to a submission's address."""
    columns = (SUBMISSIONS.c.salt, PRIVATE.c.email)
    mine = select(*columns).join_from(PRIVATE, SUBMISSIONS).where(SUBMISSIONS.c.ref == ref)
    row = conn.execute(mine).one()
    return tokens.link(row.salt, "address", row.email)


def asked(conn: Connection, tokens: Tokens, ref: str, token: str) -> Case | None:
    """Return the submission whose address a link was sent to; None once that is another."""
    case = case_of(conn, ref)
    if case is None or case.forgotten or not contact(conn, ref).email:
        return None
    ours = address_token(conn, tokens, ref)
    good = hmac.compare_digest(ours.encode(), token.encode("utf-8", "replace"))
    return case if good else None


def is_confirmed(conn: Connection, ref: str) -> bool:
    """Whether somebody has confirmed the address that a submission has now."""
    mine = select(PRIVATE.c.confirmed).join(SUBMISSIONS).where(SUBMISSIONS.c.ref == ref)
    return conn.execute(mine).scalar() is not None


def confirm(conn: Connection, case: Case, *, now: datetime) -> None:
    """Keep that the address is its sender's: from now on mail opens their receipt."""
    mine = update(PRIVATE).where(PRIVATE.c.submission == case.id)
    conn.execute(mine.values(confirmed=now))
