"""The web servers that we have recipes for, started with them, on this machine alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from commands import machine
from commands.local_server import free_port
from commands.recipes import WebServer, recipe
from commands.site_folder import read_site
from tests.copies import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.client import HTTPResponse
    from pathlib import Path

    from tests.tiny import TinySite

APACHE_MODULES = (
    *("mpm_event", "authz_core", "alias", "mime", "dir", "headers", "setenvif"),
    *("proxy", "proxy_http"),
)
# As far as Debian's own table matters here.
TYPES = """\
text/html html
text/css css
text/plain txt
text/javascript js
application/xml xml
application/json json
image/png png
"""
NGINX = """\
{user}
daemon off;
pid {place}/nginx.pid;
error_log {place}/error.log;
events {{}}
http {{
    include mime.types;
    client_body_temp_path {place}/body;
    proxy_temp_path {place}/proxy;
    fastcgi_temp_path {place}/fastcgi;
    uwsgi_temp_path {place}/uwsgi;
    scgi_temp_path {place}/scgi;
    include {recipe};
}}
"""
APACHE = """\
ServerRoot {place}
ServerName localhost
PidFile {place}/apache.pid
ErrorLog {place}/error.log
LogLevel info
Listen 127.0.0.1:{listen}
{modules}
TypesConfig {place}/mime.types
{user}
Include {recipe}
"""
# What a host that lets nobody set its server up has set up itself.
HTACCESS = """\
{where} {tree}
<Directory {tree}>
    AllowOverride All
    Require all granted
</Directory>
"""


@dataclass(frozen=True)
class ServerAnswer:
    """What a server answered."""

    status: int
    headers: dict[str, list[str]]  # every line of each, by the small name
    body: bytes

    def header(self, name: str) -> str:
        """The one line of a header; fails where it stands twice."""
        lines = self.headers.get(name, [])
        assert len(lines) <= 1, f"{name} stands {len(lines)} times: {lines}"
        return lines[0] if lines else ""

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class RunningServer:
    """A web server that runs by a recipe of ours."""

    port: int
    place: Path  # where it writes

    def ask(self, path: str, method: str = "GET", body: str = "", **headers: str) -> ServerAnswer:
        """Ask as a browser that came to www.example.org would."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        line.request(method, path, body or None, {"Host": "www.example.org", **named})
        response: HTTPResponse = line.getresponse()
        by_name: dict[str, list[str]] = {}
        for name, value in response.getheaders():
            by_name.setdefault(name.lower(), []).append(value)
        answer = ServerAnswer(response.status, by_name, response.read())
        line.close()
        return answer

    def visits(self, page: str) -> str:
        """Its log of visits, once a page stands in it: a server may write it after it answered."""
        self.ask(page)
        until = time.monotonic() + 30
        while page not in (text := (self.place / "visits.log").read_text(encoding="utf-8")):
            assert time.monotonic() < until, f"{page} is not in the log: {text}"
            time.sleep(0.05)
        return text

    def logged(self) -> str:
        """Everything that it wrote, wherever."""
        files = [file for file in self.place.rglob("*") if file.is_file()]
        return "\n".join(file.read_text("utf-8", "replace") for file in files)


@contextmanager
def web_server(
    name: str, tiny: TinySite, url: str, service_port: int, place: Path
) -> Iterator[RunningServer]:
    """Start a web server by its recipe; ends it at the end.

    :param place: an empty folder, for what it writes.
    """
    port = free_port()
    wanted = WebServer(str(tiny.output), url, service_port, str(port), str(place / "visits.log"))
    file, site = place / "recipe", read_site(tiny.site)
    text = recipe(ROOT, site, name, wanted)
    if name == "htaccess":
        (tiny.output / ".htaccess").write_text(text, encoding="utf-8")
        base = urlsplit(site.url).path
        where = f"Alias {base.rstrip('/')}" if base != "/" else "DocumentRoot"
        text = HTACCESS.format(where=where, tree=tiny.output)
    file.write_text(text, encoding="utf-8")
    starts = {"nginx": _nginx, "apache": _apache, "caddy": _caddy, "htaccess": _apache}
    words = starts[name](place, file, port)
    surroundings = {
        **os.environ,
        "HOME": str(place),
        "XDG_DATA_HOME": str(place / "data"),
        "CADDY_ADMIN": "off",
    }
    with (place / "output").open("wb") as output:
        process = subprocess.Popen(words, stdout=output, stderr=output, env=surroundings)
        try:
            _wait_for(port, process, place)
            yield RunningServer(port, place)
        finally:
            process.terminate()
            process.wait(20)
            (tiny.output / ".htaccess").unlink(missing_ok=True)


def _nginx(place: Path, file: Path, port: int) -> list[str]:
    del port
    user = "user root;" if os.geteuid() == 0 else ""
    (place / "mime.types").symlink_to("/etc/nginx/mime.types")
    text = NGINX.format(user=user, place=place, recipe=file)
    (place / "nginx.conf").write_text(text, encoding="utf-8")
    return [_program("nginx"), "-p", str(place), "-c", str(place / "nginx.conf")]


def _apache(place: Path, file: Path, port: int) -> list[str]:
    folder = "/usr/lib/apache2/modules"
    modules = "\n".join(f"LoadModule {m}_module {folder}/mod_{m}.so" for m in APACHE_MODULES)
    user = "User nobody\nGroup nogroup" if os.geteuid() == 0 else ""
    text = APACHE.format(place=place, listen=port, modules=modules, user=user, recipe=file)
    (place / "mime.types").write_text(TYPES, encoding="utf-8")
    (place / "apache.conf").write_text(text, encoding="utf-8")
    return [_program("apache2-bin"), "-f", str(place / "apache.conf"), "-D", "FOREGROUND"]


def _caddy(place: Path, file: Path, port: int) -> list[str]:
    del place, port
    return [_program("caddy"), "run", "--config", str(file), "--adapter", "caddyfile"]


def _program(package: str) -> str:
    need = next(need for need in machine.NEEDS if need.package == package)
    program = machine.starting(need.programs, need.asked)
    if program is None:
        pytest.skip(f"This machine has no {package}.")
    return program


def _wait_for(port: int, process: subprocess.Popen[Any], place: Path) -> None:
    """Return once it answers; fails with its own words when it ends instead."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            line = HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("HEAD", "/", headers={"Host": "www.example.org"})
            line.getresponse()
            line.close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail((place / "output").read_text("utf-8", "replace") + RunningServer(0, place).logged())


def readable(folder: Path) -> Path:
    """Let the server's own user, who is not us, read what is in a folder."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def emptied(folder: Path) -> None:
    """Remove a folder of ours."""
    shutil.rmtree(folder, ignore_errors=True)
