"""One item can be followed by mail: confirmed once, told once of each move, left in one click."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from commands import digest as command
from feedback.model import StaffRole
from feedback.notices.delivery import drain
from tests.desk import colleague
from tests.speaking import ORIGIN, Speaking
from tests.tenants import everything
from tests.test_digest_by_mail import NIA, ONE_CLICK, link_in, text_of
from tests.tiny import SITE

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage
    from pathlib import Path

    from httpx2 import Response

PLACE = "/feedback/en/follow"
PAGES = {lang: f"{ORIGIN}/{lang}/dry/" for lang in ("cy", "en")}
ITEM = {
    "id": "urn:uuid:0d6f9c51-0a34-5a3c-9d0e-6f0f2a0f6d12",
    "key": "dry-walls",
    "title": {"cy": "Waliau sych", "en": "Dry walls"},
    "url": PAGES,
}


def delivered(house: Speaking) -> list[EmailMessage]:
    mails: list[EmailMessage] = []
    asyncio.run(drain(house.service, mails.append, asyncio.Event()))
    return mails


def ask(house: Speaking, **typed: str) -> Response:
    form = {"email": NIA, "item": "dry-walls", "lang": "en"} | typed
    answer: Response = house.browser.post(PLACE, data=form)
    return answer


def confirm(house: Speaking) -> None:
    (mail,) = delivered(house)
    assert house.browser.post(link_in(text_of(mail), "confirm")).status_code == 200


@pytest.fixture
def site(tmp_path: Path) -> Callable[..., None]:
    """Publish a site whose one item moved on these days, and led to a change."""

    def publish(*moves: str, changes: tuple[str, ...] = ()) -> None:
        folder = tmp_path / "site" / "data"
        folder.mkdir(parents=True, exist_ok=True)
        item = ITEM | _row("items")
        news = ITEM | {"key": "tap", "kind": "change", "dates": [], "cancelled": False}
        change = ITEM | {"key": "tap"} | _row("changes")
        tables = {
            "items": [item],
            "moves": [
                _row("moves") | {"number": number, "on": day, "modified": day}
                for number, day in enumerate(moves, 1)
            ],
            "changes": [change | {"on": day} for day in changes],
            "news": [news | {"on": day, "title": {"en": "A new tap"}} for day in changes],
        }
        for name, rows in tables.items():
            (folder / f"{name}.json").write_text(json.dumps({name: rows}), encoding="utf-8")

    return publish


def _row(table: str) -> dict[str, Any]:
    """Return the fields of a row that these tests don't look at."""
    return {
        "items": {
            "status": "now", "since": "2026-03-01", "owner": "homes", "rung": "involved",
            "topics": [], "votes_online": 0, "votes_offline": 0, "people_heard": 0, "records": [],
            "changes": [], "fixed_yes": 0, "fixed_partly": 0, "fixed_no": 0,
            "asked_yes": 0, "asked_partly": 0, "asked_no": 0, "fixed_waiting": 0,
        },
        "moves": {
            "id": "urn:uuid:0d6f9c51-0a34-5a3c-9d0e-6f0f2a0f6d13", "item": "dry-walls", "turn": 0,
            "to": "now", "why": {"en": "The scaffold is up."},
        },
        "changes": {
            "outcome": "did", "roadmap": ["dry-walls"], "records": [], "fixed_yes": 0,
            "fixed_partly": 0, "fixed_no": 0, "asked_yes": 0, "asked_partly": 0, "asked_no": 0,
            "fixed_waiting": 0,
        },
    }[table]  # fmt: skip


@pytest.fixture
def send(
    service: Speaking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], list[str]]:
    """Type `./run digest --send` at the service's own time; returns what it says of followers."""

    class ServiceTime(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            del tz
            return service.clock()

    (tmp_path / "site.toml").write_text(SITE, encoding="utf-8")
    monkeypatch.setattr(command, "datetime", ServiceTime)
    monkeypatch.setenv("OPEN_HOUSE_DATABASE", f"sqlite:///{tmp_path / 'feedback.sqlite3'}")
    monkeypatch.setenv("OPEN_HOUSE_SECRET", "s" * 32)

    def typed() -> list[str]:
        printed: list[str] = []
        options = command.Options(
            site_file=tmp_path / "site.toml", tree=tmp_path / "site", send=True
        )
        assert command.digest(tmp_path, options, printed.append) == 0
        return [line for line in printed if "follow" in line]

    return typed


def test_who_follows_is_told_once_of_what_comes_after_and_leaves_in_one_click(
    service: Speaking, site: Callable[..., None], send: Callable[[], list[str]]
) -> None:
    assert ask(service).status_code == 303
    site("2026-03-01")
    assert send() == []  # nobody has said yes
    confirm(service)
    assert send() == []
    assert delivered(service) == []  # that move was before
    site("2026-03-01", "2026-03-05", changes=("2026-03-05",))
    assert send() == ["1 of those who follow one item are told that it moved."]
    assert send() == []
    (mail,) = delivered(service)
    assert mail["Subject"] == "Tiny Homes: Dry walls"
    text = text_of(mail)
    assert "The scaffold is up." in text
    assert "A new tap" in text
    assert "You get this because you follow this piece of work." in text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    site("2026-03-01", "2026-03-05", "2026-02-01", changes=("2026-03-05",))
    assert len(send()) == 1  # published late, under an earlier day
    delivered(service)
    leave = mail["List-Unsubscribe"].strip("<>").removeprefix(ORIGIN)
    assert "about this?" in service.browser.get(leave).text
    mail_program = service.another_browser()
    mail_program.headers.clear()
    assert mail_program.post(leave, data=ONE_CLICK).status_code == 200
    site("2026-03-01", "2026-03-05", "2026-02-01", "2026-03-06")
    assert send() == []
    with service.store.read() as conn:
        assert NIA not in everything(conn)


def test_it_is_told_in_the_languages_that_were_asked_for(
    service: Speaking, site: Callable[..., None], send: Callable[[], list[str]]
) -> None:
    ask(service, lang="cy en")
    confirm(service)
    site("2026-03-05")
    send()
    (mail,) = delivered(service)
    assert mail["Subject"] == "Cartrefi Bach: Waliau sych / Tiny Homes: Dry walls"
    assert mail["Content-Language"] == "cy, en"


def test_the_digest_and_several_items_are_followed_by_one_address(service: Speaking) -> None:
    service.browser.post("/feedback/en/digest", data={"email": NIA, "period": "week"})
    confirm(service)
    ask(service)
    confirm(service)
    manager = colleague(service, role=StaffRole.MANAGE)
    page = manager.get("digest").text
    assert page.count(f"<h3>{NIA}</h3>") == 2
    assert "dry-walls (en)" in page


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"email": "nia"}, "email"), ({"item": "no-such"}, "item"), ({"item": "<b>"}, "item")],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    service: Speaking, typed: dict[str, str], field: str
) -> None:
    page = ask(service, **typed)
    assert page.status_code == 422
    assert f'href="#f-{field}"' in page.text
    assert f'value="{typed.get("email", NIA)}"' in page.text
    assert delivered(service) == []
