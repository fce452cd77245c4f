"""What keeps the service's doors: who may post, how much and how long, and its tokens."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import FormData, Headers
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
    from datetime import datetime

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 64_000  # of a request's body: the longest form, in the widest script, encoded
MOST_GIVEN_BACK = 1_000_000  # of one that is longer: whoever pasted a book may cut it down
MOST_FIELDS = 500
READING = {"GET", "HEAD"}
FORM = b"application/x-www-form-urlencoded"
BODY = "house.body"  # in a request's scope: the body as far as it came
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
        if scope["type"] != "http" or scope["method"] in READING:
            await self._app(scope, receive, send)
            return
        parts: list[bytes] = []
        status = HTTPStatus.OK
        try:
            async with asyncio.timeout(self._seconds):
                await _read(receive, parts)
        except TimeoutError:
            status = HTTPStatus.REQUEST_TIMEOUT
        body = await _without_files(scope, b"".join(parts))
        scope[BODY] = body
        length = whole_number(Headers(scope=scope).get("content-length", "0"), self._most + 1)
        if length is None or max(length, len(body)) > self._most:
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        if status != HTTPStatus.OK:
            await self._app(scope, _refusing(status), send)
            return
        sent = False

        async def replay() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, send)


async def _read(receive: Receive, parts: list[bytes]) -> None:
    """Gather a body, as much of it as is worth giving back to whoever wrote it."""
    more = True
    while more and sum(map(len, parts)) < MOST_GIVEN_BACK:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)


async def _without_files(scope: Scope, body: bytes) -> bytes:
    """Return a form that came in parts as one of ours comes: its words alone, as far as they came.

    No form of ours asks for a file. One that is sent all the same goes no further than this.
    """
    headers = Headers(scope=scope)
    if not headers.get("content-type", "").startswith("multipart/form-data"):
        return body

    async def whole() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        parser = MultiPartParser(headers, whole(), max_files=MOST_FIELDS, max_fields=MOST_FIELDS)
        form = await parser.parse()
    except (MultiPartException, KeyError):
        form = FormData()
    pairs = [(name, text) for name, text in form.multi_items() if isinstance(text, str)]
    await form.close()
    plain = urlencode(pairs, errors="replace").encode()
    changed = {b"content-type": FORM, b"content-length": str(len(plain)).encode()}
    kept_as_sent = [(name, text) for name, text in scope["headers"] if name not in changed]
    if len(body) <= MOST_BYTES:
        scope["headers"] = [*kept_as_sent, *changed.items()]
    else:  # it stays too large, and is told so with its words
        scope["headers"] = [*kept_as_sent, (b"content-type", FORM), (b"content-length", b"-")]
    return plain


def whole_number(text: str, most: int) -> int | None:
    """Return a number that somebody sent, at most `most`; None for what is no whole number.

    Python refuses to read thousands of digits, and a database has its bounds.
    """
    if not text.isdecimal():
        return None
    digits = text.lstrip("0") or "0"
    return most if len(digits) > len(str(most)) else min(int(digits), most)


def typed_pairs(request: Request) -> list[tuple[str, str]]:
    """Return the fields of a form as they came, also of one that came only in part.

    Its body is the one that `Limits` has read, so this may be asked at any time, and again.
    """
    body: bytes = request.scope.get(BODY, b"")
    if "urlencoded" not in request.headers.get("content-type", ""):
        return []  # no form of ours is sent in another way
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS
        )
    except ValueError:
        return []
    return [(name, value.replace("\r\n", "\n")) for name, value in pairs]


# What forms of ours bring of themselves, or what was chosen in them: nobody typed it.
CHOSEN = frozenset(
    {"token", "once", "draft", "version", "shown", "queue", "since", "until", "cases", "saved"}
    | {"about", "about_kind", "about_key", "kind", "key", "change", "topic", "area"}
    | {"team", "passed_to", "holder"}
)
LONGEST_CHOICE = 12  # characters of a value that was chosen by a button or a box


@dataclass(frozen=True, slots=True)
class SentField:
    """A field of a form that was sent, to be sent again."""

    name: str
    value: str

    @property
    def typed(self) -> bool:
        """Whether somebody's words stand in it, which they are to see."""
        value = self.value
        wordy = len(value) > LONGEST_CHOICE or " " in value or "\n" in value
        return wordy and self.name not in CHOSEN


def sent_fields(pairs: Iterable[tuple[str, str]]) -> list[SentField]:
    """Return the fields of a form, to be shown on a page that sends it again."""
    return [SentField(name, value) for name, value in pairs]


def _refusing(status: int) -> Receive:
    """Return what gives no body, but says why; the rest of it is on the line still."""

    async def refuse() -> Message:
        raise HTTPException(status, headers={"Connection": "close"})

    return refuse


class RequestOrigin(StrEnum):
    """What a request's headers say of the page that it came from."""

    OURS = "ours"
    UNSURE = "unsure"  # an honest browser behind a proxy or an extension may say so
    STRANGE = "strange"


def origin_of(request: Request, origins: frozenset[str]) -> RequestOrigin:
    """Return where a form was sent from, as far as its headers tell (Fetch Standard).

    Headers are a hint: proxies and extensions take them out, and a site may be reached by other
    names of its own. Only a browser that names another site, or says "cross-site", is sure of it.

    :param origins: the site's own and those that the settings allow besides.
    """
    ours = {*origins, _scheme_and_host(str(request.base_url))}
    origin = request.headers.get("origin", "")
    referrer = _scheme_and_host(request.headers.get("referer", ""))
    fetched = request.headers.get("sec-fetch-site", "")
    if origin in ours:
        return RequestOrigin.OURS
    named = origin if origin not in {"", "null"} else referrer
    if not origin and named in ours:
        return RequestOrigin.OURS
    if not origin and fetched in {"same-origin", "none"}:
        return RequestOrigin.OURS
    if fetched == "cross-site":
        return RequestOrigin.STRANGE
    hosts = {_host(url) for url in ours}
    return RequestOrigin.STRANGE if named and _host(named) not in hosts else RequestOrigin.UNSURE


def _scheme_and_host(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _host(url: str) -> str:
    """Return a host without what is often put before it, or what stands for its scheme."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return url


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
        head, _, signature = token.rpartition(".")
        stamp = head.rpartition(".")[2]
        expected = self._sign("confirm", head + _canonical(form))
        good = hmac.compare_digest(signature.encode(), expected.encode())
        return good and now.timestamp() - int(stamp) <= TOKEN_SECONDS

    def confirmation(self, path: str, now: datetime) -> str:
        """Return what shows that a page of ours asked for a form of this address to be sent."""
        head = str(int(now.timestamp()))
        return f"{head}.{self._sign('asked', f'{head} {path}')}"

    def confirmed(self, shown: str, path: str, now: datetime) -> bool:
        """Whether a page of ours asked for this within a day."""
        head, _, signature = shown.partition(".")
        expected = self._sign("asked", f"{head} {path}")
        good = hmac.compare_digest(signature.encode("utf-8", "replace"), expected.encode())
        return good and now.timestamp() - int(head) <= TOKEN_SECONDS

    def packed(self, fields: Sequence[tuple[str, str]], path: str) -> str:
        """Return a form and its address as one text that nobody else can make."""
        text = base64.urlsafe_b64encode(json.dumps([path, *fields]).encode()).decode("ascii")
        return f"{text}.{self._sign('form', text)}"

    def unpacked(self, shown: str) -> tuple[str, list[tuple[str, str]]] | None:
        """Return what was packed: the address and the form; None for anything else."""
        text, _, signature = shown.partition(".")
        expected = self._sign("form", text)
        if not hmac.compare_digest(signature.encode("utf-8", "replace"), expected.encode()):
            return None
        path, *fields = json.loads(base64.urlsafe_b64decode(text))
        return path, [(name, value) for name, value in fields]

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
