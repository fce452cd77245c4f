"""What people looked for on the site and did not find: what may have to be written next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from feedback.store.voices import zero_results
from feedback.web.desk.session import staffed

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.web.desk.session import DeskSession

MOST = 100  # shown: nobody writes more than that


@staffed()
async def not_found(request: Request, session: DeskSession) -> Response:
    """List the questions that had no answer, the commonest first."""
    del request
    lacking = await session.service.store.ask(lambda conn: zero_results.lacking(conn, most=MOST))
    return session.show(
        "searches.html",
        session.say("Looked for in vain"),
        lacking=lacking,
        days=zero_results.KEPT.days,
    )


routes = [Route("/searches", not_found)]
