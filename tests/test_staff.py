"""Staff: who may come in, for how long, and how often somebody may guess."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from argon2 import Type
from sqlalchemy import select

from feedback.model import StaffRole
from feedback.store import Missing, Refused, Store, Tokens
from feedback.store.database.schema import ATTEMPTS, SESSIONS, STAFF
from feedback.store.desk import staff
from tests.databases import ARGON2
from tests.tenants import NOW, House

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedback.settings import Settings

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def do(house: House, function: Callable[..., Any], *words: Any, **options: Any) -> Any:
    return house.store.write_now(lambda conn: function(conn, *words, **options))


def add(house: House, name: str = "mair") -> str:
    secret: str = do(
        house,
        staff.add,
        house.store.tokens,
        name=name,
        password_hash="$argon2id$…",
        role=StaffRole.PUBLISH,
        lang="cy",
        now=NOW,
        random=house.random,
    )
    return secret


def enter(house: House, name: str = "mair") -> str:
    options = {"name": name, "now": NOW, "until": NOW + HOUR, "random": house.random}
    token: str = do(house, staff.open_session, **options)
    return token


def test_somebody_is_added_once(house: House) -> None:
    secret = add(house)
    member = house.read(staff.member, "mair")
    assert (member.name, member.password_hash) == ("mair", "$argon2id$…")
    assert (member.role, member.lang, member.active) == (StaffRole.PUBLISH, "cy", True)
    assert house.read(staff.totp_secret, house.store.tokens, "mair") == secret
    assert len(base64.b32decode(secret)) == 20
    with pytest.raises(Refused, match="already"):
        add(house)
    assert add(house, "owain") != secret
    assert [member.name for member in house.read(staff.members)] == ["mair", "owain"]
    assert house.read(staff.member, "nobody") is None
    with pytest.raises(Missing):
        house.read(staff.totp_secret, house.store.tokens, "nobody")


def test_the_database_holds_no_secret_that_opens_the_desk(house: House) -> None:
    secret, token = add(house), enter(house)
    with house.store.read() as conn:
        rows = str([*conn.execute(select(STAFF)), *conn.execute(select(SESSIONS))])
    assert secret not in rows
    assert token not in rows
    assert house.read(staff.totp_secret, Tokens(b"another secret"), "mair") != secret
    assert "argon2" not in repr(house.read(staff.member, "mair"))


def test_a_session_ends_when_its_time_is_over(house: House) -> None:
    add(house)
    token = enter(house)
    assert house.read(staff.session, token, now=NOW + HOUR - MINUTE).member.name == "mair"
    assert house.read(staff.session, token, now=NOW + HOUR) is None
    assert house.read(staff.session, token + "x", now=NOW) is None
    assert house.read(staff.session, "", now=NOW) is None


def test_leaving_ends_one_session_and_leaving_everywhere_all(house: House) -> None:
    add(house)
    add(house, "owain")
    tokens, other = [enter(house) for _ in range(3)], enter(house, "owain")
    do(house, staff.close_session, tokens[0])
    assert [bool(house.read(staff.session, token, now=NOW)) for token in tokens] == [
        False,
        True,
        True,
    ]
    do(house, staff.close_sessions, "mair")
    assert not any(house.read(staff.session, token, now=NOW) for token in tokens)
    assert house.read(staff.session, other, now=NOW).member.name == "owain"


@pytest.mark.parametrize("change", [{"password_hash": "new"}, {"active": False}])
def test_a_new_password_and_the_end_of_access_close_every_session(
    house: House, change: dict[str, Any]
) -> None:
    add(house)
    token = enter(house)
    do(house, staff.change, "mair", **change)
    assert house.read(staff.session, token, now=NOW) is None


def test_a_role_changes_at_once_also_for_who_is_inside(house: House) -> None:
    add(house)
    token = enter(house)
    changed = do(house, staff.change, "mair", role=StaffRole.ANSWER, lang="en")
    assert (changed.role, changed.lang, changed.active) == (StaffRole.ANSWER, "en", True)
    assert house.read(staff.session, token, now=NOW).member == changed
    with pytest.raises(Missing):
        do(house, staff.change, "nobody", role=StaffRole.MANAGE)


def test_who_may_no_longer_come_in_has_no_session(house: House) -> None:
    add(house)
    do(house, staff.change, "mair", active=False)
    assert house.read(staff.session, enter(house), now=NOW) is None


def test_a_new_key_voids_the_old_one_every_session_and_every_mark(house: House) -> None:
    old, token = add(house), enter(house)
    add(house, "owain")
    mark, other = (
        do(house, staff.new_mark, house.store.tokens, name, random=house.random)
        for name in ("mair", "owain")
    )
    assert house.read(staff.knows, house.store.tokens, "mair", mark)
    new = do(house, staff.renew, house.store.tokens, "mair", random=house.random)
    assert new != old
    assert house.read(staff.totp_secret, house.store.tokens, "mair") == new
    assert house.read(staff.session, token, now=NOW) is None
    assert house.read(staff.member, "mair").password_hash == "$argon2id$…"
    assert not house.read(staff.knows, house.store.tokens, "mair", mark)
    assert house.read(staff.knows, house.store.tokens, "owain", other)
    for name, shown in (("mair", other), ("owain", ""), ("owain", "."), ("nobody", mark)):
        assert not house.read(staff.knows, house.store.tokens, name, shown)
    with pytest.raises(Missing):
        do(house, staff.renew, house.store.tokens, "nobody", random=house.random)
    with pytest.raises(Missing):
        do(house, staff.new_mark, house.store.tokens, "nobody", random=house.random)


def test_a_one_time_password_works_one_time(house: House) -> None:
    add(house)
    assert [do(house, staff.use_totp, "mair", step) for step in (100, 100, 99, 101)] == [
        True,
        False,
        False,
        True,
    ]
    assert not do(house, staff.use_totp, "nobody", 1)


def test_a_one_time_password_works_one_time_at_all_workers_together(settings: Settings) -> None:
    with Store.open(settings) as first, Store.open(settings) as second:
        houses = [House(first), House(second)]
        add(houses[0])
        with ThreadPoolExecutor(8) as pool:
            used = list(pool.map(lambda n: do(houses[n % 2], staff.use_totp, "mair", 7), range(8)))
        assert used.count(True) == 1


def test_guessing_is_slowed_down_and_forgotten_in_time(house: House) -> None:
    def attempt(minutes: int, key: str = "mair", kind: str = "log-in") -> bool:
        now = NOW + minutes * MINUTE
        answer: bool = do(house, staff.attempt, kind, key, now=now, within=10 * MINUTE, limit=3)
        return answer

    assert [attempt(0), attempt(1), attempt(2), attempt(3)] == [True, True, True, False]
    assert attempt(3, "owain")
    assert attempt(3, kind="code")
    assert attempt(10)  # the first is ten minutes old
    assert not attempt(10)
    do(house, staff.clear_attempts, "log-in", "mair")
    assert attempt(10)
    assert attempt(60)
    with house.store.read() as conn:
        attempts = [row for row in conn.execute(select(ATTEMPTS)) if row.kind == "log-in"]
    assert len(attempts) == 1
    assert "mair" not in str(attempts)


def test_sessions_that_ended_are_cleared_away(house: House) -> None:
    add(house)
    enter(house)
    late = {"now": NOW + 2 * HOUR, "until": NOW + 3 * HOUR, "random": Random(5)}
    do(house, staff.open_session, name="mair", **late)
    with house.store.read() as conn:
        assert len(conn.execute(select(SESSIONS)).all()) == 1


def test_a_stolen_password_is_as_dear_to_guess_as_rfc_9106_asks() -> None:
    """The second of its recommended costs; the other tests pay less, and this one none."""
    cost = (ARGON2.type, ARGON2.memory_cost >= 64 * 1024, ARGON2.time_cost >= 3)
    assert cost == (Type.ID, True, True)
