"""Staff are told: at once of danger and complaints, each working morning of what waits."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import pytest

from feedback.model import StaffRole
from feedback.notices.delivery import drain, keep_posting
from feedback.notices.staff_news import plan_morning, teams_to_tell
from feedback.store.actions import danger, submissions
from feedback.store.desk import staff
from tests.copies import ROOT
from tests.desk import Colleague, case_of, colleague, said
from tests.speaking import Speaking, speaking
from tests.test_voices import CHANGE, press
from tests.tiny import SITE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

pytestmark = pytest.mark.long

PRIVATE = "The gutter drips on my door."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Speaking]:
    speaker = speaking(tmp_path, ROOT / "theme")
    with speaker.store:
        yield speaker


@pytest.fixture
def mair(house: Speaking) -> Colleague:
    """Somebody at the desk who wants mail."""
    somebody = colleague(house, role=StaffRole.MANAGE)
    assert somebody.post("account", email="Mair@EXAMPLE.org").status_code == 303
    return somebody


def delivered(house: Speaking) -> list[EmailMessage]:
    """Hand in everything that is due; returns it."""
    mails: list[EmailMessage] = []
    asyncio.run(drain(house.service, mails.append, asyncio.Event()))
    return mails


def morning(house: Speaking) -> None:
    """Put the morning's mails on their way, if it is the hour."""
    if hour := teams_to_tell(house.service):
        day, teams = hour
        house.store.write_now(partial(plan_morning, service=house.service, day=day, teams=teams))


def text_of(mail: EmailMessage) -> str:
    """Return everything that a mail says."""
    return f"{mail['Subject']}\n{mail.get_content()}"


@pytest.mark.usefixtures("mair")
def test_a_complaint_is_told_at_once_without_a_word_of_it(house: Speaking) -> None:
    ref = said(house, complaint="yes", name="Siân Prys")
    (mail,) = delivered(house)
    assert mail["To"] == "Mair@example.org"
    assert mail["Subject"] == f"A complaint: {ref}"
    assert f"https://tiny.example.org/feedback/desk/case/{ref}" in text_of(mail)
    assert PRIVATE not in text_of(mail)
    assert "Prys" not in text_of(mail)
    assert delivered(house) == []  # once


@pytest.mark.parametrize(
    ("action", "typed", "subject"),
    [
        ("escalate", {"sure": "yes"}, "Somebody may be in danger"),
        ("route", {"route": "safeguarding"}, "Handed over for safeguarding"),
        ("route", {"route": "complaint"}, "A complaint"),
        ("route", {"route": "repair"}, ""),
        ("count", {}, ""),
    ],
)
def test_what_cannot_wait_is_told_at_once(
    action: str, typed: dict[str, str], subject: str, house: Speaking, mair: Colleague
) -> None:
    ref = said(house)
    assert delivered(house) == []
    mair.done(ref, action, **typed)
    assert [mail["Subject"] for mail in delivered(house)] == (
        [f"{subject}: {ref}"] if subject else []
    )


@pytest.mark.usefixtures("mair")
def test_each_working_morning_says_what_waits_and_is_late_once(house: Speaking) -> None:
    said(house)
    house.clock.pass_by(days=12)  # Monday, 16 March: two working days before the promise ends
    said(house, said="Another one.")
    morning(house)
    morning(house)  # another worker of the service
    (mail,) = delivered(house)
    assert mail["Subject"] == "Waiting for an answer at the desk: 2"
    assert "Later than we promised: 0" in text_of(mail)
    assert "Promised within two working days: 1" in text_of(mail)
    house.clock.pass_by(days=3)
    morning(house)
    (mail,) = delivered(house)
    assert "Later than we promised: 1" in text_of(mail)


@pytest.mark.usefixtures("mair")
def test_when_nothing_waits_or_nobody_works_nothing_comes(house: Speaking) -> None:
    morning(house)
    assert delivered(house) == []
    said(house)
    house.clock.pass_by(days=3)  # Saturday
    morning(house)
    house.clock.pass_by(days=2, hours=-3)  # Monday, seven in the morning
    morning(house)
    assert delivered(house) == []


@pytest.mark.usefixtures("mair")
def test_answers_that_wait_for_a_look_are_told_too(house: Speaking) -> None:
    press(house.another_browser(), "fixed", **CHANGE, fixed="no")
    morning(house)
    (mail,) = delivered(house)
    assert "Answers to “is it fixed?” to look at: 1" in text_of(mail)


def test_only_who_gave_an_address_and_may_log_in_is_told(house: Speaking, mair: Colleague) -> None:
    colleague(house, "tomos")
    assert mair.post("account", email="").status_code == 303
    said(house, complaint="yes")
    assert delivered(house) == []
    mair.post("account", email="mair@example.org")
    house.store.write_now(lambda conn: staff.change(conn, "mair", active=False))
    said(house, said="Another.", complaint="yes")
    assert delivered(house) == []


def test_an_address_that_no_mail_reaches_is_told(mair: Colleague) -> None:
    page = mair.post("account", email="mair@example")
    assert page.status_code == 422
    assert 'value="mair@example"' in page.text
    assert 'value="Mair@example.org"' in mair.get("account").text


@pytest.mark.usefixtures("mair")
def test_the_service_does_it_by_itself(house: Speaking) -> None:
    said(house)
    mails: list[EmailMessage] = []

    async def for_a_moment() -> None:
        stop = asyncio.Event()

        def take(mail: EmailMessage) -> None:
            mails.append(mail)
            stop.set()

        await keep_posting(house.service, take, stop, print, pause=0.001)

    asyncio.run(for_a_moment())
    assert mails[0]["Subject"] == "Waiting for an answer at the desk: 1"


def at_desk(house: Speaking, name: str, team: str = "", called: int = 0) -> Colleague:
    """Take somebody on who wants mail."""
    somebody = colleague(house, name)
    email = f"{name}@example.org"
    house.store.write_now(
        lambda conn: staff.change(conn, name, email=email, team=team, called=called)
    )
    return somebody


def told(house: Speaking) -> list[tuple[str, str]]:
    """Hand in everything that is due; returns to whom it went and what about."""
    return sorted((str(mail["To"]), str(mail["Subject"])) for mail in delivered(house))


class TestSomebodyMayBeInDanger:
    def call_next(self, house: Speaking) -> list[str]:
        house.clock.pass_by(minutes=10)
        house.store.write_now(partial(danger.call_due, now=house.clock()))
        return [to.partition("@")[0] for to, _ in told(house)]

    @pytest.fixture
    def ref(self, house: Speaking, mair: Colleague) -> str:
        """Escalate something, with two people named to be called and one who isn't."""
        at_desk(house, "nia", called=1)
        at_desk(house, "tomos", called=2)
        ref = said(house, email="sian@example.org", answer_by="email")
        delivered(house)
        mair.done(ref, "escalate", sure="yes")
        return ref

    def test_the_named_are_called_one_after_another_then_everybody(
        self, house: Speaking, ref: str
    ) -> None:
        (mail,) = delivered(house)
        assert mail["To"] == "nia@example.org"
        assert f"https://tiny.example.org/feedback/desk/danger/{ref}" in text_of(mail)
        assert PRIVATE not in text_of(mail)
        assert self.call_next(house) == ["tomos"]
        assert self.call_next(house) == ["Mair", "nia", "nia", "tomos"]
        assert self.call_next(house) == ["tomos"]

    def test_whoever_takes_it_ends_the_calls_and_the_sender_is_told_to_whom(
        self, house: Speaking, ref: str
    ) -> None:
        delivered(house)
        gwen = at_desk(house, "gwen", team="repairs")
        assert "I take it" in gwen.get(f"danger/{ref}").text
        assert "nobody has taken it yet" in gwen.get().text
        form = {"version": "1", "reply_en": "Half an answer"}
        assert gwen.post(f"case/{ref}/take", **form).status_code == 303
        assert "nobody has taken it yet" not in gwen.get().text
        case = gwen.get(f"case/{ref}").text
        assert "gwen has it since" in case
        assert "Half an answer" in case  # what was typed meanwhile is a draft
        assert case_of(house, ref).holder == "gwen"
        assert told(house) == [("sian@example.org", f"Somebody is seeing to what you sent: {ref}")]
        assert self.call_next(house) == []
        with house.store.read() as conn:
            token = submissions.receipt(conn, house.store.tokens, ref).token
        page = house.browser.get(f"/feedback/en/receipt/{token}").text
        assert "we passed it on to Repairs team" in page

    def test_who_comes_second_is_told_who_was_first(
        self, house: Speaking, mair: Colleague, ref: str
    ) -> None:
        somebody = at_desk(house, "gwen")
        somebody.post(f"case/{ref}/take")
        late = mair.post(f"case/{ref}/take")
        assert late.status_code == 422
        assert "Somebody else has taken it already." in late.text
        assert "gwen has it since" in late.text

    def test_a_link_that_is_only_opened_takes_nothing(
        self, house: Speaking, mair: Colleague, ref: str
    ) -> None:
        for _ in range(3):
            assert mair.get(f"danger/{ref}").status_code == 200
        delivered(house)
        assert self.call_next(house) == ["tomos"]
        assert mair.get("danger/F-222222").status_code == 404

    def test_words_that_were_taken_back_end_no_danger(self, house: Speaking, ref: str) -> None:
        delivered(house)
        house.store.write_now(lambda conn: submissions.withdraw(conn, ref, now=house.clock()))
        assert self.call_next(house) == ["tomos"]

    def test_people_are_called_about_what_was_answered_before(
        self, house: Speaking, mair: Colleague
    ) -> None:
        at_desk(house, "nia", called=1)
        ref, now = said(house), house.clock()
        version = case_of(house, ref).version
        house.store.write_now(
            lambda conn: submissions.reply(
                conn, ref, version=version, texts={"en": "Yes."}, by="nia", team="repairs", now=now
            )
        )
        delivered(house)
        mair.done(ref, "escalate", sure="yes")
        assert told(house) == [("nia@example.org", f"Somebody may be in danger: {ref}")]


class TestWhoseItIs:
    @pytest.fixture(autouse=True)
    def _people(self, house: Speaking) -> None:
        at_desk(house, "nia", team="repairs")
        at_desk(house, "tomos", team="repairs")
        at_desk(house, "gwen")

    def hand(self, house: Speaking, ref: str, **to: str) -> None:
        now = house.clock()
        house.store.write_now(lambda conn: submissions.assign(conn, ref, by="nia", now=now, **to))

    def test_a_team_is_told_what_is_handed_to_it_but_not_who_did_it(self, house: Speaking) -> None:
        ref = said(house)
        self.hand(house, ref, team="repairs")
        assert told(house) == [("tomos@example.org", f"Handed to you or your team: {ref}")]
        self.hand(house, ref, holder="gwen")
        assert told(house) == [("gwen@example.org", f"Handed to you or your team: {ref}")]

    def test_nobody_is_told_of_what_somebody_was_quicker_to_answer(self, house: Speaking) -> None:
        ref, now = said(house), house.clock()
        self.hand(house, ref, team="repairs")
        version = case_of(house, ref).version
        house.store.write_now(
            lambda conn: submissions.reply(
                conn, ref, version=version, texts={"en": "Yes."}, by="nia", team="repairs", now=now
            )
        )
        assert told(house) == []

    def test_before_a_promise_ends_whose_case_it_is_is_told(self, house: Speaking) -> None:
        ref = said(house)
        self.hand(house, ref, team="repairs")
        delivered(house)
        house.clock.pass_by(days=13)  # Tuesday, 17 March: the promise ends tomorrow
        morning(house)
        subject = f"The promise ends on the next working day: {ref}"
        alarms = [(to, about) for to, about in told(house) if about == subject]
        assert alarms == [("nia@example.org", subject), ("tomos@example.org", subject)]
        morning(house)
        assert told(house) == []

    def test_a_team_is_told_at_the_hour_that_it_chose(self, tmp_path: Path) -> None:
        early = SITE.replace("[teams.repairs]\n", '[teams.repairs]\nnews_at = "07:30"\n')
        (tmp_path / "early").mkdir()
        house = speaking(tmp_path / "early", ROOT / "theme", early)
        with house.store:
            at_desk(house, "nia", team="repairs")
            at_desk(house, "gwen")
            said(house)
            house.clock.pass_by(hours=21, minutes=45)  # Thursday, quarter to eight
            morning(house)
            assert [to for to, _ in told(house)] == ["nia@example.org"]
            house.clock.pass_by(hours=2)
            morning(house)
            assert [to for to, _ in told(house)] == ["gwen@example.org"]
