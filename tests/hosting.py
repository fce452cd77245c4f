"""A static host on this machine: answers with a built folder, its headers and its own 404 page."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commands.preview.rules import Rules


class Handler(SimpleHTTPRequestHandler):
    """Serves files with what the folder's `_headers` says of them."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: object, rules: Rules, base: str, directory: str) -> None:
        self.rules = rules
        self.base = base
        super().__init__(*arguments, directory=directory)  # type: ignore[arg-type]

    def end_headers(self) -> None:
        for name, value in self.rules.headers_for(urlsplit(self.path).path).items():
            self.send_header(name, value)
        super().end_headers()

    def translate_path(self, path: str) -> str:
        if not path.startswith(self.base):
            return str(Path(self.directory) / "nothing stands beside the site")
        return super().translate_path("/" + path.removeprefix(self.base))

    def guess_type(self, path: str) -> str:  # type: ignore[override]
        from commands.preview.media import media_type

        return media_type(Path(path))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the tests' own output readable."""


@contextmanager
def host(folder: Path, port: int = 0, base: str = "/") -> Iterator[str]:
    """Serve a folder on a port of the loopback interface, a free one unless it is given.

    Gives the address of its root.

    :param base: the path of the site's root on its host, with a slash at both ends.
    """
    from commands.preview.rules import load_rules

    handler = partial(Handler, rules=load_rules(folder), base=base, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{base}"
        finally:
            server.shutdown()
            thread.join()
