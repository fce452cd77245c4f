"""Meetups in people's calendars, read back by three readers that we did not write."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commands.build import BuildOptions, build
from plugins.calendars.ics import CalendarEvent, event_file
from tests.copies import ROOT
from tests.node_programs import run_node
from tests.tiny import EPISODE, EVERY_KIND, SITE, write_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from commands.build import BuildResult
    from tests.tiny import TinySite
from tests.meetups import LONDON, meetup

NOW = datetime(2026, 10, 9, 12, tzinfo=UTC)  # one weekly meetup has had its first date


FULL = f"""\
---
title: "Tea; cake, {"ŵ" * 60} and a \\\\ slash"
summary: Everything that leaks.
start: 2026-04-07 18:00
end: 2026-04-07 19:30
area: bridge
topics: [repairs]
stream: https://stream.tiny.example.org/tea?a=1,2;b
place:
  name: {{en: The porch, cy: Y porth}}
  address: 1 Bridge Street
  access: {{en: No steps., cy: Dim grisiau.}}
agenda:
  - {{at: "18:00", what: {{en: Gutters, cy: Cwteri}}, by: Nia Rowe}}
  - {{what: {{en: Cake, cy: Cacen}}}}
updates:
  - {{on: 2026-03-01, state: planned, why: {{en: We meet., cy: Cwrdd.}}}}
  - {{on: 2026-03-20, state: moved, was: 2026-04-06 18:00, why: {{en: The roof., cy: Y to.}}}}
---
Bring a cup.

## Notes {{#notes}}

Dry.
"""
CANCELLED = (
    "updates:",
    "  - {on: 2026-10-20, state: cancelled, why: {en: Snow., cy: Eira.}}",
)
MEETUPS = {
    "full": FULL,
    "before-spring": meetup("2026-03-28 18:00", "2026-03-28 19:00"),
    "after-spring": meetup("2026-03-29 18:00", "2026-03-29 19:00"),
    "night-of-spring": meetup("2026-03-28 23:30", "2026-03-29 02:30"),
    "before-autumn": meetup("2026-10-24 18:00", "2026-10-24 19:00"),
    "after-autumn": meetup("2026-10-25 18:00", "2026-10-25 19:00"),
    "winter": meetup("2027-01-13 10:30", "2027-01-13 12:00"),
    "across-spring": meetup(
        "2026-03-17 18:00", "2026-03-17 19:00", "repeats: FREQ=WEEKLY;BYDAY=TU;COUNT=4"
    ),
    "across-autumn": meetup(
        "2026-10-07 18:00",
        "2026-10-07 19:00",
        "series: autumn",
        "repeats: FREQ=WEEKLY;UNTIL=2026-11-11",
    ),
    "own-file": meetup("2026-10-21 19:00", "2026-10-21 20:00", "series: autumn"),
    "moved-away": meetup(
        "2026-10-29 18:00",
        "2026-10-29 19:00",
        "series: autumn",
        "updates:",
        "  - {on: 2026-10-02, state: moved, was: 2026-10-28 18:00, why: Half-term.}",
    ),
    "called-off": meetup("2026-11-04 18:00", "2026-11-04 19:00", "series: autumn", *CANCELLED),
    "new-york": meetup(
        "2026-10-25 12:00",
        "2026-10-25 13:00",
        "timezone: America/New_York",
        "repeats: FREQ=WEEKLY;COUNT=3",
    ),
    "morocco": meetup("2026-02-20 12:00", "2026-02-20 13:00", "timezone: Africa/Casablanca"),
    "universal": meetup("2026-07-20 12:00", "2026-07-20 13:00", "timezone: UTC"),
}
LIVE = EPISODE.replace(
    "posts:",
    "live: {start: 2026-10-30 19:00, end: 2026-10-30 20:00, url: https://live.example.org/}\nposts:",
)
FILES = {
    **EVERY_KIND,
    "podcast/2026-03-11-tennis-ball.en.md": LIVE,
    **{
        f"meetups/{key}.en.md": text.replace("title: Tea\n", f"title: Tea {key}\n")
        for key, text in MEETUPS.items()
    },
    "meetups/full.cy.md": "---\ntitle: Te a chacen\nsummary: Popeth sy'n gollwng.\n---\nCwpan.\n",
}


def make(tiny: TinySite, now: datetime = NOW, output: str = "output") -> BuildResult:
    place = tiny.folder / output
    return build(BuildOptions(ROOT, content=tiny.content, site=tiny.site, output=place, now=now))


class Shelf(NamedTuple):
    """The built site and its calendars."""

    result: BuildResult
    output: Path
    files: dict[str, bytes]


def calendars(output: Path) -> dict[str, bytes]:
    paths = sorted(output.rglob("*.ics"))
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    return write_site(tmp_path_factory.mktemp("calendars") / "association", FILES)


@pytest.fixture(scope="module")
def shelf(tiny: TinySite) -> Shelf:
    return Shelf(make(tiny), tiny.output, calendars(tiny.output))


@pytest.fixture(scope="module")
def by_node(shelf: Shelf) -> dict[str, dict[str, Any]]:
    """What ical.js and node-ical read, by file and reader."""
    files = {name: data.decode() for name, data in shelf.files.items()}
    read: dict[str, dict[str, Any]] = run_node("calendars.mjs", files)
    return read


def instants(component: icalendar.Event) -> list[list[str]]:
    """Each date of an event as PyPI's icalendar has it, the rule read by dateutil."""
    start, end = component.decoded("dtstart"), component.decoded("dtend")
    length = end.astimezone(UTC) - start.astimezone(UTC)
    starts = [start]
    for rule in component.rrules:
        starts = list(rrulestr(rule.to_ical().decode(), dtstart=start))
    for excluded in component.exdates:
        starts.remove(excluded)
    return [
        [shown(start.astimezone(UTC)), shown(start.astimezone(UTC) + length)] for start in starts
    ]


def shown(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def by_python(data: bytes) -> dict[str, Any]:
    calendar = icalendar.Calendar.from_ical(data)
    events = [
        {
            "uid": str(event["uid"]),
            "summary": str(event["summary"]),
            "description": str(event["description"]),
            "location": str(event.get("location", "")),
            "url": str(event["url"]),
            "status": str(event["status"]),
            "sequence": event.sequence,
            "categories": list(event.categories),
            "dtstamp": shown(event.decoded("dtstamp")),
            "modified": shown(event.decoded("last-modified")),
            "dates": instants(event),
        }
        for event in calendar.walk("VEVENT")
        if isinstance(event, icalendar.Event)
    ]
    return {"calendar": {"x-wr-calname": str(calendar.get("x-wr-calname", ""))}, "events": events}


def times(day: str, zone: ZoneInfo = LONDON) -> list[str]:
    """A date and its two times, as in 2026-03-28 18:00 19:00, in UTC."""
    date, *clock = day.split()
    moments = [datetime.fromisoformat(f"{date}T{at}").replace(tzinfo=zone) for at in clock]
    return [shown(moment) for moment in moments]


# What happens when, worked out from the clock on the wall.
EXPECTED = {
    "before-spring": [times("2026-03-28 18:00 19:00")],
    "after-spring": [times("2026-03-29 18:00 19:00")],
    "night-of-spring": [["2026-03-28T23:30:00.000Z", "2026-03-29T01:30:00.000Z"]],
    "before-autumn": [["2026-10-24T17:00:00.000Z", "2026-10-24T18:00:00.000Z"]],
    "after-autumn": [["2026-10-25T18:00:00.000Z", "2026-10-25T19:00:00.000Z"]],
    "winter": [["2027-01-13T10:30:00.000Z", "2027-01-13T12:00:00.000Z"]],
    "across-spring": [
        times(f"{day} 18:00 19:00")
        for day in ("2026-03-17", "2026-03-24", "2026-03-31", "2026-04-07")
    ],
    # Without the 21st, the 28th and the 4th, which have files of their own.
    "across-autumn": [
        times(f"{day} 18:00 19:00") for day in ("2026-10-07", "2026-10-14", "2026-11-11")
    ],
    "own-file": [["2026-10-21T18:00:00.000Z", "2026-10-21T19:00:00.000Z"]],
    "moved-away": [["2026-10-29T18:00:00.000Z", "2026-10-29T19:00:00.000Z"]],
    "called-off": [["2026-11-04T18:00:00.000Z", "2026-11-04T19:00:00.000Z"]],
    "new-york": [
        times(f"{day} 12:00 13:00", ZoneInfo("America/New_York"))
        for day in ("2026-10-25", "2026-11-01", "2026-11-08")
    ],
    "morocco": [times("2026-02-20 12:00 13:00", ZoneInfo("Africa/Casablanca"))],
    "universal": [["2026-07-20T12:00:00.000Z", "2026-07-20T13:00:00.000Z"]],
    "full": [["2026-04-07T17:00:00.000Z", "2026-04-07T18:30:00.000Z"]],
}
ALL = "en/meetups/calendar.ics"


# ------------------------------------------------------------------------- what readers read


@pytest.mark.parametrize("reader", ["ical.js", "node-ical", "icalendar"])
def test_every_reader_comes_to_the_same_instants(
    shelf: Shelf, by_node: dict[str, dict[str, Any]], reader: str
) -> None:
    read = by_python(shelf.files[ALL]) if reader == "icalendar" else by_node[ALL][reader]
    dates = sorted(event["dates"] for event in read["events"])
    of_tiny = [["2026-04-07T17:00:00.000Z", "2026-04-07T18:00:00.000Z"]]
    assert dates == sorted([*EXPECTED.values(), of_tiny])


def test_every_reader_reads_every_field_alike(
    shelf: Shelf, by_node: dict[str, dict[str, Any]]
) -> None:
    for name, data in shelf.files.items():
        ours = by_python(data)
        for theirs in by_node[name].values():
            assert len(theirs["events"]) == len(ours["events"])
            for event in ours["events"]:
                same = next(
                    other_event
                    for other_event in theirs["events"]
                    if other_event["uid"] == event["uid"]
                )
                assert {field: same[field] for field in event} == event, name


def test_a_meetup_says_all_that_somebody_needs_to_come(
    by_node: dict[str, dict[str, Any]],
) -> None:
    event = next(
        event
        for event in by_node[ALL]["ical.js"]["events"]
        if event["summary"].startswith("Tea; cake")
    )
    url = f"https://tiny.example.org/en/meetups/tea-cake-{'w' * 60}-and-a-slash/"
    assert event["summary"] == f"Tea; cake, {'ŵ' * 60} and a \\ slash"
    assert event["location"] == "The porch, 1 Bridge Street"
    assert event["description"] == (
        "This meetup has moved. The roof.\n"
        "It was going to be on Monday 6 April 2026.\n\n"
        "Everything that leaks.\n\n"
        "Agenda\n18:00 Gutters (Nia Rowe)\nCake\n\n"
        "Getting in: No steps.\n\n"
        "Join from a phone or computer: https://stream.tiny.example.org/tea?a=1,2;b\n\n"
        f"More about it: {url}"
    )
    assert event["url"] == url
    assert event["conference"] == "https://stream.tiny.example.org/tea?a=1,2;b"
    assert event["contact"] == "Tiny Homes, 01632 960001, helo@tiny.example.org"
    assert event["categories"] == ["Repairs"]
    assert event["language"] == "en"
    assert (event["status"], event["sequence"], event["alarms"]) == ("CONFIRMED", 2, 0)
    assert event["dtstamp"] == event["modified"] == "2026-03-20T12:00:00.000Z"


def test_a_calendar_says_what_it_is(by_node: dict[str, dict[str, Any]]) -> None:
    about = by_node["cy/cyfarfodydd/calendr.ics"]["ical.js"]["calendar"]
    assert about["name"] == about["x-wr-calname"] == "Cartrefi Bach: Cyfarfodydd"
    assert about["color"] == "saddlebrown"
    assert about["refresh-interval"] == "PT12H"
    assert about["url"] == "https://tiny.example.org/cy/cyfarfodydd/"
    assert about["source"] == "https://tiny.example.org/cy/cyfarfodydd/calendr.ics"


def test_there_is_a_calendar_for_all_for_each_kind_and_each_area_in_each_language(
    by_node: dict[str, dict[str, Any]],
) -> None:
    shared = {name: read for name, read in by_node.items() if read["ical.js"]["calendar"]["name"]}
    meetups = len(MEETUPS) + 1  # the tiny site has one
    counts = {name: len(read["ical.js"]["events"]) for name, read in shared.items()}
    assert counts == {
        "en/calendar.ics": meetups + 1,
        "cy/calendr.ics": meetups + 1,
        "en/meetups/calendar.ics": meetups,
        "cy/cyfarfodydd/calendr.ics": meetups,
        "en/podcast/calendar.ics": 1,
        "cy/podlediad/calendr.ics": 1,
        "en/meetups/area/bridge.ics": 2,
        "cy/cyfarfodydd/ardal/bridge.ics": 2,
    }
    assert len(by_node) == len(shared) + 2 * (meetups + 1)


def test_each_language_is_told_in_its_own_words(by_node: dict[str, dict[str, Any]]) -> None:
    events = by_node["cy/cyfarfodydd/calendr.ics"]["ical.js"]["events"]
    welsh = next(event for event in events if event["summary"] == "Te a chacen")
    assert welsh["language"] == "cy"
    assert welsh["location"] == "Y porth, 1 Bridge Street"
    assert welsh["description"].startswith("Mae'r cyfarfod hwn wedi symud. Y to.")
    untranslated = next(event for event in events if event["summary"] == "Tea winter")
    assert untranslated["language"] == "en"


def test_a_streamed_episode_is_something_to_go_to(by_node: dict[str, dict[str, Any]]) -> None:
    (event,) = by_node["en/podcast/calendar.ics"]["ical.js"]["events"]
    assert event["dates"] == [times("2026-10-30 19:00 20:00")]
    assert event["location"] == event["conference"] == "https://live.example.org/"


def test_what_is_cancelled_stays_and_says_so(by_node: dict[str, dict[str, Any]]) -> None:
    events = by_node[ALL]["ical.js"]["events"]
    event = next(event for event in events if event["status"] == "CANCELLED")
    assert event["summary"] == "Cancelled: Tea called-off"
    assert event["sequence"] == 1
    assert event["description"].startswith("This meetup is cancelled. Snow.")


def test_a_date_with_a_file_of_its_own_is_a_change_of_plan(
    by_node: dict[str, dict[str, Any]],
) -> None:
    """So that a calendar that holds the rule takes the new one, which leaves that date out."""
    events = by_node[ALL]["ical.js"]["events"]
    event = next(event for event in events if event["dates"] == EXPECTED["across-autumn"])
    assert event["sequence"] == 3


# ------------------------------------------------------------------------------ how it is written


def test_lines_are_folded_at_75_octets_and_end_as_they_must(shelf: Shelf) -> None:
    for name, data in shelf.files.items():
        assert data.endswith(b"END:VCALENDAR\r\n")
        lines = data.split(b"\r\n")
        assert max(map(len, lines)) <= 75, name
        assert not any(b"\n" in line or b"\r" in line for line in lines)
        for line in lines:
            line.decode()  # no letter is cut in two


def test_no_zone_is_a_list_of_dates(shelf: Shelf) -> None:
    """Several calendars read such lists wrongly, and put events in winter an hour early."""
    text = shelf.files[ALL].decode()
    zones = re.findall("BEGIN:VTIMEZONE.*?END:VTIMEZONE", text, re.DOTALL)
    assert [re.search("TZID:(.*)\r", zone)[1] for zone in zones] == [  # type: ignore[index]
        "America/New_York",
        "Europe/London",
    ]
    assert "RDATE" not in text
    assert zones[1].count("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=") == 2


def test_nobody_is_rung_and_nobody_is_asked_to_reply(shelf: Shelf) -> None:
    for word in (b"VALARM", b"ORGANIZER", b"ATTENDEE", b"METHOD", b"GEO"):
        assert not any(word in data for data in shelf.files.values())


def test_two_builds_a_day_apart_are_the_same_byte_for_byte(tiny: TinySite, shelf: Shelf) -> None:
    make(tiny, NOW + timedelta(days=1), "tomorrow")
    assert calendars(tiny.folder / "tomorrow") == shelf.files


def test_an_event_is_known_whatever_is_changed_in_it(tmp_path: Path) -> None:
    """Title, slug, date, order of languages and domain: nobody's calendar shows it twice."""
    identified = meetup(
        "2026-06-01 18:00", "2026-06-01 19:00", "id: 0b9725c1-3ab8-47a1-97ac-33bc017471a2"
    )
    before = {"meetups/porch.en.md": MEETUPS["winter"], "meetups/hall.en.md": identified}
    after = {
        "meetups/2027-02-01-porch.en.md": meetup(
            "2027-02-01 10:30", "2027-02-01 12:00", "slug: elsewhere", title="Coffee"
        ),
        "meetups/hall.en.md": identified.replace("title: Tea", "title: Soup"),
    }
    known = []
    for number, (files, its_settings) in enumerate(
        [
            (before, SITE),
            (after, SITE.replace('["cy", "en"]', '["en", "cy"]').replace("tiny.ex", "other.ex")),
        ]
    ):
        edited = write_site(tmp_path / str(number), {**EVERY_KIND, **files}, its_settings)
        make(edited)
        read = by_python((edited.output / ALL).read_bytes())
        known.append(sorted(event["uid"] for event in read["events"]))
    assert known[0] == known[1]
    assert len(known[0]) == 3


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(min_size=1), st.text())
def test_whatever_a_title_holds_a_calendar_can_be_read(title: str, text: str) -> None:
    start = datetime(2026, 4, 7, 18, tzinfo=LONDON)
    event = CalendarEvent(
        uid="a",
        edited=datetime(2026, 1, 1, tzinfo=UTC),
        sequence=0,
        title=title,
        lang="en",
        start=start,
        end=start + timedelta(hours=1),
        last=start + timedelta(hours=1),
        url="https://tiny.example.org/",
        text=text,
    )
    (read,) = icalendar.Calendar.from_ical(event_file(event)).walk("VEVENT")
    assert set(read.keys()) >= {"UID", "SUMMARY", "DESCRIPTION", "DTSTART", "DTEND"}
    assert read.decoded("dtstart").astimezone(UTC) == start


# ------------------------------------------------------------------------------------- zones
def test_a_rule_on_clocks_that_follow_no_rule_is_a_sentence(tmp_path: Path) -> None:
    text = meetup(
        "2026-04-07 18:00",
        "2026-04-07 19:00",
        "timezone: Africa/Casablanca",
        "repeats: FREQ=WEEKLY;COUNT=3",
    )
    tiny = write_site(tmp_path / "association", {**EVERY_KIND, "meetups/tea-again.en.md": text})
    result = make(tiny)
    (fault,) = [fault for fault in result.faults if fault.code == "clocks"]
    assert (fault.path, fault.line, fault.field) == (
        "content/meetups/tea-again.en.md",
        8,
        "repeats",
    )
    (calendar,) = [text for text in calendars(tiny.output).values() if b"20260407T170000Z" in text][
        :1
    ]
    assert b"RRULE" not in calendar.partition(b"BEGIN:VEVENT")[2]


# ------------------------------------------------------------------------------------ on the page


def page(shelf: Shelf, path: str) -> str:
    return (shelf.output / path / "index.html").read_text("utf-8")


def advice(result: BuildResult) -> Iterator[tuple[str, str]]:
    for faults in result.faults:
        if faults.code == "missing-notes":
            yield faults.path.rpartition("/")[2].partition(".")[0], faults.wrong


def test_a_page_offers_the_event_and_the_list_the_calendars(shelf: Shelf) -> None:
    listed = page(shelf, "en/meetups")
    assert 'href="webcal://tiny.example.org/en/meetups/calendar.ics"' in listed
    assert 'href="webcal://tiny.example.org/en/meetups/area/bridge.ics"' in listed
    assert '<link rel="alternate" type="text/calendar" href="/en/meetups/calendar.ics"' in listed
    own = page(shelf, "en/meetups/tea-winter")
    file = "/en/meetups/tea-winter/tea-winter.ics"
    assert f'type="text/calendar" href="{file}"' in own
    assert f'<a href="{file}" download>Add to calendar</a>' in own


@pytest.mark.parametrize("path", ["en/meetups/tea-called-off", "en/meetups/tea-before-spring"])
def test_nobody_is_asked_to_keep_a_date_on_which_nothing_happens(shelf: Shelf, path: str) -> None:
    assert "Add to calendar" not in page(shelf, path)


@pytest.mark.parametrize("path", ["en", "en/meetups"])
def test_what_comes_again_is_coming_up_until_its_last_date(shelf: Shelf, path: str) -> None:
    coming = page(shelf, path).partition("Been and gone")[0]
    listed = re.findall(r'<li class="meetup-item.*?</li>', coming, re.DOTALL)
    (shown,) = [line for line in listed if "Tea across-autumn" in line]
    assert '<time class="plate " datetime="2026-10-14T18:00:00+01:00">' in shown
    assert "Again on 11 Nov 2026" in shown
    assert "Tea across-spring" not in coming


def test_its_page_tells_the_next_date_and_those_after_it(shelf: Shelf) -> None:
    text = page(shelf, "cy/cyfarfodydd/tea-across-autumn")
    assert "Dydd Mercher 14 Hydref 2026".lower() in text.lower()
    again = re.search(r"<dt>Ac eto</dt>(.*?)</dd>", text)
    assert again is not None
    days = [moment[:10] for moment in re.findall('datetime="(.*?)"', again[1])]
    assert days == ["2026-10-21", "2026-10-29", "2026-11-04", "2026-11-11"]
    assert "Wedi'i ganslo" in again[1].replace("&#39;", "'")  # what became of one that has a file


def test_search_engines_are_told_how_it_comes_again(shelf: Shelf) -> None:
    text = page(shelf, "en/meetups/tea-across-autumn")
    data = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    event = next(event for event in json.loads(data[0]) if event["@type"] == "Event")
    assert event["startDate"] == "2026-10-14T18:00:00+01:00"
    assert event["eventSchedule"] == {
        "@type": "Schedule",
        "repeatFrequency": "P1W",
        "startDate": "2026-10-07",
        "endDate": "2026-11-11",
        "startTime": "18:00:00",
        "endTime": "19:00:00",
        "scheduleTimezone": "Europe/London",
        "exceptDate": [
            "2026-10-21T18:00:00+01:00",
            "2026-10-28T18:00:00+00:00",
            "2026-11-04T18:00:00+00:00",
        ],
    }


def test_a_recording_that_is_an_episode_is_joined(tmp_path: Path) -> None:
    files = {
        **EVERY_KIND,
        "meetups/tea-again.en.md": meetup(
            "2026-04-07 18:00", "2026-04-07 19:00", "recording: tennis-ball"
        ),
        "podcast/2026-03-11-tennis-ball.en.md": EPISODE.replace(
            "posts:", "transcript: talk.vtt\nposts:"
        ),
        "talk.vtt": "WEBVTT\n",
    }
    tiny = write_site(tmp_path / "association", files)
    make(tiny)
    text = (tiny.output / "en/meetups/tea/index.html").read_text("utf-8")
    assert '<a href="/en/podcast/one-tennis-ball/">One tennis ball</a>' in text
    assert '<a href="/en/podcast/one-tennis-ball/#transcript-title">Read the transcript</a>' in text


def test_meetups_without_notes_are_told_of_after_a_week(shelf: Shelf) -> None:
    pieces = dict(advice(shelf.result))
    assert pieces.keys() == {
        "2026-04-07-tea",
        "before-spring",
        "after-spring",
        "night-of-spring",
        "across-spring",
        "morocco",
        "universal",
    }
    assert "2026-03-17, 2026-03-24, 2026-03-31, 2026-04-07" in pieces["across-spring"]
