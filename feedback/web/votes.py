"""Votes, and answers to whether something is fixed: one voice a device and thing, with undo."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from core.public.vocabulary import Fixed, Target
from feedback.store import votes
from feedback.web.service import service_of
from feedback.web.submission_form import SEEN_OTHER

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.web.service import Service

COOKIE = "open-house-device"
YEAR = 365 * 24 * 60 * 60
VOTABLE = {"roadmap", "record"}


async def vote(request: Request) -> Response:
    """Count a voice for a roadmap item or a record, or take it back."""
    service = service_of(request)
    service.require_same_site(request)
    lang = service.language(request)
    typed = dict((await request.form()).multi_items())
    target = Target(str(typed.get("kind", "")), str(typed.get("key", "")))
    if target.kind not in VOTABLE or service.pages.shell.about(target, lang) is None:
        raise HTTPException(404)
    device, cookie = _device(request, service)
    if "undo" in typed:
        await service.store.write(lambda conn: votes.unvote(conn, target, device))
    else:
        now = service.now()
        await service.store.write(lambda conn: votes.vote(conn, target, device, now=now))
    query = urlencode({"kind": target.kind, "key": target.key})
    return _answer(request, service, f"{lang}/voted?{query}", cookie)


async def voted(request: Request) -> Response:
    """Say whether this device's voice counts, and offer to change that."""
    service = service_of(request)
    lang = service.language(request)
    target = Target(request.query_params.get("kind", ""), request.query_params.get("key", ""))
    about = service.pages.shell.about(target, lang)
    if about is None:
        raise HTTPException(404)
    device = service.signer.device(request.cookies.get(COOKIE))
    counted = device and target in await service.store.ask(lambda conn: votes.voted(conn, device))
    return service.pages.render(
        request,
        "voted.html",
        lang=lang,
        title=service.pages.wordings[lang].gettext("This matters to me too"),
        target=target,
        about=about,
        counted=counted,
    )


async def answer_fixed(request: Request) -> Response:
    """Keep whether a change fixed the problem, or take the answer back."""
    service = service_of(request)
    service.require_same_site(request)
    lang = service.language(request)
    typed = dict((await request.form()).multi_items())
    change, answer = str(typed.get("change", "")), str(typed.get("fixed", ""))
    if service.pages.shell.about(Target("change", change), lang) is None:
        raise HTTPException(404)
    device, cookie = _device(request, service)
    if "undo" in typed:
        await service.store.write(lambda conn: votes.unconfirm(conn, change, device=device))
    elif answer in set(Fixed):
        now = service.now()
        await service.store.write(
            lambda conn: votes.confirm_fixed(
                conn, change, device=device, fixed=Fixed(answer), now=now
            )
        )
    query = urlencode({"change": change})
    return _answer(request, service, f"{lang}/fixed?{query}", cookie)


async def fixed(request: Request) -> Response:
    """Ask whether a change fixed the problem, and say what this device answered."""
    service = service_of(request)
    lang = service.language(request)
    change = request.query_params.get("change", "")
    about = service.pages.shell.about(Target("change", change), lang)
    if about is None:
        raise HTTPException(404)
    device = service.signer.device(request.cookies.get(COOKIE))
    answer = None
    if device:
        answer = await service.store.ask(lambda conn: votes.confirmed(conn, change, device))
    return service.pages.render(
        request,
        "fixed.html",
        lang=lang,
        title=service.pages.wordings[lang].gettext("Is it fixed?"),
        change=change,
        about=about,
        said=answer,
    )


def _device(request: Request, service: Service) -> tuple[str, str]:
    """Return the device's name, and the cookie to set when it is a new one."""
    known = service.signer.device(request.cookies.get(COOKIE))
    return (known, "") if known else service.signer.new_device()


def _answer(request: Request, service: Service, path: str, cookie: str) -> Response:
    response = RedirectResponse(service.pages.address(path), SEEN_OTHER)
    if cookie:
        response.set_cookie(
            COOKIE,
            cookie,
            max_age=YEAR,
            path=service.pages.address(""),
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
    return response


routes = [
    Route("/{lang}/vote", vote, methods=["POST"]),
    Route("/{lang}/voted", voted, methods=["GET"]),
    Route("/{lang}/fixed", answer_fixed, methods=["POST"]),
    Route("/{lang}/fixed", fixed, methods=["GET"]),
]
