"""The feedback service on the preview's own address, so that its forms can be tried."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from commands.preview.mailbox import MAILBOX
from commands.service_runtime import service_for
from commands.terminal import Stop
from feedback.settings import SettingFault, Settings
from feedback.store import StoreFault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from email.message import EmailMessage

    from starlette.routing import BaseRoute

    from commands.preview.mailbox import Mailbox
    from commands.preview.messages import Job
    from commands.preview.terminal import PreviewTerminal


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
        settings = replace(Settings.read(os.environ, job.root), tree=job.output)
        joined = service_for(job.site, settings, terminal.say, take if mailbox else None)
    except Stop:  # the build says what is wrong with site.toml
        terminal.say("Forms are taken once site.toml is mended and the preview is started anew.")
        yield ()
        return
    except (SettingFault, StoreFault) as reason:
        terminal.complain(f"This preview shows the site, but takes no forms: {reason}")
        yield ()
        return
    if mailbox:
        mailbox.stand_in(joined.service.site.url.rstrip("/") + "/", job.origin + "/")
    async with joined.living():
        yield [*(mailbox.routes if mailbox else ()), *joined.app.routes]
