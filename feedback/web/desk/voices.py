"""Voices without words, as staff see them: bursts to look at, and those that they struck."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.routing import Route

from core.public.record_files import public_words
from core.public.vocabulary import Fixed, Target
from feedback.model import LONGEST_WORDS, StaffRole
from feedback.personal_details import own_details, still_personal
from feedback.store import Refused
from feedback.store.database.engine import instant, micros
from feedback.store.voices import strikes, votes
from feedback.web.desk.session import number_of, staffed, texts
from feedback.web.protection import whole_number
from feedback.web.submission_form import UNPROCESSABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.store.voices.strikes import Burst, Strike
    from feedback.store.voices.votes import FixedAnswer
    from feedback.web.desk.session import DeskSession

LOOKED_THROUGH = timedelta(days=92)  # what came before is not searched for bursts
LATEST = 2**53  # microseconds since 1970 that a form of ours could name


@dataclass(frozen=True, slots=True)
class WaitingAnswers:
    """Answers of passers-by about a change that nobody has looked at."""

    target: Target
    counts: Mapping[Fixed, int]
    since: datetime  # when the first of them came, and the last
    until: datetime

    @property
    def count(self) -> int:
        """Return how many they are."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class VoicesShown:
    """What the page lists."""

    waiting: tuple[WaitingAnswers, ...]
    bursts: tuple[Burst, ...]
    strikes: tuple[Strike, ...]


@staffed()
async def voices(request: Request, session: DeskSession) -> Response:
    """Show what waits to be looked at, bursts, and what was struck."""
    del request
    return await _show(session, {})


@staffed(StaffRole.PUBLISH)
async def look(request: Request, session: DeskSession) -> Response:
    """Say that a person has looked at some voices: they are as many people."""
    form = await texts(request)
    service, target, until = session.service, _target(form), _moment(form, "until")
    now = service.now()
    await service.store.write(lambda conn: strikes.look(conn, target, until=until, now=now))
    return session.go("voices", done="looked")


@staffed(StaffRole.PUBLISH)
async def strike(request: Request, session: DeskSession) -> Response:
    """Count a burst no more, for a reason that everybody reads."""
    form = await texts(request)
    service, target = session.service, _target(form)
    reasons = {lang: public_words(form.get(f"why_{lang}", "")) for lang in service.site.languages}
    why = {lang: text for lang, text in reasons.items() if text}
    if problem := _problem(session, why):
        return await _show(session, form, problem)
    since, until, now = _moment(form, "since"), _moment(form, "until"), service.now()
    try:
        await service.store.write(
            lambda conn: strikes.strike_out(
                conn, target, since=since, until=until, why=why, by=session.name, now=now
            )
        )
    except Refused as refused:
        return await _show(session, form, refused.rule)
    return session.go("voices", done="struck")


@staffed(StaffRole.PUBLISH)
async def undo(request: Request, session: DeskSession) -> Response:
    """Count again what was struck by mistake."""
    number, now = number_of(request), session.service.now()
    await session.service.store.write(lambda conn: strikes.undo_strike(conn, number, now=now))
    return session.go("voices", done="unstruck")


def waiting_answers(answers: Iterable[FixedAnswer]) -> tuple[WaitingAnswers, ...]:
    """Return the answers that nobody has looked at, by change, the fullest first."""
    by_change: dict[str, list[FixedAnswer]] = defaultdict(list)
    for answer in answers:
        if answer.heard is None:
            by_change[answer.change].append(answer)
    several = [
        WaitingAnswers(
            Target(strikes.CHANGE, change),
            {fixed: sum(answer.fixed == fixed for answer in waiting) for fixed in Fixed},
            min(answer.at for answer in waiting),
            max(answer.at for answer in waiting),
        )
        for change, waiting in by_change.items()
    ]
    return tuple(sorted(several, key=lambda waiting: (-waiting.count, waiting.target.key)))


def _problem(session: DeskSession, why: Mapping[str, str]) -> str:
    """Return what stands against a reason in public, or ""."""
    if not why:
        return "reason"
    if any(len(text) > LONGEST_WORDS for text in why.values()):
        return "long"
    harmless = own_details(session.service.site)
    return "personal" if any(still_personal(text, harmless) for text in why.values()) else ""


async def _show(session: DeskSession, typed: Mapping[str, str], problem: str = "") -> Response:
    service = session.service
    since = service.now() - LOOKED_THROUGH

    def gather(conn: Connection) -> VoicesShown:
        return VoicesShown(
            waiting_answers(votes.answered(conn)),
            strikes.bursts(conn, since=since),
            strikes.strikes(conn),
        )

    shown = await service.store.ask(gather)
    named = {
        *(waiting.target for waiting in shown.waiting),
        *(burst.target for burst in shown.bursts),
        *(struck.target for struck in shown.strikes),
    }
    shell = service.pages.shell
    return session.show(
        "voices.html",
        session.say("Votes and answers"),
        private=bool(typed),
        status=UNPROCESSABLE if problem else 200,
        voices=shown,
        about={target: shell.about(target, session.lang) for target in named},
        typed=typed,
        gone=_target(typed) if problem and not _is_shown(shown, typed) else None,
        problem=problem,
        micros=micros,
    )


def _is_shown(shown: VoicesShown, typed: Mapping[str, str]) -> bool:
    """Whether the voices that somebody wrote about still stand on the page, to be written about."""
    places = {(group.target, str(micros(group.since))) for group in shown.waiting}
    places |= {(burst.target, str(micros(burst.since))) for burst in shown.bursts}
    return (_target(typed), typed.get("since", "")) in places


def _target(form: Mapping[str, str]) -> Target:
    return Target(form.get("kind", ""), form.get("key", ""))


def _moment(form: Mapping[str, str], name: str) -> datetime:
    """Return a moment that the page named, exactly; the first of all for what is none."""
    return instant(whole_number(form.get(name, ""), LATEST) or 0)


routes = [
    Route("/voices", voices, methods=["GET"]),
    Route("/voices/look", look, methods=["POST"]),
    Route("/voices/strike", strike, methods=["POST"]),
    Route("/voices/{number}/undo", undo, methods=["POST"]),
]
