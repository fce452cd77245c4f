"""What `pull` reads from afar: everything that is public, for whoever holds the token."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from feedback.publication import harvest
from feedback.pull import PUBLIC, as_json
from feedback.web.service import service_of

if TYPE_CHECKING:
    from starlette.requests import Request


async def public(request: Request) -> Response:
    """Answer with the files of all public records."""
    service = service_of(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    expected = service.settings.api_token
    known = scheme.lower() == "bearer" and hmac.compare_digest(token.encode(), expected.encode())
    if not expected or not known:
        raise HTTPException(403)
    parts, seen = service.pages.shell.parts, request.query_params.getlist("seen")
    harvested = await service.store.ask(
        lambda conn: harvest(conn, service.site, parts, seen, service.now())
    )
    headers = {"Cache-Control": "no-store"}
    return Response(as_json(harvested), media_type="application/json", headers=headers)


routes = [Route(f"/{PUBLIC}", public, methods=["GET"])]
