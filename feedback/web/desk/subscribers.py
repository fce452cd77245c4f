"""Who gets the digest: numbers for everybody at the desk, addresses for those who manage it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from core.public.vocabulary import Target
from feedback.model import StaffRole
from feedback.store.mail import subscribers
from feedback.web.desk.session import number_of, staffed

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.store.mail.subscribers import DigestSubscriber, Numbers
    from feedback.web.desk.session import DeskSession


@staffed()
async def digest(request: Request, session: DeskSession) -> Response:
    """Show how many get the digest, and to whoever manages the desk, who."""
    del request
    manages = session.may(StaffRole.MANAGE)

    def look(conn: Connection) -> tuple[Numbers, tuple[DigestSubscriber, ...]]:
        return subscribers.numbers(conn), subscribers.everybody(conn) if manages else ()

    numbers, everybody = await session.service.store.ask(look)
    title = session.say("News by e-mail")
    shell, lang = session.service.pages.shell, session.lang

    def title_of(item: str) -> str:
        """Return what an item is called on the site; its key where it has gone."""
        about = shell.about(Target("roadmap", item), lang)
        return about["title"] if about else item

    return session.show(
        "digest.html", title, numbers=numbers, everybody=everybody, about_item=title_of
    )


@staffed(StaffRole.MANAGE)
async def remove(request: Request, session: DeskSession) -> Response:
    """Erase somebody who asks for it by telephone, say."""
    number = number_of(request)
    await session.service.store.write(lambda conn: subscribers.remove(conn, number))
    return session.go("digest", done="left")


routes = [
    Route("/digest", digest, methods=["GET"]),
    Route("/digest/{number}/remove", remove, methods=["POST"]),
]
