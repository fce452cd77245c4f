"""The feedback service on the preview's own address, so that its forms can be tried."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from commands.preview.mailbox import MAILBOX
from commands.site_folder import read_site
from commands.terminal import Stop

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from email.message import EmailMessage

    from starlette.routing import BaseRoute

    from commands.preview.mailbox import Mailbox
    from commands.preview.messages import Job
    from commands.preview.terminal import PreviewTerminal
    from commands.service_runtime import ServiceRuntime
    from feedback.notices.delivery import Take


class NoService(Exception):
    """The service can't run here; the message says why."""


@asynccontextmanager
async def mounted_service(
    job: Job, terminal: PreviewTerminal, mailbox: Mailbox | None
) -> AsyncIterator[Sequence[BaseRoute]]:
    """Yield the service's routes while it runs; none when its settings are wrong, which is told.

    :param mailbox: takes what the service would send, unless a mail server is set; None where
        strangers could read it.
    """

    def take(message: EmailMessage) -> None:
        terminal.say(f"A mail to read: {job.origin}{MAILBOX}")
        if mailbox:
            mailbox.take(message)

    try:
        joined = _opened(job, terminal.say, take if mailbox else None)
    except Stop:  # the build says what is wrong with site.toml
        terminal.say("Forms are taken once site.toml is mended and the preview is started anew.")
        yield ()
        return
    except NoService as reason:
        terminal.complain(f"This preview shows the site, but takes no forms: {reason}")
        yield ()
        return
    if mailbox:
        mailbox.stand_in(joined.service.site.url.rstrip("/") + "/", job.origin + "/")
    async with joined.living():
        yield [*(mailbox.routes if mailbox else ()), *joined.app.routes]


def _opened(job: Job, say: Callable[[str], None], take: Take | None) -> ServiceRuntime:
    """Return the service of the site that is previewed, its database open.

    :raises Stop: for a site.toml that can't be read.
    :raises NoService: for settings or a database that can't be used.
    """
    read_site(job.site)
    # Half a second, which a preview whose site.toml is wrong need not wait for.
    from commands.service_runtime import service_for  # noqa: PLC0415
    from feedback.settings import SettingFault, Settings  # noqa: PLC0415
    from feedback.store import StoreFault  # noqa: PLC0415

    try:
        settings = replace(Settings.read(os.environ, job.root), tree=job.output)
        return service_for(job.site, settings, say, take)
    except (SettingFault, StoreFault) as reason:
        raise NoService(str(reason)) from reason
