"""A Monday at the desk: drafts, queues, colleagues, and several cases at once."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select

from commands.story.actors import DESK
from feedback.model import CaseStatus, StaffRole
from feedback.store.actions import submissions
from feedback.store.database.schema import ANSWERS, CASE_DRAFTS
from feedback.store.desk import staff
from tests.desk import Colleague, case_of, colleague, said

if TYPE_CHECKING:
    from httpx2 import Response

    from tests.speaking import Speaking

pytestmark = pytest.mark.long
HALF = "Half an answer, with <b>signs</b>"


@pytest.fixture
def mair(service: Speaking) -> Colleague:
    return colleague(service)


def value(page: str, name: str) -> str:
    """What a field of a page shows."""
    match = re.search(rf'<textarea[^>]* name="{name}"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    match = match or re.search(rf'<input id="[^"]*" name="{name}" value="([^"]*)"', page)
    assert match, name
    return unescape(match[1])


def form_of(page: str) -> dict[str, str]:
    """What a case's form would send as it stands, as a browser does."""
    form = page[page.index('<form id="case"') : page.index("</form>", page.index("case-form"))]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form))
    for name in re.findall(r'<textarea[^>]* name="([^"]+)"', form):
        fields[name] = value(form, name)
    for name, options in re.findall(
        r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return {name: unescape(text) for name, text in fields.items()}


def send(somebody: Colleague, ref: str, action: str, **typed: str) -> Response:
    """Press a button of a case's page, with everything else on it as it stands."""
    form = form_of(somebody.get(f"case/{ref}").text)
    return somebody.browser.post(f"{DESK}case/{ref}/{action}", data=form | typed)


# ------------------------------------------------------------------- drafts


@pytest.mark.parametrize(
    "button",
    ["keep", "count", "reopen", "merge", "route", "decline", "contact", "escalate", "insert",
     "assign", "keep?lang=cy", "keep?then=log-out"],
)  # fmt: skip
def test_whatever_button_is_pressed_what_was_typed_is_still_there(
    service: Speaking, mair: Colleague, button: str
) -> None:
    ref = said(service)
    mair.done(ref, "count")
    send(mair, ref, button, reply_en=HALF, answer_by="email", email="not an address")
    mair.log_in()
    assert value(mair.get(f"case/{ref}").text, "reply_en") == HALF


def test_boxes_that_were_ticked_are_part_of_the_draft(service: Speaking, mair: Colleague) -> None:
    ref = said(service, said="Mrs Jones says that it drips.")
    mair.act(ref, "save", public_text="Dr Who says that it drips.", kinds=["name"])
    form = {"public_text": "Dr Who says that it drips.", "kinds": ["name", "family"]}
    mair.act(ref, "keep", **form, harmless="Dr Who")
    page = mair.get(f"case/{ref}").text
    for box in ("kind-name", "kind-family", "clear-1"):
        assert re.search(rf'id="{box}"[^>]* checked', page)
    mair.done(ref, "publish", **form, harmless=["Dr Who", "Nobody"])
    case = case_of(service, ref)
    assert (case.status, set(case.redacted)) == ("published", {"name", "family"})
    assert case.cleared == ("Dr Who",)


def test_a_draft_outlives_the_session_and_is_its_authors(
    service: Speaking, mair: Colleague
) -> None:
    ref, owain = said(service), colleague(service, "owain")
    answer = mair.act(ref, "keep", reply_en=HALF)
    assert answer.status_code == 303
    page = owain.get(f"case/{ref}").text
    assert value(page, "reply_en") == ""
    assert "mair has written something here and not sent it yet." in page
    service.clock.pass_by(hours=20)
    mair.log_in()
    assert value(mair.get(f"case/{ref}").text, "reply_en") == HALF


def test_the_door_shows_what_was_typed_and_none_of_the_forms_own_marks(
    service: Speaking, mair: Colleague
) -> None:
    ref = said(service)
    form = form_of(mair.get(f"case/{ref}").text) | {"reply_en": HALF}
    mair.browser.cookies.clear()
    door = mair.browser.post(f"{DESK}case/{ref}/reply", data=form)
    assert door.status_code == 401
    shown = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", door.text, re.DOTALL)
    assert {unescape(words) for words in shown} == {HALF, form["public_text"]}


def test_what_a_case_has_no_field_for_just_now_stays_a_draft(
    service: Speaking, mair: Colleague
) -> None:
    ref = said(service)
    send(mair, ref, "keep", reply_en=HALF)
    colleague(service, "owain").done(ref, "spam")
    send(mair, ref, "save", note="Is it?")  # on a page without an answer
    mair.done(ref, "reopen")
    assert value(mair.get(f"case/{ref}").text, "reply_en") == HALF


def test_two_tabs_of_one_person_lose_nothing_to_each_other(
    service: Speaking, mair: Colleague
) -> None:
    ref = said(service)
    one_tab = form_of(mair.get(f"case/{ref}").text)
    other_tab = form_of(mair.get(f"case/{ref}").text)
    keep = f"{DESK}case/{ref}/keep"
    mair.browser.post(keep, data=one_tab | {"reply_en": HALF})
    mair.browser.post(keep, data=other_tab | {"reply_cy": "Hanner ateb"})
    page = mair.get(f"case/{ref}").text
    assert (value(page, "reply_en"), value(page, "reply_cy")) == (HALF, "Hanner ateb")
    mair.browser.post(keep, data=form_of(page) | {"reply_en": ""})  # whoever sees it may empty it
    assert value(mair.get(f"case/{ref}").text, "reply_en") == ""


def test_what_is_sent_is_no_draft_any_more_and_the_rest_still_is(
    service: Speaking, mair: Colleague
) -> None:
    ref = said(service)
    send(mair, ref, "reply", team="repairs", reply_en="We come.", reason_en="Perhaps not")
    page = mair.get(f"case/{ref}").text
    assert value(page, "reason_en") == "Perhaps not"
    assert "Your draft, not sent yet" in page
    send(mair, ref, "keep", reason_en="")
    assert "Your draft, not sent yet" not in mair.get(f"case/{ref}").text


def test_a_draft_is_erased_with_its_case(service: Speaking, mair: Colleague) -> None:
    ref, owain = said(service), colleague(service, "owain")
    mair.act(ref, "keep", reply_en=HALF)
    owain.act(ref, "forget", sure="yes", reply_en="And mine")
    with service.store.read() as conn:
        assert conn.execute(select(CASE_DRAFTS)).all() == []
    assert mair.act(ref, "keep", reply_en=HALF).status_code == 303
    with service.store.read() as conn:
        assert conn.execute(select(CASE_DRAFTS)).all() == []


def test_one_press_keeps_everything_that_is_on_the_screen(
    service: Speaking, mair: Colleague
) -> None:
    ref = said(service, said="Mrs Jones says that it drips.")
    answer = send(
        mair, ref, "publish", along="answer-next", team="repairs", reply_en="We come.",
        note="I rang her.", topic="", about="roadmap dry-walls", waits_for="the roofer",
    )  # fmt: skip
    assert answer.headers["location"] == f"{DESK}?done=publish&of={ref}&queue=open"
    case = case_of(service, ref)
    assert (case.status, case.public_text) == ("published", "[…] says that it drips.")
    assert (case.reply, case.team, case.topic) == ({"en": "We come."}, "repairs", "")
    assert case.target
    assert (case.target.key, case.waits_for) == ("dry-walls", "the roofer")
    with service.store.read() as conn:
        assert [note.text for note in submissions.notes(conn, ref)] == ["I rang her."]


def test_nothing_of_a_request_is_done_when_some_of_it_can_not_be(
    service: Speaking, mair: Colleague
) -> None:
    ref = said(service)
    before = case_of(service, ref)
    for wrong in ({"about": "roadmap moon"}, {"topic": "moon"}, {"reply_en": "Dear Mrs Jones"}):
        answer = send(mair, ref, "publish", along="answer", team="repairs", note="N", **wrong)
        assert answer.status_code == 422
        assert "There is a problem" in answer.text
    assert case_of(service, ref) == before


def test_words_that_nobody_can_see_are_no_answer(service: Speaking, mair: Colleague) -> None:
    ref = said(service)
    for action, typed, why in (
        ("reply", {"reply_en": "\u200b \u2060"}, "Write the answer first"),
        ("publish", {"public_text": "\u200b"}, "public words first"),
        ("decline", {"reason_en": "\u200d"}, "Say why"),
    ):
        answer = send(mair, ref, action, team="repairs", **typed)
        assert answer.status_code == 422
        assert why in answer.text
    assert case_of(service, ref).version == 1


# -------------------------------------------------------- two people, one case


def test_the_second_changes_only_what_they_wrote(service: Speaking, mair: Colleague) -> None:
    ref, owain = said(service), colleague(service, "owain")
    mair.done(ref, "save", public_text="It drips.")
    form = form_of(owain.get(f"case/{ref}").text)
    mair.done(ref, "save", public_text="It drips on a door.")
    late = owain.browser.post(
        f"{DESK}case/{ref}/reply", data=form | {"team": "repairs", "reply_en": "We come."}
    )
    assert late.status_code == 409
    assert value(late.text, "public_text") == "It drips on a door."  # theirs, untouched by owain
    assert value(late.text, "reply_en") == "We come."
    again = owain.browser.post(f"{DESK}case/{ref}/reply", data=form_of(late.text))
    assert again.status_code == 303
    case = case_of(service, ref)
    assert (case.public_text, case.reply) == ("It drips on a door.", {"en": "We come."})


def test_every_version_stays_in_the_history(service: Speaking, mair: Colleague) -> None:
    ref = said(service)
    for number in ("one", "two"):
        mair.done(ref, "reply", team="repairs", reply_en=f"Answer {number}")
        mair.done(ref, "save", public_text=f"Words {number}")
    page = mair.get(f"case/{ref}").text
    history = page[page.index('id="history"') :]
    for words in ("Answer one", "Answer two", "Words one", "Words two"):
        assert words in history
    mair.done(ref, "forget", sure="yes")
    with service.store.read() as conn:
        assert conn.execute(select(ANSWERS)).all() == []


# ------------------------------------------------------------------- queues


def in_queue(somebody: Colleague, queue: str) -> set[str]:
    page = somebody.get(f"?queue={queue}").text
    return set(re.findall(r">(F-\w{6})</a></h2>", page))


def test_what_is_decided_without_an_answer_stays_in_sight(
    service: Speaking, mair: Colleague
) -> None:
    published, counted, answered = (said(service) for _ in range(3))
    mair.done(published, "publish", public_text="It drips.")
    mair.done(counted, "count")
    mair.done(answered, "reply", team="repairs", reply_en="Yes.")
    assert in_queue(mair, "open") == {published, counted}
    assert in_queue(mair, "undecided") == {answered}
    assert in_queue(mair, "done") == set()
    mair.done(counted, "reply", team="repairs", reply_en="Yes.")
    assert in_queue(mair, "done") == {counted}


def test_the_queue_says_which_answers_lack_a_language(service: Speaking, mair: Colleague) -> None:
    """Also of those that are answered, since their sender asked for the other language."""
    mine, theirs = said(service), said(service, "cy")
    for ref in (mine, theirs):
        mair.done(ref, "reply", team="repairs", reply_en="We come on Monday.")
    for queue, ref in (("undecided", mine), ("open", theirs)):
        assert in_queue(mair, queue) == {ref}
        assert "Not answered yet in Welsh." in mair.get(f"?queue={queue}").text
    mair.done(mine, "reply", team="repairs", reply_cy="Fe ddown ni ddydd Llun.")
    assert "Not answered yet" not in mair.get("?queue=undecided").text


def test_a_case_is_mine_my_teams_or_waits_for_somebody(service: Speaking, mair: Colleague) -> None:
    mine, theirs, teams, waits = (said(service) for _ in range(4))
    owain = colleague(service, "owain", StaffRole.ANSWER)
    mair.post("account", team="repairs")
    assert mair.post("together", do="take", cases=f"{mine} 1").status_code == 303
    mair.done(theirs, "assign", holder="owain")
    owain.done(teams, "assign", team="repairs")
    owain.done(waits, "assign", waits_for="the council")
    assert in_queue(mair, "mine") == {mine}
    assert in_queue(owain, "mine") == {theirs}
    assert in_queue(mair, "team") == {teams}
    assert in_queue(mair, "waiting") == {waits}
    assert "waits for: the council" in mair.get(f"case/{waits}").text
    assert "nobody of that name" in mair.act(mine, "assign", holder="nobody").text
    assert mine in owain.get("?queue=all").text


def test_the_next_case_is_the_next_of_the_queue_and_nobody_elses(
    service: Speaking, mair: Colleague
) -> None:
    first, second, third = (said(service) for _ in range(3))
    owain = colleague(service, "owain")
    owain.done(second, "assign", holder="owain")
    place = send(mair, first, "count", along="next").headers["location"]
    assert place == f"{DESK}case/{third}?done=count&of={first}&queue=open"
    page = mair.browser.get(place).text
    message = re.search(r'<p class="done"[^>]*autofocus>(.*?)</p>', page)
    assert message
    assert first in message[1]


def test_several_cases_are_counted_set_aside_and_answered_as_one(
    service: Speaking, mair: Colleague
) -> None:
    refs = [said(service, said=f"Number {number}") for number in range(6)]

    def together(do: str, *chosen: str) -> Response:
        return mair.post("together", do=do, cases=[f"{ref} 1" for ref in chosen])

    assert together("count", *refs[:2]).status_code == 303
    assert together("spam", refs[2]).status_code == 303
    assert together("merge", *refs[3:]).status_code == 303
    cases = [case_of(service, ref) for ref in refs]
    assert [case.status for case in cases[:3]] == ["counted", "counted", "spam"]
    assert [case.merged_into for case in cases[3:]] == ["", refs[3], refs[3]]
    assert cases[3].people == 3
    stale = together("count", refs[0], refs[3])  # both changed since they were seen
    assert stale.status_code == 422
    assert "Somebody else changed this" in stale.text
    assert together("merge", refs[3]).status_code == 422
    assert mair.post("together", do="count").status_code == 422
    assert colleague(service, "nia", StaffRole.ANSWER).post(
        "together", do="spam", cases=f"{refs[3]} 1"
    ).status_code == 403  # fmt: skip


def test_spam_is_owed_nothing_and_can_be_put_back(service: Speaking, mair: Colleague) -> None:
    place = service.say(said="Cheap watches!")
    ref = re.findall(r"F-\w{6}", service.browser.get(place).text)[0]
    mair.done(ref, "spam")
    assert in_queue(mair, "open") == set()
    assert in_queue(mair, "done") == {ref}
    assert "took this for advertising" in service.browser.get(place).text
    service.clock.pass_by(days=40)
    assert not case_of(service, ref).overdue(service.service.today)
    mair.log_in()
    mair.done(ref, "reopen")
    assert case_of(service, ref).status == CaseStatus.RECEIVED


def test_a_saved_answer_is_put_into_a_case_in_every_language(
    service: Speaking, mair: Colleague
) -> None:
    assert mair.post("answers", title="", text_en="Thanks").status_code == 422
    mair.post("answers", title="Thank you", text_en="Thank you!", text_cy="Diolch!")
    ref = said(service)
    send(mair, ref, "insert", saved="1", reply_en="We come on Monday.")
    page = mair.get(f"case/{ref}").text
    assert value(page, "reply_en") == "We come on Monday.\n\nThank you!"
    assert value(page, "reply_cy") == "Diolch!"
    mair.post("answers", title="Thanks", text_en="Thanks!", number="1")
    assert "Thanks!" in mair.get("answers").text
    mair.post("answers/1/remove")
    assert "Thanks!" not in mair.get("answers").text


def test_the_desk_speaks_each_ones_own_language_also_at_a_shared_computer(
    service: Speaking, mair: Colleague
) -> None:
    mair.get("?lang=cy")
    assert '<html lang="cy">' in mair.get().text
    owain = colleague(service, "owain")
    owain.browser = mair.browser
    mair.post("log-out")
    owain.log_in()
    assert '<html lang="en">' in owain.get().text


# ------------------------------------------------------------ as many queries


@pytest.mark.parametrize("path", ["", "case"])
def test_a_page_asks_no_more_of_the_database_when_there_is_more(
    service: Speaking, mair: Colleague, path: str
) -> None:
    def asked() -> int:
        statements: list[str] = []

        def count(_conn: object, _cursor: object, statement: str, *_: object) -> None:
            statements.append(statement)

        readers = service.store._readers  # noqa: SLF001 - what it asks is the promise
        event.listen(readers, "before_cursor_execute", count)
        assert mair.get(f"case/{ref}" if path else "").status_code == 200
        event.remove(readers, "before_cursor_execute", count)
        return len(statements)

    ref = said(service)
    few = asked()
    for number in range(20):
        mair.done(
            said(service, said=f"Number {number}"), "merge", into=ref
        ) if number % 4 == 0 else (said(service, said=f"The lift is slow, number {number}"))
    service.store.write_now(lambda conn: staff.change(conn, "mair", team="repairs"))
    assert asked() <= few + 3  # merges are looked up where there are any, all at once
    assert few <= 25
