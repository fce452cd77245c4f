"""The preview's web application: the preview's own three routes, then the site."""

from __future__ import annotations

import traceback
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import FileResponse, PlainTextResponse, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route

from commands.preview.live import EVENTS, SCRIPT
from commands.preview.media import media_type
from commands.preview.waiting_page import PANEL_STYLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from commands.preview.live import Hub

HERE = Path(__file__).parent
NEVER_STORED = {"cache-control": "no-store"}


def application(
    site: ASGIApp,
    hub: Hub,
    host: str,
    complain: Callable[[str], None],
    further: Sequence[BaseRoute] = (),
) -> Starlette:
    """Return the application.

    :param host: the address that the preview listens on.
    :param complain: is told of an error of our own.
    :param further: routes that go before the site: what shares its origin is mounted here.
    """

    async def events(_: Request) -> Response:
        return StreamingResponse(hub.stream(), 200, NEVER_STORED, "text/event-stream")

    async def own_file(request: Request) -> Response:
        file = HERE / Path(request.url.path).name
        return FileResponse(file, headers=NEVER_STORED, media_type=media_type(file))

    async def failed(_: Request, error: Exception) -> Response:
        complain("".join(traceback.format_exception(error)))
        return PlainTextResponse("The preview met an error of its own; the terminal has it.", 500)

    return Starlette(
        routes=[
            Route(EVENTS, events),
            Route(SCRIPT, own_file),
            Route(PANEL_STYLE, own_file),
            *further,
            Mount("/", site),
        ],
        middleware=[Middleware(OwnNameOnly, host=host)],
        exception_handlers={Exception: failed},
    )


class OwnNameOnly:
    """Refuses requests that came under a strange name to a preview of this machine alone.

    A page on the web can point its own domain at 127.0.0.1 and so read what is served here, drafts
    included (DNS rebinding); the Host header gives it away.
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        """Guard an application that listens on `host`."""
        self.app = app
        self.host = host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 421 to a request under a strange name, and pass on every other."""
        if scope["type"] == "http" and is_loopback(self.host):
            headers = dict(scope["headers"])
            name = headers.get(b"host", b"").decode("latin-1")
            if not is_loopback(_without_port(name)):
                refusal = f"This preview answers to localhost, not to {name[:100]}."
                await PlainTextResponse(refusal, 421)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def is_loopback(host: str) -> bool:
    """Return whether a host's name or address means this machine and no other."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _without_port(name: str) -> str:
    host, colon, port = name.rpartition(":")
    return host if colon and port.isdecimal() else name
