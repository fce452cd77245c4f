"""What the program writes may grow: no file of ours is ever too long for us to read back.

Limits are for what people write by hand, where a huge file is a slip; and they are warned first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from core.faults import Level, Report
from core.public import public_history, record_files
from core.public.records import Reply, Tombstone
from core.public.tallies import Confirmations, Reversal, Votes, Waits
from core.public.vocabulary import TargetKind, Turning
from core.words import Words
from feedback.publication import Harvest
from feedback.pull import plan, write
from feedback.store.casework.events import Provenance
from plugins.kinds.source import MAX_BYTES, MAX_FRONT_MATTER, take_apart
from plugins.loop.record_loader import load_records
from tests.test_records import RECORD, the_site

if TYPE_CHECKING:
    from tests.conftest import MakeSite

pytestmark = pytest.mark.long

MANY = 1_500  # of everything: more than front matter could hold
DAY = date(2026, 1, 1)
TODAY = DAY + timedelta(days=30)
HERE = Provenance("0" * 32, "0" * 24, continues=True)
LONG = "The gutter drips." * 5_000
VOTES = [
    Votes(kind=TargetKind.ROADMAP, key=f"an-item-with-a-name-as-long-as-people-write-{n}", online=n)
    for n in range(MANY)
]
ANSWERS = [Confirmations(change=f"a-change-with-a-long-name-{n}", yes=n) for n in range(MANY)]
TURNS = [
    Reversal(item=f"an-item-{n}", to=Turning.REOPENED, on=DAY + timedelta(days=n))
    for n in range(MANY)
]
WAITS = [
    Waits(quarter=f"{2000 + n}-Q{quarter}", waited=tuple(range(200)))
    for n in range(40)
    for quarter in range(1, 5)
]
REPLY = Reply(on=DAY + timedelta(days=9), by="repairs", text=Words((("en", LONG),)))
RECORDS = {"said": replace(RECORD, said=LONG), "reply": replace(RECORD, reply=REPLY)}


@pytest.fixture
def report() -> Report:
    return Report()


def faults(report: Report) -> list[str]:
    return [str(fault) for fault in report if fault.level == Level.FAULT]


@pytest.mark.parametrize(
    ("read", "write_text", "values"),
    [
        (record_files.VOTES.read, record_files.VOTES.text, VOTES),
        (record_files.CONFIRMATIONS.read, record_files.CONFIRMATIONS.text, ANSWERS),
        (record_files.TURNS.read, record_files.TURNS.text, TURNS),
        (record_files.ANSWERS.read, record_files.ANSWERS.text, WAITS),
    ],
)
def test_every_list_reads_back_however_long_it_is(read, write_text, values, report) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - a pair of functions a row
    text = write_text(values)
    assert len(text) > MAX_FRONT_MATTER
    assert len(read(text, the_site(), report.at("a-list.yaml"))) == len(values)
    assert faults(report) == []


@pytest.mark.parametrize("which", RECORDS)
def test_a_record_reads_back_however_long_it_is(which: str, report: Report) -> None:
    text = record_files.record_yaml(RECORDS[which])
    assert record_files.read_record(text, the_site(), report.at("a-record.yaml")) == RECORDS[which]
    assert faults(report) == []


def test_the_list_of_what_was_published_reads_back_however_long_it_is(report: Report) -> None:
    published = public_history.PublicHistory(
        frozenset(f"F-{n:06}" for n in range(MANY * 10)),
        {
            f"item-{n}": tuple("2026-01-01 now en:0123456789abcdef" for _ in "ab")
            for n in range(MANY)
        },
    )
    text = public_history.to_text(published, sample=False)
    assert public_history.from_text(text, report.at("published.txt")) == published
    assert faults(report) == []


def test_a_pull_and_a_build_take_more_votes_than_a_front_matter_holds(
    tiny_site: MakeSite, report: Report
) -> None:
    # At the 1,191st thing with a vote a pull took nothing any more, withdrawals neither.
    tiny = tiny_site()
    content, site = tiny.content, the_site()
    standing = {record_files.record_path(RECORD): record_files.record_yaml(RECORD)}
    lists = {
        record_files.VOTES.path: record_files.VOTES.text(VOTES),
        record_files.CONFIRMATIONS.path: record_files.CONFIRMATIONS.text(ANSWERS),
        record_files.ANSWERS.path: record_files.ANSWERS.text(WAITS),
    }
    write(plan(Harvest({**standing, **lists}, provenance=HERE), content, site, TODAY), content)
    gone = plan(Harvest(lists, withdrawn={RECORD.ref: ""}, provenance=HERE), content, site, TODAY)
    assert gone.withdrawn == (record_files.record_path(RECORD),)
    write(gone, content)
    heard = load_records(content, site, report)
    assert len(heard.votes) == len(VOTES)
    assert len(heard.confirmations) == len(ANSWERS)
    assert isinstance(heard.tombstones[RECORD.ref], Tombstone)
    assert faults(report) == []


@pytest.mark.parametrize(
    ("front", "body", "sentence"),
    [
        (MAX_FRONT_MATTER * 4 // 5, 0, "The part between the --- lines is"),
        (0, MAX_BYTES * 4 // 5, "The file is 1.6 MB long."),
    ],
)
def test_whoever_writes_by_hand_is_warned_before_it_is_too_much(
    front: int, body: int, sentence: str, report: Report
) -> None:
    page = f"---\ntitle: A\n{'# why' + ' ' * front}\n---\n{'words ' * (body // 6)}\n"
    assert take_apart("pages/a.en.md", page.encode(), the_site(), report.at("a.en.md"))
    assert faults(report) == []
    assert [fault for fault in report if sentence in str(fault)]
