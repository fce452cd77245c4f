"""One case: what was said, by whom, what was done about it, and the form for what comes next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from core.public.vocabulary import REFERENCE, Detail, Target, WorkOutcome
from feedback.duplicates import ComparedText, likely_duplicates
from feedback.model import DECISIONS, AnswerBy, Contact, spoken
from feedback.model import Route as Handing
from feedback.personal_details import find_personal, own_details, still_personal
from feedback.store.actions import danger, site_runs, submissions
from feedback.store.casework.follow_ups import turns
from feedback.store.casework.handovers import DoneAnswer, done_answers
from feedback.store.casework.photos import photo, photos_of
from feedback.store.casework.step_clocks import case_steps
from feedback.store.database.engine import micros
from feedback.store.desk import desk_drafts, staff
from feedback.web.desk.case_form import CaseForm, fingerprint, standing_texts
from feedback.web.desk.queue import wish_of
from feedback.web.desk.session import number_of, staffed
from feedback.web.submission_form import UNPROCESSABLE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Connection
    from starlette.requests import Request

    from core.site import Site
    from feedback.case_clocks import CaseStep
    from feedback.model import Case, Event
    from feedback.personal_details import PersonalSpan
    from feedback.store.actions.danger import DangerCall
    from feedback.store.actions.site_runs import SiteUpdate
    from feedback.store.actions.submissions import AnswerVersion, Note
    from feedback.store.casework.follow_ups import Turn
    from feedback.store.casework.photos import KeptPhoto
    from feedback.store.desk.desk_drafts import CaseDraft, SavedAnswer
    from feedback.web.desk.session import DeskSession

COMPARED = 300  # cases that a new one is compared with: those that came last
PHOTO_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
LINKED = ("roadmap", "change")  # what a case can be tied to by the picker


@dataclass(frozen=True)
class TextPiece:
    """A stretch of words, and the kind of detail that it looks like."""

    words: str
    kind: str  # "" for harmless words


@dataclass(frozen=True)
class LikelyDuplicate:
    """A case that seems to speak of the same thing."""

    case: Case
    said: str


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """All that is known of a case."""

    case: Case
    said: str
    contact: Contact
    history: tuple[Event, ...] = ()
    notes: tuple[Note, ...] = ()
    versions: tuple[AnswerVersion, ...] = ()  # of every answer, reason and public text
    followers: tuple[Case, ...] = ()
    steps: tuple[CaseStep, ...] = ()  # of its clocks
    duplicates: tuple[LikelyDuplicate, ...] = ()
    drafts: tuple[CaseDraft, ...] = ()
    saved: tuple[SavedAnswer, ...] = ()
    colleagues: tuple[str, ...] = ()
    run: SiteUpdate | None = None  # how the site was last brought up to date
    turns: tuple[Turn, ...] = ()  # what its senders wrote since
    photos: tuple[KeptPhoto, ...] = ()
    done_answers: tuple[DoneAnswer, ...] = ()  # of its senders, asked whether it was done
    call: DangerCall | None = None  # how far those who are called in danger have come
    code: str = ""  # with which the tenant finds it; "" once it was forgotten


@dataclass(frozen=True)
class CaseProblem:
    """Why nothing was done."""

    rule: str  # of the store, or "conflict", "personal" …
    words: tuple[str, ...] = ()  # what it is about, such as words that look personal
    status: int = UNPROCESSABLE


@dataclass(frozen=True)
class FormView:
    """What the fields of a case's form show: somebody's own words over what stands."""

    form: CaseForm
    standing: Mapping[str, str]
    own: Mapping[str, str]  # what they changed and did not send
    versions: Sequence[AnswerVersion] = field(default_factory=tuple)

    def value(self, name: str) -> str:
        """Return what a field shows."""
        return self.own.get(name, self.standing.get(name, ""))

    def beside(self, name: str) -> AnswerVersion | None:
        """Return what stands where somebody has written something else, to be shown beside it."""
        part, _, lang = name.partition("_")
        kind = "public" if name == "public_text" else part
        newest = (
            version
            for version in reversed(self.versions)
            if version.kind == kind and (kind == "public" or version.lang == lang)
        )
        return next(newest, None) if name in self.own else None

    def shown(self, names: Iterable[str]) -> str:
        """Return what stood in each field, for the form to bring back."""
        return " ".join(
            f"{name}={fingerprint(self.standing.get(name, ''))}" for name in sorted(names)
        )

    def is_open(self, *names: str) -> bool:
        """Whether something was written into one of these fields and not sent."""
        return any(name in self.own for name in names)


@staffed()
async def case_page(request: Request, session: DeskSession) -> Response:
    """Show a case."""
    return await show_case(session, request.path_params["ref"])


async def show_case(
    session: DeskSession, ref: str, problem: CaseProblem | None = None, sent: CaseForm | None = None
) -> Response:
    """Show a case as it is now, with what somebody wrote and did not send.

    :param problem: why nothing was done.
    :param sent: the form that was sent; else it is the draft of whoever is there.
    :raises HTTPException: 404 when there is no such case.
    """
    store, site = session.service.store, session.service.site
    known = REFERENCE.fullmatch(ref)
    file = await store.ask(lambda conn: case_file(conn, session, ref)) if known else None
    if file is None:
        raise HTTPException(404)
    case, shell = file.case, session.service.pages.shell
    mine = next((draft for draft in file.drafts if draft.by == session.name), None)
    form = sent or CaseForm.draft(mine.typed if mine else {})
    standing = standing_texts(case, file.said, file.contact, site.languages, file.turns)
    if not standing["team"] and session.member and session.member.team in site.teams:
        standing |= {"team": session.member.team}
    view = FormView(form, standing, form.changes(standing), file.versions)
    spans = find_personal(file.said, known=[file.contact.name])
    kinds = form.ticked.get("kinds", standing["kinds"].split())
    text = view.value("public_text") if case.public_text or view.own or problem else ""
    wish = wish_of(session, {"queue": session.request.query_params.get("queue", "")})
    return session.show(
        "case.html",
        case.ref,
        status=problem.status if problem else 200,
        file=file,
        case=case,
        view=view,
        pieces=pieces(file.said, spans),
        looks_personal=personal_words(text, case, site),
        kinds=list(Detail),
        ticked=set(kinds),
        harmless=set(form.harmless),
        ways=list(AnswerBy),
        routes=list(Handing),
        presses=[
            each.button
            for status, each in DECISIONS.items()
            if not each.placed and status != case.status
        ],
        outcomes=list(WorkOutcome),
        startable=session.service.clocks.at_desk(session.service.now()),
        job_by=max(case.due, session.service.today),
        done_answers=file.done_answers,
        goes_on=any(turn.sent.due for turn in file.turns),
        answer_in=spoken((case.answer_lang, case.lang), site.languages),
        about=shell.about(case.target, session.lang) if case.target else None,
        links=links(session),
        record=shell.about(Target("record", case.ref), session.lang),
        problem=problem.rule if problem else "",
        words=problem.words if problem else (),
        others=[draft for draft in file.drafts if draft.by != session.name],
        mine=mine,
        draft_seen=micros(mine.at) if mine else "",
        queue=wish.queue,
    )


def links(session: DeskSession, kinds: Iterable[str] = LINKED) -> dict[str, list[tuple[str, str]]]:
    """Return what on the site can be chosen, by kind: how a form names it, and its title."""
    targets, lang = session.service.pages.shell.targets, session.lang
    return {
        kind: sorted(
            (
                (f"{kind} {key}", pages.get(lang, next(iter(pages.values())))["title"])
                for key, pages in targets.get(kind, {}).items()
            ),
            key=lambda pair: pair[1].casefold(),
        )
        for kind in kinds
    }


def pieces(text: str, spans: Iterable[PersonalSpan]) -> list[TextPiece]:
    """Return a text cut into what looks personal and what doesn't."""
    cut, end = [], 0
    for span in spans:
        cut.append(TextPiece(text[end : span.start], ""))
        cut.append(TextPiece(text[span.start : span.end], str(span.kind)))
        end = span.end
    return [piece for piece in (*cut, TextPiece(text[end:], "")) if piece.words]


def personal_words(text: str, case: Case, site: Site, harmless: Collection[str] = ()) -> list[str]:
    """Return the words of a text that look personal and that nobody has found harmless yet."""
    spans = still_personal(text, (*case.cleared, *harmless, *own_details(site)))
    return list(dict.fromkeys(text[span.start : span.end] for span in spans))


def case_file(
    conn: Connection, session: DeskSession, ref: str, *, bare: bool = False
) -> CaseFile | None:
    """Return what is known of a case; None when there is none.

    :param bare: whether the case alone is wanted, with its words and how to reach its sender.
    """
    case = submissions.case(conn, ref)
    if case is None:
        return None
    words, contact = submissions.said(conn, ref), submissions.contact(conn, ref)
    merged = submissions.followers(conn, ref)
    numbers = [case.id, *(other.id for other in merged)]
    conversation = turns(conn, numbers)
    if bare:
        return CaseFile(case=case, said=words, contact=contact, turns=conversation)
    tokens = session.service.store.tokens
    return CaseFile(
        case=case,
        said=words,
        contact=contact,
        turns=conversation,
        photos=photos_of(conn, numbers),
        history=submissions.history(conn, ref),
        notes=submissions.notes(conn, ref),
        versions=submissions.versions(conn, ref),
        followers=merged,
        steps=case_steps(conn, [case.id]).get(case.id, ()),
        duplicates=() if case.escalated or not words else _duplicates(conn, case, words),
        drafts=desk_drafts.case_drafts(conn, ref),
        saved=desk_drafts.saved_answers(conn),
        colleagues=tuple(member.name for member in staff.members(conn) if member.active),
        run=site_runs.last_run(conn),
        done_answers=done_answers(conn, case.handed) if case.handed else (),
        call=danger.call_about(conn, ref) if case.escalated else None,
        code="" if case.forgotten else submissions.receipt(conn, tokens, ref).code,
    )


def _duplicates(conn: Connection, case: Case, words: str) -> tuple[LikelyDuplicate, ...]:
    others = {
        other.ref: LikelyDuplicate(other, words)
        for other, words in submissions.lately(conn, COMPARED)
        if other.ref != case.ref
    }
    texts = [ComparedText(ref, other.case.lang, other.said) for ref, other in others.items()]
    matches = likely_duplicates(ComparedText(case.ref, case.lang, words), texts)
    return tuple(others[match.ref] for match in matches)


@staffed()
async def photo_file(request: Request, session: DeskSession) -> Response:
    """Show a photo, to staff alone: nothing keeps it, and it can be nothing but a picture."""
    ref, number = request.path_params["ref"], number_of(request)
    jpeg = await session.service.store.ask(lambda conn: photo(conn, ref, number))
    if jpeg is None:
        raise HTTPException(404)
    named = {"Content-Disposition": f'inline; filename="{ref}-{number}.jpg"'}
    return Response(jpeg, media_type="image/jpeg", headers=PHOTO_HEADERS | named)


routes = [
    Route("/case/{ref}", case_page, methods=["GET"]),
    Route("/case/{ref}/photo/{number}", photo_file, methods=["GET"]),
]
