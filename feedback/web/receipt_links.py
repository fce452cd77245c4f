"""What leads to a receipt besides its own address: a reference with its code, or a mail's link."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from feedback.identifiers import reference_and_code
from feedback.store.actions import submissions
from feedback.store.desk import staff
from feedback.store.mail import mail_addresses
from feedback.web.service import service_of
from feedback.web.submission_form import SEEN_OTHER, UNPROCESSABLE

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.web.service import Service

LONGEST_TYPED = 60  # characters of a reference or a code, with what people write beside it
TRIES = 5  # codes that may be tried for one reference …
TRIES_WITHIN = timedelta(hours=1)  # … in this time


async def address(request: Request) -> Response:
    """Ask whoever reads mails to an address whether it was they who wrote; only a press says so."""
    service = service_of(request)
    lang, ref = service.language(request), request.path_params["ref"]
    token = request.path_params["token"]
    tokens, now = service.store.tokens, service.now()
    case = await service.store.ask(lambda conn: mail_addresses.asked(conn, tokens, ref, token))
    if case is None:
        raise HTTPException(404)
    known = await service.store.ask(lambda conn: mail_addresses.is_confirmed(conn, ref))
    if request.method == "POST":
        service.require_same_site(request)
        typed = dict((await request.form()).multi_items())
        if "not" in typed:
            await service.store.write(
                lambda conn: submissions.disown_address(conn, case.ref, now=now)
            )
            return RedirectResponse(service.pages.address(f"{lang}/let-go"), SEEN_OTHER)
        await service.store.write(lambda conn: mail_addresses.confirm(conn, case, now=now))
        known = True
    if known:
        opened = await service.store.ask(lambda conn: submissions.receipt(conn, tokens, ref))
        place = service.pages.address(f"{lang}/receipt/{opened.token}")
        return RedirectResponse(place, SEEN_OTHER)
    return service.pages.render(
        request,
        "address.html",
        lang=lang,
        title=service.pages.wordings[lang].gettext("Was it you who wrote to us?"),
        case=case,
        place=service.pages.address(f"{lang}/mail/{ref}/{token}"),
    )


async def let_go(request: Request) -> Response:
    """Say that no more mails come."""
    service = service_of(request)
    lang = service.language(request)
    _ = service.pages.wordings[lang].gettext
    return service.pages.render(
        request,
        "message.html",
        lang=lang,
        title=_("Thank you"),
        words=_("We have erased this address, and write to it no more about this."),
    )


async def find(request: Request) -> Response:
    """Find a receipt by reference and code."""
    service = service_of(request)
    lang = service.language(request)
    if request.method != "POST":
        return _find(request, service, "", "")
    service.require_same_site(request)
    typed = dict((await request.form()).multi_items())
    ref, code = (str(typed.get(name, "")).strip()[:LONGEST_TYPED] for name in ("ref", "code"))
    if "change" in typed:  # to another language, with what was typed
        return _find(request, service, ref, code)
    known, secret = reference_and_code(ref, code)
    token = ""
    if known and secret:  # what has no shape of ours is no guess, and costs no try
        token = await service.store.write(lambda conn: _token(conn, service, known, secret))
    if token:
        return RedirectResponse(service.pages.address(f"{lang}/receipt/{token}"), SEEN_OTHER)
    say = service.pages.wordings[lang].gettext
    fault = say("We can't find that. Check both, or try again in an hour.")
    return _find(request, service, known if secret else ref, code, fault)


def _find(request: Request, service: Service, ref: str, code: str, fault: str = "") -> Response:
    lang = service.language(request)
    return service.pages.render(
        request,
        "find.html",
        lang=lang,
        title=service.pages.wordings[lang].gettext("Find what you sent"),
        status=UNPROCESSABLE if fault else 200,
        ref=ref,
        code=code,
        fault=fault,
    )


def _token(conn: Connection, service: Service, ref: str, code: str) -> str:
    """Return the receipt's token for a reference and its code; "" when they don't fit."""
    now = service.now()
    if not staff.attempt(conn, "receipt", ref, now=now, within=TRIES_WITHIN, limit=TRIES):
        return ""
    case = submissions.by_code(conn, service.store.tokens, ref, code)
    if case is None:
        return ""
    staff.clear_attempts(conn, "receipt", ref)
    return submissions.receipt(conn, service.store.tokens, ref).token


BOTH = ["GET", "POST"]
routes = [
    Route("/{lang}/mail/{ref}/{token}", address, methods=BOTH),
    Route("/{lang}/let-go", let_go, methods=["GET"]),
    Route("/{lang}/find", find, methods=BOTH),
]
