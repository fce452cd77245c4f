"""Subscribers in the store: asked once and again, sent each digest once, erased when they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from feedback.model import Period
from feedback.store import Busy, Missing, Tokens
from feedback.store.database.schema import SUBSCRIBERS
from feedback.store.mail import mailings, subscribers
from feedback.store.mail.subscribers import DigestPreference
from tests.tenants import NOW, House, everything

if TYPE_CHECKING:
    from sqlalchemy import Connection

NIA = "nia@example.org"
WISH = DigestPreference(("cy", "en"), Period.WEEK)
WRITTEN = mailings.WrittenDigest("s", "t", "h")


def subscribe(house: House, email: str = NIA) -> int:
    tokens = house.store.tokens
    house.store.write_now(
        lambda conn: subscribers.ask(
            conn, tokens, email, WISH, lang="en", now=NOW, random=house.random
        )
    )
    with house.store.read() as conn:
        mine = SUBSCRIBERS.c.email == email
        number, grain = conn.execute(select(SUBSCRIBERS.c.id, SUBSCRIBERS.c.salt).where(mine)).one()
    token = subscribers.confirm_token(tokens, number, grain, WISH, NOW)
    house.store.write_now(lambda conn: subscribers.confirm(conn, tokens, token, now=NOW))
    return int(number)


def send(house: House, name: str = "week 2026-W09") -> int:
    def work(conn: Connection) -> int:
        to = dict(mailings.lacking(conn, name, Period.WEEK))
        written = {WISH.languages: WRITTEN}
        return mailings.send(conn, name, written, to, now=NOW)

    return house.store.write_now(work)


def test_each_gets_each_digest_once(house: House) -> None:
    for number in range(3):
        subscribe(house, f"{number}@example.org")
    assert [send(house), send(house), send(house, "week 2026-W10")] == [3, 0, 3]


def test_two_who_send_at_once_send_once(house: House) -> None:
    number = subscribe(house)
    to = {number: WISH.languages}
    written = {WISH.languages: WRITTEN}

    def send(conn: Connection) -> int:  # both have looked before either has sent
        return mailings.send(conn, "week 2026-W09", written, to, now=NOW)

    assert [house.store.write_now(send) for _ in range(2)] == [1, 0]


def test_an_address_stands_once_and_is_erased_once(house: House) -> None:
    number = subscribe(house)
    assert subscribe(house) == number
    send(house)
    house.store.write_now(lambda conn: subscribers.remove(conn, number))
    assert NIA not in house.read(everything)
    assert house.read(subscribers.numbers).left == 1
    assert subscribe(house) != number


def test_too_many_questions_are_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscribers, "MOST", 1)
    subscribe(house)
    with pytest.raises(Busy):
        subscribe(house, "other@example.org")


def test_a_link_is_worth_nothing_under_another_secret(house: House) -> None:
    number = subscribe(house)
    with house.store.read() as conn:
        grain = conn.execute(select(SUBSCRIBERS.c.salt)).scalar_one()
        other = Tokens(b"another secret")
        token = subscribers.leave_token(other, number, grain)
        with pytest.raises(Missing):
            subscribers.leaving(conn, house.store.tokens, token)
