"""What tenants send: kept as it was sent, once, and found again by those who may."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from core.public.vocabulary import REFERENCE, ContactChannel, SubmissionSort, Target
from feedback.model import AnswerBy, CaseStatus, Happening, new_reference
from feedback.store import Missing, Store
from feedback.store.actions import submissions
from feedback.store.casework.queues import DeskQueue, QueueWish, queue_page
from tests.tenants import DUE, IDEA, NOW, House, sent

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from feedback.settings import Settings


def test_what_was_sent_is_kept_as_it_was_sent(house: House) -> None:
    target = Target("roadmap", "repair-slots")
    submission = sent(
        sort=SubmissionSort.PROBLEM,
        area="coed-y-bryn",
        target=target,
        channel=ContactChannel.PHONE,
        answer_lang="en",
        complaint=True,
    )
    added = house.add(submission, by="mair")
    case = house.case(added.ref)
    assert REFERENCE.fullmatch(added.ref)
    assert house.read(submissions.said, added.ref) == submission.said
    assert house.read(submissions.contact, added.ref) == submission.contact
    assert (case.sort, case.lang, case.topic, case.area) == (
        SubmissionSort.PROBLEM,
        "cy",
        "damp",
        "coed-y-bryn",
    )
    assert (case.target, case.channel, case.answer_by) == (
        target,
        ContactChannel.PHONE,
        AnswerBy.EMAIL,
    )
    assert (case.answer_lang, case.may_publish, case.complaint) == ("en", True, True)
    assert (case.status, case.received, case.due) == (CaseStatus.RECEIVED, NOW, DUE)
    assert (case.answered, case.people, case.public_text) == (None, 1, "")
    (event,) = house.read(submissions.history, added.ref)
    assert (event.what, event.at, event.by) == (Happening.RECEIVED, NOW, "mair")


@pytest.mark.parametrize(
    "words",
    [
        "Ŵyr neb pam. Ŷ, ô, â, î, û, ë, ï, ö",
        "זה לא עובד",
        "家が寒い 🏚️",
        "'; DROP TABLE submissions; --",
        "100% %s ? :name {key}",
        "line\r\nline\ttab",
        " " * 10,
    ],
)
def test_words_in_any_script_come_back_as_they_went(house: House, words: str) -> None:
    ref = house.add(sent(said=words)).ref
    assert house.read(submissions.said, ref) == words


def test_what_no_database_can_keep_is_marked_not_lost(house: House) -> None:
    ref = house.add(sent(said="one\0two\ud800three")).ref
    house.redact(ref, "one\0two\udfff")
    assert house.read(submissions.said, ref) == "one\ufffdtwo\ufffdthree"
    assert house.case(ref).public_text == "one\ufffdtwo\ufffd"


def test_the_same_form_sent_twice_is_kept_once_and_answered_alike(house: House) -> None:
    first = house.add(idempotency="key")
    again = house.add(idempotency="key")
    assert (again.ref, again.receipt, again.code) == (first.ref, first.receipt, first.code)
    assert (first.again, again.again) == (False, True)
    assert house.read(queue_page).total == 1


def test_the_same_form_arriving_twice_at_once_is_kept_once(house: House) -> None:
    async def twice() -> list[Any]:
        def work(conn: Connection) -> Any:
            return submissions.add(
                conn,
                house.store.tokens,
                IDEA,
                idempotency="key",
                now=NOW,
                due=DUE,
                random=Random(),
            )

        return await asyncio.gather(*(house.store.write(work) for _ in range(20)))

    added = asyncio.run(twice())
    assert len({(submission.ref, submission.receipt, submission.code) for submission in added}) == 1
    assert sum(not submission.again for submission in added) == 1
    assert house.read(queue_page).total == 1


def test_the_same_form_arriving_at_several_workers_at_once_is_kept_once(
    settings: Settings,
) -> None:
    with (
        Store.open(settings) as first,
        Store.open(settings) as second,
        Store.open(settings) as third,
    ):
        houses = [House(store, seed) for seed, store in enumerate((first, second, third))]
        with ThreadPoolExecutor(12) as pool:
            waiting = [
                pool.submit(houses[number % 3].add, idempotency=f"key {number % 4}")
                for number in range(48)
            ]
            added = [answer.result() for answer in waiting]
        assert len({submission.ref for submission in added}) == 4
        assert (
            len({(submission.ref, submission.receipt, submission.code) for submission in added})
            == 4
        )
        assert sum(not submission.again for submission in added) == 4


def test_a_reference_that_is_taken_is_not_given_again(house: House) -> None:
    first = house.add(random=Random(7))
    second = house.add(random=Random(7))  # draws the same reference first
    assert first.ref == new_reference(Random(7))
    assert second.ref != first.ref
    assert not second.again
    assert house.read(queue_page).total == 2


def test_a_receipt_and_a_code_open_ones_own_submission_and_no_other(house: House) -> None:
    mine, other = house.add(), house.add()
    tokens = house.store.tokens
    assert house.read(submissions.by_token, mine.receipt).ref == mine.ref
    assert house.read(submissions.by_code, tokens, mine.ref, mine.code).ref == mine.ref
    assert house.read(submissions.by_token, "") is None
    assert house.read(submissions.by_token, mine.receipt + "x") is None
    assert house.read(submissions.by_token, "\ud800") is None
    assert house.read(submissions.by_code, tokens, mine.ref, other.code) is None
    assert house.read(submissions.by_code, tokens, other.ref, mine.code) is None


def test_a_letter_can_name_the_receipt_again(house: House) -> None:
    added = house.add()
    receipt = house.read(submissions.receipt, house.store.tokens, added.ref)
    assert (receipt.token, receipt.code) == (added.receipt, added.code)


def test_what_is_not_there_is_said_to_be_missing(house: House) -> None:
    assert house.read(submissions.case, "F-222222") is None
    assert house.read(submissions.history, "F-222222") == ()
    assert house.read(submissions.followers, "F-222222") == ()
    for function in (submissions.said, submissions.contact):
        with pytest.raises(Missing):
            house.read(function, "F-222222")
    with pytest.raises(Missing):
        house.read(submissions.receipt, house.store.tokens, "F-222222")
    with pytest.raises(Missing):
        house.tenant(submissions.withdraw, "F-222222")


def test_the_queue_begins_with_the_promise_that_ends_first(house: House) -> None:
    late = house.add(due=date(2026, 3, 20)).ref
    soon = house.add(due=date(2026, 3, 10)).ref
    middle = house.add(due=date(2026, 3, 15)).ref
    queue = house.read(queue_page)
    assert [line.case.ref for line in queue.cases] == [soon, middle, late]
    page = house.read(queue_page, limit=1, offset=1)
    assert ([line.case.ref for line in page.cases], page.total) == ([middle], 3)


def test_the_queue_shows_what_is_asked_for(house: House) -> None:
    plain = house.add(sent(topic="repairs")).ref
    done = house.add().ref
    danger = house.add().ref
    house.desk(submissions.decide, done, status=CaseStatus.COUNTED)
    house.desk(submissions.escalate, danger)

    def refs(**wish: Any) -> set[str]:
        return {line.case.ref for line in house.read(queue_page, QueueWish(**wish)).cases}

    assert refs() == {plain, done, danger}  # counting answers nobody
    assert refs(topics=("repairs",)) == {plain}
    assert refs(queue=DeskQueue.DANGER) == {danger}
    assert refs(queue=DeskQueue.DONE) == set()
    house.desk(submissions.reply, done, texts={"cy": "Diolch."}, team="Tai")
    assert refs(queue=DeskQueue.DONE) == {done}
    assert refs() == {plain, danger}


@pytest.mark.parametrize(
    ("words", "is_shown"),
    [
        ("tŷ", True),
        ("TY OER", True),  # neither case nor accents count
        ("oer ŵy", False),  # every word must be there
        ("sian.prys@example.org", True),
        ("wennol", True),
        ("100%", True),
        ("_", False),  # no wildcards
        ("%", True),
        ("   ", True),
    ],
)
def test_the_desk_searches_what_was_said_and_by_whom(
    house: House, words: str, *, is_shown: bool
) -> None:
    ref = house.add(sent(said="Mae'r Tŷ yn oer, 100% o'r amser")).ref
    cases = house.read(queue_page, QueueWish(words=words)).cases
    assert [line.case.ref for line in cases] == ([ref] if is_shown else [])
    assert house.read(queue_page, QueueWish(words=ref.lower())).total == 1


def test_a_promise_is_broken_until_somebody_answers(house: House) -> None:
    ref = house.add().ref
    day_after = DUE + timedelta(days=1)

    def overdue(day: date) -> bool:
        queue = house.read(queue_page, QueueWish(overdue_on=day))
        assert (queue.total == 1) == house.case(ref).overdue(day)
        return bool(queue.cases)

    assert not overdue(DUE)
    assert overdue(day_after)
    house.desk(submissions.decide, ref, status=CaseStatus.COUNTED)
    assert overdue(day_after), "counting somebody does not answer them"
    house.desk(submissions.reply, ref, texts={"cy": "Diolch."}, team="Atgyweiriadau")
    assert not overdue(day_after)


def test_the_newest_words_are_at_hand_to_find_duplicates_among(house: House) -> None:
    oldest, older, newest = (house.add(sent(said=word)).ref for word in ("un", "dau", "tri"))
    withdrawn, merged, escalated, forgotten = (house.add().ref for _ in range(4))
    house.tenant(submissions.withdraw, withdrawn)
    house.desk(submissions.merge, merged, into=newest)
    house.desk(submissions.escalate, escalated)
    house.desk(submissions.decide, forgotten, status=CaseStatus.COUNTED)
    house.tenant(submissions.forget, forgotten)
    latest = [(case.ref, words) for case, words in house.read(submissions.lately, 10)]
    assert latest == [(newest, "tri"), (older, "dau"), (oldest, "un")]
    assert len(house.read(submissions.lately, 2)) == 2
