"""The post room: letters to print, calls to make, and e-mails that could not be delivered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from starlette.exceptions import HTTPException
from starlette.routing import Route

from core.public.vocabulary import Target
from feedback.model import AnswerBy, Case, spoken
from feedback.notice_words import heading
from feedback.store.actions import submissions
from feedback.store.casework.follow_ups import turns
from feedback.store.mail import outbox
from feedback.store.mail.outbox import Why
from feedback.web.desk.session import number_of, staffed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.store.casework.follow_ups import Turn
    from feedback.store.mail.outbox import Claimed, HeldNotice
    from feedback.web.desk.session import DeskSession


@dataclass(frozen=True)
class Letter:
    """A letter, with what it tells."""

    notice: Claimed
    case: Case  # the one with the answer: it may have been merged into
    code: str  # with which the tenant finds their page
    turns: tuple[Turn, ...]  # what they wrote since, and are answered


@staffed()
async def post_room(request: Request, session: DeskSession) -> Response:
    """List what has to be done by hand, and what went wrong."""
    del request

    now = session.service.now()

    def look(conn: Connection) -> dict[str, Sequence[Claimed | HeldNotice]]:
        held = outbox.held_up(conn, now=now)
        return {"waiting": outbox.by_hand(conn), "dead": outbox.dead(conn), "held": held}

    post = await session.service.store.ask(look)
    wording = session.service.pages.wordings[session.lang]
    return session.show(
        "post.html",
        session.say("Letters and calls"),
        waiting=post["waiting"],
        dead=post["dead"],
        held=post["held"],
        headings={why: heading(why, wording) for why in Why},
    )


@staffed()
async def letter(request: Request, session: DeskSession) -> Response:
    """Show a letter, in the tenant's language, ready to print."""
    number = number_of(request)
    printed = await session.service.store.ask(lambda conn: _letter(conn, session, number))
    if printed is None:
        raise HTTPException(404)
    shell, notice = session.service.pages.shell, printed.notice
    lang = spoken((notice.lang, notice.said_in), session.service.site.languages)
    facts = printed.notice.notice.facts
    named = [Target(kind, facts[kind]) for kind in ("roadmap", "change") if kind in facts]
    about = [shell.about(target, lang) for target in named]
    say = session.service.pages.wordings[lang].gettext
    find = session.service.pages.address(f"{lang}/find")
    return session.service.pages.render(
        session.request,
        "desk/letter.html",
        lang=lang,
        title=say("Letter"),
        heading=heading(notice.notice.why, session.service.pages.wordings[lang]),
        menu=False,
        private=True,
        session=session,
        letter=printed,
        about=[named_page for named_page in about if named_page],
        find=urljoin(shell.url or session.service.site.url, find),
        today=session.service.today,
    )


def _letter(conn: Connection, session: DeskSession, number: int) -> Letter | None:
    notice = next((waiting for waiting in outbox.by_hand(conn) if waiting.id == number), None)
    if notice is None or notice.channel != AnswerBy.LETTER:
        return None
    ref = notice.notice.ref
    case = submissions.case(conn, ref)
    if case is None or case.forgotten:
        return None
    head, code = submissions.answered_with(conn, case), _code(conn, session, ref)
    return Letter(notice, head, code, turns(conn, [case.id]))


def _code(conn: Connection, session: DeskSession, ref: str) -> str:
    return submissions.receipt(conn, session.service.store.tokens, ref).code


@staffed()
async def done(request: Request, session: DeskSession) -> Response:
    """Say that a letter was posted, or a call made."""
    number, now = number_of(request), session.service.now()
    await session.service.store.write(
        lambda conn: outbox.QUEUE.done(conn, number, now=now, by=session.name)
    )
    return session.go("post", done="posted")


@staffed()
async def retry(request: Request, session: DeskSession) -> Response:
    """Send an e-mail on its way again."""
    number, now = number_of(request), session.service.now()
    await session.service.store.write(lambda conn: outbox.retry(conn, number, now=now))
    return session.go("post", done="retried")


routes = [
    Route("/post", post_room, methods=["GET"]),
    Route("/post/{number}", letter, methods=["GET"]),
    Route("/post/{number}/done", done, methods=["POST"]),
    Route("/post/{number}/retry", retry, methods=["POST"]),
]
