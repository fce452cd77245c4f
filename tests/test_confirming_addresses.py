"""An address opens private words only once its owner has said that it was they who wrote."""

from __future__ import annotations

import asyncio
import re
from functools import partial
from typing import TYPE_CHECKING

import pytest

from feedback.notices.delivery import drain, on_the_console
from feedback.store.actions import submissions
from feedback.store.mail import mail_addresses
from tests.copies import ROOT
from tests.desk import case_of, said
from tests.speaking import Speaking, speaking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

pytestmark = pytest.mark.long

WORDS = "The gutter drips on my door."
MINE = {"email": "nia@example.org", "answer_by": "email", "said": WORDS}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Speaking]:
    """Open a service on a real SQLite file."""
    house = speaking(tmp_path, ROOT / "theme")
    with house.store:
        yield house


def mails(house: Speaking) -> list[EmailMessage]:
    """Hand in everything that is due; returns it."""
    taken: list[EmailMessage] = []
    asyncio.run(drain(house.service, taken.append, asyncio.Event()))
    return taken


def link(mail: EmailMessage, sort: str = "mail") -> str:
    """Return the way that a mail shows to a page, without its host."""
    match = re.search(rf"https://tiny\.example\.org(/feedback/\w\w/{sort}/\S+)", mail.get_content())
    assert match, mail.get_content()
    return match[1]


def answer(house: Speaking, ref: str) -> None:
    version, now = case_of(house, ref).version, house.clock()
    house.store.write_now(
        lambda conn: submissions.reply(
            conn, ref, version=version, texts={"en": "Yes."}, by="mair", team="repairs", now=now
        )
    )


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_the_first_mail_tells_where_things_stand_and_asks(lang: str, house: Speaking) -> None:
    ref = said(house, lang, **MINE)
    (mail,) = mails(house)
    text = mail.get_content()
    assert "/receipt/" not in text
    assert "2026" in text  # by when we answer
    page = house.browser.get(link(mail))
    assert ref in page.text
    assert WORDS not in page.text
    assert "gutter" not in text


def test_yes_opens_everything_and_later_mails_lead_straight_there(house: Speaking) -> None:
    ref = said(house, **MINE)
    place = link(mails(house)[0])
    opened = house.browser.post(place, data={"mine": "yes"})
    assert WORDS in house.browser.get(opened.headers["location"]).text
    assert house.browser.get(place).headers["location"] == opened.headers["location"]
    answer(house, ref)
    (mail,) = mails(house)
    assert WORDS in house.browser.get(link(mail, "receipt")).text


def test_no_erases_the_address_and_nothing_else(house: Speaking) -> None:
    ref = said(house, **MINE, name="Nia Rowe")
    place = link(mails(house)[0])
    gone = house.browser.post(place, data={"not": "yes"})
    assert "write to it no more" in house.browser.get(gone.headers["location"]).text
    with house.store.read() as conn:
        contact = submissions.contact(conn, ref)
        assert submissions.said(conn, ref) == WORDS
    assert (contact.email, contact.name) == ("", "Nia Rowe")
    answer(house, ref)
    assert mails(house) == []
    assert house.browser.get(place).status_code == 404


def test_a_scanner_that_opens_every_link_changes_nothing(house: Speaking) -> None:
    ref = said(house, **MINE)
    place = link(mails(house)[0])
    for method in ("GET", "HEAD") * 100:
        assert house.browser.request(method, place).status_code == 200
    with house.store.read() as conn:
        assert not mail_addresses.is_confirmed(conn, ref)
        assert submissions.contact(conn, ref).email == "nia@example.org"


def test_the_senders_own_screen_opens_everything_at_once(house: Speaking) -> None:
    assert WORDS in house.browser.get(house.say(**MINE)).text


def test_whatever_is_sent_an_address_gets_three_such_mails_a_day(house: Speaking) -> None:
    refs = [said(house, **MINE | {"said": f"{WORDS} {number}"}) for number in range(10)]
    house.browser.post("/feedback/en/digest", data={"email": "Nia@EXAMPLE.org"})
    assert len(mails(house)) == 3
    for ref in refs:
        answer(house, ref)
    assert mails(house) == []
    house.clock.pass_by(days=1, minutes=1)
    assert len(mails(house)) == 3, "what waited goes out day by day"
    other = said(house, **MINE | {"email": "tomos@example.org"})
    assert [other in mail["Subject"] for mail in mails(house)] == [True]


def test_confirmed_addresses_are_not_counted(house: Speaking) -> None:
    for number in range(5):
        ref = said(house, **MINE | {"said": f"{WORDS} {number}"})
        case = case_of(house, ref)
        house.store.write_now(partial(mail_addresses.confirm, case=case, now=house.clock()))
    assert len(mails(house)) == 5


def test_another_address_is_another_question(house: Speaking) -> None:
    place = house.say(**MINE)
    mail = mails(house)[0]
    house.browser.post(link(mail), data={"mine": "yes"})
    changed = {"answer_by": "email", "email": "nia.rowe@example.org"}
    house.browser.post(f"{place}/contact", data=changed)
    ref = mail["Subject"].rpartition(" ")[2]
    answer(house, ref)
    (second,) = mails(house)
    assert second["To"] == "nia.rowe@example.org"
    assert link(second)
    assert house.browser.get(link(mail)).status_code == 404, "the old link is of the old address"


@pytest.mark.parametrize("forge", ["x", "ŷ", "%00", "a.b-c", "'"])
def test_a_link_that_is_none_of_ours_opens_nothing(forge: str, house: Speaking) -> None:
    ref = said(house, **MINE)
    for place in (f"/feedback/en/mail/{ref}/{forge}", f"/feedback/en/mail/F-222222/{forge}"):
        assert house.browser.get(place).status_code == 404
        assert house.browser.post(place, data={"mine": "yes"}).status_code == 404


def test_the_link_stands_in_no_log(house: Speaking) -> None:
    said(house, **MINE)
    (mail,) = mails(house)
    assert link(mail).rpartition("/")[2] not in on_the_console(mail)
