"""Voices without words: each device once, online and offline apart, all of it undone at will."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from core.public.vocabulary import ContactChannel, Fixed, Target
from feedback.store import Refused, Store
from feedback.store.actions import submissions
from feedback.store.database.schema import CONFIRMATIONS, VOTES
from feedback.store.voices import strikes, votes
from feedback.store.voices.strikes import Burst
from feedback.store.voices.votes import DeviceVoice, Tally
from tests.tenants import LATER, NOW, House

if TYPE_CHECKING:
    from datetime import datetime

    from feedback.settings import Settings

ITEM = Target("roadmap", "repair-slots")
OTHER = Target("roadmap", "bins")


def vote(house: House, target: Target, device: str, at: datetime = NOW) -> bool:
    return house.store.write_now(lambda conn: votes.vote(conn, target, device, now=at))


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


def answers(house: House) -> set[tuple[str, str]]:
    return {(answer.change, str(answer.fixed)) for answer in house.read(votes.answered)}


def strike(house: House, target: Target, since: datetime, until: datetime) -> int:
    return house.store.write_now(
        lambda conn: strikes.strike_out(
            conn, target, since=since, until=until, why={"en": "One program."}, by="mair", now=LATER
        )
    )


def test_a_device_has_one_voice_a_thing(house: House) -> None:
    assert [vote(house, ITEM, "a"), vote(house, ITEM, "a")] == [True, False]
    assert [vote(house, ITEM, "b"), vote(house, OTHER, "a")] == [True, True]
    assert house.read(votes.tally) == {OTHER: Tally(online=1), ITEM: Tally(online=2)}
    assert house.read(votes.voice, ITEM, "a") == DeviceVoice()
    assert house.read(votes.voice, ITEM, "nobody") is None


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
    assert house.read(votes.answer, "evening-slots", "a") == DeviceVoice(Fixed.YES)
    assert house.read(votes.answer, "evening-slots", "c") is None
    assert answers(house) == {("bins", "no"), ("evening-slots", "yes"), ("evening-slots", "partly")}
    undo = [
        house.store.write_now(lambda conn: votes.unconfirm(conn, "bins", device="a"))
        for _ in range(2)
    ]
    assert undo == [True, False]
    assert answers(house) == {("evening-slots", "yes"), ("evening-slots", "partly")}


def test_a_burst_is_seen_until_a_person_has_looked(house: House) -> None:
    for number in range(12):
        vote(house, ITEM, f"{number}", NOW + timedelta(seconds=number))
    vote(house, OTHER, "a")
    last = NOW + timedelta(seconds=11)
    assert house.read(strikes.bursts, since=NOW) == (Burst(ITEM, 12, NOW, last),)
    assert house.read(strikes.bursts, since=LATER) == ()
    looked = house.store.write_now(lambda conn: strikes.look(conn, ITEM, until=last, now=LATER))
    assert looked == 12
    assert house.read(strikes.bursts, since=NOW) == ()
    assert house.read(votes.tally)[ITEM] == Tally(online=12)


def test_voices_that_come_one_by_one_are_no_burst(house: House) -> None:
    for number in range(40):
        vote(house, ITEM, f"{number}", NOW + timedelta(minutes=3 * number))
    assert house.read(strikes.bursts, since=NOW) == ()


def test_struck_voices_are_not_counted_until_that_is_undone(house: House) -> None:
    vote(house, ITEM, "a")
    vote(house, ITEM, "b")
    vote(house, OTHER, "a")
    assert strike(house, ITEM, NOW, NOW) == 2
    assert house.read(votes.tally) == {OTHER: Tally(online=1)}
    assert not vote(house, ITEM, "a"), "and pressing again changes nothing"
    assert not house.store.write_now(lambda conn: votes.unvote(conn, ITEM, "a"))
    (struck,) = house.read(strikes.strikes)
    assert (struck.target, struck.count, struck.why) == (ITEM, 2, {"en": "One program."})
    assert house.read(votes.voice, ITEM, "a").struck == struck
    with pytest.raises(Refused):
        strike(house, ITEM, NOW, NOW)
    house.store.write_now(lambda conn: strikes.undo_strike(conn, struck.id, now=LATER))
    assert house.read(votes.tally)[ITEM] == Tally(online=2)


def test_answers_of_those_who_asked_are_theirs_alone_and_nobody_strikes_them(house: House) -> None:
    confirm(house, "bins", "a", Fixed.YES)
    ref = house.add().ref
    house.store.write_now(
        lambda conn: votes.confirm_asked(conn, "bins", ref=ref, fixed=Fixed.NO, now=NOW, device="a")
    )
    (asked,) = house.read(votes.answered)
    assert (asked.asked, asked.fixed, asked.heard) == (True, Fixed.NO, NOW)
    with pytest.raises(Refused):
        strike(house, Target("change", "bins"), NOW, NOW)


def test_no_device_is_kept_as_its_cookie_says(house: House) -> None:
    vote(house, ITEM, "the cookie's id")
    confirm(house, "bins", "the cookie's id", Fixed.NO)
    with house.store.read() as conn:
        rows = [*conn.execute(select(VOTES)), *conn.execute(select(CONFIRMATIONS))]
    assert len(rows) == 2
    assert "the cookie's id" not in str(rows)
