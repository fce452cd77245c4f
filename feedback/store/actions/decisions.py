"""What staff do with a submission. Each change is an event in the same transaction.

All of them raise `Missing` for a reference that there is none of. Those that name a version raise
`Conflict` when somebody changed the submission meanwhile, and `Refused` for what its sender took
back ("withdrawn") or what stands merged into another ("merged"); their own rules are said at each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from core.clocks import ClockStart
from feedback.case_clocks import ANSWERS, NO_CLOCKS
from feedback.model import DECISIONS, CaseStatus, Happening, Route
from feedback.store.actions import danger
from feedback.store.casework.answers import are_answered, keep_texts, written
from feedback.store.casework.cases import answered_with, existing, followers
from feedback.store.casework.events import change, open_case, record
from feedback.store.casework.follow_ups import end_follow_ups, reclock
from feedback.store.casework.handovers import WorkOrder, keep_handover
from feedback.store.casework.step_clocks import start_clocks
from feedback.store.database.engine import put_row
from feedback.store.database.errors import Refused
from feedback.store.database.schema import DRAFTS, NOTES, STAFF, SUBMISSIONS
from feedback.store.mail import staff_mail
from feedback.store.mail.outbox import Why, tell_everyone
from feedback.store.mail.staff_mail import Alarm

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from core.public.vocabulary import Target
    from feedback.case_clocks import ClockBook
    from feedback.model import Case

ALARMS = {Route.SAFEGUARDING: Alarm.SAFEGUARDING, Route.COMPLAINT: Alarm.COMPLAINT}
MERGING = 7_036_875  # PostgreSQL: one merge at a time, so that no ring can close


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody of the staff wrote for the others."""

    at: datetime
    by: str
    text: str


def decide(
    conn: Connection,
    ref: str,
    *,
    version: int,
    status: CaseStatus,
    by: str,
    now: datetime,
    reason: Mapping[str, str] | None = None,
    route: Route | None = None,
    job: WorkOrder | None = None,
    wanted: Collection[str] = (),
    clocks: ClockBook = NO_CLOCKS,
) -> Case:
    """Decide about a submission; RECEIVED puts it back into the queue.

    Handing over answers nobody: the promise runs on, and the hand-over has a day of its own. Any
    other decision takes it back.

    :param reason: why it is declined, by language; the tenant is told.
    :param route: where it is handed over to.
    :param job: what is known of it there.
    :param wanted: the languages that were asked for: a reason answers once it stands in all of
        them, since until then somebody waits.
    :param clocks: the association's own, of which those begin that handing over starts.
    :raises Refused: "already", "reason", "route", "consent", "escalated", "unredacted".
    """
    case = open_case(conn, ref, version)
    words = written(reason)
    _may_decide(case, status, words, route)
    handed = route if status == CaseStatus.ROUTED else None
    if handed:
        day = keep_handover(conn, case.id, handed, job or WorkOrder(), due=case.due, by=by, now=now)
    answers = status == CaseStatus.DECLINED and are_answered(wanted, words)
    decided = change(
        conn,
        case,
        status=status,
        route=handed or "",
        handed_by=day if handed else None,
        was_published=case.was_published or status == CaseStatus.PUBLISHED,
        answered=case.answered or (now if answers else None),
    )
    if status == CaseStatus.DECLINED:
        keep_texts(conn, case, "reason", words, by=by, now=now)
    if answers:
        end_follow_ups(conn, case, now=now)
    detail = {"from": str(case.status)} | ({"route": str(handed)} if handed else {})
    detail |= ANSWERS if answers else {}
    record(conn, case.id, DECISIONS[status].event, by=by, now=now, detail=detail)
    if handed:
        start_clocks(conn, case.id, ClockStart.HANDED_OVER, clocks, at=now)
    if handed == Route.COMPLAINT and not case.complaint:
        start_clocks(conn, case.id, ClockStart.COMPLAINT, clocks, at=now)
    if DECISIONS[status].tells:
        tell_everyone(conn, decided, Why.DECIDED, now)
    if handed in ALARMS:
        staff_mail.alert(conn, ALARMS[handed], ref, now=now)
    return existing(conn, ref)


def reply(
    conn: Connection,
    ref: str,
    *,
    version: int,
    texts: Mapping[str, str],
    by: str,
    team: str,
    now: datetime,
    wanted: Collection[str] = (),
    tell_again: bool = False,
) -> Case:
    """Answer a tenant, in one language or several, and everybody merged into this submission.

    A language written anew replaces the text shown, and the older one is kept. They are told once:
    an answer that is amended says so on their page alone, unless a language comes that was asked
    for.

    :param wanted: the languages that were asked for: it is answered once it stands in all of them.
    :param tell_again: whether what is amended is worth another notice.
    :raises Refused: "empty".
    """
    case = open_case(conn, ref, version)
    texts = written(texts)
    if not texts:
        raise Refused("empty", "The answer has no words yet.")
    whole = are_answered(wanted, case.reply, texts)
    answered = change(conn, case, answered=case.answered or (now if whole else None))
    keep_texts(conn, case, "reply", texts, team=team, by=by, now=now)
    detail = {"languages": " ".join(sorted(texts))} | (ANSWERS if whole else {})
    record(conn, case.id, Happening.REPLIED, by=by, now=now, detail=detail)
    awaited = set(wanted) & (set(texts) - set(case.reply))
    if whole and (case.answered is None or not case.reply or awaited or tell_again):
        tell_everyone(conn, answered, Why.ANSWERED, now)
    return existing(conn, ref)


def redact(
    conn: Connection,
    ref: str,
    *,
    version: int,
    public_text: str,
    kinds: Sequence[str],
    by: str,
    now: datetime,
) -> Case:
    """Keep the words as they may stand in public.

    :param kinds: the kinds of detail that were taken out of them.
    :raises Refused: "unredacted", when a published text would be left empty.
    """
    case = open_case(conn, ref, version)
    if case.status == CaseStatus.PUBLISHED and not public_text.strip():
        raise Refused("unredacted", f"{ref} is published and cannot stand without words.")
    cleared = [words for words in case.cleared if words in public_text]
    _draft(conn, case, public_text, kinds, cleared)
    if public_text != case.public_text:
        keep_texts(conn, case, "public", {case.lang: public_text}, by=by, now=now)
    change(conn, case)
    detail = {"kinds": " ".join(kinds)}
    record(conn, case.id, Happening.REDACTED, by=by, now=now, detail=detail)
    return existing(conn, ref)


def clear(
    conn: Connection, ref: str, *, version: int, words: Sequence[str], by: str, now: datetime
) -> Case:
    """Say that words of the public text look personal and are harmless.

    :raises Refused: "absent", for words that the public text does not hold.
    """
    case = open_case(conn, ref, version)
    for word in words:
        if word not in case.public_text:
            raise Refused("absent", f"These words are not in the public text of {ref}.")
    cleared = sorted({*case.cleared, *words})
    _draft(conn, case, case.public_text, case.redacted, cleared)
    change(conn, case)
    detail = {"count": str(len(cleared) - len(case.cleared))}
    record(conn, case.id, Happening.CLEARED, by=by, now=now, detail=detail)
    return existing(conn, ref)


def correct(
    conn: Connection,
    ref: str,
    *,
    version: int,
    topic: str,
    area: str,
    target: Target | None,
    by: str,
    now: datetime,
) -> Case:
    """Say what a submission is about, and where, if its sender chose something else or nothing.

    :param target: the item or change that it is tied to, as its page on the site will show.
    """
    case = open_case(conn, ref, version)
    kind, key = (target.kind, target.key) if target else ("", "")
    corrected = change(conn, case, topic=topic, area=area, target_kind=kind, target_key=key)
    record(conn, case.id, Happening.CORRECTED, by=by, now=now)
    return corrected


def assign(
    conn: Connection,
    ref: str,
    *,
    by: str,
    now: datetime,
    holder: str | None = None,
    team: str | None = None,
    waits_for: str | None = None,
) -> None:
    """Say whose a submission is and what it waits for; what is None stays as it is.

    It changes nothing that anybody could be deciding about, so it asks for no version.

    :param holder: somebody's log-in name, "" for nobody.
    :raises Refused: "holder", for somebody who is not at the desk.
    """
    case = existing(conn, ref)
    wanted = {"holder": holder, "team": team, "waits_for": waits_for}
    values = {name: text for name, text in wanted.items() if text is not None}
    values = {name: text for name, text in values.items() if text != getattr(case, name)}
    if values.get("holder"):
        at_desk = select(STAFF.c.name).where(STAFF.c.name == holder, STAFF.c.active)
        if conn.execute(at_desk).first() is None:
            raise Refused("holder", f"There is nobody named {holder} at the desk.")
    if values:
        conn.execute(update(SUBMISSIONS).where(SUBMISSIONS.c.id == case.id).values(**values))
        detail = {name: text for name, text in values.items() if name != "waits_for"}
        if values.get("holder") or values.get("team"):
            staff_mail.hand(
                conn, ref, team=team or "", holder=values.get("holder", ""), by=by, now=now
            )
        if values.keys() != {"team"} or case.team:  # that a team answers says its answer
            record(conn, case.id, Happening.ASSIGNED, by=by, now=now, detail=detail)


def escalate(conn: Connection, ref: str, *, version: int, by: str, now: datetime) -> Case:
    """Stop: somebody may be in danger. The words never leave the desk from now on.

    A published one goes back into the queue and so out of public sight.

    :raises Refused: "already".
    """
    case = open_case(conn, ref, version)
    if case.escalated:
        raise Refused("already", f"{ref} is escalated already.")
    public = case.status == CaseStatus.PUBLISHED
    change(conn, case, escalated=True, status=CaseStatus.RECEIVED if public else case.status)
    record(conn, case.id, Happening.ESCALATED, by=by, now=now)
    danger.begin(conn, case, now=now)
    if public:
        record(conn, case.id, Happening.REOPENED, by=by, now=now, detail={"from": "published"})
    return existing(conn, ref)


def merge(
    conn: Connection,
    ref: str,
    *,
    version: int,
    into: str,
    by: str,
    now: datetime,
    wanted: Collection[str] = (),
) -> Case:
    """Link a submission to another that says the same; its votes and its people go with it.

    Its own status stays, and `unmerge` undoes it.

    :param wanted: the languages that its own people asked for. What is answered already answers
        them too, so that answer must stand in all of these.
    :raises Refused: "withdrawn" and "escalated" for either of the two, "ring", "language".
    """
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_advisory_xact_lock(MERGING)))
    case = open_case(conn, ref, version)
    other = existing(conn, into)
    if other.status.owes_nothing:
        raise Refused("withdrawn", f"{into} was taken back by its sender, or set aside.")
    if case.escalated or other.escalated:
        raise Refused("escalated", "What was escalated is dealt with on its own.")
    if other.ref == ref or other.ref in {case.ref for case in followers(conn, ref)}:
        raise Refused("ring", f"{into} is merged into {ref}; it can't be the other way round too.")
    head = answered_with(conn, other)
    if head.answered and not are_answered(wanted, head.reply, head.reason, head.outcome):
        raise Refused("language", f"{head.ref} is answered, and not in the language of {ref}.")
    change(conn, case, merged_into=other.id, follow_up_by=None)
    reclock(conn, ref)
    detail = {"into": into} | (ANSWERS if head.answered else {})
    record(conn, case.id, Happening.MERGED, by=by, now=now, detail=detail)
    record(conn, other.id, Happening.MERGED, by=by, now=now, detail={"from": ref})
    return existing(conn, ref)


def unmerge(conn: Connection, ref: str, *, version: int, by: str, now: datetime) -> Case:
    """Take a submission out of the one it was merged into; it stands again as before.

    :raises Refused: "unmerged".
    """
    case = existing(conn, ref)
    if not case.merged_into:
        raise Refused("unmerged", f"{ref} stands on its own already.")
    other = existing(conn, case.merged_into)
    seen = replace(case, version=version)
    change(conn, seen, merged_into=None)
    reclock(conn, other.ref)
    reclock(conn, ref)
    record(conn, case.id, Happening.UNMERGED, by=by, now=now, detail={"into": other.ref})
    record(conn, other.id, Happening.UNMERGED, by=by, now=now, detail={"from": ref})
    return existing(conn, ref)


def note(conn: Connection, ref: str, text: str, *, by: str, now: datetime) -> None:
    """Keep a note that staff write to each other.

    :raises Refused: "empty".
    """
    case = existing(conn, ref)
    if not text.strip():
        raise Refused("empty", "The note has no words yet.")
    conn.execute(insert(NOTES).values(submission=case.id, at=now, by=by, text=text))
    record(conn, case.id, Happening.NOTED, by=by, now=now)


def notes(conn: Connection, ref: str) -> tuple[Note, ...]:
    """Return what staff wrote to each other, oldest first."""
    rows = conn.execute(
        select(NOTES.c.at, NOTES.c.by, NOTES.c.text)
        .join(SUBMISSIONS)
        .where(SUBMISSIONS.c.ref == ref)
        .order_by(NOTES.c.id)
    )
    return tuple(Note(row.at, row.by, row.text) for row in rows)


def _may_decide(
    case: Case, status: CaseStatus, reason: Mapping[str, str], route: Route | None
) -> None:
    ref = case.ref
    if status == CaseStatus.WITHDRAWN:
        raise Refused("withdrawn", f"Only its sender can take {ref} back.")
    if status == case.status and not DECISIONS[status].tells:
        raise Refused("already", f"{ref} is {status} already.")
    if status == CaseStatus.DECLINED and not reason:
        raise Refused("reason", f"Say why {ref} is declined: its sender is told.")
    if status == CaseStatus.ROUTED and route is None:
        raise Refused("route", f"Say to whom {ref} is handed over.")
    if status == CaseStatus.PUBLISHED:
        _may_publish(case)


def _may_publish(case: Case) -> None:
    if case.escalated:
        raise Refused("escalated", f"{case.ref} was escalated: its words stay at the desk.")
    if not case.may_publish:
        raise Refused("consent", f"The sender of {case.ref} did not agree to have it published.")
    if not case.public_text.strip():
        raise Refused("unredacted", f"Redact {case.ref} first: it has no public words yet.")


def _draft(
    conn: Connection, case: Case, text: str, kinds: Sequence[str], cleared: Sequence[str]
) -> None:
    row = {"public_text": text, "redacted": list(kinds), "cleared": list(cleared)}
    put_row(conn, DRAFTS, submission=case.id, **row)
