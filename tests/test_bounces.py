"""The desk shows mail that waits, and mail that came back after a server had taken it."""

from __future__ import annotations

import asyncio
from email.message import EmailMessage
from functools import partial
from typing import TYPE_CHECKING

import pytest

from feedback.notices.bounces import Bounce, bounced
from feedback.notices.delivery import Refusal, drain
from feedback.store.mail import mail_addresses, outbox
from tests.copies import ROOT
from tests.desk import case_of, colleague, said
from tests.speaking import Speaking, speaking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REPORT = """\
From: MAILER-DAEMON@mail.example.org
To: answers@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; nia@example.org
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <nia@example.org>: Recipient address
    rejected: User unknown

--b
Content-Type: {sort}

From: helo@tiny.example.org
Message-ID: <{message_id}@tiny.example.org>
Subject: We have what you sent

--b--
"""
SORTS = ["text/rfc822-headers", "message/rfc822"]


def report(message_id: str, *, action: str = "failed", sort: str = SORTS[0]) -> bytes:
    text = REPORT.format(message_id=message_id, action=action, sort=sort)
    return text.replace("\n", "\r\n").encode()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Speaking]:
    """Open a service on a real SQLite file."""
    house = speaking(tmp_path, ROOT / "theme")
    with house.store:
        yield house


def sent_to(house: Speaking, email: str = "nia@example.org") -> tuple[str, str]:
    """Have a mail go out; returns the reference, and the id of the mail."""
    ref, mails = said(house, email=email, answer_by="email"), list[EmailMessage]()
    asyncio.run(drain(house.service, mails.append, asyncio.Event()))
    return ref, mails[-1]["Message-ID"].strip("<>").partition("@")[0]


def take_in(house: Speaking, mail: bytes) -> str:
    bounce = bounced(mail)
    assert bounce
    return house.store.write_now(
        partial(outbox.came_back, message_id=bounce.message_id, why=bounce.why, now=house.clock())
    )


@pytest.mark.parametrize("sort", SORTS)
def test_a_mail_that_came_back_is_shown_at_the_desk_with_the_servers_reason(
    sort: str, house: Speaking
) -> None:
    ref, message_id = sent_to(house)
    assert take_in(house, report(message_id, sort=sort)) == ref
    mair = colleague(house)
    page = mair.get("post").text
    assert ref in page
    assert "User unknown" in page
    assert "&lt;…&gt;: Recipient" in page  # the address stands beside it, and in no log
    assert "The mail to the tenant came back" in mair.get(f"case/{ref}").text
    assert take_in(house, report(message_id)) == "", "and once"


def test_a_mail_that_is_only_late_has_not_come_back() -> None:
    assert bounced(report("1.2", action="delayed")) is None


@pytest.mark.parametrize(
    "mail",
    [b"", b"\xff\x00", b"Subject: On holiday\r\n\r\nBack on Monday.", report("x").split(b"--b")[0]],
)
def test_any_other_mail_says_nothing(mail: bytes) -> None:
    assert bounced(mail) is None


@pytest.mark.parametrize("message_id", ["1.1", "desk.1.1", "x.y", "1." + "9" * 400, "%", "1.٣"])
def test_what_is_no_mail_of_ours_changes_nothing(message_id: str, house: Speaking) -> None:
    sent_to(house)
    assert take_in(house, report(message_id)) == ""
    with house.store.read() as conn:
        assert outbox.dead(conn) == ()


def test_a_servers_words_are_cut_and_plain() -> None:
    long = report("1.2").replace(b"User unknown", b"\x1b[2J" + b"x" * 5000)
    bounce = bounced(long)
    assert isinstance(bounce, Bounce)
    assert len(bounce.why) <= 300
    assert "\x1b" not in bounce.why


def test_mail_that_waits_is_shown_with_why_and_until_when(house: Speaking) -> None:
    def refuse(_: EmailMessage) -> None:
        raise Refusal("mail.example.org: Connection refused")

    ref = said(house, email="nia@example.org", answer_by="email")
    asyncio.run(drain(house.service, refuse, asyncio.Event()))
    page = colleague(house).get("post").text
    assert ref in page
    assert "Connection refused" in page
    assert "It goes out from 4 March 2026" in page
    assert not case_of(house, ref).answered
    with house.store.read() as conn:
        assert not mail_addresses.is_confirmed(conn, ref)


def test_a_mail_server_hands_it_over_on_standard_input(tmp_path: Path) -> None:
    from commands.bounced import take_in as run

    lines: list[str] = []
    assert run(tmp_path, b"Subject: On holiday\r\n\r\n", lines.append) == 0
    assert lines == ["This mail says of no other that it came back. Nothing was noted."]
