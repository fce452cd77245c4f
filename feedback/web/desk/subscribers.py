"""Who gets the digest: numbers for everybody at the desk, addresses for those who manage it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from feedback.model import Role
from feedback.store import subscribers
from feedback.web.desk.visit import number_of, staffed

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.store.subscribers import Numbers, Subscriber
    from feedback.web.desk.visit import Visit


@staffed()
async def digest(request: Request, visit: Visit) -> Response:
    """Show how many get the digest, and to whoever manages the desk, who."""
    del request
    manages = visit.may(Role.MANAGE)

    def look(conn: Connection) -> tuple[Numbers, tuple[Subscriber, ...]]:
        return subscribers.numbers(conn), subscribers.everybody(conn) if manages else ()

    numbers, everybody = await visit.service.store.ask(look)
    title = visit.say("News by e-mail")
    return visit.show("digest.html", title, numbers=numbers, everybody=everybody)


@staffed(Role.MANAGE)
async def remove(request: Request, visit: Visit) -> Response:
    """Erase somebody who asks for it by telephone, say."""
    number = number_of(request)
    await visit.service.store.write(lambda conn: subscribers.remove(conn, number))
    return visit.go("digest", done="left")


routes = [
    Route("/digest", digest, methods=["GET"]),
    Route("/digest/{number:int}/remove", remove, methods=["POST"]),
]
