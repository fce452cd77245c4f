"""The queue: what waits for an answer, the promise that ends first in front."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.routing import Route

from feedback.model import CaseStatus
from feedback.store import submissions
from feedback.web.desk.session import staffed, texts
from feedback.web.protection import whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from core.site import Site
    from feedback.model import Case
    from feedback.store.submissions import QueuePage
    from feedback.web.desk.session import DeskSession

PAGE = 25  # cases on a page
EVERYTHING = "all"
LONGEST_SEARCH = 200
HIGHEST_PAGE = 10_000


@dataclass(frozen=True)
class QueueFilter:
    """Which cases to show."""

    status: CaseStatus | None = CaseStatus.RECEIVED
    topic: str = ""
    topics: tuple[str, ...] = ()  # that one, and those whose place it took
    overdue: bool = False
    escalated: bool = False
    words: str = ""
    page: int = 1

    @classmethod
    def of(cls, asked: Mapping[str, str], site: Site) -> QueueFilter:
        """Return what an address or a form asks for; what it can't mean is left out."""
        status, page = asked.get("status", ""), asked.get("page", "")
        topic = site.current("topics", asked.get("topic", ""))
        topic = topic if topic in site.topics else ""
        replaced = site.succession("topics").replaced(topic)
        return cls(
            status=None
            if status == EVERYTHING
            else CaseStatus(status if status in set(CaseStatus) else CaseStatus.RECEIVED),
            topic=topic,
            topics=(topic, *(word.key for word in replaced)),
            overdue=asked.get("overdue") == "yes",
            escalated=asked.get("escalated") == "yes",
            words=asked.get("words", "")[:LONGEST_SEARCH],
            page=max(whole_number(page, HIGHEST_PAGE) or 1, 1),
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

    def find(self, conn: Connection, today: date) -> QueuePage:
        """Return this page of the queue."""
        return submissions.queue(
            conn,
            status=self.status,
            topics=self.topics if self.topic else None,
            words=self.words or None,
            overdue_on=today if self.overdue else None,
            escalated=True if self.escalated else None,
            limit=PAGE,
            offset=PAGE * (self.page - 1),
        )


@dataclass(frozen=True)
class QueueRow:
    """A case in the queue, with what it says."""

    case: Case
    said: str


@dataclass(frozen=True)
class Queue:
    """A page of the queue."""

    lines: tuple[QueueRow, ...]
    total: int
    pages: int
    tabs: dict[str, int]  # how many cases stand at each status
    overdue: int  # in all


@staffed()
async def queue(request: Request, session: DeskSession) -> Response:
    """Show the queue. A search is posted, so that its words stand in no address."""
    asked = dict(request.query_params)
    if request.method == "POST":
        asked = dict(await texts(request))
    wanted = QueueFilter.of(asked, session.service.site)
    today = session.service.today
    page = await session.service.store.ask(lambda conn: _queue(conn, wanted, today))
    return session.show("queue.html", session.say("What tenants said"), wanted=wanted, queue=page)


def _queue(conn: Connection, wanted: QueueFilter, today: date) -> Queue:
    page = wanted.find(conn, today)
    statuses: list[CaseStatus | None] = [*CaseStatus, None]
    return Queue(
        lines=tuple(QueueRow(case, submissions.said(conn, case.ref)) for case in page.cases),
        total=page.total,
        pages=-(-page.total // PAGE),
        tabs={
            str(status or EVERYTHING): submissions.queue(conn, status=status, limit=1).total
            for status in statuses
        },
        overdue=submissions.queue(conn, overdue_on=today, limit=1).total,
    )


routes = [Route("/", queue, methods=["GET", "POST"])]
