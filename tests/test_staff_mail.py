"""Staff are told: at once of danger and complaints, each working morning of what waits."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import pytest

from feedback.model import StaffRole
from feedback.notices.delivery import drain, keep_posting
from feedback.notices.staff_news import morning_of, plan_morning
from feedback.store import staff
from tests.copies import ROOT
from tests.desk import Colleague, colleague, said
from tests.speaking import Speaking, speaking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

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
    if day := morning_of(house.service):
        house.store.write_now(partial(plan_morning, service=house.service, day=day))


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
