"""What pages cost a reader: Lighthouse on each template, and what pages weigh as they are sent."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import tempfile
from contextlib import contextmanager
from functools import cache, partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import brotli  # type: ignore[import-untyped]

from benchmarks.measuring import Figure, Result
from commands.build import BuildOptions, build
from commands.machine import BROWSERS, install_node
from commands.photos.pages import fullest_pages
from commands.preview.media import media_type
from commands.preview.rules import Rules, load_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
NODE = ROOT / "benchmarks" / "node"
LIGHTHOUSE = NODE / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
CHROME = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
LANG = "en"
FULL = 100  # marks in a category
TRIES = 3  # a busy machine may keep the browser waiting too long
SQUEEZED = (".html", ".css", ".js", ".svg", ".json", ".xml", ".txt")
STYLES = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
_BODY = '<body class="'  # stubs that lead elsewhere have none
SCRIPTS = re.compile(r'<script[^>]* src="([^"]+)"')


def measure() -> Result:
    """Build the sample as a real site, serve it as a real host would, and look at each template."""
    install_node(NODE)
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "site"
        site = Path(folder) / "site.toml"
        plain = (ROOT / "site.toml").read_text(encoding="utf-8")
        site.write_text(plain.replace("sample = true", ""), encoding="utf-8")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        url = f"http://127.0.0.1:{port}/"
        options = BuildOptions(root=ROOT, content=ROOT / "content", site=site, output=tree, url=url)
        result = build(options)
        if not result.ok:
            raise RuntimeError(result.crash or "The sample can't be built.")
        with _hosted(tree, port):
            scores = {
                sort: _fairly(url + path, Path(folder) / "report.json")
                for (lang, sort), path in fullest_pages(tree).items()
                if lang == LANG and "noindex" not in _html(tree, path)
            }
        return Result(
            f"Lighthouse on {len(scores)} templates in English, and what all pages weigh",
            (*_scores(scores), *_weights(tree)),
            versions={"lighthouse": _version()},
        )


def _html(tree: Path, path: str) -> str:
    file = tree / path / "index.html" if path.endswith("/") or not path else tree / path
    return file.read_text(encoding="utf-8")


def _fairly(url: str, report: Path) -> dict[str, float]:
    """Return a page's scores; below 100 the median of three looks, since a machine has moods."""
    looks = [_lighthouse(url, report)]
    if min(looks[0].values()) < FULL:
        looks += [_lighthouse(url, report) for _ in range(2)]
    return {name: statistics.median(one[name] for one in looks) for name in CATEGORIES}


def _lighthouse(url: str, report: Path) -> dict[str, float]:
    """Return a page's scores, from 0 to 100, as a telephone on a slow line gets it."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    node = shutil.which("node")
    if browser is None or node is None:
        raise RuntimeError("Lighthouse needs Chromium and node.")
    command = [
        *(node, str(LIGHTHOUSE), url, "--quiet", "--output=json", f"--output-path={report}"),
        *(f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={CHROME}"),
    ]
    for left in reversed(range(TRIES)):
        done = subprocess.run(
            command,
            check=False,
            env={**os.environ, "CHROME_PATH": browser},
            capture_output=True,
            encoding="utf-8",
        )
        if done.returncode == 0:
            break
        if not left:
            raise RuntimeError(f"Lighthouse could not look at {url}: {done.stderr.strip()}")
    found = json.loads(report.read_text(encoding="utf-8"))["categories"]
    return {name: round(100 * found[name]["score"]) for name in CATEGORIES}


def _scores(scores: dict[str, dict[str, float]]) -> Iterator[Figure]:
    for category in CATEGORIES:
        whole = sum(1 for one in scores.values() if one[category] == FULL)
        yield Figure(f"{category}: lowest", min(s[category] for s in scores.values()), "", "100")
        yield Figure(f"{category}: templates at 100", whole, "", f"{len(scores)}")
    for sort, one in scores.items():
        for category in CATEGORIES:
            if one[category] < FULL:
                yield Figure(f"{sort}: {category}", one[category], "", "100")


def _weights(tree: Path) -> Iterator[Figure]:
    pages = [file for file in tree.rglob("*.html") if _BODY in file.read_text(encoding="utf-8")]
    whole = {}
    scripts = {}
    for file in pages:
        html = file.read_text(encoding="utf-8")
        whole[file] = _packed(file) + sum(_packed(tree / s[1:]) for s in STYLES.findall(html))
        scripts[file] = sum(_packed(tree / s[1:]) for s in SCRIPTS.findall(html))
    fonts = sum(font.stat().st_size for font in tree.rglob("*.woff2"))
    yield Figure("HTML and CSS of the heaviest page", max(whole.values()) / 1000, "kB", "14.336")
    yield Figure("HTML and CSS of the page in the middle", _middle(whole) / 1000, "kB", "")
    yield Figure("scripts of the heaviest page", max(scripts.values()) / 1000, "kB", "6")
    yield Figure("fonts in all", fonts / 1000, "kB", "45")


@cache
def _squeezed(file: Path) -> bytes:
    squeezed: bytes = brotli.compress(file.read_bytes())
    return squeezed


def _packed(file: Path) -> int:
    return len(_squeezed(file))


def _middle(weights: dict[Path, int]) -> float:
    return statistics.median(weights.values())


class _Host(BaseHTTPRequestHandler):
    """A static host: compressed ahead, with the headers that the site asks for."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: object, tree: Path, rules: Rules) -> None:
        self.tree, self.rules = tree, rules
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer with a file, or with the site's page for what isn't there."""
        path = urlsplit(self.path).path
        file = self.tree / path.lstrip("/")
        file = file / "index.html" if file.is_dir() else file
        status = HTTPStatus.OK if file.is_file() else HTTPStatus.NOT_FOUND
        file = file if file.is_file() else self.tree / "404.html"
        body = file.read_bytes()
        self.send_response(status)
        for name, value in self.rules.headers_for(path).items():
            self.send_header(name, value)
        self.send_header("Content-Type", media_type(file))
        if file.suffix in SQUEEZED and "br" in self.headers.get("Accept-Encoding", ""):
            body = _squeezed(file)
            self.send_header("Content-Encoding", "br")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the table readable."""


@contextmanager
def _hosted(tree: Path, port: int) -> Iterator[None]:
    handler = partial(_Host, tree=tree, rules=load_rules(tree))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def _version() -> str:
    package = NODE / "node_modules" / "lighthouse" / "package.json"
    version: str = json.loads(package.read_text(encoding="utf-8"))["version"]
    return version
