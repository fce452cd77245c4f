"""At the desk: who gets in, what they see, and what may become of a tenant's words."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING, Any

import html5lib
import pytest
from sqlalchemy import select

from commands.story.actors import DESK, PASSWORD
from feedback.model import CaseStatus, StaffRole
from feedback.store import staff, submissions
from feedback.store.schema import ATTEMPTS
from feedback.web.desk.login import mark_cookie
from tests.copies import ROOT
from tests.desk import Colleague, case_of, colleague, newcomer, said
from tests.speaking import Speaking, speaking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.long

PAGES = ["", "add", "answers", "hands", "post", "staff", "account"]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Speaking]:
    service = speaking(tmp_path, ROOT / "theme")
    yield service
    service.store.close()


@pytest.fixture
def mair(house: Speaking) -> Colleague:
    return colleague(house)


# ---------------------------------------------------------------- at the door


def test_nobody_sees_the_desk_who_has_not_logged_in(house: Speaking) -> None:
    for page in PAGES:
        answer = house.browser.get(DESK + page)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(DESK + "log-in")


def test_nobody_changes_a_case_who_has_not_logged_in(house: Speaking) -> None:
    ref = said(house)
    answer = house.browser.post(f"{DESK}case/{ref}/count", data={"version": "1"})
    assert answer.status_code == 401
    assert f'action="{DESK}log-in"' in answer.text
    assert case_of(house, ref).status == CaseStatus.RECEIVED


def test_name_password_and_code_let_somebody_in_where_they_wanted_to_go(house: Speaking) -> None:
    mair = newcomer(house)
    wanted = mair.get("post").headers["location"]
    assert wanted.endswith("to=post")
    assert mair.log_in(to="post").headers["location"] == DESK + "post"
    assert mair.get().status_code == 200


def test_logging_in_leads_nowhere_but_to_the_desk(house: Speaking) -> None:
    mair = newcomer(house)
    for to in ("https://evil.example.org/", "..", "a b"):
        assert mair.log_in(to=to).headers["location"] == DESK
    assert mair.log_in(to="//evil.example.org").headers["location"].startswith(DESK)


def test_the_cookie_is_for_the_desk_alone_and_for_no_script(house: Speaking) -> None:
    cookie = newcomer(house).log_in().headers["set-cookie"].lower()
    for word in ("httponly", "samesite=strict", "secure", f"path={DESK}"):
        assert word in cookie


def test_whatever_is_wrong_the_answer_is_the_same(house: Speaking) -> None:
    mair = newcomer(house)
    answer = mair.log_in(password="wrong", code="111111").text
    for typed in ({"password": "another"}, {"code": "000000"}, {"code": ""}, {"name": "nobody"}):
        refused = mair.log_in(**typed)
        assert refused.status_code == 422
        assert refused.text.replace('value="nobody"', 'value="mair"') == answer
        assert "set-cookie" not in refused.headers


def test_somebody_whose_access_ended_is_told_no_more_than_a_stranger(house: Speaking) -> None:
    mair = newcomer(house)
    house.store.write_now(lambda conn: staff.change(conn, "mair", active=False))
    assert mair.log_in().text == mair.log_in(password="wrong").text


def test_a_code_opens_the_desk_once(house: Speaking) -> None:
    mair = newcomer(house)
    assert mair.log_in().status_code == 303
    again = {"name": "mair", "password": PASSWORD, "code": mair.code()}
    assert mair.browser.post(DESK + "log-in", data=again).status_code == 422


def test_guessing_ends_after_five_tries_and_begins_anew_later(house: Speaking) -> None:
    mair = newcomer(house)
    for _ in range(5):
        assert mair.log_in(password="guess").status_code == 422
    assert mair.log_in().status_code == 422
    house.clock.pass_by(minutes=16)
    assert mair.log_in().status_code == 303


def test_no_strangers_guesses_shut_somebody_out_of_a_browser_of_theirs(house: Speaking) -> None:
    mair = newcomer(house)
    assert mair.log_in().status_code == 303
    mair.post("log-out")
    stranger = Colleague(house, "mair", mair.secret)
    for _ in range(20):
        assert stranger.log_in(password="guess").status_code == 422
    assert stranger.log_in().status_code == 422  # even with everything right
    assert mair.log_in().status_code == 303


def test_guessing_in_a_browser_that_is_known_ends_too(house: Speaking) -> None:
    mair = newcomer(house)
    mair.log_in()
    mair.post("log-out")
    for _ in range(5):
        assert mair.log_in(password="guess").status_code == 422
    assert mair.log_in().status_code == 422
    assert Colleague(house, "mair", mair.secret).log_in().status_code == 303
    house.clock.pass_by(minutes=16)
    assert mair.log_in().status_code == 303


def test_a_browser_is_known_for_the_name_that_logged_in_from_it_alone(house: Speaking) -> None:
    mair, owain = newcomer(house), newcomer(house, "owain")
    mair.log_in()
    (cookie,) = [name for name in mair.browser.cookies if "mark" in name]
    owain.browser.cookies.set(mark_cookie("owain"), mair.browser.cookies[cookie])
    for _ in range(5):
        owain.log_in(password="guess")
    assert Colleague(house, "owain", owain.secret).log_in().status_code == 422


def test_a_new_browser_is_let_in_by_a_managers_link_while_somebody_guesses(
    house: Speaking,
) -> None:
    gwen = colleague(house, "gwen", StaffRole.MANAGE)
    page = gwen.post("staff", name="sian", role="publish", lang="cy").text
    password, secret, link = map(unescape, re.findall(r"<code>(.*?)</code>", page))
    sian = Colleague(house, "sian", secret)
    for _ in range(5):
        sian.log_in(password="guess")
    assert sian.log_in(password=password).status_code == 422
    answer = sian.browser.get(link)
    assert answer.headers["location"] == DESK + "log-in"  # the mark stays in no address
    assert sian.log_in(password=password).status_code == 303
    forged = Colleague(house, "sian", secret).browser.get(link[:-1] + "x")
    assert "set-cookie" not in forged.headers


def test_no_name_mark_or_address_of_a_guesser_is_kept(house: Speaking) -> None:
    mair = newcomer(house)
    mair.log_in()
    mair.log_in(password="guess")
    Colleague(house, "mair", mair.secret).log_in(password="guess")
    with house.store.read() as conn:
        attempts = str(conn.execute(select(ATTEMPTS)).all())
    marks = [value for name, value in mair.browser.cookies.items() if "mark" in name]
    assert marks
    for word in ("mair", *marks, "testclient", "127.0.0.1"):
        assert word not in attempts


def test_a_session_is_put_off_by_working_and_says_until_when(
    house: Speaking, mair: Colleague
) -> None:
    assert "You are logged in until 20:00" in mair.get().text
    house.clock.pass_by(hours=3)
    assert "You are logged in until 23:00" in mair.get().text
    house.clock.pass_by(hours=11)
    assert mair.get().status_code == 303


def test_no_work_keeps_a_session_open_for_ever(house: Speaking, mair: Colleague) -> None:
    for _ in range(3):
        house.clock.pass_by(hours=5)
        assert mair.get().status_code == 200
    house.clock.pass_by(hours=1)
    assert mair.get().status_code == 303


def test_logging_out_everywhere_ends_every_session(house: Speaking, mair: Colleague) -> None:
    elsewhere = Colleague(house, "mair", mair.secret)
    assert elsewhere.log_in().status_code == 303
    mair.post("log-out")
    assert mair.get().status_code == 303
    assert elsewhere.get().status_code == 200
    mair.log_in()
    mair.post("log-out", everywhere="yes")
    assert elsewhere.get().status_code == 303


def test_a_form_without_the_sessions_token_does_nothing(house: Speaking, mair: Colleague) -> None:
    ref = said(house)
    for token in ("", "0" * 64, "ŵ"):
        assert mair.act(ref, "count", token=token).status_code == 403
    assert case_of(house, ref).status == CaseStatus.RECEIVED


def test_a_form_from_another_site_does_nothing(house: Speaking, mair: Colleague) -> None:
    ref, token = said(house), mair.token()
    answer = mair.browser.post(
        f"{DESK}case/{ref}/count",
        data={"token": token, "version": "1"},
        headers={"origin": "https://evil.example.org"},
    )
    assert answer.status_code == 403
    assert case_of(house, ref).status == CaseStatus.RECEIVED


# ------------------------------------------------------------------ the queue


def test_the_queue_shows_the_promise_that_ends_first_in_front(
    house: Speaking, mair: Colleague
) -> None:
    first = said(house, said="The first")
    house.clock.pass_by(days=5)
    second = said(house, said="The second")
    mair.log_in()
    page = mair.get().text
    assert page.index(first) < page.index(second)
    assert "days left" in page
    house.clock.pass_by(days=10)
    mair.log_in()
    page = mair.get().text
    assert "1 promise is broken." in page
    assert "day overdue" in page
    overdue = mair.get("?overdue=yes").text
    assert first in overdue
    assert second not in overdue


def test_on_the_last_day_the_queue_says_so(house: Speaking, mair: Colleague) -> None:
    said(house)
    house.clock.pass_by(days=13)
    mair.log_in()
    assert "due tomorrow" in mair.get().text
    house.clock.pass_by(days=1)
    mair.log_in()
    assert "due today" in mair.get().text


def test_a_search_finds_words_names_and_references_and_stands_in_no_address(
    house: Speaking, mair: Colleague
) -> None:
    gutter = said(house, name="Ffion Ŵyn")
    said(house, said="The lift is broken.")
    for words in ("GUTTER", "ffion wyn", gutter.lower()):
        answer = mair.post("", words=words)
        if answer.status_code == 303:  # a whole reference leads to its case
            assert answer.headers["location"] == f"{DESK}case/{gutter}"
            continue
        assert re.findall(r">(F-\w{6})</a>", answer.text) == [gutter]
        assert "words=" not in answer.text


def test_filters_and_tabs_narrow_the_queue(house: Speaking, mair: Colleague) -> None:
    ref = said(house)
    other = said(house, topic="")
    assert other not in mair.get("?topic=repairs").text
    mair.done(ref, "count")
    assert ref in mair.get().text  # counting answers nobody
    mair.done(ref, "reply", team="repairs", reply_en="Thank you.")
    assert ref not in mair.get().text
    assert ref in mair.get("?queue=done").text


def test_an_odd_address_shows_a_queue_all_the_same(mair: Colleague) -> None:
    for query in ("?queue=odd", "?page=0", "?page=99999999999999999999", "?page=²", "?topic=<b>"):
        assert mair.get(query).status_code == 200


def test_a_long_queue_has_pages(house: Speaking, mair: Colleague) -> None:
    refs = [said(house, said=f"Number {number}") for number in range(27)]
    first = mair.get().text
    assert "Page 1 of 2" in first
    second = mair.post("", page="2").text
    for ref in refs:
        assert (ref in first) != (ref in second)


# ------------------------------------------------------------- one case, read


def test_what_looks_personal_is_marked_with_its_kind_in_words(
    house: Speaking, mair: Colleague
) -> None:
    ref = said(
        house, said="Mrs Jones of 12 Station Road. Call 01632 960123, ask for Wil.", name="Wil"
    )
    page = mair.get(f"case/{ref}").text
    marks = re.findall(r"<mark>(.*?)<span[^>]*> \((.*?)\)</span></mark>", page)
    assert marks == [
        ("Mrs Jones", "name"),
        ("12 Station Road", "address"),
        ("01632 960123", "phone number"),
        ("Wil", "name"),
    ]


def test_a_tenants_words_are_text_wherever_they_stand(house: Speaking, mair: Colleague) -> None:
    words = """</textarea><script>alert(1)</script>"><img src=x onerror=y>"""
    ref = said(house, said=words, name=words)
    for page in (mair.get(f"case/{ref}").text, mair.get().text):
        assert words not in page
        assert escape(words, quote=False) in page.replace("&#34;", '"')


def test_a_case_that_is_not_there_is_a_404(mair: Colleague) -> None:
    assert mair.get("case/F-222222").status_code == 404
    assert mair.post("case/F-222222/count", version="1").status_code == 404
    assert mair.get("case/F%00").status_code == 404
    assert mair.post("case/F%00/count", version="1").status_code == 404
    assert mair.post(f"post/{10**30}/done").status_code == 404
    assert mair.post(f"hands/{10**30}/remove").status_code == 404


def test_duplicates_are_proposed_across_the_languages_and_merges_come_apart(
    house: Speaking, mair: Colleague
) -> None:
    welsh = said(house, "cy", said="Mae lleithder a llwydni du ar wal y llofft bob gaeaf.")
    said(house, said="The bus is late.")
    ref = said(house, said="There is damp and black mould on the bedroom wall every winter.")
    page = mair.get(f"case/{ref}").text
    assert re.findall(r'name="into" value="([^"]+)"', page) == [welsh]
    assert "Merged." in mair.done(ref, "merge", into=welsh)
    assert case_of(house, welsh).people == 2
    assert "on its own again" in mair.done(ref, "unmerge")
    assert case_of(house, welsh).people == 1


def test_a_merge_into_nothing_is_refused_in_words(house: Speaking, mair: Colleague) -> None:
    ref = said(house)
    for other in ("F-222222", "", "rubbish"):
        answer = mair.act(ref, "merge", other=other)
        assert answer.status_code == 422
        assert "nothing with that reference" in answer.text


# ----------------------------------------------------- one case, dealt with


def test_nothing_personal_is_published_before_it_is_taken_out_or_found_harmless(
    house: Speaking, mair: Colleague
) -> None:
    ref = said(house, said="Dr Who at 12 Station Road knows.")
    assert "public words first" in mair.act(ref, "publish").text
    mair.done(ref, "save", public_text="Dr Who at 12 Station Road knows.", kinds=["name"])
    blocked = mair.act(ref, "publish")
    assert blocked.status_code == 422
    assert "Dr Who and 12 Station Road" in blocked.text
    mair.done(ref, "save", public_text="Dr Who at a street knows.", kinds=["address"])
    assert mair.act(ref, "publish").status_code == 422
    mair.done(ref, "save", harmless=["Dr Who"])
    mair.done(ref, "publish")
    case = case_of(house, ref)
    assert (case.status, case.redacted, case.cleared) == ("published", ("address",), ("Dr Who",))


def test_published_words_cannot_become_personal_again(house: Speaking, mair: Colleague) -> None:
    ref = published(house, mair)
    answer = mair.act(ref, "save", public_text="Ring Mrs Jones", kinds=[])
    assert answer.status_code == 422
    assert "Ring Mrs Jones" in answer.text  # still there to be mended
    assert case_of(house, ref).public_text == "The gutter drips."


def test_an_answer_that_goes_public_names_nobody_but_may_name_us(
    house: Speaking, mair: Colleague
) -> None:
    ref = published(house, mair)
    private = mair.act(ref, "reply", team="repairs", reply_en="Dear Mrs Jones, we come.")
    assert private.status_code == 422
    assert "Dear Mrs Jones" in private.text
    mair.done(ref, "reply", team="repairs", reply_en=f"Ring {house.site.phone}.")


def test_an_answer_written_before_is_looked_through_when_it_goes_public(
    house: Speaking, mair: Colleague
) -> None:
    ref = said(house)
    mair.done(ref, "reply", team="repairs", reply_en="Dear Mrs Jones, we come.")
    mair.done(ref, "save", public_text="It drips.")
    assert mair.act(ref, "publish").status_code == 422


def test_a_language_without_an_answer_is_flagged(house: Speaking, mair: Colleague) -> None:
    ref = said(house)
    page = mair.done(ref, "reply", team="repairs", reply_en="We come on Monday.")
    assert "Not answered yet in Welsh." in page
    page = mair.done(ref, "reply", team="repairs", reply_cy="Fe ddown ni ddydd Llun.")
    assert "Not answered yet" not in page
    assert case_of(house, ref).reply == {
        "en": "We come on Monday.",
        "cy": "Fe ddown ni ddydd Llun.",
    }


def test_an_answer_that_lacks_something_stays_typed(house: Speaking, mair: Colleague) -> None:
    ref = said(house)
    lacking = [
        ({"reply_en": "Yes, my answer"}, "Choose the team"),
        ({"team": "ghosts", "reply_en": "Yes, my answer"}, "Choose the team"),
        ({"team": "repairs"}, "no words yet"),
        ({"team": "repairs", "reply_en": "x" * 5_001}, "too long"),
    ]
    for typed, words in lacking:
        answer = mair.act(ref, "reply", **typed)
        assert answer.status_code == 422
        assert words in answer.text
        assert typed.get("reply_en", "") in answer.text
    assert case_of(house, ref).answered is None


def test_declining_needs_a_reason_and_the_tenant_reads_it(house: Speaking, mair: Colleague) -> None:
    receipt = house.say()
    ref = re.findall(r"F-\w{6}", house.browser.get(receipt).text)[0]
    assert "Say why" in mair.act(ref, "decline").text
    mair.done(ref, "decline", reason_en="The council owns that gutter.")
    assert "The council owns that gutter." in house.browser.get(receipt).text


def test_handing_over_needs_somebody_to_hand_it_to(house: Speaking, mair: Colleague) -> None:
    ref = said(house)
    assert "to whom" in mair.act(ref, "route", route="moon").text
    mair.done(ref, "route", route="repair")
    assert case_of(house, ref).route == "repair"
    mair.done(ref, "reopen")
    assert case_of(house, ref).status == CaseStatus.RECEIVED


def test_who_asks_for_a_complaint_is_handed_over_as_one(house: Speaking, mair: Colleague) -> None:
    place = house.say(complaint="yes")
    ref = re.findall(r"F-\w{6}", house.browser.get(place).text)[0]
    assert "wants this treated as a complaint." in mair.get(f"case/{ref}").text
    mair.done(ref, "route", route="complaint")
    assert "We passed it on to the people who deal" in house.browser.get(place).text
    assert "wants this treated as a complaint." not in mair.get(f"case/{said(house)}").text


def test_without_the_tenants_yes_it_is_only_counted(house: Speaking, mair: Colleague) -> None:
    ref = said(house, may_publish="no")
    page = mair.get(f"case/{ref}").text
    assert "did not agree" in page
    assert "/publish" not in page
    assert mair.act(ref, "publish").status_code == 422
    mair.done(ref, "count")


def test_what_is_stopped_for_safety_never_goes_public(house: Speaking, mair: Colleague) -> None:
    ref = published(house, mair)
    assert "Tick that you are sure" in mair.act(ref, "escalate").text
    page = mair.done(ref, "escalate", sure="yes")
    assert case_of(house, ref).status == CaseStatus.RECEIVED
    assert "/publish" not in page
    assert 'name="public_text"' not in page
    assert mair.act(ref, "publish").status_code == 422
    assert ref in mair.get("?queue=danger").text


def test_of_two_who_decide_at_once_the_second_is_shown_the_case_anew(
    house: Speaking, mair: Colleague
) -> None:
    ref, owain = said(house), colleague(house, "owain")
    seen = str(case_of(house, ref).version)
    mair.done(ref, "route", route="repair")
    answer = owain.act(ref, "decline", version=seen, reason_en="My long and careful reason")
    assert answer.status_code == 409
    assert "Somebody else changed this" in answer.text
    assert "My long and careful reason" in answer.text
    assert "Handed over" in answer.text
    assert case_of(house, ref).status == CaseStatus.ROUTED


def test_a_form_whose_version_makes_no_sense_is_a_conflict(
    house: Speaking, mair: Colleague
) -> None:
    ref = said(house)
    for version in ("", "-1", "one", "²", "9" * 30):
        assert mair.act(ref, "count", version=version).status_code == 409


def test_notes_and_history_tell_who_did_what(house: Speaking, mair: Colleague) -> None:
    ref, owain = said(house), colleague(house, "owain", StaffRole.ANSWER)
    owain.done(ref, "save", note="I rang. <b>Nobody</b> there.")
    page = mair.done(ref, "count")
    assert "I rang. &lt;b&gt;Nobody&lt;/b&gt; there." in page
    history = page[page.index('class="history"') :]
    expected = ["It came in", "the tenant", "Left a note", "owain", "Only counted it", "mair"]
    assert sorted(expected, key=history.index) == expected


def test_contact_is_changed_for_a_tenant_who_rings(house: Speaking, mair: Colleague) -> None:
    ref = said(house)
    wrong = mair.act(ref, "contact", answer_by="email", email="ffion")
    assert wrong.status_code == 422
    assert 'value="ffion"' in wrong.text
    assert mair.act(ref, "contact", answer_by="pigeon").status_code == 422
    mair.done(ref, "contact", answer_by="email", email="ffion@example.org", name="Ffion")
    assert case_of(house, ref).answer_by == "email"


def test_a_tenant_is_forgotten_when_they_ask_and_only_then(
    house: Speaking, mair: Colleague
) -> None:
    ref = said(house, name="Ffion")
    assert "Tick that you are sure" in mair.act(ref, "forget").text
    page = mair.done(ref, "forget", sure="yes")
    assert "Ffion" not in page
    assert "gutter" not in page
    with house.store.read() as conn:
        assert submissions.said(conn, ref) == ""


def test_a_tenant_takes_their_words_back_by_phone(house: Speaking, mair: Colleague) -> None:
    ref = published(house, mair)
    page = mair.done(ref, "withdraw", sure="yes")
    assert case_of(house, ref).status == CaseStatus.WITHDRAWN
    assert 'name="public_text"' not in page
    assert mair.act(ref, "count").status_code == 422


# --------------------------------------------------------------------- roles


def test_who_only_answers_does_not_decide(house: Speaking) -> None:
    ref, nia = said(house), colleague(house, "nia", StaffRole.ANSWER)
    page = nia.get(f"case/{ref}").text
    for action in ("publish", "count", "decline", "reopen", "withdraw", "forget"):
        answer = nia.act(ref, action, sure="yes", reason_en="No")
        assert answer.status_code == 403
        assert "Your role" in answer.text
        assert f'/{action}"' not in page
    assert case_of(house, ref).version == 1


def test_only_who_manages_sees_the_staff(house: Speaking, mair: Colleague) -> None:
    assert mair.get("staff").status_code == 403
    assert colleague(house, "gwen", StaffRole.MANAGE).get("staff").status_code == 200


# ---------------------------------------------------- what was heard elsewhere

HEARD = {
    "channel": "phone",
    "said_on": "2026-03-02",
    "lang": "cy",
    "sort": "problem",
    "said": "Mae'r landar yn diferu.",
    "topic": "repairs",
    "may_publish": "yes",
    "answer_by": "phone",
    "phone": "01632 960123",
}


def test_what_is_heard_by_phone_counts_from_the_day_it_was_said(
    house: Speaking, mair: Colleague
) -> None:
    answer = mair.post("add", once="1", **HEARD)
    assert answer.status_code == 303, answer.text
    assert mair.post("add", once="1", **HEARD).headers["location"] == answer.headers["location"]
    ref = re.findall(r"F-\w{6}", answer.headers["location"])[0]
    case = case_of(house, ref)
    assert (case.channel, case.lang, case.due.isoformat()) == ("phone", "cy", "2026-03-16")
    assert "mair" in mair.get(f"case/{ref}").text


def test_what_is_wrong_with_it_is_said_and_what_was_typed_stays(mair: Colleague) -> None:
    faults = [
        ({"channel": "web"}, "how you heard it"),
        ({"channel": ""}, "how you heard it"),
        ({"lang": "fr"}, "Choose the language"),
        ({"said_on": "2027-01-01"}, "a day that has been"),
        ({"said_on": "yesterday"}, "a day that has been"),
        ({"said_on": "0001-01-01"}, "a day that has been"),
        ({"said": ""}, "Write what you want to say"),
        ({"phone": ""}, "phone number"),
        ({"sort": "reply"}, "Start again"),
        ({"about_kind": "post", "about_key": "no-such-post"}, "no such thing on the site"),
    ]
    for wrong, words in faults:
        answer = mair.post("add", **HEARD | wrong)
        assert answer.status_code == 422
        assert words in answer.text
        assert wrong.get("said", "landar") in answer.text


def test_a_show_of_hands_is_counted_and_taken_back(mair: Colleague) -> None:
    hands = {"kind": "roadmap", "key": "dry-walls", "channel": "meeting", "place": "Y neuadd"}
    answer = mair.post("hands", count="14", **hands)
    page = mair.browser.get(answer.headers["location"]).text
    assert "Elsewhere: 14." in page
    number = re.findall(r"hands/(\d+)/remove", page)[0]
    mair.post(f"hands/{number}/remove", kind="roadmap", key="dry-walls")
    assert "Elsewhere: 0." in mair.get("hands?kind=roadmap&key=dry-walls").text


def test_hands_for_nothing_and_of_nobody_are_refused(mair: Colleague) -> None:
    hands = {"kind": "roadmap", "key": "dry-walls", "channel": "meeting", "count": "3"}
    for wrong in (
        {"count": "0"},
        {"count": "²"},
        {"key": "moon"},
        {"kind": "post"},
        {"channel": "web"},
    ):
        assert mair.post("hands", **hands | wrong).status_code == 422


# ------------------------------------------------------------- the post room


def test_a_letter_tells_the_answer_in_the_tenants_language(
    house: Speaking, mair: Colleague
) -> None:
    address = "12 Heol y Bont\nAbergwennol"
    ref = said(house, "cy", answer_by="letter", address=address, name="Ffion", answer_lang="cy")
    mair.done(ref, "reply", team="repairs", reply_cy="Fe ddown ni ddydd Llun.")
    listed = mair.get("post").text
    number = re.findall(r"desk/post/(\d+)\"", listed)[0]
    letter = mair.get(f"post/{number}").text
    for words in (
        'lang="cy"',
        "12 Heol y Bont",
        "Fe ddown ni ddydd Llun.",
        "Y tîm atgyweirio",
        "https://tiny.example.org/feedback/cy/find",
        ref,
    ):
        assert words in letter
    assert "gutter" not in letter
    mair.post(f"post/{number}/done")
    assert ref not in mair.get("post").text
    assert "Told the tenant" in mair.get(f"case/{ref}").text
    assert mair.get(f"post/{number}").status_code == 404


def test_an_email_that_could_not_be_delivered_is_shown_and_tried_again(
    house: Speaking, mair: Colleague
) -> None:
    from datetime import timedelta

    from feedback.store import outbox

    ref = said(house, answer_by="email", email="ffion@example.org")
    now = house.clock()

    def fail(conn: Any) -> int:
        (claimed,) = outbox.due(conn, now=now, lease=timedelta(minutes=1))
        outbox.failed(conn, claimed.id, why="550 no such mailbox", now=now, for_good=True)
        return claimed.id

    number = house.store.write_now(fail)
    page = mair.get("post").text
    assert ref in page
    assert "550 no such mailbox" in page
    mair.post(f"post/{number}/retry")
    assert ref not in mair.get("post").text
    again = house.store.write_now(
        lambda conn: outbox.due(conn, now=house.clock(), lease=timedelta(minutes=1))
    )
    assert [case.id for case in again] == [number]


# --------------------------------------------------------------------- staff


def test_a_manager_lets_somebody_in_and_out_again(house: Speaking) -> None:
    gwen = colleague(house, "gwen", StaffRole.MANAGE)
    page = gwen.post("staff", name="Siân Ŵyn/2", role="publish", lang="cy").text
    password, secret, _link = re.findall(r"<code>(.*?)</code>", page)
    sian = Colleague(house, "Siân Ŵyn/2", secret)
    assert sian.log_in(password=password).status_code == 303
    assert 'lang="cy"' in sian.get().text
    gwen.post("staff/change", name="Siân Ŵyn/2", do="stop")
    assert sian.get().status_code == 303
    assert "<code>" not in gwen.get("staff").text


def test_new_keys_make_the_old_ones_void(house: Speaking, mair: Colleague) -> None:
    gwen = colleague(house, "gwen", StaffRole.MANAGE)
    page = gwen.post("staff/change", name="mair", do="keys").text
    password, secret, _link = re.findall(r"<code>(.*?)</code>", page)
    assert secret != mair.secret
    assert mair.get().status_code == 303
    assert mair.log_in(password=password).status_code == 422
    assert Colleague(house, "mair", secret).log_in(password=password).status_code == 303
    assert gwen.post("staff/change", name="nobody", do="keys").status_code == 404


def test_a_name_is_given_once(house: Speaking) -> None:
    gwen = colleague(house, "gwen", StaffRole.MANAGE)
    for name, words in (("gwen", "already"), ("", "a name"), ("x" * 201, "a name")):
        answer = gwen.post("staff", name=name, role="answer", lang="en")
        assert answer.status_code == 422
        assert words in answer.text


@pytest.mark.parametrize("change", [{"role": "answer"}, {"do": "stop"}])
def test_the_last_who_manages_cannot_be_lost(house: Speaking, change: dict[str, str]) -> None:
    gwen = colleague(house, "gwen", StaffRole.MANAGE)
    answer = gwen.post("staff/change", name="gwen", **change)
    assert answer.status_code == 422
    assert gwen.get("staff").status_code == 200


def test_people_change_their_own_password(mair: Colleague) -> None:
    def change(**typed: str) -> int:
        right = {"old": PASSWORD, "new": "another three words", "again": "another three words"}
        return mair.post("account", **right | typed).status_code

    for wrong in ({"old": "x"}, {"new": "short", "again": "short"}, {"again": "another"}):
        assert change(**wrong) == 422
    assert change() == 303
    assert mair.get().status_code == 303
    assert mair.log_in().status_code == 422
    assert mair.log_in(password="another three words").status_code == 303


# ----------------------------------------------------------- every page there


def test_the_desk_speaks_both_languages(house: Speaking, mair: Colleague) -> None:
    ref = said(house)
    page = mair.get(f"case/{ref}").text
    assert f'formaction="{DESK}case/{ref}/keep?lang=cy"' in page
    assert mair.act(ref, "keep?lang=cy", reply_cy="Diolch").headers["location"].endswith("lang=cy")
    answer = mair.get(f"case/{ref}?lang=cy")
    assert answer.headers["location"] == f"{DESK}case/{ref}"
    for path in (f"case/{ref}", *PAGES[:4]):
        assert '<html lang="cy">' in mair.get(path).text
    mair.post("account", lang="en")
    assert '<html lang="en">' in mair.get().text


def test_every_page_is_well_formed_private_and_without_inline_code(house: Speaking) -> None:
    gwen = colleague(house, "gwen", StaffRole.MANAGE)
    ref = said(house, said="Mrs Jones, 12 Station Road")
    gwen.done(ref, "save", public_text="Mrs Jones")
    said(house, said="Mrs Jones, again on 12 Station Road")
    pages = [gwen.get(path) for path in (*PAGES, f"case/{ref}")]
    pages += [gwen.browser.get(DESK + "log-in"), gwen.act(ref, "publish")]
    pages += [gwen.post("staff", name="new", role="answer", lang="en")]
    for page in pages:
        if page.status_code == 303:
            continue
        assert page.headers["cache-control"] in {"no-store", "no-cache, private"}
        assert "default-src 'none'" in page.headers["content-security-policy"]
        html5lib.HTMLParser(strict=True).parse(page.text)
        assert not re.search(r"<script(?! src=)|<style|\sstyle=|\son\w+=", page.text)


def published(house: Speaking, somebody: Colleague) -> str:
    """A case whose words stand in public."""
    ref = said(house)
    somebody.done(ref, "save", public_text="The gutter drips.")
    somebody.done(ref, "publish")
    return ref
