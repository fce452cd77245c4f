"""Answered means in the language that was asked for, and one notice says so."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from feedback.model import CaseStatus, Route
from feedback.store.actions import submissions
from feedback.store.mail import outbox
from feedback.store.mail.outbox import Why
from tests.copies import ROOT
from tests.desk import Colleague, case_of, colleague
from tests.speaking import Speaking, speaking
from tests.tenants import IDEA, LATER, House

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from feedback.store.mail.outbox import Claimed

pytestmark = pytest.mark.long


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Speaking]:
    service = speaking(tmp_path, ROOT / "theme")
    yield service
    service.store.close()


@pytest.fixture
def mair(town: Speaking) -> Colleague:
    return colleague(town)


def asked(town: Speaking, lang: str = "cy", **answers: str) -> tuple[str, str]:
    """Say something in a language; returns the reference, and the receipt's address."""
    receipt = town.say(lang, **answers)
    return re.findall(r"F-\w{6}", town.browser.get(receipt).text)[0], receipt


def told(house: House) -> list[Why]:
    """Send what waits; returns what it is about."""

    def send(conn: Connection) -> tuple[Claimed, ...]:
        claimed = outbox.due(conn, now=LATER, lease=timedelta(minutes=5))
        for notice in claimed:
            outbox.QUEUE.done(conn, notice.id, now=LATER)
        return claimed

    claimed = house.store.write_now(send)
    return [notice.notice.why for notice in claimed if notice.notice.why != Why.RECEIVED]


def test_a_welsh_speaker_answered_in_english_waits_on(town: Speaking, mair: Colleague) -> None:
    ref, receipt = asked(town)
    mair.done(ref, "reply", team="repairs", reply_en="A plumber comes on Monday.")
    assert case_of(town, ref).answered is None
    assert ref in mair.get("?queue=open").text
    assert "Roeddech chi am gael" not in town.browser.get(receipt).text
    mair.done(ref, "reply", team="repairs", reply_cy="Daw plymwr ddydd Llun.")
    assert case_of(town, ref).answered is not None


def test_whoever_is_answered_otherwise_is_told_so_in_their_language(
    town: Speaking, mair: Colleague
) -> None:
    ref, receipt = asked(town)
    words = "A plumber comes on Monday."
    mair.done(ref, "reply", team="repairs", reply_en=words, otherwise="yes")
    assert case_of(town, ref).answered is not None
    page = town.browser.get(receipt.replace("/cy/", "/en/")).text
    assert "Roeddech chi am gael ein hateb yn yr iaith hon: Cymraeg." in page
    mair.done(ref, "reply", team="repairs", reply_cy="Daw plymwr ddydd Llun.")
    assert "Roeddech chi am gael" not in town.browser.get(receipt).text


def test_a_reason_and_an_outcome_answer_in_that_language_too(
    town: Speaking, mair: Colleague
) -> None:
    ref, _ = asked(town)
    mair.done(ref, "decline", reason_en="The council owns that gutter.")
    assert case_of(town, ref).answered is None
    mair.done(
        ref, "decline", reason_en="The council owns that gutter.", reason_cy="Cafn y cyngor yw e."
    )
    assert case_of(town, ref).answered is not None
    other, _ = asked(town, said="The door is broken.")
    mair.done(other, "route", route="repair")
    mair.done(other, "outcome", outcome="done", outcome_en="A new lock is on the door.")
    assert case_of(town, other).answered is None


def test_everybody_who_is_answered_together_has_their_language(
    town: Speaking, mair: Colleague
) -> None:
    ref, _ = asked(town, "en")
    other, _ = asked(town, "cy", said="Mae'r cafn yn diferu.")
    mair.done(other, "merge", other=ref)
    mair.done(ref, "reply", team="repairs", reply_en="A plumber comes on Monday.")
    assert case_of(town, ref).answered is None
    mair.done(ref, "reply", team="repairs", reply_cy="Daw plymwr ddydd Llun.")
    assert case_of(town, other).answered is not None


def test_what_is_answered_takes_in_nobody_who_asked_for_another_language(
    town: Speaking, mair: Colleague
) -> None:
    ref, _ = asked(town, "en")
    other, _ = asked(town, "cy", said="Mae'r cafn yn diferu.")
    mair.done(ref, "reply", team="repairs", reply_en="A plumber comes on Monday.")
    refused = mair.act(other, "merge", other=ref)
    assert "not in the language that this tenant asked for" in refused.text
    both = [f"{name} {case_of(town, name).version}" for name in (ref, other)]
    assert other in mair.post("together", do="merge", cases=both).text
    assert case_of(town, other).answered is None
    assert other in mair.get("?queue=open").text
    mair.done(ref, "reply", team="repairs", reply_cy="Daw plymwr ddydd Llun.")
    mair.done(other, "merge", other=ref)
    assert case_of(town, other).answered is not None


def test_a_mended_typo_sends_nothing(house: House) -> None:
    ref = house.add(IDEA).ref
    answer = {"team": "repairs", "wanted": {"cy"}}
    house.desk(submissions.reply, ref, texts={"en": "Thanks."}, **answer)
    assert told(house) == []  # it is not the answer that was asked for
    house.desk(submissions.reply, ref, texts={"cy": "Diolhc."}, **answer)
    assert told(house) == [Why.ANSWERED]
    house.desk(submissions.reply, ref, texts={"cy": "Diolch."}, **answer)
    house.desk(submissions.reply, ref, texts={"en": "Thank you."}, **answer)
    assert told(house) == []
    house.desk(submissions.reply, ref, texts={"cy": "Dydd Llun!"}, tell_again=True, **answer)
    assert told(house) == [Why.ANSWERED]


def test_what_is_answered_as_it_is_handed_over_sends_one_notice(house: House) -> None:
    ref = house.add(IDEA).ref
    house.desk(submissions.reply, ref, texts={"cy": "Diolch."}, team="repairs", wanted={"cy"})
    house.desk(submissions.decide, ref, status=CaseStatus.ROUTED, route=Route.REPAIR)
    assert told(house) == [Why.ANSWERED]
