"""At the desk: what staff see, and what may become of a tenant's words."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

import html5lib
import pytest

from commands.story.actors import DESK
from feedback.model import CaseStatus, StaffRole
from feedback.store.actions import submissions
from tests.desk import PAGES, Colleague, case_of, colleague, said

if TYPE_CHECKING:
    from tests.speaking import Speaking

pytestmark = pytest.mark.long


@pytest.fixture
def mair(service: Speaking) -> Colleague:
    return colleague(service)


# ------------------------------------------------------------------ the queue


def test_the_queue_shows_the_promise_that_ends_first_in_front(
    service: Speaking, mair: Colleague
) -> None:
    first = said(service, said="The first")
    service.clock.pass_by(days=5)
    second = said(service, said="The second")
    mair.log_in()
    page = mair.get().text
    assert page.index(first) < page.index(second)
    assert "days left" in page
    service.clock.pass_by(days=10)
    mair.log_in()
    page = mair.get().text
    assert "1 promise is broken." in page
    assert "day overdue" in page
    overdue = mair.get("?overdue=yes").text
    assert first in overdue
    assert second not in overdue


def test_on_the_last_day_the_queue_says_so(service: Speaking, mair: Colleague) -> None:
    said(service)
    service.clock.pass_by(days=13)
    mair.log_in()
    assert "due tomorrow" in mair.get().text
    service.clock.pass_by(days=1)
    mair.log_in()
    assert "due today" in mair.get().text


def test_a_search_finds_words_names_and_references_and_stands_in_no_address(
    service: Speaking, mair: Colleague
) -> None:
    gutter = said(service, name="Ffion Ŵyn")
    said(service, said="The lift is broken.")
    for words in ("GUTTER", "ffion wyn", gutter.lower()):
        answer = mair.post("", words=words)
        if answer.status_code == 303:  # a whole reference leads to its case
            assert answer.headers["location"] == f"{DESK}case/{gutter}"
            continue
        assert re.findall(r">(F-\w{6})</a>", answer.text) == [gutter]
        assert "words=" not in answer.text


def test_filters_and_tabs_narrow_the_queue(service: Speaking, mair: Colleague) -> None:
    ref = said(service)
    other = said(service, topic="")
    assert other not in mair.get("?topic=repairs").text
    mair.done(ref, "count")
    assert ref in mair.get().text  # counting answers nobody
    mair.done(ref, "reply", team="repairs", reply_en="Thank you.")
    assert ref not in mair.get().text
    assert ref in mair.get("?queue=done").text


def test_an_odd_address_shows_a_queue_all_the_same(mair: Colleague) -> None:
    for query in ("?queue=odd", "?page=0", "?page=99999999999999999999", "?page=²", "?topic=<b>"):
        assert mair.get(query).status_code == 200


def test_a_long_queue_has_pages(service: Speaking, mair: Colleague) -> None:
    refs = [said(service, said=f"Number {number}") for number in range(27)]
    first = mair.get().text
    assert "Page 1 of 2" in first
    second = mair.post("", page="2").text
    for ref in refs:
        assert (ref in first) != (ref in second)


# ------------------------------------------------------------- one case, read


def test_what_looks_personal_is_marked_with_its_kind_in_words(
    service: Speaking, mair: Colleague
) -> None:
    ref = said(
        service, said="Mrs Jones of 12 Station Road. Call 01632 960123, ask for Wil.", name="Wil"
    )
    page = mair.get(f"case/{ref}").text
    marks = re.findall(r"<mark>(.*?)<span[^>]*> \((.*?)\)</span></mark>", page)
    assert marks == [
        ("Mrs Jones", "name"),
        ("12 Station Road", "address"),
        ("01632 960123", "phone number"),
        ("Wil", "name"),
    ]


def test_a_tenants_words_are_text_wherever_they_stand(service: Speaking, mair: Colleague) -> None:
    words = """</textarea><script>alert(1)</script>"><img src=x onerror=y>"""
    ref = said(service, said=words, name=words)
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
    service: Speaking, mair: Colleague
) -> None:
    welsh = said(service, "cy", said="Mae lleithder a llwydni du ar wal y llofft bob gaeaf.")
    said(service, said="The bus is late.")
    ref = said(service, said="There is damp and black mould on the bedroom wall every winter.")
    page = mair.get(f"case/{ref}").text
    assert re.findall(r'name="into" value="([^"]+)"', page) == [welsh]
    assert "Merged." in mair.done(ref, "merge", into=welsh)
    assert case_of(service, welsh).people == 2
    assert "on its own again" in mair.done(ref, "unmerge")
    assert case_of(service, welsh).people == 1


def test_a_merge_into_nothing_is_refused_in_words(service: Speaking, mair: Colleague) -> None:
    ref = said(service)
    for other in ("F-222222", "", "rubbish"):
        answer = mair.act(ref, "merge", other=other)
        assert answer.status_code == 422
        assert "nothing with that reference" in answer.text


# ----------------------------------------------------- one case, dealt with


def test_nothing_personal_is_published_before_it_is_taken_out_or_found_harmless(
    service: Speaking, mair: Colleague
) -> None:
    ref = said(service, said="Dr Who at 12 Station Road knows.")
    assert "public words first" in mair.act(ref, "publish").text
    mair.done(ref, "save", public_text="Dr Who at 12 Station Road knows.", kinds=["name"])
    blocked = mair.act(ref, "publish")
    assert blocked.status_code == 422
    assert "Dr Who and 12 Station Road" in blocked.text
    mair.done(ref, "save", public_text="Dr Who at a street knows.", kinds=["address"])
    assert mair.act(ref, "publish").status_code == 422
    mair.done(ref, "save", harmless=["Dr Who"])
    mair.done(ref, "publish")
    case = case_of(service, ref)
    assert (case.status, case.redacted, case.cleared) == ("published", ("address",), ("Dr Who",))


def test_published_words_cannot_become_personal_again(service: Speaking, mair: Colleague) -> None:
    ref = published(service, mair)
    answer = mair.act(ref, "save", public_text="Ring Mrs Jones", kinds=[])
    assert answer.status_code == 422
    assert "Ring Mrs Jones" in answer.text  # still there to be mended
    assert case_of(service, ref).public_text == "The gutter drips."


def test_an_answer_that_goes_public_names_nobody_but_may_name_us(
    service: Speaking, mair: Colleague
) -> None:
    ref = published(service, mair)
    private = mair.act(ref, "reply", team="repairs", reply_en="Dear Mrs Jones, we come.")
    assert private.status_code == 422
    assert "Dear Mrs Jones" in private.text
    mair.done(ref, "reply", team="repairs", reply_en=f"Ring {service.site.phone}.")


def test_an_answer_written_before_is_looked_through_when_it_goes_public(
    service: Speaking, mair: Colleague
) -> None:
    ref = said(service)
    mair.done(ref, "reply", team="repairs", reply_en="Dear Mrs Jones, we come.")
    mair.done(ref, "save", public_text="It drips.")
    assert mair.act(ref, "publish").status_code == 422


def test_a_language_without_an_answer_is_flagged(service: Speaking, mair: Colleague) -> None:
    ref = said(service)
    page = mair.done(ref, "reply", team="repairs", reply_en="We come on Monday.")
    assert "Not answered yet in Welsh." in page
    page = mair.done(ref, "reply", team="repairs", reply_cy="Fe ddown ni ddydd Llun.")
    assert "Not answered yet" not in page
    assert case_of(service, ref).reply == {
        "en": "We come on Monday.",
        "cy": "Fe ddown ni ddydd Llun.",
    }


def test_an_answer_that_lacks_something_stays_typed(service: Speaking, mair: Colleague) -> None:
    ref = said(service)
    lacking = [
        ({"reply_en": "Yes, my answer"}, "Choose the team"),
        ({"team": "ghosts", "reply_en": "Yes, my answer"}, "Choose the team"),
        ({"team": "repairs"}, "Write the answer first"),
        ({"team": "repairs", "reply_en": "x" * 5_001}, "too long"),
    ]
    for typed, words in lacking:
        answer = mair.act(ref, "reply", **typed)
        assert answer.status_code == 422
        assert words in answer.text
        assert typed.get("reply_en", "") in answer.text
    assert case_of(service, ref).answered is None


def test_declining_needs_a_reason_and_the_tenant_reads_it(
    service: Speaking, mair: Colleague
) -> None:
    receipt = service.say()
    ref = re.findall(r"F-\w{6}", service.browser.get(receipt).text)[0]
    assert "Say why" in mair.act(ref, "decline").text
    mair.done(ref, "decline", reason_en="The council owns that gutter.")
    assert "The council owns that gutter." in service.browser.get(receipt).text


def test_handing_over_needs_somebody_to_hand_it_to(service: Speaking, mair: Colleague) -> None:
    ref = said(service)
    assert "to whom" in mair.act(ref, "route", route="moon").text
    mair.done(ref, "route", route="repair")
    assert case_of(service, ref).route == "repair"
    mair.done(ref, "reopen")
    assert case_of(service, ref).status == CaseStatus.RECEIVED


def test_who_asks_for_a_complaint_is_handed_over_as_one(service: Speaking, mair: Colleague) -> None:
    place = service.say(complaint="yes")
    ref = re.findall(r"F-\w{6}", service.browser.get(place).text)[0]
    assert "wants this treated as a complaint." in mair.get(f"case/{ref}").text
    mair.done(ref, "route", route="complaint")
    assert "We passed it on to the people who deal" in service.browser.get(place).text
    assert "wants this treated as a complaint." not in mair.get(f"case/{said(service)}").text


def test_without_the_tenants_yes_it_is_only_counted(service: Speaking, mair: Colleague) -> None:
    ref = said(service, may_publish="no")
    page = mair.get(f"case/{ref}").text
    assert "did not agree" in page
    assert "/publish" not in page
    assert mair.act(ref, "publish").status_code == 422
    mair.done(ref, "count")


def test_what_is_stopped_for_safety_never_goes_public(service: Speaking, mair: Colleague) -> None:
    ref = published(service, mair)
    assert "Tick that you are sure" in mair.act(ref, "escalate").text
    page = mair.done(ref, "escalate", sure="yes")
    assert case_of(service, ref).status == CaseStatus.RECEIVED
    assert "/publish" not in page
    assert 'name="public_text"' not in page
    assert mair.act(ref, "publish").status_code == 422
    assert ref in mair.get("?queue=danger").text


def test_of_two_who_decide_at_once_the_second_is_shown_the_case_anew(
    service: Speaking, mair: Colleague
) -> None:
    ref, owain = said(service), colleague(service, "owain")
    seen = str(case_of(service, ref).version)
    mair.done(ref, "route", route="repair")
    answer = owain.act(ref, "decline", version=seen, reason_en="My long and careful reason")
    assert answer.status_code == 409
    assert "Somebody else changed this" in answer.text
    assert "My long and careful reason" in answer.text
    assert "Handed over" in answer.text
    assert case_of(service, ref).status == CaseStatus.ROUTED


def test_a_form_whose_version_makes_no_sense_is_a_conflict(
    service: Speaking, mair: Colleague
) -> None:
    ref = said(service)
    for version in ("", "-1", "one", "²", "9" * 30):
        assert mair.act(ref, "count", version=version).status_code == 409


def test_notes_and_history_tell_who_did_what(service: Speaking, mair: Colleague) -> None:
    ref, owain = said(service), colleague(service, "owain", StaffRole.ANSWER)
    owain.done(ref, "save", note="I rang. <b>Nobody</b> there.")
    page = mair.done(ref, "count")
    assert "I rang. &lt;b&gt;Nobody&lt;/b&gt; there." in page
    history = page[page.index('class="history"') :]
    expected = ["It came in", "the tenant", "Left a note", "owain", "Only counted it", "mair"]
    assert sorted(expected, key=history.index) == expected


def test_contact_is_changed_for_a_tenant_who_rings(service: Speaking, mair: Colleague) -> None:
    ref = said(service)
    wrong = mair.act(ref, "contact", answer_by="email", email="ffion")
    assert wrong.status_code == 422
    assert 'value="ffion"' in wrong.text
    assert mair.act(ref, "contact", answer_by="pigeon").status_code == 422
    mair.done(ref, "contact", answer_by="email", email="ffion@example.org", name="Ffion")
    assert case_of(service, ref).answer_by == "email"


def test_a_tenant_is_forgotten_when_they_ask_and_only_then(
    service: Speaking, mair: Colleague
) -> None:
    ref = said(service, name="Ffion")
    assert "Tick that you are sure" in mair.act(ref, "forget").text
    page = mair.done(ref, "forget", sure="yes")
    assert "Ffion" not in page
    assert "gutter" not in page
    with service.store.read() as conn:
        assert submissions.said(conn, ref) == ""


def test_a_tenant_takes_their_words_back_by_phone(service: Speaking, mair: Colleague) -> None:
    ref = published(service, mair)
    page = mair.done(ref, "withdraw", sure="yes")
    assert case_of(service, ref).status == CaseStatus.WITHDRAWN
    assert 'name="public_text"' not in page
    assert mair.act(ref, "count").status_code == 422


# --------------------------------------------------------------------- roles


def test_who_only_answers_does_not_decide(service: Speaking) -> None:
    ref, nia = said(service), colleague(service, "nia", StaffRole.ANSWER)
    page = nia.get(f"case/{ref}").text
    for action in ("publish", "count", "decline", "reopen", "withdraw", "forget"):
        answer = nia.act(ref, action, sure="yes", reason_en="No")
        assert answer.status_code == 403
        assert "Your role" in answer.text
        assert f'/{action}"' not in page
    assert case_of(service, ref).version == 1


def test_only_who_manages_sees_the_staff(service: Speaking, mair: Colleague) -> None:
    assert mair.get("staff").status_code == 403
    assert colleague(service, "gwen", StaffRole.MANAGE).get("staff").status_code == 200


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
    service: Speaking, mair: Colleague
) -> None:
    answer = mair.post("add", once="1", **HEARD)
    assert answer.status_code == 303, answer.text
    assert mair.post("add", once="1", **HEARD).headers["location"] == answer.headers["location"]
    ref = re.findall(r"F-\w{6}", answer.headers["location"])[0]
    case = case_of(service, ref)
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
        ({"said": ""}, "Write what was said"),
        ({"phone": ""}, "phone number"),
        ({"sort": "reply"}, "no such thing on the site"),
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
    service: Speaking, mair: Colleague
) -> None:
    address = "12 Heol y Bont\nAbergwennol"
    ref = said(service, "cy", answer_by="letter", address=address, name="Ffion", answer_lang="cy")
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
    service: Speaking, mair: Colleague
) -> None:
    from datetime import timedelta

    from feedback.store.mail import outbox

    ref = said(service, answer_by="email", email="ffion@example.org")
    now = service.clock()

    def fail(conn: Any) -> int:
        (claimed,) = outbox.due(conn, now=now, lease=timedelta(minutes=1))
        outbox.QUEUE.failed(conn, claimed.id, why="550 no such mailbox", now=now, for_good=True)
        return claimed.id

    number = service.store.write_now(fail)
    page = mair.get("post").text
    assert ref in page
    assert "550 no such mailbox" in page
    mair.post(f"post/{number}/retry")
    assert ref not in mair.get("post").text
    again = service.store.write_now(
        lambda conn: outbox.due(conn, now=service.clock(), lease=timedelta(minutes=1))
    )
    assert [case.id for case in again] == [number]


# ----------------------------------------------------------- every page there


def test_the_desk_speaks_both_languages(service: Speaking, mair: Colleague) -> None:
    ref = said(service)
    page = mair.get(f"case/{ref}").text
    assert f'formaction="{DESK}case/{ref}/keep?lang=cy"' in page
    assert mair.act(ref, "keep?lang=cy", reply_cy="Diolch").headers["location"].endswith("lang=cy")
    answer = mair.get(f"case/{ref}?lang=cy")
    assert answer.headers["location"] == f"{DESK}case/{ref}"
    for path in (f"case/{ref}", *PAGES[:4]):
        assert '<html lang="cy">' in mair.get(path).text
    mair.post("account", lang="en")
    assert '<html lang="en">' in mair.get().text


def test_every_page_is_well_formed_private_and_without_inline_code(service: Speaking) -> None:
    gwen = colleague(service, "gwen", StaffRole.MANAGE)
    ref = said(service, said="Mrs Jones, 12 Station Road")
    gwen.done(ref, "save", public_text="Mrs Jones")
    said(service, said="Mrs Jones, again on 12 Station Road")
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


def published(service: Speaking, somebody: Colleague) -> str:
    """A case whose words stand in public."""
    ref = said(service)
    somebody.done(ref, "save", public_text="The gutter drips.")
    somebody.done(ref, "publish")
    return ref
