"""Runs the feedback service: alone for production, or joined to the preview."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings

from commands.terminal import complain, describe
from core.faults import Report
from core.site import parse_site
from feedback.notices.post import hand_in, keep_posting
from feedback.settings import SettingFault, Settings
from feedback.store import Store, StoreFault
from feedback.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.applications import Starlette

    from core.site import Site

ROOT = Path(__file__).resolve().parent.parent
SITE = "OPEN_HOUSE_SITE"  # tells each worker where site.toml is
HEADER_MILLISECONDS = 10_000  # for a request's headers: a slow client holds up nobody


class CannotServe(Exception):
    """The service can't start; the message says why."""


def serve(site_file: Path, *, host: str, port: int, workers: int) -> int:
    """Run the service until it is told to stop.

    :returns: 0, or 2 when it can't start.
    """
    try:
        settings = Settings.read(os.environ, ROOT)
        _check_workers(settings, workers)
        _site(site_file)
        Store.open(settings).close()  # a fault shows here, in a sentence, not in a worker's log
    except (CannotServe, SettingFault, StoreFault) as reason:
        complain(str(reason))
        return 2
    os.environ[SITE] = str(site_file)
    Granian(
        "commands.service:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
    ).serve()
    return 0


def _check_workers(settings: Settings, workers: int) -> None:
    if workers > 1 and settings.database.startswith("sqlite"):
        raise CannotServe(
            "SQLite has one writer, so one worker. For more, set OPEN_HOUSE_DATABASE to a "
            "PostgreSQL database, or leave --workers out."
        )


def application() -> Starlette:
    """Return the service of one worker, from the environment."""
    return service_for(
        Path(os.environ.get(SITE, ROOT / "site.toml")), Settings.read(os.environ, ROOT)
    )


def service_for(site_file: Path, settings: Settings) -> Starlette:
    """Return the service with its outbox at work for as long as it runs."""
    store = Store.open(settings)
    app = create_app(
        settings,
        _site(site_file),
        store,
        theme=ROOT / "theme",
        overrides=site_file.parent / "templates",
    )
    app.router.lifespan_context = _living(app, settings, store)
    return app


def _living(app: Starlette, settings: Settings, store: Store):  # type: ignore[no-untyped-def] # noqa: ANN202 - Starlette's own type is private
    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        service = app.routes[0].app.state.service  # type: ignore[attr-defined]
        posting = asyncio.create_task(keep_posting(service, hand_in(settings, print)))
        try:
            yield
        finally:
            posting.cancel()
            with suppress(asyncio.CancelledError):
                await posting
            store.close()

    return life


def _site(site_file: Path) -> Site:
    report = Report()
    try:
        text = site_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise CannotServe(f"{site_file.name} can't be read.") from None
    site = parse_site(text, report.at(site_file.name))
    if site is None:
        raise CannotServe(describe(tuple(report)))
    return site
