"""What keeps the service's doors: who may post, how much and how long, and its tokens."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 64_000  # of a request's body: the longest form, in the widest script, encoded
BODY_SECONDS = 20.0  # for the whole body; a slow line sends a form in two
TOKEN_SECONDS = 24 * 60 * 60  # for which "check your answers" may be confirmed


class Limits:
    """Refuses bodies that are too large (413), and those that come too slowly (408).

    Whoever asks for the body then meets the refusal, so that it is told on a page like any other.
    """

    def __init__(self, app: ASGIApp, most: int = MOST_BYTES, seconds: float = BODY_SECONDS) -> None:
        self._app, self._most, self._seconds = app, most, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, its body read beforehand."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdecimal() or int(length) > self._most:
            await self._app(scope, _refusing(413), send)
            return
        try:
            async with asyncio.timeout(self._seconds):
                body = await self._body(receive)
        except TimeoutError:
            await self._app(scope, _refusing(408), send)
            return
        if body is None:
            await self._app(scope, _refusing(413), send)
            return
        sent = False

        async def replay() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, send)

    async def _body(self, receive: Receive) -> bytes | None:
        """Return the whole body, None when it is too long."""
        parts, size, more = [], 0, True
        while more:
            message = await receive()
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self._most:
                return None
            more = message.get("more_body", False)
        return b"".join(parts)


def _refusing(status: int) -> Receive:
    """Return what gives no body, but says why; the rest of it is on the line still."""

    async def refuse() -> Message:
        raise HTTPException(status, headers={"Connection": "close"})

    return refuse


def same_site(request: Request, origins: frozenset[str]) -> bool:
    """Whether a form was sent from a page of ours.

    :param origins: the site's own and those that the settings allow besides.

    Browsers tell the page's origin with every post (Fetch Standard); one that says nothing at
    all is an old one, and then the referrer decides.
    """
    origin = request.headers.get("origin")
    if origin is not None:
        return origin in origins or origin == _origin(str(request.base_url))
    fetched = request.headers.get("sec-fetch-site")
    if fetched is not None:
        return fetched in {"same-origin", "none"}
    referrer = request.headers.get("referer")
    return referrer is not None and (
        _origin(referrer) in origins or _origin(referrer) == _origin(str(request.base_url))
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class Signer:
    """Signs what goes out to a browser and must come back unchanged."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def _sign(self, purpose: str, text: str) -> str:
        return hmac.new(self._secret, f"{purpose}\n{text}".encode(), hashlib.sha256).hexdigest()

    def token(self, form: Mapping[str, str], now: datetime) -> str:
        """Return a token for confirming exactly this form, once, within a day."""
        head = f"{secrets.token_urlsafe(16)}.{int(now.timestamp())}"
        return f"{head}.{self._sign('confirm', head + _canonical(form))}"

    def confirms(self, token: str, form: Mapping[str, str], now: datetime) -> bool:
        """Whether a token was made for exactly this form and is still good."""
        head, dot, signature = token.rpartition(".")
        stamp = head.rpartition(".")[2]
        if not dot or not stamp.isdecimal():
            return False
        expected = self._sign("confirm", head + _canonical(form))
        good = hmac.compare_digest(signature.encode(), expected.encode())
        return good and now.timestamp() - int(stamp) <= TOKEN_SECONDS

    def device(self, cookie: str | None) -> str | None:
        """Return the device that a cookie of ours names, None for any other cookie."""
        name, dot, signature = (cookie or "").rpartition(".")
        if not dot:
            return None
        good = hmac.compare_digest(signature.encode(), self._sign("device", name).encode())
        return name if good else None

    def new_device(self) -> tuple[str, str]:
        """Return a name for a new device, and the cookie that says so."""
        name = secrets.token_urlsafe(16)
        return name, f"{name}.{self._sign('device', name)}"


def _canonical(form: Mapping[str, str]) -> str:
    return json.dumps(sorted(form.items()), ensure_ascii=False)
