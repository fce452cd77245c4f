"""One case: what was said, by whom, what was done about it, and what may be done next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.routing import Route

from core.public.vocabulary import REFERENCE, Detail, Target
from feedback.model import AnswerBy, Contact, Status, spoken
from feedback.model import Route as Handing
from feedback.personal import find_personal, own_details, still_personal
from feedback.similar import Text, likely_duplicates
from feedback.store import submissions
from feedback.web.desk.visit import staffed
from feedback.web.say import UNPROCESSABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from core.site import Site
    from feedback.model import Case, Event
    from feedback.personal import Span
    from feedback.store.submissions import Note
    from feedback.web.desk.visit import Visit

COMPARED = 300  # cases that a new one is compared with: those whose promise ends last
PUBLIC = {Status.PUBLISHED, Status.DECLINED, Status.ROUTED}  # answers of these stand in public


@dataclass(frozen=True)
class Piece:
    """A stretch of words, and the kind of detail that it looks like."""

    words: str
    kind: str  # "" for harmless words


@dataclass(frozen=True)
class Duplicate:
    """A case that seems to speak of the same thing."""

    case: Case
    said: str


@dataclass(frozen=True, kw_only=True)
class File:
    """All that is known of a case."""

    case: Case
    said: str
    contact: Contact
    history: tuple[Event, ...]
    notes: tuple[Note, ...]
    followers: tuple[Case, ...]
    duplicates: tuple[Duplicate, ...]
    code: str  # with which the tenant finds it; "" once it was forgotten


@dataclass(frozen=True)
class Problem:
    """Why nothing was done."""

    rule: str  # of the store, or "conflict", "personal" …
    words: tuple[str, ...] = ()  # what it is about, such as words that look personal
    status: int = UNPROCESSABLE


@staffed()
async def case_page(request: Request, visit: Visit) -> Response:
    """Show a case."""
    return await show_case(visit, request.path_params["ref"])


async def show_case(
    visit: Visit,
    ref: str,
    problem: Problem | None = None,
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
    file = await visit.service.store.ask(lambda conn: _file(conn, visit, ref)) if known else None
    if file is None:
        raise HTTPException(404)
    case, site, chrome = file.case, visit.service.site, visit.service.pages.chrome
    found = find_personal(file.said, known=[file.contact.name])
    draft = case.public_text or ("" if case.escalated else file.said)
    ticked = kinds if kinds is not None else case.redacted or {span.kind for span in found}
    return visit.show(
        "case.html",
        case.ref,
        status=problem.status if problem else 200,
        file=file,
        case=case,
        pieces=pieces(file.said, found),
        draft=draft,
        looks_personal=personal_words(case.public_text, case, site),
        kinds=list(Detail),
        ticked={str(kind) for kind in ticked},
        ways=list(AnswerBy),
        routes=list(Handing),
        answer_in=spoken((case.answer_lang, case.lang), site.languages),
        about=chrome.about(case.target, visit.lang) if case.target else None,
        record=chrome.about(Target("record", case.ref), visit.lang),
        problem=problem.rule if problem else "",
        words=problem.words if problem else (),
        typed=typed or {},
    )


def pieces(text: str, spans: Iterable[Span]) -> list[Piece]:
    """Return a text cut into what looks personal and what doesn't."""
    found, end = [], 0
    for span in spans:
        found.append(Piece(text[end : span.start], ""))
        found.append(Piece(text[span.start : span.end], str(span.kind)))
        end = span.end
    return [piece for piece in (*found, Piece(text[end:], "")) if piece.words]


def personal_words(text: str, case: Case, site: Site) -> list[str]:
    """Return the words of a text that look personal and that nobody has found harmless yet."""
    spans = still_personal(text, (*case.cleared, *own_details(site)))
    return list(dict.fromkeys(text[span.start : span.end] for span in spans))


def _file(conn: Connection, visit: Visit, ref: str) -> File | None:
    case = submissions.case(conn, ref)
    if case is None:
        return None
    said = submissions.said(conn, ref)
    seal = visit.service.store.seal
    return File(
        case=case,
        said=said,
        contact=submissions.contact(conn, ref),
        history=submissions.history(conn, ref),
        notes=submissions.notes(conn, ref),
        followers=submissions.followers(conn, ref),
        duplicates=() if case.escalated or not said else _duplicates(conn, case, said),
        code="" if case.forgotten else submissions.receipt(conn, seal, ref).code,
    )


def _duplicates(conn: Connection, case: Case, said: str) -> tuple[Duplicate, ...]:
    others = {
        other.ref: Duplicate(other, words)
        for other, words in submissions.lately(conn, COMPARED)
        if other.ref != case.ref
    }
    texts = [Text(ref, one.case.lang, one.said) for ref, one in others.items()]
    found = likely_duplicates(Text(case.ref, case.lang, said), texts)
    return tuple(others[match.ref] for match in found)


routes = [Route("/case/{ref}", case_page, methods=["GET"])]
