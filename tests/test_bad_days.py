"""On a bad day too the words are still there, and the next step is one press away."""

from __future__ import annotations

import asyncio
import re
from contextlib import closing
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select
from starlette.exceptions import HTTPException

from commands.story.actors import hidden
from core.public.record_files import public_words
from feedback.store.database import engine
from feedback.store.database.schema import SUBMISSIONS
from feedback.web import protection
from tests.copies import ROOT
from tests.speaking import Speaking, filled, speaking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import Message, Receive, Scope, Send

WORDS = "The gutter drips on my door."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Speaking]:
    """Open a service on a real SQLite file."""
    house = speaking(tmp_path, ROOT / "theme")
    with house.store:
        yield house


def cases(house: Speaking) -> int:
    with house.store.read() as conn:
        return int(conn.execute(select(func.count()).select_from(SUBMISSIONS)).scalar_one())


def test_a_database_that_somebody_else_holds_costs_one_more_press(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PATIENCE", 20)  # milliseconds, in place of seconds
    house = speaking(tmp_path, ROOT / "theme")
    with house.store:
        checked = house.browser.post("/feedback/cy/say", data=filled(said=WORDS))
        file = str(tmp_path / "feedback.sqlite3")
        with closing(engine.sqlite_driver().connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            answer = house.browser.post("/feedback/cy/send", data=hidden(checked.text, "send"))
            other.execute("ROLLBACK")
        assert answer.status_code == 503
        assert f"{WORDS}</textarea>" in unescape(answer.text)
        form = hidden(answer.text, "send") | {"said": WORDS}
        assert house.browser.post("/feedback/cy/send", data=form).status_code == 303
        assert cases(house) == 1


def test_a_service_that_stops_between_two_steps_goes_on_from_there(tmp_path: Path) -> None:
    first = speaking(tmp_path, ROOT / "theme")
    with first.store:
        checked = first.browser.post("/feedback/en/say", data=filled(said=WORDS)).text
    again = speaking(tmp_path, ROOT / "theme")
    with again.store:
        receipt = again.browser.post("/feedback/en/send", data=hidden(checked, "send"))
        assert WORDS in again.browser.get(receipt.headers["location"]).text
        twice = again.browser.post("/feedback/en/send", data=hidden(checked, "send"))
        assert twice.headers["location"] == receipt.headers["location"]
        assert cases(again) == 1


def test_two_tabs_are_two_things_said_and_each_is_kept_once(house: Speaking) -> None:
    tabs = [
        house.browser.post("/feedback/en/say", data=filled(said=f"{WORDS} {number}")).text
        for number in range(2)
    ]
    for tab in (*tabs, *tabs):
        answer = house.browser.post("/feedback/en/send", data=hidden(tab, "send"))
        assert answer.status_code == 303
    assert cases(house) == 2


def test_a_page_open_since_last_week_is_looked_through_once_more_and_sent(house: Speaking) -> None:
    old = house.browser.post("/feedback/en/say", data=filled(said=WORDS)).text
    house.clock.pass_by(days=8)
    again = house.browser.post("/feedback/en/send", data=hidden(old, "send")).text
    assert WORDS in again
    assert house.browser.post("/feedback/en/send", data=hidden(again, "send")).status_code == 303


@pytest.mark.parametrize(
    "nothing",
    [
        "\u200b",
        "\u202e",
        "\u2066\u2069",
        " \u00a0\u200d\ufeff",
        "\x00",
        "\u2800",
        "\u3164",
        "\uffa0\ufe0f",
    ],
)
def test_words_that_nobody_sees_are_none(nothing: str, house: Speaking) -> None:
    page = house.browser.post("/feedback/en/say", data=filled(said=nothing))
    assert page.status_code == 422
    assert "Write what you want to say." in page.text
    form = filled(said=WORDS, answer_by="letter", address=nothing)
    assert 'href="#f-address"' in house.browser.post("/feedback/en/say", data=form).text


def test_what_turns_the_order_of_reading_changes_no_figure(house: Speaking) -> None:
    turned = "\u202e4321\u202c pounds \u2067and 12"
    page = house.browser.get(house.say(said=turned)).text
    assert "4321 pounds and 12" in page
    assert public_words(turned) == "4321 pounds and 12"


def test_words_from_right_to_left_are_shown_so_and_apart(house: Speaking) -> None:
    arabic = "المزراب يقطر على بابي"
    place = house.say(said=arabic)
    assert re.search(rf'<blockquote [^>]*dir="auto">{arabic}', house.browser.get(place).text)
    checked = house.browser.post("/feedback/en/say", data=filled(said=arabic)).text
    assert f'dir="auto">{arabic}' in checked


def test_files_where_none_are_asked_are_left_out_and_the_words_taken(house: Speaking) -> None:
    photo = {"photo": ("wall.jpg", b"\xff\xd8" * 50, "image/jpeg")}
    checked = house.browser.post("/feedback/en/say", data=filled(said=WORDS), files=photo)
    assert (checked.status_code, WORDS in checked.text) == (200, True)
    heavy = {"photo": ("wall.jpg", b"\xff\xd8" * 900_000, "image/jpeg")}
    refused = house.browser.post("/feedback/en/say", data=filled(said=WORDS), files=heavy)
    assert (refused.status_code, WORDS in refused.text) == (413, True)


def test_whoever_sends_a_book_is_listened_to_before_they_are_answered() -> None:
    """A browser that is answered earlier shows a page of its own, without the words."""
    pages = [f"said={WORDS}+".encode(), *[b"w" * 100_000] * 30]
    left, answered = list(pages), list[bytes]()

    async def receive() -> Message:
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def app(scope: Scope, receive: Receive, _: Send) -> None:
        answered.append(scope[protection.BODY])
        with pytest.raises(HTTPException) as refused:
            await receive()
        assert refused.value.status_code == 413

    async def send(_: Message) -> None:
        raise AssertionError

    scope = {"type": "http", "method": "POST", "path": "/en/say", "headers": []}
    asyncio.run(protection.Limits(app)(scope, receive, send))
    assert left == []
    assert answered[0].startswith(pages[0])


def in_parts(form: dict[str, str], mark: str) -> bytes:
    """Return a form as browsers send one that may have files."""
    head = 'Content-Disposition: form-data; name="'
    parts = [f'--{mark}\r\n{head}{name}"\r\n\r\n{text}\r\n' for name, text in form.items()]
    return "".join([*parts, f"--{mark}--\r\n"]).encode()


@pytest.mark.parametrize("path", ["en/say", "receipt/fixed", "receipt/more"])
@pytest.mark.parametrize(
    ("kind", "mark"),
    [
        ("multipart/form-data; boundary=another", "ours"),
        ("multipart/form-data", "ours"),
        ("text/plain", ""),
        ("", ""),
        ("APPLICATION/X-WWW-FORM-URLENCODED", ""),
        ("application/x-www-form-urlencoded", "many"),
    ],
)
def test_a_form_that_came_in_an_odd_way_keeps_its_words(
    path: str, kind: str, mark: str, house: Speaking
) -> None:
    place = house.say() + path.removeprefix("receipt") if path[0] == "r" else f"/feedback/{path}"
    form = filled(said=WORDS, more=WORDS, change="none", sort="", danger="")
    many = {f"field {number}": "" for number in range(600)} if mark == "many" else {}
    body = urlencode(form | many).encode() if mark != "ours" else in_parts(form, mark)
    if kind == "text/plain":
        body = "\r\n".join(f"{name}={text}" for name, text in form.items()).encode()
    answer = house.browser.post(place, content=body, headers={"content-type": kind})
    assert answer.status_code < 500
    assert f"{WORDS}</textarea>" in answer.text


def test_what_did_not_come_at_all_is_no_wish_to_have_it_erased(house: Speaking) -> None:
    place = house.say(email="nia@example.org", name="Nia Rowe", answer_by="email")
    for form in ({}, {"name": "Nia R."}, {"phone": "01632 960001"}):
        house.browser.post(f"{place}/contact", data=form)
    page = house.browser.get(place).text
    for typed in ("nia@example.org", "Nia R.", "01632 960001"):
        assert f'value="{typed}"' in page
    house.browser.post(f"{place}/contact", data={"email": "", "answer_by": "receipt"})
    assert "nia@example.org" not in house.browser.get(place).text


def test_words_that_come_twice_are_both_kept(house: Speaking) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    for path, name in ((f"{house.say()}/more", "more"), ("/feedback/en/say", "said")):
        body = urlencode([*filled(said=WORDS, email="-").items(), (name, WORDS), (name, "Twice.")])
        answer = house.browser.post(path, content=body, headers=headers)
        assert answer.status_code == 422
        assert f"{WORDS}\n\nTwice.</textarea>" in answer.text


def test_a_doubled_detail_is_told(house: Speaking) -> None:
    place = house.say()
    body = "email=nia@example.org&email=tomos@example.org&answer_by=email"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    for form in (f"{place}/contact", f"{place}/more"):
        page = house.browser.post(form, content=f"more=x&danger=no&email=&{body}", headers=headers)
        assert page.status_code == 422
        assert "Send this only once." in page.text
