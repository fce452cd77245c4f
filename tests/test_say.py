"""Tenants say something without an account, check it, and get a receipt that they can follow."""

from __future__ import annotations

import asyncio
import json
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from commands.story.actors import hidden
from feedback.store.casework.queues import DeskQueue, QueueWish, queue_page
from feedback.web.protection import Limits
from tests.copies import ROOT
from tests.speaking import CHROME, Speaking, filled, speaking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Message


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Speaking]:
    """Open a service on a real SQLite file."""
    service = speaking(tmp_path, ROOT / "theme")
    with service.store:
        yield service


def kept(service: Speaking) -> int:
    """Return how many submissions the store keeps."""
    with service.store.read() as conn:
        return queue_page(conn).total


class TestSaying:
    def test_a_form_becomes_a_receipt_with_a_day_to_wait_for(self, service: Speaking) -> None:
        page = service.browser.get(service.say()).text
        assert re.search(r"F-[2-9B-Z]{6}", page)
        assert "The gutter drips on my door." in page
        assert "18 March 2026" in page  # ten working days after 4 March

    def test_nothing_is_kept_before_it_is_confirmed(self, service: Speaking) -> None:
        checked = service.browser.post("/feedback/en/say", data=filled())
        assert "Check your answers" in checked.text
        assert kept(service) == 0

    def test_a_double_click_is_one_submission_with_one_receipt(self, service: Speaking) -> None:
        checked = service.browser.post("/feedback/en/say", data=filled())
        form = hidden(checked.text, "send")
        places = {
            service.browser.post("/feedback/en/send", data=form).headers["location"]
            for _ in range(3)
        }
        assert len(places) == 1
        assert kept(service) == 1

    def test_changed_words_are_not_confirmed_by_the_old_page(self, service: Speaking) -> None:
        checked = service.browser.post("/feedback/en/say", data=filled())
        form = hidden(checked.text, "send") | {"said": "Something else."}
        again = service.browser.post("/feedback/en/send", data=form)
        assert again.status_code == 200
        assert "Something else." in again.text
        assert kept(service) == 0

    def test_a_page_left_open_for_days_is_shown_once_more(self, service: Speaking) -> None:
        checked = service.browser.post("/feedback/en/say", data=filled())
        service.clock.pass_by(days=2)
        again = service.browser.post("/feedback/en/send", data=hidden(checked.text, "send"))
        assert "Check your answers" in again.text
        sent = service.browser.post("/feedback/en/send", data=hidden(again.text, "send"))
        assert sent.status_code == 303

    def test_what_was_typed_can_be_changed(self, service: Speaking) -> None:
        checked = service.browser.post("/feedback/en/say", data=filled(said="Fist draft"))
        back = service.browser.post("/feedback/en/say", data=hidden(checked.text, "say"))
        assert "Fist draft</textarea>" in back.text

    def test_danger_stops_the_form_and_says_whom_to_ring(self, service: Speaking) -> None:
        page = service.browser.post("/feedback/en/say", data=filled(danger="yes"))
        assert 'href="tel:999"' in page.text
        assert kept(service) == 0
        on = service.browser.post("/feedback/en/say", data=hidden(page.text, "say"))
        assert "The gutter drips on my door.</textarea>" in on.text

    def test_a_reply_is_about_its_post(self, service: Speaking) -> None:
        place = service.say(sort="reply", about_kind="post", about_key="clear-gutters")
        assert "clear-gutters (en)" in service.browser.get(place).text


class TestWhatLooksPersonal:
    def test_it_is_told_before_anything_is_sent(self, service: Speaking) -> None:
        words = "It drips at 12 Station Road. Ask Sian."
        checked = service.browser.post(
            "/feedback/en/say", data=filled(said=words, name="Siân Prys", may_publish="yes")
        ).text
        assert "stand in what may be published" in checked
        assert 'address: <strong dir="auto">12 Station Road</strong>' in checked
        assert 'name: <strong dir="auto">Sian</strong>' in checked

    def test_words_that_are_only_counted_need_no_such_look(self, service: Speaking) -> None:
        form = filled(said="It drips at 12 Station Road.", may_publish="no")
        checked = service.browser.post("/feedback/en/say", data=form).text
        assert "may be published" not in checked


class TestFaults:
    @pytest.mark.parametrize(
        ("answers", "field"),
        [
            ({"said": ""}, "said"),
            ({"said": "x" * 6000}, "said"),
            ({"sort": "rant"}, "sort"),
            ({"danger": ""}, "danger"),
            ({"topic": "weather"}, "topic"),
            ({"area": "moon"}, "area"),
            ({"may_publish": "perhaps"}, "may_publish"),
            ({"answer_by": "email"}, "email"),
            ({"answer_by": "letter"}, "address"),
            ({"answer_by": "phone", "phone": "not one"}, "phone"),
            ({"email": "nia at example"}, "email"),
            ({"answer_lang": "fr"}, "answer_lang"),
            ({"sort": "reply"}, "about_kind"),
            ({"about_kind": "post", "about_key": "../../etc"}, "about_kind"),
            ({"about_kind": "post", "about_key": "no-such-post"}, "about_kind"),
            ({"about_kind": "record", "about_key": "F-V5M8QZ"}, "about_kind"),  # taken back
        ],
    )
    def test_a_fault_keeps_the_page_and_everything_typed(
        self, answers: dict[str, str], field: str, service: Speaking
    ) -> None:
        page = service.browser.post("/feedback/en/say", data=filled(name="Nia") | answers)
        assert page.status_code == 422
        assert f'href="#f-{field}"' in page.text
        assert 'value="Nia"' in page.text
        assert unescape(filled(**answers)["said"]) in unescape(page.text)
        assert kept(service) == 0

    def test_faults_are_in_the_tenants_language(self, service: Speaking) -> None:
        page = service.browser.post("/feedback/cy/say", data=filled(said=""))
        assert 'lang="cy"' in page.text
        assert "Write what you want to say." not in page.text

    def test_a_doubled_field_is_a_fault_and_an_unknown_one_is_left_out(
        self, service: Speaking
    ) -> None:
        pairs = [*filled().items(), ("said", "twice"), ("admin", "true")]
        body = "&".join(f"{name}={value}" for name, value in pairs)
        headers = {"content-type": "application/x-www-form-urlencoded"}
        page = service.browser.post("/feedback/en/say", content=body, headers=headers)
        assert page.status_code == 422
        assert "admin" not in page.text

    @pytest.mark.parametrize(
        "words",
        ["<script>alert(1)</script>", "ŵ ŷ 🏠", "مرحبا", "a\x00b", "{{ 7*7 }}", "' OR 1=1 --"],
    )
    def test_words_in_any_script_come_back_as_words(self, words: str, service: Speaking) -> None:
        page = service.browser.get(service.say(said=words)).text
        assert "<script>alert" not in page
        assert words.replace("\x00", "") in unescape(page)

    @pytest.mark.parametrize("form", ["say", "send", "vote", "fixed", "find"])
    def test_a_body_that_is_too_long_is_refused_on_a_page(
        self, form: str, service: Speaking
    ) -> None:
        page = service.browser.post(f"/feedback/cy/{form}", data=filled(said="x" * 100_000))
        assert page.status_code == 413
        assert "Gallwch ei fyrhau yma, neu ffoniwch ni." in unescape(page.text)
        assert "x" * 60_000 in page.text  # to be cut down where it stands
        assert kept(service) == 0

    def test_a_length_that_is_none_is_refused_too(self, service: Speaking) -> None:
        headers = {"content-length": "much", "content-type": "application/x-www-form-urlencoded"}
        page = service.browser.post("/feedback/en/say", content=b"said=x", headers=headers)
        assert page.status_code == 413
        assert page.headers["connection"] == "close"

    def test_a_body_that_never_ends_is_waited_for_no_longer_than_that(self) -> None:
        messages: list[Message] = []

        async def read(request: Request) -> Response:
            await request.form()
            raise AssertionError("there was a body")

        async def never() -> Message:
            await asyncio.Event().wait()
            raise AssertionError

        async def hear(message: Message) -> None:
            messages.append(message)

        limits = Middleware(Limits, seconds=0.001)
        app = Starlette(routes=[Route("/", read, methods=["POST"])], middleware=[limits])
        form = [(b"content-type", b"application/x-www-form-urlencoded")]
        scope = {"type": "http", "method": "POST", "path": "/", "headers": form}
        asyncio.run(app(scope, never, hear))
        assert messages[0]["status"] == 408


class TestDoors:
    @pytest.mark.parametrize("path", ["say", "send", "vote", "fixed", "find"])
    def test_forms_of_other_sites_are_refused(self, path: str, service: Speaking) -> None:
        headers = {"origin": "https://elsewhere.example.org"}
        page = service.browser.post(f"/feedback/en/{path}", data=filled(), headers=headers)
        assert page.status_code == 403
        assert kept(service) == 0

    def test_a_language_that_there_is_none_of_is_404(self, service: Speaking) -> None:
        assert service.browser.get("/feedback/xx/say").status_code == 404

    def test_pages_are_kept_by_nobody_on_the_way(self, service: Speaking) -> None:
        page = service.browser.get(service.say())
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["x-robots-tag"] == "noindex"
        assert "unsafe" not in page.headers["content-security-policy"]

    def test_a_receipt_cannot_be_guessed(self, service: Speaking) -> None:
        place = service.say()
        assert service.browser.get(place[:-4] + "AAAA").status_code == 404


class TestReceipt:
    def test_it_is_found_by_reference_and_code(self, service: Speaking) -> None:
        place = service.say()
        page = service.browser.get(place).text
        ref, code = re.findall(r"<strong>([A-Z0-9-]+)</strong>", page)[:2]
        response = service.browser.post(
            "/feedback/en/find", data={"ref": ref.lower(), "code": code}
        )
        assert response.headers["location"] == place

    def test_it_says_what_the_words_led_to(self, service: Speaking, tmp_path: Path) -> None:
        place = service.say()
        ref = re.findall(r"<strong>(F-[A-Z0-9]+)</strong>", service.browser.get(place).text)[0]
        led = [{"title": "Dry walls", "url": "/en/roadmap/dry-walls/"}]
        chrome = json.dumps(CHROME | {"led": {ref: {"en": led}}})
        (tmp_path / "tree/_chrome.json").write_text(chrome, encoding="utf-8")
        page = service.browser.get(place).text
        assert "What it led to" in page
        assert '<a href="/en/roadmap/dry-walls/">Dry walls</a>' in page

    def test_codes_cannot_be_tried_for_ever(self, service: Speaking) -> None:
        page = service.browser.get(service.say()).text
        ref, code = re.findall(r"<strong>([A-Z0-9-]+)</strong>", page)[:2]
        for _ in range(5):
            service.browser.post("/feedback/en/find", data={"ref": ref, "code": "BCDFGH"})
        form = {"ref": ref, "code": code}
        assert service.browser.post("/feedback/en/find", data=form).status_code == 422
        service.clock.pass_by(hours=2)
        assert service.browser.post("/feedback/en/find", data=form).status_code == 303

    def test_the_tenant_may_take_it_back(self, service: Speaking) -> None:
        place = service.say()
        assert "Take it back" in service.browser.get(f"{place}/withdraw").text
        service.browser.post(f"{place}/withdraw")
        assert "You took it back." in service.browser.get(place).text
        with service.store.read() as conn:
            assert queue_page(conn, QueueWish(queue=DeskQueue.DONE)).total == 1

    def test_the_tenant_may_be_forgotten(self, service: Speaking) -> None:
        place = service.say(name="Nia Rowe", email="nia@example.org", answer_by="email")
        service.browser.post(f"{place}/forget")
        page = service.browser.get(place).text
        assert "Your words have been erased." in page
        for word in ("Nia Rowe", "nia@example.org", "gutter"):
            assert word not in page

    def test_contact_can_be_added_and_faults_keep_what_was_typed(self, service: Speaking) -> None:
        place = service.say()
        wrong = {"answer_by": "email", "email": "nia@", "name": "Nia"}
        page = service.browser.post(f"{place}/contact", data=wrong)
        assert page.status_code == 422
        assert 'value="Nia"' in page.text
        for name in ("answer_by", "answer_lang"):
            odd = service.browser.post(f"{place}/contact", data={name: "pigeon"})
            assert odd.status_code == 422
        right = wrong | {"email": "nia@example.org"}
        assert service.browser.post(f"{place}/contact", data=right).status_code == 303
        assert 'value="nia@example.org"' in service.browser.get(place).text
