"""The feedback service of a site, with its outbox at work: to be run alone or in the preview."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from commands.site_folder import read_site
from feedback.notices.delivery import hand_in, keep_posting
from feedback.store import Store
from feedback.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.applications import Starlette

    from feedback.notices.delivery import Take
    from feedback.settings import Settings
    from feedback.web.service import Service

ROOT = Path(__file__).resolve().parent.parent
LAST_MAIL = 10.0  # seconds for a mail that is being handed in when the service ends


@dataclass(frozen=True)
class ServiceRuntime:
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


def service_for(
    site_file: Path,
    settings: Settings,
    say: Callable[[str], None],
    take: Take | None = None,
) -> ServiceRuntime:
    """Return the service of a site, its database open.

    :param take: takes mails where no mail server is set; None for the console.
    :raises Stop: for a site.toml that can't be read.
    :raises SettingFault: for settings that can't be meant.
    :raises StoreFault: for a database that can't be opened.
    """
    site = read_site(site_file)
    if take is None or settings.smtp:
        take = hand_in(settings.smtp, say)
    store = Store.open(settings)
    app = create_app(
        settings,
        site,
        store,
        theme=ROOT / "theme",
        overrides=site_file.parent / "templates",
    )
    service: Service = app.routes[0].app.state.service  # type: ignore[attr-defined]
    return ServiceRuntime(app, service, take, say)
