"""Words are never lost: whatever answers a form other than success has them, to be sent again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from commands.story.actors import DESK, hidden
from feedback.model import StaffRole
from feedback.store import Busy, Store, Unkept
from feedback.store.mail import mail_addresses
from feedback.web import protection
from tests.copies import ROOT
from tests.desk import Colleague, case_of, colleague, said
from tests.speaking import ORIGIN, Speaking, filled, speaking
from tests.test_voices import press
from tests.tiny import SITE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx2 import Response

pytestmark = pytest.mark.long

WORDS = "Dŵr yn y gegin <b>& more</b>, every night"


@dataclass(frozen=True)
class SentForm:
    """A form that can be sent, as somebody would fill it in."""

    form: dict[str, str] = field(default_factory=lambda: {"note": WORDS})
    path: str = ""  # where its address has parts to be filled in


# Every address that takes a form; what isn't here fails the test that counts them.
PUBLIC = {
    "/{lang}/say": SentForm(filled(said=WORDS)),
    "/{lang}/send": SentForm(filled(said=WORDS)),
    "/{lang}/receipt/{token}/withdraw": SentForm(),
    "/{lang}/receipt/{token}/forget": SentForm(),
    "/{lang}/receipt/{token}/contact": SentForm({"answer_by": "letter", "address": WORDS}),
    "/{lang}/receipt/{token}/fixed": SentForm({"fixed": "no", "note": WORDS}),
    "/{lang}/receipt/{token}/done": SentForm({"done": "no", "said": WORDS}),
    "/{lang}/receipt/{token}/more": SentForm({"danger": "no", "more": WORDS}),
    "/{lang}/mail/{ref}/{token}": SentForm({"mine": "yes", "note": WORDS}),
    "/{lang}/find": SentForm({"ref": WORDS, "code": ""}),
    "/{lang}/vote": SentForm({"kind": "roadmap", "key": "dry-walls", "note": WORDS}),
    "/{lang}/fixed": SentForm({"change": "autumn-gutters", "fixed": "no", "note": WORDS}),
    "/{lang}/digest": SentForm({"email": WORDS}),
    "/{lang}/follow": SentForm({"email": WORDS, "item": "dry-walls"}),
    "/{lang}/digest/confirm/{token}": SentForm(),
    "/{lang}/digest/leave/{token}": SentForm(),
    "/{lang}/search/none": SentForm(),
    "/{lang}/chwilio/none": SentForm(),
}
DESKS = {
    "/log-in": SentForm({"name": WORDS, "to": "add"}),
    "/log-out": SentForm(),
    "/": SentForm({"words": WORDS}),
    "/case/{ref}/keep": SentForm({"reply_en": WORDS, "version": "1"}),
    "/case/{ref}/insert": SentForm({"reply_en": WORDS, "version": "1", "saved": "1"}),
    "/together": SentForm({"do": "count", "words": WORDS}),
    "/answers": SentForm({"title": "Thanks", "text_en": WORDS}),
    "/answers/{number}/remove": SentForm(),
    "/case/{ref}/{action}": SentForm({"reply_en": WORDS, "team": "repairs", "version": "1"}),
    "/add": SentForm(filled(said=WORDS, channel="phone", lang="en", said_on="2026-03-04")),
    "/hands": SentForm({"kind": "roadmap", "key": "dry-walls", "count": "3", "place": WORDS}),
    "/hands/{number}/remove": SentForm(),
    "/voices/look": SentForm({"kind": "roadmap", "key": "dry-walls", "note": WORDS}),
    "/voices/strike": SentForm({"kind": "roadmap", "key": "dry-walls", "why_en": WORDS}),
    "/voices/{number}/undo": SentForm(),
    "/post/{number}/done": SentForm(),
    "/post/{number}/retry": SentForm(),
    "/digest/{number}/remove": SentForm(),
    "/staff": SentForm({"name": WORDS, "role": "answer", "lang": "en"}),
    "/staff/change": SentForm({"name": WORDS, "role": "answer"}),
    "/account": SentForm({"lang": "en", "note": WORDS}),
}
KNOWN = {"/{lang}/vote", "/{lang}/fixed"}  # of a browser that we know it is kept at once
NO_CHECK = {"/{lang}/digest/leave/{token}", "/{lang}/search/none", "/{lang}/chwilio/none"}
# ^ sent by mail programs (RFC 8058) and by our script, with nobody's words


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Speaking]:
    """Open a service on a real SQLite file."""
    speaker = speaking(tmp_path, ROOT / "theme")
    with speaker.store:
        speaker.browser = TestClient(
            speaker.app, base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False,
            raise_server_exceptions=False,
        )  # fmt: skip
        yield speaker


@pytest.fixture
def mair(house: Speaking) -> Colleague:
    """Somebody at the desk, whose browser sees our faults as a browser does."""
    somebody = colleague(house, role=StaffRole.MANAGE)
    somebody.browser = replace_browser(house, somebody)
    return somebody


def replace_browser(house: Speaking, somebody: Colleague) -> TestClient:
    """Return a browser with the same cookies that doesn't raise what the service raises."""
    return TestClient(
        house.app, base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False,
        raise_server_exceptions=False, cookies=somebody.browser.cookies,
    )  # fmt: skip


def posts(routes: Any, below: str = "") -> Iterator[str]:
    """Every address that takes a form."""
    for route in routes:
        if isinstance(route, Mount):
            yield from posts(route.routes, below + route.path)
        elif isinstance(route, Route) and "POST" in (route.methods or ()):
            yield below + route.path


def texts_of(page: str) -> str:
    """Return a page's text with its fields' values, as a reader sees them."""
    return unescape(page)


def told(answer: Response) -> bool:
    """Whether an answer has the words, in a form that can be sent."""
    sendable = re.search(r'<form[^>]* method="post"', answer.text)
    return WORDS in unescape(answer.text) and sendable is not None


def test_every_address_that_takes_a_form_is_tried_here(house: Speaking) -> None:
    inner = house.app.routes[0].app  # type: ignore[attr-defined]
    addresses = set(posts(inner.routes))
    assert addresses == {*PUBLIC, *(f"/desk{path}" for path in DESKS)}


def filled_path(template: str, house: Speaking) -> str:
    """Return an address that there is."""
    if "mail" in template:
        ref = said(house, email="nia@example.org", answer_by="email")
        with house.store.read() as conn:
            token = mail_addresses.address_token(conn, house.store.tokens, ref)
        return f"/en/mail/{ref}/{token}"
    if "receipt" in template:
        return house.say().partition("/feedback")[2] + template.partition("{token}")[2]
    return template.replace("{lang}", "en").replace("{token}", "1.2.en.week.x")


@dataclass
class WayOfRefusing:
    """A way in which a form is not taken."""

    headers: dict[str, str] = field(default_factory=dict)
    fault: BaseException | None = None
    padding: int = 0
    status: int = 403


REFUSALS = {
    "another site": WayOfRefusing({"origin": "https://a.example", "sec-fetch-site": "cross-site"}),
    "a sandboxed frame": WayOfRefusing({"origin": "null", "sec-fetch-site": "cross-site"}),
    "too large": WayOfRefusing(padding=70_000, status=413),
    "busy": WayOfRefusing(fault=Busy("busy"), status=503),
    "disk full": WayOfRefusing(fault=Unkept("full"), status=500),
    "descriptors gone": WayOfRefusing(fault=OSError(24, "Too many open files"), status=500),
}  # fmt: skip


def send(
    browser: TestClient,
    path: str,
    form: dict[str, str],
    refusal: WayOfRefusing,
    patch: pytest.MonkeyPatch,
) -> Response:
    """Send a form into a refusal."""
    data = form | ({"padding": "x" * refusal.padding} if refusal.padding else {})
    if refusal.fault:

        async def fail(*_: object, **__: object) -> None:
            assert refusal.fault
            raise refusal.fault

        patch.setattr(Store, "write", fail)
    return browser.post(path, data=data, headers=refusal.headers)


@pytest.mark.parametrize("name", REFUSALS)
@pytest.mark.parametrize("template", sorted({*PUBLIC} - NO_CHECK))
def test_a_tenants_words_are_in_every_refusal(
    template: str, name: str, house: Speaking, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/feedback" + filled_path(template, house)
    if template in KNOWN:
        press(house.browser)
    answer = send(house.browser, path, PUBLIC[template].form, REFUSALS[name], monkeypatch)
    if answer.status_code == 303:
        assert REFUSALS[name].status == 413, "it was taken"  # none of it was to be read
        return
    if not REFUSALS[name].fault:
        assert answer.status_code in {REFUSALS[name].status, 404}  # or there is no such page
    assert told(answer), (answer.status_code, answer.text)
    assert "o back" not in answer.text.replace("go back home", "")


@pytest.mark.parametrize("name", REFUSALS)
@pytest.mark.parametrize("template", sorted({*DESKS} - {"/log-in"}))
def test_what_staff_wrote_is_in_every_refusal(
    template: str, name: str, house: Speaking, mair: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref, token = said(house), mair.token()
    path = template.replace("{ref}", ref).replace("{action}", "reply").replace("{number}", "7")
    form = DESKS[template].form | {"token": token}
    answer = send(mair.browser, DESK + path[1:], form, REFUSALS[name], monkeypatch)
    if answer.status_code in {200, 303}:
        assert REFUSALS[name].fault, "it was taken"  # it changes nothing, so nothing could fail
        return
    assert told(answer), (answer.status_code, answer.text)


@pytest.mark.parametrize("template", sorted({*DESKS} - {"/log-in", "/log-out"}))
def test_a_session_that_ended_loses_nothing(
    template: str, house: Speaking, mair: Colleague
) -> None:
    ref, token = said(house), mair.token()
    house.clock.pass_by(hours=11)
    path = template.replace("{ref}", ref).replace("{action}", "reply").replace("{number}", "7")
    answer = mair.browser.post(DESK + path[1:], data=DESKS[template].form | {"token": token})
    assert answer.status_code == 401
    resume = re.search(r'name="resume" value="([^"]+)"', answer.text)
    assert resume
    wrong = mair.log_in(password="not mine", resume=resume[1])
    assert resume[1] in wrong.text  # a slip at the door loses nothing either
    back = mair.log_in(resume=resume[1])
    assert back.status_code == 200
    assert told(back)
    form = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', back.text))
    assert form["token"] == mair.token() != token
    assert f'action="{DESK + path[1:]}"' in back.text


def test_a_reply_is_sent_after_logging_in_again(house: Speaking, mair: Colleague) -> None:
    ref, token = said(house), mair.token()
    version = str(case_of(house, ref).version)
    house.clock.pass_by(hours=11)
    form = {"token": token, "version": version, "reply_en": WORDS, "team": "repairs"}
    door = mair.browser.post(f"{DESK}case/{ref}/reply", data=form).text
    resume = re.search(r'name="resume" value="([^"]+)"', door)
    assert resume
    back = mair.log_in(resume=resume[1]).text
    again = sendable(back)
    assert mair.browser.post(f"{DESK}case/{ref}/reply", data=again).status_code == 303
    assert case_of(house, ref).reply == {"en": WORDS}


def sendable(page: str) -> dict[str, str]:
    """Return what the form of a page for sending again would send as it stands."""
    page = page[page.index("<main") :]
    pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    pairs += re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return {name: unescape(value) for name, value in pairs}


HONEST = [
    {"origin": ""},
    {"origin": "null", "sec-fetch-site": "same-origin"},
    {"origin": "https://www.tiny.example.org"},
    {"origin": "http://tiny.example.org"},
    {"origin": "null"},
]


@pytest.mark.parametrize("headers", HONEST)
def test_an_honest_browser_that_says_little_is_asked_to_confirm(
    headers: dict[str, str], house: Speaking
) -> None:
    browser = house.browser
    checked = browser.post("/feedback/en/say", data=filled(said=WORDS), headers=headers)
    assert checked.status_code == 200
    sent = browser.post("/feedback/en/send", data=hidden(checked.text, "send"), headers=headers)
    assert sent.status_code == 303  # the token of the page is the proof
    form = {"kind": "roadmap", "key": "dry-walls"}
    asked = browser.post("/feedback/en/vote", data=form, headers=headers)
    assert asked.status_code == 403
    assert "did not say which page" in asked.text
    confirmed = sendable(asked.text)
    assert browser.post("/feedback/en/vote", data=confirmed, headers=headers).status_code == 303


def test_a_strange_site_gets_nothing_done_even_with_a_page_of_ours(house: Speaking) -> None:
    form = {"kind": "roadmap", "key": "dry-walls"}
    asked = house.browser.post("/feedback/en/vote", data=form, headers={"origin": "null"})
    strange = {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}
    forged = house.browser.post("/feedback/en/vote", data=sendable(asked.text), headers=strange)
    assert forged.status_code == 403
    here = house.browser.post("/feedback/en/vote", data=sendable(forged.text))
    assert here.status_code == 303


def test_sending_again_is_the_same_submission(
    house: Speaking, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = house.browser.post("/feedback/en/say", data=filled(said=WORDS))
    form = hidden(checked.text, "send")
    first = house.browser.post("/feedback/en/send", data=form)
    with monkeypatch.context() as patch:
        busy = send(house.browser, "/feedback/en/send", form, REFUSALS["busy"], patch)
    assert busy.status_code == 503
    again = house.browser.post("/feedback/en/send", data=sendable(busy.text))
    assert again.headers["location"] == first.headers["location"]


def test_what_came_of_a_slow_form_is_given_back(
    house: Speaking, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slowly(_receive: object, parts: list[bytes]) -> None:
        parts.append(urlencode({"said": WORDS}).encode())
        raise TimeoutError

    monkeypatch.setattr(protection, "_read", slowly)
    answer = house.browser.post("/feedback/cy/say", data={"said": WORDS})
    assert answer.status_code == 408
    assert told(answer)
    assert "Anfon eto" in answer.text  # in their language


def test_no_password_is_ever_printed(mair: Colleague) -> None:
    secret = "a password that nobody may see"
    strange = {"origin": "https://elsewhere.example"}
    form = {"name": "mair", "password": secret, "old": secret, "new": secret, "again": secret}
    for path in ("log-in", "account"):
        answer = mair.browser.post(DESK + path, data=form, headers=strange)
        assert answer.status_code == 403
        assert secret not in answer.text


@pytest.mark.parametrize(
    "to", ["", "add", "case/REF", "case/REF/reply", "hands/3/remove", "post/9/done", "staff/change",
           "digest/2/remove", "log-out", "nowhere/at/all"],
)  # fmt: skip
def test_wherever_log_in_leads_there_is_a_page(to: str, house: Speaking) -> None:
    somebody = colleague(house, role=StaffRole.MANAGE)
    place = somebody.log_in(to=to.replace("REF", said(house))).headers["location"]
    assert somebody.browser.get(place).status_code == 200


@pytest.mark.parametrize("template", sorted({*PUBLIC, *DESKS} - {"/{lang}/vote"}))
def test_where_a_form_was_sent_there_is_a_page_to_go_on_from(
    template: str, house: Speaking, mair: Colleague
) -> None:
    """Whoever loads the page again by its address asks for it, and sends nothing."""
    path = template.replace("{ref}", said(house)).replace("{action}", "reply")
    place = DESK + path[1:].replace("{number}", "7")
    if template in PUBLIC:
        place = "/feedback" + filled_path(template, house)
    answer = mair.browser.get(place)
    if answer.status_code == 303:
        assert not answer.headers["location"].startswith("http")
        answer = mair.browser.get(answer.headers["location"])
    assert answer.status_code in {200, 404}, "or there is no such thing any more"
    assert (
        ("{number}" in template or "{token}" in template)
        or answer.status_code == 200
        or (template == "/{lang}/fixed")
    )


def test_a_form_is_kept_by_the_browser_and_what_was_sent_is_not(
    house: Speaking, mair: Colleague
) -> None:
    def caching(page: Response) -> str:
        return page.headers["cache-control"]

    browser, ref = house.browser, said(house)
    assert caching(browser.get("/feedback/en/say")) == "no-cache, private"
    assert caching(browser.get("/feedback/en/find")) == "no-cache, private"
    assert caching(mair.get("add")) == "no-cache, private"
    assert caching(mair.get(f"case/{ref}")) == "no-store"
    assert caching(browser.get(house.say())) == "no-store"
    strange = {"origin": "https://a.example"}
    for headers in ({}, strange):  # what was typed a moment ago: Forward leads to it again
        answer = browser.post("/feedback/en/say", headers=headers, data=filled())
        assert caching(answer) == "no-cache, private"


def test_another_language_shows_what_was_typed(house: Speaking) -> None:
    form = filled(said=WORDS)
    faulty = house.browser.post("/feedback/en/say", data=form | {"sort": ""})
    assert 'formaction="/feedback/cy/say"' in faulty.text
    shown = house.browser.post("/feedback/cy/say", data=form | {"sort": "", "change": "yes"})
    assert '<html lang="cy"' in shown.text
    assert f"{WORDS}</textarea>" in unescape(shown.text)
    checked = house.browser.post("/feedback/en/say", data=form)
    switched = checked.text.partition('action="/feedback/cy/say"')[2].partition("</form>")[0]
    again = house.browser.post("/feedback/cy/say", data=sendable(f"<main {switched}"))
    assert "Gwiriwch eich atebion" in again.text
    assert WORDS in unescape(again.text)


def test_a_service_on_a_host_of_its_own_keeps_words_at_its_desk_too(tmp_path: Path) -> None:
    elsewhere = SITE + '\n[feedback]\nservice = "https://say.example.org/feedback/"\n'
    house = speaking(tmp_path, ROOT / "theme", elsewhere)
    with house.store:
        house.origin = "https://say.example.org"
        house.browser = house.another_browser()
        answer = house.browser.post(f"{DESK}add", data={"said": WORDS})
    assert answer.status_code == 401
    assert 'name="resume"' in answer.text
    assert WORDS in unescape(answer.text)


@pytest.mark.parametrize("template", ["/{lang}/find", "/{lang}/digest", "contact"])
def test_the_switch_in_the_pages_head_takes_along_what_was_typed(
    template: str, house: Speaking
) -> None:
    place = house.say().replace("/en/", "/cy/") + "/contact"
    path = place if template == "contact" else "/feedback" + template.replace("{lang}", "cy")
    page = house.browser.get(path.removesuffix("/contact")).text
    assert f'formaction="{path.replace("/cy/", "/en/")}"' in page
    typed = {"ref": WORDS, "code": WORDS, "email": WORDS, "name": WORDS, "change": "yes"}
    switched = house.browser.post(path, data=typed)
    assert (switched.status_code, '<html lang="cy"' in switched.text) == (200, True)
    assert WORDS in unescape(switched.text)
    assert 'class="fault"' not in switched.text, "and nobody is told off for a switch"
