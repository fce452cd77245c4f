"""Whoever said something is told what came of it, once it is published, and once each."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from core.faults import Report
from core.public.encoding import plain, to_json
from core.public.open_data import PublicChange, PublicMove, PublicRecord
from core.public.vocabulary import Outcome, RecordStatus, ShownStatus
from core.site import parse_site
from core.words import Words
from feedback.model import AnswerBy, Contact
from feedback.notify import Milestone, PublishedLoop, milestones, notices, tell
from feedback.published_site import CannotNotify, in_folder, on_the_web
from feedback.store.actions import submissions
from feedback.store.mail import outbox
from feedback.store.mail.outbox import Why
from tests.tenants import LATER, NOW, House, sent
from tests.tiny import SITE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.site import Site
    from feedback.notify import PlannedNotice
    from feedback.store import Store
    from tests.conftest import RunCli

WEEKS = timedelta(weeks=6)
DAY = date(2026, 3, 10)  # after NOW, when the tenants of these tests spoke
ID = "urn:uuid:6b0c4b86-3f0f-5a0e-9d53-0f2f0a2d6c11"
PAGES = (("en", "https://tiny.example.org/en/x/"),)


def a_move(on: date, to: str = "next") -> PublicMove:
    """A move of the one item that these tests speak of."""
    return PublicMove(
        id=ID,
        item="dry-walls",
        number=1,
        turn=0,
        on=on,
        to=ShownStatus(to),
        why=Words((("en", "So."),)),
        modified=on,
    )


def a_change(
    on: date | None = DAY, outcome: str = "did", roadmap: tuple[str, ...] = ("dry-walls",)
) -> PublicChange:
    """The one change that these tests speak of."""
    return PublicChange(
        id=ID,
        key="gutters",
        title=Words((("en", "Gutters"),)),
        url=PAGES,
        on=on,
        outcome=Outcome(outcome),
        roadmap=roadmap,
        records=(),
        fixed_yes=0,
        fixed_partly=0,
        fixed_no=0,
    )


def a_record(
    ref: str, roadmap: tuple[str, ...] = (), changes: tuple[str, ...] = ()
) -> PublicRecord:
    """A record, and what it led to."""
    return PublicRecord(
        id=ID,
        ref=ref,
        status=RecordStatus.COUNTED,
        modified=DAY,
        received=DAY.replace(day=1),
        roadmap=roadmap,
        changes=changes,
        votes_online=0,
        votes_offline=0,
    )


ON_MOVE, CHANGE = a_move(DAY), a_change()
ITEM, DONE = {"roadmap": ("dry-walls",)}, {"changes": ("gutters",)}


def site_with(
    moves: tuple[PublicMove, ...], changes: tuple[PublicChange, ...], led: dict[str, Any]
) -> PublishedLoop:
    """What is published, with what each record led to."""
    return PublishedLoop(moves, changes, tuple(a_record(ref, **to) for ref, to in led.items()))


@pytest.fixture
def house(sqlite_store: Store) -> House:
    return House(sqlite_store)


@pytest.fixture(scope="module")
def site() -> Site:
    site = parse_site(SITE, Report().at("site.toml"))
    assert site
    return site


def spoke(house: House, **changes: object) -> str:
    """Take in what somebody says who is answered by mail; the receipt's own notice is out."""
    ref = house.add(sent(**changes)).ref
    for claimed in house.store.write_now(partial(outbox.due, now=NOW, lease=WEEKS)):
        house.store.write_now(partial(outbox.QUEUE.done, number=claimed.id, now=NOW))
    return ref


def told(
    house: House,
    site: Site,
    published: PublishedLoop,
    *,
    now: datetime = LATER,
    dry_run: bool = False,
) -> list[tuple[str, Why]]:
    notified: list[PlannedNotice] = tell(house.store, published, site, now=now, dry_run=dry_run)
    return [(notice.ref, notice.notice.why) for notice in notified]


def waiting(house: House, now: datetime) -> list[tuple[str, Why, dict[str, str]]]:
    claimed = house.store.write_now(partial(outbox.due, now=now, lease=WEEKS))
    return [(claim.notice.ref, claim.notice.why, dict(claim.notice.facts)) for claim in claimed]


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


class TestWhatIsNews:
    def test_an_items_moves_and_a_change_are_news_to_what_led_to_them(self) -> None:
        published = site_with((ON_MOVE,), (CHANGE,), {"F-222222": ITEM, "F-333333": DONE})
        notices = milestones(published, DAY, WEEKS)
        assert [(ref, milestone.why) for ref, every in notices.items() for milestone in every] == [
            ("F-222222", Why.MOVED),
            ("F-333333", Why.CHANGED),
        ]

    @pytest.mark.parametrize(("days", "asked"), [(41, False), (42, True)])
    def test_whether_it_is_fixed_is_asked_some_weeks_later(self, days: int, asked: bool) -> None:  # noqa: FBT001 - a case
        notices = milestones(
            site_with((), (CHANGE,), {"F-222222": DONE}), DAY + timedelta(days), WEEKS
        )
        assert (Why.CONFIRM in {notice.why for notice in notices["F-222222"]}) is asked

    def test_nobody_is_asked_whether_a_no_is_fixed(self) -> None:
        cannot = a_change(outcome="cannot", roadmap=())
        (notice,) = milestones(
            site_with((), (cannot,), {"F-222222": DONE}), date(2027, 1, 1), WEEKS
        )["F-222222"]
        assert notice.why == Why.CHANGED

    def test_what_has_a_later_day_is_no_news_yet(self) -> None:
        published = site_with((ON_MOVE,), (CHANGE,), {"F-222222": ITEM, "F-333333": DONE})
        assert milestones(published, DAY - timedelta(1), WEEKS) == {}

    def test_one_thing_is_told_in_one_notice(self) -> None:
        moved = [Milestone(Why.MOVED, "dry-walls", DAY, f"move {n}") for n in range(3)]
        other = Milestone(Why.MOVED, "lifts", DAY, "move lifts")
        changed = Milestone(Why.CHANGED, "gutters", DAY, "change", ("dry-walls",))
        asked = Milestone(Why.CONFIRM, "gutters", DAY, "confirm")

        def reasons(*fresh: Milestone) -> list[tuple[Why, str]]:
            return [(n.why, *n.facts.values()) for n in notices("F-222222", fresh)]  # type: ignore[misc]

        assert reasons(*moved, other) == [(Why.MOVED, "dry-walls"), (Why.MOVED, "lifts")]
        assert reasons(*moved, changed) == [(Why.CHANGED, "gutters")]
        assert reasons(changed, asked) == [(Why.CONFIRM, "gutters")]
        assert reasons(asked) == [(Why.CONFIRM, "gutters")]


class TestTelling:
    def test_each_is_told_once_however_often_it_is_run(self, house: House, site: Site) -> None:
        ref = spoke(house)
        published = site_with((ON_MOVE,), (), {ref: ITEM})
        assert told(house, site, published, now=at(DAY)) == [(ref, Why.MOVED)]
        for days in (0, 1, 100):
            assert told(house, site, published, now=at(DAY + timedelta(days))) == []
        assert waiting(house, at(DAY)) == [(ref, Why.MOVED, {"roadmap": "dry-walls"})]

    def test_a_new_move_is_told_anew_and_the_change_and_the_question_after_it(
        self, house: House, site: Site
    ) -> None:
        ref, reasons = spoke(house), []
        led = {ref: {**ITEM, **DONE}}
        later = DAY + timedelta(7)
        change, done = a_change(later), a_move(later, "done")
        for published, day in [
            (site_with((ON_MOVE,), (), led), DAY),
            (site_with((ON_MOVE, done), (change,), led), later),
            (site_with((ON_MOVE, done), (change,), led), later + WEEKS),
        ]:
            reasons += [why for _, why in told(house, site, published, now=at(day))]
        assert reasons == [Why.MOVED, Why.CHANGED, Why.CONFIRM]

    def test_what_happened_before_somebody_spoke_is_not_told(
        self, house: House, site: Site
    ) -> None:
        ref = spoke(house)
        before = NOW.date() - timedelta(1)
        published = site_with((a_move(before),), (), {ref: ITEM})
        assert told(house, site, published) == []

    def test_who_said_the_same_is_told_too_for_as_long_as_they_did(
        self, house: House, site: Site
    ) -> None:
        first, second, third = (spoke(house) for _ in range(3))
        house.desk(submissions.merge, third, into=second)
        house.desk(submissions.merge, second, into=first)
        published = site_with((ON_MOVE,), (), {first: ITEM})
        everybody = sorted((ref, Why.MOVED) for ref in (first, second, third))
        assert sorted(told(house, site, published, now=at(DAY))) == everybody  # nobody twice
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
        assert told(house, site, site_with((ON_MOVE,), (), led), now=at(DAY)) == []

    def test_what_was_stopped_for_somebodys_safety_is_never_written_about(
        self, house: House, site: Site
    ) -> None:
        ref = spoke(house)
        house.desk(submissions.escalate, ref)
        assert told(house, site, site_with((ON_MOVE,), (), {ref: ITEM}), now=at(DAY)) == []

    def test_who_can_be_reached_later_is_told_then(self, house: House, site: Site) -> None:
        ref = spoke(house, contact=Contact(), answer_by=AnswerBy.EMAIL)
        published = site_with((ON_MOVE,), (), {ref: ITEM})
        assert told(house, site, published, now=at(DAY)) == []
        reach = Contact(email="nia@example.org")
        house.tenant(submissions.add_contact, ref, contact=reach, answer_by=AnswerBy.EMAIL)
        assert told(house, site, published, now=at(DAY)) == [(ref, Why.MOVED)]

    def test_letters_wait_at_the_desk(self, house: House, site: Site) -> None:
        ref = spoke(house, answer_by=AnswerBy.LETTER)
        assert told(house, site, site_with((ON_MOVE,), (), {ref: ITEM}), now=at(DAY))
        assert [letter.notice.why for letter in house.read(outbox.by_hand)] == [Why.MOVED]

    def test_a_dry_run_lists_the_same_and_tells_nobody(self, house: House, site: Site) -> None:
        ref = spoke(house)
        published = site_with((ON_MOVE,), (), {ref: ITEM})
        for _ in range(2):
            dry = told(house, site, published, now=at(DAY), dry_run=True)
            assert dry == [(ref, Why.MOVED)]
        assert waiting(house, at(DAY)) == []
        assert told(house, site, published, now=at(DAY)) == dry

    def test_a_record_that_this_database_does_not_know_concerns_nobody(
        self, house: House, site: Site
    ) -> None:
        assert told(house, site, site_with((ON_MOVE,), (), {"F-222222": ITEM}), now=at(DAY)) == []

    def test_the_same_holds_on_either_database(self, store: Store, site: Site) -> None:
        house = House(store)
        ref = spoke(house)
        published = site_with((ON_MOVE,), (), {ref: ITEM})
        runs = [told(house, site, published, now=at(DAY), dry_run=dry) for dry in (True, False)]
        assert runs == [[(ref, Why.MOVED)]] * 2
        assert told(house, site, published, now=at(DAY)) == []


def as_rows(*rows: object) -> list[dict[str, Any]]:
    """Rows as a file of open data has them."""
    listed: list[dict[str, Any]] = json.loads(to_json([plain(row, whole=True) for row in rows]))
    return listed


MOVES = as_rows(ON_MOVE)
CHANGES = as_rows(CHANGE, a_change(None))
CHANGES[0]["more"] = 1  # what a later version says besides
RECORDS = as_rows(a_record("F-222222", **ITEM, **DONE))


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
        expected = site_with((ON_MOVE,), (CHANGE, a_change(None)), {"F-222222": {**ITEM, **DONE}})
        assert PublishedLoop.of(in_folder(tree)) == expected
        assert PublishedLoop.of(on_the_web(hosted(tree))) == expected

    @pytest.mark.parametrize(
        "files",
        [
            {"moves": "<!doctype html>"},
            {"moves": "[]"},
            {"moves": "null"},
            {"moves": [{**MOVES[0], "on": 3}]},
            {"moves": [{**MOVES[0], "on": "soon"}]},
            {"moves": [{**MOVES[0], "to": "the moon"}]},
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
            PublishedLoop.of(in_folder(tree))

    def test_a_folder_that_is_no_site_says_what_to_do(self, tmp_path: Path) -> None:
        with pytest.raises(CannotNotify, match=r"Build the site first"):
            PublishedLoop.of(in_folder(tmp_path))

    def test_a_site_without_open_data_is_told_with_its_answer(
        self, tmp_path: Path, hosted: Callable[[Path], str]
    ) -> None:
        with pytest.raises(CannotNotify, match=r"answers 404, so nobody was told"):
            PublishedLoop.of(on_the_web(hosted(tmp_path)))

    def test_a_site_that_is_down_is_told(self) -> None:
        with pytest.raises(CannotNotify, match=r"can't be reached"):
            PublishedLoop.of(on_the_web("http://127.0.0.1:9/"))

    @pytest.mark.parametrize("url", ["http://example.org", "file:///etc", "nonsense", ""])
    def test_only_a_safe_address_is_asked(self, url: str) -> None:
        with pytest.raises(CannotNotify, match=r"isn't safe to ask"):
            PublishedLoop.of(on_the_web(url))


class TestTheNotifyCommand:
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
