"""One browser, one voice: a press counts once the browser has shown that it keeps a cookie.

A browser that we know sends its lasting cookie, and is counted at once. From any other the press
goes out as a cookie of its own and comes back with the page that follows. Whoever brings it back is
known from then on; or was known before, and their browser held the lasting cookie back, as it does
when a form of another site is sent to us (SameSite=Lax; RFC 6265bis, 5.7.2). What never comes back
is counted nowhere, and takes no room.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from core.public.vocabulary import Target
    from feedback.web.service import Service

COOKIE = "open-house-device"
YEAR = 365 * 24 * 60 * 60
PRESS = "open-house-press"  # begins the name of the cookie that a press goes out as
PRESS_SECONDS = 15 * 60  # for the page that follows, also on a slow line
PARTS = 4  # of such a cookie: the press, a device's name and its signature, a proof
UNDO = "undo"


@dataclass(frozen=True)
class Visitor:
    """A browser that asks for a page about something that may be voted for."""

    device: str = ""  # its name; "" for one that we don't know
    press: str = ""  # what it brings back to be counted, or ""
    cookie: str = ""  # to be kept from now on, where it is new
    braked: bool = False  # its connection brought many browsers just now


def known_device(request: Request, service: Service) -> str:
    """Return the name of a browser that we know, or ""."""
    return service.signer.device(request.cookies.get(COOKIE)) or ""


def visitor(request: Request, service: Service, target: Target) -> Visitor:
    """Return who asks for the page about something, and what they bring back.

    A press that takes a voice back makes nobody known who was not.
    """
    device, (press, cookie) = (
        known_device(request, service),
        _brought_back(request, service, target),
    )
    if device or not press:
        return Visitor(device=device, press=press)
    if press == UNDO:
        return Visitor()
    client = request.client.host if request.client else ""
    if not service.brake.lets_in(client, service.now()):
        return Visitor(braked=True)
    return Visitor(device=service.signer.device(cookie) or "", press=press, cookie=cookie)


def send_out(
    response: Response, request: Request, service: Service, target: Target, press: str
) -> None:
    """Let a press go out as a cookie, to be brought back by the page that follows.

    The name of a new device goes with it, so that what is brought back twice counts once.
    """
    _, device = service.signer.new_device()
    proof = service.signer.confirmation(_said(target, press, device), service.now())
    _set(response, request, service, _name(target), f"{press}.{device}.{proof}", PRESS_SECONDS)


def settle(
    response: Response, request: Request, service: Service, target: Target, guest: Visitor
) -> None:
    """Keep whom we know from now on, and let go of a press that was counted."""
    if guest.cookie:
        _set(response, request, service, COOKIE, guest.cookie, YEAR)
    if guest.press:
        _set(response, request, service, _name(target), "", 0)


def _brought_back(request: Request, service: Service, target: Target) -> tuple[str, str]:
    """Return a press, and the cookie of the device that it makes known; "" for none of ours."""
    parts = request.cookies.get(_name(target), "").split(".", PARTS - 1)
    if request.method != "GET" or len(parts) != PARTS:
        return "", ""
    press, name, signature, proof = parts
    device = f"{name}.{signature}"
    good = service.signer.confirmed(proof, _said(target, press, device), service.now())
    return (press, device) if good else ("", "")


def _name(target: Target) -> str:
    """Return a cookie's name that two pages open at once don't share."""
    about = f"{target.kind} {target.key}".encode("utf-8", "replace")
    return f"{PRESS}-{hashlib.sha256(about).hexdigest()[:12]}"


def _said(target: Target, press: str, device: str) -> str:
    return f"press {target.kind} {target.key} {press} {device}"


def _set(  # noqa: PLR0913, PLR0917 - what a cookie is made of
    response: Response, request: Request, service: Service, name: str, value: str, seconds: int
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=service.pages.path(),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
