"""A conversation: a sender answers our answer, and is answered again.

What they write joins their case, which waits for an answer anew, by a day of its own. Each change
is an event in the same transaction.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from feedback.case_clocks import ANSWERS
from feedback.model import Happening
from feedback.store.casework.answers import FURTHER, are_answered, keep_texts, written
from feedback.store.casework.cases import answered_with, existing
from feedback.store.casework.events import TENANT, change, held, open_case, record
from feedback.store.casework.follow_ups import end_follow_ups, family, reclock, refold, turns
from feedback.store.casework.photos import erase_photos, keep_photos, photos_of
from feedback.store.database.errors import Refused
from feedback.store.database.schema import FOLLOW_UPS
from feedback.store.database.tokens import digest
from feedback.store.mail import staff_mail
from feedback.store.mail.outbox import Why, tell

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection

    from feedback.model import Case
    from feedback.photos import PhotoCopy
    from feedback.store.casework.follow_ups import Turn

MOST = 20  # that one sender may write …
MOST_WITHIN = timedelta(hours=24)  # … in this time


def write_again(
    conn: Connection,
    ref: str,
    words: str,
    *,
    lang: str,
    idempotency: str,
    now: datetime,
    due: date,
    photos: Sequence[PhotoCopy] = (),
) -> None:
    """Keep what a sender writes once more, with photos; those who have the case are told.

    After an answer it has a clock of its own. Before, it is answered with what was sent first.

    :param idempotency: a key that stands for these very words: a double click keeps them once.
    :param due: the day by which an answer is promised.
    :raises Missing: when there is no such submission.
    :raises Refused: "forgotten", for what was taken back or erased; "often".
    """
    case = held(conn, ref)
    if case.forgotten or case.status.owes_nothing:
        raise Refused("forgotten", f"{ref} was taken back, or erased.")
    key = digest(idempotency)
    if conn.execute(select(FOLLOW_UPS.c.id).where(FOLLOW_UPS.c.idempotency == key)).first():
        return
    lately = (FOLLOW_UPS.c.submission == case.id, FOLLOW_UPS.c.at > now - MOST_WITHIN)
    count = select(func.count()).select_from(FOLLOW_UPS).where(*lately)
    if conn.execute(count).scalar_one() >= MOST:
        raise Refused("often", f"The sender of {ref} wrote {MOST} times in a day.")
    head = held(conn, answered_with(conn, case).ref)
    answered = head.answered is not None
    row = {"submission": case.id, "idempotency": key, "lang": lang, "said": words, "at": now}
    conn.execute(insert(FOLLOW_UPS).values(**row, due=due if answered else None))
    keep_photos(conn, case.id, photos, now=now)
    refold(conn, case.id)
    change(conn, head, online=head.online)
    happened = Happening.FOLLOWED_UP if answered else Happening.ADDED_TO
    record(conn, case.id, happened, by=TENANT, now=now)
    if head.id != case.id:
        record(conn, head.id, happened, by=TENANT, now=now, detail={"from": ref})
    reclock(conn, head.ref)
    staff_mail.follow(conn, head.ref, team=head.team, holder=head.holder, now=now)


def answer_again(
    conn: Connection,
    ref: str,
    *,
    version: int,
    texts: Mapping[str, str],
    by: str,
    team: str,
    now: datetime,
    wanted: Collection[str] = (),
) -> Case:
    """Answer whoever wrote since, in one language or several; it becomes public nowhere.

    Of those whose words were merged, only they read it who wrote. Written once more before they do,
    it takes the place of what stood in its language.

    :param wanted: the languages that were asked for: it is answered once it stands in all of them.
    :raises Refused: "empty"; "nobody", when nobody wrote since there was an answer.
    """
    case, words = open_case(conn, ref, version), written(texts)
    if not words:
        raise Refused("empty", "The answer has no words yet.")
    waiting = _answered_next(conn, case)
    if not waiting:
        raise Refused("nobody", f"Nobody wrote about {ref} since it was answered.")
    whole, first = are_answered(wanted, waiting[-1].answer, words), waiting[-1].sent.ended is None
    change(conn, case, online=case.online)
    for number in dict.fromkeys(turn.sent.ref for turn in waiting):
        sender = existing(conn, number)
        keep_texts(conn, sender, FURTHER, words, team=team, by=by, now=now)
        if whole and first:
            tell(conn, sender, Why.ANSWERED, now)
    if whole and first:
        _end(conn, case, by=by, now=now, how="answered")
    detail = {"languages": " ".join(sorted(words))} | (ANSWERS if whole else {})
    record(conn, case.id, Happening.REPLIED, by=by, now=now, detail=detail)
    return existing(conn, ref)


def leave_unanswered(conn: Connection, ref: str, *, version: int, by: str, now: datetime) -> Case:
    """Say that what was written since needs no answer, such as thanks.

    :raises Refused: "nobody", when nobody waits for one.
    """
    case = open_case(conn, ref, version)
    if case.follow_up_by is None:
        raise Refused("nobody", f"Nobody who wrote about {ref} since waits for an answer.")
    change(conn, case, online=case.online)
    _end(conn, case, by=by, now=now, how="read")
    return existing(conn, ref)


def erase_photo(
    conn: Connection, ref: str, number: int, *, version: int, by: str, now: datetime
) -> Case:
    """Erase one photo, such as one that shows somebody.

    :raises Refused: "photo", when the case has no such photo.
    """
    case = open_case(conn, ref, version)
    whose = {photo.id: photo.ref for photo in photos_of(conn, family(conn, case))}
    if number not in whose:
        raise Refused("photo", f"{ref} has no such photo.")
    erase_photos(conn, existing(conn, whose[number]).id, only=number)
    record(conn, case.id, Happening.PHOTO_ERASED, by=by, now=now)
    return change(conn, case, online=case.online)


def _answered_next(conn: Connection, case: Case) -> list[Turn]:
    """Return the turns that an answer is to: those that wait, else those that ended last."""
    after = [turn for turn in turns(conn, family(conn, case)) if turn.sent.due]
    waiting = [turn for turn in after if turn.sent.ended is None]
    last = max((turn.sent.ended for turn in after if turn.sent.ended), default=None)
    return waiting or [turn for turn in after if turn.sent.ended == last]


def _end(conn: Connection, case: Case, *, by: str, now: datetime, how: str) -> None:
    """Stop the clocks of what was written since.

    :param how: "answered", or "read" where it needs no answer.
    """
    end_follow_ups(conn, case, now=now)
    record(conn, case.id, Happening.FOLLOW_UP_ENDED, by=by, now=now, detail={"how": how})
