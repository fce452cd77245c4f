"""Notices go out by mail: at least once each, as the same mail, and never with a tenant's words."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from core.words import Words
from feedback.model import Contact, Happening
from feedback.notices import delivery, messages
from feedback.notices.delivery import drain, hand_in, keep_posting, post
from feedback.notices.mail_server import greeting
from feedback.settings import SettingFault, Smtp
from feedback.store import Busy
from feedback.store.actions import submissions
from feedback.store.mail import mail_addresses, outbox
from feedback.store.mail.outbox import Notice, Why
from tests.copies import ROOT
from tests.postbox import HOST, Postbox, certificate, postbox
from tests.speaking import CHROME, Speaking, speaking
from tests.tenants import House, sent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from feedback.model import Event
    from feedback.store.mail.outbox import Claimed
    from feedback.web.service import Service

pytestmark = pytest.mark.long

NIA = Contact(name="Nia Rowe", email="nia@example.org")
SAID = "Mae'r gwter yn diferu ar fy nrws."
LEASE = timedelta(minutes=5)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Speaking]:
    """Open a service on a real SQLite file."""
    service = speaking(tmp_path, ROOT / "theme")
    with service.store:
        yield service


@pytest.fixture
def box() -> Iterator[Postbox]:
    """Run a mail server."""
    with postbox() as box:
        yield box


def service_in(house: Speaking) -> Service:
    """Return what the service works with."""
    service: Service = house.app.routes[0].app.state.service  # type: ignore[attr-defined]
    return service


def heard(
    house: Speaking,
    *,
    lang: str = "cy",
    contact: Contact = NIA,
    form: str = "1",
    confirmed: bool = True,
) -> str:
    """Take in what somebody says who wants to be answered by mail; a first notice waits then.

    :param confirmed: whether they have said by then that the address is theirs.
    """
    submission = sent(said=SAID, lang=lang, topic="repairs", contact=contact)
    sender = House(house.store, seed=len(form))
    ref = sender.add(submission, now=house.clock(), idempotency=f"form {form}").ref
    if confirmed:
        confirm = partial(mail_addresses.confirm, case=sender.case(ref), now=house.clock())
        house.store.write_now(confirm)
    return ref


def deliver(house: Speaking, smtp: Smtp) -> int:
    """Look into the outbox once."""
    service = service_in(house)
    take = hand_in(smtp, pytest.fail)
    return asyncio.run(drain(service, take, asyncio.Event()))


def history(house: Speaking, ref: str) -> list[Event]:
    with house.store.read() as conn:
        return [e for e in submissions.history(conn, ref) if e.what == Happening.TOLD]


def dead(house: Speaking) -> tuple[Claimed, ...]:
    with house.store.read() as conn:
        return outbox.dead(conn)


def waiting(house: Speaking) -> list[Claimed]:
    """Claim what is due, as another worker would."""
    due = partial(outbox.due, now=house.clock(), lease=LEASE)
    return list(house.store.write_now(due))


def link(message: EmailMessage) -> str:
    match = re.search(r"https?://\S+/receipt/\S+", message.get_content())
    assert match
    return match[0]


class TestAMail:
    def test_it_comes_in_the_tenants_language_with_the_way_to_their_page(
        self, house: Speaking, box: Postbox
    ) -> None:
        ref = heard(house)
        assert deliver(house, box.smtp) == 1
        (mail,) = box.taken
        assert box.sent_to == ["nia@example.org"]
        assert mail["Subject"] == f"Mae'r hyn anfonoch chi gyda ni: {ref}"
        assert mail["From"].addresses[0].display_name == "Cartrefi Bach"
        assert mail["From"].addresses[0].addr_spec == "helo@tiny.example.org"
        assert mail["Content-Language"] == "cy"
        assert mail["Auto-Submitted"] == "auto-generated"
        page = house.browser.get(link(mail).removeprefix("https://tiny.example.org"))
        assert (page.status_code, ref in page.text) == (200, True)

    def test_it_never_holds_what_the_tenant_wrote(self, house: Speaking, box: Postbox) -> None:
        for number, why in enumerate(Why):
            ref = heard(house, form="1" * (number + 1))
            facts = {"roadmap": "dry-walls", "change": "autumn-gutters"}
            house.store.write_now(
                partial(outbox.put, notice=Notice(ref, why, facts), now=house.clock())
            )
        deliver(house, box.smtp)
        assert len(box.taken) == 2 * len(Why)
        for mail in box.taken:
            text = f"{mail['Subject']} {mail['To']} {mail.get_content()}"
            assert "Nia" not in text
            assert "gwter" not in text

    def test_it_names_what_moved_and_where_to_read_why(self, house: Speaking, box: Postbox) -> None:
        ref = heard(house)
        notice = Notice(ref, Why.MOVED, {"roadmap": "dry-walls"})
        house.store.write_now(partial(outbox.put, notice=notice, now=house.clock()))
        deliver(house, box.smtp)
        text = box.taken[1].get_content()
        assert "dry-walls (cy)" in text
        assert "https://tiny.example.org/cy/roadmap/dry-walls/" in text

    def test_links_keep_the_folder_that_a_site_stands_in(
        self, house: Speaking, box: Postbox, tmp_path: Path
    ) -> None:
        roadmap = {"dry-walls": {"cy": {"title": "Waliau sych", "url": "/ty/cy/map/sych/"}}}
        chrome = {
            "base": "/ty/",
            "url": "https://a.example.org/ty/",
            "targets": {"roadmap": roadmap},
        }
        (tmp_path / "tree" / "_chrome.json").write_text(json.dumps(CHROME | chrome))
        ref = heard(house)
        notice = Notice(ref, Why.MOVED, {"roadmap": "dry-walls"})
        house.store.write_now(partial(outbox.put, notice=notice, now=house.clock()))
        deliver(house, box.smtp)
        assert "https://a.example.org/ty/cy/map/sych/" in box.taken[1].get_content()
        assert link(box.taken[0]).startswith("https://a.example.org/ty/feedback/cy/receipt/")

    def test_a_language_that_the_site_gave_up_is_answered_in_its_first(
        self, house: Speaking, box: Postbox
    ) -> None:
        heard(house, lang="pl")
        assert deliver(house, box.smtp) == 1
        assert box.taken[0]["Content-Language"] == "cy"

    def test_an_address_can_be_no_second_header_and_no_second_recipient(
        self, house: Speaking
    ) -> None:
        heard(house)
        (claimed,) = waiting(house)
        wording = service_in(house).pages.wordings["cy"]
        for typed in (
            "nia@example.org, all@example.org",
            "nia@example.org\r\nBcc: all@example.org",
        ):
            strange = replace(claimed, contact=Contact(email=typed))
            with pytest.raises(ValueError, match=r"."):
                messages.mail(strange, "", wording, house.site, "helo@tiny.example.org")

    def test_a_name_over_two_lines_is_one_header(self, house: Speaking) -> None:
        heard(house)
        (claimed,) = waiting(house)
        association = replace(house.site, name=Words.of("Tiny\r\nBcc: all@example.org"))
        wording = service_in(house).pages.wordings["cy"]
        mail = messages.mail(claimed, "", wording, association, "helo@tiny.example.org")
        assert "\nBcc" not in mail.as_string()


class TestAtLeastOnce:
    def test_what_was_taken_is_in_the_history_and_never_goes_out_again(
        self, house: Speaking, box: Postbox
    ) -> None:
        ref = heard(house)
        deliver(house, box.smtp)
        house.clock.pass_by(days=30)
        assert deliver(house, box.smtp) == 0
        assert len(box.taken) == 1
        assert [event.detail for event in history(house, ref)] == [
            {"why": "received", "channel": "email"}
        ]

    def test_a_busy_server_is_tried_again_after_longer_and_longer(
        self, house: Speaking, box: Postbox
    ) -> None:
        heard(house)
        box.answers = ["451 Busy", "451 Busy"]
        assert deliver(house, box.smtp) == 0
        for minutes in (1, 4):
            house.clock.pass_by(minutes=minutes, seconds=-1)
            assert deliver(house, box.smtp) == 0
            assert len(box.answers) == (minutes == 1)  # it was not asked before its time
            house.clock.pass_by(seconds=1)
            deliver(house, box.smtp)
        assert len(box.taken) == 1

    def test_a_mail_that_the_server_took_before_it_hung_up_comes_again_as_the_same_one(
        self, house: Speaking, box: Postbox
    ) -> None:
        ref = heard(house)
        box.hang_up = True
        assert deliver(house, box.smtp) == 0
        house.clock.pass_by(minutes=1)
        assert deliver(house, box.smtp) == 1
        first, second = box.taken
        assert first["Message-ID"] == second["Message-ID"]
        assert first.as_string() == second.as_string()
        assert len(history(house, ref)) == 1

    def test_what_a_worker_that_died_had_claimed_goes_out_after_its_lease(
        self, house: Speaking, box: Postbox
    ) -> None:
        heard(house)
        (claimed,) = waiting(house)
        assert deliver(house, box.smtp) == 0
        house.clock.pass_by(minutes=5)
        assert deliver(house, box.smtp) == 1
        assert box.taken[0]["Message-ID"].startswith(f"<{claimed.message_id}@")

    def test_workers_that_look_at_once_hand_each_notice_in_once(
        self, house: Speaking, box: Postbox
    ) -> None:
        for number in range(1, 8):
            heard(house, form="1" * number)
        service = service_in(house)
        take = hand_in(box.smtp, pytest.fail)

        async def workers() -> list[int]:
            stop = asyncio.Event()
            return await asyncio.gather(*(drain(service, take, stop) for _ in range(3)))

        assert sum(asyncio.run(workers())) == 7
        assert len({mail["Message-ID"] for mail in box.taken}) == len(box.taken) == 7

    def test_one_that_no_mail_can_be_made_of_holds_up_no_other(
        self, house: Speaking, box: Postbox
    ) -> None:
        heard(house, contact=Contact(email="nia@two@example.org"))
        heard(house, form="11")
        assert deliver(house, box.smtp) == 1
        house.clock.pass_by(minutes=1)
        (left,) = waiting(house)
        assert left.fault.startswith("No mail could be made of it")

    def test_who_asks_to_be_forgotten_gets_nothing_even_when_it_was_claimed(
        self, house: Speaking, box: Postbox
    ) -> None:
        ref = heard(house)
        (claimed,) = waiting(house)
        house.store.write_now(partial(submissions.forget, ref=ref, now=house.clock()))
        service = service_in(house)
        take = hand_in(box.smtp, pytest.fail)
        assert not asyncio.run(post(service, claimed, take))
        house.clock.pass_by(days=1)
        assert deliver(house, box.smtp) == 0
        assert box.taken == []


class TestAccentsBeforeTheAt:
    @pytest.mark.parametrize("accents", [True, False])
    def test_the_server_is_asked_whether_it_takes_them(
        self, house: Speaking, *, accents: bool
    ) -> None:
        with postbox(accents=accents) as box:
            settings = replace(service_in(house).settings, smtp=box.smtp)
            service = replace(service_in(house), settings=settings)
            heard(house)

            async def work() -> None:
                stop = asyncio.Event()
                here = asyncio.get_running_loop()

                def take(_: EmailMessage) -> None:
                    here.call_soon_threadsafe(stop.set)

                await keep_posting(service, take, stop, pytest.fail, pause=0.01)

            asyncio.run(work())
        assert service.reach.accents == accents

    def test_a_mail_goes_there_as_it_is_written(self, house: Speaking, box: Postbox) -> None:
        heard(house, contact=Contact(email="siân@xn--t-foa.cymru"))
        assert deliver(house, box.smtp) == 1
        assert box.sent_to == ["siân@xn--t-foa.cymru"]
        assert str(box.taken[0]["To"]) == "siân@xn--t-foa.cymru"

    def test_one_that_the_server_no_longer_takes_waits_and_says_why(self, house: Speaking) -> None:
        heard(house, contact=Contact(email="siân@example.org"))
        with postbox(accents=False) as box:
            assert deliver(house, box.smtp) == 0
        house.clock.pass_by(minutes=1)
        (left,) = waiting(house)
        assert "SMTPUTF8" in left.fault
        assert "siân" not in left.fault


class TestRefusals:
    def test_a_mailbox_that_is_not_there_is_shown_at_the_desk_at_once(
        self, house: Speaking, box: Postbox
    ) -> None:
        heard(house)
        box.refused["nia@example.org"] = "550 No mailbox NIA@EXAMPLE.ORG here"
        assert deliver(house, box.smtp) == 0
        (letter,) = dead(house)
        assert letter.fault == "550 No mailbox … here"  # staff read it, and the address is private

    def test_a_server_that_is_away_for_two_days_is_told_and_can_be_tried_by_hand(
        self, house: Speaking, box: Postbox
    ) -> None:
        heard(house)
        away = replace(box.smtp, port=_nobodys_port())
        for _ in range(10):
            assert dead(house) == ()
            assert deliver(house, away) == 0
            house.clock.pass_by(hours=12)
        (letter,) = dead(house)
        assert "refused" in letter.fault
        assert deliver(house, box.smtp) == 0
        house.store.write_now(partial(outbox.retry, number=letter.id, now=house.clock()))
        assert deliver(house, box.smtp) == 1

    def test_a_server_that_drips_its_answer_is_hung_up_on_and_tried_again(
        self, house: Speaking, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        heard(house)
        briefly = partial(greeting, most=0.1)
        monkeypatch.setattr(delivery, "greeting", briefly)
        with socket.create_server((HOST, 0)) as door:
            dripping = Thread(target=_drip, args=(door,), daemon=True)
            dripping.start()
            assert deliver(house, Smtp(HOST, door.getsockname()[1])) == 0
            dripping.join()
        house.clock.pass_by(minutes=1)
        (left,) = waiting(house)
        assert "closed" in left.fault

    @pytest.mark.parametrize(
        "answer", ["452 4.2.2 The mailbox is full", "451 4.7.1 Greylisted, come again later"]
    )
    def test_a_mailbox_that_is_full_or_wants_us_back_later_is_tried_again(
        self, answer: str, house: Speaking, box: Postbox
    ) -> None:
        heard(house)
        box.refused["nia@example.org"] = answer
        assert deliver(house, box.smtp) == 0
        assert dead(house) == ()
        box.refused.clear()
        house.clock.pass_by(minutes=1)
        assert deliver(house, box.smtp) == 1

    def test_a_server_that_hangs_up_at_the_door_is_tried_again(
        self, house: Speaking, box: Postbox
    ) -> None:
        heard(house)
        with socket.create_server((HOST, 0)) as door:
            port = door.getsockname()[1]
            service = service_in(house)
            take = hand_in(Smtp(HOST, port), pytest.fail)

            async def meet() -> int:
                drained = asyncio.create_task(drain(service, take, asyncio.Event()))
                caller, _ = await asyncio.to_thread(door.accept)
                caller.close()
                return await drained

            assert asyncio.run(meet()) == 0
        house.clock.pass_by(minutes=1)
        assert deliver(house, box.smtp) == 1

    def test_what_a_server_says_is_kept_short_and_printable(
        self, house: Speaking, box: Postbox
    ) -> None:
        heard(house)
        box.answers = ["554 \x00\x1b[31m" + "no " * 150]
        deliver(house, box.smtp)
        house.clock.pass_by(minutes=1)
        (left,) = waiting(house)
        assert left.fault.isprintable()
        assert len(left.fault) <= 300


class TestEncryption:
    def test_mail_goes_out_encrypted_where_that_is_asked_for(
        self, house: Speaking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = certificate(tmp_path)
        if file is None:
            pytest.skip("This machine has no OpenSSL.")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "public.pem"))
        heard(house)
        with postbox(file) as box:
            assert deliver(house, box.smtp) == 1
        assert box.encrypted == [True]

    def test_a_server_that_nobody_vouches_for_gets_nothing(
        self, house: Speaking, tmp_path: Path
    ) -> None:
        file = certificate(tmp_path)
        if file is None:
            pytest.skip("This machine has no OpenSSL.")
        heard(house)
        with postbox(file) as box:
            assert deliver(house, box.smtp) == 0
        assert box.taken == []

    def test_a_server_that_cannot_encrypt_gets_nothing(self, house: Speaking, box: Postbox) -> None:
        heard(house)
        secret = replace(box.smtp, user="house", password="not to be told", starttls=True)
        assert deliver(house, secret) == 0
        assert box.taken == []
        house.clock.pass_by(minutes=1)
        (left,) = waiting(house)
        assert "STARTTLS" in left.fault
        assert "not to be told" not in left.fault

    def test_a_password_is_never_sent_over_a_network_in_the_clear(self) -> None:
        open_line = Smtp("mail.example.org", 587, user="house", password="not to be told")
        with pytest.raises(SettingFault, match=r"Write \?starttls") as fault:
            hand_in(open_line, pytest.fail)
        assert "not to be told" not in str(fault.value)


class TestTheConsole:
    def test_without_a_mail_server_it_shows_what_would_go_out_and_nothing_private(
        self, house: Speaking
    ) -> None:
        ref = heard(house)
        service, printed = service_in(house), list[str]()
        assert asyncio.run(
            drain(service, hand_in(service.settings.smtp, printed.append), asyncio.Event())
        )
        (words,) = printed
        assert "OPEN_HOUSE_SMTP" in words
        assert f"Mae'r hyn anfonoch chi gyda ni: {ref}" in words
        assert "https://tiny.example.org/feedback/cy/receipt/…" in words
        for private in ("nia@", "Nia", "gwter", _token(house, ref)):
            assert private not in words


class TestTheWorker:
    def test_it_hands_in_what_comes_and_ends_when_told(self, house: Speaking) -> None:
        service, taken = service_in(house), list[EmailMessage]()

        async def work() -> None:
            stop, come = asyncio.Event(), asyncio.Event()
            here = asyncio.get_running_loop()

            def take(message: EmailMessage) -> None:
                taken.append(message)
                here.call_soon_threadsafe(come.set)

            worker = asyncio.create_task(keep_posting(service, take, stop, pytest.fail, pause=0.01))
            await asyncio.to_thread(heard, house)
            await come.wait()
            stop.set()
            await worker

        asyncio.run(work())
        assert len(taken) == 1

    def test_trouble_is_told_once_and_ends_nothing(
        self, house: Speaking, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        heard(house)
        service, printed, troubles = (
            service_in(house),
            list[str](),
            [Busy("Try later."), ValueError()],
        )
        real = house.store.write

        async def work() -> None:
            stop = asyncio.Event()
            here = asyncio.get_running_loop()

            async def troubled(piece: Callable[..., object], **options: float) -> object:
                if troubles:
                    raise troubles[0] if len(troubles) > 1 else troubles.pop()
                return await real(piece, **options)

            monkeypatch.setattr(service.store, "write", troubled)

            def say(words: str) -> None:
                printed.append(words)
                troubles.pop(0) if len(troubles) > 1 else None

            def take(_: EmailMessage) -> None:
                here.call_soon_threadsafe(stop.set)

            await keep_posting(service, take, stop, say, pause=0.01)

        asyncio.run(work())
        assert printed == [
            "Notices wait: Try later.",
            "Notices wait, for a reason of our own: ValueError",
        ]


def _drip(door: socket.socket) -> None:
    """Answer whoever comes without an end, for as long as they listen."""
    caller, _ = door.accept()
    with caller, suppress(OSError):
        while True:
            caller.send(b"220-wait\r\n")


def _nobodys_port() -> int:
    with closing(socket.create_server((HOST, 0))) as server:
        port: int = server.getsockname()[1]
        return port


def _token(house: Speaking, ref: str) -> str:
    with house.store.read() as conn:
        return submissions.receipt(conn, house.store.tokens, ref).token
