"""What the buttons of a case do: whichever is pressed, everything on the form is taken along.

An answer is sent by the buttons that say so; by any other it stays a draft of whoever wrote it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from core.public.vocabulary import REFERENCE
from feedback.model import DECISIONS, CaseStatus, StaffRole
from feedback.store import Conflict, Missing, Refused
from feedback.store.casework import queues
from feedback.store.database.engine import instant, micros
from feedback.store.desk import desk_drafts
from feedback.web.desk import case_steps
from feedback.web.desk.case import CaseProblem, case_file, show_case
from feedback.web.desk.case_changes import CaseChanges
from feedback.web.desk.case_checks import check
from feedback.web.desk.case_form import CaseForm, standing_texts
from feedback.web.desk.case_request import CaseRequest
from feedback.web.desk.queue import wish_of
from feedback.web.desk.session import HIGHEST, staffed
from feedback.web.protection import whole_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.web.desk.session import DeskSession

CONFLICT = 409
LATEST = 2**52  # microseconds since 1970: a moment of the next century
SAME_METHOD = 307


@dataclass(frozen=True)
class CaseAction:
    """What a button decides about a case, besides keeping the form."""

    role: StaffRole = StaffRole.ANSWER
    status: CaseStatus | None = None  # that it leads to
    work: Callable[[CaseChanges], None] | None = None
    alone: bool = False  # whether the rest of the form waits, as it is about something else


ACTIONS = {
    **{each.button: CaseAction(each.role, status) for status, each in DECISIONS.items()},
    "save": CaseAction(),
    "reply": CaseAction(),
    "read": CaseAction(work=CaseChanges.leave_unanswered),
    "outcome": CaseAction(work=CaseChanges.end_handover),
    "put-right": CaseAction(StaffRole.PUBLISH, work=CaseChanges.put_right),
    "merge": CaseAction(work=CaseChanges.merge),
    "clock": CaseAction(work=case_steps.start_clock, alone=True),
    "step": CaseAction(work=case_steps.end_step, alone=True),
    "step-back": CaseAction(work=case_steps.take_step_back, alone=True),
    "assign": CaseAction(work=CaseChanges.assign, alone=True),
    "unmerge": CaseAction(work=CaseChanges.unmerge, alone=True),
    "take": CaseAction(work=CaseChanges.take_in_hand, alone=True),
    "erase-photo": CaseAction(StaffRole.PUBLISH, work=CaseChanges.erase_photo, alone=True),
    "escalate": CaseAction(work=CaseChanges.escalate, alone=True),
    "contact": CaseAction(work=CaseChanges.contact, alone=True),
    "withdraw": CaseAction(StaffRole.PUBLISH, work=CaseChanges.withdraw, alone=True),
    "forget": CaseAction(StaffRole.PUBLISH, work=CaseChanges.forget, alone=True),
}


@staffed()
async def act(request: Request, session: DeskSession) -> Response:
    """Do something with a case; when it can't be done, show the case anew and why."""
    name = request.path_params["action"]
    action = ACTIONS.get(name)
    if action is None:
        raise HTTPException(404)
    if not session.may(action.role):
        return session.refuse()
    wish = await _request(request, session, name)
    problem = check(wish, name, action.status) or await _work(session, wish, action)
    if problem is None:
        return await _go_on(session, wish, name)
    await _keep(session, wish)
    return await show_case(session, wish.case.ref, problem, wish.form)


async def _work(session: DeskSession, wish: CaseRequest, action: CaseAction) -> CaseProblem | None:
    """Do it all in one transaction, or nothing; returns what stood against it."""

    def work(conn: Connection) -> None:
        changes = CaseChanges(conn, wish)
        if not action.alone:
            changes.take(action.status)
        if action.work:
            action.work(changes)
        elif action.status:
            changes.decide(action.status)
        changes.keep_rest()

    try:
        await session.service.store.write(work)
    except Conflict:
        return CaseProblem("conflict", status=CONFLICT)
    except Refused as refused:
        return CaseProblem(refused.rule)
    except Missing:
        raise HTTPException(404) from None
    return None


@staffed()
async def keep(request: Request, session: DeskSession) -> Response:
    """Keep what is typed as a draft: as somebody types, or by a button that leads elsewhere."""
    wish = await _request(request, session, "keep")
    await _keep(session, wish)
    if "application/json" in request.headers.get("accept", ""):
        changed = wish.version != wish.case.version
        return JSONResponse({"changed": changed, "draft": str(micros(wish.now))})
    if request.query_params.get("then") == "log-out":
        return RedirectResponse(session.address("log-out"), SAME_METHOD)
    lang = request.query_params.get("lang", "")
    asked = {"queue": str(wish.queue.queue), "done": "kept"} | ({"lang": lang} if lang else {})
    return session.go(f"case/{wish.case.ref}", **asked)


@staffed()
async def insert(request: Request, session: DeskSession) -> Response:
    """Put a saved answer into the fields of the answer, below what stands in them."""
    wish = await _request(request, session, "keep")
    answers = await session.service.store.ask(desk_drafts.saved_answers)
    chosen = next((answer for answer in answers if str(answer.id) == wish.chosen("saved")), None)
    if chosen is None:
        await _keep(session, wish)
        return await show_case(session, wish.case.ref, CaseProblem("saved"), wish.form)
    texts = dict(wish.form.texts)
    part = "further" if any(name.startswith("further_") for name in texts) else "reply"
    for lang, text in chosen.texts.items():
        if lang in session.service.site.languages:
            texts[f"{part}_{lang}"] = f"{texts.get(f'{part}_{lang}', '')}\n\n{text}".strip()
    await _keep(session, replace(wish, form=replace(wish.form, texts=texts)))
    return session.go(f"case/{wish.case.ref}", queue=str(wish.queue.queue), done="inserted")


async def _request(request: Request, session: DeskSession, name: str) -> CaseRequest:
    """Return what is asked for.

    :raises HTTPException: 404 when there is no such case.
    """
    ref, service = request.path_params["ref"], session.service
    file = None
    if REFERENCE.fullmatch(ref):
        file = await service.store.ask(lambda conn: case_file(conn, session, ref, bare=True))
    if file is None:
        raise HTTPException(404)
    pairs: list[tuple[str, Any]] = (await request.form()).multi_items()
    fields = {field: value.strip() for field, value in pairs if isinstance(value, str)}
    seen = whole_number(fields.get("draft", ""), LATEST)
    along = fields.get("along", "").split("-")
    return CaseRequest(
        case=file.case,
        standing=standing_texts(
            file.case, file.said, file.contact, service.site.languages, file.turns
        ),
        form=CaseForm.sent(pairs, service.site.languages),
        fields=fields,
        version=whole_number(fields.get("version", ""), HIGHEST) or 0,
        draft_seen=instant(seen) if seen else None,
        by=session.name,
        own_team=session.member.team if session.member else "",
        now=service.now(),
        site=service.site,
        clocks=service.clocks,
        shell=service.pages.shell,
        reach=service.reach,
        may_publish=session.may(StaffRole.PUBLISH),
        saves=name == "save",
        answers=name == "reply" or "answer" in along,
        goes_on="next" in along,
        queue=wish_of(session, {"queue": fields.get("queue", "")}),
    )


async def _keep(session: DeskSession, wish: CaseRequest) -> None:
    """Keep what somebody typed, unless its case may hold nothing any more."""
    if wish.case.forgotten:
        return
    typed = wish.form.kept(wish.standing)
    await session.service.store.write(
        lambda conn: desk_drafts.keep_draft(
            conn,
            wish.case.ref,
            typed,
            by=wish.by,
            now=wish.now,
            seen=wish.draft_seen,
            carried=wish.form.carried,
        )
    )


async def _go_on(session: DeskSession, wish: CaseRequest, name: str) -> Response:
    """Say what was done: on the case, or on the one that comes next."""
    ref, queue = wish.case.ref, str(wish.queue.queue)
    if not wish.goes_on:
        return session.go(f"case/{ref}", done=name, queue=queue)
    following = await session.service.store.ask(
        lambda conn: queues.next_case(conn, wish.queue, wish.case)
    )
    place = f"case/{following}" if following else ""
    return session.go(place, done=name, of=ref, queue=queue)


routes = [
    Route("/case/{ref}/keep", keep, methods=["POST"]),
    Route("/case/{ref}/insert", insert, methods=["POST"]),
    Route("/case/{ref}/{action}", act, methods=["POST"]),
]
