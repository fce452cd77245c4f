"""The digest by mail: from signing up to leaving, with a real mail server."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING, Protocol

import html5lib
import pytest
from sqlalchemy import select

from commands import digest as command
from feedback.model import Period, StaffRole
from feedback.notices.delivery import drain, hand_in, on_the_console, post
from feedback.notices.digests import digest_mail
from feedback.notices.envelopes import Envelope
from feedback.store.database.schema import MAILINGS
from feedback.store.mail import mail_addresses, mailings, subscribers
from feedback.store.mail.subscribers import DigestPreference
from tests.copies import ROOT
from tests.desk import colleague
from tests.postbox import Postbox, postbox
from tests.speaking import ORIGIN, Speaking, speaking
from tests.tenants import everything
from tests.tiny import SITE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

    from httpx2 import Response

pytestmark = pytest.mark.long

NIA = "nia@example.org"
PLACE = "/feedback/en/digest"
BOTH = {"email": NIA, "lang": "cy en", "period": "week"}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Speaking]:
    service = speaking(tmp_path, ROOT / "theme")
    with service.store:
        yield service


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as mailbox:
        yield mailbox


def deliver(house: Speaking, box: Postbox) -> list[EmailMessage]:
    """Look into the outbox once; returns what the mail server took."""
    service, before = house.service, len(box.taken)
    take = hand_in(box.smtp, pytest.fail)
    asyncio.run(drain(service, take, asyncio.Event()))
    return box.taken[before:]


def sign_up(house: Speaking, **typed: str) -> Response:
    return house.browser.post(PLACE, data=BOTH | typed)


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text


def link_in(text: str, of: str) -> str:
    match = re.search(rf"{ORIGIN}(/feedback/../digest/{of}/[\w.-]+)", text)
    assert match, text
    return match[1]


def confirmed(house: Speaking, box: Postbox, **typed: str) -> None:
    """Sign up, and say yes by the mail's link."""
    sign_up(house, **typed)
    (mail,) = deliver(house, box)
    assert house.browser.post(link_in(text_of(mail), "confirm")).status_code == 200
    house.clock.pass_by(minutes=1)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """What the deployed site says: a post of the week before the service's clock, and a later."""
    folder = tmp_path / "site" / "data"
    folder.mkdir(parents=True)
    pages = {lang: f"{ORIGIN}/{lang}/gutters/" for lang in ("cy", "en")}
    row = {
        "id": "urn:uuid:0d6f9c51-0a34-5a3c-9d0e-6f0f2a0f6d11",
        "key": "gutters",
        "kind": "post",
        "on": "2026-02-25",
        "title": {"cy": "Cwteri'n glir <ŵ>", "en": "The gutters are clear"},
        "url": pages,
        "dates": [],
        "cancelled": False,
    }
    later = {**row, "on": "2026-03-05", "title": {"en": "A tennis ball"}}
    for name, rows in {"items": [], "moves": [], "news": [later, row]}.items():
        (folder / f"{name}.json").write_text(json.dumps({name: rows}), encoding="utf-8")
    return folder.parent


class Send(Protocol):
    """Types `./run digest --send` at the service's own time; returns what it says."""

    def __call__(self, **options: bool) -> list[str]: ...


@pytest.fixture
def send(house: Speaking, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Send:
    """Send what is published."""

    def typed(**options: bool) -> list[str]:
        printed: list[str] = []
        dry_run = options.get("dry_run", False)
        choices = command.Options(site_file=site, tree=published, send=True, dry_run=dry_run)
        assert command.digest(tmp_path, choices, printed.append) == 0
        return printed

    class Now(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            del tz
            return house.clock()

    site = tmp_path / "site.toml"
    site.write_text(SITE, encoding="utf-8")
    monkeypatch.setattr(command, "datetime", Now)
    monkeypatch.setenv("OPEN_HOUSE_DATABASE", f"sqlite:///{tmp_path / 'feedback.sqlite3'}")
    monkeypatch.setenv("OPEN_HOUSE_SECRET", "s" * 32)
    return typed


class TestTheWholeWay:
    def test_sign_up_confirm_get_it_once_leave_in_one_click_and_never_again(
        self, house: Speaking, box: Postbox, send: Send
    ) -> None:
        asked = sign_up(house)
        assert (asked.status_code, asked.headers["location"]) == (303, f"{PLACE}/asked")
        assert "there is an e-mail with a link" in house.browser.get(asked.headers["location"]).text
        (question,) = deliver(house, box)
        link = link_in(text_of(question), "confirm")
        page = house.browser.get(link)  # as a program that looks through mails does
        assert "<button" in page.text
        assert send() == [
            "week 2026-W09: nobody is to get it, or all have it.",
            "month 2026-02: nobody is to get it, or all have it.",
        ]
        assert "You get it from now on" in house.browser.post(link).text

        assert send()[0] == "week 2026-W09, cy then en: 1"
        assert send()[0] == "week 2026-W09: nobody is to get it, or all have it."
        (mail,) = deliver(house, box)
        assert deliver(house, box) == []
        leave = mail["List-Unsubscribe"].strip("<>").removeprefix(ORIGIN)
        mail_program = house.another_browser()
        mail_program.headers.clear()
        left = mail_program.post(leave, data=ONE_CLICK)
        assert left.status_code == 200  # never sent on (RFC 8058)

        house.clock.pass_by(days=7)
        assert "nobody is to get it" in send()[0]
        assert deliver(house, box) == []
        with house.store.read() as conn:
            assert NIA not in everything(conn)

    def test_the_digest_reads_as_mail_programs_read_it(
        self, house: Speaking, box: Postbox, send: Send
    ) -> None:
        confirmed(house, box)
        send()
        (mail,) = deliver(house, box)
        assert box.sent_to[-1] == NIA
        assert mail["To"] == NIA
        assert mail["From"].addresses[0].display_name == "Cartrefi Bach"
        assert mail["Subject"] == (
            "Cartrefi Bach: Beth oedd yn newydd, 23 Chwefror 2026 i 1 Mawrth 2026 / "
            "Tiny Homes: What was new, 23 February 2026 to 1 March 2026"
        )
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert re.fullmatch(rf"<{ORIGIN}/feedback/cy/digest/leave/\S+>", mail["List-Unsubscribe"])
        assert mail["List-Id"] == "<digest.tiny.example.org>"
        assert (mail["Precedence"], mail["Auto-Submitted"]) == ("bulk", "auto-generated")
        assert mail["Content-Language"] == "cy, en"
        assert mail.get_content_type() == "multipart/alternative"
        plain, html = mail.iter_parts()
        assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
        assert {part.get_content_charset() for part in (plain, html)} == {"utf-8"}
        assert {part["Content-Transfer-Encoding"] for part in (plain, html)} == {"quoted-printable"}
        for text in (plain.get_content(), unescape(html.get_content())):
            assert text.index("Cwteri'n glir <ŵ>") < text.index("The gutters are clear")
            assert link_in(text, "leave") in mail["List-Unsubscribe"]
            assert "leave.invalid" not in text
        assert "<ŵ>" not in html.get_content()

    def test_who_gets_it_by_the_month_gets_it_by_the_month(
        self, house: Speaking, box: Postbox, send: Send
    ) -> None:
        confirmed(house, box, period="month", lang="en")
        assert "month 2026-02, en: 1" in send()
        (mail,) = deliver(house, box)
        assert mail["Subject"].endswith("1 February 2026 to 28 February 2026")
        assert mail["Content-Language"] == "en"
        house.clock.pass_by(days=7)
        send()
        assert deliver(house, box) == []

    def test_a_dry_run_says_the_same_and_sends_nothing(
        self, house: Speaking, box: Postbox, send: Send
    ) -> None:
        confirmed(house, box)
        dry = send(dry_run=True)
        assert dry[0] == "week 2026-W09, cy then en: 1"
        assert deliver(house, box) == []
        assert send()[0] == dry[0]

    def test_a_mail_that_fails_comes_again_as_the_same_one(
        self, house: Speaking, box: Postbox, send: Send
    ) -> None:
        confirmed(house, box)
        send()
        box.hang_up = True
        deliver(house, box)
        house.clock.pass_by(minutes=1)
        (again,) = deliver(house, box)
        assert again.as_string() == box.taken[-2].as_string()

    def test_a_language_that_was_given_up_since_is_left_out(
        self, house: Speaking, box: Postbox, send: Send, tmp_path: Path
    ) -> None:
        confirmed(house, box)
        english = SITE.replace('["cy", "en"]', '["en"]')
        (tmp_path / "site.toml").write_text(english, encoding="utf-8")
        assert send()[0] == "week 2026-W09, en: 1"


def test_where_there_is_no_https_no_click_is_promised(house: Speaking) -> None:
    site = house.site
    envelope = Envelope(to=NIA, sender=site.email, lang="en", message_id="1", made=house.clock())
    written = mailings.WrittenDigest("s", "t", "h")
    mail = digest_mail(envelope, written, "en", "http://127.0.0.1/leave", site)
    assert mail["List-Unsubscribe"] == "<http://127.0.0.1/leave>"
    assert "List-Unsubscribe-Post" not in mail


class TestSigningUp:
    def test_the_form_is_in_both_languages_and_private(self, house: Speaking) -> None:
        for lang, word in (("en", "How often?"), ("cy", "Pa mor aml?")):
            page = house.browser.get(f"/feedback/{lang}/digest")
            assert word in page.text
            assert page.headers["cache-control"] == "no-cache, private"
            html5lib.HTMLParser(strict=True).parse(page.text)
            assert not re.search(r"<script(?! src=)|<style|\sstyle=|\son\w+=", page.text)

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"email": ""}, "email"),
            ({"email": "nia"}, "email"),
            ({"email": "nia@example.org, all@example.org"}, "email"),
            ({"email": "nia@example.org\r\nBcc: all@example.org"}, "email"),
            ({"email": "nia@two@example.org"}, "email"),
            ({"email": "nîa@example.org"}, "email"),
            ({"email": "n" * 200 + "@example.org"}, "email"),
            ({"email": ".nia.@example.org"}, "email"),
            ({"lang": "fr"}, "lang"),
            ({"lang": "cy cy"}, "lang"),
            ({"period": "hour"}, "period"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(
        self, house: Speaking, box: Postbox, typed: dict[str, str], field: str
    ) -> None:
        page = sign_up(house, **typed)
        assert page.status_code == 422
        assert f'href="#f-{field}"' in page.text
        assert 'value="week"' in page.text
        assert deliver(house, box) == []

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"lang": "cy"}, "Once a week: Cymraeg"),
            ({"lang": "", "period": ""}, "Once a week: English"),
            ({"lang": "all"}, "Once a week: English, Cymraeg"),
            ({"lang": "cy en", "period": "month"}, "Once a month: Cymraeg, English"),
        ],
    )
    def test_the_mail_says_what_was_asked_for(
        self, house: Speaking, box: Postbox, typed: dict[str, str], sentence: str
    ) -> None:
        sign_up(house, **typed)
        (mail,) = deliver(house, box)
        assert sentence in text_of(mail)
        assert mail["Subject"] == "Do you want our news by e-mail?"
        assert "List-Unsubscribe" not in mail

    def test_a_form_of_another_site_is_refused(self, house: Speaking, box: Postbox) -> None:
        elsewhere = {"origin": "https://elsewhere.example.org"}
        assert house.browser.post(PLACE, data=BOTH, headers=elsewhere).status_code == 403
        assert deliver(house, box) == []

    def test_the_answer_is_the_same_whether_an_address_is_known(
        self, house: Speaking, box: Postbox
    ) -> None:
        confirmed(house, box)
        answers = [sign_up(house, email=email) for email in (NIA, "new@example.org", NIA, NIA)]
        assert len({(a.status_code, a.headers["location"], a.text) for a in answers}) == 1

    def test_nobody_can_flood_an_inbox(self, house: Speaking, box: Postbox) -> None:
        for number in range(10):
            sign_up(house, email=NIA.upper() if number % 2 else NIA)
            house.clock.pass_by(minutes=5)
        assert len(deliver(house, box)) == mail_addresses.UNCONFIRMED
        house.clock.pass_by(days=1)
        sign_up(house)
        assert len(deliver(house, box)) == 1

    def test_nobody_can_flood_many(self, house: Speaking, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(subscribers, "MOST", 2)
        statuses = [sign_up(house, email=f"{n}@example.org").status_code for n in range(3)]
        assert statuses == [303, 303, 503]

    def test_nobody_changes_what_another_gets(self, house: Speaking, box: Postbox) -> None:
        confirmed(house, box)
        sign_up(house, period="month", lang="en")  # somebody else types the address
        with house.store.read() as conn:
            assert list(subscribers.numbers(conn).confirmed) == [
                DigestPreference(("cy", "en"), Period.WEEK)
            ]
        (mail,) = deliver(house, box)
        house.browser.post(link_in(text_of(mail), "confirm"))  # and its owner agrees
        with house.store.read() as conn:
            assert subscribers.numbers(conn).confirmed == {
                DigestPreference(("en",), Period.MONTH): 1
            }


class TestLinks:
    def test_a_link_that_was_changed_is_none(self, house: Speaking, box: Postbox) -> None:
        sign_up(house)
        link = link_in(text_of(deliver(house, box)[0]), "confirm")
        for wrong in (
            link.replace(".week.", ".month."),
            link[:-3] + "AAA",
            link.replace("/confirm/", "/leave/"),
            f"{PLACE}/confirm/9.1.cy.week.x",
            f"{PLACE}/leave/{'9' * 40}.x",
            f"{PLACE}/leave/x",
        ):
            assert house.browser.get(wrong).status_code == 404, wrong
            assert house.browser.post(wrong).status_code == 404, wrong
        assert house.browser.post(link).status_code == 200

    def test_a_question_grows_old_and_the_address_is_forgotten(
        self, house: Speaking, box: Postbox
    ) -> None:
        sign_up(house)
        link = link_in(text_of(deliver(house, box)[0]), "confirm")
        house.clock.pass_by(days=8)
        assert house.browser.get(link).status_code == 404
        assert house.browser.post(link).status_code == 404
        sign_up(house, email="new@example.org")
        with house.store.read() as conn:
            assert NIA not in everything(conn)

    def test_an_old_question_brings_nobody_back_who_left(
        self, house: Speaking, box: Postbox, send: Send
    ) -> None:
        confirmed(house, box)
        old = link_in(text_of(box.taken[0]), "confirm")
        send()
        leave = link_in(text_of(deliver(house, box)[0]), "leave")
        page = house.browser.get(leave)
        assert "<button" in page.text
        assert house.browser.post(leave).status_code == 200
        assert house.browser.post(leave).status_code == 200  # twice does nothing more
        assert house.browser.post(old).status_code == 404
        confirmed(house, box)  # but they may come back themselves
        with house.store.read() as conn:
            assert sum(subscribers.numbers(conn).confirmed.values()) == 1

    def test_who_leaves_while_a_mail_is_on_its_way_gets_none(
        self, house: Speaking, box: Postbox, send: Send
    ) -> None:
        confirmed(house, box)
        send()
        service, lease = house.service, mail_addresses.A_DAY
        (claimed,) = house.store.write_now(
            lambda conn: mailings.due(conn, now=house.clock(), lease=lease)
        )
        house.store.write_now(lambda conn: subscribers.remove(conn, claimed.subscriber))
        taken: list[EmailMessage] = []
        assert not asyncio.run(post(service, claimed, taken.append))
        assert taken == []

    def test_the_console_shows_no_link_and_no_address(self, house: Speaking, box: Postbox) -> None:
        sign_up(house)
        shown = on_the_console(deliver(house, box)[0])
        assert "/digest/confirm/…" in shown
        assert NIA not in shown


class TestTheDesk:
    def test_numbers_are_for_everybody_and_addresses_for_who_manages(
        self, house: Speaking, box: Postbox
    ) -> None:
        confirmed(house, box)
        sign_up(house, email="new@example.org")
        mair, gwen = colleague(house), colleague(house, "gwen", StaffRole.MANAGE)
        page = mair.get("digest").text
        assert "1 person gets our news by e-mail." in page
        assert "@example.org" not in page.replace("helo@tiny.example.org", "")
        assert NIA in gwen.get("digest").text
        assert "new@example.org" not in gwen.get("digest").text  # nobody but they asked for it
        html5lib.HTMLParser(strict=True).parse(gwen.get("digest").text)

    def test_who_manages_erases_an_address_on_request(self, house: Speaking, box: Postbox) -> None:
        confirmed(house, box)
        mair, gwen = colleague(house), colleague(house, "gwen", StaffRole.MANAGE)
        assert mair.post("digest/1/remove").status_code == 403
        assert gwen.post("digest/1/remove").status_code == 303
        assert "Erased" in gwen.get("digest?done=left").text
        with house.store.read() as conn:
            assert NIA not in everything(conn)

    def test_a_mail_that_nobody_takes_is_counted_without_its_address(
        self, house: Speaking, box: Postbox, send: Send
    ) -> None:
        confirmed(house, box)
        send()
        box.refused[NIA] = f"550 No mailbox {NIA.upper()} here"
        deliver(house, box)
        with house.store.read() as conn:
            assert subscribers.numbers(conn).dead == 1
            assert [row.fault for row in conn.execute(select(MAILINGS))] == [
                "550 No mailbox … here"
            ]
