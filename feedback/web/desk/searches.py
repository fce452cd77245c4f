"""What people looked for on the site and did not find: what may have to be written next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from feedback.store import searches
from feedback.web.desk.visit import staffed

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.web.desk.visit import Visit

MOST = 100  # shown: nobody writes more than that


@staffed()
async def not_found(request: Request, visit: Visit) -> Response:
    """List the questions that had no answer, the commonest first."""
    del request
    lacking = await visit.service.store.ask(lambda conn: searches.lacking(conn, most=MOST))
    return visit.show(
        "searches.html",
        visit.say("Looked for in vain"),
        lacking=lacking,
        days=searches.KEPT.days,
    )


routes = [Route("/searches", not_found)]
