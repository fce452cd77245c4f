"""The service as an ASGI application: public pages, the desk, and what `pull` reads."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.routing import Mount

from core.public.site_shell import SiteShellFile
from feedback.store import Busy, StoreFault
from feedback.web import api, desk, digest, receipts, search, submission_form, votes
from feedback.web.pages import Pages
from feedback.web.protection import Limits, Signer
from feedback.web.service import Service, service_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    from starlette.requests import Request
    from starlette.responses import Response

    from core.site import Site
    from feedback.settings import Settings
    from feedback.store import Store

TRY_AGAIN = "30"  # seconds, when nothing could be kept just now


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
        exception_handlers={HTTPException: _refused, StoreFault: _unkept},
    )
    service.state.service = Service(
        settings=settings,
        site=site,
        store=store,
        pages=pages,
        finder=search.Finder(settings.tree, settings.index, site.languages),
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


def _lang(request: Request) -> str:
    """Return the language to refuse in: the address's if it has one, else the first."""
    site = service_of(request).site
    parts = request.url.path.split("/")
    return next((part for part in parts if part in site.languages), site.languages[0])


async def _refused(request: Request, error: Exception) -> Response:
    """Say in words why a page isn't to be had."""
    if not isinstance(error, HTTPException):
        raise error
    if location := (error.headers or {}).get("Location"):
        return RedirectResponse(location, error.status_code)
    service, lang = service_of(request), _lang(request)
    _ = service.pages.wordings[lang].gettext
    words = {
        403: _("This form came from another site, so we did not take it. Start again from ours."),
        404: _("There is nothing here. The link may be old, or what was here was taken back."),
        405: _("This page can't be asked that way."),
        408: _("Not all of it reached us: the line is slow. Go back, and send it once more."),
        413: _("That is more than a form can take. Go back and shorten it, or ring us."),
    }
    response = service.pages.render(
        request,
        "message.html",
        lang=lang,
        title=_("We can't show that"),
        status=error.status_code,
        words=words.get(error.status_code, error.detail),
    )
    response.headers.update(error.headers or {})
    return response


async def _unkept(request: Request, error: Exception) -> Response:
    """Say that nothing was kept, and what to do: never that it was when it wasn't."""
    service, lang = service_of(request), _lang(request)
    _ = service.pages.wordings[lang].gettext
    status = 503 if isinstance(error, Busy) else 500
    response: Response = service.pages.render(
        request,
        "message.html",
        lang=lang,
        title=_("We could not keep that"),
        status=status,
        words=_("Nothing was lost on your side: go back, wait a minute, and send it again."),
    )
    response.headers["Retry-After"] = TRY_AGAIN
    return response
