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
from feedback.store import staff
from feedback.store.sealing import digest
from feedback.web.desk import slowly
from feedback.web.desk.visit import COOKIE, YEAR, set_cookie, staffed, texts, visitor
from feedback.web.say import UNPROCESSABLE

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.store.staff import Member
    from feedback.web.desk.visit import Visit

SESSION = timedelta(hours=10)  # a working day
TRIES = 5  # to log in under one name, of all strangers together or of one browser we know …
TRIES_WITHIN = timedelta(minutes=15)  # … in this time
# A session's cookie is SameSite=Strict: whoever follows a link to the desk comes without it.
PLACE = re.compile(r"[A-Za-z0-9/-]{0,80}")


@visitor
async def log_in(request: Request, visit: Visit) -> Response:
    """Ask who is there, or let them in."""
    if request.method == "GET":
        if "mark" in request.query_params:
            return await _introduced(request, visit)
        if visit.member:
            return visit.go()
        return _door(visit, request.query_params.get("to", ""))
    form = await texts(request)
    name, to = form.get("name", ""), form.get("to", "")
    password = str((await request.form()).get("password", ""))  # blanks at its ends count
    mark = request.cookies.get(mark_cookie(name), "")
    member = await _known(visit, name, password, form.get("code", ""), mark)
    if member is None:
        return _door(visit, to, name=name, refused=True)
    service, now, random = visit.service, visit.service.now(), visit.service.random

    def enter(conn: Connection) -> tuple[str, str]:
        seal = service.store.seal
        staff.clear_attempts(conn, "log-in", _lane(conn, visit, name, mark))
        kept = staff.knows(conn, seal, name, mark)
        until = now + SESSION
        return (
            staff.open_session(conn, name=name, now=now, until=until, random=random),
            mark if kept else staff.new_mark(conn, seal, name, random=random),
        )

    session, known = await service.store.write(enter)
    response = visit.go(to if PLACE.fullmatch(to) else "")
    set_cookie(visit, response, COOKIE, session, int(SESSION.total_seconds()))
    set_cookie(visit, response, mark_cookie(name), known, YEAR)
    return response


@staffed()
async def log_out(request: Request, visit: Visit) -> Response:
    """End this session, or all of them on every device."""
    everywhere = (await texts(request)).get("everywhere") == "yes"
    session = request.cookies.get(COOKIE, "")

    def leave(conn: Connection) -> None:
        if everywhere:
            staff.close_sessions(conn, visit.name)
        staff.close_session(conn, session)

    await visit.service.store.write(leave)
    response = visit.go("log-in", done="out")
    set_cookie(visit, response, COOKIE, "", 0)
    return response


def mark_cookie(name: str) -> str:
    """Return the name of the cookie in which a browser carries somebody's mark."""
    return f"open-house-desk-mark-{digest(name)[:16]}"


async def _introduced(request: Request, visit: Visit) -> Response:
    """Keep the mark of a link that a manager handed over, so that a new browser is no stranger."""
    name, mark = (request.query_params.get(one, "") for one in ("name", "mark"))
    seal, response = visit.service.store.seal, visit.go("log-in")
    if await visit.service.store.ask(lambda conn: staff.knows(conn, seal, name, mark)):
        set_cookie(visit, response, mark_cookie(name), mark, YEAR)
    return response


def _lane(conn: Connection, visit: Visit, name: str, mark: str) -> str:
    """Return what tries are counted under: a browser's own mark, or the name for all strangers."""
    known = staff.knows(conn, visit.service.store.seal, name, mark)
    return f"{name}\n{mark}" if known else name


async def _known(visit: Visit, name: str, password: str, code: str, mark: str) -> Member | None:
    """Return whose name, password and one-time password these are.

    Whatever is wrong, the answer is the same and takes as long: nobody learns which names exist.
    """
    store, now = visit.service.store, visit.service.now()

    def ask(conn: Connection) -> bool:
        lane = _lane(conn, visit, name, mark)
        return staff.attempt(conn, "log-in", lane, now=now, within=TRIES_WITHIN, limit=TRIES)

    if not await store.write(ask):
        return None

    def look(conn: Connection) -> tuple[Member | None, str]:
        member = staff.member(conn, name)
        return member, staff.totp_secret(conn, store.seal, name) if member else ""

    member, secret = await store.ask(look)
    fits = await slowly.fits(member.password_hash if member else "", password)
    step = passwords.step_of(secret or "A" * 32, code, now)
    if member is None or not member.active or not fits or step is None:
        return None
    unused = await store.write(lambda conn: staff.use_totp(conn, name, step))
    return member if unused else None


def _door(visit: Visit, to: str, *, name: str = "", refused: bool = False) -> Response:
    return visit.show(
        "log-in.html",
        visit.say("Log in to the desk"),
        status=UNPROCESSABLE if refused else 200,
        to=to if PLACE.fullmatch(to) else "",
        name=name,
        refused=refused,
        tries=TRIES,
        minutes=TRIES_WITHIN // timedelta(minutes=1),
    )


routes = [
    Route("/log-in", log_in, methods=["GET", "POST"]),
    Route("/log-out", log_out, methods=["POST"]),
]
