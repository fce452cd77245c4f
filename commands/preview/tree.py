"""Serves the built site as a static host would, with the preview's script in its pages."""

from __future__ import annotations

import asyncio
import hashlib
import stat
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles

from commands.preview.live import with_script
from commands.preview.media import media_type
from commands.preview.ranges import with_usable_range
from commands.preview.rules import Rules, load_rules
from commands.preview.waiting_page import waiting_page

if TYPE_CHECKING:
    import os

    from starlette.types import Scope

    from commands.preview.live import Hub, PreviewState

# Read by hosts, never given out by them.
NOT_SERVED = {"_headers", "_redirects"}
# While a build swaps its tree in, the folder is gone for a moment: how often and how long to wait.
TRIES, PAUSE = 40, 0.025
# What a browser says a request is for when it will show the answer as a page (Fetch Metadata).
PAGE_LOADS = {"document", "iframe", "frame"}


class ServedTree(StaticFiles):
    """The folder of the built site; StaticFiles sees to paths and links that lead out of it."""

    def __init__(self, folder: Path, hub: Hub) -> None:
        """Serve a folder that need not be there yet."""
        super().__init__(directory=folder, check_dir=False)
        self.folder = folder
        self.hub = hub
        # A build's rules are read once: the name of the build is the key.
        self._rules = lru_cache(maxsize=1)(lambda _build: load_rules(folder))

    async def check_config(self) -> None:
        """Ask nothing of the folder: it appears with the first build."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the answer to a request, never to be stored by the browser."""
        state = self.hub.state
        if scope["method"] not in {"GET", "HEAD"}:
            words = "The preview has pages to read; it takes nothing."
            response: Response = PlainTextResponse(words, 405, {"allow": "GET, HEAD"})
        elif not state.build:
            response = waiting_page(state)
        else:
            response = await self._answer("/" if path == "." else f"/{path}", scope, state)
        response.headers["cache-control"] = "no-store"
        return response

    async def _answer(self, asked: str, scope: Scope, state: PreviewState) -> Response:
        if not f"{asked}/".startswith(f"{state.base}/"):
            return RedirectResponse(quote(f"{state.base}/"), 302)
        inside = asked.removeprefix(state.base) or "/"
        rules = self._rules(state.build)
        moved = _moved(rules, asked, scope, state, forced=True)
        if moved:
            return moved
        located = await self._find(inside)
        folder_found = located is not None and located[0].name != PurePosixPath(inside).name
        folder_asked = scope["path"].endswith("/")
        if folder_found and not folder_asked:
            return _redirect(quote(f"{asked}/"), 301, scope)
        if located is None or folder_asked != folder_found:
            response = _moved(rules, asked, scope, state, forced=False) or await self._missing(
                scope, state
            )
        else:
            response = await self._give(*located, scope, state)
        slash = "/" if folder_asked and not asked.endswith("/") else ""
        for path in (asked + slash, inside + slash):
            response.headers.update(rules.headers_for(path))
        return response

    async def _find(self, inside: str) -> tuple[Path, os.stat_result] | None:
        """Return the file at a path of the site; in a folder that is its index.html."""
        path = PurePosixPath(inside.lstrip("/"))
        hidden = any(part.startswith(".") for part in path.parts if part != ".well-known")
        if hidden or str(path) in NOT_SERVED:
            return None
        for _ in range(TRIES):
            before = _identity(self.folder)
            located = await asyncio.to_thread(self._look, str(path))
            if located or (before and before == _identity(self.folder)):
                return located
            await asyncio.sleep(PAUSE)
        return None

    def _look(self, path: str) -> tuple[Path, os.stat_result] | None:
        for name in (path, f"{path}/index.html"):
            try:
                file, about = self.lookup_path(name)
            except (OSError, ValueError):  # too long a name, a file as a folder, a NUL
                return None
            if about and stat.S_ISREG(about.st_mode):
                return Path(file), about
        return None

    async def _give(
        self,
        file: Path,
        about: os.stat_result,
        scope: Scope,
        state: PreviewState,
        status: int = 200,
    ) -> Response:
        kind = media_type(file)
        response: Response
        if kind.startswith("text/html"):
            response = await _page(file, kind, scope, state, status)
        else:
            with_usable_range(scope, about.st_size)
            response = FileResponse(file, status, media_type=kind, stat_result=about)
        if status == HTTPStatus.OK and self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response

    async def _missing(self, scope: Scope, state: PreviewState) -> Response:
        located = await self._find("/404.html")
        if located is None:
            return PlainTextResponse("There is no such page, and the site has no 404.html.", 404)
        return await self._give(*located, scope, state, 404)


async def _page(file: Path, kind: str, scope: Scope, state: PreviewState, status: int) -> Response:
    """Return a page. Its entity tag is that of the bytes sent, script included.

    There is no Last-Modified: the file's would promise that nothing changed when the build did.
    """
    body = await asyncio.to_thread(file.read_bytes)
    if Headers(scope=scope).get("sec-fetch-dest", "document") in PAGE_LOADS:
        body = with_script(body, {"data-build": state.build})
    tag = hashlib.sha256(body).hexdigest()[:32]
    return Response(body, status, {"etag": f'"{tag}"'}, kind)


def _moved(
    rules: Rules, asked: str, scope: Scope, state: PreviewState, *, forced: bool
) -> Response | None:
    """Return the redirect that `_redirects` asks for; its paths may leave out the site's folder."""
    for path in (asked, asked.removeprefix(state.base)):
        redirect = rules.redirect_for(path, forced=forced)
        if redirect:
            target, status = redirect
            if target.startswith("/") and not target.startswith(f"{state.base}/"):
                target = state.base + target
            return _redirect(target, status, scope)
    return None


def _redirect(target: str, status: int, scope: Scope) -> Response:
    query = scope["query_string"].decode("latin-1")
    return RedirectResponse(f"{target}?{query}" if query and "?" not in target else target, status)


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        about = folder.stat()
    except OSError:
        return None
    return about.st_dev, about.st_ino
