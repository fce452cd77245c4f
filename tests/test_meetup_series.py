"""A series of meetups is expanded once, and every channel says the same of its dates."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import feedparser  # type: ignore[import-untyped]
import icalendar
import pytest
from dateutil.rrule import rrulestr
from lxml import html as lxml_html  # type: ignore[import-untyped]

from commands.build import BuildOptions, build
from core.faults import Level, Report
from core.site import parse_site
from feedback.digest.rendering import Renderer
from feedback.digest.selection import DigestDays, PublishedNews, choose
from feedback.model import Period
from feedback.published_site import in_folder
from plugins.kinds.parse import join
from plugins.kinds.series import MeetupDates
from plugins.kinds.source import take_apart
from tests.copies import NO_TEMPLATES, ROOT
from tests.tiny import SITE, write_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.site import Site
    from plugins.kinds.models import Content

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
LEADER = """\
---
title: Weekly tea
summary: Come.
start: 2026-11-25 10:30
end: 2026-11-25 12:00
place: {name: The porch}
area: bridge
topics: [repairs]
series: weekly
repeats: "FREQ=WEEKLY;COUNT=5"
---
Come.
"""
OFF = """\
---
title: No tea in the snow
summary: Off.
start: 2026-12-02 10:30
end: 2026-12-02 12:00
series: weekly
updates: [{on: 2026-11-27, state: cancelled, why: Snow.}]
---
Off.
"""
MOVED = """\
---
title: Tea on a Thursday
summary: Moved.
start: 2026-12-10 10:30
end: 2026-12-10 12:00
series: weekly
updates: [{on: 2026-11-28, state: moved, was: 2026-12-09 10:30, why: The hall is shut.}]
---
Moved.
"""
PARIS = """\
---
title: A talk from Paris
summary: Online.
start: 2026-12-28 18:00
end: 2026-12-28 19:00
timezone: Europe/Paris
stream: https://stream.example.org/talk
---
Talk.
"""
WEEKEND = """\
---
title: A weekend of doors
summary: Open.
start: 2027-01-02
end: 2027-01-03
place: {name: Bridge Street}
---
Open.
"""
FILES = {
    "meetups/tea.en.md": LEADER,
    "meetups/tea-off.en.md": OFF,
    "meetups/tea-moved.en.md": MOVED,
    "meetups/paris.en.md": PARIS,
    "meetups/weekend.en.md": WEEKEND,
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TITLES = {"Weekly tea", "No tea in the snow", "Tea on a Thursday"}
STATES = {"Cancelled": "cancelled", "Moved": "moved"}
# Every date of the series that is still to come, and what became of it.
EXPECTED = {
    "2026-12-02": "cancelled",
    "2026-12-10": "moved",
    "2026-12-16": "planned",
    "2026-12-23": "planned",
}


class BuiltSite(NamedTuple):
    """The site as it was built, and its settings."""

    tree: Path
    site: Site

    def page(self, path: str) -> Any:
        return lxml_html.fromstring((self.tree / path / "index.html").read_bytes())

    def digest(self) -> str:
        span = DigestDays.before(date(2026, 12, 1), Period.MONTH)
        chosen = choose(PublishedNews.of(in_folder(self.tree)), span, NOW, LONDON)
        renderer = Renderer(ROOT / "theme", NO_TEMPLATES, self.site, "https://x.example.org/")
        return renderer.write(chosen, ["en"]).text


@pytest.fixture(scope="module")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    tiny = write_site(tmp_path_factory.mktemp("series") / "association", FILES)
    result = build(
        BuildOptions(ROOT, content=tiny.content, site=tiny.site, output=tiny.output, now=NOW)
    )
    assert result.ok, result.crash
    site = parse_site(SITE, Report().at("site.toml"))
    assert site
    return BuiltSite(tiny.output, site)


def state_in(text: str) -> str:
    return next((state for word, state in STATES.items() if word in text), "planned")


def ahead(dates: dict[str, str]) -> dict[str, str]:
    return {day: state for day, state in sorted(dates.items()) if day > NOW.date().isoformat()}


def day_of(words: str) -> str:
    """The day of "2 December 2026" or "2 Dec 2026"."""
    day, month, year = words.split()
    return f"{year}-{MONTHS.index(month[:3]) + 1:02}-{int(day):02}"


def in_list(page: Any) -> dict[str, str]:
    dates = {}
    for item in page.find_class("meetup-item"):
        if item.find_class("p-name")[0].text_content() not in TITLES:
            continue
        text = item.text_content()
        dates[item.find_class("plate")[0].get("datetime")[:10]] = state_in(text)
        for day in re.findall(r"\d+ \w+ 2026", "".join(re.findall(r"Again on .*", text))):
            dates[day_of(day)] = "planned"
    return ahead(dates)


def in_calendar(data: bytes) -> dict[str, str]:
    dates: dict[str, str] = {}
    for event in icalendar.Calendar.from_ical(data).walk("VEVENT"):
        assert isinstance(event, icalendar.Event)
        title = str(event["summary"]).removeprefix("Cancelled: ")
        if title not in TITLES:
            continue
        starts = [event.decoded("dtstart")]
        for rule in event.rrules:
            starts = list(rrulestr(rule.to_ical().decode(), dtstart=starts[0]))
        text = str(event["description"])
        state = "cancelled" if str(event["status"]) == "CANCELLED" else "planned"
        state = "moved" if "has moved" in text else state
        without = set(event.exdates)
        dates |= {start.date().isoformat(): state for start in starts if start not in without}
    return ahead(dates)


def event_data(page: Any) -> dict[str, Any]:
    for script in page.xpath("//script[@type='application/ld+json']"):
        read = json.loads(script.text)
        for thing in read if isinstance(read, list) else [read]:
            if thing["@type"] == "Event":
                event: dict[str, Any] = thing
                return event
    raise AssertionError("The page tells machines of no event.")


def by_machines(tree: BuiltSite) -> dict[str, str]:
    """What the page's JSON-LD says: a schedule, and the dates that are not as it says."""
    event = event_data(tree.page("en/meetups/weekly-tea"))
    schedule = event["eventSchedule"]
    first, last = (date.fromisoformat(schedule[name]) for name in ("startDate", "endDate"))
    without = {moment[:10] for moment in schedule["exceptDate"]}
    days = [first + timedelta(weeks=week) for week in range((last - first).days // 7 + 1)]
    dates = {day.isoformat(): "planned" for day in days if day.isoformat() not in without}
    states = {"EventCancelled": "cancelled", "EventRescheduled": "moved"}
    for other in event["subEvent"]:
        dates[other["startDate"][:10]] = states[other["eventStatus"].rpartition("/")[2]]
    return ahead(dates)


def on_page(tree: BuiltSite) -> dict[str, str]:
    page = tree.page("en/meetups/weekly-tea")
    dates = {page.find_class("facts")[0].find_class("dt-start")[0].get("datetime")[:10]: "planned"}
    for line in page.find_class("facts")[0].iter("li"):
        if times := list(line.iter("time")):
            dates[times[0].get("datetime")[:10]] = state_in(line.text_content())
    return ahead(dates)


def in_feed(tree: BuiltSite, path: str) -> dict[str, str]:
    feed = feedparser.parse((tree.tree / path).read_bytes())
    (leader,) = [entry for entry in feed.entries if entry.title == "Weekly tea"]
    content = lxml_html.fromstring(f"<div>{leader.content[0].value}</div>")
    return ahead(
        {
            day_of(match[0]): state_in(line.text_content())
            for line in content.iter("li")
            if (match := re.search(r"\d+ \w+ 2026", line.text_content()))
        }
    )


def in_mail(tree: BuiltSite) -> dict[str, str]:
    dates = {}
    for block in re.split(r"^\* ", tree.digest(), flags=re.MULTILINE)[1:]:
        if block.partition("\n")[0] in TITLES:
            shown = re.sub(r"It was going to be on .*", "", block)
            for day in re.findall(r"\d+ \w+ 2026", shown):
                dates[day_of(day)] = state_in(block)
    return ahead(dates)


def in_open_data(tree: BuiltSite) -> dict[str, str]:
    rows = json.loads((tree.tree / "data/news.json").read_bytes())["news"]
    return ahead(
        {
            day[:10]: row["state"]
            for row in rows
            if row["title"]["en"] in TITLES
            for day in row["dates"]
        }
    )


CHANNELS: dict[str, Callable[[BuiltSite], dict[str, str]]] = {
    "home": lambda tree: in_list(tree.page("en")),
    "list": lambda tree: in_list(tree.page("en/meetups")),
    "page": on_page,
    "JSON-LD": by_machines,
    "calendar": lambda tree: in_calendar((tree.tree / "en/calendar.ics").read_bytes()),
    "calendar of meetups": lambda tree: in_calendar(
        (tree.tree / "en/meetups/calendar.ics").read_bytes()
    ),
    "calendar of its area": lambda tree: in_calendar(
        (tree.tree / "en/meetups/area/bridge.ics").read_bytes()
    ),
    "feed of meetups": lambda tree: in_feed(tree, "en/meetups/feed.xml"),
    "feed of its topic": lambda tree: in_feed(tree, "en/topics/repairs/feed.xml"),
    "digest": in_mail,
    "open data": in_open_data,
}


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel_says_the_same_of_every_date(built_site: BuiltSite, channel: str) -> None:
    assert CHANNELS[channel](built_site) == EXPECTED


def test_a_date_has_what_its_series_says_of_place_area_and_topic(built_site: BuiltSite) -> None:
    rows = json.loads((built_site.tree / "data/news.json").read_bytes())["news"]
    assert [row["place"] for row in rows if row["title"]["en"] in TITLES] == [
        {"en": "The porch"}
    ] * 3
    topic = built_site.page("en/topics/repairs").text_content()
    assert all(title in topic for title in TITLES)


def test_a_series_was_written_when_its_last_change_of_plan_was(built_site: BuiltSite) -> None:
    data = (built_site.tree / "en/meetups/weekly-tea/weekly-tea.ics").read_bytes()
    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert event.decoded("last-modified").date() == date(2026, 11, 28)


def test_another_clock_is_named_wherever_the_hour_is_said(built_site: BuiltSite) -> None:
    feed = feedparser.parse((built_site.tree / "en/meetups/feed.xml").read_bytes())
    (talk,) = [entry for entry in feed.entries if entry.title == "A talk from Paris"]
    clocks = {
        "list": built_site.page("en/meetups").text_content(),
        "page": built_site.page("en/meetups/a-talk-from-paris").text_content(),
        "feed": lxml_html.fromstring(talk.content[0].value).text_content(),
        "digest": built_site.digest(),
    }
    for channel, text in clocks.items():
        line = " ".join(text.split())
        assert re.search(r"18:00( – 19:00)? \(Paris time\)", line), channel
    assert "10:30 (" not in clocks["digest"]  # ours needs no name
    row = next(
        row
        for row in json.loads((built_site.tree / "data/news.json").read_bytes())["news"]
        if row["title"]["en"] == "A talk from Paris"
    )
    assert (row["start"], row["timezone"]) == ("2026-12-28T18:00:00+01:00", "Europe/Paris")


def test_a_meetup_of_days_has_no_hour_anywhere(built_site: BuiltSite) -> None:
    path = "en/meetups/a-weekend-of-doors"
    data = (built_site.tree / path / "a-weekend-of-doors.ics").read_bytes()
    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    # The end of an event of days is the day after (RFC 5545, 3.6.1).
    assert event.decoded("dtstart") == date(2027, 1, 2)
    assert event.decoded("dtend") == date(2027, 1, 4)
    page = built_site.page(path)
    facts = " ".join(next(page.find_class("facts")[0].iter("dd")).text_content().split())
    assert facts == "Saturday 2 January 2027 – Sunday 3 January 2027, all day"
    machine = event_data(page)
    assert (machine["startDate"], machine["endDate"]) == ("2027-01-02", "2027-01-03")
    rows = json.loads((built_site.tree / "data/news.json").read_bytes())["news"]
    row = next(row for row in rows if row["title"]["en"] == "A weekend of doors")
    assert row["dates"] == ["2027-01-02/2027-01-03"]
    assert "Saturday 2 January 2027, all day" in built_site.digest()
    assert "00:00" not in page.text_content()


# What a folder of meetups says, without a build.


def contents_of(files: dict[str, str]) -> tuple[list[Content], list[str]]:
    report = Report()
    site = parse_site(SITE, report.at("site.toml"))
    assert site
    sources = []
    for name, text in files.items():
        path = f"meetups/{name}.en.md"
        source = take_apart(path, text.encode(), site, report.at(path))
        assert source
        sources.append(source)
    contents = join(sources, (), site, report)
    return contents, [f"{f.field}: {f.wrong}" for f in report if f.level == Level.FAULT]


def test_a_meetup_moved_onto_the_day_of_the_next_date_leaves_that_where_it_is() -> None:
    onto = MOVED.replace("2026-12-10 10:30", "2026-12-16 14:00").replace(
        "2026-12-10 12:00", "2026-12-16 15:00"
    )
    contents, faults = contents_of({"tea": LEADER, "moved": onto})
    dates = MeetupDates(tuple(contents))  # type: ignore[arg-type]
    (leader,) = [content for content in contents if content.key == "tea"]
    starts = [f"{date.start:%m-%d %H:%M}" for date in dates.every(leader)]  # type: ignore[arg-type]
    assert starts == ["11-25 10:30", "12-02 10:30", "12-16 10:30", "12-16 14:00", "12-23 10:30"]
    assert not faults


def test_what_is_cancelled_on_a_day_without_a_date_is_a_sentence() -> None:
    other = OFF.replace("2026-12-02", "2026-12-03")
    _, faults = contents_of({"tea": LEADER, "off": other})
    assert any("has no date on the day that is cancelled" in fault for fault in faults)


def test_what_was_cancelled_before_a_series_had_a_rule_is_none_of_its_dates() -> None:
    earlier = OFF.replace("2026-12-02", "2026-09-02").replace("series:", "place: Y Caban\nseries:")
    earlier = earlier.replace("place: Y Caban", "place: {name: Y Caban}")
    _, faults = contents_of({"tea": LEADER, "off": earlier})
    assert not faults


def test_a_date_of_a_series_that_says_no_place_anywhere_is_a_sentence() -> None:
    _, faults = contents_of({"off": OFF})
    assert [fault for fault in faults if fault.startswith("place: Nobody can tell")]


@pytest.mark.parametrize(
    ("start", "end"),
    [("2027-01-02", "2027-01-02 16:00"), ("2027-01-02 10:00", "2027-01-02")],
)
def test_hours_on_one_side_alone_are_a_sentence(start: str, end: str) -> None:
    lines = WEEKEND.replace("start: 2027-01-02", f"start: {start}").replace(
        "end: 2027-01-03", f"end: {end}"
    )
    _, faults = contents_of({"weekend": lines})
    assert len(faults) == 1


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYSETPOS=1;COUNT=3",
        "FREQ=WEEKLY;BYDAY=1WE;COUNT=3",
        "FREQ=DAILY;BYDAY=1WE;COUNT=3",
        "FREQ=WEEKLY;BYMONTHDAY=25;COUNT=3",
        "FREQ=MONTHLY;BYDAY=6WE;COUNT=3",
        "FREQ=YEARLY;BYMONTH=11;BYDAY=53WE;COUNT=3",
        "FREQ=YEARLY;BYDAY=54WE;COUNT=3",
        "FREQ=MONTHLY;BYDAY=0WE;COUNT=3",
        "FREQ=MONTHLY;BYDAY=WED;COUNT=3",
        "FREQ=MONTHLY;BYMONTHDAY=32;COUNT=3",
        "FREQ=MONTHLY;BYMONTHDAY=0;COUNT=3",
        "FREQ=MONTHLY;BYMONTH=13;COUNT=3",
        "FREQ=YEARLY;BYMONTH=-1;COUNT=3",
        "FREQ=MONTHLY;BYDAY=WE;BYSETPOS=0;COUNT=3",
        "FREQ=MONTHLY;BYDAY=WE;BYSETPOS=367;COUNT=3",
        "FREQ=WEEKLY;WKST=XX;COUNT=3",
        "FREQ=WEEKLY;BYDAY=;COUNT=3",
    ],
)
def test_a_rule_that_the_standard_forbids_is_a_sentence(rule: str) -> None:
    _, faults = contents_of({"tea": LEADER.replace("FREQ=WEEKLY;COUNT=5", rule)})
    assert len(faults) == 1
    assert faults[0].startswith("repeats: ")


def test_a_series_of_days_lasts_all_day_when_the_clocks_change_too() -> None:
    series = WEEKEND.replace("2027-01-02", "2027-03-27").replace("2027-01-03", "2027-03-28")
    series = series.replace("---\nOpen", 'repeats: "FREQ=WEEKLY;UNTIL=20270404"\n---\nOpen')
    contents, faults = contents_of({"weekend": series})
    assert not faults
    (meetup,) = contents
    dates = meetup.dates  # type: ignore[attr-defined]
    assert [str(each.end.date()) for each in dates] == ["2027-03-28", "2027-04-04"]
    assert all(each.all_day for each in dates)
    assert meetup.recurrence.rule == "FREQ=WEEKLY;UNTIL=20270403"  # type: ignore[attr-defined]
