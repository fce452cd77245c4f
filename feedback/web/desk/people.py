"""Staff: who may come to the desk, and everybody's own password."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin

import segno
from starlette.exceptions import HTTPException
from starlette.routing import Route

from feedback import passwords
from feedback.model import LONGEST_LINE, Role
from feedback.store import Missing, Refused, staff
from feedback.web.desk import slowly
from feedback.web.desk.visit import LANG_COOKIE, YEAR, set_cookie, staffed, texts
from feedback.web.say import UNPROCESSABLE

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.web.desk.visit import Visit


@dataclass(frozen=True)
class Keys:
    """What somebody needs to log in; shown once."""

    name: str
    password: str = field(repr=False)
    secret: str = field(repr=False)
    picture: str = field(repr=False)  # the secret as a QR code: an svg element
    link: str = field(repr=False)  # makes their browser known, so that no stranger shuts them out


@staffed(Role.MANAGE)
async def people(request: Request, visit: Visit) -> Response:
    """List staff."""
    del request
    return await _people(visit)


@staffed(Role.MANAGE)
async def add(request: Request, visit: Visit) -> Response:
    """Add somebody, and show what they need to log in."""
    typed = await texts(request)
    name, role, lang = (typed.get(one, "") for one in ("name", "role", "lang"))
    service = visit.service
    if not name or len(name) > LONGEST_LINE or not name.isprintable():
        return await _people(visit, problem="name", typed=typed)
    if role not in set(Role) or lang not in service.site.languages:
        return await _people(visit, problem="role", typed=typed)
    password = passwords.new_password(service.random)
    kept, now = await slowly.hashed(password), service.now()

    def keep(conn: Connection) -> tuple[str, str]:
        seal, random = service.store.seal, service.random
        secret = staff.add(
            conn,
            seal,
            name=name,
            password_hash=kept,
            role=Role(role),
            lang=lang,
            now=now,
            random=random,
        )
        return secret, staff.new_mark(conn, seal, name, random=random)

    try:
        secret, mark = await service.store.write(keep)
    except Refused as refused:
        return await _people(visit, problem=refused.rule, typed=typed)
    return await _people(visit, keys=_keys(visit, name, password, secret, mark))


@staffed(Role.MANAGE)
async def change(request: Request, visit: Visit) -> Response:
    """Change somebody's role, end or renew their access, or give them new keys."""
    typed = await texts(request)
    service, name, role = visit.service, typed.get("name", ""), typed.get("role", "")
    if typed.get("do") == "keys":
        return await _new_keys(visit, name)
    active = {"stop": False, "start": True}.get(typed.get("do", ""))

    def work(conn: Connection) -> None:
        staff.change(conn, name, role=Role(role) if role in set(Role) else None, active=active)
        if not any(one.active and one.role == Role.MANAGE for one in staff.members(conn)):
            raise Refused("last", "Somebody has to be able to manage the desk.")

    try:
        await service.store.write(work)
    except Refused as refused:
        return await _people(visit, problem=refused.rule)
    except Missing:
        raise HTTPException(404) from None
    return visit.go("staff", done="changed")


async def _new_keys(visit: Visit, name: str) -> Response:
    """Give somebody a new password and a new key for their app: both old ones are void."""
    service, seal = visit.service, visit.service.store.seal
    password = passwords.new_password(service.random)
    kept = await slowly.hashed(password)

    def work(conn: Connection) -> tuple[str, str]:
        secret = staff.renew(conn, seal, name, random=service.random, password_hash=kept)
        return secret, staff.new_mark(conn, seal, name, random=service.random)

    try:
        secret, mark = await service.store.write(work)
    except Missing:
        raise HTTPException(404) from None
    return await _people(visit, keys=_keys(visit, name, password, secret, mark))


@staffed()
async def account(request: Request, visit: Visit) -> Response:
    """Let people change their own password and language."""
    if request.method == "GET":
        return _account(visit)
    typed = await texts(request)
    lang = typed.get("lang", "")
    if lang in visit.service.site.languages:
        await visit.service.store.write(lambda conn: staff.change(conn, visit.name, lang=lang))
        response = visit.go("account", done="language")
        set_cookie(visit, response, LANG_COOKIE, lang, YEAR)
        return response
    return await _new_password(request, visit)


async def _new_password(request: Request, visit: Visit) -> Response:
    form = await request.form()
    old, new, again = (str(form.get(one, "")) for one in ("old", "new", "again"))
    if not await slowly.fits(visit.member.password_hash if visit.member else "", old):
        return _account(visit, "old")
    if not passwords.is_fit(new):
        return _account(visit, "short")
    if new != again:
        return _account(visit, "again")
    kept = await slowly.hashed(new)
    await visit.service.store.write(lambda conn: staff.change(conn, visit.name, password_hash=kept))
    return visit.go("log-in", done="password")  # every session ended, this one too


def _account(visit: Visit, problem: str = "") -> Response:
    return visit.show(
        "account.html",
        visit.say("Your account"),
        status=UNPROCESSABLE if problem else 200,
        problem=problem,
        shortest=passwords.SHORTEST,
    )


async def _people(
    visit: Visit,
    *,
    problem: str = "",
    typed: dict[str, str] | None = None,
    keys: Keys | None = None,
) -> Response:
    members = await visit.service.store.ask(staff.members)
    return visit.show(
        "people.html",
        visit.say("Staff"),
        status=UNPROCESSABLE if problem else 200,
        members=members,
        problem=problem,
        typed=typed or {},
        keys=keys,
    )


def _keys(visit: Visit, name: str, password: str, secret: str, mark: str) -> Keys:
    site, chrome = visit.service.site, visit.service.pages.chrome
    issuer = site.name.get(visit.lang).text
    uri = passwords.totp_uri(secret, name, issuer)
    picture = segno.make(uri, error="m").svg_inline(scale=5, border=4, omitsize=True)
    place = f"{visit.address('log-in')}?{urlencode({'name': name, 'mark': mark})}"
    return Keys(name, password, secret, picture, urljoin(chrome.url or site.url, place))


routes = [
    Route("/staff", people, methods=["GET"]),
    Route("/staff", add, methods=["POST"]),
    Route("/staff/change", change, methods=["POST"]),
    Route("/account", account, methods=["GET", "POST"]),
]
