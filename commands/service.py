"""Runs the feedback service: alone for production, or joined to the preview."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.utils.proxies import wrap_asgi_with_proxy_headers

from commands.preview.address import Unusable, own_address
from commands.terminal import complain, describe
from core.faults import Report
from core.site import parse_site
from feedback.notices.post import hand_in, keep_posting
from feedback.settings import SettingFault, Settings
from feedback.store import Store, StoreFault
from feedback.web.app import create_app
from feedback.web.chrome import FILE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.applications import Starlette
    from starlette.types import ASGIApp

    from core.site import Site
    from feedback.web.service import Service

ROOT = Path(__file__).resolve().parent.parent
SITE = "OPEN_HOUSE_SITE"  # tells each worker where site.toml is
HEADER_MILLISECONDS = 10_000  # for a request's headers: a slow client holds up nobody
LAST_MAIL = 10.0  # seconds for a mail that is being handed in when the service ends


class CannotServe(Exception):
    """The service can't start; the message says why."""


def serve(site_file: Path, *, host: str, port: int, workers: int) -> int:
    """Run the service until it is told to stop.

    :returns: 0, or 2 when it can't start.
    """
    try:
        settings = Settings.read(os.environ, ROOT)
        _check_workers(settings, workers)
        site = read_site(site_file)
        hand_in(settings, print)
        Store.open(settings).close()  # a fault shows here, in a sentence, not in a worker's log
    except (CannotServe, SettingFault, StoreFault) as reason:
        complain(str(reason))
        return 2
    os.environ[SITE] = str(site_file.resolve())
    for line in advice(settings):
        complain(line)
    try:
        with own_address(host, port) as (address, number):
            name = site.name.get(site.languages[0]).text
            print(
                f"The feedback service of {name} listens on {address}, port {number}.", flush=True
            )
            Granian(
                "commands.service:application",
                factory=True,
                address=address,
                port=number,
                interface=Interfaces.ASGI,
                workers=workers,
                websockets=False,
                http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
            ).serve()
    except Unusable as sentence:
        complain(str(sentence))
        return 2
    return 0


def advice(settings: Settings) -> list[str]:
    """Return what somebody who starts the service should know of its settings."""
    found = []
    if settings.smtp is None:
        found.append(
            "OPEN_HOUSE_SMTP is not set: mails to tenants are shown here and go to nobody."
        )
    if not (settings.tree / FILE).is_file():
        found.append(
            f"{settings.tree} holds no built site, so pages have no menu and no style. "
            "Type ./run build, or set OPEN_HOUSE_TREE."
        )
    return found


def _check_workers(settings: Settings, workers: int) -> None:
    if workers < 1:
        raise CannotServe("A service needs a worker: leave --workers out, or write 1 or more.")
    if workers > 1 and settings.database.startswith("sqlite"):
        raise CannotServe(
            "SQLite has one writer, so one worker. For more, set OPEN_HOUSE_DATABASE to a "
            "PostgreSQL database, or leave --workers out."
        )


def application() -> ASGIApp:
    """Return the service of one worker, from the environment.

    A web server on this machine is believed when it says by which scheme somebody came.
    """
    site_file = Path(os.environ.get(SITE, ROOT / "site.toml"))
    joined = service_for(site_file, Settings.read(os.environ, ROOT), print)
    app = joined.app
    app.router.lifespan_context = lambda _: joined.living()
    wrapped: ASGIApp = wrap_asgi_with_proxy_headers(app, trusted_hosts=["127.0.0.1", "::1"])
    return wrapped


@dataclass(frozen=True)
class Joined:
    """The service, to be run alone or among another application's routes."""

    app: Starlette
    service: Service
    take: Callable[..., None]  # hands a mail in
    say: Callable[[str], None]

    @asynccontextmanager
    async def living(self) -> AsyncIterator[None]:
        """Hand notices in for as long as it runs, then let go of the database."""
        stop = asyncio.Event()
        posting = asyncio.create_task(keep_posting(self.service, self.take, stop, self.say))
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait({posting}, timeout=LAST_MAIL)
            posting.cancel()  # a mail that hangs comes up again, as the very same one
            await asyncio.gather(posting, return_exceptions=True)
            await asyncio.to_thread(self.service.store.close)


def service_for(site_file: Path, settings: Settings, say: Callable[[str], None]) -> Joined:
    """Return the service of a site, its database open.

    :raises CannotServe: for a site.toml that can't be read.
    :raises SettingFault: for settings that can't be meant.
    :raises StoreFault: for a database that can't be opened.
    """
    site, take = read_site(site_file), hand_in(settings, say)
    store = Store.open(settings)
    app = create_app(
        settings,
        site,
        store,
        theme=ROOT / "theme",
        overrides=site_file.parent / "templates",
    )
    service: Service = app.routes[0].app.state.service  # type: ignore[attr-defined]
    return Joined(app, service, take, say)


def read_site(site_file: Path) -> Site:
    """Return the site of a file of settings.

    :raises CannotServe: when it can't be read; all its faults are told.
    """
    report = Report()
    try:
        text = site_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise CannotServe(f"{site_file.name} can't be read.") from None
    site = parse_site(text, report.at(site_file.name))
    if site is None:
        raise CannotServe(describe(tuple(report)))
    return site
