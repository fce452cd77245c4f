"""What is kept of what tenants say, and how it changes: the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import MetaData, inspect, select, text

from feedback.model import (
    REFERENCE,
    AnswerBy,
    Channel,
    Contact,
    Happening,
    Route,
    Sort,
    Status,
    Target,
    new_reference,
)
from feedback.store import Conflict, Missing, Newer, Refused, Store, cases, outbox, submissions
from feedback.store.migrations import STEPS, migrate
from feedback.store.schema import METADATA
from tests.tenants import DUE, IDEA, LATER, NOW, House, sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Table

    from feedback.model import Submission
    from feedback.settings import Settings

PRIVATE_WORDS = re.compile(r"Siân|sian\.prys|960123|Ffordd y Wennol|wlyb", re.IGNORECASE)


@pytest.fixture
def house(store: Store) -> House:
    return House(store)


@pytest.fixture
def sqlite_house(sqlite_store: Store) -> House:
    return House(sqlite_store)


# ------------------------------------------------------------------ arriving


def test_what_was_sent_is_kept_as_it_was_sent(house: House) -> None:
    target = Target("roadmap", "repair-slots")
    submission = sent(
        sort=Sort.PROBLEM,
        area="coed-y-bryn",
        target=target,
        channel=Channel.PHONE,
        answer_lang="en",
        complaint=True,
    )
    added = house.add(submission, by="mair")
    case = house.case(added.ref)
    assert REFERENCE.fullmatch(added.ref)
    assert house.read(submissions.said, added.ref) == submission.said
    assert house.read(submissions.contact, added.ref) == submission.contact
    assert (case.sort, case.lang, case.topic, case.area) == (
        Sort.PROBLEM,
        "cy",
        "damp",
        "coed-y-bryn",
    )
    assert (case.target, case.channel, case.answer_by) == (target, Channel.PHONE, AnswerBy.EMAIL)
    assert (case.answer_lang, case.may_publish, case.complaint) == ("en", True, True)
    assert (case.status, case.received, case.due) == (Status.RECEIVED, NOW, DUE)
    assert (case.answered, case.people, case.public_text) == (None, 1, "")
    (event,) = house.read(submissions.history, added.ref)
    assert (event.what, event.at, event.by) == (Happening.RECEIVED, NOW, "mair")


@pytest.mark.parametrize(
    "said",
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
def test_words_in_any_script_come_back_as_they_went(house: House, said: str) -> None:
    ref = house.add(sent(said=said)).ref
    assert house.read(submissions.said, ref) == said


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
    assert house.read(submissions.queue).total == 1


def test_the_same_form_arriving_twice_at_once_is_kept_once(house: House) -> None:
    async def twice() -> list[Any]:
        def work(conn: Connection) -> Any:
            return submissions.add(
                conn,
                house.store.seal,
                IDEA,
                idempotency="key",
                now=NOW,
                due=DUE,
                random=Random(),
            )

        return await asyncio.gather(*(house.store.write(work) for _ in range(20)))

    added = asyncio.run(twice())
    assert len({(one.ref, one.receipt, one.code) for one in added}) == 1
    assert sum(not one.again for one in added) == 1
    assert house.read(submissions.queue).total == 1


def test_the_same_form_arriving_at_several_workers_at_once_is_kept_once(
    settings: Settings,
) -> None:
    with Store.open(settings) as one, Store.open(settings) as two, Store.open(settings) as three:
        houses = [House(store, seed) for seed, store in enumerate((one, two, three))]
        with ThreadPoolExecutor(12) as pool:
            waiting = [
                pool.submit(houses[number % 3].add, idempotency=f"key {number % 4}")
                for number in range(48)
            ]
            added = [answer.result() for answer in waiting]
        assert len({one.ref for one in added}) == 4
        assert len({(one.ref, one.receipt, one.code) for one in added}) == 4
        assert sum(not one.again for one in added) == 4


def test_a_reference_that_is_taken_is_not_given_again(house: House) -> None:
    first = house.add(random=Random(7))
    second = house.add(random=Random(7))  # draws the same reference first
    assert first.ref == new_reference(Random(7))
    assert second.ref != first.ref
    assert not second.again
    assert house.read(submissions.queue).total == 2


# ------------------------------------------------------------------ finding


def test_a_receipt_and_a_code_open_ones_own_submission_and_no_other(house: House) -> None:
    mine, other = house.add(), house.add()
    seal = house.store.seal
    assert house.read(submissions.by_token, mine.receipt).ref == mine.ref
    assert house.read(submissions.by_code, seal, mine.ref, mine.code).ref == mine.ref
    assert house.read(submissions.by_token, "") is None
    assert house.read(submissions.by_token, mine.receipt + "x") is None
    assert house.read(submissions.by_token, "\ud800") is None
    assert house.read(submissions.by_code, seal, mine.ref, other.code) is None
    assert house.read(submissions.by_code, seal, other.ref, mine.code) is None


def test_a_letter_can_name_the_receipt_again(house: House) -> None:
    added = house.add()
    receipt = house.read(submissions.receipt, house.store.seal, added.ref)
    assert (receipt.token, receipt.code) == (added.receipt, added.code)


def test_what_is_not_there_is_said_to_be_missing(house: House) -> None:
    assert house.read(submissions.case, "F-222222") is None
    assert house.read(submissions.history, "F-222222") == ()
    for function in (submissions.said, submissions.contact, submissions.followers):
        with pytest.raises(Missing):
            house.read(function, "F-222222")
    with pytest.raises(Missing):
        house.read(submissions.receipt, house.store.seal, "F-222222")
    with pytest.raises(Missing):
        house.tenant(submissions.withdraw, "F-222222")


def test_the_queue_begins_with_the_promise_that_ends_first(house: House) -> None:
    late = house.add(due=date(2026, 3, 20)).ref
    soon = house.add(due=date(2026, 3, 10)).ref
    middle = house.add(due=date(2026, 3, 15)).ref
    found = house.read(submissions.queue)
    assert [case.ref for case in found.cases] == [soon, middle, late]
    page = house.read(submissions.queue, limit=1, offset=1)
    assert ([case.ref for case in page.cases], page.total) == ([middle], 3)


def test_the_queue_shows_what_is_asked_for(house: House) -> None:
    plain = house.add(sent(topic="repairs")).ref
    done = house.add().ref
    danger = house.add().ref
    house.desk(submissions.decide, done, status=Status.COUNTED)
    house.desk(submissions.escalate, danger)

    def refs(**options: Any) -> set[str]:
        return {case.ref for case in house.read(submissions.queue, **options).cases}

    assert refs(status=Status.RECEIVED) == {plain, danger}
    assert refs(status=Status.COUNTED) == {done}
    assert refs(topic="repairs") == {plain}
    assert refs(escalated=True) == {danger}
    assert refs(escalated=False) == {plain, done}
    assert house.read(submissions.counts)[Status.RECEIVED] == 2
    assert house.read(submissions.counts)[Status.DECLINED] == 0


@pytest.mark.parametrize(
    ("words", "found"),
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
    house: House, words: str, *, found: bool
) -> None:
    ref = house.add(sent(said="Mae'r Tŷ yn oer, 100% o'r amser")).ref
    there = house.read(submissions.queue, words=words).cases
    assert [case.ref for case in there] == ([ref] if found else [])
    assert house.read(submissions.queue, words=ref.lower()).total == 1


def test_a_promise_is_broken_until_somebody_answers(house: House) -> None:
    ref = house.add().ref
    day_after = DUE + timedelta(days=1)

    def overdue(day: date) -> bool:
        found = house.read(submissions.queue, overdue_on=day)
        assert (found.total == 1) == house.case(ref).overdue(day)
        return bool(found.cases)

    assert not overdue(DUE)
    assert overdue(day_after)
    house.desk(submissions.decide, ref, status=Status.COUNTED)
    assert overdue(day_after), "counting somebody does not answer them"
    house.desk(submissions.reply, ref, texts={"cy": "Diolch."}, team="Atgyweiriadau")
    assert not overdue(day_after)


# ------------------------------------------------------------------ deciding


def test_words_are_redacted_answered_and_published(house: House) -> None:
    ref = house.add().ref
    house.redact(ref)
    house.desk(submissions.clear, ref, words=["tŷ"])
    replied = house.desk(
        submissions.reply, ref, texts={"cy": " Diolch. ", "en": ""}, team="Atgyweiriadau"
    )
    case = house.desk(submissions.decide, ref, status=Status.PUBLISHED)
    assert (replied.answered, replied.status) == (LATER, Status.RECEIVED)
    assert (case.public_text, case.redacted) == ("Mae'r tŷ yn oer a'r wal yn wlyb.", ("name",))
    assert (case.cleared, case.was_published) == (("tŷ",), True)
    assert (case.reply, case.reply_by) == ({"cy": "Diolch."}, "Atgyweiriadau")
    assert [event.what for event in house.read(submissions.history, ref)] == [
        Happening.RECEIVED,
        Happening.REDACTED,
        Happening.CLEARED,
        Happening.REPLIED,
        Happening.PUBLISHED,
    ]


def test_the_missing_language_of_an_answer_can_follow(house: House) -> None:
    ref = house.add().ref
    house.desk(submissions.reply, ref, texts={"cy": "Diolch."}, team="Tai")
    house.desk(submissions.reply, ref, texts={"en": "Thanks."}, team="Tai", now=LATER)
    case = house.desk(submissions.reply, ref, texts={"cy": "Diolch yn fawr."}, team="Rhent")
    assert case.reply == {"cy": "Diolch yn fawr.", "en": "Thanks."}
    assert (case.reply_by, case.answered) == ("Rhent", LATER)


def test_declining_needs_a_reason_that_the_tenant_sees(house: House) -> None:
    ref = house.add().ref
    with pytest.raises(Refused, match="why") as refusal:
        house.desk(submissions.decide, ref, status=Status.DECLINED, reason={"cy": "  "})
    assert refusal.value.rule == "reason"
    reason = {"cy": "Nid ein wal ni yw hi.", "en": "The wall is not ours."}
    case = house.desk(submissions.decide, ref, status=Status.DECLINED, reason=reason)
    assert (case.reason, case.answered) == (reason, LATER)
    reopened = house.desk(submissions.decide, ref, status=Status.RECEIVED)
    assert reopened.reason == {}


def test_routing_needs_somebody_to_hand_over_to(house: House) -> None:
    ref = house.add().ref
    with pytest.raises(Refused) as refusal:
        house.desk(submissions.decide, ref, status=Status.ROUTED)
    assert refusal.value.rule == "route"
    case = house.desk(submissions.decide, ref, status=Status.ROUTED, route=Route.REPAIR)
    assert (case.route, case.answered) == (Route.REPAIR, LATER)
    assert house.desk(submissions.decide, ref, status=Status.COUNTED).route is None


@pytest.mark.parametrize(
    ("submission", "prepare", "rule"),
    [
        (IDEA, None, "unredacted"),
        (sent(may_publish=False), House.redact, "consent"),
        (
            IDEA,
            lambda house, ref: (house.redact(ref), house.desk(submissions.escalate, ref)),
            "escalated",
        ),
    ],
)
def test_nothing_is_published_that_must_not_be(
    house: House, submission: Submission, prepare: Callable[..., Any] | None, rule: str
) -> None:
    ref = house.add(submission).ref
    if prepare:
        prepare(house, ref)
    with pytest.raises(Refused) as refusal:
        house.desk(submissions.decide, ref, status=Status.PUBLISHED)
    assert refusal.value.rule == rule
    assert house.case(ref).status == Status.RECEIVED


def test_what_is_published_cannot_be_left_without_words(house: House) -> None:
    ref = house.add().ref
    house.redact(ref)
    house.desk(submissions.decide, ref, status=Status.PUBLISHED)
    with pytest.raises(Refused, match="without words"):
        house.redact(ref, " ")


def test_what_was_cleared_holds_as_long_as_the_words_are_there(house: House) -> None:
    ref = house.add().ref
    house.redact(ref, "Dr Gwlyb drws nesaf")
    with pytest.raises(Refused) as refusal:
        house.desk(submissions.clear, ref, words=["Mrs Oer"])
    assert refusal.value.rule == "absent"
    assert house.desk(submissions.clear, ref, words=["Dr Gwlyb"]).cleared == ("Dr Gwlyb",)
    assert house.redact(ref, "Dr Gwlyb a'r wal").cleared == ("Dr Gwlyb",)
    assert house.redact(ref, "Y wal").cleared == ()


def test_an_escalated_submission_leaves_public_sight_at_once(house: House) -> None:
    ref = house.add().ref
    house.redact(ref)
    house.desk(submissions.decide, ref, status=Status.PUBLISHED)
    case = house.desk(submissions.escalate, ref)
    assert (case.escalated, case.status, case.was_published) == (True, Status.RECEIVED, True)
    with pytest.raises(Refused):
        house.desk(submissions.escalate, ref)


def test_two_staff_deciding_at_once_do_not_overrule_each_other(house: House) -> None:
    ref = house.add().ref
    seen = house.case(ref).version
    house.desk(submissions.decide, ref, version=seen, status=Status.COUNTED, by="mair")
    with pytest.raises(Conflict, match="meanwhile"):
        house.desk(submissions.decide, ref, version=seen, status=Status.COUNTED, by="owain")
    for function, options in (
        (submissions.redact, {"public_text": "x", "kinds": []}),
        (submissions.reply, {"texts": {"cy": "x"}, "team": "Tai"}),
        (submissions.clear, {"words": []}),
        (submissions.escalate, {}),
        (submissions.merge, {"into": ref}),
    ):
        with pytest.raises(Conflict):
            house.desk(function, ref, version=seen, **options)
    assert house.case(ref).status == Status.COUNTED


def test_staff_at_several_workers_do_not_overrule_each_other(settings: Settings) -> None:
    with Store.open(settings) as one, Store.open(settings) as two:
        houses = [House(one), House(two)]
        refs = [houses[0].add().ref for _ in range(10)]

        def decide(number: int) -> str:
            status = Status.COUNTED if number % 2 else Status.DECLINED
            house, ref = houses[number % 2], refs[number // 4]
            options: dict[str, Any] = {"status": status, "reason": {"cy": "x"}, "version": 1}
            try:
                return str(house.desk(submissions.decide, ref, **options).status)
            except Conflict:
                return "conflict"

        with ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(decide, range(40)))
        assert outcomes.count("conflict") == 30
        for number, ref in enumerate(refs):
            mine = [said for said in outcomes[number * 4 : number * 4 + 4] if said != "conflict"]
            assert mine == [houses[0].case(ref).status]
            assert len(houses[0].read(submissions.history, ref)) == 2


def test_a_tenant_who_withdraws_is_not_decided_over(house: House) -> None:
    ref = house.add().ref
    seen = house.case(ref).version
    house.tenant(submissions.withdraw, ref)
    with pytest.raises(Conflict):
        house.desk(submissions.decide, ref, version=seen, status=Status.COUNTED)
    for function, options in (
        (submissions.decide, {"status": Status.RECEIVED}),
        (submissions.reply, {"texts": {"cy": "x"}, "team": "Tai"}),
        (submissions.redact, {"public_text": "x", "kinds": []}),
    ):
        with pytest.raises(Refused) as refusal:
            house.desk(function, ref, **options)
        assert refusal.value.rule == "withdrawn"
    assert house.tenant(submissions.withdraw, ref).version == house.case(ref).version


def test_a_decision_that_changes_nothing_is_refused(house: House) -> None:
    ref = house.add().ref
    for status, rule in ((Status.RECEIVED, "already"), (Status.WITHDRAWN, "withdrawn")):
        with pytest.raises(Refused) as refusal:
            house.desk(submissions.decide, ref, status=status)
        assert refusal.value.rule == rule


def test_notes_stay_between_staff(house: House) -> None:
    ref = house.add().ref
    house.store.write_now(
        lambda conn: submissions.note(conn, ref, "Ffoniwch hi.", by="owain", now=LATER)
    )
    (note,) = house.read(submissions.notes, ref)
    assert (note.text, note.by, note.at) == ("Ffoniwch hi.", "owain", LATER)
    assert house.read(submissions.history, ref)[-1].what == Happening.NOTED
    with pytest.raises(Refused):
        house.store.write_now(lambda conn: submissions.note(conn, ref, " ", by="owain", now=NOW))


# ------------------------------------------------------------------ merging


def test_a_duplicate_keeps_its_people_and_is_answered_with_the_other(house: House) -> None:
    first, second, third = (house.add().ref for _ in range(3))
    house.desk(submissions.merge, third, into=second)
    merged = house.desk(submissions.merge, second, into=first)
    assert (merged.merged_into, merged.status) == (first, Status.RECEIVED)
    assert house.case(first).people == 3
    assert {case.ref for case in house.read(submissions.followers, first)} == {second, third}
    assert [case.ref for case in house.read(submissions.queue).cases] == [first]
    assert house.read(submissions.queue, merged=True).total == 3
    house.desk(submissions.reply, first, texts={"cy": "Diolch."}, team="Tai")
    assert house.case(third).answered == LATER
    assert not house.case(third).overdue(date(2030, 1, 1))
    apart = house.desk(submissions.unmerge, second)
    assert (apart.merged_into, apart.people, apart.answered) == ("", 2, None)
    assert house.case(first).people == 1


def test_merges_form_no_ring(house: House) -> None:
    first, second, third = (house.add().ref for _ in range(3))
    house.desk(submissions.merge, second, into=first)
    house.desk(submissions.merge, third, into=second)
    for ref, into in ((first, third), (first, second), (first, first)):
        with pytest.raises(Refused) as refusal:
            house.desk(submissions.merge, ref, into=into)
        assert refusal.value.rule == "ring"
    with pytest.raises(Missing):
        house.desk(submissions.merge, first, into="F-222222")


def test_what_is_merged_is_changed_where_it_went(house: House) -> None:
    first, second = house.add().ref, house.add().ref
    house.desk(submissions.merge, second, into=first)
    for function, options in (
        (submissions.decide, {"status": Status.COUNTED}),
        (submissions.reply, {"texts": {"cy": "x"}, "team": "Tai"}),
        (submissions.merge, {"into": first}),
    ):
        with pytest.raises(Refused) as refusal:
            house.desk(function, second, **options)
        assert refusal.value.rule == "merged"
    with pytest.raises(Refused):
        house.desk(submissions.unmerge, first)
    with pytest.raises(Conflict):
        house.desk(submissions.unmerge, second, version=1)


def test_who_withdrew_stands_behind_nothing(house: House) -> None:
    first, second = house.add().ref, house.add().ref
    house.desk(submissions.merge, second, into=first)
    house.tenant(submissions.withdraw, second)
    assert house.case(first).people == 1
    with pytest.raises(Refused):
        house.desk(submissions.merge, first, into=second)


# ------------------------------------------------------------------ publishing


def test_the_public_knows_of_decisions_and_of_what_it_once_saw(house: House) -> None:
    def at(status: Status, **options: Any) -> str:
        ref = house.add().ref
        house.redact(ref)
        house.desk(submissions.decide, ref, status=status, **options)
        return ref

    house.add()  # nobody has decided about it
    published = at(Status.PUBLISHED)
    counted = at(Status.COUNTED)
    declined = at(Status.DECLINED, reason={"cy": "Na."})
    routed = at(Status.ROUTED, route=Route.COMPLAINT)
    withdrawn, reopened, escalated, merged = (at(Status.PUBLISHED) for _ in range(4))
    house.tenant(submissions.withdraw, withdrawn)
    house.desk(submissions.decide, reopened, status=Status.RECEIVED)
    house.desk(submissions.escalate, escalated)
    house.desk(submissions.merge, merged, into=published)
    hidden = at(Status.COUNTED)
    house.desk(submissions.escalate, hidden)
    never = house.add().ref
    house.tenant(submissions.withdraw, never)

    public = {case.ref: case for case in house.read(lambda conn: list(submissions.public(conn)))}
    once = {withdrawn, reopened, escalated, merged}
    assert set(public) == {published, counted, declined, routed} | once
    assert {ref for ref, case in public.items() if case.was_published} == {published} | once
    assert [ref for ref, case in public.items() if case.status == Status.PUBLISHED] == sorted(
        [published, merged]
    )


def test_the_public_is_gone_through_whole_however_much_there_is(
    sqlite_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "BATCH", 7)

    def fill(conn: Connection) -> list[str]:
        given: dict[str, Any] = {"now": NOW, "due": DUE, "random": Random(1)}
        seal = sqlite_house.store.seal
        refs = [
            submissions.add(conn, seal, IDEA, idempotency=str(number), **given).ref
            for number in range(40)
        ]
        for ref in refs:
            submissions.decide(conn, ref, version=1, status=Status.COUNTED, by="mair", now=NOW)
        return refs

    refs = sqlite_house.store.write_now(fill)
    found = sqlite_house.read(lambda conn: list(submissions.public(conn)))
    assert [case.ref for case in found] == sorted(refs)


# ------------------------------------------------------------------ being forgotten


def everything(conn: Connection) -> str:
    """Every value of every table, as one text."""
    return "\n".join(
        str(tuple(row)) for table in METADATA.sorted_tables for row in conn.execute(select(table))
    )


def test_being_forgotten_leaves_no_private_word(house: House) -> None:
    added = house.add()
    ref = added.ref
    house.redact(ref, "Y wal yn wlyb")
    house.desk(submissions.clear, ref, words=["wlyb"])
    house.store.write_now(
        lambda conn: submissions.note(conn, ref, "Siân eto", by="owain", now=LATER)
    )
    house.desk(submissions.reply, ref, texts={"cy": "Annwyl Siân"}, team="Tai")
    house.desk(submissions.decide, ref, status=Status.DECLINED, reason={"cy": "Na, Siân."})
    events = house.read(submissions.history, ref)
    assert PRIVATE_WORDS.search(house.read(everything))

    case = house.tenant(submissions.forget, ref)
    assert not PRIVATE_WORDS.search(house.read(everything))
    assert (case.forgotten, case.status) == (True, Status.DECLINED)
    assert house.read(submissions.said, ref) == ""
    assert house.read(submissions.contact, ref) == Contact()
    assert house.read(submissions.history, ref)[: len(events)] == events
    assert house.read(submissions.queue, words="sian").total == 0
    assert house.read(submissions.by_token, added.receipt).forgotten
    waiting = house.store.write_now(
        lambda conn: outbox.due(conn, now=LATER, lease=timedelta(minutes=1))
    )
    assert waiting == ()


def test_being_forgotten_keeps_what_is_public_until_that_is_withdrawn_too(house: House) -> None:
    ref = house.add().ref
    house.redact(ref)
    house.desk(submissions.reply, ref, texts={"cy": "Diolch."}, team="Tai")
    house.desk(submissions.decide, ref, status=Status.PUBLISHED)
    case = house.tenant(submissions.forget, ref)
    assert (case.status, case.public_text) == (
        Status.PUBLISHED,
        "Mae'r tŷ yn oer a'r wal yn wlyb.",
    )
    assert case.reply == {"cy": "Diolch."}
    house.tenant(submissions.withdraw, ref)
    gone = house.tenant(submissions.forget, ref)
    assert (gone.status, gone.public_text, gone.reply) == (Status.WITHDRAWN, "", {})
    assert not PRIVATE_WORDS.search(house.read(everything))


def test_nobody_waits_for_an_answer_who_was_forgotten(house: House) -> None:
    ref = house.add().ref
    case = house.tenant(submissions.forget, ref)
    assert case.status == Status.WITHDRAWN
    assert house.tenant(submissions.forget, ref).version == case.version
    with pytest.raises(Refused):
        house.tenant(submissions.add_contact, ref, contact=Contact(), answer_by=AnswerBy.EMAIL)
    with pytest.raises(Refused):
        house.read(submissions.receipt, house.store.seal, ref)


def test_a_form_sent_again_after_it_was_erased_is_not_kept_again(house: House) -> None:
    ref = house.add(idempotency="key").ref
    house.tenant(submissions.forget, ref)
    with pytest.raises(Refused):
        house.add(idempotency="key")
    assert not PRIVATE_WORDS.search(house.read(everything))


def test_erased_words_are_on_no_page_of_the_file(
    sqlite_house: House, sqlite_settings: Settings
) -> None:
    refs = [sqlite_house.add(sent(said="abracadabra " * 300)).ref for _ in range(20)]
    for ref in refs:
        sqlite_house.tenant(submissions.forget, ref)
    sqlite_house.store.write_now(lambda _conn: None)  # the log is emptied after the answer
    database = Path(sqlite_settings.database.removeprefix("sqlite:///"))
    files = sorted(database.parent.glob("feedback.sqlite3*"))
    assert files
    for file in files:
        assert b"abracadabra" not in file.read_bytes(), file.name


def test_contact_can_be_added_afterwards(house: House) -> None:
    ref = house.add(sent(contact=Contact(), answer_by=AnswerBy.RECEIPT)).ref
    contact = Contact(name="Siân Prys", email="sian@example.org")
    case = house.tenant(submissions.add_contact, ref, contact=contact, answer_by=AnswerBy.EMAIL)
    assert case.answer_by == AnswerBy.EMAIL
    assert house.read(submissions.contact, ref) == contact
    assert house.read(submissions.queue, words="prys tŷ").total == 1
    event = house.read(submissions.history, ref)[-1]
    assert (event.what, event.by) == (Happening.CONTACT_ADDED, "tenant")


# ------------------------------------------------------------------ what is kept of it all


def test_nothing_that_opens_a_submission_is_in_the_database(house: House) -> None:
    added = house.add(idempotency="a key that nobody can guess")
    kept = house.read(everything)
    assert added.receipt not in kept
    assert added.code not in kept
    assert "a key that nobody can guess" not in kept
    assert added.receipt not in repr(added)
    assert added.code not in repr(added)


def test_there_is_no_place_for_a_network_address() -> None:
    names = {str(column) for table in METADATA.sorted_tables for column in table.c}
    strange = re.compile(r"(^|[._])(ip|host|remote|agent|peer|forwarded|addr)([._]|$)")
    assert not [name for name in names if strange.search(name)]
    assert {name for name in names if "address" in name} == {"private.address"}


DECISIONS: dict[str, dict[str, Any]] = {
    "publish": {"status": Status.PUBLISHED},
    "count": {"status": Status.COUNTED},
    "route": {"status": Status.ROUTED, "route": Route.REPAIR},
    "decline": {"status": Status.DECLINED, "reason": {"en": "No."}},
    "reopen": {"status": Status.RECEIVED},
}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=some.lists(
        some.sampled_from(
            (*DECISIONS, "redact", "reply", "escalate", "merge", "unmerge", "withdraw", "forget")
        ),
        max_size=12,
    )
)
def test_the_events_add_up_to_the_status_whatever_happens(
    sqlite_house: House, steps: list[str]
) -> None:
    house, other = sqlite_house, sqlite_house.add().ref
    ref = house.add().ref
    actions: dict[str, Callable[[], object]] = {
        "redact": lambda: house.redact(ref),
        "reply": lambda: house.desk(submissions.reply, ref, texts={"cy": "Ie"}, team="Tai"),
        "escalate": lambda: house.desk(submissions.escalate, ref),
        "merge": lambda: house.desk(submissions.merge, ref, into=other),
        "unmerge": lambda: house.desk(submissions.unmerge, ref),
        "withdraw": lambda: house.tenant(submissions.withdraw, ref),
        "forget": lambda: house.tenant(submissions.forget, ref),
    }
    for step in steps:
        before = house.case(ref), house.read(submissions.history, ref)
        try:
            if step in DECISIONS:
                house.desk(submissions.decide, ref, **DECISIONS[step])
            else:
                actions[step]()
        except Refused:
            assert (house.case(ref), house.read(submissions.history, ref)) == before
        case, events = house.case(ref), house.read(submissions.history, ref)
        assert submissions.status_after(events) == case.status
        if replace(case, version=0) != replace(before[0], version=0):
            assert len(events) > len(before[1]), f"{step} left no event"
            assert case.version > before[0].version


# ------------------------------------------------------------------ tables


def optional(table: Table) -> dict[str, bool]:
    """The columns of a table, and whether each may be empty; a key never is."""
    return {column.name: bool(column.nullable) and not column.primary_key for column in table.c}


def test_the_tables_are_those_that_queries_expect(store: Store) -> None:
    with store.read() as conn:
        found = MetaData()
        found.reflect(conn)
        for table in METADATA.sorted_tables:
            there = found.tables[table.name]
            assert optional(there) == optional(table)
            assert [c.name for c in there.primary_key] == [c.name for c in table.primary_key]
            assert {key.target_fullname for key in there.foreign_keys} == {
                key.target_fullname for key in table.foreign_keys
            }
            unique = {
                tuple(x["column_names"]) for x in inspect(conn).get_unique_constraints(table.name)
            }
            assert unique == {(column.name,) for column in table.c if column.unique}
        assert set(found.tables) == {*METADATA.tables, "schema_version"}


def test_many_workers_may_start_on_an_empty_database_at_once(settings: Settings) -> None:
    def start(_number: int) -> None:
        Store.open(settings).close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(start, range(6)))
    with Store.open(settings) as store, store.read() as conn:
        steps = conn.execute(text("SELECT step FROM schema_version ORDER BY step")).scalars()
        assert list(steps) == list(range(1, len(STEPS) + 1))


def test_an_older_database_walks_the_steps_it_lacks(store: Store) -> None:
    more = (*STEPS, "CREATE TABLE later (id {key})", "INSERT INTO later VALUES (1);\nSELECT 1")
    if store.write_now(lambda conn: conn.dialect.name) == "postgresql":
        more = (*more[:-1], "INSERT INTO later DEFAULT VALUES;\nSELECT 1")
    assert store.write_now(lambda conn: migrate(conn, now=NOW, steps=more)) == 2
    assert store.write_now(lambda conn: migrate(conn, now=NOW, steps=more)) == 0
    with store.read() as conn:
        assert conn.execute(text("SELECT count(*) FROM later")).scalar_one() == 1


def test_a_step_that_fails_leaves_the_database_as_it_was(store: Store) -> None:
    broken = (*STEPS, "CREATE TABLE later (id {key});\nSELECT nonsense FROM nowhere")
    with pytest.raises(Exception, match="nowhere"):
        store.write_now(lambda conn: migrate(conn, now=NOW, steps=broken))
    with store.read() as conn:
        assert not inspect(conn).has_table("later")


def test_a_newer_database_is_left_alone_with_words(settings: Settings) -> None:
    with Store.open(settings) as store:
        newer = (*STEPS, "CREATE TABLE later (id {key})")
        store.write_now(lambda conn: migrate(conn, now=NOW, steps=newer))
    with pytest.raises(Newer, match="newer version"):
        Store.open(settings)


def test_readers_cannot_change_anything(store: Store) -> None:
    House(store).add()
    with pytest.raises(Exception, match=r"read-?only"), store.read() as conn:
        conn.execute(text("DELETE FROM private"))


def test_a_reader_sees_one_moment(house: House) -> None:
    with house.store.read() as conn:
        assert submissions.queue(conn).total == 0
        house.add()
        assert submissions.queue(conn).total == 0
    assert house.read(submissions.queue).total == 1


def test_instants_come_back_exactly_as_they_went(house: House) -> None:
    moment = datetime(2026, 3, 29, 0, 59, 59, 999_999, tzinfo=UTC)
    assert house.case(house.add(now=moment).ref).received == moment
