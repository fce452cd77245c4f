"""Following one item by mail: asked for on its page, confirmed once, ended by each mail's link."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse
from starlette.routing import Route

from core.public.vocabulary import Target
from feedback.forms import FormFault
from feedback.model import orders
from feedback.store.mail import subscribers
from feedback.web.digest import SignUp, read
from feedback.web.protection import READING
from feedback.web.service import service_of
from feedback.web.submission_form import SEEN_OTHER, UNPROCESSABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.web.service import Service

KEY = re.compile(r"[A-Za-z0-9-]{1,80}")


async def follow(request: Request) -> Response:
    """Show the form, or take it in and send the question to the address."""
    service = service_of(request)
    lang = service.language(request)
    if request.method in READING:
        return _form(request, service, dict(request.query_params), [])
    service.require_same_site(request)
    pairs = (await request.form()).multi_items()
    typed = {name: value.strip() for name, value in pairs if isinstance(value, str)}
    if "change" in typed:  # to another language, with what was typed
        return _form(request, service, typed, [])
    say = service.pages.wordings[lang].gettext
    outcome = read(typed, service.site, lang, say, service.reach)
    faults = outcome if isinstance(outcome, list) else []
    item = typed.get("item", "")
    if not KEY.fullmatch(item) or service.lacks(Target("roadmap", item)):
        faults = [FormFault("item", say("Start again from the page you came from.")), *faults]
    if faults or not isinstance(outcome, SignUp):
        return _form(request, service, typed, faults)
    wish, now = replace(outcome.wish, period=None, item=item), service.now()

    def ask(conn: Connection) -> None:
        tokens, random = service.store.tokens, service.random
        subscribers.ask(conn, tokens, outcome.email, wish, lang=lang, now=now, random=random)

    await service.store.write(ask)
    return RedirectResponse(service.pages.address(f"{lang}/digest/asked"), SEEN_OTHER)


def _form(
    request: Request, service: Service, typed: Mapping[str, str], faults: list[FormFault]
) -> Response:
    lang, item = service.language(request), typed.get("item", "")
    known = KEY.fullmatch(item) is not None
    return service.pages.render(
        request,
        "follow.html",
        lang=lang,
        title=service.pages.wordings[lang].gettext("Follow this by e-mail"),
        status=UNPROCESSABLE if faults else 200,
        form={name: typed.get(name, "") for name in ("email", "lang", "item")},
        faults=faults,
        about=service.pages.shell.about(Target("roadmap", item), lang) if known else None,
        orders=orders(sorted(service.site.languages, key=lambda other: other != lang)),
    )


routes = [Route("/{lang}/follow", follow, methods=["GET", "POST"])]
