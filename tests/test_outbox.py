"""Notices: kept with what causes them, sent at least once, to nobody who asked to be forgotten."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from feedback.model import AnswerBy, CaseStatus, Contact, Happening, Route
from feedback.store import Missing, Store
from feedback.store.actions import submissions
from feedback.store.mail import mail_queue, outbox
from feedback.store.mail.outbox import Claimed, Notice, Why
from tests.tenants import IDEA, LATER, NOW, House, sent

if TYPE_CHECKING:
    from datetime import datetime

    from feedback.settings import Settings

LEASE = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)


def due(house: House, now: datetime = LATER, limit: int = 20) -> tuple[Claimed, ...]:
    return house.store.write_now(lambda conn: outbox.due(conn, now=now, lease=LEASE, limit=limit))


def put(house: House, ref: str, why: Why, **facts: str) -> bool:
    return house.store.write_now(lambda conn: outbox.put(conn, Notice(ref, why, facts), now=NOW))


def failed(house: House, number: int, now: datetime = LATER, **options: Any) -> None:
    arguments = {"why": "421 try again later"} | options
    house.store.write_now(lambda conn: outbox.QUEUE.failed(conn, number, now=now, **arguments))


def done(house: House, number: int) -> None:
    house.store.write_now(lambda conn: outbox.QUEUE.done(conn, number, now=LATER))


def test_everything_a_tenant_must_know_causes_a_notice(house: House) -> None:
    answered, declined, routed, counted = (house.add().ref for _ in range(4))
    house.desk(submissions.reply, answered, texts={"cy": "Diolch."}, team="Tai")
    house.desk(submissions.decide, declined, status=CaseStatus.DECLINED, reason={"cy": "Na."})
    house.desk(submissions.decide, routed, status=CaseStatus.ROUTED, route=Route.REPAIR)
    house.desk(submissions.decide, counted, status=CaseStatus.COUNTED)
    notices = [(claimed.notice.ref, claimed.notice.why) for claimed in due(house)]
    assert Counter(notices) == Counter(
        [(ref, Why.RECEIVED) for ref in (answered, declined, routed, counted)]
        + [(answered, Why.ANSWERED), (declined, Why.DECIDED), (routed, Why.DECIDED)]
    )


def test_a_notice_carries_an_address_and_no_word_of_the_tenant(house: House) -> None:
    ref = house.add(sent(answer_lang="en")).ref
    put(house, ref, Why.MOVED, item="repair-slots")
    (received, moved) = due(house)
    assert (moved.notice.ref, moved.notice.facts) == (ref, {"item": "repair-slots"})
    assert (moved.lang, moved.channel, moved.tries) == ("en", AnswerBy.EMAIL, 0)
    assert moved.contact == IDEA.contact
    assert received.message_id != moved.message_id
    assert "sian" not in repr(moved).lower()


def test_the_undone_leaves_no_notice(house: House) -> None:
    def breaks(conn: Any) -> None:
        outbox.put(conn, Notice(ref, Why.CHANGED), now=NOW)
        raise ZeroDivisionError

    ref = house.add().ref
    with pytest.raises(ZeroDivisionError):
        house.store.write_now(breaks)
    assert [claimed.notice.why for claimed in due(house)] == [Why.RECEIVED]


def test_everybody_behind_a_merged_submission_is_told(house: House) -> None:
    first, second, third, gone = (house.add().ref for _ in range(4))
    house.desk(submissions.merge, second, into=first)
    house.desk(submissions.merge, third, into=second)
    house.desk(submissions.merge, gone, into=first)
    house.tenant(submissions.withdraw, gone)
    house.desk(submissions.reply, first, texts={"cy": "Diolch."}, team="Tai")
    refs = [claimed.notice.ref for claimed in due(house) if claimed.notice.why == Why.ANSWERED]
    assert sorted(refs) == sorted([first, second, third])


@pytest.mark.parametrize(
    ("answer_by", "contact", "is_kept"),
    [
        (AnswerBy.RECEIPT, IDEA.contact, False),  # they look themselves
        (AnswerBy.EMAIL, Contact(phone="01632 960123"), False),  # nowhere to write to
        (AnswerBy.EMAIL, IDEA.contact, True),
        (AnswerBy.LETTER, IDEA.contact, True),
        (AnswerBy.PHONE, IDEA.contact, True),
    ],
)
def test_a_notice_is_kept_for_whoever_can_be_reached_as_they_wish(
    house: House, answer_by: AnswerBy, contact: Contact, *, is_kept: bool
) -> None:
    ref = house.add(sent(answer_by=answer_by, contact=contact)).ref
    assert put(house, ref, Why.ANSWERED) is is_kept
    with pytest.raises(Missing):
        put(house, "F-222222", Why.ANSWERED)


def test_letters_and_calls_wait_at_the_desk(house: House) -> None:
    letter = house.add(sent(answer_by=AnswerBy.LETTER)).ref
    call = house.add(sent(answer_by=AnswerBy.PHONE)).ref
    for ref in (letter, call):
        house.desk(submissions.reply, ref, texts={"cy": "Diolch."}, team="Tai")
    assert due(house) == ()
    waiting = house.read(outbox.by_hand)
    assert [(notice.notice.ref, notice.channel) for notice in waiting] == [
        (letter, AnswerBy.LETTER),
        (call, AnswerBy.PHONE),
    ]
    house.store.write_now(lambda conn: outbox.QUEUE.done(conn, waiting[0].id, now=LATER, by="mair"))
    assert [letter.notice.ref for letter in house.read(outbox.by_hand)] == [call]
    event = house.read(submissions.history, letter)[-1]
    assert (event.what, event.by) == (Happening.TOLD, "mair")
    assert event.detail == {"why": "answered", "channel": "letter"}


def test_what_is_claimed_is_claimed_by_nobody_else_until_the_lease_ends(house: House) -> None:
    house.add()
    (first,) = due(house, LATER)
    assert due(house, LATER + LEASE - MINUTE) == ()
    (again,) = due(house, LATER + LEASE)  # whoever had it has died
    assert (again.id, again.message_id) == (first.id, first.message_id)


def test_several_workers_share_the_work_and_send_nothing_twice(settings: Settings) -> None:
    with Store.open(settings) as first, Store.open(settings) as second:
        houses = [House(first), House(second)]
        for _ in range(40):
            houses[0].add()
        with ThreadPoolExecutor(4) as pool:
            batches = list(pool.map(lambda n: due(houses[n % 2], limit=5), range(16)))
        claimed = Counter(claimed.id for batch in batches for claimed in batch)
        assert len(claimed) == 40
        assert set(claimed.values()) == {1}


def test_what_has_gone_out_is_told_once(house: House) -> None:
    ref = house.add().ref
    (claimed,) = due(house)
    done(house, claimed.id)
    done(house, claimed.id)
    failed(house, claimed.id)  # a worker that was slow to notice
    assert due(house, LATER + LEASE) == ()
    history = house.read(submissions.history, ref)
    assert [event.what for event in history] == [Happening.RECEIVED, Happening.TOLD]


def test_what_fails_is_tried_again_later_and_later_and_at_last_shown(house: House) -> None:
    house.add()
    now, names = LATER, set()
    pauses: list[timedelta] = []
    while claimed := due(house, now):
        names.add(claimed[0].message_id)
        assert claimed[0].tries == len(pauses)
        failed(house, claimed[0].id, now)
        pause = MINUTE
        while house.read(outbox.dead) == () and not due(house, now + pause):
            pause += max(pause / 4, MINUTE)
        pauses.append(pause)
        now += pause + LEASE
    (dead,) = house.read(outbox.dead)
    assert (dead.tries, dead.fault) == (mail_queue.TRIES, "421 try again later")
    assert pauses[:-1] == sorted(pauses[:-1])
    assert len(names) == 1
    assert sum(pauses, timedelta()) > timedelta(days=1)


def test_a_refusal_for_good_is_shown_at_once_and_can_be_sent_again(house: House) -> None:
    house.add()
    (claimed,) = due(house)
    failed(house, claimed.id, why="550 sian.prys@example.org: no such user", for_good=True)
    (dead,) = house.read(outbox.dead)
    assert dead.fault == "550 …: no such user"
    assert due(house, LATER + timedelta(days=9)) == ()
    house.store.write_now(lambda conn: outbox.retry(conn, dead.id, now=LATER))
    (again,) = due(house)
    assert (again.message_id, again.tries) == (claimed.message_id, 0)


def test_a_new_address_is_used_for_what_still_waits(house: House) -> None:
    ref = house.add().ref
    contact = Contact(email="newydd@example.org")
    house.tenant(submissions.add_contact, ref, contact=contact, answer_by=AnswerBy.EMAIL)
    (claimed,) = due(house)
    assert claimed.contact == contact


def test_nothing_is_sent_where_an_address_was_taken_away(house: House) -> None:
    ref = house.add().ref
    house.tenant(
        submissions.add_contact, ref, contact=Contact(name="Siân"), answer_by=AnswerBy.RECEIPT
    )
    assert due(house) == ()
    assert due(house, LATER + timedelta(days=9)) == ()


def test_who_was_forgotten_is_told_nothing_more(house: House) -> None:
    ref = house.add().ref
    dead = house.add().ref
    put(house, ref, Why.CHANGED, item="evening-slots")
    for claimed in due(house):
        if claimed.notice.ref == dead:
            failed(house, claimed.id, for_good=True)
    house.tenant(submissions.forget, ref)
    house.tenant(submissions.forget, dead)
    assert due(house, LATER + LEASE) == ()
    assert house.read(outbox.dead) == ()
    assert not put(house, ref, Why.CHANGED)


def test_a_tenant_is_told_of_each_thing_once(house: House) -> None:
    ref, other = house.add().ref, house.add().ref

    def tell(ref: str, what: str) -> bool:
        return house.store.write_now(lambda conn: outbox.tell_once(conn, ref, what, now=NOW))

    assert [tell(ref, "change:x"), tell(ref, "change:x")] == [True, False]
    assert [tell(ref, "move:x"), tell(other, "change:x")] == [True, True]
    with pytest.raises(Missing):
        tell("F-222222", "change:x")
