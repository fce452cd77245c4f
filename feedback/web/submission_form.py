"""Saying something: the form, "check your answers", and the confirmation that keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse
from starlette.routing import Route

from core.public.vocabulary import SubmissionSort, Target
from feedback.forms import FIELDS, Form, FormFault, read
from feedback.identifiers import email_address
from feedback.personal_details import find_personal
from feedback.store.actions import submissions
from feedback.web.service import service_of

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.model import Submission
    from feedback.store.actions.submissions import NewReceipt
    from feedback.web.service import Service

SEEN_OTHER = 303  # so that reloading the answer sends nothing again
UNPROCESSABLE = 422


async def form_page(request: Request) -> Response:
    """Show an empty form, or one about something on the site."""
    service = service_of(request)
    return _form(request, service, Form.of(request.query_params.multi_items()), [])


async def check_page(request: Request) -> Response:
    """Take a form in: stop for danger, tell faults, or show the answers to be checked.

    It is asked to be confirmed in any case, so a browser that tells nothing of itself may come.
    """
    service = service_of(request)
    service.require_same_site(request, proven=True)
    lang = service.language(request)
    pairs = (await request.form()).multi_items()
    form = Form.of(pairs)
    if "change" in dict(pairs):
        return _form(request, service, form, [])
    if form["danger"] == "yes":
        return _stop(request, service, form)
    return _check(request, service, form, lang)


def _check(request: Request, service: Service, form: Form, lang: str) -> Response:
    say = service.pages.wordings[lang].gettext
    outcome = read(form, service.site, lang, say, service.reach)
    if isinstance(outcome, list):
        return _form(request, service, form, outcome)
    if service.lacks(outcome.target):
        gone = FormFault("about_kind", say("Start again from the page you came from."))
        return _form(request, service, form, [gone])
    return service.pages.render(
        request,
        "check.html",
        lang=lang,
        title=say("Check your answers"),
        form=form,
        fields=FIELDS,
        sent=outcome,
        meant=_meant(form),
        personal=_personal(outcome),
        about=_about(service, form, lang),
        token=service.signer.token(form.clean, service.now()),
    )


def _personal(sent: Submission) -> list[tuple[str, str]]:
    """Return what looks personal in words that may be published, each with its kind."""
    if not sent.may_publish:
        return []
    spans = find_personal(sent.said, known=[sent.contact.name])
    details = [(str(span.kind), sent.said[span.start : span.end]) for span in spans]
    return list(dict.fromkeys(details))


def _meant(form: Form) -> Form | None:
    """Return the form with the address that may have been meant; None for nothing likelier."""
    suggestion = email_address(form["email"]).suggestion if form["email"] else ""
    return form.corrected(email=suggestion) if suggestion else None


async def send(request: Request) -> Response:
    """Keep what was confirmed, durably, and only then answer with the receipt."""
    service = service_of(request)
    lang = service.language(request)
    pairs = (await request.form()).multi_items()
    form, token = Form.of(pairs), str(dict(pairs).get("token", ""))
    service.require_same_site(request, proven=True)  # by the token, or it is only shown again
    if not service.signer.confirms(token, form.clean, service.now()):
        return _check(request, service, form, lang)  # too old, or changed: look once more
    say = service.pages.wordings[lang].gettext
    outcome = read(form, service.site, lang, say, service.reach)
    if isinstance(outcome, list):
        return _form(request, service, form, outcome)
    now = service.now()
    due = service.working_time.due(now, service.site.promise.answer_days)

    def keep(conn: Connection) -> NewReceipt:
        return submissions.add(
            conn,
            service.store.tokens,
            outcome,
            idempotency=token,
            now=now,
            due=due,
            random=service.random,
            clocks=service.clocks,
        )

    added = await service.store.write(keep)
    return RedirectResponse(service.pages.address(f"{lang}/receipt/{added.receipt}"), SEEN_OTHER)


def _about(service: Service, form: Form, lang: str) -> dict[str, str] | None:
    """Return title and address of what the words are about."""
    if not form["about_key"]:
        return None
    return service.pages.shell.about(Target(form["about_kind"], form["about_key"]), lang)


def _form(request: Request, service: Service, form: Form, faults: list[FormFault]) -> Response:
    lang = service.language(request)
    say = service.pages.wordings[lang].gettext
    titles = {SubmissionSort.REPLY: say("Reply"), SubmissionSort.COMMENT: say("Comment")}
    return service.pages.render(
        request,
        "say.html",
        lang=lang,
        title=titles.get(form["sort"], say("Say something")),  # type: ignore[call-overload]
        status=UNPROCESSABLE if faults else 200,
        form=form,
        faults=faults,
        about=_about(service, form, lang),
    )


def _stop(request: Request, service: Service, form: Form) -> Response:
    """Show whom to ring, and keep nothing: a form is the wrong way to be heard in danger."""
    lang = service.language(request)
    return service.pages.render(
        request,
        "danger.html",
        lang=lang,
        title=service.pages.wordings[lang].gettext("Ring now"),
        form=form,
        fields=FIELDS,
        back=service.pages.address(f"{lang}/say"),
        photos_lost=False,
    )


routes = [
    Route("/{lang}/say", form_page, methods=["GET"]),
    Route("/{lang}/say", check_page, methods=["POST"]),
    Route("/{lang}/send", send, methods=["POST"]),
]
