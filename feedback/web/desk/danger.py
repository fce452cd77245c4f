"""Somebody may be in danger: what those who are called come to, and take it in hand from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.routing import Route

from core.public.vocabulary import REFERENCE
from feedback.store.actions import danger
from feedback.store.desk import staff
from feedback.web.desk.session import staffed

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.store.actions.danger import DangerCall
    from feedback.web.desk.session import DeskSession


@staffed()
async def called(request: Request, session: DeskSession) -> Response:
    """Ask whoever follows the link of the mail to take it; only a press does so."""
    ref: str = request.path_params["ref"]

    def look(conn: Connection) -> tuple[DangerCall | None, list[str]]:
        named = [member for member in staff.members(conn) if member.called and member.active]
        named.sort(key=lambda member: (member.called, member.name))
        return danger.call_about(conn, ref), [member.name for member in named]

    if not REFERENCE.fullmatch(ref):
        raise HTTPException(404)
    call, names = await session.service.store.ask(look)
    if call is None:
        raise HTTPException(404)
    return session.show(
        "danger.html",
        session.say("Somebody may be in danger"),
        private=False,
        ref=ref,
        call=call,
        names=names,
    )


routes = [Route("/danger/{ref}", called, methods=["GET"])]
