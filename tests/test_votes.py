"""Voices without words: each device once, online and offline apart, all of it undone at will."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from core.public.vocabulary import ContactChannel, Fixed, Target
from feedback.store import Refused, Store, submissions, votes
from feedback.store.schema import CONFIRMATIONS, VOTES
from feedback.store.votes import Tally
from tests.tenants import NOW, House

if TYPE_CHECKING:
    from feedback.settings import Settings

ITEM = Target("roadmap", "repair-slots")
OTHER = Target("roadmap", "bins")


def vote(house: House, target: Target, device: str) -> bool:
    return house.store.write_now(lambda conn: votes.vote(conn, target, device, now=NOW))


def count(house: House, target: Target, number: int) -> None:
    house.store.write_now(
        lambda conn: votes.add_offline(
            conn,
            target,
            count=number,
            channel=ContactChannel.MEETING,
            place="Neuadd",
            by="mair",
            now=NOW,
        )
    )


def confirm(house: House, change: str, device: str, fixed: Fixed) -> None:
    house.store.write_now(
        lambda conn: votes.confirm_fixed(conn, change, device=device, fixed=fixed, now=NOW)
    )


def test_a_device_has_one_voice_a_thing(house: House) -> None:
    assert [vote(house, ITEM, "a"), vote(house, ITEM, "a")] == [True, False]
    assert [vote(house, ITEM, "b"), vote(house, OTHER, "a")] == [True, True]
    assert house.read(votes.tally) == {OTHER: Tally(online=1), ITEM: Tally(online=2)}
    assert house.read(votes.voted, "a") == {ITEM, OTHER}
    assert house.read(votes.voted, "nobody") == frozenset()


def test_a_voice_can_be_taken_back(house: House) -> None:
    vote(house, ITEM, "a")

    def unvote(device: str) -> bool:
        return house.store.write_now(lambda conn: votes.unvote(conn, ITEM, device))

    assert [unvote("b"), unvote("a"), unvote("a")] == [False, True, False]
    assert house.read(votes.tally) == {}


def test_a_device_that_votes_at_two_workers_at_once_counts_once(settings: Settings) -> None:
    with Store.open(settings) as first, Store.open(settings) as second:
        houses = [House(first), House(second)]
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda n: vote(houses[n % 2], ITEM, f"{n % 3}"), range(24)))
        assert answers.count(True) == 3
        assert houses[0].read(votes.tally) == {ITEM: Tally(online=3)}


def test_hands_at_a_meeting_are_counted_apart(house: House) -> None:
    vote(house, ITEM, "a")
    count(house, ITEM, 11)
    count(house, ITEM, 3)
    assert house.read(votes.tally) == {ITEM: Tally(online=1, offline=14)}
    eleven, three = house.read(votes.offline, ITEM)
    assert (eleven.count, eleven.channel, eleven.place) == (11, ContactChannel.MEETING, "Neuadd")
    assert (eleven.by, eleven.at, three.count) == ("mair", NOW, 3)
    house.store.write_now(lambda conn: votes.remove_offline(conn, eleven.id))
    assert house.read(votes.tally) == {ITEM: Tally(online=1, offline=3)}
    for number in (0, -4):
        with pytest.raises(Refused):
            count(house, ITEM, number)


def test_a_duplicate_keeps_its_voices_and_nobody_counts_twice(house: House) -> None:
    first, second, third = (house.add().ref for _ in range(3))
    for ref, devices in ((first, "ab"), (second, "bc"), (third, "cd")):
        for device in devices:
            vote(house, Target("record", ref), device)
    count(house, Target("record", third), 5)
    house.desk(submissions.merge, third, into=second)
    house.desk(submissions.merge, second, into=first)
    assert house.read(votes.tally) == {Target("record", first): Tally(online=4, offline=5)}
    house.desk(submissions.unmerge, second)
    assert house.read(votes.tally) == {
        Target("record", first): Tally(online=2),
        Target("record", second): Tally(online=3, offline=5),
    }


def test_a_device_may_change_its_mind_about_what_is_fixed(house: House) -> None:
    confirm(house, "evening-slots", "a", Fixed.NO)
    confirm(house, "evening-slots", "a", Fixed.YES)
    confirm(house, "evening-slots", "b", Fixed.PARTLY)
    confirm(house, "bins", "a", Fixed.NO)
    assert house.read(votes.confirmed, "evening-slots", "a") == Fixed.YES
    assert house.read(votes.confirmed, "evening-slots", "c") is None
    assert house.read(votes.confirmations) == {
        "bins": {Fixed.YES: 0, Fixed.PARTLY: 0, Fixed.NO: 1},
        "evening-slots": {Fixed.YES: 1, Fixed.PARTLY: 1, Fixed.NO: 0},
    }
    undo = [
        house.store.write_now(lambda conn: votes.unconfirm(conn, "bins", device="a"))
        for _ in range(2)
    ]
    assert undo == [True, False]
    assert set(house.read(votes.confirmations)) == {"evening-slots"}


def test_no_device_is_kept_as_its_cookie_says(house: House) -> None:
    vote(house, ITEM, "the cookie's id")
    confirm(house, "bins", "the cookie's id", Fixed.NO)
    with house.store.read() as conn:
        rows = [*conn.execute(select(VOTES)), *conn.execute(select(CONFIRMATIONS))]
    assert len(rows) == 2
    assert "the cookie's id" not in str(rows)
