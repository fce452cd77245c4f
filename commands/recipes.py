"""Fills in what a machine needs to know of a site: web servers' files, and the system's units.

A recipe is a template in deploy/recipes/, and the site says the rest: its address, the folder of
its host that it stands in, its headers and types, and where the feedback service is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from commands.site_folder import read_site
from commands.terminal import Stop, ends_in_words
from core.service_address import service_path
from plugins.discovery.headers import rules
from plugins.discovery.redirects import FOLDER_FEEDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.site import Site
    from plugins.discovery.headers import HeaderRule

FOLDER = "deploy/recipes"
LOGS = "/var/log"
WEB_SERVERS = {
    "nginx": ("nginx.conf", f"{LOGS}/nginx/open-house.log"),
    "apache": ("apache.conf", f"{LOGS}/apache2/open-house.log"),
    "caddy": ("Caddyfile", f"{LOGS}/caddy/open-house.log"),
    "htaccess": ("htaccess", ""),
}
SYSTEMD = "systemd"
SAFE_NAME = re.compile(r"[a-z_][a-z0-9_-]*")
SAFE_PATH = re.compile(r"/[A-Za-z0-9._/-]*")
SAFE_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~-]+)*/?")


@dataclass(frozen=True)
class WebServer:
    """What a recipe for a web server is filled in with, besides the site."""

    tree: str = "/srv/www/current"  # the built site
    url: str = ""  # the site's address, where it isn't the one in site.toml
    port: int = 8010  # where the feedback service listens
    listen: str = "80"
    log: str = ""  # where visits are counted; "" for the server's usual place
    user: str = "house"  # who runs the service and the rounds
    target: str = "/srv/www"  # DEPLOY_TARGET
    backups: str = "/srv/backup"


@dataclass(frozen=True)
class FileType:
    """What is said of files with an ending."""

    ending: str  # of its name, without a dot in front; "" where a whole name is meant
    pattern: str  # a regular expression for the end of a path, as PCRE and RE2 read it
    type: str  # "" for the server's own
    shared: bool  # whether other sites' pages may read them


@ends_in_words()
def show_recipe(
    root: Path, site_file: Path, name: str, wanted: WebServer, say: Callable[[str], None]
) -> int:
    """Print the recipe of a web server.

    :param name: a key of `WEB_SERVERS`.
    :returns: 0, or 2 when the words can't be followed.
    """
    say(recipe(root, read_site(site_file), name, wanted))
    return 0


@ends_in_words()
def show_units(
    root: Path, site_file: Path, wanted: WebServer, to: Path | None, say: Callable[[str], None]
) -> int:
    """Write the units of systemd into a folder, or print them.

    :returns: 0, or 2 when the words can't be followed or the folder can't be written.
    """
    for name, text in units(root, read_site(site_file), wanted).items():
        if to is None:
            say(f"# /etc/systemd/system/{name}\n{text}\n")
            continue
        try:
            (to / name).write_text(f"{text}\n", encoding="utf-8")
        except OSError as error:
            raise Stop(f"{to} can't be written: {error.strerror}.", 2) from None
        say(str(to / name))
    return 0


def units(root: Path, site: Site, wanted: WebServer) -> dict[str, str]:
    """Return the units of systemd by name, and the file of settings that they read.

    :raises Stop: for words that can't stand in a unit.
    """
    for word, shape in ((str(root), SAFE_PATH), (wanted.user, SAFE_NAME), (wanted.tree, SAFE_PATH)):
        if not shape.fullmatch(word):
            raise Stop(f"{word} can't stand in a unit: letters, digits and / . _ - alone.", 2)
    facts = {
        "site_name": " ".join(site.name.get(site.languages[0]).text.split()),
        "command": "./run recipe systemd",
        "root": str(root),
        "timezone": str(site.timezone),
        "writes": [wanted.target, wanted.backups],
        **vars(wanted),
    }
    folder = root / FOLDER / SYSTEMD
    names = sorted(path.name for path in folder.iterdir() if path.suffix)
    return {name: _filled(root, f"{SYSTEMD}/{name}", facts) for name in names}


def recipe(root: Path, site: Site, name: str, wanted: WebServer) -> str:
    """Return the recipe of a web server, with a line at its end.

    :raises Stop: for a server we have no recipe of, or words that no server could follow.
    """
    if name not in WEB_SERVERS:
        known = ", ".join([*WEB_SERVERS, SYSTEMD])
        raise Stop(f"There is no recipe for {name}. There is one for {known}.", 2)
    file, log = WEB_SERVERS[name]
    url = f"{(wanted.url or site.url).rstrip('/')}/"
    for word, shape, example in (
        (url, SAFE_ADDRESS, "--url https://www.example.org/house/"),
        (wanted.tree, SAFE_PATH, "--tree /srv/www/current, with the folder from / on"),
        (wanted.log or "/", SAFE_PATH, "--log /var/log/open-house.log"),
    ):
        if not shape.fullmatch(word):
            raise Stop(f"{word} can't stand in a server's settings. Write it as in {example}.", 2)
    return _filled(root, file, _facts(site, name, url, log, wanted))


def _facts(site: Site, name: str, url: str, log: str, wanted: WebServer) -> dict[str, object]:
    address, service = urlsplit(url), site.feedback.service
    base = address.path
    everywhere, assets, *types = rules(base, https=address.scheme == "https", service=service)
    files = [_file_type(base, rule) for rule in types]
    path = service_path(service, base)
    elsewhere = urlsplit(service).netloc not in {"", address.netloc}
    if not elsewhere and path == base:
        raise Stop(
            "The feedback service needs a folder of its own beside the pages. Write [feedback] "
            "service in site.toml as in /feedback/ or https://feedback.example.org/feedback/.",
            2,
        )
    port = "" if wanted.listen in {"80", "443"} else f":{wanted.listen}"
    return {
        "site_name": " ".join(site.name.get(site.languages[0]).text.split()),
        "command": f"./run recipe {name}" + (f" --url {wanted.url}" if wanted.url else ""),
        "host": address.hostname,
        "address": f"http://{port}" if port else f"{address.scheme}://{address.netloc}",
        "base": base,
        "tree": wanted.tree.rstrip("/"),
        "service": "" if elsewhere else path,
        "port": wanted.port,
        "listen": wanted.listen,
        "log": wanted.log or log,
        "headers": list(everywhere.headers),
        "cached": dict(assets.headers)["Cache-Control"],
        "index": [*FOLDER_FEEDS.values(), "index.html"],
        "files": files,
        "shared": [file.ending for file in files if file.shared and file.ending],
    }


def _file_type(base: str, rule: HeaderRule) -> FileType:
    named = dict(rule.headers)
    ending = rule.pattern.removeprefix(base).removeprefix("*")
    pattern = re.escape(ending).replace("/", r"\b")
    shared = "Access-Control-Allow-Origin" in named or ending.endswith(".json")
    name = "" if "/" in ending else ending[1:]
    return FileType(name, pattern, named.get("Content-Type", ""), shared)


def _filled(root: Path, file: str, facts: dict[str, object]) -> str:
    environment = Environment(
        loader=FileSystemLoader(root / FOLDER),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - no HTML; what goes in was held against SAFE_PATH and such
    )
    text = environment.get_template(file).render(facts)
    return re.sub(r"\n{3,}", "\n\n", text).strip()
