"""In and out of the desk: password and one-time password, and sessions that end.

Guessing is slow: after some tries a name is shut for a while. A stranger who only knows a name must
not shut its owner out with that, so a browser from which somebody has logged in before carries a
mark, and its tries are counted apart from those of strangers (OWASP: device cookies).
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.routing import Route

from feedback import passwords
from feedback.store.database.tokens import digest
from feedback.store.desk import staff
from feedback.web.desk import password_thread
from feedback.web.desk.session import (
    COOKIE,
    LANG_COOKIE,
    LONGEST_SESSION,
    SESSION,
    YEAR,
    open_to_all,
    resent,
    set_cookie,
    shown_place,
    staffed,
    texts,
)
from feedback.web.protection import READING
from feedback.web.sent_fields import sent_fields
from feedback.web.submission_form import UNPROCESSABLE

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.store.desk.staff import StaffMember
    from feedback.web.desk.session import DeskSession

TRIES = 5  # to log in under one name, of all strangers together or of one browser we know …
TRIES_WITHIN = timedelta(minutes=15)  # … in this time
# A session's cookie is SameSite=Strict: whoever follows a link to the desk comes without it.
PLACE = re.compile(r"[A-Za-z0-9/-]{0,80}")


@open_to_all
async def log_in(request: Request, session: DeskSession) -> Response:
    """Ask who is there, or let them in."""
    if request.method in READING:
        if "mark" in request.query_params:
            return await _introduced(request, session)
        if session.member:
            return session.go()
        return door(session, request.query_params.get("to", ""))
    form = await texts(request)
    typed, to = form.get("name", ""), form.get("to", "")
    name = await session.service.store.ask(lambda conn: staff.named(conn, typed))
    password = str((await request.form()).get("password", ""))  # blanks at its ends count
    mark = request.cookies.get(mark_cookie(name), "")
    member = await _known(session, name, password, form.get("code", ""), mark)
    waiting = session.service.signer.unpacked(form.get("resume", ""))
    if member is None:
        return door(session, to, name=name, refused=True, waiting_form=form.get("resume", ""))
    service, now, random = session.service, session.service.now(), session.service.random

    def enter(conn: Connection) -> tuple[str, str]:
        tokens = service.store.tokens
        staff.clear_attempts(conn, "log-in", _lane(conn, session, name, mark))
        known_already = staff.knows(conn, tokens, name, mark)
        opened = staff.open_session(
            conn,
            name=name,
            now=now,
            until=now + SESSION,
            latest=now + LONGEST_SESSION,
            random=random,
        )
        return (
            opened,
            mark if known_already else staff.new_mark(conn, tokens, name, random=random),
        )

    cookie, known = await service.store.write(enter)
    if waiting:
        response: Response = _resumed(session.entered(member, cookie), *waiting)
    else:
        response = session.go(shown_place(session, to) if PLACE.fullmatch(to) else "")
    set_cookie(session, response, COOKIE, cookie, int(LONGEST_SESSION.total_seconds()))
    set_cookie(session, response, mark_cookie(name), known, YEAR)
    set_cookie(session, response, LANG_COOKIE, "", 0)  # from here on it is their own language
    return response


@staffed()
async def log_out(request: Request, session: DeskSession) -> Response:
    """End this session, or all of them on every device."""
    everywhere = (await texts(request)).get("everywhere") == "yes"
    cookie = request.cookies.get(COOKIE, "")

    def leave(conn: Connection) -> None:
        if everywhere:
            staff.close_sessions(conn, session.name)
        staff.close_session(conn, cookie)

    await session.service.store.write(leave)
    response = session.go("log-in", done="out")
    set_cookie(session, response, COOKIE, "", 0)
    return response


def mark_cookie(name: str) -> str:
    """Return the name of the cookie in which a browser carries somebody's mark."""
    return f"open-house-desk-mark-{digest(name)[:16]}"


async def _introduced(request: Request, session: DeskSession) -> Response:
    """Keep the mark of a link that a manager handed over, so that a new browser is no stranger."""
    name, mark = (request.query_params.get(field, "") for field in ("name", "mark"))
    tokens, response = session.service.store.tokens, session.go("log-in")
    if await session.service.store.ask(lambda conn: staff.knows(conn, tokens, name, mark)):
        set_cookie(session, response, mark_cookie(name), mark, YEAR)
    return response


def _lane(conn: Connection, session: DeskSession, name: str, mark: str) -> str:
    """Return what tries are counted under: a browser's own mark, or the name for all strangers."""
    known = staff.knows(conn, session.service.store.tokens, name, mark)
    return f"{name}\n{mark}" if known else name


async def _known(
    session: DeskSession, name: str, password: str, code: str, mark: str
) -> StaffMember | None:
    """Return whose name, password and one-time password these are.

    Whatever is wrong, the answer is the same and takes as long: nobody learns which names exist.
    """
    store, now = session.service.store, session.service.now()

    def ask(conn: Connection) -> bool:
        lane = _lane(conn, session, name, mark)
        return staff.attempt(conn, "log-in", lane, now=now, within=TRIES_WITHIN, limit=TRIES)

    if not await store.write(ask):
        return None

    def look(conn: Connection) -> tuple[StaffMember | None, str]:
        member = staff.member(conn, name)
        return member, staff.totp_secret(conn, store.tokens, name) if member else ""

    member, secret = await store.ask(look)
    fits = await password_thread.fits(member.password_hash if member else "", password)
    step = passwords.step_of(secret or "A" * 32, code, now)
    if member is None or not member.active or not fits or step is None:
        return None
    unused = await store.write(lambda conn: staff.use_totp(conn, name, step))
    return member if unused else None


def _resumed(session: DeskSession, path: str, fields: list[tuple[str, str]]) -> Response:
    """Show what somebody had typed as their session ended, to be sent in the new one."""
    return resent(
        session,
        path,
        fields,
        title=session.say("Please send it again"),
        words=session.say("You are logged in again. What you wrote is here: send it now."),
    )


def door(  # noqa: PLR0913 - what the page shows
    session: DeskSession,
    to: str = "",
    *,
    name: str = "",
    refused: bool = False,
    resume: list[tuple[str, str]] | None = None,
    waiting_form: str = "",
) -> Response:
    """Return the page on which somebody logs in.

    :param resume: what was typed into a form as the session ended: it waits behind the door.
    :param waiting_form: the same, as this page handed it out before.
    """
    signer, path = session.service.signer, session.request.url.path
    waiting = signer.packed(resume, path) if resume is not None else waiting_form
    unpacked = signer.unpacked(waiting)
    return session.show(
        "log-in.html",
        session.say("Log in to the desk"),
        status=UNPROCESSABLE if refused else 401 if resume is not None else 200,
        private=bool(unpacked),
        to=to if PLACE.fullmatch(to) else "",
        name=name,
        refused=refused,
        resume=waiting if unpacked else "",
        written=[sent for sent in sent_fields(unpacked[1]) if sent.typed] if unpacked else [],
        tries=TRIES,
        minutes=TRIES_WITHIN // timedelta(minutes=1),
    )


routes = [
    Route("/log-in", log_in, methods=["GET", "POST"]),
    Route("/log-out", log_out, methods=["POST"]),
]
