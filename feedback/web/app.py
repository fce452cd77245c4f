"""The service as an ASGI application: public pages, the desk, and what `pull` reads."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount

from core.public.site_shell import SiteShellFile
from feedback.store import StoreFault
from feedback.web import api, desk, digest, receipts, refusals, search, submission_form, votes
from feedback.web.finder import Finder
from feedback.web.pages import Pages
from feedback.web.protection import Limits, Signer
from feedback.web.service import Service

if TYPE_CHECKING:
    from collections.abc import Callable
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
    pages = Pages(theme, overrides, site, SiteShellFile(settings.tree))
    service = Starlette(
        routes=[
            *api.routes,
            *desk.routes,
            *submission_form.routes,
            *receipts.routes,
            *votes.routes,
            *digest.routes,
            *search.routes,
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
        random=random or secrets.SystemRandom(),
        now=now,
    )
    return Starlette(routes=[Mount(_path(site), service)])


def _path(site: Site) -> str:
    """Return the path that the service answers below, the site's own sub-path before it."""
    service = site.feedback.service
    own = urlsplit(site.url).path.rstrip("/") + service if service.startswith("/") else service
    return urlsplit(own).path.rstrip("/")
