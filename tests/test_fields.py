"""Typed fields: what each takes, what each refuses, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import fields, values
from core.faults import Fault, Level, Report
from core.fields import (
    LONG_WORDS,
    WORDS,
    ByLanguage,
    Choice,
    Group,
    Many,
    Member,
    NoOr,
    Table,
    make,
    optional,
    read_fields,
    required,
    specs,
)
from core.nodes import Mapping, read_yaml
from core.values import LINE, MOMENT, WHOLE, Reading
from core.words import ANY, ShownWords, Words

if TYPE_CHECKING:
    from core.values import Type

LONDON = ZoneInfo("Europe/London")
KNOWN = {"teams": {"repairs": "repairs", "Repairs team": "repairs", "Y tîm": "repairs"}}


class Colour(StrEnum):
    COPPER = "copper"
    LIME_STONE = "lime-stone"


@dataclass(frozen=True, kw_only=True)
class Brew:
    what: str = required(LINE, "what is brewed")
    cups: int = optional(WHOLE, "how many cups", 1, elsewhere=("mugs",))
    note: str = optional(LINE, "a note", "", wanted=True)


@dataclass(frozen=True, kw_only=True)
class Kettle:
    key: str
    name: str = required(LINE, "its name")


def reading(report: Report, lang: str = "en") -> Reading:
    return Reading(report.at("file.md"), ("cy", "en"), lang, LONDON, KNOWN)


def read(kind: Type[Any], written: str) -> tuple[Any, list[Fault]]:
    """Read ``field: written`` as that kind; returns the value and the faults."""
    report = Report()
    tree = read_yaml(f"field: {written}\n", report.at("file.md"))
    assert isinstance(tree, Mapping), list(report)
    value = kind.read(tree.entries[0][1], reading(report).at("field"))
    return value, list(report)


TAKEN = [
    ("TEXT", "a word", "a word"),
    ("TEXT", "cafe\u0301", "caf\u00e9"),
    ("LINE", '"\u200bsta\u00adirs"', "stairs"),
    ("LINE", "2026", "2026"),
    ("LINE", "no", "no"),
    ("LINE", '"  two\\n words "', "two words"),
    ("DATE", "2026-03-04", date(2026, 3, 4)),
    ("DATE", "2028-02-29", date(2028, 2, 29)),
    ("MONTH", "2026-03", date(2026, 3, 1)),
    ("MONTH", "2026-03-04", date(2026, 3, 4)),
    ("DATE", "2026-03-01T09:00:00.000Z", date(2026, 3, 1)),
    ("DATE", "2026-06-30T23:30:00Z", date(2026, 7, 1)),  # by the clocks of the place
    ("DATE", "2026-03-01 16:09:22 +0000", date(2026, 3, 1)),
    ("DATE", "2026-03-01T16:09:22+01:00", date(2026, 3, 1)),
    ("DATE", "2026-03-01 09:00", date(2026, 3, 1)),
    ("DATE", "2026-03-01 9:00", date(2026, 3, 1)),
    ("DATE", "2026-03-04T24:00", date(2026, 3, 5)),  # midnight, as the end of the day
    ("DATE", "2026-12-31T23:59:60Z", date(2026, 12, 31)),  # a second that clocks here don't show
    ("DATE", "2026-063T10:00Z", date(2026, 3, 4)),
    ("DATE", "2026063", date(2026, 3, 4)),
    ("DATE", "2026-03-04T09:00:00+00:00[Europe/London]", date(2026, 3, 4)),
    ("DATE", "2026\u201303\u201304", date(2026, 3, 4)),
    ("DATE", "2026-03-04\u200b", date(2026, 3, 4)),
    ("MOMENT", "2026-03-04 6pm", datetime(2026, 3, 4, 18, tzinfo=LONDON)),
    ("MOMENT", "2026-03-04 12.30 a.m.", datetime(2026, 3, 4, 0, 30, tzinfo=LONDON)),
    ("MOMENT", "2026-03-04 9.30", datetime(2026, 3, 4, 9, 30, tzinfo=LONDON)),
    ("MOMENT", "2026-03-04T18:00[Europe/Paris]", datetime(2026, 3, 4, 17, tzinfo=LONDON)),
    ("MOMENT", "2026-12-31T24:00", datetime(2027, 1, 1, tzinfo=LONDON)),
    ("BOOLEAN", "true\u2060", True),
    ("RECURRENCE", "RRULE:FREQ=WEEKLY;COUNT=3", "FREQ=WEEKLY;COUNT=3"),
    ("RECURRENCE", "COUNT=3; FREQ = WEEKLY; BYDAY=TU, TH;", "FREQ=WEEKLY;COUNT=3;BYDAY=TU,TH"),
    ("DATE", '"2026-03-04"', date(2026, 3, 4)),
    ("MOMENT", "2026-07-04T18:00:00.000Z", datetime(2026, 7, 4, 19, tzinfo=LONDON)),
    ("MOMENT", "2026-03-04 18:00", datetime(2026, 3, 4, 18, tzinfo=LONDON)),
    ("MOMENT", "2026-03-04T18:00:00", datetime(2026, 3, 4, 18, tzinfo=LONDON)),
    ("MOMENT", "2026-07-04 9:30", datetime(2026, 7, 4, 9, 30, tzinfo=LONDON)),
    ("BOOLEAN", "true", True),
    ("BOOLEAN", "No", False),
    ("WHOLE", "14", 14),
    ("DATE", "20260304", date(2026, 3, 4)),
    ("DATE", "2026-W10-3", date(2026, 3, 4)),
    ("DATE", "2026W103", date(2026, 3, 4)),
    ("DATE", "2026-063", date(2026, 3, 4)),
    ("DATE", "2026/03/04", date(2026, 3, 4)),
    ("DATE", "2026-3-4", date(2026, 3, 4)),
    ("DATE", "2026-W10-3T09:00Z", date(2026, 3, 4)),
    ("NUMBER", "14.20", Decimal("14.20")),
    ("NUMBER", "-3", Decimal(-3)),
    ("DAYS", "60 days", timedelta(60)),
    ("DAYS", "2 weeks", timedelta(14)),
    ("DAYS", "1 month", timedelta(30)),
    ("OFFSET", '"04:30"', timedelta(minutes=4, seconds=30)),
    ("OFFSET", '"90:00"', timedelta(minutes=90)),
    ("OFFSET", '"1:04:30"', timedelta(hours=1, minutes=4, seconds=30)),
    ("CLOCK", '"18:00"', time(18)),
    ("CLOCK", "9:05", time(9, 5)),
    ("WEB", "https://example.org/a?b#c", "https://example.org/a?b#c"),
    ("FILE", "images/a wall.jpg", "images/a wall.jpg"),
    ("OLD_PATH", "/news/damp/", "/news/damp/"),
    ("KEY", "repair-slots-2", "repair-slots-2"),
    ("SLUG", "tŷ-agored", "tŷ-agored"),
    ("REFERENCE", "F-2K7Q9T", "F-2K7Q9T"),
    ("IDENTITY", "0B9725C1-3ab8-47a1-97ac-33bc017471a2", "0b9725c1-3ab8-47a1-97ac-33bc017471a2"),
    ("ZONE", "Europe/London", LONDON),
    ("RECURRENCE", "FREQ=MONTHLY;BYDAY=1TU", "FREQ=MONTHLY;BYDAY=1TU"),
    ("WEEK", "2026-W10", "2026-W10"),
    ("POINT_NUMBER", '"1.10"', "1.10"),
    ("VERSION", '"0.1"', "0.1"),
    ("LANGUAGE", "cy", "cy"),
    ("PHONE", "029 2018 0100", "029 2018 0100"),
    ("PHONE", "01632.960001", "01632 960001"),
    ("PHONE", "01632 960001 ext. 12", "01632 960001 ext. 12"),
    ("PHONE", "01632 960001 est 4", "01632 960001 est 4"),
    ("EMAIL", "helo@tiny.example.org", "helo@tiny.example.org"),
]


@pytest.mark.parametrize(("name", "written", "value"), TAKEN)
def test_a_field_takes_what_its_hint_says(name: str, written: str, value: object) -> None:
    assert read(getattr(values, name), written) == (value, [])


REFUSED = [
    ("DATE", "31 February", "isn't a date."),
    ("DATE", "2026-02-31", "isn't a day of the calendar."),
    ("DATE", "2026-02-29", "isn't a day of the calendar."),
    ("DATE", "04/03/2026", "isn't a date."),
    ("DATE", "2026/03-04", "isn't a date."),
    ("DATE", "20261304", "isn't a day of the calendar."),
    ("DATE", "2026-W60-1", "isn't a day of the calendar."),
    ("DATE", "2026-400", "isn't a day of the calendar."),
    ("DATE", "2026/2/30", "isn't a day of the calendar."),
    ("DATE", "0000-01-01", "isn't a day of the calendar."),
    ("MONTH", "2026-13", "isn't a day of the calendar."),
    ("MONTH", "March", "isn't a date."),
    ("MOMENT", "2026-03-04", "isn't a date with a time."),
    ("MOMENT", "2026-03-04 24:30", "isn't a time of day."),
    ("MOMENT", "2026-03-04 13:00 pm", "isn't a time of day."),
    ("MOMENT", "9999-12-31T23:59:59-12:00", "isn't in a year that clocks have."),
    ("MOMENT", "2026-03-04 18:00 CET", "isn't a date with a time."),  # winter's clock or the town's
    ("DATE", "0001-01-01T00:00:00+14:00", "isn't a date."),
    ("DATE", "2026-03-04T23:59:61Z", "isn't a date."),
    ("MOMENT", "2026-02-31 18:00", "isn't a day of the calendar."),
    ("MOMENT", "2026-03-04T25:00:00Z", "isn't a time of day."),
    ("DATE", "2026-03-04T25:00:00Z", "isn't a date."),
    ("BOOLEAN", "perhaps", "is neither true nor false."),
    ("WHOLE", "14.5", "isn't a whole number."),
    ("WHOLE", "-1", "isn't a whole number."),
    ("NUMBER", "lots", "isn't a number."),
    ("NUMBER", "NaN", "isn't a number that can be shown."),
    ("NUMBER", "1e99", "isn't a number that can be shown."),
    ("DAYS", "often", "isn't a length of time."),
    ("OFFSET", '"4m30"', "isn't a time into the recording."),
    ("OFFSET", '"1:64:30"', "has more than 59 minutes."),
    ("CLOCK", '"25:00"', "isn't a time of day."),
    ("WEB", "example.org", "isn't a web address."),
    ("WEB", "javascript:alert(1)", "isn't a web address."),
    ("WEB", "https://", "isn't a web address."),
    ("WEB", "https://[", "isn't a web address."),
    ("FILE", "../secret", "leads out of the content folder."),
    ("FILE", "/etc/passwd", "leads out of the content folder."),
    ("FILE", "C:\\a.jpg", "leads out of the content folder."),
    ("OLD_PATH", "news", "isn't an address on this site."),
    ("OLD_PATH", "/../x", "isn't an address on this site."),
    ("OLD_PATH", "/a?b", "isn't an address on this site."),
    ("KEY", "Repair Slots", "isn't a key."),
    ("KEY", "a--b", "isn't a key."),
    ("SLUG", "a/b", "can't stand in an address."),
    ("SLUG", "Upper", "can't stand in an address."),
    ("REFERENCE", "F-0O1IL2", "isn't a record's reference."),
    ("IDENTITY", "mine", "isn't a permanent id."),
    ("ZONE", "Cardiff", "isn't a time zone."),
    ("ZONE", "localtime", "isn't a time zone."),
    ("ZONE", "right/Europe/London", "isn't a time zone."),
    ("ZONE", "../etc/passwd", "isn't a time zone."),
    ("RECURRENCE", "every Tuesday", "isn't a rule for repeating."),
    ("RECURRENCE", "COUNT=3", "doesn't say how often, by FREQ=."),
    ("WEEK", "2026-W99", "isn't a week."),
    ("WEEK", "2026-10", "isn't a week."),
    ("POINT_NUMBER", "one", "isn't a number of a point."),
    ("VERSION", "v1", "isn't a version."),
    ("LANGUAGE", "klingon", "isn't a language that we know."),
    ("PHONE", "ring us", "isn't a phone number."),
    ("EMAIL", "helo", "isn't an e-mail address."),
]


@pytest.mark.parametrize(("name", "written", "why"), REFUSED)
def test_a_field_refuses_the_rest_and_says_what_to_write(name: str, written: str, why: str) -> None:
    kind = getattr(values, name)
    value, (fault,) = read(kind, written)
    assert value is None
    assert fault == Fault("file.md", 1, "field", fault.wrong, fault.instead, code="value")
    assert fault.wrong.startswith("“")
    assert fault.wrong.endswith(why)
    assert fault.instead.startswith("Write ")


@pytest.mark.parametrize("name", sorted({name for name, _, _ in TAKEN}))
def test_a_field_of_one_value_takes_no_list_no_group_and_no_emptiness(name: str) -> None:
    kind = getattr(values, name)
    for written, why in {
        "[a, b]": "This is a list.",
        "{a: b}": "This is a group of named values.",
        '""': "Nothing is written here.",
    }.items():
        value, (fault,) = read(kind, written)
        assert (value, fault.wrong) == (None, why)


def test_a_text_too_long_for_a_line_is_refused_and_shown_in_short() -> None:
    _, (fault,) = read(LINE, "x" * 301)
    assert fault.wrong == f"“{'x' * 57}…” is too long for one line."


def test_control_characters_are_refused_and_shown_by_number() -> None:
    _, (fault,) = read(LINE, r'"a\u0007b"')
    assert fault.wrong == "“a\\u0007b” holds a control character."


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2026-03-29 01:30", "is skipped when the clocks go forward that night."),
        ("2026-10-25 01:30", "happens twice, as the clocks go back that night."),
    ],
)
def test_an_hour_that_isn_t_there_or_is_there_twice_is_refused(written: str, why: str) -> None:
    value, (fault,) = read(MOMENT, written)
    assert value is None
    assert f"{why} Take an hour before or after." in fault.wrong


@pytest.mark.parametrize(
    "written",
    ["2026-03-29 00:59", "2026-03-29 02:00", "2026-10-25 00:59", "2026-10-25 02:00"],
)
def test_the_hours_beside_a_change_of_clocks_are_taken(written: str) -> None:
    value, faults = read(MOMENT, written)
    assert faults == []
    assert f"{value:%Y-%m-%d %H:%M}" == written


@settings(deadline=None)
@given(st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)))  # noqa: DTZ001 - as on the wall
def test_every_moment_is_taken_as_the_clock_shows_it_or_refused(moment: datetime) -> None:
    value, faults = read(MOMENT, f"{moment:%Y-%m-%d %H:%M}")
    assert (value is None) == bool(faults)
    if value is not None:
        and_back = value.astimezone(ZoneInfo("UTC")).astimezone(LONDON)
        assert and_back.replace(tzinfo=None) == moment.replace(second=0, microsecond=0)


# --------------------------------------------------------------------- choices, members, lists


@pytest.mark.parametrize("written", ["lime-stone", "Lime stone", "LIME_STONE"])
def test_a_choice_is_taken_however_it_is_spaced(written: str) -> None:
    assert read(Choice(Colour), written) == (Colour.LIME_STONE, [])


def test_a_choice_misspelt_is_asked_about() -> None:
    _, (fault,) = read(Choice(Colour), "coper")
    assert fault.wrong == "“coper” isn't one of the words for this."
    assert fault.instead == "Did you mean “copper”? Write copper or lime-stone."


@pytest.mark.parametrize("written", ["repairs", "Repairs team", "Y tîm"])
def test_a_member_is_known_by_key_or_by_name_in_any_language(written: str) -> None:
    assert read(Member("teams"), written) == ("repairs", [])


def test_a_member_that_isn_t_known_is_told_with_those_that_are() -> None:
    _, (fault,) = read(Member("teams"), "repars")
    assert fault.code == "unknown-teams"
    assert fault.instead == "Did you mean “repairs”? Known: repairs."
    _, (fault,) = read(Member("areas"), "anywhere")
    assert fault.instead == "Known: none yet."


def test_one_value_counts_as_a_list_of_one_and_nothing_as_an_empty_list() -> None:
    assert read(Many(WHOLE), "3") == ((3,), [])
    assert read(Many(WHOLE), "") == ((), [])
    assert read(Many(WHOLE), "[]") == ((), [])


def test_a_list_keeps_what_can_be_read_and_names_what_can_t() -> None:
    value, (fault,) = read(Many(WHOLE), "[1, two, 3]")
    assert value == (1, 3)
    assert fault.field == "field[2]"


# --------------------------------------------------------------------- words and languages


def test_plain_words_are_in_the_language_of_their_file() -> None:
    assert read(WORDS, "Tea") == (Words((("en", "Tea"),)), [])


def test_words_in_each_language_keep_their_order() -> None:
    value, faults = read(WORDS, "{en: Tea, cy: Te}")
    assert value == Words((("en", "Tea"), ("cy", "Te")))
    assert faults == []


def test_words_that_lack_a_language_of_the_site_are_taken_with_advice() -> None:
    value, (fault,) = read(LONG_WORDS, "{en: Tea}")
    assert value == Words((("en", "Tea"),))
    assert (fault.level, fault.code) == (Level.ADVICE, "missing-translation")
    assert fault.instead == "Add cy: … beside it."


def test_words_in_a_language_that_is_none_are_refused() -> None:
    _, faults = read(WORDS, "{en: Tea, cy: Te, welsh: Te}")
    assert [fault.wrong for fault in faults] == ["“welsh” isn't a language of this site."]
    assert faults[0].instead == "Write cy or en."
    assert faults[0].level == Level.FAULT


def test_words_in_a_language_that_the_site_gave_up_may_stay() -> None:
    _, faults = read(WORDS, "{en: Tea, cy: Te, fr: Thé}")
    assert [fault.level for fault in faults] == [Level.ADVICE]


def test_words_in_no_language_are_refused() -> None:
    assert read(WORDS, "{}")[1][0].wrong == "No words are given here."


def test_a_file_a_language_is_read_as_pairs() -> None:
    value, faults = read(ByLanguage(values.FILE), "{cy: a.cy.mp3, en: a.en.mp3}")
    assert (value, faults) == ((("cy", "a.cy.mp3"), ("en", "a.en.mp3")), [])


def test_a_reader_gets_their_language_or_else_the_first_with_its_name() -> None:
    words = Words((("en", "Tea"), ("cy", "Te")))
    assert words.get("cy") == ShownWords("Te", "cy")
    assert words.get("fr") == ShownWords("Tea", "en")
    assert Words.of("Nia Rowe").get("cy") == ShownWords("Nia Rowe", ANY)
    assert words.missing(("cy", "en", "fr")) == ("fr",)
    assert Words.of("Nia Rowe").missing(("cy", "en")) == ()
    assert not Words.of("")


# --------------------------------------------------------------------- groups


def group(written: str) -> tuple[Brew | None, list[Fault]]:
    return read(Group(Brew), written)


def test_a_group_becomes_its_dataclass() -> None:
    assert group("{what: tea, cups: 3, note: hot}") == (Brew(what="tea", cups=3, note="hot"), [])


def test_a_field_left_empty_counts_as_left_out() -> None:
    for nothing in ("", "~", "null"):
        assert group(f"{{what: tea, cups: {nothing}, note: x}}")[0] == Brew(what="tea", note="x")
    assert group('{what: tea, note: ""}')[1][0].wrong == "Nothing is written here."


def test_a_required_field_must_be_there_and_say_something() -> None:
    value, (fault,) = group("{note: x}")
    assert value is None
    assert (fault.field, fault.code) == ("field.what", "missing-field")
    assert fault.wrong == "“what” is missing: what is brewed."
    assert fault.instead == "Add what: with a short text on one line."
    value, (fault,) = group("{what: , note: x}")
    assert (value, fault.wrong) == (None, "Nothing is written here.")


def test_a_wanted_field_may_be_left_out_with_advice() -> None:
    value, (fault,) = group("{what: tea}")
    assert value == Brew(what="tea")
    assert (fault.field, fault.level) == ("field.note", Level.ADVICE)


def test_an_unknown_field_is_told_with_the_nearest_that_there_is() -> None:
    assert group("{waht: tea, what: tea, note: x}")[1][0].instead == "Did you mean “what”?"
    assert "docs/writing.md" in group("{zzz: tea, what: tea, note: x}")[1][0].instead


def test_another_generator_s_name_for_a_field_is_understood() -> None:
    value, (fault,) = group("{what: tea, Mugs: 3, note: x}")
    assert value == Brew(what="tea", note="x")
    assert fault.instead == "Here it is called “cups”."


def test_a_field_written_twice_counts_once_and_is_told() -> None:
    value, (fault,) = group("{what: tea, cups: 2, cups: 3, note: x}")
    assert value == Brew(what="tea", cups=2, note="x")
    assert (fault.code, fault.wrong) == (
        "duplicate-field",
        "“cups” is written twice (first on line 1).",
    )


def test_a_group_that_is_none_is_refused() -> None:
    value, (fault,) = group("tea")
    assert (value, fault.wrong) == (None, "This is a single value.")
    assert fault.instead == "Write a group with what."


def test_no_is_an_answer_where_it_may_be_one() -> None:
    kind = NoOr(Group(Brew))
    assert read(kind, "no") == (False, [])
    assert read(kind, "False") == (False, [])
    assert read(kind, "{what: tea, note: x}") == (Brew(what="tea", note="x"), [])
    assert read(kind, "yes")[1][0].instead == "Write a group with what."


def test_a_table_reads_groups_by_key() -> None:
    value, faults = read(Table(Kettle), "{a: {name: A}, B: {name: B}, c: x}")
    assert value == {"a": Kettle(key="a", name="A")}
    assert [fault.wrong for fault in faults] == ["“B” isn't a key.", "This is a single value."]


def test_each_field_remembers_its_line() -> None:
    report = Report()
    here = reading(report)
    tree = read_yaml("what: tea\n\nlist:\n  - {what: a}\n  - {what: b}\n", report.at("x"), 2)
    assert isinstance(tree, Mapping)
    known = specs(Brew) | {"list": fields.Spec(Many(Group(Brew)), "a list")}
    values = read_fields(tree, known, here)
    assert values["what"] == "tea"
    assert here.lines["what"] == 2
    assert here.lines["list[2].what"] == 6
    assert make(Brew, {}) is None


@pytest.mark.parametrize("name", sorted({name for name, _, _ in TAKEN}))
def test_every_hint_ends_the_sentence_that_begins_with_write(name: str) -> None:
    hint = getattr(values, name).hint
    assert hint
    assert not hint.endswith(".")
