"""The queue: what waits for an answer, the promise that ends first in front."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.routing import Route

from feedback.model import Status
from feedback.store import submissions
from feedback.web.desk.visit import staffed, texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.model import Case
    from feedback.store.submissions import Found
    from feedback.web.desk.visit import Visit

PAGE = 25  # cases on a page
EVERYTHING = "all"
LONGEST_SEARCH = 200
HIGHEST_PAGE = 10_000


@dataclass(frozen=True)
class Wanted:
    """Which cases to show."""

    status: Status | None = Status.RECEIVED
    topic: str = ""
    overdue: bool = False
    escalated: bool = False
    words: str = ""
    page: int = 1

    @classmethod
    def of(cls, given: Mapping[str, str], topics: Mapping[str, object]) -> Wanted:
        """Return what an address or a form asks for; what it can't mean is left out."""
        status, topic, page = given.get("status", ""), given.get("topic", ""), given.get("page", "")
        return cls(
            status=None
            if status == EVERYTHING
            else Status(status if status in set(Status) else Status.RECEIVED),
            topic=topic if topic in topics else "",
            overdue=given.get("overdue") == "yes",
            escalated=given.get("escalated") == "yes",
            words=given.get("words", "")[:LONGEST_SEARCH],
            page=min(max(int(page), 1), HIGHEST_PAGE) if page.isdecimal() else 1,
        )

    def query(self, **changes: str) -> str:
        """Return the address of this page of the queue, changed; searched words never stand in it.

        Addresses are kept by browsers and servers, and what is searched for may be a name.
        """
        here = {
            "status": str(self.status or EVERYTHING),
            "topic": self.topic,
            "overdue": "yes" if self.overdue else "",
            "escalated": "yes" if self.escalated else "",
        }
        pairs = {name: value for name, value in (here | changes).items() if value}
        return "?" + urlencode(pairs)

    def find(self, conn: Connection, today: date) -> Found:
        """Return this page of the queue."""
        return submissions.queue(
            conn,
            status=self.status,
            topic=self.topic or None,
            words=self.words or None,
            overdue_on=today if self.overdue else None,
            escalated=True if self.escalated else None,
            limit=PAGE,
            offset=PAGE * (self.page - 1),
        )


@dataclass(frozen=True)
class Line:
    """A case in the queue, with what it says."""

    case: Case
    said: str


@dataclass(frozen=True)
class Queue:
    """A page of the queue."""

    lines: tuple[Line, ...]
    total: int
    pages: int
    tabs: dict[str, int]  # how many cases stand at each status
    overdue: int  # in all


@staffed()
async def queue(request: Request, visit: Visit) -> Response:
    """Show the queue. A search is posted, so that its words stand in no address."""
    given = dict(request.query_params)
    if request.method == "POST":
        given = dict(await texts(request))
    wanted = Wanted.of(given, visit.service.site.topics)
    today = visit.service.today
    found = await visit.service.store.ask(lambda conn: _queue(conn, wanted, today))
    return visit.show("queue.html", visit.say("What tenants said"), wanted=wanted, queue=found)


def _queue(conn: Connection, wanted: Wanted, today: date) -> Queue:
    found = wanted.find(conn, today)
    statuses: list[Status | None] = [*Status, None]
    return Queue(
        lines=tuple(Line(case, submissions.said(conn, case.ref)) for case in found.cases),
        total=found.total,
        pages=-(-found.total // PAGE),
        tabs={
            str(status or EVERYTHING): submissions.queue(conn, status=status, limit=1).total
            for status in statuses
        },
        overdue=submissions.queue(conn, overdue_on=today, limit=1).total,
    )


routes = [Route("/", queue, methods=["GET", "POST"])]
