"""A real host for a while: the site as it is sent, compressed, and its feedback service."""

from __future__ import annotations

from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http import HTTPStatus
from random import SystemRandom
from typing import TYPE_CHECKING
from urllib.parse import unquote

import brotli  # type: ignore[import-untyped]
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Mount

from commands.local_server import serving
from commands.preview.media import media_type
from commands.preview.rules import load_rules
from commands.service_runtime import service_for
from commands.site_folder import read_site
from core.public.vocabulary import SubmissionSort
from feedback.model import AnswerBy, Submission
from feedback.settings import Settings
from feedback.store.actions import submissions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

    from feedback.store import Store

SQUEEZED = (".html", ".css", ".js", ".svg", ".json", ".xml", ".txt")
SERVICE = {  # the pages of the service that anybody can open, by what they are
    "service: say": "{lang}/say",
    "service: find": "{lang}/find",
    "service: search": "{lang}/search?q=damp",
    "service: receipt": "{lang}/receipt/{token}",
    "desk: log in": "desk/",
}


@cache
def squeezed(file: Path) -> bytes:
    """Return a file as it is sent."""
    sent: bytes = brotli.compress(file.read_bytes())
    return sent


class _Tree:
    """A static host: compressed ahead, with the headers that the site asks for."""

    def __init__(self, tree: Path) -> None:
        self.tree, self.rules = tree, load_rules(tree)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a file, or with the site's page for what isn't there."""
        path = unquote(scope["path"])
        file = self.tree / path.lstrip("/")
        file = file / "index.html" if file.is_dir() else file
        status = HTTPStatus.OK if file.is_file() else HTTPStatus.NOT_FOUND
        file = file if file.is_file() else self.tree / "404.html"
        headers = {**self.rules.headers_for(path), "Content-Type": media_type(file)}
        if file.suffix in SQUEEZED:
            headers["Content-Encoding"] = "br"
        body = squeezed(file) if file.suffix in SQUEEZED else file.read_bytes()
        await Response(body, status, headers)(scope, receive, send)


@contextmanager
def hosted(
    tree: Path, site: Path, port: int, languages: tuple[str, ...]
) -> Iterator[dict[tuple[str, str], str]]:
    """Serve a built site and its service, whose data lies beside the tree.

    Yields the paths of the service's pages, by language and by what they are.
    """
    settings = Settings(
        database=f"sqlite:///{tree.parent / 'feedback.sqlite3'}",
        secret=SystemRandom().randbytes(32),
        tree=tree,
        index=tree.parent / "index",
    )
    joined = service_for(site, settings, lambda _: None)
    where = read_site(site).feedback.service
    app = Starlette(
        routes=[*joined.app.routes, Mount("/", _Tree(tree))],
        middleware=[Middleware(GZipMiddleware)],
    )
    with closing(joined.service.store) as store, serving(app, port):
        yield {
            (lang, name): where.lstrip("/") + path.format(lang=lang, token=_said(store, lang))
            for lang in languages
            for name, path in SERVICE.items()
        }


def _said(store: Store, lang: str) -> str:
    """Say something, so that there is a receipt; returns the token in its address."""
    now = datetime.now(UTC)
    submission = Submission(
        sort=SubmissionSort.PROBLEM,
        lang=lang,
        said="The gutter over the door has dripped since September.",
        may_publish=True,
        answer_by=AnswerBy.RECEIPT,
    )
    added = store.write_now(
        lambda conn: submissions.add(
            conn,
            store.tokens,
            submission,
            idempotency=lang,
            now=now,
            due=(now + timedelta(days=14)).date(),
            random=SystemRandom(),
        )
    )
    return added.receipt
