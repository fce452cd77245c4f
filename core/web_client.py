"""How the program asks other machines for something: bounded, and never sent elsewhere.

What answers is not trusted. It may send us to another place, drip for hours or never end, and
whatever it says must end in a sentence.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

NEARBY = {"127.0.0.1", "localhost", "::1"}
HOPS = 5  # redirects within one origin
REDIRECTS = {301, 302, 303, 307, 308}
OK = 200


class CannotFetch(Exception):
    """Nothing was had; the message says why, as what an address does: "answers 404"."""

    def __init__(self, why: str, status: int = 0) -> None:
        """Keep what it does, and the status that it answers (0 for no answer)."""
        super().__init__(why)
        self.status = status


def is_safe(address: str) -> bool:
    """Tell whether nobody on the way can read or change what is asked: HTTPS, or this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return (parts.scheme == "https" and bool(parts.hostname)) or (
        parts.scheme == "http" and parts.hostname in NEARBY
    )


def fetch(
    address: str, *, most_bytes: int, seconds: float, headers: Mapping[str, str] | None = None
) -> bytes:
    """Ask for what stands at an address, and return its body.

    A redirect is followed within the address's own origin (RFC 6454) alone: an answer must not
    decide whom we ask, nor who is told our token.

    :param most_bytes: of the body.
    :param seconds: for everything together, however it comes.
    :raises CannotFetch: when the address isn't safe to ask, or nothing is to be had there.
    """
    try:
        return asyncio.run(_in_time(address, most_bytes, seconds, headers or {}))
    except TimeoutError:
        raise CannotFetch(f"takes longer than {seconds:.0f} seconds to answer") from None


def parsed(body: bytes) -> Any:  # noqa: ANN401 - whatever came from afar
    """Read JSON that somebody else wrote.

    :raises ValueError: when it is none, or nested too deeply to be read.
    """
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("nested too deeply") from None


async def _in_time(
    address: str, most_bytes: int, seconds: float, headers: Mapping[str, str]
) -> bytes:
    import httpx2  # noqa: PLC0415 - a fifth of a second, which commands that ask nobody don't wait

    # Nothing packed is asked for, so that few bytes can't become many here.
    wanted = {"User-Agent": "open-house", "Accept-Encoding": "identity", **headers}
    try:
        async with (
            asyncio.timeout(seconds),
            httpx2.AsyncClient(headers=wanted, timeout=seconds, verify=_authorities()) as client,
        ):
            for _ in range(HOPS + 1):
                if not is_safe(address):
                    raise CannotFetch("isn't safe to ask: write its address with https://")
                async with client.stream("GET", address) as answer:
                    if answer.status_code not in REDIRECTS:
                        return await _body(answer, most_bytes)
                    address = _next(address, answer.headers.get("location", ""))
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
        if isinstance(error, TimeoutError | httpx2.TimeoutException):
            raise TimeoutError from None
        raise CannotFetch("can't be reached") from None
    raise CannotFetch("sends us on again and again")


@cache
def _authorities() -> ssl.SSLContext:
    """Return the authorities that this machine trusts, which take long to read."""
    return ssl.create_default_context()


async def _body(answer: Any, most_bytes: int) -> bytes:  # noqa: ANN401 - httpx2 is imported late
    if answer.status_code != OK:
        raise CannotFetch(f"answers {answer.status_code}", answer.status_code)
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise CannotFetch("answers packed, which wasn't asked for")
    body = bytearray()
    async for chunk in answer.aiter_raw():
        body += chunk
        if len(body) > most_bytes:
            raise CannotFetch(f"answers more than {most_bytes // 1_000_000} MB")
    return bytes(body)


def _next(address: str, location: str) -> str:
    onward = urljoin(address, location)
    if _origin(onward) != _origin(address):
        raise CannotFetch(
            f"sends us on to {_shown(onward)}, which wasn't asked. If that is its new address, "
            "write that one"
        )
    return onward


def _origin(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, port


def _shown(address: str) -> str:
    """Return the place that an address leads to, fit to be printed."""
    parts = urlsplit(address)
    host = "".join(filter(str.isprintable, parts.hostname or "nowhere"))[:100]
    return f"{parts.scheme}://{host}" if parts.scheme.isalpha() else host
