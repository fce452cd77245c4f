"""Whatever another machine answers, our own ends in a sentence, in bounded time and memory."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from core.web_client import CannotFetch, fetch, is_safe, parsed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Speak = Callable[[socket.socket, bytes], None]

TOKEN = {"Authorization": "Bearer a token of the tests"}


@contextmanager
def answering(speak: Speak) -> Iterator[tuple[str, list[bytes]]]:
    """Answer each connection by hand; yields the address and the requests that came."""
    listener = socket.create_server(("127.0.0.1", 0))
    requests: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            with peer:
                request = peer.recv(65_536)
                requests.append(request)
                try:
                    speak(peer, request)
                except OSError:
                    continue  # it hung up, which is what is shown

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/feedback/", requests
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def saying(*lines: str, body: bytes = b"") -> Speak:
    head = "\r\n".join([*lines, "Connection: close", "", ""]).encode()
    return lambda peer, _: peer.sendall(head + body)


def asked(address: str, *, most_bytes: int = 1_000_000, seconds: float = 30) -> bytes:
    return fetch(address, most_bytes=most_bytes, seconds=seconds, headers=TOKEN)


def drip(piece: bytes, before: bytes = b"") -> Speak:
    def speak(peer: socket.socket, _: bytes) -> None:
        peer.sendall(before)
        hung_up = threading.Event()
        while not hung_up.wait(0.02):
            peer.sendall(piece)

    return speak


class TestNobodyElseIsAsked:
    def test_a_token_is_never_sent_on_to_another_origin(self) -> None:
        with answering(saying("HTTP/1.1 200 OK", body=b"{}")) as (elsewhere, overheard):
            onward = elsewhere.replace("127.0.0.1", "localhost")
            with (
                answering(saying("HTTP/1.1 302 Found", f"Location: {onward}")) as (address, _),
                pytest.raises(CannotFetch, match="sends us on to http://localhost"),
            ):
                asked(address)
            assert overheard == []

    @pytest.mark.parametrize(
        "location",
        ["//house.example.org/", "https://127.0.0.1/", "file:///etc/passwd", "http://[::1", "\t"],
    )
    def test_nowhere_else_is_gone_to_whatever_the_location_says(self, location: str) -> None:
        moved = saying("HTTP/1.1 307 Temporary Redirect", f"Location: {location}")
        with answering(moved) as (address, _), pytest.raises(CannotFetch):
            asked(address)

    def test_within_its_own_origin_an_address_may_move(self) -> None:
        def speak(peer: socket.socket, request: bytes) -> None:
            moved = saying("HTTP/1.1 301 Moved Permanently", "Location: /new/")
            here = saying("HTTP/1.1 200 OK", body=b"here")
            (here if request.startswith(b"GET /new/ ") else moved)(peer, request)

        with answering(speak) as (address, requests):
            assert asked(address) == b"here"
            assert all(b"Bearer a token of the tests" in request for request in requests)

    def test_words_go_in_secret_or_stay_on_this_machine(self) -> None:
        safe = ["https://house.example.org/", "http://127.0.0.1:8000/", "http://localhost/x"]
        assert all(map(is_safe, safe))
        open_to_all = ["http://house.example.org/", "http://127.0.0.1.example.org/", "ftp://x/"]
        assert not any(map(is_safe, [*open_to_all, "http://[::1", "https://", "file:///x", ""]))
        with pytest.raises(CannotFetch, match="write its address with https://"):
            asked("http://house.example.org/")


class TestWhateverItAnswers:
    @pytest.mark.parametrize(
        ("speak", "reason"),
        [
            (saying("HTTP/1.1 503 Service Unavailable"), "answers 503"),
            (saying("HTTP/9 x"), "can't be reached"),
            (lambda peer, _: peer.sendall(b"\x00\xff\r\n\r\n"), "can't be reached"),
            (lambda _peer, _request: None, "can't be reached"),
            (saying("HTTP/1.1 200 OK", "Content-Length: 9", body=b"half"), "can't be reached"),
            (saying("HTTP/1.1 200 OK", "Content-Encoding: gzip", body=b"\x1f\x8b"), "packed"),
            (saying("HTTP/1.1 302 Found", "Location: ?again"), "on again and again"),
            (saying("HTTP/1.1 200 OK", body=b"x" * 2_000_000), "answers more than 1 MB"),
            (drip(b"x" * 65_536, b"HTTP/1.1 200 OK\r\n\r\n"), "answers more than 1 MB"),
            (saying("HTTP/1.1 200 OK", *["X: " + "x" * 60_000] * 9), "can't be reached"),
        ],
    )
    def test_it_ends_in_a_sentence(self, speak: Speak, reason: str) -> None:
        with answering(speak) as (address, _), pytest.raises(CannotFetch, match=reason):
            asked(address)

    @pytest.mark.parametrize(
        "speak",
        [
            drip(b"x", b"HTTP/1.1 200 OK\r\n\r\n"),
            drip(b"x", b"HTTP/1.1 200 OK\r\nX-Long: "),
            drip(b"H"),
        ],
    )
    def test_what_drips_without_an_end_is_left(self, speak: Speak) -> None:
        with (
            answering(speak) as (address, _),
            pytest.raises(CannotFetch, match="longer than 0 seconds to answer"),
        ):
            asked(address, seconds=0.3)

    def test_json_may_be_nested_as_deep_as_it_likes(self) -> None:
        with pytest.raises(ValueError, match="deeply"):
            parsed(b"[" * 200_000)
        assert parsed('{"ŵ": [1]}'.encode()) == {"ŵ": [1]}
