"""The queues: what waits for an answer, the promise that ends first in front."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.routing import Route

from core.public.vocabulary import REFERENCE
from feedback.model import CaseStatus, StaffRole
from feedback.store import Conflict, Missing, Refused
from feedback.store.actions import danger, site_runs, submissions
from feedback.store.casework.queues import DeskQueue, QueueWish, queue_page, queue_sizes
from feedback.web.desk.session import HIGHEST, staffed, texts
from feedback.web.protection import whole_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.model import Case
    from feedback.store.actions.site_runs import SiteUpdate
    from feedback.store.casework.queues import QueuePage
    from feedback.web.desk.session import DeskSession

PAGE = 25  # cases on a page
LONGEST_SEARCH = 200
HIGHEST_PAGE = 10_000
MOST_AT_ONCE = 2 * PAGE


@dataclass(frozen=True)
class QueueView:
    """A page of a queue, and how many lie in each."""

    page: QueuePage
    sizes: Mapping[str, int]  # by queue, and "late"
    number: int
    pages: int
    run: SiteUpdate | None  # how the site was last brought up to date
    untaken: Sequence[str]  # references: somebody may be in danger, and nobody has taken it


def wish_of(session: DeskSession, asked: Mapping[str, str]) -> QueueWish:
    """Return what an address or a form asks for; what it can't mean is left out."""
    queue, site = asked.get("queue", ""), session.service.site
    topic = site.current("topics", asked.get("topic", ""))
    replaced = [word.key for word in site.succession("topics").replaced(topic)]
    member = session.member
    return QueueWish(
        queue=DeskQueue(queue) if queue in set(DeskQueue) else DeskQueue.OPEN,
        member=session.name,
        team=member.team if member else "",
        topics=(topic, *replaced) if topic in site.topics else (),
        overdue_on=session.service.today if asked.get("overdue") == "yes" else None,
        overdue_at=session.service.now(),
        words=asked.get("words", "")[:LONGEST_SEARCH],
    )


def address_of(wish: QueueWish, **changes: str) -> str:
    """Return the address of a queue, changed; searched words never stand in it.

    Addresses are kept by browsers and servers, and what is searched for may be a name.
    """
    overdue = "yes" if wish.overdue_on else ""
    pairs = {"queue": str(wish.queue), "topic": topic_of(wish), "overdue": overdue} | changes
    return "?" + urlencode({name: value for name, value in pairs.items() if value})


def topic_of(wish: QueueWish) -> str:
    """Return the topic that is asked for, as it is called today; "" for all."""
    return wish.topics[0] if wish.topics else ""


@staffed()
async def queue(request: Request, session: DeskSession) -> Response:
    """Show a queue. A search is posted, so that its words stand in no address."""
    asked = dict(request.query_params)
    if request.method == "POST":
        asked = dict(await texts(request))
        known = asked.get("words", "").upper()
        if REFERENCE.fullmatch(known):
            case = await session.service.store.ask(lambda conn: submissions.case(conn, known))
            if case:
                return session.go(f"case/{known}")
    return await _show(session, asked)


async def _show(
    session: DeskSession,
    asked: Mapping[str, str],
    problem: str = "",
    refused: Sequence[tuple[str, str]] = (),
    ticked: Sequence[str] = (),
) -> Response:
    wish, page = wish_of(session, asked), asked.get("page", "")
    number = max(whole_number(page, HIGHEST_PAGE) or 1, 1)

    def look(conn: Connection) -> QueueView:
        cases = queue_page(conn, wish, limit=PAGE, offset=PAGE * (number - 1))
        today, now = session.service.today, session.service.now()
        sizes = queue_sizes(conn, wish.member, wish.team, today, now)
        pages, run = -(-cases.total // PAGE), site_runs.last_run(conn)
        return QueueView(cases, sizes, number, pages, run, danger.untaken(conn))

    return session.show(
        "queue.html",
        session.say("What tenants said"),
        status=422 if problem or refused else 200,
        wish=wish,
        view=await session.service.store.ask(look),
        address_of=address_of,
        topic=topic_of(wish),
        problem=problem,
        refused=refused,
        ticked=set(ticked),
    )


@dataclass(frozen=True)
class QueueWork:
    """Something that is done with several cases at once."""

    conn: Connection
    case: Case
    version: int  # that was seen
    session: DeskSession
    into: str  # the case that the others are merged into

    def _decide(self, status: CaseStatus) -> None:
        now, by = self.session.service.now(), self.session.name
        submissions.decide(
            self.conn, self.case.ref, version=self.version, status=status, by=by, now=now
        )

    def count(self) -> None:
        """Count it only."""
        self._decide(CaseStatus.COUNTED)

    def spam(self) -> None:
        """Set it aside as spam."""
        self._decide(CaseStatus.SPAM)

    def merge(self) -> None:
        """Answer it together with the first of them."""
        if self.case.ref == self.into:
            return
        service, by = self.session.service, self.session.name
        wanted = submissions.asked_languages(self.conn, self.case, service.site.languages)
        submissions.merge(
            self.conn,
            self.case.ref,
            version=self.version,
            into=self.into,
            by=by,
            now=service.now(),
            wanted=wanted,
        )

    def take(self) -> None:
        """Make whoever asks the one who holds the case."""
        now, by = self.session.service.now(), self.session.name
        submissions.assign(self.conn, self.case.ref, holder=by, by=by, now=now)


TOGETHER: Mapping[str, tuple[StaffRole, Callable[[QueueWork], None]]] = {
    "take": (StaffRole.ANSWER, QueueWork.take),
    "count": (StaffRole.PUBLISH, QueueWork.count),
    "spam": (StaffRole.PUBLISH, QueueWork.spam),
    "merge": (StaffRole.ANSWER, QueueWork.merge),
}


@staffed()
async def together(request: Request, session: DeskSession) -> Response:
    """Do the same with several cases; those that can't be are named with the reason."""
    typed = await texts(request)
    name = typed.get("do", "")
    boxes = [str(box) for box in (await request.form()).getlist("cases")]
    parts = [box.partition(" ") for box in boxes[:MOST_AT_ONCE]]
    chosen = [
        (ref, whole_number(version, HIGHEST) or 0)
        for ref, _, version in parts
        if REFERENCE.fullmatch(ref)
    ]
    if name not in TOGETHER or not chosen or (name == "merge" and len(chosen) < 2):  # noqa: PLR2004 - one is merged with nothing
        return await _show(session, typed, problem="none" if len(chosen) < 1 else "two")
    role, work = TOGETHER[name]
    if not session.may(role):
        return session.refuse()
    refused = []
    for ref, version in chosen:

        def do(conn: Connection, ref: str = ref, version: int = version) -> None:
            case = submissions.existing(conn, ref)
            work(QueueWork(conn, case, version, session, chosen[0][0]))

        try:
            await session.service.store.write(do)
        except Conflict:
            refused.append((ref, "conflict"))
        except Refused as fault:
            refused.append((ref, fault.rule))
        except Missing:
            refused.append((ref, "unknown"))
    if refused:
        return await _show(session, typed, refused=refused, ticked=[ref for ref, _ in refused])
    pairs = {name: typed[name] for name in ("queue", "topic", "overdue") if typed.get(name)}
    return session.go(done=f"all-{name}", number=str(len(chosen)), **pairs)


routes = [
    Route("/", queue, methods=["GET", "POST"]),
    Route("/together", together, methods=["POST"]),
]
