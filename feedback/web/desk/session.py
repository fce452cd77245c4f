"""A session at the desk: who is there, in which language, and that the form is one of ours."""

from __future__ import annotations

import functools
import hashlib
import hmac
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeGuard
from urllib.parse import urlencode, urlsplit

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route

from core.public.vocabulary import REFERENCE
from feedback.model import StaffRole
from feedback.store import StoreFault
from feedback.store.desk import staff
from feedback.web.protection import READING, RequestOrigin, origin_of, whole_number
from feedback.web.sent_fields import sent_fields
from feedback.web.service import service_of
from feedback.web.submission_form import SEEN_OTHER

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.requests import Request
    from starlette.responses import HTMLResponse, Response
    from starlette.routing import BaseRoute

    from feedback.store.desk.staff import OpenSession, StaffMember
    from feedback.web.service import Service

    Handler = Callable[[Request, "DeskSession"], Awaitable[Response]]

COOKIE = "open-house-desk"
LANG_COOKIE = "open-house-desk-lang"
YEAR = 365 * 24 * 60 * 60
SESSION = timedelta(hours=10)  # a working day, counted from the last thing done …
LONGEST_SESSION = timedelta(hours=16)  # … and no longer than this from the log-in
PUT_OFF = timedelta(minutes=10)  # between two puttings off of a session's end
HIGHEST = 2**31 - 1  # number of anything that is kept


@dataclass(frozen=True)
class DeskSession:
    """Somebody at the desk, or at its door."""

    request: Request
    service: Service
    member: StaffMember | None
    lang: str
    form_token: str  # stands in every form of this session; "" at the door
    until: datetime | None = None  # when it ends unless they go on working

    @property
    def name(self) -> str:
        """Return the log-in name of whoever is at the desk."""
        return self.member.name if self.member else ""

    def say(self, message: str) -> str:
        """Return words of the interface in the language of whoever is there."""
        return self.service.pages.wordings[self.lang].gettext(message)

    def may(self, needed: StaffRole) -> bool:
        """Whether whoever is there may do what a role is for."""
        return self.member is not None and self.member.role.allows(needed)

    def refuse(self) -> Response:
        """Say that their role isn't enough."""
        return self.show("refused.html", self.say("That is for others to do"), status=403)

    def address(self, path: str = "") -> str:
        """Return the address of a page of the desk."""
        return self.service.pages.address(f"desk/{path}")

    def entered(self, member: StaffMember, cookie: str) -> DeskSession:
        """Return the session that begins as somebody logs in."""
        return replace(self, member=member, form_token=_form_token(self.service, cookie))

    def go(self, path: str = "", **query: str) -> Response:
        """Send the browser on, so that reloading sends nothing twice."""
        asked = f"?{urlencode(query)}" if query else ""
        return RedirectResponse(self.address(path) + asked, SEEN_OTHER)

    def show(
        self,
        template: str,
        title: str,
        *,
        status: int = 200,
        private: bool = True,
        **data: Any,  # noqa: ANN401 - whatever the template prints
    ) -> HTMLResponse:
        """Return a page of the desk.

        :param title: in the language of whoever is there.
        :param private: whether somebody's words are printed on it, as on most.
        """
        wordings = self.service.pages.wordings
        query = [pair for pair in self.request.query_params.multi_items() if pair[0] != "lang"]
        plain = self.request.method in READING
        return self.service.pages.render(
            self.request,
            f"desk/{template}",
            lang=self.lang,
            title=title,
            status=status,
            menu=False,
            private=private,
            session=self,
            switch=[
                (lang, wording.own_name, "?" + urlencode([*query, ("lang", lang)]))
                for lang, wording in wordings.items()
                if plain and lang != self.lang
            ],
            done=self.request.query_params.get("done", ""),
            done_to=_reference(self.request.query_params.get("of", "")),
            done_number=_number(self.request.query_params.get("number", "")),
            today=self.service.today,
            now=self.service.now(),
            Role=StaffRole,
            **data,
        )


def open_to_all(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Let anybody see a page, in the language they chose: the desk's door."""

    @functools.wraps(handler)
    async def page(request: Request) -> Response:
        session = await session_of(request)
        if request.method in READING and (lang := _chosen(session)):
            return _keep_language(session, lang)
        if request.method not in READING:
            _require_own_form(session)
        return await handler(request, session)

    return page


def staffed(needed: StaffRole = StaffRole.ANSWER) -> Callable[[Handler], Callable[[Request], Any]]:
    """Let only staff of a role do something, and only by forms of their own session."""

    def let_in(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        @open_to_all
        async def page(request: Request, session: DeskSession) -> Response:
            if session.member is None:
                if request.method not in READING:
                    raise HTTPException(401)  # the log-in page, with what was typed on it
                return session.go("log-in", to=_place(session))
            if request.method not in READING:
                typed = (await request.form()).get("token")
                if not _same(str(typed), session.form_token):
                    raise HTTPException(403, "session")
            if not session.may(needed):
                return session.refuse()
            return await handler(request, session)

        return functools.wraps(handler)(page)

    return let_in


def number_of(request: Request) -> int:
    """Return the number in a page's address.

    :raises HTTPException: 404 when it is none that a database could have given.
    """
    number = whole_number(request.path_params["number"], HIGHEST + 1)
    if number is None or number > HIGHEST:
        raise HTTPException(404)
    return number


async def texts(request: Request) -> dict[str, str]:
    """Return the texts of a form by field, the last of doubled ones, as people typed them."""
    pairs = (await request.form()).multi_items()
    return {
        name: value.replace("\r\n", "\n").replace("\0", "").strip()
        for name, value in pairs
        if isinstance(value, str)
    }


async def session_of(request: Request) -> DeskSession:
    """Return who is at the desk with this request, and in which language."""
    service = service_of(request)
    cookie = request.cookies.get(COOKIE, "")
    open_session = await _open_session(service, cookie) if cookie else None
    member = open_session.member if open_session else None
    accepted = re.findall(
        r"[a-z]+(?=[-;,\s]|$)", request.headers.get("accept-language", "").lower()
    )
    wanted = [request.cookies.get(LANG_COOKIE, ""), member.lang if member else "", *accepted]
    lang = next((candidate for candidate in wanted if candidate in service.site.languages), None)
    token = _form_token(service, cookie) if member else ""
    until = open_session.until if open_session else None
    return DeskSession(request, service, member, lang or service.site.languages[0], token, until)


async def _open_session(service: Service, cookie: str) -> OpenSession | None:
    """Return the session of a cookie, its end put off by whatever is done in it."""
    now = service.now()
    opened = await service.store.ask(lambda conn: staff.session(conn, cookie, now=now))
    if opened is None:
        return None
    until = min(now + SESSION, opened.latest)
    if until - opened.until < PUT_OFF:
        return opened
    try:
        await service.store.write(lambda conn: staff.prolong_session(conn, cookie, until))
    except StoreFault:  # it ends as it would have: what was asked for goes on
        return opened
    return replace(opened, until=until)


def is_at_desk(request: Request) -> bool:
    """Whether a request is for a page of the desk."""
    service = service_of(request)
    return request.url.path.startswith(desk_path(service))


def desk_path(service: Service) -> str:
    """Return the path below which the desk is, also of a service on a host of its own."""
    return urlsplit(service.pages.address("desk/")).path


def resent(  # noqa: PLR0913 - what the page is made of
    session: DeskSession,
    path: str,
    fields: Sequence[tuple[str, str]],
    *,
    title: str,
    words: str,
    status: int = 200,
) -> HTMLResponse:
    """Return a page with what was typed, to be sent again in this session."""
    return session.show(
        "resend.html", title, status=status, words=words, fields=sent_fields(fields), action=path
    )


def _reference(typed: str) -> str:
    return typed if REFERENCE.fullmatch(typed) else ""


def _number(typed: str) -> int:
    return whole_number(typed, HIGHEST) or 0


def _form_token(service: Service, cookie: str) -> str:
    key = service.settings.secret
    return hmac.new(key, f"desk form\n{cookie}".encode(), hashlib.sha256).hexdigest()


def _same(shown: str, other: str) -> bool:
    return hmac.compare_digest(shown.encode("utf-8", "replace"), other.encode())


def _require_own_form(session: DeskSession) -> None:
    """Let only forms of the desk's own pages through: what other sites may send ends before it.

    What headers leave open is decided by the session's token, which each of them carries.
    """
    allowed = session.service.origins - set(session.service.settings.origins)
    if (origin := origin_of(session.request, allowed)) == RequestOrigin.STRANGE:
        raise HTTPException(403, origin)


def _place(session: DeskSession) -> str:
    """Return the page that was asked for, as the desk names it."""
    return session.request.url.path.removeprefix(desk_path(session.service))


def shown_place(session: DeskSession, place: str) -> str:
    """Return the page of the desk to show: the one that is named, or the next above that there is.

    A form's address may be one that can only be sent to.
    """
    mounted = [mount.routes for mount in session.request.app.routes if isinstance(mount, Mount)]
    shown = [route for routes in mounted for route in routes if _is_shown(route)]
    asked = place
    while place:
        for route in shown:
            counted = "number" in route.param_convertors and place != asked
            if route.path_regex.match(f"/{place}") and not counted:
                return place
        place = place.rpartition("/")[0]
    return ""


def _is_shown(route: BaseRoute) -> TypeGuard[Route]:
    return isinstance(route, Route) and "GET" in (route.methods or ())


def _chosen(session: DeskSession) -> str:
    lang = session.request.query_params.get("lang", "")
    return lang if lang in session.service.site.languages else ""


def _keep_language(session: DeskSession, lang: str) -> Response:
    """Show the same page in another language, from now on."""
    query = [pair for pair in session.request.query_params.multi_items() if pair[0] != "lang"]
    asked = f"?{urlencode(query)}" if query else ""
    response = RedirectResponse(session.request.url.path + asked, SEEN_OTHER)
    set_cookie(session, response, LANG_COOKIE, lang, YEAR)
    return response


def set_cookie(
    session: DeskSession, response: Response, name: str, value: str, seconds: int
) -> None:
    """Set a cookie that only the desk sees, and no script."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=desk_path(session.service),
        secure=session.request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
