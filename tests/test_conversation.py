"""A tenant may answer an answer: it joins the case, waits by a clock of its own, stays private."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from commands.story.actors import hidden
from feedback import publication
from feedback.model import CaseStatus, ClockState, Happening
from feedback.store import Conflict, Refused
from feedback.store.actions import follow_ups, submissions
from feedback.store.casework.follow_ups import turns
from feedback.store.casework.queues import DeskQueue, QueueWish, queue_page
from feedback.store.mail import outbox, staff_mail
from tests.copies import ROOT
from tests.desk import Colleague, case_of, colleague
from tests.speaking import Speaking, speaking
from tests.tenants import DUE, LATER, House, everything, sent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from feedback.store.casework.follow_ups import Turn

pytestmark = pytest.mark.long

AGAIN = LATER + timedelta(days=1)
NEW_DUE = date(2026, 3, 20)
WORDS = "Mae'r wal yn wlyb o hyd, meddai Siân Prys."


def write_again(house: House, ref: str, words: str = WORDS, **more: Any) -> None:
    options: dict[str, Any] = {"lang": "cy", "idempotency": words, "now": AGAIN, "due": NEW_DUE}
    options |= {"idempotency": f"{ref} {words}"} | more
    house.store.write_now(lambda conn: follow_ups.write_again(conn, ref, words, **options))


def answered(house: House, **changes: Any) -> str:
    """Answer something in the language asked for; returns its reference."""
    ref = house.add(sent(**changes)).ref
    answer = {"texts": {"cy": "Daw rhywun."}, "team": "repairs", "wanted": {"cy"}}
    house.desk(submissions.reply, ref, **answer)
    return ref


def answer_again(house: House, ref: str, text: str = "Fe ddown ni eto.", **more: Any) -> None:
    options = {"texts": {"cy": text}, "team": "repairs", "wanted": {"cy"}} | more
    house.desk(follow_ups.answer_again, ref, **{"now": AGAIN + timedelta(hours=1)} | options)


def conversation(house: House, ref: str) -> tuple[Turn, ...]:
    written: tuple[Turn, ...] = house.read(turns, [house.case(ref).id])
    return written


def waiting(house: House) -> set[str]:
    page = house.read(queue_page, QueueWish(queue=DeskQueue.OPEN))
    return {queued.case.ref for queued in page.cases}


# ------------------------------------------------------------------ the clock


def test_an_answer_that_is_answered_waits_again_by_a_day_of_its_own(house: House) -> None:
    ref = answered(house)
    assert waiting(house) == set()
    write_again(house, ref)
    case = house.case(ref)
    assert (case.next_day, case.promised_day, case.state(NEW_DUE)) == (
        NEW_DUE, None, ClockState.OPEN,
    )  # fmt: skip
    assert case.overdue(NEW_DUE + timedelta(days=1))
    assert waiting(house) == {ref}
    happened = [event.what for event in house.read(submissions.history, ref)]
    assert happened[-1] == Happening.FOLLOWED_UP
    answer_again(house, ref)
    assert house.case(ref).next_day is None
    assert waiting(house) == set()
    (turn,) = conversation(house, ref)
    assert (turn.sent.said, turn.answer, turn.team) == (
        WORDS, {"cy": "Fe ddown ni eto."}, "repairs",
    )  # fmt: skip


def test_what_comes_before_an_answer_is_answered_with_the_first_words(house: House) -> None:
    ref = house.add().ref
    write_again(house, ref)
    assert house.case(ref).next_day == DUE
    house.desk(submissions.reply, ref, texts={"cy": "Daw rhywun."}, team="repairs", wanted={"cy"})
    assert house.case(ref).next_day is None


def test_it_is_answered_in_the_language_that_was_asked_for(house: House) -> None:
    ref = answered(house)
    write_again(house, ref)
    answer_again(house, ref, texts={"en": "We come again."})
    assert house.case(ref).next_day == NEW_DUE
    answer_again(house, ref)
    assert house.case(ref).next_day is None
    assert set(conversation(house, ref)[0].answer) == {"en", "cy"}


def test_thanks_need_no_answer(house: House) -> None:
    ref = answered(house)
    write_again(house, ref, "Diolch!")
    house.desk(follow_ups.leave_unanswered, ref)
    assert house.case(ref).next_day is None
    with pytest.raises(Refused, match="waits"):
        house.desk(follow_ups.leave_unanswered, ref)


def test_a_second_answer_amends_and_a_second_follow_up_begins_a_new_turn(house: House) -> None:
    ref = answered(house)
    write_again(house, ref)
    answer_again(house, ref)
    answer_again(house, ref, "Fe ddown ni ddydd Llun.")
    assert conversation(house, ref)[0].answer == {"cy": "Fe ddown ni ddydd Llun."}
    write_again(house, ref, "Ddaeth neb.", now=AGAIN + timedelta(days=2))
    assert [turn.answer for turn in conversation(house, ref)] == [
        {"cy": "Fe ddown ni ddydd Llun."},
        {},
    ]


# ------------------------------------------------------------------ nobody is forgotten


def test_staff_are_told_that_it_is_so(speaker: Speaking, mair: Colleague) -> None:
    assert mair.post("account", email="mair@example.org").status_code == 303
    place = speaker.say()
    ref = reference(speaker, place)
    mair.done(ref, "reply", **ANSWER)
    send(speaker, place, "No ladder came.")
    mails = speaker.store.write_now(
        lambda conn: staff_mail.due(conn, now=speaker.clock(), lease=timedelta(minutes=5))
    )
    assert [mail.facts for mail in mails if mail.alarm == staff_mail.Alarm.FOLLOWED] == [
        {"ref": ref}
    ]


def test_a_double_click_is_kept_once_and_nobody_floods_a_case(house: House) -> None:
    ref = answered(house)
    write_again(house, ref)
    write_again(house, ref)
    assert len(conversation(house, ref)) == 1
    for number in range(follow_ups.MOST - 1):
        write_again(house, ref, f"Eto {number}")
    with pytest.raises(Refused) as refusal:
        write_again(house, ref, "Eto fyth")
    assert refusal.value.rule == "often"
    write_again(house, ref, "Drannoeth", now=AGAIN + follow_ups.MOST_WITHIN + timedelta(hours=1))


@pytest.mark.parametrize("end", [submissions.withdraw, submissions.forget])
def test_what_was_taken_back_or_forgotten_takes_no_more(house: House, end: Any) -> None:
    ref = answered(house)
    write_again(house, ref)
    house.tenant(end, ref, now=AGAIN)
    if end is submissions.forget:
        assert WORDS not in house.read(everything)
        assert waiting(house) == set()
    with pytest.raises(Refused) as refusal:
        write_again(house, ref, "Eto")
    assert refusal.value.rule == "forgotten"
    assert "Eto" not in house.read(everything)


def test_who_was_merged_is_answered_alone_and_opens_the_case_that_answers_them(
    house: House,
) -> None:
    head, other = house.add().ref, house.add().ref
    house.desk(submissions.merge, other, into=head)
    house.desk(submissions.reply, head, texts={"cy": "Daw rhywun."}, team="homes", wanted={"cy"})
    write_again(house, other)
    assert waiting(house) == {head}
    answer_again(house, head)
    assert conversation(house, other)[0].answer == {"cy": "Fe ddown ni eto."}
    assert conversation(house, head) == ()
    notices = house.store.write_now(
        lambda conn: outbox.due(conn, now=AGAIN, lease=timedelta(minutes=5))
    )
    assert [claimed.notice.ref for claimed in notices].count(other) >= 1


def test_a_clock_goes_along_when_cases_are_merged_and_taken_apart(house: House) -> None:
    head, other = answered(house), answered(house)
    write_again(house, other)
    house.desk(submissions.merge, other, into=head)
    assert house.case(head).next_day == NEW_DUE
    house.desk(submissions.unmerge, other)
    assert (house.case(head).next_day, house.case(other).next_day) == (None, NEW_DUE)
    house.desk(submissions.merge, other, into=head)
    house.tenant(submissions.withdraw, other, now=AGAIN)
    assert house.case(head).next_day is None


def test_an_answer_at_the_same_moment_is_looked_at_again(house: House) -> None:
    ref = answered(house)
    version = house.case(ref).version
    write_again(house, ref)
    with pytest.raises(Conflict):
        house.desk(submissions.reply, ref, texts={"cy": "Eto."}, team="homes", version=version)


# ------------------------------------------------------------------ nothing of it is public


def test_nothing_of_it_is_public_and_the_record_stays_as_it_was(
    house: House, speaker: Speaking
) -> None:
    ref = answered(house)
    house.redact(ref)
    house.desk(submissions.decide, ref, status=CaseStatus.PUBLISHED)
    before = publication.record_of(house.case(ref), speaker.site)
    assert before is not None
    write_again(house, ref)
    assert publication.record_of(house.case(ref), speaker.site) == before
    answer_again(house, ref)
    assert publication.record_of(house.case(ref), speaker.site) == before


# ------------------------------------------------------------------ on its pages


@pytest.fixture
def speaker(tmp_path: Path) -> Iterator[Speaking]:
    service = speaking(tmp_path, ROOT / "theme")
    with service.store:
        yield service


@pytest.fixture
def mair(speaker: Speaking) -> Colleague:
    return colleague(speaker)


def form_of(speaker: Speaking, place: str) -> dict[str, str]:
    return hidden(speaker.browser.get(place).text, "more")


def send(speaker: Speaking, place: str, words: str, **typed: str) -> Any:
    form = form_of(speaker, place) | {"danger": "no", "more": words} | typed
    return speaker.browser.post(f"{place}/more", data=form)


def reference(speaker: Speaking, place: str) -> str:
    match = re.search(r"<strong>(F-[A-Z0-9]+)</strong>", speaker.browser.get(place).text)
    assert match
    return match[1]


ANSWER = {"team": "repairs", "reply_en": "The ladder comes on Monday.", "reply_cy": "Daw'r ysgol."}


def test_it_is_written_on_the_receipt_answered_at_the_desk_and_read_on_the_receipt(
    speaker: Speaking, mair: Colleague
) -> None:
    place = speaker.say()
    ref = reference(speaker, place)
    mair.done(ref, "reply", **ANSWER)
    assert send(speaker, place, "No ladder came.").status_code == 303
    page = speaker.browser.get(place).text
    assert "No ladder came." in page
    assert "you get an answer by" in page
    desk = mair.get(f"case/{ref}").text
    assert "No ladder came." in desk
    assert desk.index("The gutter drips") < desk.index("No ladder came.")
    assert 'name="further_en"' in desk
    mair.done(ref, "reply", team="repairs", further_en="It broke. Tuesday.", further_cy="Mawrth.")
    page = speaker.browser.get(place).text
    assert page.index("No ladder came.") < page.index("It broke. Tuesday.")
    assert "The ladder comes on Monday." in page
    assert case_of(speaker, ref).reply["en"] == "The ladder comes on Monday."


def test_it_can_be_left_without_an_answer_at_the_desk(speaker: Speaking, mair: Colleague) -> None:
    place = speaker.say()
    ref = reference(speaker, place)
    mair.done(ref, "reply", **ANSWER)
    send(speaker, place, "Thank you!")
    mair.done(ref, "read")
    assert case_of(speaker, ref).next_day is None
    assert "We have read it." in speaker.browser.get(place).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"danger": ""}, "Say whether anyone is in danger."),
        ({"more": "x" * 5001}, "That is 5001 letters long."),
    ],
)
def test_a_fault_keeps_the_words(speaker: Speaking, typed: dict[str, str], sentence: str) -> None:
    answer = send(speaker, speaker.say(), "Still wet behind the bed.", **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert typed.get("more", "Still wet behind the bed.") in answer.text


def test_danger_shows_whom_to_ring_and_brings_the_words_back(speaker: Speaking) -> None:
    place = speaker.say()
    answer = send(speaker, place, "The ceiling is coming down.", danger="yes")
    assert "Ring now" in answer.text
    back = hidden(answer.text, "more")
    page = speaker.browser.post(f"{place}/more", data=back)
    assert "The ceiling is coming down." in page.text
    assert speaker.browser.get(place).text.count("The ceiling is coming down.") == 0


def test_what_was_taken_back_in_another_tab_shows_the_words_that_are_not_kept(
    speaker: Speaking,
) -> None:
    place = speaker.say()
    form = form_of(speaker, place) | {"danger": "no", "more": "And the door too."}
    speaker.browser.post(f"{place}/withdraw")
    answer = speaker.browser.post(f"{place}/more", data=form)
    assert answer.status_code == 422
    assert "You took this back" in answer.text
    assert "And the door too." in answer.text


def test_how_to_answer_goes_along_and_words_wait_while_it_is_kept(speaker: Speaking) -> None:
    place = speaker.say()
    form = form_of(speaker, place)
    typed = {"danger": "no", "more": "One more thing.", "answer_by": "letter", "address": "1 Maes"}
    answer = speaker.browser.post(f"{place}/contact", data=form | typed)
    assert "One more thing." in answer.text
    assert "1 Maes" in answer.text
    speaker.browser.post(f"{place}/more", data=form | typed | {"address": "2 Maes"})
    page = speaker.browser.get(place).text
    assert "One more thing." in page
    assert "2 Maes" in page
