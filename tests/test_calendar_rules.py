"""When meetups are: zones, and rules that can be followed or are refused in a sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.faults import Level, Report
from core.site import parse_site
from plugins.calendars.zones import vtimezone
from plugins.kinds.parse import join
from plugins.kinds.recurrence import recurrence
from plugins.kinds.source import take_apart
from tests.meetups import LONDON, meetup
from tests.tiny import SITE


@pytest.mark.parametrize(
    "zone",
    [
        "Europe/London",
        "Europe/Dublin",
        "America/New_York",
        "Australia/Lord_Howe",
        "America/Santiago",
        "Asia/Kolkata",
        "Etc/GMT+5",
    ],
)
def test_a_zones_rules_are_those_of_its_clock(zone: str) -> None:
    """Read by another reader than wrote them, every six hours of three years."""
    rules = vtimezone(ZoneInfo(zone), 2025, 2028)
    assert rules is not None
    read = icalendar.Timezone.from_ical(rules.to_ical())
    assert isinstance(read, icalendar.Timezone)
    component = read.to_tz()
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    while moment.year < 2029:
        local = moment.astimezone(ZoneInfo(zone))
        assert local.replace(tzinfo=component).utcoffset() == local.utcoffset(), local
        moment += timedelta(hours=6)


def test_clocks_that_follow_the_moon_have_no_rule() -> None:
    assert vtimezone(ZoneInfo("Africa/Casablanca"), 2025, 2028) is None


# ------------------------------------------------------------------------------------ bad input


class PlainFault(NamedTuple):
    """A fault: where, and in which words."""

    line: int
    field: str
    wrong: str
    instead: str


def faults(text: str, name: str = "meetups/tea.en.md") -> list[PlainFault]:
    site = parse_site(SITE, Report().at("site.toml"))
    assert site is not None
    report = Report()
    source = take_apart(name, text.encode(), site, report.at(name))
    join([source] if source else [], [], site, report)
    return [
        PlainFault(fault.line, fault.field, fault.wrong, fault.instead)
        for fault in report
        if fault.level == Level.FAULT
    ]


@pytest.mark.parametrize(
    ("repeats", "wrong", "instead"),
    [
        ("FREQ=WEEKLY", "for ever", "UNTIL="),
        ("FREQ=WEEKLY;UNTIL=20260401", "ends on 2026-04-01, before it begins", "after the start"),
        ("FREQ=WEEKLY;UNTIL=20260431", "isn't a day of the calendar", "UNTIL=20270331"),
        ("FREQ=WEEKLY;UNTIL=2090-01-01", "comes to no end", "earlier"),
        ("FREQ=WEEKLY;COUNT=5000", "comes to no end", "earlier"),
        ("FREQ=WEEKLY;COUNT=0", "COUNT is 0", "COUNT=2"),
        ("FREQ=WEEKLY;INTERVAL=0;COUNT=2", "INTERVAL is 0", "INTERVAL=2"),
        ("FREQ=WEEKLY;COUNT=2;UNTIL=20270101", "two ends", "Keep one"),
        ("FREQ=WEEKLY;COUNT=2;COUNT=3", "written twice", "Keep one"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2", "no date at all", "such a day"),
        ("FREQ=MONTHLY;BYDAY=1WE;COUNT=3", "first date of the rule is 2026-05-06", "start:"),
        ("FREQ=HOURLY;COUNT=3", "not more often", "FREQ=WEEKLY"),
        ("FREQ=WEEKLY;BYHOUR=3;COUNT=3", "BYHOUR", "BYDAY"),
    ],
)
def test_a_rule_that_nobody_could_follow_is_a_sentence(
    repeats: str, wrong: str, instead: str
) -> None:
    text = meetup("2026-04-07 18:00", "2026-04-07 19:00", f"repeats: {repeats}")
    (fault,) = faults(text)
    assert (fault.line, fault.field) == (7, "repeats")
    assert wrong in fault.wrong
    assert instead in fault.instead


@pytest.mark.parametrize(
    ("start", "wrong"),
    [("2026-03-22 01:30", "2026-03-29 01:30, is skipped"), ("2026-10-18 01:30", "happens twice")],
)
def test_a_date_in_the_hour_of_the_clocks_is_found_among_many(start: str, wrong: str) -> None:
    end = start.replace("01:30", "03:30")
    (fault,) = faults(meetup(start, end, "repeats: FREQ=WEEKLY;COUNT=3"))
    assert (fault.line, fault.field) == (7, "repeats")
    assert wrong in fault.wrong


@pytest.mark.parametrize(
    ("start", "end", "field", "wrong"),
    [
        ("2026-03-29 01:30", "2026-03-29 03:00", "start", "is skipped when the clocks go forward"),
        ("2026-10-25 01:30", "2026-10-25 03:00", "start", "happens twice"),
        ("2026-10-25 00:30", "2026-10-25 01:15", "end", "happens twice"),
        ("2026-04-07 18:00", "2026-04-07 17:00", "end", "ends before it begins"),
        ("2026-04-07 18:00", "2027-04-07 19:00", "end", "lasts 365 days"),
        ("0026-04-07 18:00", "0026-04-07 19:00", "start", "in the year 26"),
    ],
)
def test_times_that_cannot_be_are_a_sentence(start: str, end: str, field: str, wrong: str) -> None:
    (fault,) = faults(meetup(start, end))
    assert (fault.line, fault.field) == ({"start": 4, "end": 5}[field], field)
    assert wrong in fault.wrong
    assert fault.instead


def test_a_control_character_in_a_title_is_a_sentence() -> None:
    (fault,) = faults(meetup("2026-04-07 18:00", "2026-04-07 19:00", title='"Te\\u0007a"'))
    assert (fault.line, fault.field) == (2, "title")
    assert "control character" in fault.wrong


PARTS = st.sampled_from(
    [
        *("FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY", "FREQ=MINUTELY", "FREQ"),
        *("COUNT=3", "COUNT=-1", "UNTIL=20260701", "UNTIL=2026-02-30", "UNTIL=20260701T120000Z"),
        *("BYDAY=TU", "BYDAY=1TU", "BYDAY=-1FR", "BYDAY=XX", "BYDAY=", "BYMONTH=13"),
        *("BYMONTHDAY=31", "BYMONTHDAY=0", "BYSETPOS=1", "BYSETPOS=0", "WKST=SU", "BYEASTER=0"),
        *("INTERVAL=2", "", "="),
    ]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PARTS, max_size=5).map(";".join))
def test_any_rule_is_either_understood_or_refused(rule: str) -> None:
    text = meetup("2026-04-07 18:00", "2026-04-07 19:00", f'repeats: "{rule}"')
    if rule and not faults(text):
        start = datetime(2026, 4, 7, 18, tzinfo=LONDON)
        again = recurrence(rule, start, start + timedelta(hours=1))
        assert again.dates[0].start == start
        assert sorted(again.dates, key=lambda moment: moment.start) == list(again.dates)
