"""What staff wrote in public is put right in public, where it names somebody, and tells nobody."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from core.faults import Level, Report
from core.public.record_files import read_record, record_yaml
from feedback.publication import record_of
from feedback.store.database.schema import OUTBOX
from tests.copies import ROOT
from tests.desk import Colleague, case_of, colleague
from tests.speaking import Speaking, speaking
from tests.test_loop import RECORD
from tests.tiny import EVERY_KIND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from commands.build import BuildResult
    from tests.conftest import MakeSite

    Built = Callable[..., BuildResult]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Speaking]:
    service = speaking(tmp_path, ROOT / "theme")
    yield service
    service.store.close()


@pytest.fixture
def mair(town: Speaking) -> Colleague:
    return colleague(town)


def asked(town: Speaking) -> tuple[str, str]:
    """Say something; returns the reference, and the receipt's address."""
    receipt = town.say(answer_by="email", email="gwen@example.org")
    return re.findall(r"F-\w{6}", town.browser.get(receipt).text)[0], receipt


def notices(town: Speaking) -> int:
    def count(conn: Connection) -> int:
        return int(conn.execute(select(func.count()).select_from(OUTBOX)).scalar_one())

    return town.store.write_now(count)


def test_a_public_answer_that_names_somebody_is_put_right_in_public_and_tells_nobody(
    town: Speaking, mair: Colleague
) -> None:
    ref, receipt = asked(town)
    answer = "Blodwen forgot the gutter."
    mair.done(ref, "reply", team="repairs", reply_en=answer)
    mair.done(ref, "publish", public_text="The gutter drips.")
    sent = notices(town)
    right = {"reply_en": "We forgot the gutter."}
    assert mair.act(ref, "put-right", corrected_en="It named somebody.").status_code == 422
    assert mair.act(ref, "put-right", **right).status_code == 422
    personal = mair.act(ref, "put-right", corrected_en="It was gwen@example.org.", **right)
    assert personal.status_code == 422
    page = mair.done(ref, "put-right", corrected_en="It named somebody.", **right)
    assert "nobody is told twice" in page
    assert notices(town) == sent
    record = record_of(case_of(town, ref), town.site)
    assert record
    text = record_yaml(record)
    assert "Blodwen" not in text
    assert "We forgot the gutter." in text
    assert record.corrected
    assert record.corrected.why.get("en").text == "It named somebody."
    receipt_page = town.browser.get(receipt).text
    assert "It named somebody." in receipt_page
    assert "Blodwen" not in receipt_page


def test_a_reason_is_put_right_without_declining_again(town: Speaking, mair: Colleague) -> None:
    ref, _ = asked(town)
    mair.done(ref, "decline", reason_en="Blodwen says no.")
    sent = notices(town)
    why = {"corrected_en": "It named somebody.", "corrected_cy": "Roedd yn enwi rhywun."}
    mair.done(ref, "put-right", reason_en="The council owns that gutter.", **why)
    record = record_of(case_of(town, ref), town.site)
    assert record
    assert record.corrected
    assert str(record.reason).count("Blodwen") == 0
    assert notices(town) == sent
    report = Report()
    assert read_record(record_yaml(record), town.site, report.at("feedback/x.yaml")) == record
    assert [fault for fault in report if fault.level == Level.FAULT] == []


def test_what_is_private_is_not_put_right_in_public(town: Speaking, mair: Colleague) -> None:
    ref, _ = asked(town)
    mair.done(ref, "reply", team="repairs", reply_en="Thanks.")
    answer = mair.act(ref, "put-right", reply_en="Thank you.", corrected_en="A slip.")
    assert answer.status_code == 422
    assert case_of(town, ref).reply == {"en": "Thanks."}


def test_a_correction_goes_with_what_it_corrected(town: Speaking, mair: Colleague) -> None:
    ref, _ = asked(town)
    mair.done(ref, "decline", reason_en="Blodwen says no.")
    mair.done(ref, "put-right", reason_en="It is not ours.", corrected_en="It named somebody.")
    mair.done(ref, "reopen")
    mair.done(ref, "reply", team="repairs", reply_en="It is ours after all.")
    mair.done(ref, "publish", public_text="The gutter drips.")
    record = record_of(case_of(town, ref), town.site)
    assert record
    assert record.reply
    assert record.corrected is None


def test_readers_see_the_day_and_the_reason(tiny_site: MakeSite, built: Built) -> None:
    corrected = "corrected: {on: 2026-03-05, why: {en: It named somebody., cy: Enwodd rywun.}}\n"
    tiny = tiny_site(EVERY_KIND | {"feedback/2026/f-2k7q9t.yaml": RECORD + corrected})
    result = built(tiny)
    assert [fault for fault in result.faults if fault.level == Level.FAULT] == []
    page = (tiny.output / "en/heard/f-2k7q9t/index.html").read_text(encoding="utf-8")
    assert "Put right on 5 March 2026:" in page
    assert "It named somebody." in page
    (row,) = json.loads((tiny.output / "data/records.json").read_text(encoding="utf-8"))["records"]
    assert row["corrected"] == "2026-03-05"
    assert row["correction"]["cy"] == "Enwodd rywun."
