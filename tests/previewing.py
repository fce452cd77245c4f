"""A real preview in a process of its own, for tests: start it, save files, hear what it says."""

from __future__ import annotations

import asyncio
import json
import os
import queue
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from threading import Thread
from typing import IO, TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from tests.copies import ROOT

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator, Mapping
    from http.client import HTTPMessage, HTTPResponse
    from pathlib import Path

Heard = TypeVar("Heard")
LONGEST = 30  # seconds after which something that was waited for is taken never to come
START = """
import json, sys
from pathlib import Path
from commands.preview.session import serve
options = json.loads(sys.argv[1])
paths = {name: Path(options.pop(name)) for name in ("root", "content", "site")}
sys.exit(serve(**paths, **options))
"""


@dataclass(frozen=True)
class Answer:
    """What the preview answered."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Events:
    """The stream of events, as a page listens to it."""

    def __init__(self, response: HTTPResponse) -> None:
        self._response = response

    def next(self) -> dict[str, Any]:
        """Wait for the next state."""
        for line in self._response:
            if line.startswith(b"data: "):
                state: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
                return state
        raise EOFError("the stream has ended")


class Preview:
    """A preview that runs."""

    def __init__(self, process: subprocess.Popen[str], root: Path) -> None:
        self.process = process
        self.root = root
        self.url = ""
        self.said: list[str] = []
        self._open: list[HTTPConnection] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        assert process.stdout is not None
        Thread(target=self._listen, args=(process.stdout,), daemon=True).start()

    def _listen(self, stream: IO[str]) -> None:
        for line in stream:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def hear(self, words: str) -> str:
        """Wait for the next line that holds these words; return it."""
        while True:
            try:
                line = self._lines.get(timeout=LONGEST)
            except queue.Empty:
                line = None
            if line is None:
                raise AssertionError(f"the preview never said {words!r}, but: {self.said}")
            self.said.append(line)
            if words in line:
                return line

    def hear_both(self, *words: str) -> None:
        """Wait until each of some words was heard, in whichever order."""
        missing = set(words)
        while missing:
            line = self.hear("")
            missing = {awaited for awaited in missing if awaited not in line}

    def ask(
        self,
        path: str,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request, with the path exactly as it is given."""
        line = self.connect()
        line.putrequest(method, path, skip_host="Host" in (headers or {}))
        for name, value in (headers or {}).items():
            line.putheader(name, value)
        line.endheaders()
        response = line.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        line.close()
        return answer

    def events(self) -> Events:
        """Listen as a page does."""
        line = self.connect()
        line.request("GET", "/_preview/events")
        self._open.append(line)
        return Events(line.getresponse())

    def connect(self) -> HTTPConnection:
        """Open a connection of one's own."""
        place = urlsplit(self.url)
        return HTTPConnection(place.hostname or "", place.port, timeout=LONGEST)

    def hang_up(self) -> None:
        """Close what listens to events."""
        for line in self._open:
            line.close()

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        """End the preview; return its exit code once it has said everything."""
        self.process.send_signal(how)
        code = self.process.wait(LONGEST)
        while (line := self._lines.get(timeout=LONGEST)) is not None:
            self.said.append(line)
        return code


def start_command(
    root: Path, *, content: Path | None = None, site: Path | None = None, **options: object
) -> list[str]:
    """Return what starts a preview of a folder with the quick builder, on any free port."""
    fields = {
        "root": str(root),
        "content": str(content or root / "content"),
        "site": str(site or root / "site.toml"),
        "builder": "tests.preview_builder",
        "port": 0,
        **options,
    }
    return [sys.executable, "-W", "error", "-c", START, json.dumps(fields)]


@contextmanager
def starting(
    root: Path,
    *,
    env: Mapping[str, str] | None = None,
    content: Path | None = None,
    site: Path | None = None,
    **options: object,
) -> Iterator[Preview]:
    """Start a preview; it is ended at the latest afterwards. `options` are those of `serve`."""
    command = start_command(root, content=content, site=site, **options)
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**{k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    preview = Preview(process, root)
    try:
        yield preview
    finally:
        preview.hang_up()
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@contextmanager
def previewing(root: Path, **options: Any) -> Iterator[Preview]:
    """Start a preview and wait until its first site stands."""
    with starting(root, **options) as preview:
        preview.url = address_in(preview.hear("Preview: "))
        preview.hear("First build: ")
        yield preview


def run(work: Coroutine[Any, Any, Heard]) -> Heard:
    """Run a coroutine in a thread: in the main one, Playwright's own loop may be running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, asyncio.wait_for(work, LONGEST)).result()


def address_in(line: str) -> str:
    """Return the address that a line tells."""
    return next(word for word in line.split() if word.startswith("http"))


def builds(root: Path) -> list[str]:
    """The process of each build that there was."""
    return (root / "builds").read_text("utf-8").split()


def write_quick_site(root: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """Write what the quick builder builds: a front page, a style and whatever else is given."""
    for name, text in {
        "site.toml": 'url = "https://quick.example.org/"\n',
        "theme/static/style.css": "h1 { color: rgb(1, 2, 3) }\n",
        "content/index.md": "Front\nThe front page.\n",
        **(files or {}),
    }.items():
        save(root / name, text)
    return root


def save(path: Path, text: str | bytes) -> None:
    """Save a file as many editors do: written beside the old one, then put in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(text if isinstance(text, bytes) else text.encode())
    beside.replace(path)
