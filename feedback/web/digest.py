"""The digest by mail: asking for it, saying yes by the link of a mail, and leaving by another.

The answer to a form never tells whether an address was known. Links show a page with a button,
since programs that look through mails open every link; only the button does something. Mail
programs leave by a post of their own (RFC 8058), with neither cookie nor origin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from core.public.vocabulary import Target
from feedback.forms import FormFault, email_fault
from feedback.identifiers import email_address
from feedback.model import Period, orders, spoken
from feedback.store import Missing
from feedback.store.mail import subscribers
from feedback.store.mail.subscribers import DigestPreference
from feedback.web.protection import READING
from feedback.web.service import service_of
from feedback.web.submission_form import SEEN_OTHER, UNPROCESSABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from core.site import Site
    from feedback.mail_reach import MailReach
    from feedback.web.service import Service

ALL = "all"  # every language of the site, the page's own first


@dataclass(frozen=True)
class SignUp:
    """A form that was filled in well."""

    email: str
    wish: DigestPreference


async def sign_up(request: Request) -> Response:
    """Show the form, or take it in and send the question to the address."""
    service = service_of(request)
    lang = service.language(request)
    if request.method in READING:
        return _form(request, service, lang, dict(request.query_params), [])
    service.require_same_site(request)
    pairs = (await request.form()).multi_items()
    typed = {name: value.strip() for name, value in pairs if isinstance(value, str)}
    if "change" in typed:  # to another language, with what was typed
        return _form(request, service, lang, typed, [])
    say = service.pages.wordings[lang].gettext
    outcome = read(typed, service.site, lang, say, service.reach)
    if not isinstance(outcome, SignUp):
        return _form(request, service, lang, typed, outcome)
    now = service.now()

    def ask(conn: Connection) -> None:
        subscribers.ask(
            conn,
            service.store.tokens,
            outcome.email,
            outcome.wish,
            lang=lang,
            now=now,
            random=service.random,
        )

    await service.store.write(ask)
    return RedirectResponse(service.pages.address(f"{lang}/digest/asked"), SEEN_OTHER)


def read(
    typed: Mapping[str, str], site: Site, lang: str, say: Callable[[str], str], reach: MailReach
) -> SignUp | list[FormFault]:
    """Return what a form asks for, or what is wrong with it.

    :param typed: its "lang" is one language, several with a space between two, or "all".
    :param lang: of the page.
    """
    _ = say
    faults = []
    email, period = typed.get("email", ""), typed.get("period", "") or Period.WEEK
    wanted = typed.get("lang", "") or lang
    others = (other for other in site.languages if other != lang)
    languages = (lang, *others) if wanted == ALL else tuple(wanted.split())
    if wrong := email_fault(email, say, reach):
        faults.append(FormFault("email", wrong))
    if not languages or not set(languages) <= set(site.languages) or _doubled(languages):
        faults.append(FormFault("lang", _("Choose one of the answers.")))
    if period not in set(Period):
        faults.append(FormFault("period", _("Choose one of the answers.")))
    return faults or SignUp(email_address(email).text, DigestPreference(languages, Period(period)))


def _doubled(languages: tuple[str, ...]) -> bool:
    return len(set(languages)) != len(languages)


async def asked(request: Request) -> Response:
    """Say that there is a mail, whether or not there is."""
    service = service_of(request)
    lang = service.language(request)
    _ = service.pages.wordings[lang].gettext
    return _said(
        request,
        service,
        lang,
        _("Check your e-mail"),
        _(
            "If that address is yours, there is an e-mail with a link in it. Nothing comes before "
            "you have followed it. If none is there, look among the junk, or try again tomorrow."
        ),
    )


async def confirm(request: Request) -> Response:
    """Ask on GET whether somebody wants it; they get it from the POST on."""
    service = service_of(request)
    lang, token = service.language(request), request.path_params["token"]
    tokens, now = service.store.tokens, service.now()
    _ = service.pages.wordings[lang].gettext
    try:
        if request.method == "POST":
            service.require_same_site(request)
            await service.store.write(
                lambda conn: subscribers.confirm(conn, tokens, token, now=now)
            )
            words = _("You get it from now on. Each e-mail has a link that ends it.")
            return _said(request, service, lang, _("Thank you"), words)
        wish = await service.store.ask(lambda conn: subscribers.asked(conn, tokens, token, now=now))
    except Missing:
        raise HTTPException(404) from None
    followed = _("Do you want to follow this by e-mail?")
    title = followed if wish.item else _("Do you want our news by e-mail?")
    return _button(request, service, lang, f"confirm/{token}", title, wish, wish.item)


async def leave(request: Request) -> Response:
    """Ask on GET; erase whoever it is on POST, also when a mail program sends it by itself."""
    service = service_of(request)
    lang = spoken((request.path_params["lang"],), service.site.languages)  # never sent on
    tokens, token = service.store.tokens, request.path_params["token"]
    _ = service.pages.wordings[lang].gettext
    try:
        if request.method == "POST":
            await service.store.write(lambda conn: subscribers.leave(conn, tokens, token))
            words = _("You get no more of these e-mails, and your address is erased.")
            return _said(request, service, lang, _("You have left"), words)
        item = await service.store.ask(
            lambda conn: subscribers.followed(conn, subscribers.leaving(conn, tokens, token))
        )
    except Missing:
        raise HTTPException(404) from None
    about_it = _("Do you want no more e-mails about this?")
    title = about_it if item else _("Do you want no more e-mails with our news?")
    return _button(request, service, lang, f"leave/{token}", title, None, item)


def _form(
    request: Request, service: Service, lang: str, typed: Mapping[str, str], faults: list[FormFault]
) -> Response:
    names = ("email", "lang", "period")
    return service.pages.render(
        request,
        "digest.html",
        lang=lang,
        title=service.pages.wordings[lang].gettext("Our news by e-mail"),
        status=UNPROCESSABLE if faults else 200,
        form={name: typed.get(name, "") for name in names},
        faults=faults,
        orders=orders(sorted(service.site.languages, key=lambda other: other != lang)),
        periods=list(Period),
    )


def _button(  # noqa: PLR0913, PLR0917 - what the page is made of
    request: Request,
    service: Service,
    lang: str,
    place: str,
    title: str,
    wish: DigestPreference | None,
    item: str,
) -> Response:
    about = service.pages.shell.about(Target("roadmap", item), lang) if item else None
    return service.pages.render(
        request, "digest-button.html", lang=lang, title=title, place=place, wish=wish, about=about
    )


def _said(request: Request, service: Service, lang: str, title: str, words: str) -> Response:
    return service.pages.render(request, "digest-said.html", lang=lang, title=title, words=words)


BOTH = ["GET", "POST"]
routes = [
    Route("/{lang}/digest", sign_up, methods=BOTH),
    Route("/{lang}/digest/asked", asked, methods=["GET"]),
    Route("/{lang}/digest/confirm/{token}", confirm, methods=BOTH),
    Route("/{lang}/digest/leave/{token}", leave, methods=BOTH),
]
