"""What keeps the service's doors: who may post, how much and how long, and its tokens."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import re
import secrets
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence
    from datetime import datetime

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 64_000  # of a request's body: the longest form, in the widest script, encoded
MOST_GIVEN_BACK = 1_000_000  # of one that is longer: whoever pasted a book may cut it down
MOST_FIELDS = 500
READING = {"GET", "HEAD"}
FORM = b"application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
LINES = "text/plain"  # a form as lines, each a name and what was typed (HTML, 4.10.21.7)
BOUNDARY = re.compile(rb"(?:\r\n)*--([^\r\n\"]{1,70})\r\n")  # with which such a form begins
PHOTO_FORMS = re.compile(r"/receipt/[^/]+/(?:more|contact)$")  # the pages that ask for photos
PHOTOS, CUT = "house.photos", "house.cut"  # in a request's scope: files; why one is cut
MOST_UPLOAD = 50_000_000  # bytes of a form with photos
UPLOAD_SECONDS = 300.0  # for all of it: three photos on a slow line
UPLOADS = 20  # that come at the same time: a gigabyte on the disk for a while
BODY = "house.body"  # in a request's scope: the body as far as it came
BODY_SECONDS = 20.0  # for the whole body; a slow line sends a form in two
TOKEN_SECONDS = 24 * 60 * 60  # for which "check your answers" may be confirmed


class Limits:
    """Refuses bodies that are too large (413), and those that come too slowly (408).

    Whoever asks for the body then meets the refusal, so that it is told on a page like any other.
    """

    def __init__(self, app: ASGIApp, most: int = MOST_BYTES, seconds: float = BODY_SECONDS) -> None:
        self._app, self._most, self._seconds = app, most, seconds
        self._uploads = asyncio.Semaphore(UPLOADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, its body read beforehand."""
        if scope["type"] != "http" or scope["method"] in READING:
            await self._app(scope, receive, send)
            return
        if takes_photos(scope):
            await self._with_photos(scope, receive, send)
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
        await self._app(
            scope, _giving(body, receive) if status == HTTPStatus.OK else _refusing(status), send
        )

    async def _with_photos(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a form with photos: they lie in files until it is, and its words come as ever."""
        upload = PhotoUpload(scope, receive, self._uploads)
        words, files = await _parts(Headers(scope=scope), upload.stream())
        body = scope[BODY] = urlencode(words, errors="replace").encode()
        scope[PHOTOS], scope[CUT] = files, upload.cut
        _say_urlencoded(scope, str(len(body)).encode())
        status = upload.status if len(body) <= self._most else HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        giving = _giving(body, receive) if status == HTTPStatus.OK else _refusing(status)
        try:
            await self._app(scope, giving, send)
        finally:
            for file in files:
                await file.close()
            upload.end()


def takes_photos(scope: Scope) -> bool:
    """Whether a request is a form with files, on a page that asks for photos."""
    return (
        _content_type(scope).startswith(MULTIPART) and PHOTO_FORMS.search(scope["path"]) is not None
    )


class PhotoUpload:
    """A form with photos as it comes over the line, as much of it as may be taken.

    One that is larger than words are needs a place among `UPLOADS`; who has none keeps the words.
    """

    def __init__(self, scope: Scope, receive: Receive, places: asyncio.Semaphore) -> None:
        _, options = parse_options_header(Headers(scope=scope).get("content-type", ""))
        self._end = b"\r\n--" + options.get(b"boundary", b"") + b"--\r\n"
        self._receive, self._places = receive, places
        self._has_place = False
        self.cut = ""  # "large" or "busy", where the last file isn't whole
        self.status = HTTPStatus.OK

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """Give the form; one that is cut ends as forms do, so that what came of it can be read.

        What is too much is read and thrown away, since a browser listens to no answer before.
        """
        until = asyncio.get_running_loop().time() + UPLOAD_SECONDS
        length, more = 0, True
        try:
            while more:
                async with asyncio.timeout_at(until):
                    message = await self._receive()
                part = message.get("body", b"")
                more = message.get("more_body", False)
                if not self.cut:
                    yield part[: max(0, MOST_UPLOAD - length)]
                length += len(part)
                self.cut = self.cut or await self._why_not(length)
        except TimeoutError:
            self.status = HTTPStatus.REQUEST_TIMEOUT
        if self.cut or self.status != HTTPStatus.OK:
            yield self._end

    async def _why_not(self, length: int) -> str:
        """Return why no more is taken of a form that has come so far; "" while it is."""
        if length > MOST_UPLOAD:
            return "large"
        if length > MOST_GIVEN_BACK and not self._has_place:
            if self._places.locked():
                return "busy"
            self._has_place = await self._places.acquire()
        return ""

    def end(self) -> None:
        """Give the place to the next."""
        if self._has_place:
            self._places.release()


async def _read(receive: Receive, parts: list[bytes]) -> None:
    """Gather a body, as much of it as is worth giving back to whoever wrote it.

    The rest is read and thrown away, since a browser listens to no answer before.
    """
    length, more = 0, True
    while more and length < MOST_UPLOAD:
        message = await receive()
        part = message.get("body", b"")
        if length < MOST_GIVEN_BACK:
            parts.append(part)
        length += len(part)
        more = message.get("more_body", False)


async def _without_files(scope: Scope, body: bytes) -> bytes:
    """Return a form that came in parts as one of ours comes: its words alone, as far as they came.

    Where no form of ours asks for a file, one that is sent all the same goes no further than this.
    """
    headers, content = Headers(scope=scope), _content_type(scope)
    if content.startswith(LINES):
        body = urlencode([line.partition(b"=")[::2] for line in body.splitlines()]).encode()
    if not content or content.startswith(LINES):
        _say_urlencoded(scope, str(len(body)).encode())
    if not content.startswith(MULTIPART):
        return body

    async def whole() -> AsyncGenerator[bytes, None]:
        yield body

    words, files = await _parts(headers, whole())
    for file in files:
        await file.close()
    plain = urlencode(words, errors="replace").encode()
    if len(body) <= MOST_BYTES:
        _say_urlencoded(scope, str(len(plain)).encode())
    else:  # it stays too large, and is told so with its words
        _say_urlencoded(scope, b"-")
    return plain


async def _parts(
    headers: Headers, stream: AsyncGenerator[bytes, None]
) -> tuple[list[tuple[str, str]], list[UploadFile]]:
    """Return the words and the files of a form that came in parts, as far as it can be read.

    Where its head names another boundary than it has, or none, it is read by its own.
    """
    first = await anext(stream, b"")

    async def whole_stream() -> AsyncGenerator[bytes, None]:
        yield first
        async for part in stream:
            yield part

    if own := BOUNDARY.match(first):
        named = f'{MULTIPART}; boundary="{own[1].decode("latin-1")}"'
        headers = Headers({"content-type": named})
    parser = MultiPartParser(headers, whole_stream(), max_files=MOST_FIELDS, max_fields=MOST_FIELDS)
    try:
        await parser.parse()
        whole = True
    except (MultiPartException, KeyError):
        whole = False  # its files are closed, and what stood before stays
    words = [(name, part) for name, part in parser.items if isinstance(part, str)]
    files = [part for _, part in parser.items if isinstance(part, UploadFile) and whole]
    return words, [file for file in files if file.filename]


def _say_urlencoded(scope: Scope, length: bytes) -> None:
    """Say of a request that its form comes as one of ours without files."""
    changed = {b"content-type": FORM, b"content-length": length}
    as_sent = [(name, text) for name, text in scope["headers"] if name not in changed]
    scope["headers"] = [*as_sent, *changed.items()]


def _content_type(scope: Scope) -> str:
    return Headers(scope=scope).get("content-type", "").strip().lower()


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
    if "urlencoded" not in _content_type(request.scope):
        return []  # no form of ours is sent in another way
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)[:MOST_FIELDS]
    return [(name, value.replace("\r\n", "\n")) for name, value in pairs]


def _giving(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was read beforehand, once."""
    parts = [body]

    async def replay() -> Message:
        if not parts:
            return await receive()
        return {"type": "http.request", "body": parts.pop(), "more_body": False}

    return replay


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
