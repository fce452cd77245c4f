"""No request is answered with a fault of ours, whatever stands in its address, heads or fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from sqlalchemy import select
from starlette.routing import Mount, Route

from commands.story.actors import DESK
from feedback.store.database.schema.metadata import METADATA
from feedback.store.mail import mail_addresses
from feedback.web.protection import whole_number
from tests.copies import ROOT
from tests.desk import Colleague, colleague, said
from tests.speaking import ORIGIN, Speaking, speaking

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from starlette.routing import BaseRoute

pytestmark = pytest.mark.long

HOSTILE = {
    "many digits": "9" * 5_000,
    "more than a database counts": "9" * 30,
    "below nothing": "-1",
    "digits of another script": "٣" * 50,
    "a power": "²",
    "half a host": "http://[::1",
    "nothing that is seen": "\u200b",
    "a NUL": "a\x00b",
    "half of a pair": "\ud800",
    "the other way round": "\u202eabc",
    "a path": "../../../etc/passwd",
    "a formula": "=1+1;' OR 1=1 --<svg/onload=alert(1)>{{7*7}}%s%n${x}",
    "lines": "a\r\nSet-Cookie: x=1",
    "the end of days": "9999-12-31",
    "a moment": "9" * 16,
}
HEADERS = ("referer", "origin", "accept-language", "cookie", "content-length", "authorization")
READ = re.compile(r'\.get(?:list)?\(\s*"(\w+)"|\["(\w+)"\]')


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Speaking]:
    service = speaking(tmp_path_factory.mktemp("hostile"), ROOT / "theme")
    with service.store:
        yield service


@pytest.fixture(scope="module")
def somebody(house: Speaking) -> Colleague:
    return colleague(house)


def fields() -> list[str]:
    """Return the name of every field that the service reads, as far as its code tells."""
    sources = [*(ROOT / "feedback/web").rglob("*.py"), ROOT / "feedback/forms.py"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    return sorted({name for pair in READ.findall(text) for name in pair if name} | {"ref", "said"})


def addresses(
    routes: list[BaseRoute], ref: str, hostile: str, below: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield each address that the service answers, with what is hostile in place of its parts."""
    for route in routes:
        if isinstance(route, Mount):
            yield from addresses(route.routes, ref, hostile, below + route.path)
        elif isinstance(route, Route):
            path = below + route.path
            path = path.replace("{lang}", "en").replace("{ref}", ref)
            path = re.sub(r"\{(\w+)(:\w+)?\}", lambda _: quote(hostile, safe=""), path)
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield method, path


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_no_field_of_any_form_and_no_part_of_an_address_is_a_fault(
    house: Speaking, somebody: Colleague, hostile: str
) -> None:
    ref = said(house)
    names = [name for name in fields() if name != "token"]
    assert {"version", "count", "page", "change"} <= set(names)
    text = hostile.encode("utf-8", "replace").decode()
    room = max(1, 40_000 // (len(quote(text)) + 20))  # in an address
    queries = [dict.fromkeys(names[at : at + room], text) for at in range(0, len(names), room)]
    for method, path in addresses(house.app.routes, ref, text):
        if path.endswith("log-out"):
            continue
        at_desk = path.startswith(DESK)
        browser = somebody.browser if at_desk else house.browser
        if method == "GET":
            answers = [browser.get(path, params=query) for query in queries]
        else:
            token = {"token": somebody.token() if at_desk else text}
            answers = [browser.post(path, data=dict.fromkeys(names, text) | token)]
        for answer in answers:
            assert answer.status_code < 500, (method, path)
            assert "x" not in answer.cookies


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_no_header_is_a_fault(house: Speaking, hostile: str) -> None:
    shown = hostile.encode("utf-8", "replace")
    for name in HEADERS:
        for method, path in (("GET", "/feedback/desk/log-in"), ("POST", "/feedback/en/say")):
            headers = {b"origin": ORIGIN.encode()} | {name.encode(): shown}
            answer = house.browser.request(method, path, headers=headers, content=b"said=x")
            assert answer.status_code < 500, (name, method)


def everything(house: Speaking) -> dict[str, Sequence[object]]:
    """Return all that the database holds."""
    with house.store.read() as conn:
        return {table.name: conn.execute(select(table)).all() for table in METADATA.sorted_tables}


def test_a_program_that_opens_every_link_changes_nothing(
    house: Speaking, somebody: Colleague
) -> None:
    ref = said(house, email="nia@example.org", answer_by="email")
    house.browser.post("/feedback/en/digest", data={"email": "nia@example.org"})
    receipt = house.say().rpartition("/")[2]
    with house.store.read() as conn:
        mailed = mail_addresses.address_token(conn, house.store.tokens, ref)
    links = {path for method, path in addresses(house.app.routes, ref, "1") if method == "GET"}
    links |= {path.replace("/receipt/1", f"/receipt/{receipt}") for path in links}
    links |= {f"/feedback/en/mail/{ref}/{mailed}"}
    before = everything(house)
    for path in sorted(links):
        browser = somebody.browser if path.startswith(DESK) else house.browser
        statuses = {
            browser.request(method, path, headers=headers).status_code
            for method in ("GET", "HEAD")
            for headers in ({}, {"Sec-Purpose": "prefetch"})
        }
        assert len(statuses) == 1, (path, statuses)
    assert everything(house) == before


def test_numbers_are_read_within_bounds() -> None:
    assert whole_number("12", 100) == 12
    assert whole_number("9" * 5_000, 100) == 100
    assert [whole_number(text, 9) for text in ("", "-1", "²", "1.0", "x")] == [None] * 5
