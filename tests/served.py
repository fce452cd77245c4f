"""The service and the theme's files beside it, served to browsers on a port of their own."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from commands.local_server import free_port, serving
from tests.copies import ROOT
from tests.speaking import CHROME, Speaking, speaking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def speaking_in_browsers(folder: Path) -> Speaking:
    """Open a service whose pages ask for the theme's files under their own names."""
    service = speaking(folder, ROOT / "theme")
    plain = json.dumps({**CHROME, "assets": {}})
    (folder / "tree" / "_chrome.json").write_text(plain, encoding="utf-8")
    return service


@contextmanager
def served(service: Speaking) -> Iterator[str]:
    """Serve a service; gives its own address, ending in a slash."""
    files = Mount("/assets", StaticFiles(directory=ROOT / "theme" / "static"))
    app = Starlette(routes=[files, Mount("/", service.app)])
    with serving(app, free_port()) as root:
        yield f"{root}feedback/"


@contextmanager
def served_to_tenants(folder: Path) -> Iterator[str]:
    """Open a service in a folder and serve it; gives its own address, ending in a slash."""
    service = speaking_in_browsers(folder)
    with service.store, served(service) as address:
        yield address
