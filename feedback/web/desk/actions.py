"""What staff do with a case: each a form of its page, each an event in its history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.routing import Route

from core.public.record_files import public_words
from core.public.vocabulary import REFERENCE, Detail
from feedback.forms import CONTACT, Form, contact_faults
from feedback.model import LONGEST_WORDS, AnswerBy, Contact, Role, Status
from feedback.model import Route as Handing
from feedback.store import Conflict, Missing, Refused, submissions
from feedback.web.desk.case import PUBLIC, Problem, personal_words, show_case
from feedback.web.desk.visit import HIGHEST, staffed, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from core.site import Site
    from feedback.model import Case
    from feedback.web.desk.visit import Visit

CONFLICT = 409


@dataclass(frozen=True, kw_only=True)
class Wish:
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


def note(conn: Connection, wish: Wish) -> None:
    """Leave a note for the others."""
    text = public_words(wish.form.get("note", ""))
    submissions.note(conn, wish.ref, text, by=wish.by, now=wish.now)


def redact(conn: Connection, wish: Wish) -> None:
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


def clear(conn: Connection, wish: Wish) -> None:
    """Say that words which look personal are harmless."""
    submissions.clear(
        conn, wish.ref, version=wish.version, words=wish.ticked, by=wish.by, now=wish.now
    )


def reply(conn: Connection, wish: Wish) -> None:
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


def _decides(status: Status) -> Callable[[Connection, Wish], None]:
    def decide(conn: Connection, wish: Wish) -> None:
        route = wish.form.get("route", "")
        submissions.decide(
            conn,
            wish.ref,
            version=wish.version,
            status=status,
            by=wish.by,
            now=wish.now,
            reason=wish.worded("reason") if status == Status.DECLINED else None,
            route=Handing(route) if status == Status.ROUTED and route in set(Handing) else None,
        )

    return decide


def merge(conn: Connection, wish: Wish) -> None:
    """Answer this case together with another that says the same."""
    into = (wish.form.get("other") or wish.form.get("into", "")).upper()
    if not REFERENCE.fullmatch(into) or submissions.case(conn, into) is None:
        raise Refused("unknown", f"There is no submission {into}.")
    submissions.merge(conn, wish.ref, version=wish.version, into=into, by=wish.by, now=wish.now)


def unmerge(conn: Connection, wish: Wish) -> None:
    """Let a merged case stand on its own again."""
    submissions.unmerge(conn, wish.ref, version=wish.version, by=wish.by, now=wish.now)


def escalate(conn: Connection, wish: Wish) -> None:
    """Stop for somebody's safety: the words stay at the desk."""
    _sure(wish)
    submissions.escalate(conn, wish.ref, version=wish.version, by=wish.by, now=wish.now)


def contact(conn: Connection, wish: Wish) -> None:
    """Write down how the tenant is to be answered, as they told staff."""
    form = Form.of(wish.form.items())
    given = Contact(**{name: form[name] for name in CONTACT})
    way = AnswerBy(form["answer_by"] or AnswerBy.RECEIPT)
    submissions.add_contact(conn, wish.ref, given, answer_by=way, now=wish.now, by=wish.by)


def withdraw(conn: Connection, wish: Wish) -> None:
    """Take the words back, as the tenant asked."""
    _sure(wish)
    submissions.withdraw(conn, wish.ref, now=wish.now, by=wish.by)


def forget(conn: Connection, wish: Wish) -> None:
    """Erase every private word, as the tenant asked."""
    _sure(wish)
    submissions.forget(conn, wish.ref, now=wish.now, by=wish.by)


def _sure(wish: Wish) -> None:
    if wish.form.get("sure") != "yes":
        raise Refused("unsure", "Tick that you are sure.")


def _nothing(case: Case, wish: Wish, site: Site) -> Problem | None:
    del case, wish, site
    return None


def _public(texts: Sequence[str], case: Case, site: Site) -> Problem | None:
    """Let nothing into public sight that still looks personal."""
    if any(len(text) > LONGEST_WORDS for text in texts):
        return Problem("long")
    words = tuple(word for text in texts for word in personal_words(text, case, site))
    return Problem("personal", words) if words else None


def _check_redacted(case: Case, wish: Wish, site: Site) -> Problem | None:
    text = public_words(wish.form.get("public_text", ""))
    if case.status == Status.PUBLISHED:
        return _public([text], case, site)
    return Problem("long") if len(text) > LONGEST_WORDS else None


def _check_published(case: Case, wish: Wish, site: Site) -> Problem | None:
    del wish
    return _public([case.public_text, *case.reply.values()], case, site)


def _check_reply(case: Case, wish: Wish, site: Site) -> Problem | None:
    texts = list(wish.worded("reply").values())
    if any(len(text) > LONGEST_WORDS for text in texts):
        return Problem("long")
    if wish.form.get("team", "") not in site.teams:
        return Problem("team")
    return _public(texts, case, site) if case.status in PUBLIC else None


def _check_reason(case: Case, wish: Wish, site: Site) -> Problem | None:
    return _public([*wish.worded("reason").values(), *case.reply.values()], case, site)


def _check_routed(case: Case, wish: Wish, site: Site) -> Problem | None:
    del wish
    return _public(list(case.reply.values()), case, site)


def _check_contact(case: Case, wish: Wish, site: Site) -> Problem | None:
    del case
    form = Form.of(wish.form.items())
    fields = tuple(fault.field for fault in contact_faults(form, site, lambda words: words))
    return Problem("contact", fields) if fields else None


@dataclass(frozen=True)
class Action:
    """Something that may be done with a case."""

    work: Callable[[Connection, Wish], None]
    role: Role
    check: Callable[[Case, Wish, Site], Problem | None] = _nothing


ACTIONS = {
    "note": Action(note, Role.ANSWER),
    "redact": Action(redact, Role.ANSWER, _check_redacted),
    "clear": Action(clear, Role.PUBLISH),
    "reply": Action(reply, Role.ANSWER, _check_reply),
    "publish": Action(_decides(Status.PUBLISHED), Role.PUBLISH, _check_published),
    "count": Action(_decides(Status.COUNTED), Role.PUBLISH),
    "decline": Action(_decides(Status.DECLINED), Role.PUBLISH, _check_reason),
    "route": Action(_decides(Status.ROUTED), Role.ANSWER, _check_routed),
    "reopen": Action(_decides(Status.RECEIVED), Role.PUBLISH),
    "merge": Action(merge, Role.ANSWER),
    "unmerge": Action(unmerge, Role.ANSWER),
    "escalate": Action(escalate, Role.ANSWER),
    "contact": Action(contact, Role.ANSWER, _check_contact),
    "withdraw": Action(withdraw, Role.PUBLISH),
    "forget": Action(forget, Role.PUBLISH),
}


@staffed()
async def act(request: Request, visit: Visit) -> Response:
    """Do something with a case; when it can't be done, show the case anew and why."""
    ref, name = request.path_params["ref"], request.path_params["action"]
    action = ACTIONS.get(name)
    if action is None or not REFERENCE.fullmatch(ref):
        raise HTTPException(404)
    if not visit.may(action.role):
        return visit.refuse()
    service, form = visit.service, await texts(request)
    version = form.get("version", "")
    boxes = (await request.form()).getlist("ticked")
    ticked = tuple(str(box).replace("\r\n", "\n") for box in boxes)
    wish = Wish(
        ref=ref,
        version=min(int(version), HIGHEST) if version.isdecimal() else 0,
        by=visit.name,
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
        problem = Problem("conflict", status=CONFLICT)
    except Refused as refused:
        problem = Problem(refused.rule)
    except Missing:
        raise HTTPException(404) from None
    if problem:
        kinds = ticked if name == "redact" else None
        return await show_case(visit, ref, problem, form, kinds)
    return visit.go(f"case/{ref}", done=name)


routes = [Route("/case/{ref}/{action}", act, methods=["POST"])]
