"""What was heard away from the website: words by phone, letter, visit or meeting, and hands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from starlette.routing import Route

from core.public.vocabulary import ContactChannel, Target
from feedback import promise
from feedback.forms import FIELDS, Fault, Form, read
from feedback.model import LONGEST_LINE, Role
from feedback.store import submissions, voices
from feedback.web.desk.visit import number_of, staffed, texts
from feedback.web.say import UNPROCESSABLE
from feedback.web.voices import VOTABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.model import Submission
    from feedback.store.submissions import Added
    from feedback.store.voices import OfflineVote, Tally
    from feedback.web.desk.visit import Visit

HEARD = [channel for channel in ContactChannel if channel != ContactChannel.WEB]
LONGEST_AGO = timedelta(days=366)  # what is older was not heard just now
NOON = time(12)  # of a day that is given without its hour
MOST_HANDS = 10_000


@staffed()
async def add(request: Request, visit: Visit) -> Response:
    """Write down what somebody said, as their case."""
    if request.method == "GET":
        return _form(visit, {"lang": visit.lang, "said_on": visit.service.today.isoformat()}, [])
    typed = await texts(request)
    heard, faults = _heard(visit, typed)
    if heard is None:
        return _form(visit, typed, faults)
    submission, moment = heard
    service = visit.service
    due = promise.due(moment, service.site.promise.answer_days, service.site.timezone)

    def keep(conn: Connection) -> Added:
        return submissions.add(
            conn,
            service.store.seal,
            submission,
            idempotency=f"desk {visit.name} {typed.get('once', '')} {submission!r}",
            now=moment,
            due=due,
            random=service.random,
            by=visit.name,
        )

    added = await service.store.write(keep)
    return visit.go(f"case/{added.ref}", done="added")


def _heard(
    visit: Visit, typed: Mapping[str, str]
) -> tuple[tuple[Submission, datetime] | None, list[Fault]]:
    """Return what a form makes and when it was said, or what is wrong with it."""
    service, say = visit.service, visit.say
    faults = []
    channel, lang = typed.get("channel", ""), typed.get("lang", "")
    if channel not in HEARD:
        faults.append(Fault("channel", say("Choose how you heard it.")))
    if lang not in service.site.languages:
        faults.append(Fault("lang", say("Choose the language it was said in.")))
    moment = _moment(visit, typed.get("said_on", ""))
    if moment is None:
        faults.append(Fault("said_on", say("Write a day that has been, such as 2026-03-04.")))
    form = Form.of([*((name, typed.get(name, "")) for name in FIELDS if name != "danger")])
    form = replace(form, typed={**form.typed, "danger": "no"})
    found = read(form, service.site, lang, say)
    if isinstance(found, list):
        faults += found
    elif service.lacks(found.target):
        faults.append(Fault("about_key", say("There is no such thing on the site. Choose one.")))
    if faults or isinstance(found, list) or moment is None:
        return None, faults
    return (replace(found, channel=ContactChannel(channel)), moment), []


def _moment(visit: Visit, typed: str) -> datetime | None:
    """Return when something was said: now, or at noon of the day that is given."""
    service = visit.service
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    if not service.today - LONGEST_AGO <= day <= service.today:
        return None
    if day == service.today:
        return service.now()
    return datetime.combine(day, NOON, service.site.timezone).astimezone(UTC)


def _form(visit: Visit, typed: Mapping[str, str], faults: list[Fault]) -> Response:
    once = typed.get("once") or visit.service.random.randbytes(16).hex()
    names = [*FIELDS, "channel", "lang", "said_on"]
    return visit.show(
        "add.html",
        visit.say("Add what you heard"),
        status=UNPROCESSABLE if faults else 200,
        form={name: typed.get(name, "") for name in names},
        faults=faults,
        channels=HEARD,
        once=once,
    )


@staffed()
async def hands(request: Request, visit: Visit) -> Response:
    """Count voices heard away from the website: a show of hands, say."""
    if request.method == "GET":
        return await _hands(visit, dict(request.query_params))
    typed = await texts(request)
    problem = await _count(visit, typed)
    if problem:
        return await _hands(visit, typed, problem)
    return visit.go("hands", kind=typed["kind"], key=typed["key"], done="counted")


async def _count(visit: Visit, typed: Mapping[str, str]) -> str:
    """Count hands; returns what stands against it, "" for nothing."""
    target = _target(visit, typed)
    count, channel, place = (typed.get(name, "") for name in ("count", "channel", "place"))
    if target is None:
        return "target"
    if not count.isdecimal() or not 1 <= int(count[:9]) <= MOST_HANDS:
        return "count"
    if channel not in HEARD:
        return "channel"
    now = visit.service.now()
    await visit.service.store.write(
        lambda conn: voices.add_offline(
            conn,
            target,
            count=int(count),
            channel=ContactChannel(channel),
            place=place[:LONGEST_LINE],
            by=visit.name,
            now=now,
        )
    )
    return ""


@staffed(Role.PUBLISH)
async def remove_hands(request: Request, visit: Visit) -> Response:
    """Take back a count that was wrong."""
    typed = await texts(request)
    number = number_of(request)
    await visit.service.store.write(lambda conn: voices.remove_offline(conn, number))
    return visit.go("hands", kind=typed.get("kind", ""), key=typed.get("key", ""), done="removed")


async def _hands(visit: Visit, typed: Mapping[str, str], problem: str = "") -> Response:
    target = _target(visit, typed)

    def look(conn: Connection) -> tuple[tuple[OfflineVote, ...], Tally | None]:
        if target is None:
            return (), None
        return voices.offline(conn, target), voices.tally(conn).get(target)

    counted, tally = await visit.service.store.ask(look)
    chrome = visit.service.pages.chrome
    return visit.show(
        "hands.html",
        visit.say("Count hands"),
        status=UNPROCESSABLE if problem else 200,
        typed=typed,
        problem=problem,
        target=target,
        about=chrome.about(target, visit.lang) if target else None,
        counted=counted,
        tally=tally,
        channels=HEARD,
        items={
            key: named[visit.lang]["title"]
            for key, named in chrome.targets.get("roadmap", {}).items()
            if visit.lang in named  # the site may have been built before it spoke a language
        },
    )


def _target(visit: Visit, typed: Mapping[str, str]) -> Target | None:
    """Return what hands are counted for; None when there is no such thing on the site."""
    target = Target(typed.get("kind", ""), typed.get("key", ""))
    if target.kind == "record":
        target = Target(target.kind, target.key.upper())
    known = visit.service.pages.chrome.about(target, visit.lang) is not None
    return target if target.kind in VOTABLE and known else None


routes = [
    Route("/add", add, methods=["GET", "POST"]),
    Route("/hands", hands, methods=["GET", "POST"]),
    Route("/hands/{number:int}/remove", remove_hands, methods=["POST"]),
]
