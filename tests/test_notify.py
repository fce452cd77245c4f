"""Whoever said something is told what came of it, once it is published, and once each."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest

from core.faults import Report
from core.site import parse_site
from feedback.model import AnswerBy, Contact
from feedback.notify import (
    CannotNotify,
    Change,
    Led,
    Move,
    News,
    Published,
    in_folder,
    news,
    notices,
    on_the_web,
    read_published,
    tell,
)
from feedback.store import outbox, submissions
from feedback.store.outbox import Why
from tests.tenants import LATER, NOW, House, sent
from tests.tiny import SITE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.site import Site
    from feedback.notify import Told
    from feedback.store import Store
    from tests.conftest import RunCli

WEEKS = timedelta(weeks=6)
DAY = date(2026, 3, 10)  # after NOW, when the tenants of these tests spoke
ON_MOVE = Move("dry-walls", DAY, "next")
CHANGE = Change("gutters", DAY, "did", ("dry-walls",))
ITEM, DONE = Led(("dry-walls",), ()), Led((), ("gutters",))


@pytest.fixture
def house(sqlite_store: Store) -> House:
    return House(sqlite_store)


@pytest.fixture(scope="module")
def site() -> Site:
    found = parse_site(SITE, Report().at("site.toml"))
    assert found
    return found


def spoke(house: House, **changes: object) -> str:
    """Take in what somebody says who is answered by mail; the receipt's own notice is out."""
    ref = house.add(sent(**changes)).ref
    for claimed in house.store.write_now(partial(outbox.due, now=NOW, lease=WEEKS)):
        house.store.write_now(partial(outbox.done, number=claimed.id, now=NOW))
    return ref


def told(
    house: House, site: Site, published: Published, *, now: datetime = LATER, dry_run: bool = False
) -> list[tuple[str, Why]]:
    found: list[Told] = tell(house.store, published, site, now=now, dry_run=dry_run)
    return [(one.ref, one.notice.why) for one in found]


def waiting(house: House, now: datetime) -> list[tuple[str, Why, dict[str, str]]]:
    claimed = house.store.write_now(partial(outbox.due, now=now, lease=WEEKS))
    return [(one.notice.ref, one.notice.why, dict(one.notice.facts)) for one in claimed]


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


class TestWhatIsNews:
    def test_an_items_moves_and_a_change_are_news_to_what_led_to_them(self) -> None:
        published = Published((ON_MOVE,), (CHANGE,), {"F-222222": ITEM, "F-333333": DONE})
        found = news(published, DAY, WEEKS)
        assert [(ref, one.why) for ref, every in found.items() for one in every] == [
            ("F-222222", Why.MOVED),
            ("F-333333", Why.CHANGED),
        ]

    @pytest.mark.parametrize(("days", "asked"), [(41, False), (42, True)])
    def test_whether_it_is_fixed_is_asked_some_weeks_later(self, days: int, asked: bool) -> None:  # noqa: FBT001 - a case
        found = news(Published((), (CHANGE,), {"F-222222": DONE}), DAY + timedelta(days), WEEKS)
        assert (Why.CONFIRM in {one.why for one in found["F-222222"]}) is asked

    def test_nobody_is_asked_whether_a_no_is_fixed(self) -> None:
        cannot = Change("gutters", DAY, "cannot", ())
        (one,) = news(Published((), (cannot,), {"F-222222": DONE}), date(2027, 1, 1), WEEKS)[
            "F-222222"
        ]
        assert one.why == Why.CHANGED

    def test_what_has_a_later_day_is_no_news_yet(self) -> None:
        published = Published((ON_MOVE,), (CHANGE,), {"F-222222": ITEM, "F-333333": DONE})
        assert news(published, DAY - timedelta(1), WEEKS) == {}

    def test_one_thing_is_told_in_one_notice(self) -> None:
        moved = [News(Why.MOVED, "dry-walls", DAY, f"move {n}") for n in range(3)]
        other = News(Why.MOVED, "lifts", DAY, "move lifts")
        changed = News(Why.CHANGED, "gutters", DAY, "change", ("dry-walls",))
        asked = News(Why.CONFIRM, "gutters", DAY, "confirm")

        def reasons(*fresh: News) -> list[tuple[Why, str]]:
            return [(n.why, *n.facts.values()) for n in notices("F-222222", fresh)]  # type: ignore[misc]

        assert reasons(*moved, other) == [(Why.MOVED, "dry-walls"), (Why.MOVED, "lifts")]
        assert reasons(*moved, changed) == [(Why.CHANGED, "gutters")]
        assert reasons(changed, asked) == [(Why.CONFIRM, "gutters")]
        assert reasons(asked) == [(Why.CONFIRM, "gutters")]


class TestTelling:
    def test_each_is_told_once_however_often_it_is_run(self, house: House, site: Site) -> None:
        ref = spoke(house)
        published = Published((ON_MOVE,), (), {ref: ITEM})
        assert told(house, site, published, now=at(DAY)) == [(ref, Why.MOVED)]
        for days in (0, 1, 100):
            assert told(house, site, published, now=at(DAY + timedelta(days))) == []
        assert waiting(house, at(DAY)) == [(ref, Why.MOVED, {"roadmap": "dry-walls"})]

    def test_a_new_move_is_told_anew_and_the_change_and_the_question_after_it(
        self, house: House, site: Site
    ) -> None:
        ref, found = spoke(house), []
        led = {ref: Led(("dry-walls",), ("gutters",))}
        change = Change("gutters", DAY + timedelta(7), "did", ("dry-walls",))
        done = Move("dry-walls", DAY + timedelta(7), "done")
        for published, day in [
            (Published((ON_MOVE,), (), led), DAY),
            (Published((ON_MOVE, done), (change,), led), change.on),
            (Published((ON_MOVE, done), (change,), led), change.on + WEEKS),
        ]:
            found += [why for _, why in told(house, site, published, now=at(day))]
        assert found == [Why.MOVED, Why.CHANGED, Why.CONFIRM]

    def test_what_happened_before_somebody_spoke_is_not_told(
        self, house: House, site: Site
    ) -> None:
        ref = spoke(house)
        before = NOW.date() - timedelta(1)
        published = Published((Move("dry-walls", before, "next"),), (), {ref: ITEM})
        assert told(house, site, published) == []

    def test_who_said_the_same_is_told_too_for_as_long_as_they_did(
        self, house: House, site: Site
    ) -> None:
        first, second, third = (spoke(house) for _ in range(3))
        house.desk(submissions.merge, third, into=second)
        house.desk(submissions.merge, second, into=first)
        published = Published((ON_MOVE,), (), {first: ITEM})
        everybody = {(ref, Why.MOVED) for ref in (first, second, third)}
        assert set(told(house, site, published, now=at(DAY))) == everybody
        assert told(house, site, published, now=at(DAY)) == []

    def test_who_took_it_back_asked_to_be_forgotten_or_wants_no_answer_is_left_alone(
        self, house: House, site: Site
    ) -> None:
        back, forgotten, looks = (
            spoke(house),
            spoke(house),
            spoke(house, answer_by=AnswerBy.RECEIPT),
        )
        house.tenant(submissions.withdraw, back)
        house.tenant(submissions.forget, forgotten)
        led = dict.fromkeys((back, forgotten, looks), ITEM)
        assert told(house, site, Published((ON_MOVE,), (), led), now=at(DAY)) == []

    def test_what_was_stopped_for_somebodys_safety_is_never_written_about(
        self, house: House, site: Site
    ) -> None:
        ref = spoke(house)
        house.desk(submissions.escalate, ref)
        assert told(house, site, Published((ON_MOVE,), (), {ref: ITEM}), now=at(DAY)) == []

    def test_who_can_be_reached_later_is_told_then(self, house: House, site: Site) -> None:
        ref = spoke(house, contact=Contact(), answer_by=AnswerBy.EMAIL)
        published = Published((ON_MOVE,), (), {ref: ITEM})
        assert told(house, site, published, now=at(DAY)) == []
        reach = Contact(email="nia@example.org")
        house.tenant(submissions.add_contact, ref, contact=reach, answer_by=AnswerBy.EMAIL)
        assert told(house, site, published, now=at(DAY)) == [(ref, Why.MOVED)]

    def test_letters_wait_at_the_desk(self, house: House, site: Site) -> None:
        ref = spoke(house, answer_by=AnswerBy.LETTER)
        assert told(house, site, Published((ON_MOVE,), (), {ref: ITEM}), now=at(DAY))
        assert [letter.notice.why for letter in house.read(outbox.by_hand)] == [Why.MOVED]

    def test_a_dry_run_lists_the_same_and_tells_nobody(self, house: House, site: Site) -> None:
        ref = spoke(house)
        published = Published((ON_MOVE,), (), {ref: ITEM})
        for _ in range(2):
            dry = told(house, site, published, now=at(DAY), dry_run=True)
            assert dry == [(ref, Why.MOVED)]
        assert waiting(house, at(DAY)) == []
        assert told(house, site, published, now=at(DAY)) == dry

    def test_a_record_that_this_database_does_not_know_concerns_nobody(
        self, house: House, site: Site
    ) -> None:
        assert told(house, site, Published((ON_MOVE,), (), {"F-222222": ITEM}), now=at(DAY)) == []

    def test_the_same_holds_on_either_database(self, store: Store, site: Site) -> None:
        house = House(store)
        ref = spoke(house)
        published = Published((ON_MOVE,), (), {ref: ITEM})
        runs = [told(house, site, published, now=at(DAY), dry_run=dry) for dry in (True, False)]
        assert runs == [[(ref, Why.MOVED)]] * 2
        assert told(house, site, published, now=at(DAY)) == []


MOVES = [
    {"item": "dry-walls", "on": "2026-03-10", "from": None, "to": "next", "why": {"en": "So."}}
]
CHANGES: list[dict[str, object]] = [
    {"key": "gutters", "on": "2026-03-10", "outcome": "did", "roadmap": ["dry-walls"], "more": 1},
    {"key": "dateless", "on": None, "outcome": "did", "roadmap": []},
]
RECORDS: list[dict[str, object]] = [
    {"ref": "F-222222", "roadmap": ["dry-walls"], "changes": ["gutters"], "said": "x"}
]


def published_in(folder: Path, **files: object) -> Path:
    """Write a site's open data; returns the site's folder."""
    (folder / "data").mkdir(parents=True)
    for name, rows in ({"moves": MOVES, "changes": CHANGES, "records": RECORDS} | files).items():
        text = rows if isinstance(rows, str) else json.dumps({name: rows})
        (folder / "data" / f"{name}.json").write_text(text, encoding="utf-8")
    return folder


class TestReading:
    def test_a_folder_and_a_site_say_the_same(
        self, tmp_path: Path, hosted: Callable[[Path], str]
    ) -> None:
        tree = published_in(tmp_path / "tree")
        expected = Published((ON_MOVE,), (CHANGE,), {"F-222222": Led(("dry-walls",), ("gutters",))})
        assert read_published(in_folder(tree)) == expected
        assert read_published(on_the_web(hosted(tree))) == expected

    @pytest.mark.parametrize(
        "files",
        [
            {"moves": "<!doctype html>"},
            {"moves": "[]"},
            {"moves": "null"},
            {"moves": [{"item": "dry-walls", "on": 3, "to": "next"}]},
            {"moves": [{"item": "dry-walls", "on": "soon", "to": "next"}]},
            {"changes": [{"key": "gutters"}]},
            {"changes": [{**CHANGES[0], "roadmap": "dry-walls"}]},
            {"records": [{**RECORDS[0], "ref": "F-2"}]},
            {"records": [{**RECORDS[0], "changes": [1]}]},
            {"records": ["F-222222"]},
        ],
    )
    def test_nonsense_is_told_in_a_sentence(self, tmp_path: Path, files: dict[str, object]) -> None:
        tree = published_in(tmp_path / "tree", **files)
        with pytest.raises(CannotNotify, match=r"holds no open data of ours.*nobody was told"):
            read_published(in_folder(tree))

    def test_a_folder_that_is_no_site_says_what_to_do(self, tmp_path: Path) -> None:
        with pytest.raises(CannotNotify, match=r"Build the site first"):
            read_published(in_folder(tmp_path))

    def test_a_site_without_open_data_is_told_with_its_answer(
        self, tmp_path: Path, hosted: Callable[[Path], str]
    ) -> None:
        with pytest.raises(CannotNotify, match=r"answers 404, so nobody was told"):
            read_published(on_the_web(hosted(tmp_path)))

    def test_a_site_that_is_down_is_told(self) -> None:
        with pytest.raises(CannotNotify, match=r"can't be reached"):
            read_published(on_the_web("http://127.0.0.1:9/"))

    @pytest.mark.parametrize("url", ["http://example.org", "file:///etc", "nonsense", ""])
    def test_only_a_safe_address_is_asked(self, url: str) -> None:
        with pytest.raises(CannotNotify, match=r"isn't safe to ask"):
            read_published(on_the_web(url))


class TestTheCommand:
    def test_it_says_who_would_be_told_and_then_tells_them(
        self, house: House, tmp_path: Path, run_cli: RunCli
    ) -> None:
        ref = spoke(house)
        records = [{**RECORDS[0], "ref": ref, "changes": []}]
        tree = published_in(tmp_path / "tree", records=records)
        site = tmp_path / "site.toml"
        site.write_text(SITE, encoding="utf-8")
        words: list[str | Path] = ["notify", "--site-tree", tree, "--site", site]
        env = {
            "OPEN_HOUSE_DATABASE": f"sqlite:///{tmp_path / 'feedback.sqlite3'}",
            "OPEN_HOUSE_SECRET": "a secret of the tests, long enough to be one",
        }
        line = f"{ref}: moved dry-walls, by e-mail"
        dry = run_cli(*words, "--dry-run", env=env)
        assert (dry.returncode, dry.stdout.splitlines()) == (0, [line]), dry.stderr
        real = run_cli(*words, env=env)
        assert real.stdout.splitlines()[0] == line
        again = run_cli(*words, env=env)
        assert "Nobody has to be told anything" in again.stdout
        assert "sian" not in (dry.stdout + real.stdout + again.stdout).lower()

    def test_a_site_that_is_not_there_is_a_sentence(
        self, house: House, tmp_path: Path, run_cli: RunCli
    ) -> None:
        spoke(house)
        done = run_cli(
            "notify",
            "--url",
            "http://127.0.0.1:9",
            env={"OPEN_HOUSE_DATABASE": f"sqlite:///{tmp_path / 'feedback.sqlite3'}"},
        )
        assert done.returncode == 1
        assert "can't be reached" in done.stderr
        assert "Traceback" not in done.stderr
