"""Topics, areas, teams, people, shows and tags are renamed, merged and retired; nothing is lost."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from commands.build import BuildOptions, build
from commands.new import new
from core.faults import Level, Report
from core.public.public_history import MANIFEST_IN_CONTENT
from core.public.record_files import read_record, record_yaml
from core.public.records import Record
from core.site import Site, parse_site
from core.succession import RENAMED
from feedback.store.casework.queues import queue_page
from plugins.kinds.parse import join
from plugins.kinds.source import take_apart
from tests.copies import ROOT
from tests.desk import colleague, said
from tests.on_air import NAME, ON_AIR, files
from tests.speaking import speaking
from tests.test_loop import RECORD
from tests.tiny import EVERY_KIND, MEETUP, POST, ROADMAP, SITE, write_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commands.build import BuildResult
    from tests.conftest import MakeSite

    Built = Callable[..., BuildResult]

pytestmark = pytest.mark.long

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
WORDS = {
    "topics": 'name = {cy = "Cwteri", en = "Gutters"}',
    "areas": 'name = {cy = "Y Cei", en = "The quay"}',
    "teams": 'name = {cy = "Y tîm cwteri", en = "Gutters team"}',
    "people": 'name = "Non Rees"',
    "shows": 'title = "The gutter"\ndescription = "Talk."',
    "tags": "",
}
TODAY = {"topics": "repairs", "areas": "bridge", "teams": "repairs"} | {
    "people": "nia",
    "shows": "kettle",
    "tags": "gutters",
}


def settings(now: str = "now", until: str = "") -> str:
    """The small site's settings with an old word of every sort that can be renamed."""
    text = ON_AIR
    for setting in RENAMED:
        text += f"\n[{setting}.old]\n{WORDS[setting]}\n"
        text += f'{now} = "{TODAY[setting]}"\n' if now else ""
        text += f'{"left" if setting == "people" else "until"} = "{until}"\n' if until else ""
    return text


def old_site() -> dict[str, str | bytes]:
    """Content and a record that name nothing but old words."""
    aired = files()
    episode = str(aired[f"{NAME}.en.md"])
    return (
        EVERY_KIND
        | aired
        | {
            "posts/2026-03-04-clear-gutters.en.md": POST.replace("[nia]", "[old]")
            .replace("[repairs]", "[old, repairs]")
            .replace("[gutters]", "[old, gutters]"),
            "meetups/2026-04-07-tea.en.md": MEETUP.replace("area: bridge", "area: old"),
            f"{NAME}.en.md": episode.replace("show: kettle", "show: old"),
            "roadmap/dry-walls.en.md": ROADMAP.replace("owner: repairs", "owner: old").replace(
                "[repairs]", "[old]"
            ),
            "feedback/2026/f-2k7q9t.yaml": RECORD.replace("topic: repairs", "topic: old").replace(
                "by: repairs", "by: old"
            ),
        }
    )


def read(text: str) -> tuple[Site, list[str]]:
    report = Report()
    site = parse_site(text, report.at("site.toml"))
    assert site
    faults = [fault for fault in report if fault.level == Level.FAULT]
    assert all(fault.line and fault.instead for fault in faults)
    return site, [f"{fault.field}: {fault.wrong}" for fault in faults]


# Every sort of word and every channel: where it stood under its old key, what stands there now.
CHANNELS = [
    ("topics", "page", "en/topics/gutters/index.html", "en/topics/repairs/"),
    ("topics", "page in Welsh", "cy/pynciau/cwteri/index.html", "cy/pynciau/atgyweiriadau/"),
    ("topics", "feed", "en/topics/gutters/feed.xml", "en/topics/repairs/feed.xml"),
    ("topics", "records", "en/heard/topic/gutters/index.html", "en/heard/topic/repairs/"),
    ("topics", "roadmap", "en/roadmap/topic/gutters/index.html", "en/roadmap/topic/repairs/"),
    ("areas", "calendar", "en/meetups/area/old.ics", "en/meetups/area/bridge.ics"),
    (
        "areas",
        "calendar in Welsh",
        "cy/cyfarfodydd/ardal/old.ics",
        "cy/cyfarfodydd/ardal/bridge.ics",
    ),
    ("teams", "roadmap", "en/roadmap/team/old/index.html", "en/roadmap/team/repairs/"),
    ("people", "page", "en/people/old/index.html", "en/people/nia/"),
    ("shows", "feed", "en/podcast/old.rss", "en/podcast/kettle.rss"),
    ("shows", "transcript", "en/podcast/old/tennis-ball.srt", "I found a ball."),
    ("tags", "page", "en/tags/old/index.html", "en/tags/gutters/"),
    ("tags", "feed", "en/tags/old/feed.xml", "en/tags/gutters/feed.xml"),
]


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site in which everything names an old word that another took the place of."""
    tiny = write_site(tmp_path_factory.mktemp("renamed") / "association", old_site(), settings())
    result = build(
        BuildOptions(root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output, now=NOW)
    )
    assert [str(fault) for fault in result.faults if fault.level == Level.FAULT] == []
    return tiny.output


def test_every_sort_is_tried() -> None:
    assert {setting for setting, *_ in CHANNELS} == set(RENAMED)


@pytest.mark.parametrize(("setting", "channel", "old", "now"), CHANNELS)
def test_an_old_address_leads_to_what_took_its_place(
    renamed: Path, setting: str, channel: str, old: str, now: str
) -> None:
    del setting, channel
    standing = (renamed / old).read_text(encoding="utf-8")
    if old.endswith(".ics"):
        assert standing == (renamed / now).read_text(encoding="utf-8")
    else:
        assert now in standing


def test_what_was_under_two_words_is_counted_once(renamed: Path) -> None:
    (record,) = json.loads((renamed / "data/records.json").read_text(encoding="utf-8"))["records"]
    assert record["topic"] == "repairs"
    (item,) = json.loads((renamed / "data/items.json").read_text(encoding="utf-8"))["items"]
    assert (item["owner"], item["topics"]) == ("repairs", ["repairs"])
    page = (renamed / "en/blog/the-gutters-are-clear/index.html").read_text(encoding="utf-8")
    assert page.count('href="/en/topics/repairs/"') == 1
    assert page.count('href="/en/tags/gutters/"') == 1


def test_the_old_word_is_said_where_it_matters(renamed: Path) -> None:
    topic = (renamed / "en/topics/repairs/index.html").read_text(encoding="utf-8")
    assert "What stood under Gutters is here too." in topic
    record = (renamed / "en/heard/f-2k7q9t/index.html").read_text(encoding="utf-8")
    assert "Repairs team" in record
    assert "(then: Gutters team)" in record
    welsh = (renamed / "cy/clywed/f-2k7q9t/index.html").read_text(encoding="utf-8")
    assert "(ar y pryd: Y tîm cwteri)" in welsh


def test_forms_offer_what_is_in_use_alone(renamed: Path) -> None:
    form = (renamed / "en/say-something/write/index.html").read_text(encoding="utf-8")
    assert '<option value="repairs"' in form
    assert '<option value="old"' not in form


def test_search_knows_what_it_was_called(renamed: Path) -> None:
    files = [path for path in (renamed / "search/en").rglob("*") if path.is_file()]
    assert any("Gutters" in path.read_text("utf-8", errors="replace") for path in files)


def test_podcast_apps_are_told_where_the_show_is(renamed: Path) -> None:
    old, now = (
        (renamed / f"en/podcast/{name}.rss").read_text(encoding="utf-8")
        for name in ("old", "kettle")
    )
    assert "<itunes:new-feed-url>https://tiny.example.org/en/podcast/kettle.rss<" in old
    assert "new-feed-url" not in now
    assert guid(old) == guid(now)


def guid(feed: str) -> str:
    return feed.partition("<guid")[2].partition("</guid>")[0]


def test_a_record_is_written_as_it_was_said() -> None:
    site, _ = read(settings())
    report = Report()
    text = str(old_site()["feedback/2026/f-2k7q9t.yaml"])
    record = read_record(text, site, report.at("f-2k7q9t.yaml"))
    assert isinstance(record, Record)
    assert record.topic == "repairs"
    assert "by: old" in record_yaml(record)  # who answered then
    assert not list(report)


@pytest.mark.parametrize("setting", RENAMED)
def test_each_mistake_is_told(setting: str) -> None:
    right = {"until": "2026-02"}
    assert read(settings(**right))[1] == []
    astray = settings().replace(f'now = "{TODAY[setting]}"', 'now = "nowhere"')
    if setting != "tags":  # any word may be a tag
        assert any(
            f"{setting}.old.now: There is no “nowhere” here." in fault for fault in read(astray)[1]
        )
    own, wrong = read(settings().replace(f'now = "{TODAY[setting]}"', 'now = "old"'))
    assert any(f"{setting}.old.now: “old” leads to “old”" in fault for fault in wrong)
    assert own.current(setting, "old") == "old"
    year = settings(until="2926-02")
    field = f"{setting}.old.{'left' if setting == 'people' else 'until'}"
    assert f"{field}: It ended in the year 2926." in read(year)[1]
    assert any(fault.startswith(field) for fault in read(settings(until="February"))[1])


def test_a_circle_of_three_is_told_and_ends_nothing() -> None:
    tables = "".join(
        f'[topics.{key}]\nname = "{key}"\nnow = "{after}"\n'
        for key, after in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"))
    )
    site, faults = read(SITE + tables)
    assert "topics.a.now: “a” leads to “b” leads to “c” leads to “a”: nobody can tell" in faults[0]
    assert len(faults) == 3
    assert site.known["topics"]["d"] in {"a", "b", "c"}


def test_a_chain_is_followed_to_its_end() -> None:
    tables = '[topics.a]\nname = "A"\nnow = "b"\n[topics.b]\nname = "B"\nnow = "repairs"\n'
    site, faults = read(SITE + tables)
    assert faults == []
    assert site.known["topics"] == dict.fromkeys(
        ["a", "A", "b", "B", "repairs", "Repairs", "Atgyweiriadau"], "repairs"
    )


def test_only_the_key_may_change() -> None:
    table = '[topics.mending]\nname = {cy = "Atgyweiriadau", en = "Repairs"}\nnow = "repairs"\n'
    assert read(SITE + table)[1] == []


def test_what_outlived_its_successor_is_told() -> None:
    tables = settings(until="2026-05").replace(
        "[topics.repairs]", '[topics.repairs]\nuntil = "2026-02"'
    )
    (fault,) = read(tables)[1]
    assert fault.startswith("topics.old.until: It lasted until 2026-05-31, longer than “repairs”")


@pytest.mark.parametrize(
    ("setting", "name", "field"),
    [
        ("topics", "posts/2026-03-04-clear-gutters.en.md", "topics"),
        ("people", "posts/2026-03-04-clear-gutters.en.md", "authors"),
        ("tags", "posts/2026-03-04-clear-gutters.en.md", "tags"),
        ("areas", "meetups/2026-04-07-tea.en.md", "area"),
        ("shows", f"{NAME}.en.md", "show"),
        ("teams", "roadmap/dry-walls.en.md", "owner"),
    ],
)
def test_nothing_new_names_what_has_ended(setting: str, name: str, field: str) -> None:
    for until, expected in (("2025-12", [field]), ("2026-04", [])):
        site, _ = read(settings(now="", until=until))
        report = Report()
        source = take_apart(name, str(old_site()[name]).encode(), site, report.at(name))
        assert source
        join([source], [], site, report)
        faults = [fault for fault in report if fault.code == "ended"]
        ended = [fault.field for fault in faults if f"[{setting}.old]" in fault.wrong]
        assert ended == expected


def test_what_has_ended_stays_readable_and_is_offered_no_more(tmp_path: Path) -> None:
    site, faults = read(settings(now="", until="2026-10"))
    assert faults == []
    for setting in RENAMED:
        assert site.known[setting]["old"] == "old"
        assert "old" not in site.in_use(setting, NOW.date())
        assert "old" in site.in_use(setting, date(2026, 10, 31))
    house = speaking(tmp_path, ROOT / "theme", settings(now="", until="2025-10"))
    with house.store:
        page = house.browser.get("/feedback/en/say").text
        assert '<option value="old"' not in page
        assert 'value="repairs"' in page


def test_a_form_from_before_is_taken_and_kept_under_what_is_so_now(tmp_path: Path) -> None:
    house = speaking(tmp_path, ROOT / "theme", settings())
    with house.store:
        said(house, topic="old", area="old")
        with house.store.read() as conn:
            case = queue_page(conn).cases[0].case
        assert (case.topic, case.area) == ("repairs", "bridge")


def test_the_desk_shows_old_cases_under_todays_name_and_finds_them(tmp_path: Path) -> None:
    before = speaking(tmp_path, ROOT / "theme", settings(now=""))
    with before.store:
        ref = said(before, topic="old", area="old")
    house = speaking(tmp_path, ROOT / "theme", settings())
    with house.store:
        mair = colleague(house)
        assert "Gutters" not in mair.get(f"case/{ref}").text
        assert ref in mair.get("?topic=repairs").text
        assert ref in mair.get("?topic=old").text


def test_nothing_new_is_offered_what_has_ended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site, _ = read(settings(now="", until="2026-10"))
    for setting in RENAMED:
        assert "old" not in site.known_on(NOW.date())[setting].values()
        assert "old" in site.known_on(date(2026, 10, 31))[setting].values()
    tiny = write_site(tmp_path / "association", EVERY_KIND, settings(now="", until="2026-10"))
    code = new(
        "post",
        ROOT,
        tiny.content,
        tiny.site,
        title="By somebody who left",
        author="old",
        yes=True,
        now=NOW,
        say=print,
        ask=pytest.fail,
    )
    assert code == 2
    assert "isn't among [people]" in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("until = 2027-02", 'Put a month in quotes: until = "2027-02".'),
        ('left = "2027-02"', "Here it is called “until”."),
        ('merged_into = "repairs"', "Here it is called “now”."),
    ],
)
def test_a_slip_is_answered_with_what_to_write(line: str, instead: str) -> None:
    report = Report()
    parse_site(f'{SITE}\n[topics.old]\nname = "Old"\n{line}\n', report.at("site.toml"))
    assert instead in [fault.instead for fault in report]


def test_every_page_of_an_old_list_leads_to_the_same_of_the_new(
    tiny_site: MakeSite, built: Built
) -> None:
    again = RECORD.replace("F-2K7Q9T", "F-V5M8QZ")
    again = again.replace("topic: repairs", "topic: old")
    files = old_site() | {"feedback/2026/f-v5m8qz.yaml": again}
    tiny = tiny_site(files, settings() + "\n[build]\npage_size = 1\n")
    assert built(tiny).ok
    for number in ("", "page/2/"):
        old = tiny.output / f"en/heard/topic/gutters/{number}index.html"
        assert f'url=/en/heard/topic/repairs/{number}"' in old.read_text(encoding="utf-8")


# Where a topic's lists stand, by language: its page and feed, what was said, the roadmap.
LISTS = {
    "en": ("en/topics/{}/", "en/heard/topic/{}/", "en/roadmap/topic/{}/"),
    "cy": ("cy/pynciau/{}/", "cy/clywed/pwnc/{}/", "cy/map-ffordd/pwnc/{}/"),
}
NAMED = 'name = {cy = "Atgyweiriadau", en = "Repairs"}'


def test_a_topic_may_change_its_name_again_and_again_and_a_language_go_with_it(
    tiny_site: MakeSite, built: Built
) -> None:
    """What stands in public remembers every address, so nobody has to write one down."""
    names = ("posts/2026-03-04-clear", "pages/", "roadmap/", "feedback/")
    few = {name: text for name, text in old_site().items() if name.startswith(names)}
    tiny = tiny_site(few)
    plain = SITE + "".join(
        f'\n[{setting}.old]\n{WORDS[setting]}\nnow = "{TODAY[setting]}"\n'
        for setting in ("topics", "teams", "people")
    )

    def goes_out(name: str, languages: str = '["cy", "en"]') -> None:
        text = plain.replace('["cy", "en"]', languages).replace(NAMED, f'name = "{name}"')
        tiny.site.write_text(text, encoding="utf-8")
        result = built(tiny, strict=True, now=NOW)
        assert (result.ok, result.crash) == (True, ""), result.faults
        tiny.write(MANIFEST_IN_CONTENT, result.standing)

    def leads(path: str) -> str:
        page = (tiny.output / path / "index.html").read_text(encoding="utf-8")
        return page.partition("url=/")[2].partition('"')[0]

    for name in ("Repairs", "Mending", "Fixing"):
        goes_out(name)
    for lang, lists in LISTS.items():
        old = {"en": "gutters", "cy": "cwteri"}[lang]
        for path in lists:
            assert {leads(path.format(slug)) for slug in (old, "repairs", "mending")} == {
                path.format("fixing")
            }
    feed = (tiny.output / "en/topics/mending/feed.xml").read_text(encoding="utf-8")
    assert "https://tiny.example.org/en/topics/fixing/feed.xml" in feed
    goes_out("Mending", '["en"]\nformer_languages = ["cy"]')  # back to what it was called before
    for path, welsh in zip(LISTS["en"], LISTS["cy"], strict=True):
        assert not leads(path.format("mending"))
        assert leads(path.format("fixing")) == path.format("mending")
        for slug in ("repairs", "fixing", "mending", "cwteri"):
            assert leads(welsh.format(slug)) == path.format("mending")
