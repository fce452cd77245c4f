"""Records: what is written is what is read, and nothing private can be written at all."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.faults import Fault, Level, Report
from core.public import record_files, tallies
from core.public.encoding import plain
from core.public.records import Record, Reply, Tombstone
from core.public.tallies import Confirmations
from core.public.vocabulary import (
    ContactChannel,
    Detail,
    HandedOver,
    PublicStatus,
    SubmissionSort,
    TargetKind,
)
from core.site import Site, parse_site
from core.words import Words
from tests.tiny import SITE

if TYPE_CHECKING:
    from collections.abc import Callable

WRITTEN = """\
ref: F-2K7Q9T
status: published
sort: problem
lang: en
received: 2026-01
topic: repairs
channel: web
said: I lose a day's pay each time I wait in for a repair.
redacted:
- name
reply:
  'on': 2026-01-19
  by: repairs
  text:
    en: We will try evenings.
    cy: Byddwn ni'n rhoi cynnig ar gyda'r nos.
in_time: true
"""
RECORD = Record(
    ref="F-2K7Q9T",
    status=PublicStatus.PUBLISHED,
    sort=SubmissionSort.PROBLEM,
    lang="en",
    received=date(2026, 1, 1),
    topic="repairs",
    channel=ContactChannel.WEB,
    said="I lose a day's pay each time I wait in for a repair.",
    redacted=(Detail.NAME,),
    reply=Reply(
        on=date(2026, 1, 19),
        by="repairs",
        text=Words(
            (("en", "We will try evenings."), ("cy", "Byddwn ni'n rhoi cynnig ar gyda'r nos."))
        ),
    ),
    in_time=True,
)
# Any text that a tenant can send, as a record holds it.
SAID = st.text(st.characters(exclude_categories=["Cs"])).map(record_files.public_words).filter(bool)


def the_site() -> Site:
    site = parse_site(SITE, Report().at("site.toml"))
    assert site
    return site


def read(text: str) -> tuple[Record | Tombstone | None, list[Fault]]:
    report = Report()
    record = record_files.read_record(text, the_site(), report.at("feedback/2026/f-2k7q9t.yaml"))
    return record, [fault for fault in report if fault.level == Level.FAULT]


def sentences(text: str) -> str:
    return "\n".join(str(fault) for fault in read(text)[1])


def test_a_record_reads_as_it_is_written() -> None:
    assert read(WRITTEN) == (RECORD, [])
    assert record_files.record_yaml(RECORD).partition("\n")[2] == WRITTEN


@given(sentence=SAID, answer=SAID, reason=SAID)
def test_whatever_was_said_comes_back_letter_for_letter(
    sentence: str, answer: str, reason: str
) -> None:
    assert RECORD.reply
    text = Words((("en", answer), ("cy", sentence)))
    published = replace(RECORD, said=sentence, reply=replace(RECORD.reply, text=text))
    declined = replace(
        RECORD,
        status=PublicStatus.DECLINED,
        said="",
        redacted=(),
        reply=None,
        reason=Words((("en", reason),)),
    )
    for record in (published, declined):
        assert read(record_files.record_yaml(record)) == (record, [])


@given(sentence=SAID)
def test_either_way_of_writing_writes_the_same(sentence: str) -> None:
    class InPython(yaml.SafeDumper):
        """PyYAML's own emitter, which is slow and the one that wrote the files of earlier years."""

    def paragraphs(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
        style = "|" if "\n" in text else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    InPython.add_representer(str, paragraphs)
    record = replace(RECORD, said=sentence)
    expected = yaml.dump(
        plain(record), Dumper=InPython, allow_unicode=True, sort_keys=False, width=96
    )
    assert record_files.record_yaml(record).partition("\n")[2] == expected


def test_the_same_record_is_the_same_bytes_whatever_came_before() -> None:
    again, _ = read(record_files.record_yaml(RECORD))
    assert again
    assert record_files.record_yaml(again) == record_files.record_yaml(RECORD)


def test_a_record_has_no_field_for_anything_private() -> None:
    # A field that is added here becomes public for ever: git does not forget.
    assert {field.name for field in fields(Record)} == {
        "ref", "status", "sort", "lang", "received", "topic", "channel", "target", "people",
        "said", "redacted", "route", "reason", "reply", "corrected", "due", "done_by", "outcome",
        "in_time", "modified", "area",
    }  # fmt: skip


def test_a_day_is_written_as_its_month() -> None:
    text = record_files.record_yaml(replace(RECORD, received=date(2026, 1, 7)))
    assert "received: 2026-01\n" in text
    stone = Tombstone(
        ref="F-2K7Q9T", withdrawn=date(2026, 11, 22), received=date(2026, 1, 7), into="F-9T3MXA"
    )
    assert "2026-11-22" not in record_files.record_yaml(stone)
    assert "2026-01-07" not in record_files.record_yaml(stone)
    assert record_files.record_path(stone) == "feedback/2026/f-2k7q9t.yaml"


def test_a_withdrawn_record_leaves_a_tombstone_without_words() -> None:
    stone = Tombstone(ref="F-2K7Q9T", withdrawn=date(2026, 11, 1), received=date(2026, 1, 1))
    assert read(record_files.record_yaml(stone)) == (stone, [])
    words_left = record_files.record_yaml(stone) + "said: Still here.\n"
    assert "no field called “said”" in sentences(words_left)


@pytest.mark.parametrize("status", ["counted", "declined", "routed"])
def test_words_that_are_not_to_be_shown_cannot_stand_in_a_record(status: str) -> None:
    assert "none of its words may stand here" in sentences(
        WRITTEN.replace("status: published", f"status: {status}")
    )


@pytest.mark.parametrize(
    ("old", "instead", "sentence"),
    [
        ("said: I lose a day's pay each time I wait in for a repair.\n", "", "nothing is said"),
        ("in_time: true\n", "due: 2026-02-02\n", "an answer is still due"),
        ("2026-01-19", "2025-12-19", "before the words"),
        ("by: repairs", "by: plumbers", "“plumbers” isn't among [teams]"),
        ("topic: repairs", "topic: weather", "“weather” isn't among [topics]"),
        ("- name", "- Mrs Jones of number 4", "isn't one of the words"),
        ("ref: F-2K7Q9T", "ref: F-0OI1LL", "isn't a record's reference"),
        ("channel: web", "channel: pigeon", "Write web, phone, letter, visit or meeting"),
        ("topic: repairs", "email: mair@tiny.example.org", "no field called “email”"),
        ("in_time: true", "route: safeguarding", "isn't one of the words"),
        ("in_time: true", "people: 0", "Nobody said it"),
        ("topic: repairs", "target: {kind: rumour, key: x}", "isn't one of the words"),
        ("lang: en", "lang: en\nlang: cy", "written twice"),
        ("said: I", "said: &a I", "anchors"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, instead: str, sentence: str) -> None:
    assert old in WRITTEN
    faults = read(WRITTEN.replace(old, instead))[1]
    assert sentence in sentences(WRITTEN.replace(old, instead))
    assert all(fault.line > 0 for fault in faults)


def test_nobody_is_left_without_an_answer_or_a_day_for_it() -> None:
    unanswered = WRITTEN.partition("reply:")[0]
    assert "no day by which there will be one" in sentences(unanswered)
    waiting, faults = read(unanswered + "due: 2026-02-02\n")
    assert faults == []
    assert isinstance(waiting, Record)
    assert not waiting.overdue(date(2026, 2, 2))
    assert waiting.overdue(date(2026, 2, 3))


def test_a_decline_needs_its_reason_and_a_handing_over_its_place() -> None:
    head = WRITTEN.partition("said:")[0]
    assert "declined without a reason" in sentences(head.replace("published", "declined"))
    assert "route: says nothing" in sentences(head.replace("published", "routed"))
    head = head.replace("published", "routed") + "route: repair\n"
    routed, faults = read(head + "due: 2026-02-09\ndone_by: 2026-02-02\n")
    assert faults == []
    assert isinstance(routed, Record)
    assert routed.route == HandedOver.REPAIR
    assert not routed.answered, "handing over answers nobody"
    assert routed.overdue(date(2026, 2, 3)), "and has a day of its own"
    assert not routed.shown
    returned, faults = read(head + "outcome: done\nin_time: true\n")
    assert faults == []
    assert isinstance(returned, Record)
    assert returned.answered
    assert "still to be done" in sentences(head + "outcome: done\ndone_by: 2026-02-02\n")


def test_what_is_only_counted_says_whether_it_was_answered_and_not_what() -> None:
    head = WRITTEN.partition("said:")[0].replace("published", "counted")
    assert "no day by which there will be one" in sentences(head)
    answered, faults = read(head + "in_time: false\n")
    assert faults == []
    assert isinstance(answered, Record)
    assert answered.answered
    reply = "reply: {on: 2026-01-19, by: repairs, text: {en: Yes., cy: Ie.}}\nin_time: true\n"
    assert "meant for whoever asked" in sentences(head + reply)


def test_an_answer_in_one_language_is_told_as_advice_not_as_a_fault() -> None:
    report = Report()
    text = WRITTEN.partition("    cy:")[0] + "in_time: true\n"
    assert record_files.read_record(text, the_site(), report.at("f.yaml"))
    assert [(fault.level, fault.code) for fault in report] == [
        (Level.ADVICE, "missing-translation")
    ]


def test_a_plain_answer_is_in_the_language_of_the_words() -> None:
    head = WRITTEN.replace("lang: en", "lang: cy").partition("    en:")[0]
    record, _ = read(head.replace("text:\n", "text: Diolch.\n"))
    assert isinstance(record, Record)
    assert record.reply
    assert record.reply.text == Words.of("Diolch.", "cy")


def test_tallies_are_written_in_one_order_and_read_back() -> None:
    votes = [
        tallies.Votes(kind=TargetKind.ROADMAP, key="dry-walls", online=4, offline=9),
        tallies.Votes(kind=TargetKind.RECORD, key="F-2K7Q9T", online=1),
    ]
    text = record_files.VOTES.text(votes)
    assert text == record_files.VOTES.text(reversed(votes))
    report = Report()
    assert record_files.VOTES.read(text, the_site(), report.at("votes.yaml")) == (
        votes[1],
        votes[0],
    )
    written = [Confirmations(change="b", no=3), Confirmations(change="a", yes=1, partly=2)]
    text = record_files.CONFIRMATIONS.text(written)
    assert record_files.CONFIRMATIONS.read(text, the_site(), report.at("c.yaml")) == (
        written[1],
        written[0],
    )
    assert list(report) == []


def test_waits_say_how_long_and_never_whose() -> None:
    text = record_files.ANSWERS.text([tallies.Waits(quarter="2026-Q1", waited=(9, 2, 4))])
    assert "waited: [2, 4, 9]" in text
    report = Report()
    (read_back,) = record_files.ANSWERS.read(text, the_site(), report.at("answers.yaml"))
    assert read_back.waited == (2, 4, 9)
    assert list(report) == []


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (record_files.VOTES.read, "votes:\n- {kind: roadmap, key: x, online: many}\n"),
        (record_files.VOTES.read, "votes:\n- {kind: teapot, key: x}\n"),
        (record_files.CONFIRMATIONS.read, "confirmations:\n- {yes: 3}\n"),
        (record_files.ANSWERS.read, "answers:\n- {quarter: spring, waited: [1]}\n"),
        (record_files.VOTES.read, "- a list\n"),
        (record_files.ANSWERS.read, "answers: ["),
    ],
)
def test_a_file_of_numbers_that_cannot_be_read_is_said(
    reader: Callable[..., object], text: str
) -> None:
    report = Report()
    reader(text, the_site(), report.at("file.yaml"))
    assert len(report) == 1
    assert next(iter(report)).line > 0
