"""In and out of the desk: password and one-time password, and sessions that end."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.routing import Route

from feedback import passwords
from feedback.store import staff
from feedback.web.desk import slowly
from feedback.web.desk.visit import COOKIE, set_cookie, staffed, texts, visitor
from feedback.web.say import UNPROCESSABLE

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.store.staff import Member
    from feedback.web.desk.visit import Visit

SESSION = timedelta(hours=10)  # a working day
TRIES = 5  # to log in under one name …
TRIES_WITHIN = timedelta(minutes=15)  # … in this time
# A session's cookie is SameSite=Strict: whoever follows a link to the desk comes without it.
PLACE = re.compile(r"[A-Za-z0-9/-]{0,80}")


@visitor
async def log_in(request: Request, visit: Visit) -> Response:
    """Ask who is there, or let them in."""
    if request.method == "GET":
        if visit.member:
            return visit.go()
        return _door(visit, request.query_params.get("to", ""))
    form = await texts(request)
    name, to = form.get("name", ""), form.get("to", "")
    password = str((await request.form()).get("password", ""))  # blanks at its ends count
    member = await _known(visit, name, password, form.get("code", ""))
    if member is None:
        return _door(visit, to, name=name, refused=True)
    now, random = visit.service.now(), visit.service.random

    def enter(conn: Connection) -> str:
        staff.clear_attempts(conn, "log-in", name)
        return staff.open_session(conn, name=name, now=now, until=now + SESSION, random=random)

    session = await visit.service.store.write(enter)
    response = visit.go(to if PLACE.fullmatch(to) else "")
    set_cookie(visit, response, COOKIE, session, int(SESSION.total_seconds()))
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


async def _known(visit: Visit, name: str, password: str, code: str) -> Member | None:
    """Return whose name, password and one-time password these are.

    Whatever is wrong, the answer is the same and takes as long: nobody learns which names exist.
    """
    store, now = visit.service.store, visit.service.now()

    def ask(conn: Connection) -> bool:
        tries = {"within": TRIES_WITHIN, "limit": TRIES}
        return staff.attempt(conn, "log-in", name, now=now, **tries)  # type: ignore[arg-type]

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
