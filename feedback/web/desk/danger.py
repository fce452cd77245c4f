"""Somebody may be in danger: where one of those who were called takes it in hand."""

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

CONFLICT = 409


@staffed()
async def called(request: Request, session: DeskSession) -> Response:
    """Ask whoever follows the link of the mail to take it; only a press does so."""
    return await _show(session, _reference(request))


@staffed()
async def take(request: Request, session: DeskSession) -> Response:
    """Take it: nobody else is called. Whoever comes second is told who was first."""
    ref, service = _reference(request), session.service
    now, team = service.now(), session.member.team if session.member else ""
    await _call(session, ref)
    taken = await service.store.write(
        lambda conn: danger.take(conn, ref, by=session.name, team=team, now=now)
    )
    if not taken:
        return await _show(session, ref, status=CONFLICT)
    return session.go(f"case/{ref}", done="taken")


def _reference(request: Request) -> str:
    ref: str = request.path_params["ref"]
    if not REFERENCE.fullmatch(ref):
        raise HTTPException(404)
    return ref


async def _call(session: DeskSession, ref: str) -> tuple[DangerCall, list[str]]:
    """Return how far the calls have come, and who is named to be called."""

    def look(conn: Connection) -> tuple[DangerCall | None, list[str]]:
        named = [member for member in staff.members(conn) if member.called and member.active]
        named.sort(key=lambda member: (member.called, member.name))
        return danger.call_about(conn, ref), [member.name for member in named]

    call, names = await session.service.store.ask(look)
    if call is None:
        raise HTTPException(404)
    return call, names


async def _show(session: DeskSession, ref: str, status: int = 200) -> Response:
    call, names = await _call(session, ref)
    return session.show(
        "danger.html",
        session.say("Somebody may be in danger"),
        private=False,
        status=status,
        ref=ref,
        call=call,
        names=names,
    )


routes = [
    Route("/danger/{ref}", called, methods=["GET"]),
    Route("/danger/{ref}", take, methods=["POST"]),
]
