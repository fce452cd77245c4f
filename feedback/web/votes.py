"""Votes, and answers to whether something is fixed: one voice a device and thing, with undo."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from core.public.vocabulary import Fixed, Target
from feedback.store.voices import votes
from feedback.web.devices import UNDO, Visitor, known_device, send_out, settle, visitor
from feedback.web.service import service_of
from feedback.web.submission_form import SEEN_OTHER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.web.service import Service

VOTABLE = {"roadmap", "record"}
VOTE = "yes"
TOO_MANY = 429


async def vote(request: Request) -> Response:
    """Count a voice for a roadmap item or a record, or take it back."""
    typed = await _typed(request)
    target = Target(typed.get("kind", ""), typed.get("key", ""))
    if target.kind not in VOTABLE:
        raise HTTPException(404)
    query = {"kind": target.kind, "key": target.key}
    return await _pressed(request, target, UNDO if UNDO in typed else VOTE, "voted", query)


async def answer_fixed(request: Request) -> Response:
    """Keep whether a change fixed the problem, or take the answer back."""
    typed = await _typed(request)
    change, answer = typed.get("change", ""), typed.get("fixed", "")
    press = UNDO if UNDO in typed else answer if answer in set(Fixed) else ""
    return await _pressed(request, Target("change", change), press, "fixed", {"change": change})


async def voted(request: Request) -> Response:
    """Say whether this browser's voice counts, and offer to change that."""
    service = service_of(request)
    target = Target(request.query_params.get("kind", ""), request.query_params.get("key", ""))
    guest = await _arrived(request, service, target)
    title = service.pages.wordings[service.language(request)].gettext("This matters to me too")
    voice = None
    if guest.device:
        voice = await service.store.ask(lambda conn: votes.voice(conn, target, guest.device))
    return _page(request, target, guest, "voted.html", title, voice=voice)


async def fixed(request: Request) -> Response:
    """Ask whether a change fixed the problem, and say what this browser answered."""
    service = service_of(request)
    target = Target("change", request.query_params.get("change", ""))
    guest = await _arrived(request, service, target)
    title = service.pages.wordings[service.language(request)].gettext("Is it fixed?")
    voice = None
    if guest.device:
        voice = await service.store.ask(lambda conn: votes.answer(conn, target.key, guest.device))
    return _page(request, target, guest, "fixed.html", title, voice=voice)


async def _typed(request: Request) -> dict[str, str]:
    """Return the form of a press, sent by a page of ours."""
    service_of(request).require_same_site(request)
    return {name: str(value) for name, value in (await request.form()).multi_items()}


async def _pressed(
    request: Request, target: Target, press: str, page: str, query: Mapping[str, str]
) -> Response:
    """Count a press at once for a browser that we know; let any other bring it back."""
    service = service_of(request)
    lang = service.language(request)
    if service.pages.shell.about(target, lang) is None:
        raise HTTPException(404)
    device = known_device(request, service)
    if device and press:
        await _count(service, target, press, device)
    sent = {} if device or not press else {"sent": "yes"}
    address = service.pages.address(f"{lang}/{page}?{urlencode({**query, **sent})}")
    response = RedirectResponse(address, SEEN_OTHER)
    if sent:
        send_out(response, request, service, target, press)
    return response


async def _arrived(request: Request, service: Service, target: Target) -> Visitor:
    """Return who asks, once what they bring back is counted."""
    if service.pages.shell.about(target, service.language(request)) is None:
        raise HTTPException(404)
    guest = visitor(request, service, target)
    if guest.press:
        await _count(service, target, guest.press, guest.device)
    return guest


async def _count(service: Service, target: Target, press: str, device: str) -> None:
    now = service.now()
    if target.kind == "change":
        if press == UNDO:
            await service.store.write(lambda conn: votes.unconfirm(conn, target.key, device=device))
        else:
            await service.store.write(
                lambda conn: votes.confirm_fixed(
                    conn, target.key, device=device, fixed=Fixed(press), now=now
                )
            )
    elif press == UNDO:
        await service.store.write(lambda conn: votes.unvote(conn, target, device))
    else:
        await service.store.write(lambda conn: votes.vote(conn, target, device, now=now))


def _page(  # noqa: PLR0913 - what a page of a voice shows
    request: Request, target: Target, guest: Visitor, template: str, title: str, *, voice: object
) -> Response:
    service = service_of(request)
    lang = service.language(request)
    unkept = "sent" in request.query_params and not guest.device and not guest.braked
    response = service.pages.render(
        request,
        template,
        lang=lang,
        title=title,
        status=TOO_MANY if guest.braked else 200,
        target=target,
        about=service.pages.shell.about(target, lang),
        voice=voice,
        unkept=unkept,
        braked=guest.braked,
    )
    settle(response, request, service, target, guest)
    return response


routes = [
    Route("/{lang}/vote", vote, methods=["POST"]),
    Route("/{lang}/voted", voted, methods=["GET"]),
    Route("/{lang}/fixed", answer_fixed, methods=["POST"]),
    Route("/{lang}/fixed", fixed, methods=["GET"]),
]
