"""What was heard away from the website: words by phone, letter, visit or meeting, and hands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from starlette.routing import Route

from core.public.vocabulary import ContactChannel, Target
from feedback.forms import FIELDS, Form, FormFault, read
from feedback.model import LONGEST_LINE, StaffRole
from feedback.store.actions import submissions
from feedback.store.voices import votes
from feedback.web.desk.case import links
from feedback.web.desk.session import number_of, staffed, texts
from feedback.web.protection import READING, whole_number
from feedback.web.submission_form import UNPROCESSABLE
from feedback.web.votes import VOTABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.model import Submission
    from feedback.store.actions.submissions import NewReceipt
    from feedback.store.voices.votes import OfflineVote, Tally
    from feedback.web.desk.session import DeskSession

LINKED = ("roadmap", "change", "post", "standard")  # what something heard may be about
HEARD = [channel for channel in ContactChannel if channel != ContactChannel.WEB]
LONGEST_AGO = timedelta(days=366)  # what is older was not heard just now
NOON = time(12)  # of a day that is given without its hour
MOST_HANDS = 10_000


@staffed()
async def add(request: Request, session: DeskSession) -> Response:
    """Write down what somebody said, as their case."""
    if request.method in READING:
        return _form(
            session, {"lang": session.lang, "said_on": session.service.today.isoformat()}, []
        )
    typed = _about(await texts(request))
    heard, faults = _heard(session, typed)
    if heard is None:
        return _form(session, typed, faults)
    submission, moment = heard
    service = session.service
    due = service.working_time.due(moment, service.site.promise.answer_days)

    def keep(conn: Connection) -> NewReceipt:
        return submissions.add(
            conn,
            service.store.tokens,
            submission,
            idempotency=f"desk {session.name} {typed.get('once', '')} {submission!r}",
            now=moment,
            due=due,
            random=service.random,
            clocks=service.clocks,
            by=session.name,
        )

    added = await service.store.write(keep)
    return session.go(f"case/{added.ref}", done="added")


def _heard(
    session: DeskSession, typed: Mapping[str, str]
) -> tuple[tuple[Submission, datetime] | None, list[FormFault]]:
    """Return what a form makes and when it was said, or what is wrong with it."""
    service, say = session.service, _for_staff(session.say)
    faults = []
    channel, lang = typed.get("channel", ""), typed.get("lang", "")
    if channel not in HEARD:
        faults.append(FormFault("channel", say("Choose how you heard it.")))
    if lang not in service.site.languages:
        faults.append(FormFault("lang", say("Choose the language it was said in.")))
    moment = _moment(session, typed.get("said_on", ""))
    if moment is None:
        faults.append(FormFault("said_on", say("Write a day that has been, such as 2026-03-04.")))
    form = Form.of([*((name, typed.get(name, "")) for name in FIELDS if name != "danger")])
    form = replace(form, typed={**form.typed, "danger": "no"})
    submission = read(form, service.site, lang, say, service.reach)
    if isinstance(submission, list):
        faults += submission
    elif service.lacks(submission.target):
        faults.append(
            FormFault("about_key", say("There is no such thing on the site. Choose one."))
        )
    if faults or isinstance(submission, list) or moment is None:
        return None, faults
    return (replace(submission, channel=ContactChannel(channel)), moment), []


def _about(
    typed: dict[str, str], kind_field: str = "about_kind", key_field: str = "about_key"
) -> dict[str, str]:
    """Return a form in which what was chosen, or the reference that was typed, has its fields."""
    kind, _, key = typed.get("about", "").partition(" ")
    if ref := typed.get("about_record", "").upper():
        kind, key = "record", ref
    return typed | ({kind_field: kind, key_field: key} if key else {})


def _for_staff(say: Callable[[str], str]) -> Callable[[str], str]:
    """Return what says to staff what the form says to tenants."""
    sentences = {
        "Write your e-mail address, so that we can answer.": say(
            "Write the tenant’s e-mail address, so that we can answer."
        ),
        "Write your phone number, so that we can answer.": say(
            "Write the tenant’s phone number, so that we can answer."
        ),
        "Write your address, so that we can answer.": say(
            "Write the tenant’s address, so that we can answer."
        ),
        "Write what you want to say.": say("Write what was said."),
        "Choose what sort of thing you want to say.": say("Choose of what sort it is."),
        "Start again from the page you came from.": say(
            "There is no such thing on the site. Choose one."
        ),
    }
    return lambda message: sentences.get(message) or say(message)


def _moment(session: DeskSession, typed: str) -> datetime | None:
    """Return when something was said: now, or at noon of the day that is given."""
    service = session.service
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    if not service.today - LONGEST_AGO <= day <= service.today:
        return None
    if day == service.today:
        return service.now()
    return datetime.combine(day, NOON, service.site.timezone).astimezone(UTC)


def _form(session: DeskSession, typed: Mapping[str, str], faults: list[FormFault]) -> Response:
    once = typed.get("once") or session.service.random.randbytes(16).hex()
    names = [*FIELDS, "channel", "lang", "said_on"]
    return session.show(
        "add.html",
        session.say("Add what you heard"),
        private=False,
        status=UNPROCESSABLE if faults else 200,
        form={name: typed.get(name, "") for name in names},
        links=links(session, LINKED),
        faults=faults,
        channels=HEARD,
        once=once,
    )


@staffed()
async def hands(request: Request, session: DeskSession) -> Response:
    """Count voices heard away from the website: a show of hands, say."""
    if request.method in READING:
        return await _hands(session, dict(request.query_params))
    typed = _about(await texts(request), "kind", "key")
    problem = await _count(session, typed)
    if problem:
        return await _hands(session, typed, problem)
    return session.go("hands", kind=typed["kind"], key=typed["key"], done="counted")


async def _count(session: DeskSession, typed: Mapping[str, str]) -> str:
    """Count hands; returns what stands against it, "" for nothing."""
    target = _target(session, typed)
    count = whole_number(typed.get("count", ""), MOST_HANDS + 1) or 0
    channel, place = typed.get("channel", ""), typed.get("place", "")
    if target is None:
        return "target"
    if not 1 <= count <= MOST_HANDS:
        return "count"
    if channel not in HEARD:
        return "channel"
    now = session.service.now()
    await session.service.store.write(
        lambda conn: votes.add_offline(
            conn,
            target,
            count=count,
            channel=ContactChannel(channel),
            place=place[:LONGEST_LINE],
            by=session.name,
            now=now,
        )
    )
    return ""


@staffed(StaffRole.PUBLISH)
async def remove_hands(request: Request, session: DeskSession) -> Response:
    """Take back a count that was wrong."""
    typed = await texts(request)
    number = number_of(request)
    await session.service.store.write(lambda conn: votes.remove_offline(conn, number))
    return session.go("hands", kind=typed.get("kind", ""), key=typed.get("key", ""), done="removed")


async def _hands(session: DeskSession, typed: Mapping[str, str], problem: str = "") -> Response:
    target = _target(session, typed)

    def look(conn: Connection) -> tuple[tuple[OfflineVote, ...], Tally | None]:
        if target is None:
            return (), None
        return votes.offline(conn, target), votes.tally(conn).get(target)

    counted, tally = await session.service.store.ask(look)
    shell = session.service.pages.shell
    return session.show(
        "hands.html",
        session.say("Count hands"),
        private=False,
        status=UNPROCESSABLE if problem else 200,
        typed=typed,
        problem=problem,
        target=target,
        about=shell.about(target, session.lang) if target else None,
        counted=counted,
        tally=tally,
        channels=HEARD,
        links=links(session, ("roadmap",)),
    )


def _target(session: DeskSession, typed: Mapping[str, str]) -> Target | None:
    """Return what hands are counted for; None when there is no such thing on the site."""
    target = Target(typed.get("kind", ""), typed.get("key", ""))
    if target.kind == "record":
        target = Target(target.kind, target.key.upper())
    known = session.service.pages.shell.about(target, session.lang) is not None
    return target if target.kind in VOTABLE and known else None


routes = [
    Route("/add", add, methods=["GET", "POST"]),
    Route("/hands", hands, methods=["GET", "POST"]),
    Route("/hands/{number}/remove", remove_hands, methods=["POST"]),
]
