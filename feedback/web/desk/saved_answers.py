"""Answers that fit many cases: written once, in every language, and put in by a press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.routing import Route

from core.public.record_files import public_words
from feedback.model import LONGEST_LINE, LONGEST_WORDS
from feedback.store import Missing, Refused
from feedback.store.desk import desk_drafts
from feedback.web.desk.session import HIGHEST, number_of, staffed, texts
from feedback.web.protection import READING, whole_number
from feedback.web.submission_form import UNPROCESSABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.web.desk.session import DeskSession


@staffed()
async def answers(request: Request, session: DeskSession) -> Response:
    """List the saved answers, and keep one that is new or written anew."""
    if request.method in READING:
        return await _show(session)
    typed = await texts(request)
    number = typed.get("number", "")
    title = public_words(typed.get("title", ""))
    words = {
        lang: public_words(typed.get(f"text_{lang}", "")) for lang in session.service.site.languages
    }
    if len(title) > LONGEST_LINE or any(len(text) > LONGEST_WORDS for text in words.values()):
        return await _show(session, "long", typed)
    try:
        await session.service.store.write(
            lambda conn: desk_drafts.save_answer(
                conn,
                title,
                words,
                number=whole_number(number, HIGHEST),
            )
        )
    except Refused as refused:
        return await _show(session, refused.rule, typed)
    except Missing:
        raise HTTPException(404) from None
    return session.go("answers", done="changed")


@staffed()
async def remove(request: Request, session: DeskSession) -> Response:
    """Take a saved answer away."""
    number = number_of(request)
    await session.service.store.write(lambda conn: desk_drafts.remove_answer(conn, number))
    return session.go("answers", done="changed")


async def _show(
    session: DeskSession, problem: str = "", typed: Mapping[str, str] | None = None
) -> Response:
    typed = typed or {}
    return session.show(
        "answers.html",
        session.say("Saved answers"),
        private=False,
        status=UNPROCESSABLE if problem else 200,
        answers=await session.service.store.ask(desk_drafts.saved_answers),
        problem=problem,
        typed=typed,
        words={lang: typed.get(f"text_{lang}", "") for lang in session.service.site.languages},
    )


routes = [
    Route("/answers", answers, methods=["GET", "POST"]),
    Route("/answers/{number}/remove", remove, methods=["POST"]),
]
