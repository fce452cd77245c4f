"""Staff: who may come to the desk, and everybody's own password."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin

import segno
from starlette.exceptions import HTTPException
from starlette.routing import Route

from feedback import passwords
from feedback.forms import email_fault
from feedback.identifiers import email_address
from feedback.model import LONGEST_LINE, StaffRole
from feedback.store import Missing, Refused
from feedback.store.desk import staff
from feedback.web.desk import password_thread
from feedback.web.desk.session import LANG_COOKIE, YEAR, set_cookie, staffed, texts
from feedback.web.protection import READING
from feedback.web.submission_form import UNPROCESSABLE

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.web.desk.session import DeskSession

MOST_CALLED = 99  # as which somebody may be called


@dataclass(frozen=True)
class LoginKeys:
    """What somebody needs to log in; shown once."""

    name: str
    password: str = field(repr=False)
    secret: str = field(repr=False)
    picture: str = field(repr=False)  # the secret as a QR code: an svg element
    link: str = field(repr=False)  # makes their browser known, so that no stranger shuts them out


@staffed(StaffRole.MANAGE)
async def people(request: Request, session: DeskSession) -> Response:
    """List staff."""
    del request
    return await _people(session)


@staffed(StaffRole.MANAGE)
async def add(request: Request, session: DeskSession) -> Response:
    """Add somebody, and show what they need to log in."""
    typed = await texts(request)
    name, role, lang = (typed.get(field, "") for field in ("name", "role", "lang"))
    service = session.service
    if not name or len(name) > LONGEST_LINE or not name.isprintable():
        return await _people(session, problem="name", typed=typed)
    if role not in set(StaffRole) or lang not in service.site.languages:
        return await _people(session, problem="role", typed=typed)
    password = passwords.new_password(service.random)
    password_hash, now = await password_thread.hashed(password), service.now()

    def keep(conn: Connection) -> tuple[str, str]:
        tokens, random = service.store.tokens, service.random
        secret = staff.add(
            conn,
            tokens,
            name=name,
            password_hash=password_hash,
            role=StaffRole(role),
            lang=lang,
            now=now,
            random=random,
        )
        return secret, staff.new_mark(conn, tokens, name, random=random)

    try:
        secret, mark = await service.store.write(keep)
    except Refused as refused:
        return await _people(session, problem=refused.rule, typed=typed)
    return await _people(session, keys=_keys(session, name, password, secret, mark))


@staffed(StaffRole.MANAGE)
async def change(request: Request, session: DeskSession) -> Response:
    """Change somebody's role, end or renew their access, or give them new keys."""
    typed = await texts(request)
    service, name, role = session.service, typed.get("name", ""), typed.get("role", "")
    if typed.get("do") == "keys":
        return await _new_keys(session, name)
    active = {"stop": False, "start": True}.get(typed.get("do", ""))
    called = typed.get("called", "")
    team = typed.get("team") if typed.get("team") in {"", *service.site.teams} else None

    def work(conn: Connection) -> None:
        staff.change(
            conn,
            name,
            role=StaffRole(role) if role in set(StaffRole) else None,
            active=active,
            team=team,
            called=min(int(called[:2]), MOST_CALLED) if called.isdecimal() else None,
        )
        if not any(
            member.active and member.role == StaffRole.MANAGE for member in staff.members(conn)
        ):
            raise Refused("last", "Somebody has to be able to manage the desk.")

    try:
        await service.store.write(work)
    except Refused as refused:
        return await _people(session, problem=refused.rule)
    except Missing:
        raise HTTPException(404) from None
    return session.go("staff", done="changed")


async def _new_keys(session: DeskSession, name: str) -> Response:
    """Give somebody a new password and a new key for their app: both old ones are void."""
    service, tokens = session.service, session.service.store.tokens
    password = passwords.new_password(service.random)
    password_hash = await password_thread.hashed(password)

    def work(conn: Connection) -> tuple[str, str]:
        secret = staff.renew(conn, tokens, name, random=service.random, password_hash=password_hash)
        return secret, staff.new_mark(conn, tokens, name, random=service.random)

    try:
        secret, mark = await service.store.write(work)
    except Missing:
        raise HTTPException(404) from None
    return await _people(session, keys=_keys(session, name, password, secret, mark))


@staffed()
async def account(request: Request, session: DeskSession) -> Response:
    """Let people change their own password and language."""
    if request.method in READING:
        return _account(session)
    typed = await texts(request)
    lang = typed.get("lang", "")
    if lang in session.service.site.languages:
        await session.service.store.write(lambda conn: staff.change(conn, session.name, lang=lang))
        response = session.go("account", done="language")
        set_cookie(session, response, LANG_COOKIE, lang, YEAR)
        return response
    if typed.get("team") in {"", *session.service.site.teams}:
        team = typed["team"]
        await session.service.store.write(lambda conn: staff.change(conn, session.name, team=team))
        return session.go("account", done="changed")
    if "email" in typed:
        return await _new_address(session, typed["email"])
    return await _new_password(request, session)


async def _new_address(session: DeskSession, typed: str) -> Response:
    """Keep where mails to staff go; none go to somebody who leaves it empty."""
    if typed and email_fault(typed, session.say, session.service.reach):
        return _account(session, "email", typed)
    address = email_address(typed).text if typed else ""
    await session.service.store.write(lambda conn: staff.change(conn, session.name, email=address))
    return session.go("account", done="changed")


async def _new_password(request: Request, session: DeskSession) -> Response:
    form = await request.form()
    old, new, again = (str(form.get(field, "")) for field in ("old", "new", "again"))
    if not await password_thread.fits(session.member.password_hash if session.member else "", old):
        return _account(session, "old")
    if not passwords.is_fit(new):
        return _account(session, "short")
    if new != again:
        return _account(session, "again")
    password_hash = await password_thread.hashed(new)
    await session.service.store.write(
        lambda conn: staff.change(conn, session.name, password_hash=password_hash)
    )
    return session.go("log-in", done="password")  # every session ended, this one too


def _account(session: DeskSession, problem: str = "", email: str | None = None) -> Response:
    return session.show(
        "account.html",
        session.say("Your account"),
        status=UNPROCESSABLE if problem else 200,
        problem=problem,
        shortest=passwords.SHORTEST,
        email=session.member.email if session.member and email is None else email or "",
    )


async def _people(
    session: DeskSession,
    *,
    problem: str = "",
    typed: dict[str, str] | None = None,
    keys: LoginKeys | None = None,
) -> Response:
    members = await session.service.store.ask(staff.members)
    return session.show(
        "people.html",
        session.say("Staff"),
        status=UNPROCESSABLE if problem else 200,
        members=members,
        problem=problem,
        typed=typed or {},
        keys=keys,
    )


def _keys(session: DeskSession, name: str, password: str, secret: str, mark: str) -> LoginKeys:
    site, shell = session.service.site, session.service.pages.shell
    issuer = site.name.get(session.lang).text
    uri = passwords.totp_uri(secret, name, issuer)
    picture = segno.make(uri, error="m").svg_inline(scale=5, border=4, omitsize=True)
    place = f"{session.address('log-in')}?{urlencode({'name': name, 'mark': mark})}"
    return LoginKeys(name, password, secret, picture, urljoin(shell.url or site.url, place))


routes = [
    Route("/staff", people, methods=["GET"]),
    Route("/staff", add, methods=["POST"]),
    Route("/staff/change", change, methods=["POST"]),
    Route("/account", account, methods=["GET", "POST"]),
]
