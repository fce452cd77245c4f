"""How somebody needs to be answered is kept for the case, and honoured on its face."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from commands.story.actors import hidden
from feedback.model import AccessNeed, ForWhom
from feedback.store.actions import submissions
from tests.desk import Colleague, case_of, colleague
from tests.speaking import Speaking, filled
from tests.test_conversation import ANSWER, reference

if TYPE_CHECKING:
    from feedback.model import Contact

NEEDS = {"need_large-print": "yes", "need_interpreter": "yes", "needs_words": "Kurdî, please"}


@pytest.fixture
def mair(service: Speaking) -> Colleague:
    return colleague(service)


def contact(house: Speaking, ref: str) -> Contact:
    with house.store.read() as conn:
        return submissions.contact(conn, ref)


def test_it_is_asked_checked_kept_and_shown_beside_the_answer(
    service: Speaking, mair: Colleague
) -> None:
    typed = filled(for_whom="somebody", **NEEDS)
    checked = service.browser.post("/feedback/en/say", data=typed).text
    for words in ("Somebody I help", "Large print", "An interpreter", "Kurdî, please"):
        assert words in checked.partition("<dl")[2]
    sent = service.browser.post("/feedback/en/send", data=hidden(checked, "send"))
    ref = reference(service, sent.headers["location"])
    assert case_of(service, ref).for_whom == ForWhom.SOMEBODY
    assert contact(service, ref).needs == (AccessNeed.LARGE_PRINT, AccessNeed.INTERPRETER)
    desk = mair.get(f"case/{ref}").text
    answer = desk.partition('id="answer"')[2]
    assert "What this tenant needs:" in answer
    assert "Kurdî, please" in answer


def test_a_letter_to_whoever_needs_it_is_in_large_print(service: Speaking, mair: Colleague) -> None:
    place = service.say(answer_by="letter", address="1 Maes y Dref", **NEEDS)
    plain = service.say(answer_by="letter", address="2 Maes y Dref")
    for receipt in (place, plain):
        mair.done(reference(service, receipt), "reply", **ANSWER)
    assert 'class="on-desk letter large-print"' in mair.get("post/1").text
    assert 'class="on-desk letter"' in mair.get("post/2").text
    assert "Kurdî, please" in mair.get("post").text


def test_a_call_through_relay_uk_has_its_number(service: Speaking, mair: Colleague) -> None:
    typed = {"answer_by": "phone", "phone": "01632 960123", "need_relay": "yes"}
    ref = reference(service, service.say(**typed))
    assert 'href="tel:1800101632960123"' in mair.get(f"case/{ref}").text


def test_it_is_changed_by_its_sender_and_by_staff_and_goes_when_they_are_forgotten(
    service: Speaking, mair: Colleague
) -> None:
    place = service.say(**NEEDS)
    ref = reference(service, place)
    assert 'name="need_large-print" value="yes" checked' in service.browser.get(place).text
    typed = {"needs_asked": "yes", "need_bsl": "yes", "needs_words": "I sign"}
    service.browser.post(f"{place}/contact", data=typed)
    assert contact(service, ref).needs == (AccessNeed.BSL,)
    mair.done(ref, "contact", answer_by="receipt")  # a form that asks for no needs keeps them
    assert contact(service, ref).needs_words == "I sign"
    mair.done(ref, "contact", answer_by="receipt", needs_asked="yes", needs_words="")
    assert contact(service, ref).needs == ()
    service.browser.post(f"{place}/contact", data=typed)
    service.browser.post(f"{place}/forget")
    assert (contact(service, ref).needs, contact(service, ref).needs_words) == ((), "")


@pytest.mark.parametrize("typed", [{"need_bsl": "perhaps"}, {"for_whom": "them"}])
def test_what_no_form_of_ours_sends_is_told(service: Speaking, typed: dict[str, str]) -> None:
    answer = service.browser.post("/feedback/en/say", data=filled(**typed))
    assert answer.status_code == 422
    assert "Choose one of the answers." in answer.text
