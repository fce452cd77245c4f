"""Who gets to the desk, and who does not: names, passwords, codes, sessions, guessers."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from commands.story.actors import DESK, PASSWORD
from feedback.model import CaseStatus, StaffRole
from feedback.store.database.schema import ATTEMPTS
from feedback.store.desk import staff
from feedback.web.desk.login import mark_cookie
from tests.desk import PAGES, Colleague, case_of, colleague, newcomer, said

if TYPE_CHECKING:
    from tests.speaking import Speaking

pytestmark = pytest.mark.long


@pytest.fixture
def mair(service: Speaking) -> Colleague:
    return colleague(service)


def test_nobody_sees_the_desk_who_has_not_logged_in(service: Speaking) -> None:
    for page in PAGES:
        answer = service.browser.get(DESK + page)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(DESK + "log-in")


def test_nobody_changes_a_case_who_has_not_logged_in(service: Speaking) -> None:
    ref = said(service)
    answer = service.browser.post(f"{DESK}case/{ref}/count", data={"version": "1"})
    assert answer.status_code == 401
    assert f'action="{DESK}log-in"' in answer.text
    assert case_of(service, ref).status == CaseStatus.RECEIVED


def test_name_password_and_code_let_somebody_in_where_they_wanted_to_go(service: Speaking) -> None:
    mair = newcomer(service)
    wanted = mair.get("post").headers["location"]
    assert wanted.endswith("to=post")
    assert mair.log_in(to="post").headers["location"] == DESK + "post"
    assert mair.get().status_code == 200


def test_logging_in_leads_nowhere_but_to_the_desk(service: Speaking) -> None:
    mair = newcomer(service)
    for to in ("https://evil.example.org/", "..", "a b"):
        assert mair.log_in(to=to).headers["location"] == DESK
    assert mair.log_in(to="//evil.example.org").headers["location"].startswith(DESK)


def test_the_cookie_is_for_the_desk_alone_and_for_no_script(service: Speaking) -> None:
    cookie = newcomer(service).log_in().headers["set-cookie"].lower()
    for word in ("httponly", "samesite=strict", "secure", f"path={DESK}"):
        assert word in cookie


def test_whatever_is_wrong_the_answer_is_the_same(service: Speaking) -> None:
    mair = newcomer(service)
    answer = mair.log_in(password="wrong", code="111111").text
    for typed in ({"password": "another"}, {"code": "000000"}, {"code": ""}, {"name": "nobody"}):
        refused = mair.log_in(**typed)
        assert refused.status_code == 422
        assert refused.text.replace('value="nobody"', 'value="mair"') == answer
        assert "set-cookie" not in refused.headers


def test_somebody_whose_access_ended_is_told_no_more_than_a_stranger(service: Speaking) -> None:
    mair = newcomer(service)
    service.store.write_now(lambda conn: staff.change(conn, "mair", active=False))
    assert mair.log_in().text == mair.log_in(password="wrong").text


def test_a_code_opens_the_desk_once(service: Speaking) -> None:
    mair = newcomer(service)
    assert mair.log_in().status_code == 303
    again = {"name": "mair", "password": PASSWORD, "code": mair.code()}
    assert mair.browser.post(DESK + "log-in", data=again).status_code == 422


def test_guessing_ends_after_five_tries_and_begins_anew_later(service: Speaking) -> None:
    mair = newcomer(service)
    for _ in range(5):
        assert mair.log_in(password="guess").status_code == 422
    assert mair.log_in().status_code == 422
    service.clock.pass_by(minutes=16)
    assert mair.log_in().status_code == 303


def test_no_strangers_guesses_shut_somebody_out_of_a_browser_of_theirs(service: Speaking) -> None:
    mair = newcomer(service)
    assert mair.log_in().status_code == 303
    mair.post("log-out")
    stranger = Colleague(service, "mair", mair.secret)
    for _ in range(20):
        assert stranger.log_in(password="guess").status_code == 422
    assert stranger.log_in().status_code == 422  # even with everything right
    assert mair.log_in().status_code == 303


def test_guessing_in_a_browser_that_is_known_ends_too(service: Speaking) -> None:
    mair = newcomer(service)
    mair.log_in()
    mair.post("log-out")
    for _ in range(5):
        assert mair.log_in(password="guess").status_code == 422
    assert mair.log_in().status_code == 422
    assert Colleague(service, "mair", mair.secret).log_in().status_code == 303
    service.clock.pass_by(minutes=16)
    assert mair.log_in().status_code == 303


def test_a_browser_is_known_for_the_name_that_logged_in_from_it_alone(service: Speaking) -> None:
    mair, owain = newcomer(service), newcomer(service, "owain")
    mair.log_in()
    (cookie,) = [name for name in mair.browser.cookies if "mark" in name]
    owain.browser.cookies.set(mark_cookie("owain"), mair.browser.cookies[cookie])
    for _ in range(5):
        owain.log_in(password="guess")
    assert Colleague(service, "owain", owain.secret).log_in().status_code == 422


def test_a_new_browser_is_let_in_by_a_managers_link_while_somebody_guesses(
    service: Speaking,
) -> None:
    gwen = colleague(service, "gwen", StaffRole.MANAGE)
    page = gwen.post("staff", name="sian", role="publish", lang="cy").text
    password, secret, link = map(unescape, re.findall(r"<code>(.*?)</code>", page))
    sian = Colleague(service, "sian", secret)
    for _ in range(5):
        sian.log_in(password="guess")
    assert sian.log_in(password=password).status_code == 422
    answer = sian.browser.get(link)
    assert answer.headers["location"] == DESK + "log-in"  # the mark stays in no address
    assert sian.log_in(password=password).status_code == 303
    forged = Colleague(service, "sian", secret).browser.get(link[:-1] + "x")
    assert "set-cookie" not in forged.headers


def test_no_name_mark_or_address_of_a_guesser_is_kept(service: Speaking) -> None:
    mair = newcomer(service)
    mair.log_in()
    mair.log_in(password="guess")
    Colleague(service, "mair", mair.secret).log_in(password="guess")
    with service.store.read() as conn:
        attempts = str(conn.execute(select(ATTEMPTS)).all())
    marks = [value for name, value in mair.browser.cookies.items() if "mark" in name]
    assert marks
    for word in ("mair", *marks, "testclient", "127.0.0.1"):
        assert word not in attempts


def test_a_session_is_put_off_by_working_and_says_until_when(
    service: Speaking, mair: Colleague
) -> None:
    assert "Logged in until 20:00" in mair.get().text
    service.clock.pass_by(hours=3)
    assert "Logged in until 23:00" in mair.get().text
    service.clock.pass_by(hours=11)
    assert mair.get().status_code == 303


def test_no_work_keeps_a_session_open_for_ever(service: Speaking, mair: Colleague) -> None:
    for _ in range(3):
        service.clock.pass_by(hours=5)
        assert mair.get().status_code == 200
    service.clock.pass_by(hours=1)
    assert mair.get().status_code == 303


def test_logging_out_everywhere_ends_every_session(service: Speaking, mair: Colleague) -> None:
    elsewhere = Colleague(service, "mair", mair.secret)
    assert elsewhere.log_in().status_code == 303
    mair.post("log-out")
    assert mair.get().status_code == 303
    assert elsewhere.get().status_code == 200
    mair.log_in()
    mair.post("log-out", everywhere="yes")
    assert elsewhere.get().status_code == 303


def test_a_form_without_the_sessions_token_does_nothing(service: Speaking, mair: Colleague) -> None:
    ref = said(service)
    for token in ("", "0" * 64, "ŵ"):
        assert mair.act(ref, "count", token=token).status_code == 403
    assert case_of(service, ref).status == CaseStatus.RECEIVED


def test_a_form_from_another_site_does_nothing(service: Speaking, mair: Colleague) -> None:
    ref, token = said(service), mair.token()
    answer = mair.browser.post(
        f"{DESK}case/{ref}/count",
        data={"token": token, "version": "1"},
        headers={"origin": "https://evil.example.org"},
    )
    assert answer.status_code == 403
    assert case_of(service, ref).status == CaseStatus.RECEIVED


def test_a_manager_lets_somebody_in_and_out_again(service: Speaking) -> None:
    gwen = colleague(service, "gwen", StaffRole.MANAGE)
    page = gwen.post("staff", name="Siân Ŵyn/2", role="publish", lang="cy").text
    password, secret, _link = re.findall(r"<code>(.*?)</code>", page)
    sian = Colleague(service, "Siân Ŵyn/2", secret)
    assert sian.log_in(password=password).status_code == 303
    assert 'lang="cy"' in sian.get().text
    gwen.post("staff/change", name="Siân Ŵyn/2", do="stop")
    assert sian.get().status_code == 303
    assert "<code>" not in gwen.get("staff").text


def test_new_keys_make_the_old_ones_void(service: Speaking, mair: Colleague) -> None:
    gwen = colleague(service, "gwen", StaffRole.MANAGE)
    page = gwen.post("staff/change", name="mair", do="keys").text
    password, secret, _link = re.findall(r"<code>(.*?)</code>", page)
    assert secret != mair.secret
    assert mair.get().status_code == 303
    assert mair.log_in(password=password).status_code == 422
    assert Colleague(service, "mair", secret).log_in(password=password).status_code == 303
    assert gwen.post("staff/change", name="nobody", do="keys").status_code == 404


def test_a_name_is_given_once(service: Speaking) -> None:
    gwen = colleague(service, "gwen", StaffRole.MANAGE)
    for name, words in (("gwen", "already"), ("", "a name"), ("x" * 201, "a name")):
        answer = gwen.post("staff", name=name, role="answer", lang="en")
        assert answer.status_code == 422
        assert words in answer.text


@pytest.mark.parametrize("change", [{"role": "answer"}, {"do": "stop"}])
def test_the_last_who_manages_cannot_be_lost(service: Speaking, change: dict[str, str]) -> None:
    gwen = colleague(service, "gwen", StaffRole.MANAGE)
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
