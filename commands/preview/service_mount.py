"""The feedback service on the preview's own address, so that its forms can be tried."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from commands.service_runtime import CannotServe, service_for
from feedback.settings import SettingFault, Settings
from feedback.store import StoreFault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from starlette.routing import BaseRoute

    from commands.preview.messages import Job
    from commands.preview.terminal import PreviewTerminal


@asynccontextmanager
async def mounted_service(
    job: Job, terminal: PreviewTerminal
) -> AsyncIterator[Sequence[BaseRoute]]:
    """Yield the service's routes while it runs; none when its settings are wrong, which is told."""
    try:
        settings = replace(Settings.read(os.environ, job.root), tree=job.output)
        joined = service_for(job.site, settings, terminal.say)
    except CannotServe:  # the build says what is wrong with site.toml
        terminal.say("Forms are taken once site.toml is mended and the preview is started anew.")
        yield ()
        return
    except (SettingFault, StoreFault) as reason:
        terminal.complain(f"This preview shows the site, but takes no forms: {reason}")
        yield ()
        return
    async with joined.living():
        yield joined.app.routes
