"""What staff do with a case: each a form of its page, each an event in its history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.routing import Route

from core.public.record_files import public_words
from core.public.vocabulary import REFERENCE, Detail
from feedback.forms import Form, answer_by_of, contact_faults, contact_of
from feedback.model import LONGEST_WORDS, CaseStatus, StaffRole
from feedback.model import Route as Handing
from feedback.store import Conflict, Missing, Refused, submissions
from feedback.web.desk.case import PUBLIC, CaseProblem, personal_words, show_case
from feedback.web.desk.session import HIGHEST, staffed, texts
from feedback.web.protection import whole_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from core.site import Site
    from feedback.model import Case
    from feedback.web.desk.session import DeskSession

CONFLICT = 409


@dataclass(frozen=True, kw_only=True)
class CaseRequest:
    """What a member of staff asked for, and when."""

    ref: str
    version: int  # of the case as they saw it
    by: str
    now: datetime
    form: Mapping[str, str]
    ticked: tuple[str, ...]  # boxes of one name, by value
    languages: tuple[str, ...]

    def worded(self, field: str) -> dict[str, str]:
        """Return what was typed in each language."""
        texts = {lang: self.form.get(f"{field}_{lang}", "") for lang in self.languages}
        return {lang: public_words(text) for lang, text in texts.items() if text}


def note(conn: Connection, wish: CaseRequest) -> None:
    """Leave a note for the others."""
    text = public_words(wish.form.get("note", ""))
    submissions.note(conn, wish.ref, text, by=wish.by, now=wish.now)


def redact(conn: Connection, wish: CaseRequest) -> None:
    """Keep the words as they may stand in public."""
    kinds = [kind for kind in Detail if kind in wish.ticked]
    text = public_words(wish.form.get("public_text", ""))
    submissions.redact(
        conn,
        wish.ref,
        version=wish.version,
        public_text=text,
        kinds=kinds,
        by=wish.by,
        now=wish.now,
    )


def clear(conn: Connection, wish: CaseRequest) -> None:
    """Say that words which look personal are harmless."""
    submissions.clear(
        conn, wish.ref, version=wish.version, words=wish.ticked, by=wish.by, now=wish.now
    )


def reply(conn: Connection, wish: CaseRequest) -> None:
    """Answer the tenant."""
    submissions.reply(
        conn,
        wish.ref,
        version=wish.version,
        texts=wish.worded("reply"),
        team=wish.form.get("team", ""),
        by=wish.by,
        now=wish.now,
    )


def _decides(status: CaseStatus) -> Callable[[Connection, CaseRequest], None]:
    def decide(conn: Connection, wish: CaseRequest) -> None:
        route = wish.form.get("route", "")
        submissions.decide(
            conn,
            wish.ref,
            version=wish.version,
            status=status,
            by=wish.by,
            now=wish.now,
            reason=wish.worded("reason") if status == CaseStatus.DECLINED else None,
            route=Handing(route) if status == CaseStatus.ROUTED and route in set(Handing) else None,
        )

    return decide


def merge(conn: Connection, wish: CaseRequest) -> None:
    """Answer this case together with another that says the same.

    :raises Refused: "unknown", when there is no such other.
    """
    into = (wish.form.get("other") or wish.form.get("into", "")).upper()
    if not REFERENCE.fullmatch(into) or submissions.case(conn, into) is None:
        raise Refused("unknown", f"There is no submission {into}.")
    submissions.merge(conn, wish.ref, version=wish.version, into=into, by=wish.by, now=wish.now)


def unmerge(conn: Connection, wish: CaseRequest) -> None:
    """Let a merged case stand on its own again."""
    submissions.unmerge(conn, wish.ref, version=wish.version, by=wish.by, now=wish.now)


def escalate(conn: Connection, wish: CaseRequest) -> None:
    """Stop for somebody's safety: the words stay at the desk."""
    _sure(wish)
    submissions.escalate(conn, wish.ref, version=wish.version, by=wish.by, now=wish.now)


def contact(conn: Connection, wish: CaseRequest) -> None:
    """Write down how the tenant is to be answered, as they told staff."""
    form = Form.of(wish.form.items())
    way = answer_by_of(form)
    submissions.add_contact(
        conn, wish.ref, contact_of(form), answer_by=way, now=wish.now, by=wish.by
    )


def withdraw(conn: Connection, wish: CaseRequest) -> None:
    """Take the words back, as the tenant asked."""
    _sure(wish)
    submissions.withdraw(conn, wish.ref, now=wish.now, by=wish.by)


def forget(conn: Connection, wish: CaseRequest) -> None:
    """Erase every private word, as the tenant asked."""
    _sure(wish)
    submissions.forget(conn, wish.ref, now=wish.now, by=wish.by)


def _sure(wish: CaseRequest) -> None:
    if wish.form.get("sure") != "yes":
        raise Refused("unsure", "Tick that you are sure.")


def _nothing(case: Case, wish: CaseRequest, site: Site) -> CaseProblem | None:
    del case, wish, site
    return None


def _public(texts: Sequence[str], case: Case, site: Site) -> CaseProblem | None:
    """Let nothing into public sight that still looks personal."""
    if any(len(text) > LONGEST_WORDS for text in texts):
        return CaseProblem("long")
    words = tuple(word for text in texts for word in personal_words(text, case, site))
    return CaseProblem("personal", words) if words else None


def _check_redacted(case: Case, wish: CaseRequest, site: Site) -> CaseProblem | None:
    text = public_words(wish.form.get("public_text", ""))
    if case.status == CaseStatus.PUBLISHED:
        return _public([text], case, site)
    return CaseProblem("long") if len(text) > LONGEST_WORDS else None


def _check_published(case: Case, wish: CaseRequest, site: Site) -> CaseProblem | None:
    del wish
    return _public([case.public_text, *case.reply.values()], case, site)


def _check_reply(case: Case, wish: CaseRequest, site: Site) -> CaseProblem | None:
    texts = list(wish.worded("reply").values())
    if any(len(text) > LONGEST_WORDS for text in texts):
        return CaseProblem("long")
    if not site.word("teams", wish.form.get("team", "")):
        return CaseProblem("team")
    return _public(texts, case, site) if case.status in PUBLIC else None


def _check_reason(case: Case, wish: CaseRequest, site: Site) -> CaseProblem | None:
    return _public([*wish.worded("reason").values(), *case.reply.values()], case, site)


def _check_routed(case: Case, wish: CaseRequest, site: Site) -> CaseProblem | None:
    del wish
    return _public(list(case.reply.values()), case, site)


def _check_contact(case: Case, wish: CaseRequest, site: Site) -> CaseProblem | None:
    del case
    form = Form.of(wish.form.items())
    fields = tuple(fault.field for fault in contact_faults(form, site, lambda words: words))
    return CaseProblem("contact", fields) if fields else None


@dataclass(frozen=True)
class CaseAction:
    """Something that may be done with a case."""

    work: Callable[[Connection, CaseRequest], None]
    role: StaffRole
    check: Callable[[Case, CaseRequest, Site], CaseProblem | None] = _nothing


ACTIONS = {
    "note": CaseAction(note, StaffRole.ANSWER),
    "redact": CaseAction(redact, StaffRole.ANSWER, _check_redacted),
    "clear": CaseAction(clear, StaffRole.PUBLISH),
    "reply": CaseAction(reply, StaffRole.ANSWER, _check_reply),
    "publish": CaseAction(_decides(CaseStatus.PUBLISHED), StaffRole.PUBLISH, _check_published),
    "count": CaseAction(_decides(CaseStatus.COUNTED), StaffRole.PUBLISH),
    "decline": CaseAction(_decides(CaseStatus.DECLINED), StaffRole.PUBLISH, _check_reason),
    "route": CaseAction(_decides(CaseStatus.ROUTED), StaffRole.ANSWER, _check_routed),
    "reopen": CaseAction(_decides(CaseStatus.RECEIVED), StaffRole.PUBLISH),
    "merge": CaseAction(merge, StaffRole.ANSWER),
    "unmerge": CaseAction(unmerge, StaffRole.ANSWER),
    "escalate": CaseAction(escalate, StaffRole.ANSWER),
    "contact": CaseAction(contact, StaffRole.ANSWER, _check_contact),
    "withdraw": CaseAction(withdraw, StaffRole.PUBLISH),
    "forget": CaseAction(forget, StaffRole.PUBLISH),
}


@staffed()
async def act(request: Request, session: DeskSession) -> Response:
    """Do something with a case; when it can't be done, show the case anew and why."""
    ref, name = request.path_params["ref"], request.path_params["action"]
    action = ACTIONS.get(name)
    if action is None or not REFERENCE.fullmatch(ref):
        raise HTTPException(404)
    if not session.may(action.role):
        return session.refuse()
    service, form = session.service, await texts(request)
    version = form.get("version", "")
    boxes = (await request.form()).getlist("ticked")
    ticked = tuple(str(box).replace("\r\n", "\n") for box in boxes)
    wish = CaseRequest(
        ref=ref,
        version=whole_number(version, HIGHEST) or 0,
        by=session.name,
        now=service.now(),
        form=form,
        ticked=ticked,
        languages=service.site.languages,
    )
    case = await service.store.ask(lambda conn: submissions.case(conn, ref))
    if case is None:
        raise HTTPException(404)
    problem = action.check(case, wish, service.site)
    try:
        if problem is None:
            await service.store.write(lambda conn: action.work(conn, wish))
    except Conflict:
        problem = CaseProblem("conflict", status=CONFLICT)
    except Refused as refused:
        problem = CaseProblem(refused.rule)
    except Missing:
        raise HTTPException(404) from None
    if problem:
        kinds = ticked if name == "redact" else None
        return await show_case(session, ref, problem, form, kinds)
    return session.go(f"case/{ref}", done=name)


routes = [Route("/case/{ref}/{action}", act, methods=["POST"])]
