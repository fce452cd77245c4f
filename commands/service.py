"""Runs the feedback service alone, for production."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.utils.proxies import wrap_asgi_with_proxy_headers

from commands.preview.address import UnusableAddress, own_address
from commands.service_runtime import ROOT, service_for
from commands.site_folder import read_site
from commands.terminal import Stop, complain, ends_in_words
from core.public.site_shell import FILE
from feedback.notices.delivery import hand_in
from feedback.settings import SettingFault, Settings
from feedback.store import Store, StoreFault

if TYPE_CHECKING:
    from starlette.types import ASGIApp

SITE = "OPEN_HOUSE_SITE"  # tells each worker where site.toml is
HEADER_MILLISECONDS = 10_000  # for a request's headers: a slow client holds up nobody


@ends_in_words({SettingFault: 2, StoreFault: 2, UnusableAddress: 2})
def serve(site_file: Path, *, host: str, port: int, workers: int) -> int:
    """Run the service until it is told to stop.

    :returns: 0, or 2 when it can't start.
    """
    site, settings = read_site(site_file), Settings.read(os.environ, ROOT)
    _check_workers(settings, workers)
    hand_in(settings.smtp, print)
    Store.open(settings).close()  # a fault shows here, in a sentence, not in a worker's log
    os.environ[SITE] = str(site_file.resolve())
    for line in advice(settings):
        complain(line)
    with own_address(host, port) as (address, number):
        name = site.name.get(site.languages[0]).text
        print(f"The feedback service of {name} listens on {address}, port {number}.", flush=True)
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
    return 0


def advice(settings: Settings) -> list[str]:
    """Return what somebody who starts the service should know of its settings."""
    lines = []
    if settings.smtp is None:
        lines.append(
            "OPEN_HOUSE_SMTP is not set: mails to tenants are shown here and go to nobody."
        )
    if not (settings.tree / FILE).is_file():
        lines.append(
            f"{settings.tree} holds no built site, so pages have no menu and no style. "
            "Type ./run build, or set OPEN_HOUSE_TREE."
        )
    return lines


def _check_workers(settings: Settings, workers: int) -> None:
    if workers < 1:
        raise Stop("A service needs a worker: leave --workers out, or write 1 or more.", 2)
    if workers > 1 and settings.database.startswith("sqlite"):
        raise Stop(
            "SQLite has one writer, so one worker. For more, set OPEN_HOUSE_DATABASE to a "
            "PostgreSQL database, or leave --workers out.",
            2,
        )


def application() -> ASGIApp:
    """Return the service of one worker, from the environment.

    A web server on this machine is believed when it says by which scheme somebody came.
    """
    site_file = Path(os.environ.get(SITE, ROOT / "site.toml"))
    runtime = service_for(site_file, Settings.read(os.environ, ROOT), print)
    app = runtime.app
    app.router.lifespan_context = lambda _: runtime.living()
    wrapped: ASGIApp = wrap_asgi_with_proxy_headers(app, trusted_hosts=["127.0.0.1", "::1"])
    return wrapped
