"""Voices that can be believed: what a browser never brings back is counted nowhere, by nobody."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.public.vocabulary import Fixed, Target
from feedback.publication import harvest
from feedback.store.voices import strikes, votes
from feedback.web.brakes import NewcomerBrake
from feedback.web.devices import COOKIE
from tests.copies import ROOT
from tests.speaking import CHROME, Speaking, speaking
from tests.tenants import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

ITEM = {"kind": "roadmap", "key": "dry-walls"}
CHANGE = {"change": "autumn-gutters"}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Speaking]:
    """Open a service on a real SQLite file."""
    service = speaking(tmp_path, ROOT / "theme")
    with service.store:
        yield service


def press(browser: TestClient, form: str = "vote", lang: str = "en", **typed: str) -> str:
    """Press a button as a browser does, and go where that leads; returns the page."""
    answer = browser.post(f"/feedback/{lang}/{form}", data=typed or ITEM)
    assert answer.status_code == 303
    return browser.get(answer.headers["location"]).text


def voices(service: Speaking) -> int:
    with service.store.read() as conn:
        return sum(tally.online for tally in votes.tally(conn).values())


def answers(service: Speaking) -> list[str]:
    with service.store.read() as conn:
        return [str(answer.fixed) for answer in votes.answered(conn)]


class TestOneBrowserIsOneVoice:
    def test_it_is_counted_once_however_often_it_is_pressed_and_may_be_taken_back(
        self, service: Speaking
    ) -> None:
        for _ in range(3):
            assert "Your voice counts." in press(service.browser)
        assert voices(service) == 1
        press(service.another_browser())
        assert voices(service) == 2
        assert "isn’t counted" in press(service.browser, **ITEM, undo="yes")
        assert voices(service) == 1

    def test_two_presses_before_a_page_came_back_are_one(self, service: Speaking) -> None:
        places = [service.browser.post("/feedback/en/vote", data=ITEM) for _ in range(2)]
        for place in places:
            service.browser.get(place.headers["location"])
        assert voices(service) == 1

    def test_a_form_of_another_site_comes_without_its_cookie_and_is_one_voice_all_the_same(
        self, service: Speaking
    ) -> None:
        """What SameSite=Lax does: no cookie with the POST, all of them with the page after it."""
        mine = service.another_browser()
        for _ in range(3):
            held_back = dict(mine.cookies)
            mine.cookies.clear()
            answer = mine.post("/feedback/en/vote", data=ITEM)
            for name, value in held_back.items():
                mine.cookies.set(name, value)
            assert "Your voice counts." in mine.get(answer.headers["location"]).text
        assert voices(service) == 1

    def test_an_answer_can_be_changed_and_taken_back(self, service: Speaking) -> None:
        for fixed, words in (("yes", "Yes, it is fixed"), ("no", "No, it is not fixed")):
            page = press(service.browser, "fixed", **CHANGE, fixed=fixed)
            assert f"You answered: {words}." in page
        assert answers(service) == ["no"]
        page = press(service.browser, "fixed", "cy", **CHANGE, undo="yes")
        assert "Diolch. Eich ateb" not in page
        assert answers(service) == []

    def test_what_is_not_on_the_site_has_no_voices(self, service: Speaking) -> None:
        for form, typed in (
            ("vote", {"kind": "roadmap", "key": "no-such-item"}),
            ("vote", {"kind": "post", "key": "clear-gutters"}),
            ("fixed", {"change": "no-such-change", "fixed": "yes"}),
        ):
            assert service.browser.post(f"/feedback/en/{form}", data=typed).status_code == 404
        assert service.browser.get("/feedback/en/fixed?change=none").status_code == 404


class TestWhatNeverCameBack:
    def test_requests_without_a_cookie_count_for_nothing(self, service: Speaking) -> None:
        for _ in range(6):
            program = service.another_browser()
            answer = program.post("/feedback/en/fixed", data=CHANGE | {"fixed": "no"})
            program.cookies.clear()
            page = program.get(answer.headers["location"]).text
            program.post("/feedback/en/vote", data=ITEM)
            assert "keeps no cookie" in page
            assert "01632 960001" in page  # how else to be counted
        assert (voices(service), answers(service)) == (0, [])

    @pytest.mark.parametrize("lang", ["en", "cy"])
    def test_a_page_that_is_only_opened_counts_nothing_and_blames_nobody(
        self, lang: str, service: Speaking
    ) -> None:
        for page in ("voted?kind=roadmap&key=dry-walls", "fixed?change=autumn-gutters"):
            for method in ("GET", "HEAD"):
                answer = service.browser.request(method, f"/feedback/{lang}/{page}")
                assert answer.status_code == 200
                assert 'role="alert"' not in answer.text
                assert not answer.cookies
        assert voices(service) == 0

    def test_one_press_brought_back_by_many_is_one_voice(self, service: Speaking) -> None:
        answer = service.browser.post("/feedback/en/vote", data=ITEM)
        for _ in range(5):
            other = service.another_browser()
            for name, value in service.browser.cookies.items():
                other.cookies.set(name, value)
            assert "Your voice counts." in other.get(answer.headers["location"]).text
        assert voices(service) == 1

    @pytest.mark.parametrize("forge", ["yes", "yes.a.b.c", "yes.a.b.1.c", "....", "no.ŷ.b.1.c"])
    def test_a_press_that_nobody_made_here_is_none(self, forge: str, service: Speaking) -> None:
        answer = service.browser.post("/feedback/en/vote", data=ITEM)
        (name,) = service.browser.cookies.keys()
        other = service.another_browser()
        cookie = [(b"cookie", f"{name}={forge}".encode())]
        page = other.get(answer.headers["location"], headers=cookie)
        assert page.status_code == 200
        assert voices(service) == 0

    def test_a_press_is_for_one_thing_alone(self, service: Speaking) -> None:
        service.browser.post("/feedback/en/fixed", data=CHANGE | {"fixed": "yes"})
        service.browser.get("/feedback/en/voted?kind=roadmap&key=dry-walls")
        assert voices(service) == 0

    def test_a_device_that_is_not_ours_is_none(self, service: Speaking) -> None:
        service.browser.cookies.set(COOKIE, "someone.forged")
        answer = service.browser.post("/feedback/en/vote", data=ITEM)
        assert "HttpOnly" in answer.headers["set-cookie"]
        assert voices(service) == 0


class TestBrakes:
    def test_a_whole_block_behind_one_connection_is_heard_and_a_program_is_not(self) -> None:
        brake = NewcomerBrake()
        assert all(brake.lets_in("192.0.2.7", NOW) for _ in range(100))
        assert not brake.lets_in("192.0.2.7", NOW)
        assert brake.lets_in("192.0.2.8", NOW), "the neighbours are another connection"
        assert brake.lets_in("192.0.2.7", NOW + timedelta(hours=1))

    def test_a_household_of_many_addresses_is_one_connection(self) -> None:
        brake = NewcomerBrake(most=2)
        came = [brake.lets_in(f"2001:db8:0:1::{number}", NOW) for number in range(3)]
        assert came == [True, True, False]
        assert brake.lets_in("2001:db8:0:2::1", NOW)

    def test_no_address_stays_in_memory(self) -> None:
        brake = NewcomerBrake()
        brake.lets_in("192.0.2.7", NOW)
        assert "192.0.2" not in repr(vars(brake))

    def test_whoever_is_braked_is_told_how_else_to_be_counted(self, service: Speaking) -> None:
        for number in range(101):
            browser = service.another_browser()
            answer = browser.post("/feedback/en/vote", data=ITEM)
            page = browser.get(answer.headers["location"])
            assert page.status_code == (200 if number < 100 else 429)
        assert "Try again in an hour." in page.text
        assert voices(service) == 100
        service.clock.pass_by(hours=1)
        assert "Your voice counts." in press(browser)


class TestWhoAskedIsHeardFirst:
    @pytest.fixture
    def asker(self, service: Speaking, tmp_path: Path) -> str:
        """Return the receipt of somebody whose words led to a change."""
        place = service.say()
        page = service.browser.get(place).text
        ref = re.findall(r"<strong>(F-[A-Z0-9]+)</strong>", page)[0]
        led = [{"title": "Gutters", "url": "/en/changes/gutters/", "change": "autumn-gutters"}]
        facts = {"led": {ref: {"en": led}}, "parts": {"autumn-gutters": ["dry-walls"]}}
        (tmp_path / "tree/_chrome.json").write_text(json.dumps(CHROME | facts), encoding="utf-8")
        return place

    def opened(self, service: Speaking) -> str:
        """Return which way answers about the item stand, as the next pull would bring them."""
        with service.store.read() as conn:
            turned = harvest(conn, service.site, {"autumn-gutters": ["dry-walls"]}).turned
        return str(turned["dry-walls"].to)

    def test_their_no_opens_it_again_and_their_yes_closes_it(
        self, asker: str, service: Speaking
    ) -> None:
        assert "You asked for this. Is it fixed?" in service.browser.get(asker).text
        service.browser.post(f"{asker}/fixed", data=CHANGE | {"fixed": "no"})
        assert 'aria-pressed="true">No, it is not fixed' in service.browser.get(asker).text
        assert self.opened(service) == "reopened"
        service.browser.post(f"{asker}/fixed", data=CHANGE | {"fixed": "yes"})
        assert self.opened(service) == "settled"
        service.browser.post(f"{asker}/fixed", data=CHANGE | {"undo": "yes"})
        assert answers(service) == []

    def test_nobody_answers_for_what_their_words_did_not_lead_to(
        self, asker: str, service: Speaking
    ) -> None:
        form = {"change": "another", "fixed": "no"}
        assert service.browser.post(f"{asker}/fixed", data=form).status_code == 404

    def test_one_person_is_not_heard_twice_on_one_browser(
        self, asker: str, service: Speaking
    ) -> None:
        press(service.browser, "fixed", **CHANGE, fixed="no")
        service.browser.post(f"{asker}/fixed", data=CHANGE | {"fixed": "no"})
        assert answers(service) == ["no"]

    def test_others_open_it_again_once_a_person_has_looked(self, service: Speaking) -> None:
        for _ in range(6):
            press(service.another_browser(), "fixed", **CHANGE, fixed="no")
        assert self.opened(service) == "settled"
        target, now = Target("change", "autumn-gutters"), service.clock()
        service.store.write_now(lambda conn: strikes.look(conn, target, until=now, now=now))
        assert self.opened(service) == "reopened"
        late = service.clock.now + timedelta(hours=1)
        service.store.write_now(
            lambda conn: votes.confirm_fixed(
                conn, "autumn-gutters", device="x", fixed=Fixed.NO, now=late
            )
        )
        assert self.opened(service) == "reopened"
