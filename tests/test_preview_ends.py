"""`./run serve` starts where it may, keeps to itself, and ends when it is told to."""

from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from commands.preview.address import UnusableAddress, own_address
from commands.preview.app import application
from commands.preview.live import Hub
from commands.preview.tree import ServedTree
from tests.copies import ROOT
from tests.previewing import (
    address_in,
    builds,
    previewing,
    run,
    save,
    start_command,
    starting,
    write_quick_site,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from tests.previewing import Preview

pytestmark = pytest.mark.long


HIDE_CURSOR, SHOW_CURSOR = b"\x1b[?25l", b"\x1b[?25h"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_quick_site(tmp_path / "association")


@pytest.fixture
def preview(root: Path) -> Iterator[Preview]:
    with previewing(root) as running:
        yield running


def test_the_site_is_built_into_a_folder_of_the_previews_own(preview: Preview) -> None:
    assert (preview.root / ".cache" / "preview" / "output" / "index.html").is_file()
    assert not (preview.root / "output").exists()


def test_two_previews_of_one_folder_do_not_meet(root: Path, preview: Preview) -> None:
    with previewing(root) as second:
        assert second.url != preview.url
        assert preview.url.rstrip("/") in preview.ask("/").text
        assert second.url.rstrip("/") in second.ask("/").text


def test_what_an_ended_build_left_behind_is_removed(root: Path) -> None:
    left = root / ".cache" / "preview" / ".output-left"
    left.mkdir(parents=True)
    with previewing(root):
        assert not left.exists()


@contextmanager
def hangups(are: signal.Handlers) -> Iterator[None]:
    """What a process that is started meanwhile inherits for the end of its terminal.

    The tests themselves may run under nohup, which has that ignored.
    """
    before = signal.signal(signal.SIGHUP, are)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_open_browser_does_not_hold_up_the_end(root: Path, how: signal.Signals) -> None:
    (root / "content" / "film.mp4").write_bytes(bytes(30_000_000))
    with hangups(signal.SIG_DFL), previewing(root) as preview:
        events = preview.events()
        events.next()
        film = preview.connect()
        film.request("GET", "/film.mp4")
        response = film.getresponse()
        response.read(1000)  # and then it is paused
        assert preview.end(how) == 0
        assert not any("Traceback" in line for line in preview.said)
        with pytest.raises(EOFError):
            events.next()
        film.close()


def test_under_nohup_a_preview_outlives_its_terminal(root: Path) -> None:
    with hangups(signal.SIG_IGN), previewing(root) as preview:
        preview.process.send_signal(signal.SIGHUP)
        save(root / "content" / "index.md", "Front\nStill here.\n")
        preview.hear("content/index.md changed")
        assert preview.end() == 0


def test_on_a_screen_a_build_shows_how_far_it_is_and_gives_the_cursor_back(root: Path) -> None:
    os.mkfifo(root / "gate")
    save(root / "content" / "index.md", "Front\n!wait\n")
    mine, its = pty.openpty()
    command = start_command(root)
    with subprocess.Popen(command, cwd=ROOT, stdout=its, stderr=its) as process:
        os.close(its)
        with (root / "gate").open("w"), os.fdopen(mine, "rb", buffering=0) as screen:
            seen = b""
            while b"Building" not in seen or b"Preview: " not in seen:
                seen += screen.read(4096)
            process.send_signal(signal.SIGINT)
            with suppress(OSError):  # how a terminal says that nobody writes any more
                while more := screen.read(4096):
                    seen += more
    assert process.returncode == 0
    assert seen.rindex(SHOW_CURSOR) > seen.rindex(HIDE_CURSOR)


def test_the_streams_of_events_end_with_the_preview() -> None:
    async def told() -> list[str]:
        hub = Hub()
        stream = hub.stream()
        events = [await anext(stream), await anext(stream)]
        hub.close()
        return events + [event async for event in stream]

    heard = run(told())
    assert heard[0] == "retry: 1000\n\n"
    assert heard[1].startswith("data: ")
    assert len(heard) == 2


def test_the_builder_ends_with_the_preview(preview: Preview) -> None:
    preview.end()
    with pytest.raises(ProcessLookupError):
        os.kill(int(builds(preview.root)[0]), 0)


def test_a_port_that_is_asked_for_and_taken_is_refused_in_a_sentence(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with starting(root, port=port) as preview:
            preview.hear(f"Port {port} is taken by another program.")
            assert preview.process.wait() == 2


def test_without_a_port_the_next_free_one_is_taken_and_told(root: Path) -> None:
    with starting(root, port=None) as first:
        address = address_in(first.hear("Preview: "))
        with starting(root, port=None) as second:
            second.hear("Port 8000 is taken, so this preview is on port ")
            assert address_in(second.hear("Preview: ")) != address


def test_two_previews_that_start_in_one_moment_get_a_port_each() -> None:
    with own_address("127.0.0.1", None) as first, own_address("127.0.0.1", None) as second:
        assert first != second
        with pytest.raises(UnusableAddress), own_address("127.0.0.1", first[1]):
            pass


@pytest.mark.parametrize(
    ("host", "port", "sentence"),
    [
        ("no-such-host.invalid", 0, "There is no host named no-such-host.invalid."),
        ("192.0.2.1", 0, "192.0.2.1 is not an address of this machine."),
        ("127.0.0.1", 99999, "99999 is no port."),
    ],
)
def test_an_address_that_cannot_be_is_refused_in_a_sentence(
    root: Path, host: str, port: int, sentence: str
) -> None:
    with starting(root, host=host, port=port) as preview:
        preview.hear(sentence)
        assert preview.process.wait() == 2
        assert not any("Traceback" in line for line in preview.said)


def test_a_preview_that_others_can_reach_says_so(root: Path) -> None:
    with starting(root, host="0.0.0.0") as preview:  # noqa: S104 - that is the point
        preview.hear("Everyone who can reach 0.0.0.0 can read this preview")
        preview.url = address_in(preview.hear("Preview: "))
        preview.hear("First build")
        assert preview.ask("/", headers={"Host": "my-machine.local"}).status == 200


def test_quiet_speaks_of_what_is_wrong_alone(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with starting(root, port=port, quiet=True) as preview:
        save(root / "content" / "index.md", "Front\n!fault The title is empty.\n")
        preview.hear("The title is empty.")
        assert preview.said == ["  content/index.md:2: [title] The title is empty. Write a title."]


def test_the_browser_is_opened_when_asked_for(root: Path) -> None:
    os.mkfifo(root / "opened")
    script = root / "open.py"
    script.write_text(f"import sys\nopen({str(root / 'opened')!r}, 'w').write(sys.argv[1])\n")
    browser = f"{sys.executable} {script} %s"
    with starting(root, open_browser=True, env={"BROWSER": browser}) as preview:
        preview.url = address_in(preview.hear("Preview: "))
        assert (root / "opened").read_text("utf-8") == preview.url


def test_further_routes_go_before_the_site(tmp_path: Path) -> None:
    async def speak(_: Request) -> Response:
        return PlainTextResponse("heard")

    async def ask() -> bytes:
        hub = Hub()
        site = ServedTree(tmp_path, hub)
        app = application(site, hub, "127.0.0.1", print, [Route("/speak", speak)])
        sent: list[dict[str, object]] = []

        async def receive() -> dict[str, object]:
            return {"type": "http.request"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/speak", "query_string": b""}
        await app({**scope, "headers": [(b"host", b"localhost")]}, receive, send)
        return b"".join(cast("bytes", message.get("body", b"")) for message in sent)

    assert run(ask()) == b"heard"
