"""What falls due at the association, as the last build of the site found it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from core.public.due import due_word
from feedback.published_site import due_in
from feedback.web.desk.session import staffed

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.web.desk.session import DeskSession


@staffed()
async def falling_due(request: Request, session: DeskSession) -> Response:
    """List what is overdue, then what comes, then what has no day; all of it or a team's."""
    teams = session.service.site.teams
    asked = session.service.site.current("teams", request.query_params.get("team", ""))
    team = asked if asked in teams else ""
    settings = session.service.settings
    entries = due_in(settings.tree, settings.behind)
    shown = [entry for entry in entries if team in {"", entry.owner}]
    today = session.service.today
    return session.show(
        "due.html",
        session.say("Falls due"),
        private=False,
        due_word=lambda sort: due_word(sort, session.say),
        team=team,
        teams=[key for key in teams if any(e.owner == key for e in entries)],
        overdue=[entry for entry in shown if entry.is_overdue(today)],
        ahead=[entry for entry in shown if not entry.is_overdue(today)],
    )


routes = [Route("/due", falling_due)]
