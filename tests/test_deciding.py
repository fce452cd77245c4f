"""What staff do with a submission, and what the public may know of it then."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from feedback.model import CaseStatus, Happening, Route
from feedback.store import Conflict, Missing, Refused, Store
from feedback.store.actions import submissions
from feedback.store.casework import cases
from feedback.store.casework.queues import QueueWish, queue_page
from tests.tenants import DUE, IDEA, LATER, NOW, House, sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from feedback.model import Submission
    from feedback.settings import Settings

pytestmark = pytest.mark.long


def test_words_are_redacted_answered_and_published(house: House) -> None:
    ref = house.add().ref
    house.redact(ref)
    house.desk(submissions.clear, ref, words=["tŷ"])
    replied = house.desk(
        submissions.reply, ref, texts={"cy": " Diolch. ", "en": ""}, team="Atgyweiriadau"
    )
    case = house.desk(submissions.decide, ref, status=CaseStatus.PUBLISHED)
    assert (replied.answered, replied.status) == (LATER, CaseStatus.RECEIVED)
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
        house.desk(submissions.decide, ref, status=CaseStatus.DECLINED, reason={"cy": "  "})
    assert refusal.value.rule == "reason"
    reason = {"cy": "Nid ein wal ni yw hi.", "en": "The wall is not ours."}
    case = house.desk(submissions.decide, ref, status=CaseStatus.DECLINED, reason=reason)
    assert (case.reason, case.answered) == (reason, LATER)
    reopened = house.desk(submissions.decide, ref, status=CaseStatus.RECEIVED)
    assert reopened.reason == {}


def test_routing_needs_somebody_to_hand_over_to(house: House) -> None:
    ref = house.add().ref
    with pytest.raises(Refused) as refusal:
        house.desk(submissions.decide, ref, status=CaseStatus.ROUTED)
    assert refusal.value.rule == "route"
    case = house.desk(submissions.decide, ref, status=CaseStatus.ROUTED, route=Route.REPAIR)
    assert (case.route, case.answered) == (Route.REPAIR, None)
    assert house.desk(submissions.decide, ref, status=CaseStatus.COUNTED).route is None


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
        house.desk(submissions.decide, ref, status=CaseStatus.PUBLISHED)
    assert refusal.value.rule == rule
    assert house.case(ref).status == CaseStatus.RECEIVED


def test_what_is_published_cannot_be_left_without_words(house: House) -> None:
    ref = house.add().ref
    house.redact(ref)
    house.desk(submissions.decide, ref, status=CaseStatus.PUBLISHED)
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
    house.desk(submissions.decide, ref, status=CaseStatus.PUBLISHED)
    case = house.desk(submissions.escalate, ref)
    assert (case.escalated, case.status, case.was_published) == (True, CaseStatus.RECEIVED, True)
    with pytest.raises(Refused):
        house.desk(submissions.escalate, ref)


def test_two_staff_deciding_at_once_do_not_overrule_each_other(house: House) -> None:
    ref = house.add().ref
    seen = house.case(ref).version
    house.desk(submissions.decide, ref, version=seen, status=CaseStatus.COUNTED, by="mair")
    with pytest.raises(Conflict, match="meanwhile"):
        house.desk(submissions.decide, ref, version=seen, status=CaseStatus.COUNTED, by="owain")
    for function, options in (
        (submissions.redact, {"public_text": "x", "kinds": []}),
        (submissions.reply, {"texts": {"cy": "x"}, "team": "Tai"}),
        (submissions.clear, {"words": []}),
        (submissions.escalate, {}),
        (submissions.merge, {"into": ref}),
    ):
        with pytest.raises(Conflict):
            house.desk(function, ref, version=seen, **options)
    assert house.case(ref).status == CaseStatus.COUNTED


def test_staff_at_several_workers_do_not_overrule_each_other(settings: Settings) -> None:
    with Store.open(settings) as first, Store.open(settings) as second:
        houses = [House(first), House(second)]
        refs = [houses[0].add().ref for _ in range(10)]

        def decide(number: int) -> str:
            status = CaseStatus.COUNTED if number % 2 else CaseStatus.DECLINED
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
            mine = [
                outcome
                for outcome in outcomes[number * 4 : number * 4 + 4]
                if outcome != "conflict"
            ]
            assert mine == [houses[0].case(ref).status]
            assert len(houses[0].read(submissions.history, ref)) == 2


def test_a_tenant_who_withdraws_is_not_decided_over(house: House) -> None:
    ref = house.add().ref
    seen = house.case(ref).version
    house.tenant(submissions.withdraw, ref)
    with pytest.raises(Conflict):
        house.desk(submissions.decide, ref, version=seen, status=CaseStatus.COUNTED)
    for function, options in (
        (submissions.decide, {"status": CaseStatus.RECEIVED}),
        (submissions.reply, {"texts": {"cy": "x"}, "team": "Tai"}),
        (submissions.redact, {"public_text": "x", "kinds": []}),
    ):
        with pytest.raises(Refused) as refusal:
            house.desk(function, ref, **options)
        assert refusal.value.rule == "withdrawn"
    assert house.tenant(submissions.withdraw, ref).version == house.case(ref).version


def test_a_decision_that_changes_nothing_is_refused(house: House) -> None:
    ref = house.add().ref
    for status, rule in ((CaseStatus.RECEIVED, "already"), (CaseStatus.WITHDRAWN, "withdrawn")):
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


def test_a_duplicate_keeps_its_people_and_is_answered_with_the_other(house: House) -> None:
    first, second, third = (house.add().ref for _ in range(3))
    house.desk(submissions.merge, third, into=second)
    merged = house.desk(submissions.merge, second, into=first)
    assert (merged.merged_into, merged.status) == (first, CaseStatus.RECEIVED)
    assert house.case(first).people == 3
    assert {case.ref for case in house.read(submissions.followers, first)} == {second, third}
    assert [line.case.ref for line in house.read(queue_page).cases] == [first]
    assert house.read(queue_page, QueueWish(words="F-")).total == 3
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
        (submissions.decide, {"status": CaseStatus.COUNTED}),
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


def test_the_public_knows_of_decisions_and_of_what_it_once_saw(house: House) -> None:
    def at(status: CaseStatus, **options: Any) -> str:
        ref = house.add().ref
        house.redact(ref)
        house.desk(submissions.decide, ref, status=status, **options)
        return ref

    house.add()  # nobody has decided about it
    published = at(CaseStatus.PUBLISHED)
    counted = at(CaseStatus.COUNTED)
    declined = at(CaseStatus.DECLINED, reason={"cy": "Na."})
    routed = at(CaseStatus.ROUTED, route=Route.COMPLAINT)
    withdrawn, reopened, escalated, merged = (at(CaseStatus.PUBLISHED) for _ in range(4))
    house.tenant(submissions.withdraw, withdrawn)
    house.desk(submissions.decide, reopened, status=CaseStatus.RECEIVED)
    house.desk(submissions.escalate, escalated)
    house.desk(submissions.merge, merged, into=published)
    hidden = at(CaseStatus.COUNTED)
    house.desk(submissions.escalate, hidden)
    never = house.add().ref
    house.tenant(submissions.withdraw, never)

    public = {case.ref: case for case in house.read(lambda conn: list(submissions.public(conn)))}
    once = {withdrawn, reopened, escalated, merged}
    assert set(public) == {published, counted, declined, routed} | once
    assert {ref for ref, case in public.items() if case.was_published} == {published} | once
    assert [ref for ref, case in public.items() if case.status == CaseStatus.PUBLISHED] == sorted(
        [published, merged]
    )


def test_the_public_is_gone_through_whole_however_much_there_is(
    sqlite_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "BATCH", 7)

    def fill(conn: Connection) -> list[str]:
        arguments: dict[str, Any] = {"now": NOW, "due": DUE, "random": Random(1)}
        tokens = sqlite_house.store.tokens
        refs = [
            submissions.add(conn, tokens, IDEA, idempotency=str(number), **arguments).ref
            for number in range(40)
        ]
        for ref in refs:
            submissions.decide(conn, ref, version=1, status=CaseStatus.COUNTED, by="mair", now=NOW)
        return refs

    refs = sqlite_house.store.write_now(fill)
    public_cases = sqlite_house.read(lambda conn: list(submissions.public(conn)))
    assert [case.ref for case in public_cases] == sorted(refs)


DECISIONS: dict[str, dict[str, Any]] = {
    "publish": {"status": CaseStatus.PUBLISHED},
    "count": {"status": CaseStatus.COUNTED},
    "route": {"status": CaseStatus.ROUTED, "route": Route.REPAIR},
    "decline": {"status": CaseStatus.DECLINED, "reason": {"en": "No."}},
    "reopen": {"status": CaseStatus.RECEIVED},
}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(steps=["publish", "escalate"])
@example(steps=["publish", "forget", "count", "forget"])
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
    house.redact(ref)  # so that it may be published at any time
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
