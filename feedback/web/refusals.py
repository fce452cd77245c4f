"""Whatever is not done is said on one sort of page, and what was typed stands on it, to be sent.

Every refusal and every error of a form comes through here, so that nobody's words depend on what
Back does in their browser (WCAG 2.2, 3.3.7).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Match, Mount

from feedback.store import Busy
from feedback.web.desk.login import door
from feedback.web.desk.session import is_at_desk, resent, session_of
from feedback.web.protection import PHOTOS, READING, RequestOrigin, typed_pairs
from feedback.web.sent_fields import sent_fields
from feedback.web.service import service_of
from feedback.web.submission_form import SEEN_OTHER

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping, Sequence
    from typing import Any

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

STEP_BEFORE = {"send": "say"}  # the page before one that only takes a form
TRY_AGAIN = "30"  # seconds, when nothing could be kept just now
NEVER_SHOWN = {"password", "old", "new", "again", "confirmed", "resume"}


async def refused(request: Request, error: Exception) -> Response:
    """Answer for a page that isn't to be had, or a form that isn't taken."""
    if not isinstance(error, HTTPException):
        raise error
    if location := (error.headers or {}).get("Location"):
        return RedirectResponse(location, error.status_code)
    not_asked_for = error.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    if not_asked_for and request.method in READING and (place := _page_above(request)):
        return RedirectResponse(place, SEEN_OTHER)
    response = await _page(request, error.status_code, error.detail)
    response.headers.update(error.headers or {})
    return response


def _page_above(request: Request) -> str:
    """Return where there is a page, above an address that only takes forms; "" for none.

    Whoever loads a page again by its address, or keeps it as a bookmark, asks for it so.
    """
    root = service_of(request).pages.path().rstrip("/")
    below = request.url.path.removeprefix(root)
    above, _, last = below.rpartition("/")
    parts = [*above.split("/"), STEP_BEFORE.get(last, "")]
    for end in range(len(parts), 1, -1):
        place = "/".join(parts[:end])
        for path in (place, f"{place.rstrip('/')}/"):
            asked_for = {"type": "http", "method": "GET", "path": root + path, "root_path": root}
            if _is_page(request.app.routes, asked_for):
                return f"{root}{path}"
    return ""


def _is_page(routes: Sequence[BaseRoute], scope: MutableMapping[str, Any]) -> bool:
    """Whether one of the routes answers an address that is only asked for."""
    for route in routes:
        match, child = route.matches(scope)
        inner = route.routes if isinstance(route, Mount) else None
        if match == Match.FULL and (inner is None or _is_page(inner, {**scope, **child})):
            return True
    return False


async def unkept(request: Request, error: Exception) -> Response:
    """Say that nothing was kept, and what to do: never that it was when it wasn't."""
    status = HTTPStatus.SERVICE_UNAVAILABLE if isinstance(error, Busy) else 500
    response = await _page(request, status, "unkept")
    response.headers["Retry-After"] = TRY_AGAIN
    return response


async def broken(request: Request, error: Exception) -> Response:
    """Answer for a fault of ours, in plain text if even the page can't be made."""
    del error  # the server tells the operator
    try:
        return await _page(request, 500, "unkept")
    except Exception:  # noqa: BLE001 - the words must reach their sender, whatever is broken
        words = [value for _, value in _shown(request)]
        return PlainTextResponse("\n\n".join(["500", *words]), 500)


async def _page(request: Request, status: int, reason: str) -> Response:
    service = service_of(request)
    at_desk = is_at_desk(request)
    session = await session_of(request) if at_desk else None
    lang = session.lang if session else _lang(request)
    say = service.pages.wordings[lang].gettext
    fields = [] if request.method in READING else _shown(request)
    if session and status == HTTPStatus.UNAUTHORIZED:
        return door(session, resume=fields)
    title, words = _said(status, reason, say, written=bool(fields))
    if session and session.member and fields:
        return resent(session, request.url.path, fields, title=title, words=words, status=status)
    return service.pages.render(
        request,
        "resend.html" if fields else "message.html",
        lang=lang,
        title=title,
        status=status,
        words=words,
        fields=sent_fields(fields),
        photos_lost=bool(request.scope.get(PHOTOS)),
        action=str(request.url.replace(scheme="", netloc="")),
        confirmed=service.signer.confirmation(request.url.path, service.now()),
    )


def _lang(request: Request) -> str:
    """Return the language to refuse in: the address's if it has one, else the first."""
    site = service_of(request).site
    parts = request.url.path.split("/")
    return next((part for part in parts if part in site.languages), site.languages[0])


def _shown(request: Request) -> list[tuple[str, str]]:
    """Return what was typed, without passwords and what proves who sent it."""
    hidden = NEVER_SHOWN | ({"token", "code"} if is_at_desk(request) else set())
    return [(name, value) for name, value in typed_pairs(request) if name not in hidden]


def _said(status: int, reason: str, say: Callable[[str], str], *, written: bool) -> tuple[str, str]:
    """Return a page's title, and why nothing was done."""
    _ = say
    reasons = {
        RequestOrigin.UNSURE: (
            _("Please confirm"),
            _("Your browser did not say which page this came from. If you sent it, confirm it."),
        ),
        RequestOrigin.STRANGE: (
            _("Please confirm"),
            _("This came from another site, so nothing was done. You can send it from here."),
        ),
        "session": (
            _("Please send it again"),
            _("Somebody logged in or out since this page was opened. Nothing was done yet."),
        ),
        "unkept": (
            _("We could not keep that"),
            _("Nothing is lost: wait a minute, and send it again from here.")
            if written
            else _("Something is wrong on our side. Try again in a minute."),
        ),
    }
    words = {
        404: _("There is nothing here. The link may be old, or what was here was taken back."),
        405: _("This page can't be asked that way."),
        408: _("The line is slow, and not all of it reached us. Look what is missing below."),
        413: _("That is more than a form can take. Shorten it here, or ring us."),
    }
    return reasons.get(reason) or (
        _("Please send it again") if written else _("We can't show that"),
        words.get(status, reason),
    )
