"""A calendar's events become meetups that pass a check; who was invited stays private."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.importing.bringing import empty_house

if TYPE_CHECKING:
    from pathlib import Path

    from tests.importing.bringing import NewSite


def calendar(*events: str) -> str:
    """A calendar of some events."""
    inner = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\n{e.strip()}\r\nEND:VEVENT\r\n" for n, e in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n{inner}END:VCALENDAR\r\n"


COFFEE = r"""
SUMMARY:Coffee morning
DTSTART;TZID=Europe/London:20261202T103000
DTEND;TZID=Europe/London:20261202T120000
LOCATION:Y Caban\, 12 Station Road
DESCRIPTION:Bring a neighbour.\n\nNobody has to speak.
ORGANIZER;CN=Mari Llwyd:mailto:mari@old.example.org
ATTENDEE;CN=A Tenant:mailto:tenant@old.example.org
RRULE:FREQ=MONTHLY;BYDAY=1WE;UNTIL=20270331T235959Z
EXDATE;TZID=Europe/London:20270106T103000
"""
STREAM = """
SUMMARY:Open evening
DTSTART:20261210T180000Z
DURATION:PT90M
URL:https://stream.example.org/open
STATUS:CANCELLED
"""
WHOLE_DAY = """
SUMMARY:Open day
DTSTART;VALUE=DATE:20261220
DTEND;VALUE=DATE:20261221
LOCATION:The Old Station
"""
NOWHERE = """
SUMMARY:A talk
DTSTART;TZID=Europe/Paris:20261211T180000
DTEND;TZID=Europe/Paris:20261211T190000
"""
PRIVATE = "SUMMARY:A home visit\r\nCLASS:PRIVATE\r\nDTSTART:20261211T180000Z"


@pytest.fixture
def house(tmp_path: Path) -> NewSite:
    return empty_house(tmp_path / "house")


def brought(house: NewSite, folder: Path, text: str) -> dict[str, str]:
    """Import a calendar and return the texts that came."""
    path = folder / "calendar.ics"
    path.write_bytes(text.encode())
    assert house.bring("calendar", path, yes=True) == 0
    return house.files()


def test_events_become_meetups(house: NewSite, tmp_path: Path) -> None:
    files = brought(house, tmp_path, calendar(COFFEE, STREAM, WHOLE_DAY, NOWHERE, PRIVATE))
    coffee = files["meetups/2026-12-02-coffee-morning-2026-12.en.md"]
    for part in (
        "start: 2026-12-02 10:30\nend: 2026-12-02 12:00",
        '  name: Y Caban\n  address: "12 Station Road"',
        "series: coffee-morning",
        'repeats: "FREQ=MONTHLY;UNTIL=20270331;BYDAY=1WE"',
        "Bring a neighbour.\n\nNobody has to speak.",
    ):
        assert part in coffee
    assert "state: cancelled" in files["meetups/2027-01-06-coffee-morning-2027-01.en.md"]
    stream = files["meetups/2026-12-10-open-evening-2026-12.en.md"]
    assert "start: 2026-12-10 18:00\nend: 2026-12-10 19:30" in stream
    assert "state: cancelled" in stream
    assert 'stream: "https://stream.example.org/open"' in stream
    talk = files["meetups/2026-12-11-a-talk-2026-12.en.md"]
    assert "timezone: Europe/Paris" in talk
    assert "draft: true" in talk
    assert len(files) == 5
    everything = "".join(files.values()) + house.report("calendar")
    assert "Tenant" not in everything
    assert "mari@" not in everything
    assert house.faults() == []


def test_bringing_a_calendar_twice_changes_nothing(house: NewSite, tmp_path: Path) -> None:
    text = calendar(COFFEE, STREAM, WHOLE_DAY)
    brought(house, tmp_path, text)
    before = house.state()
    brought(house, tmp_path, text)
    assert house.state() == before


def test_a_meetup_that_came_again_for_ever_has_an_end(house: NewSite, tmp_path: Path) -> None:
    event = COFFEE.replace(";UNTIL=20270331T235959Z", "").split("EXDATE")[0]
    files = brought(house, tmp_path, calendar(event.replace("20261202", "20150107")))
    assert list(files) == ["meetups/2026-01-07-coffee-morning-2026-01.en.md"]
    assert "UNTIL=2031" in next(iter(files.values()))
    assert house.faults() == []


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=DAILY;BYSETPOS=400", "FREQ=DAILY;COUNT=999999999", "NONSENSE"]
)
def test_a_rule_that_no_meetup_has_is_told_and_left_out(
    house: NewSite, tmp_path: Path, rule: str
) -> None:
    event = COFFEE.replace("FREQ=MONTHLY;BYDAY=1WE;UNTIL=20270331T235959Z", rule)
    files = brought(house, tmp_path, calendar(event.replace("20261202", "20150107")))
    assert "repeats" not in "".join(files.values())
    assert (
        "calendar.ics:4: "
        in house.report("calendar").partition("can't be read")[2]
        + (house.report("calendar").partition("mean nothing here")[2])
    )


@pytest.mark.parametrize(
    "lines",
    [
        "DTSTART:soon",
        "DTSTART:",
        "DTSTART:20261202T100000Z\r\nDTSTART:20261203T100000Z",
        "DTSTART;VALUE=PERIOD:20261202T100000Z/PT1H",
        "DTSTART:99991231T235959Z",
        "DTSTART;VALUE=DATE:00010101",
        "DTSTART:20261202T100000Z\r\nDURATION:P999999999D",
        "DTSTART:20261202T100000Z\r\nDTEND:99991231T235959Z",
    ],
)
def test_an_event_whose_time_cannot_be_read_is_told_and_the_others_come(
    house: NewSite, tmp_path: Path, lines: str
) -> None:
    files = brought(house, tmp_path, calendar(f"SUMMARY:A slip\r\n{lines}", WHOLE_DAY))
    assert [text for text in files.values() if "A slip" in text] == []
    assert "Open day" in "".join(files.values())
    assert "without a time that can be read" in house.report("calendar")


@pytest.mark.parametrize(
    "line",
    [
        "RECURRENCE-ID:soon",
        "RECURRENCE-ID:99991231T000000Z",
        "RECURRENCE-ID:20261220T100000Z\r\nRECURRENCE-ID:20261227T100000Z",
        "RRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:soon",
        "RRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:99991231T000000Z",
        "RRULE:FREQ=DAILY;COUNT=3\r\nEXDATE;VALUE=PERIOD:20261220T100000Z/PT1H",
    ],
)
def test_a_date_of_a_series_that_cannot_be_read_stops_nothing(
    house: NewSite, tmp_path: Path, line: str
) -> None:
    files = brought(house, tmp_path, calendar(f"{WHOLE_DAY.strip()}\r\n{line}"))
    assert "Open day" in "".join(files.values())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Not a calendar.",
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMM",
    ],
)
def test_what_is_no_calendar_gets_a_sentence(
    house: NewSite, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    path = tmp_path / "calendar.ics"
    path.write_text(text, encoding="utf-8")
    assert house.bring("calendar", path) == 1
    assert "calendar.ics" in capsys.readouterr().err


ONCE = "SUMMARY:Tea\r\nLOCATION:Hall\r\n"
AT_SIX = "DTSTART:20270309T180000\r\n"
EMPTY_ZONE = "BEGIN:VTIMEZONE\r\nTZID:Made up\r\nEND:VTIMEZONE\r\n"


@pytest.mark.parametrize(
    ("times", "start", "end"),
    [
        (f"{AT_SIX}DTEND:20270309T240000", "2027-03-09 18:00", "2027-03-10 00:00"),
        ("DTSTART:2027-03-09T18:00:00Z\r\nDURATION:PT2H", "2027-03-09 18:00", "2027-03-09 20:00"),
        ("DTSTART:20270309T180000+0100\r\nDURATION:PT2H", "2027-03-09 17:00", "2027-03-09 19:00"),
        (f"{AT_SIX}DTEND:20270309T195960Z", "2027-03-09 18:00", "2027-03-09 19:59"),
        ("DTSTART:20270328T013000\r\nDURATION:PT2H", "2027-03-28 02:30", "2027-03-28 04:30"),
        ("DTSTART;TZID=Made up:20270309T180000", "2027-03-09 18:00", "2027-03-09 19:00"),
    ],
)  # fmt: skip
def test_a_time_in_any_form_is_read(
    house: NewSite, tmp_path: Path, times: str, start: str, end: str
) -> None:
    text = calendar(ONCE + times).replace("BEGIN:VEVENT", f"{EMPTY_ZONE}BEGIN:VEVENT", 1)
    (meetup,) = brought(house, tmp_path, text).values()
    assert f"start: {start}\nend: {end}\n" in meetup
    assert house.faults() == []


@pytest.mark.parametrize(
    "when", ["99991231T233000-0100", "00010101T003000+0100", "20270309T256000"]
)
def test_a_time_in_no_year_of_ours_stops_no_import(
    house: NewSite, tmp_path: Path, when: str
) -> None:
    assert brought(house, tmp_path, calendar(f"{ONCE}DTSTART:{when}")) == {}
    assert "events without a time that can be read" in house.report("calendar")


def test_a_day_taken_out_of_a_rule_takes_out_what_begins_on_it(
    house: NewSite, tmp_path: Path
) -> None:
    rule = "DTSTART:20270309T180000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;COUNT=3"
    files = brought(house, tmp_path, calendar(f"{ONCE}{rule}\r\nEXDATE;VALUE=DATE:20270316"))
    assert any("start: 2027-03-16 18:00\n" in text for text in files.values())
    assert house.faults() == []
