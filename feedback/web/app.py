"""The service as an ASGI application: public pages, the desk, and what `pull` reads."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount

from core.public.site_shell import SiteShellFile
from core.service_address import is_afar, service_path
from feedback.mail_reach import MailReach
from feedback.store import StoreFault
from feedback.web import (
    api,
    conversation,
    desk,
    digest,
    follow,
    receipt_links,
    receipts,
    refusals,
    search,
    submission_form,
    votes,
)
from feedback.web.assets import assets
from feedback.web.brakes import NewcomerBrake
from feedback.web.finder import Finder
from feedback.web.pages import ASSETS, Pages
from feedback.web.protection import Limits, Signer
from feedback.web.service import Service

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path
    from random import Random

    from core.site import Site
    from feedback.settings import Settings
    from feedback.store import Store


def _utc() -> datetime:
    return datetime.now(UTC)


def create_app(  # noqa: PLR0913 - what the service is made of, by name
    settings: Settings,
    site: Site,
    store: Store,
    *,
    theme: Path,
    overrides: Path,
    now: Callable[[], datetime] = _utc,
    random: Random | None = None,
) -> Starlette:
    """Return the service, mounted where site.toml says; its routes may join another application.

    :param theme: the folder of templates and catalogues that the build uses too.
    :param overrides: the association's own templates.
    """

    def today() -> date:
        return now().astimezone(site.timezone).date()

    shell = SiteShellFile(settings.tree, afar=is_afar(site.feedback.service))
    pages = Pages(theme, overrides, site, shell, today)
    service = Starlette(
        routes=[
            *api.routes,
            *desk.routes,
            *submission_form.routes,
            *receipts.routes,
            *receipt_links.routes,
            *conversation.routes,
            *votes.routes,
            *digest.routes,
            *follow.routes,
            *search.routes,
            *([assets(settings.tree / ASSETS)] if pages.is_afar else []),
        ],
        middleware=[Middleware(Limits)],
        exception_handlers={
            HTTPException: refusals.refused,
            StoreFault: refusals.unkept,
            Exception: refusals.broken,
        },
    )
    service.state.service = Service(
        settings=settings,
        site=site,
        store=store,
        pages=pages,
        finder=Finder(settings.tree, settings.index, site.languages),
        signer=Signer(settings.secret),
        brake=NewcomerBrake(),
        reach=MailReach(),
        random=random or secrets.SystemRandom(),
        now=now,
    )
    path = service_path(site.feedback.service, pages.shell.url or f"{site.url.rstrip('/')}/")
    return Starlette(routes=[Mount(path.rstrip("/"), service)])
