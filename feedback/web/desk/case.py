"""One case: what was said, by whom, what was done about it, and what may be done next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.routing import Route

from core.public.vocabulary import REFERENCE, Detail, Target
from feedback.duplicates import ComparedText, likely_duplicates
from feedback.model import AnswerBy, CaseStatus, Contact, spoken
from feedback.model import Route as Handing
from feedback.personal_details import find_personal, own_details, still_personal
from feedback.store import submissions
from feedback.web.desk.session import staffed
from feedback.web.submission_form import UNPROCESSABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from core.site import Site
    from feedback.model import Case, Event
    from feedback.personal_details import PersonalSpan
    from feedback.store.submissions import Note
    from feedback.web.desk.session import DeskSession

COMPARED = 300  # cases that a new one is compared with: those whose promise ends last
PUBLIC = {
    CaseStatus.PUBLISHED,
    CaseStatus.DECLINED,
    CaseStatus.ROUTED,
}  # answers of these stand in public


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
    history: tuple[Event, ...]
    notes: tuple[Note, ...]
    followers: tuple[Case, ...]
    duplicates: tuple[LikelyDuplicate, ...]
    code: str  # with which the tenant finds it; "" once it was forgotten


@dataclass(frozen=True)
class CaseProblem:
    """Why nothing was done."""

    rule: str  # of the store, or "conflict", "personal" …
    words: tuple[str, ...] = ()  # what it is about, such as words that look personal
    status: int = UNPROCESSABLE


@staffed()
async def case_page(request: Request, session: DeskSession) -> Response:
    """Show a case."""
    return await show_case(session, request.path_params["ref"])


async def show_case(
    session: DeskSession,
    ref: str,
    problem: CaseProblem | None = None,
    typed: Mapping[str, str] | None = None,
    kinds: Iterable[str] | None = None,
) -> Response:
    """Show a case as it is now.

    :param problem: why nothing was done.
    :param typed: what was typed, which stands in the fields still.
    :param kinds: the kinds of detail that were ticked.
    :raises HTTPException: 404 when there is no such case.
    """
    known = REFERENCE.fullmatch(ref)
    file = (
        await session.service.store.ask(lambda conn: _file(conn, session, ref)) if known else None
    )
    if file is None:
        raise HTTPException(404)
    case, site, shell = file.case, session.service.site, session.service.pages.shell
    spans = find_personal(file.said, known=[file.contact.name])
    draft = case.public_text or ("" if case.escalated else file.said)
    ticked = kinds if kinds is not None else case.redacted or {span.kind for span in spans}
    return session.show(
        "case.html",
        case.ref,
        status=problem.status if problem else 200,
        file=file,
        case=case,
        pieces=pieces(file.said, spans),
        draft=draft,
        looks_personal=personal_words(case.public_text, case, site),
        kinds=list(Detail),
        ticked={str(kind) for kind in ticked},
        ways=list(AnswerBy),
        routes=list(Handing),
        answer_in=spoken((case.answer_lang, case.lang), site.languages),
        about=shell.about(case.target, session.lang) if case.target else None,
        record=shell.about(Target("record", case.ref), session.lang),
        problem=problem.rule if problem else "",
        words=problem.words if problem else (),
        typed=typed or {},
    )


def pieces(text: str, spans: Iterable[PersonalSpan]) -> list[TextPiece]:
    """Return a text cut into what looks personal and what doesn't."""
    cut, end = [], 0
    for span in spans:
        cut.append(TextPiece(text[end : span.start], ""))
        cut.append(TextPiece(text[span.start : span.end], str(span.kind)))
        end = span.end
    return [piece for piece in (*cut, TextPiece(text[end:], "")) if piece.words]


def personal_words(text: str, case: Case, site: Site) -> list[str]:
    """Return the words of a text that look personal and that nobody has found harmless yet."""
    spans = still_personal(text, (*case.cleared, *own_details(site)))
    return list(dict.fromkeys(text[span.start : span.end] for span in spans))


def _file(conn: Connection, session: DeskSession, ref: str) -> CaseFile | None:
    case = submissions.case(conn, ref)
    if case is None:
        return None
    words = submissions.said(conn, ref)
    tokens = session.service.store.tokens
    return CaseFile(
        case=case,
        said=words,
        contact=submissions.contact(conn, ref),
        history=submissions.history(conn, ref),
        notes=submissions.notes(conn, ref),
        followers=submissions.followers(conn, ref),
        duplicates=() if case.escalated or not words else _duplicates(conn, case, words),
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


routes = [Route("/case/{ref}", case_page, methods=["GET"])]
