"""Receipts: where a tenant follows what they sent, without an account."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from core.public.vocabulary import Fixed, Target
from core.wording import own_name
from feedback.forms import (
    CONTACT,
    Form,
    FormFault,
    answer_by_of,
    contact_faults,
    contact_of,
    contact_pairs,
)
from feedback.model import LONGEST_WORDS, AccessNeed, AnswerBy, spoken
from feedback.photos import MOST_PHOTOS
from feedback.store import Refused
from feedback.store.actions import danger, submissions
from feedback.store.casework.follow_ups import turns
from feedback.store.casework.handovers import DoneAnswer, done_answer
from feedback.store.casework.photos import count_photos
from feedback.store.casework.step_clocks import case_steps
from feedback.store.voices import votes
from feedback.web.devices import known_device
from feedback.web.protection import PHOTOS
from feedback.web.service import service_of
from feedback.web.submission_form import SEEN_OTHER, UNPROCESSABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.case_clocks import CaseStep
    from feedback.model import Case, Contact
    from feedback.store.casework.follow_ups import Turn
    from feedback.web.service import Service

KEY = 60  # characters of what tells a form that is sent twice
AGAIN = ("danger", "more", "photos")  # fields by which somebody writes once more
DONE, COMPLAIN = {"yes": True, "no": False}, "complain"


async def receipt(request: Request) -> Response:
    """Show what was sent, where it stands, and what it led to."""
    service = service_of(request)
    return await show_receipt(request, service, await receipt_case(request, service))


async def withdraw(request: Request) -> Response:
    """Take back what was sent; asked twice, since it can't be undone by the tenant."""
    return await _act(
        request,
        "withdraw.html",
        "Take it back",
        lambda conn, case, service: submissions.withdraw(conn, case.ref, now=service.now()),
    )


async def forget(request: Request) -> Response:
    """Erase the tenant's own words and contact; asked twice."""
    return await _act(
        request,
        "forget.html",
        "Forget me",
        lambda conn, case, service: submissions.forget(conn, case.ref, now=service.now()),
    )


async def contact(request: Request) -> Response:
    """Add, or change, how the tenant is to be answered."""
    service = service_of(request)
    service.require_same_site(request)
    lang, case = service.language(request), await receipt_case(request, service)
    pairs = (await request.form()).multi_items()
    form, _ = await contact_form(service, case, pairs)
    again = typed_again(pairs)
    if "change" in dict(pairs):  # to another language, with what was typed
        return await show_receipt(request, service, case, form, again=again)
    say = service.pages.wordings[lang].gettext
    faults = contact_faults(form, service.site, say, service.reach)
    if faults:
        return await show_receipt(request, service, case, form, faults, again=again)
    details, answer_by = contact_of(form), answer_by_of(form)
    await service.store.write(
        lambda conn: submissions.add_contact(
            conn, case.ref, details, answer_by=answer_by, now=service.now()
        )
    )
    if again["more"]:  # it waits to be sent, by its own button
        case = await receipt_case(request, service)
        return await show_receipt(request, service, case, form, again=again)
    return RedirectResponse(receipt_address(request, service, lang), SEEN_OTHER)


async def contact_form(
    service: Service, case: Case, pairs: Sequence[tuple[str, object]]
) -> tuple[Form, bool]:
    """Return how somebody is to be reached as they typed it, and whether that is new.

    What did not come at all is no wish to have it erased.
    """
    known = await service.store.ask(lambda conn: submissions.contact(conn, case.ref))
    asks = "needs_asked" in dict(pairs)
    boxes = {f"need_{need}" for need in AccessNeed} if asks else set()
    standing = _standing(known, case)
    missing = [pair for pair in standing if pair[0] not in {*dict(pairs), *boxes}]
    form = Form.of([*pairs, *missing])
    twice = not form.doubled.isdisjoint(CONTACT)  # as a fault
    return form, twice or any(form[name] != text for name, text in standing)


def typed_again(pairs: Sequence[tuple[str, object]]) -> dict[str, str]:
    """Return what somebody typed to write once more: the words, danger, the form's own key."""
    typed = {name: str(value) for name, value in pairs if isinstance(value, str)}
    words = [("said", value) for name, value in pairs if name == "more"]
    read = Form.of([*words, ("danger", typed.get("danger", ""))])
    return {"more": read["said"], "danger": read["danger"], "once": typed.get("once", "")[:KEY]}


async def answer_fixed(request: Request) -> Response:
    """Keep whether a change fixed it for somebody whose words led to it, or take that back."""
    service = service_of(request)
    service.require_same_site(request)
    lang, case = service.language(request), await receipt_case(request, service)
    typed = dict((await request.form()).multi_items())
    change, fixed = str(typed.get("change", "")), str(typed.get("fixed", ""))
    head = await service.store.ask(lambda conn: submissions.answered_with(conn, case))
    if change not in {sign.get("change") for sign in service.pages.shell.led_to(head.ref, lang)}:
        raise HTTPException(404)
    if "undo" in typed:
        await service.store.write(lambda conn: votes.unconfirm(conn, change, ref=case.ref))
    elif fixed in set(Fixed):
        now, device = service.now(), known_device(request, service)
        await service.store.write(
            lambda conn: votes.confirm_asked(
                conn, change, ref=case.ref, fixed=Fixed(fixed), now=now, device=device
            )
        )
    return RedirectResponse(receipt_address(request, service, lang), SEEN_OTHER)


async def answer_done(request: Request) -> Response:
    """Keep whether what was handed over was done; or treat it as a complaint, as is wished."""
    service = service_of(request)
    service.require_same_site(request)
    lang, case = service.language(request), await receipt_case(request, service)
    pairs = (await request.form()).multi_items()
    answer, words = str(dict(pairs).get("done", "")), Form.of(pairs)["said"]
    say = service.pages.wordings[lang].gettext
    head = await service.store.ask(lambda conn: submissions.answered_with(conn, case))
    if head.handed is None or not head.handed.outcome:  # nothing of the sort is asked any more
        return await show_receipt(request, service, case, again=typed_again([("more", words)]))
    if len(words) > LONGEST_WORDS or answer not in {*DONE, COMPLAIN}:
        long = say("That is %(number)s letters long. Keep it under %(most)s.")
        why = long if len(words) > LONGEST_WORDS else say("Choose one of the answers.")
        fault = FormFault("said", why % {"number": len(words), "most": LONGEST_WORDS})
        form = await _with_words(service, case, words)
        return await show_receipt(request, service, case, form, [fault])
    now, clocks = service.now(), service.clocks
    day = service.working_time.due(now, service.site.promise.answer_days)

    def work(conn: Connection) -> None:
        if answer == COMPLAIN:
            submissions.complain(conn, case.ref, now=now, clocks=clocks)
        else:
            done = DONE[answer]
            submissions.confirm_done(
                conn, case.ref, done=done, words=words, now=now, due=day, clocks=clocks
            )

    try:
        await service.store.write(work)
    except Refused:  # it was taken back or handed over anew meanwhile: the page shows how it stands
        return await show_receipt(request, service, case, again=typed_again([("more", words)]))
    return RedirectResponse(receipt_address(request, service, lang), SEEN_OTHER)


async def _with_words(service: Service, case: Case, words: str) -> Form:
    """Return the receipt's form with what its sender typed about what came of it."""
    contact = await service.store.ask(lambda conn: submissions.contact(conn, case.ref))
    return _started(contact, case).corrected(said=words)


def _started(contact: Contact, case: Case) -> Form:
    """Return the receipt's form before anybody writes in it."""
    return Form.of(_standing(contact, case))


def _standing(contact: Contact, case: Case) -> list[tuple[str, str]]:
    """Return what is known of how to answer somebody, by field.

    Who only looks on their page has no way ticked, so that an address they type is a wish for mail.
    """
    way = "" if case.answer_by == AnswerBy.RECEIPT else str(case.answer_by)
    return [*contact_pairs(contact), ("answer_by", way)]


async def receipt_case(request: Request, service: Service) -> Case:
    """Return what a receipt's link opens.

    :raises HTTPException: 404 where it opens nothing.
    """
    token = request.path_params["token"]
    case = await service.store.ask(lambda conn: submissions.by_token(conn, token))
    if case is None:
        raise HTTPException(404)
    return case


def receipt_address(request: Request, service: Service, lang: str) -> str:
    """Return where the receipt is that a request is about."""
    return service.pages.address(f"{lang}/receipt/{request.path_params['token']}")


@dataclass(frozen=True)
class ReceiptFacts:
    """What a receipt shows of a case."""

    head: Case  # the one whose answer is shown: it may have been merged into
    said: str
    contact: Contact
    code: str  # "" once it was erased
    fixed: dict[str, str]  # what its sender answered to "is it fixed?", by change
    steps: tuple[CaseStep, ...]  # of its clocks
    done: DoneAnswer | None  # what its sender answered to "was it done?"
    passed_on: tuple[str, datetime] | None  # to which team, and when, for somebody's safety
    turns: tuple[Turn, ...]  # what its sender wrote since, and was answered
    photos: int  # how many are kept


def _facts(conn: Connection, service: Service, case: Case, lang: str) -> ReceiptFacts:
    head, tokens = submissions.answered_with(conn, case), service.store.tokens
    changes = [sign.get("change") for sign in service.pages.shell.led_to(head.ref, lang)]
    voices = {change: votes.answer(conn, change, ref=case.ref) for change in changes if change}
    return ReceiptFacts(
        head=head,
        said=submissions.said(conn, case.ref),
        contact=submissions.contact(conn, case.ref),
        code="" if case.forgotten else submissions.receipt(conn, tokens, case.ref).code,
        fixed={change: str(voice.fixed) if voice else "" for change, voice in voices.items()},
        steps=case_steps(conn, [case.id]).get(case.id, ()),
        done=done_answer(conn, head.handed, case.id) if head.handed else None,
        passed_on=danger.passed_on(conn, case.ref),
        turns=turns(conn, [case.id]),
        photos=count_photos(conn, case.id),
    )


async def show_receipt(  # noqa: PLR0913 - what the page is made of
    request: Request,
    service: Service,
    case: Case,
    form: Form | None = None,
    faults: list[FormFault] | None = None,
    *,
    again: Mapping[str, str] | None = None,
) -> Response:
    """Show a receipt as it stands.

    :param form: how to reach its sender, as it was typed; else as it is known.
    :param again: what somebody typed to write once more and that is not kept.
    """
    lang = service.language(request)
    facts = await service.store.ask(lambda conn: _facts(conn, service, case, lang))
    photos_lost = bool(request.scope.get(PHOTOS)) and again is not None
    again = again or typed_again(())
    shell = service.pages.shell
    waiting = [turn.sent.due for turn in facts.turns if turn.sent.due and not turn.sent.ended]
    return service.pages.render(
        request,
        "receipt.html",
        lang=lang,
        title=service.pages.wordings[lang].gettext("Your receipt"),
        private=True,
        status=UNPROCESSABLE if faults else 200,
        case=case,
        answered=facts.head,
        said=facts.said,
        contact=facts.contact,
        code=facts.code,
        token=request.path_params["token"],
        form=form or _started(facts.contact, case),
        faults=faults or [],
        about=shell.about(case.target, lang) if case.target else None,
        fixed=facts.fixed,
        passed_on=facts.passed_on,
        otherwise=_otherwise(service, case, facts.head),
        done=facts.done,
        steps=facts.steps,
        now=service.now(),
        handed_late=facts.head.handed_by is not None and service.today > facts.head.handed_by,
        led_to=shell.led_to(facts.head.ref, lang),
        heard=shell.about(Target("record", facts.head.ref), lang),
        overdue=case.answered is None and service.today > case.due,
        turns=facts.turns,
        photos=facts.photos,
        photos_lost=photos_lost,
        rest_is_kept=bool(request.scope.get(PHOTOS)) and not photos_lost,
        most_photos=MOST_PHOTOS,
        waits_since=min(waiting, default=None),
        today=service.today,
        more=again,
        once=again["once"] or secrets.token_urlsafe(16),
        writes_again=bool(again["more"]) or any(fault.field in AGAIN for fault in faults or ()),
    )


def _otherwise(service: Service, case: Case, head: Case) -> tuple[str, str]:
    """Return a language that was asked for and not answered in, and in it, that this is so.

    Both are "" where the answer is still to come, or came in that language.
    """
    lang = spoken((case.answer_lang, case.lang), service.site.languages)
    texts = head.reply or head.reason or head.outcome
    if not case.answered or not texts or lang in texts:
        return "", ""
    say = service.pages.wordings[lang].gettext
    words = say("You asked for our answer in %(language)s. We decided to answer in %(other)s.")
    return lang, words % {"language": own_name(lang), "other": own_name(next(iter(texts)))}


async def _act(
    request: Request,
    template: str,
    title: str,
    work: Callable[[Connection, Case, Service], object],
) -> Response:
    """Ask on GET, do on POST."""
    service = service_of(request)
    lang, case = service.language(request), await receipt_case(request, service)
    if request.method == "POST":
        service.require_same_site(request)
        await service.store.write(lambda conn: work(conn, case, service))
        return RedirectResponse(receipt_address(request, service, lang), SEEN_OTHER)
    return service.pages.render(
        request,
        template,
        lang=lang,
        title=service.pages.wordings[lang].gettext(title),
        case=case,
        token=request.path_params["token"],
    )


BOTH = ["GET", "POST"]
routes = [
    Route("/{lang}/receipt/{token}", receipt, methods=["GET"]),
    Route("/{lang}/receipt/{token}/withdraw", withdraw, methods=BOTH),
    Route("/{lang}/receipt/{token}/forget", forget, methods=BOTH),
    Route("/{lang}/receipt/{token}/contact", contact, methods=["POST"]),
    Route("/{lang}/receipt/{token}/fixed", answer_fixed, methods=["POST"]),
    Route("/{lang}/receipt/{token}/done", answer_done, methods=["POST"]),
]
