"""A host that compresses with brotli, a browser on a slow line, and what came over it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from benchmarks.host import squeezed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}
WAIT = 120_000  # milliseconds
TEXTS = "/x/"  # in the addresses of what excerpts are cut from


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = squeezed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "br")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Leave the terminal to the figures."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder; gives its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@dataclass(frozen=True)
class Visit:
    """What one question cost in a browser that had nothing yet."""

    seconds: float  # until the first answers stood there
    leads: int  # bytes of what they need, without the page itself
    everything: int  # bytes of that and the excerpts


def visit(browser: Browser, address: str, ready: str, *, slow: bool, chrome: str = "") -> Visit:
    """Open an address in a fresh profile and wait for answers.

    :param ready: the selector of an answer.
    :param chrome: a name in the addresses of files that any page has: styles, pictures, fonts.
    """
    context = browser.new_context()
    page: Page = context.new_page()
    came: list[tuple[str, int]] = []

    def count(response: Any) -> None:  # noqa: ANN401 - Playwright's
        own = response.url.split("?")[0] != address.split("?", maxsplit=1)[0]
        if own and not (chrome and any(word in response.url for word in chrome.split())):
            came.append((response.url, int(response.headers.get("content-length", "0"))))

    page.on("response", count)
    if slow:
        context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_3G)
    page.goto(address, wait_until="commit", timeout=WAIT)
    page.wait_for_selector(ready, timeout=WAIT)
    seconds = page.evaluate("performance.now()") / 1000
    page.wait_for_load_state("networkidle", timeout=WAIT)
    context.close()
    leads = sum(size for url, size in came if TEXTS not in url)
    return Visit(seconds, leads, sum(size for _, size in came))
