"""Staff: who may come to the desk, who is there, and who guesses too often."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from feedback.identifiers import login_name
from feedback.model import StaffRole
from feedback.store.database.engine import add_new
from feedback.store.database.errors import Missing, Refused
from feedback.store.database.schema import ATTEMPTS, SESSIONS, STAFF
from feedback.store.database.tokens import digest, salt

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from random import Random

    from sqlalchemy import Connection, Row

    from feedback.store.database.tokens import Tokens

SESSION_BYTES = 32
NONCE_BYTES = 16


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Who is at the desk, and for how long."""

    member: StaffMember
    until: datetime  # unless they go on working …
    latest: datetime  # … which puts it off until then


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """Somebody who works at the desk."""

    name: str  # to log in with
    password_hash: str = field(repr=False)
    role: StaffRole
    lang: str
    active: bool  # may log in
    team: str = ""  # whose work they do, a key of site.toml
    called: int = 0  # as which of the staff, when somebody may be in danger; 0 for not at all
    email: str = field(default="", repr=False)  # where mails to staff go; "" for none


def add(
    conn: Connection,
    tokens: Tokens,
    *,
    name: str,
    password_hash: str,
    role: StaffRole,
    lang: str,
    now: datetime,
    random: Random,
) -> str:
    """Add a member of staff; returns the secret of their one-time passwords, in base32.

    The secret is worked out from a salt and the service's own secret, so the database does not
    hold it.

    :raises Refused: "taken".
    """
    grain = salt(random)
    row = {"name": name, "password": password_hash, "salt": grain, "role": role, "lang": lang}
    if not add_new(conn, STAFF, **row, active=True, team="", email="", called=0, step=0, added=now):
        raise Refused("taken", f"There is somebody named {name} already.")
    return tokens.totp(grain)


def member(conn: Connection, name: str) -> StaffMember | None:
    """Return a member of staff by name."""
    row = conn.execute(select(STAFF).where(STAFF.c.name == name)).one_or_none()
    return None if row is None else _member(row)


def named(conn: Connection, typed: str) -> str:
    """Return the log-in name that somebody typed, as it is kept where there is one like it.

    Case, blanks at the ends and signs that can't be seen don't count.
    """
    wanted = login_name(typed)
    names = [person.name for person in members(conn)]
    alike = [name for name in names if login_name(name) == wanted]
    return typed if typed in names else alike[0] if len(alike) == 1 else wanted


def members(conn: Connection) -> tuple[StaffMember, ...]:
    """Return all staff, by name."""
    return tuple(map(_member, conn.execute(select(STAFF).order_by(STAFF.c.name))))


def totp_secret(conn: Connection, tokens: Tokens, name: str) -> str:
    """Return the secret of somebody's one-time passwords, in base32.

    :raises Missing: when there is nobody of this name.
    """
    return tokens.totp(_salt(conn, name))


def use_totp(conn: Connection, name: str, step: int) -> bool:
    """Use up a one-time password (RFC 6238: each once); False when it, or a later one, was used.

    :param step: counts periods of 30 seconds since 1970.
    """
    unused = (STAFF.c.name == name, STAFF.c.step < step)
    return conn.execute(update(STAFF).where(*unused).values(step=step)).rowcount == 1


def change(
    conn: Connection,
    name: str,
    *,
    role: StaffRole | None = None,
    lang: str | None = None,
    password_hash: str | None = None,
    active: bool | None = None,
    email: str | None = None,
    team: str | None = None,
    called: int | None = None,
) -> StaffMember:
    """Change what is given of a member of staff.

    A new password, and the end of somebody's access, close their sessions.

    :raises Missing: when there is nobody of this name.
    """
    wanted: dict[str, Any] = {
        "role": role,
        "lang": lang,
        "password": password_hash,
        "active": active,
        "email": email,
        "team": team,
        "called": called,
    }
    values = {column: value for column, value in wanted.items() if value is not None}
    if values:
        conn.execute(update(STAFF).where(STAFF.c.name == name).values(values))
    if password_hash is not None or active is False:
        close_sessions(conn, name)
    changed = member(conn, name)
    if changed is None:
        raise _unknown(name)
    return changed


def renew(
    conn: Connection, tokens: Tokens, name: str, *, random: Random, password_hash: str | None = None
) -> str:
    """Give somebody a new secret of one-time passwords, returned in base32; the old one is void.

    Their sessions end, and no browser is known any more.

    :raises Missing: when there is nobody of this name.
    """
    grain = salt(random)
    changed = conn.execute(update(STAFF).where(STAFF.c.name == name).values(salt=grain))
    if changed.rowcount != 1:
        raise _unknown(name)
    change(conn, name, password_hash=password_hash)
    close_sessions(conn, name)
    return tokens.totp(grain)


def new_mark(conn: Connection, tokens: Tokens, name: str, *, random: Random) -> str:
    """Return what a browser carries from which somebody may come: their tries count apart there.

    It opens nothing.

    :raises Missing: when there is nobody of this name.
    """
    nonce = random.randbytes(NONCE_BYTES).hex()
    return f"{nonce}.{tokens.mark(_salt(conn, name), nonce)}"


def knows(conn: Connection, tokens: Tokens, name: str, mark: str) -> bool:
    """Whether a mark was made for this name, and since its last `renew`."""
    nonce, _, shown = mark.partition(".")
    grain = conn.execute(select(STAFF.c.salt).where(STAFF.c.name == name)).scalar()
    expected = tokens.mark(grain or "", nonce)
    return grain is not None and hmac.compare_digest(
        shown.encode("utf-8", "replace"), expected.encode()
    )


def open_session(
    conn: Connection,
    *,
    name: str,
    now: datetime,
    until: datetime,
    random: Random,
    latest: datetime | None = None,
) -> str:
    """Let somebody in; returns what their cookie carries. Only its hash is kept.

    :param until: aware; the session ends then.
    :param latest: until when working may put its end off; without it, nothing does.
    """
    conn.execute(delete(SESSIONS).where(SESSIONS.c.until <= now))
    token = base64.urlsafe_b64encode(random.randbytes(SESSION_BYTES)).rstrip(b"=").decode("ascii")
    conn.execute(
        insert(SESSIONS).values(id=digest(token), member=name, until=until, latest=latest or until)
    )
    return token


def session(conn: Connection, token: str, *, now: datetime) -> OpenSession | None:
    """Return who a cookie belongs to; None when its session ended, or its owner's access."""
    row = conn.execute(
        select(STAFF, SESSIONS.c.until, SESSIONS.c.latest)
        .join(SESSIONS, SESSIONS.c.member == STAFF.c.name)
        .where(SESSIONS.c.id == digest(token), SESSIONS.c.until > now, STAFF.c.active)
    ).one_or_none()
    return None if row is None else OpenSession(_member(row), row.until, row.latest)


def prolong_session(conn: Connection, token: str, until: datetime) -> None:
    """Put the end of a session off."""
    mine = update(SESSIONS).where(SESSIONS.c.id == digest(token))
    conn.execute(mine.values(until=until))


def close_session(conn: Connection, token: str) -> None:
    """Let somebody out."""
    conn.execute(delete(SESSIONS).where(SESSIONS.c.id == digest(token)))


def close_sessions(conn: Connection, name: str) -> None:
    """Let somebody out everywhere."""
    conn.execute(delete(SESSIONS).where(SESSIONS.c.member == name))


def attempt(
    conn: Connection, kind: str, key: str, *, now: datetime, within: timedelta, limit: int
) -> bool:
    """Count a try, before it is known whether it succeeds; False when there were too many.

    A try that is refused is not counted, so nobody is shut out for ever.

    :param kind: what is tried, such as "log-in".
    :param key: on whom; only its hash is kept, and no longer than `within`.
    """
    conn.execute(delete(ATTEMPTS).where(ATTEMPTS.c.kind == kind, ATTEMPTS.c.at <= now - within))
    mine = (ATTEMPTS.c.kind == kind, ATTEMPTS.c.key == digest(key))
    count = conn.execute(select(func.count()).select_from(ATTEMPTS).where(*mine)).scalar_one()
    if count >= limit:
        return False
    conn.execute(insert(ATTEMPTS).values(kind=kind, key=digest(key), at=now))
    return True


def clear_attempts(conn: Connection, kind: str, key: str) -> None:
    """Forget somebody's tries, after one that succeeded."""
    conn.execute(delete(ATTEMPTS).where(ATTEMPTS.c.kind == kind, ATTEMPTS.c.key == digest(key)))


def _salt(conn: Connection, name: str) -> str:
    grain: str | None = conn.execute(select(STAFF.c.salt).where(STAFF.c.name == name)).scalar()
    if grain is None:
        raise _unknown(name)
    return grain


def _member(row: Row[Any]) -> StaffMember:
    return StaffMember(
        name=row.name,
        password_hash=row.password,
        role=StaffRole(row.role),
        lang=row.lang,
        active=row.active,
        team=row.team,
        called=row.called,
        email=row.email,
    )


def _unknown(name: str) -> Missing:
    return Missing(f"There is nobody named {name}.")
