"""What may be public comes into the content folder: all of it or nothing, and no word more."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from core.public.record_files import unstamped
from core.public.vocabulary import Fixed, SubmissionSort, Target, Turning
from core.working_time import WorkingTime
from feedback import publication
from feedback.model import AnswerBy, CaseStatus, Contact, Route, Submission
from feedback.pull import CannotPull, Changes, _harvest, as_json, fetch, plan, write
from feedback.store.actions import submissions
from feedback.store.voices import strikes, votes
from tests.copies import ROOT
from tests.speaking import CHROME, Speaking, speaking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from feedback.model import Case
    from feedback.publication import Harvest

PRIVATE = "Nia Rowe, 4 Heol y Bont, nia@example.org, 01632 960123"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Speaking]:
    service = speaking(tmp_path, ROOT / "theme")
    with service.store:
        yield service


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    return folder


def heard(service: Speaking, words: str = "The gutter drips.", **more: object) -> Case:
    """Take a submission in, as the web form does."""
    now = service.clock()
    submission = Submission(
        sort=SubmissionSort.PROBLEM,
        lang="en",
        said=f"{words} {PRIVATE}",
        topic="repairs",
        may_publish=True,
        answer_by=AnswerBy.RECEIPT,
        contact=Contact(name="Nia Rowe", email="nia@example.org"),
        **more,  # type: ignore[arg-type]
    )
    due = WorkingTime.of(service.site).due(now, 10)
    seed = Random(words)
    added = service.store.write_now(
        lambda conn: submissions.add(
            conn, service.store.tokens, submission, idempotency=words, now=now, due=due, random=seed
        )
    )
    with service.store.read() as conn:
        case = submissions.case(conn, added.ref)
    assert case
    return case


def published(service: Speaking, words: str = "The gutter drips.", public: str = "") -> Case:
    """Take a submission in, redact, answer and publish it, as staff do at the desk."""
    case, now = heard(service, words), service.clock()

    def decide(conn):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202 - a piece of work
        done = submissions.redact(
            conn,
            case.ref,
            version=case.version,
            public_text=public or words,
            kinds=["name"],
            by="sian",
            now=now,
        )
        done = submissions.reply(
            conn,
            case.ref,
            version=done.version,
            texts={"en": "We came.", "cy": "Fe ddaethon ni."},
            by="sian",
            team="repairs",
            now=now,
        )
        return submissions.decide(
            conn, case.ref, version=done.version, status=CaseStatus.PUBLISHED, by="sian", now=now
        )

    return service.store.write_now(decide)  # type: ignore[no-any-return]


def harvest(service: Speaking) -> Harvest:
    with service.store.read() as conn:
        return publication.harvest(conn, service.site)


def pulled(service: Speaking, content: Path) -> Changes:
    """Pull; returns what changed."""
    changes = plan(harvest(service), content, service.site, service.clock().date())
    write(changes, content)
    return changes


def everything(content: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(content.rglob("*.yaml")))


PARTS = {"gutters": ["dry-walls"], "pipes": ["dry-walls", "warm-rooms"]}
TURNS = "feedback/turns.yaml"


class TestWhenAnswersTurn:
    """The day on which tenants' answers about an item turned is a public fact, and stays one."""

    def answer(self, service: Speaking, change: str, *answers: str) -> None:
        """Have a device answer each day from now on, and somebody look at it."""
        for fixed in answers:
            device, now = f"{change} {service.clock()}", service.clock()
            answer = partial(votes.confirm_fixed, change=change, device=device, now=now)
            service.store.write_now(partial(answer, fixed=Fixed(fixed)))
            look = partial(strikes.look, target=Target("change", change), until=now, now=now)
            service.store.write_now(look)
            service.clock.pass_by(days=1)

    def pull(self, service: Speaking, content: Path, parts: object = PARTS) -> list[str]:
        with service.store.read() as conn:
            harvested = publication.harvest(conn, service.site, parts)  # type: ignore[arg-type]
        again = _harvest(as_json(harvested).encode())
        assert again == harvested
        changes = plan(again, content, service.site, service.clock().date())
        write(changes, content)
        file = content / TURNS
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
        return [line for line in lines if line.startswith("- ")]

    def test_it_is_the_day_of_the_answer_that_turned_them(
        self, service: Speaking, content: Path
    ) -> None:
        self.answer(service, "gutters", "yes", "no", "no", "partly")  # from 4 March: too few
        assert self.pull(service, content) == []
        self.answer(service, "gutters", "no", "no")
        line = "- {item: dry-walls, to: reopened, 'on': 2026-03-08}"
        assert self.pull(service, content) == [line]
        self.answer(service, "gutters", "no")
        service.clock.pass_by(days=30)
        assert self.pull(service, content) == [line]

    def test_an_item_is_judged_by_all_its_changes(self, service: Speaking, content: Path) -> None:
        self.answer(service, "gutters", "no", "no", "yes")
        self.answer(service, "pipes", "no", "no", "no")
        assert self.pull(service, content) == [
            "- {item: dry-walls, to: reopened, 'on': 2026-03-08}",
        ]

    def test_what_stands_stays_when_somebody_changes_their_mind(
        self, service: Speaking, content: Path
    ) -> None:
        self.answer(service, "gutters", *["no"] * 6)
        (line,) = self.pull(service, content)
        first = f"gutters {service.clock() - timedelta(days=6)}"
        service.store.write_now(lambda conn: votes.unconfirm(conn, "gutters", device=first))
        assert self.pull(service, content) == [line]

    def test_it_is_told_when_they_turn_back_and_again(
        self, service: Speaking, content: Path
    ) -> None:
        self.answer(service, "gutters", *["no"] * 5)
        self.pull(service, content)
        self.answer(service, "gutters", *["yes"] * 5)
        assert self.pull(service, content)[1:] == [
            "- {item: dry-walls, to: settled, 'on': 2026-03-13}"
        ]
        self.answer(service, "gutters", "no")
        assert self.pull(service, content)[2:] == [
            "- {item: dry-walls, to: reopened, 'on': 2026-03-14}"
        ]

    def test_answers_that_were_taken_back_settle_it_on_the_day_of_the_pull(
        self, service: Speaking, content: Path
    ) -> None:
        self.answer(service, "gutters", *["no"] * 5)
        self.pull(service, content)
        first = f"gutters {service.clock() - timedelta(days=5)}"
        service.store.write_now(lambda conn: votes.unconfirm(conn, "gutters", device=first))
        service.clock.pass_by(days=10)
        assert self.pull(service, content)[1:] == [
            "- {item: dry-walls, to: settled, 'on': 2026-03-19}"
        ]

    def test_a_service_that_knows_no_items_changes_nothing(
        self, service: Speaking, content: Path
    ) -> None:
        self.answer(service, "gutters", *["no"] * 5)
        lines = self.pull(service, content)
        assert self.pull(service, content, {}) == lines
        with service.store.read() as conn:
            harvested = publication.harvest(conn, service.site, PARTS)
        older = json.loads(as_json(harvested))
        del older["turned"]
        harvest = _harvest(json.dumps(older).encode())
        assert plan(harvest, content, service.site, service.clock().date()).nothing

    def test_the_service_knows_items_from_the_built_site(
        self, service: Speaking, tmp_path: Path
    ) -> None:
        chrome = CHROME | {"parts": PARTS}
        (tmp_path / "tree" / "_chrome.json").write_text(json.dumps(chrome), encoding="utf-8")
        self.answer(service, "gutters", *["no"] * 5)
        running = service.app.routes[0].app.state  # type: ignore[attr-defined]
        token = "a token of the tests, long enough to be one"
        settings = replace(running.service.settings, api_token=token)
        running.service = replace(running.service, settings=settings)
        headers = {"authorization": f"Bearer {token}"}
        answer = service.browser.get("/feedback/api/v1/public", headers=headers)
        assert answer.json()["turned"]["dry-walls"] == ["reopened", "2026-03-08"]

    def test_a_file_that_cannot_be_read_stops_the_pull(
        self, service: Speaking, content: Path
    ) -> None:
        (content / "feedback").mkdir()
        (content / TURNS).write_text("turns:\n- {item: x, to: sideways}\n", encoding="utf-8")
        with pytest.raises(CannotPull, match=r"turns\.yaml"):
            self.pull(service, content)


class TestThePrivacyLine:
    def test_a_published_record_holds_what_was_redacted_and_nothing_more(
        self, service: Speaking, content: Path
    ) -> None:
        case = published(service)
        pulled(service, content)
        text = (content / f"feedback/2026/{case.ref.lower()}.yaml").read_text(encoding="utf-8")
        assert "said: The gutter drips." in text
        assert "received: 2026-03" in text
        assert "We came." in text
        for private in ("Nia", "Rowe", "Heol", "example.org", "960123", "sian"):
            assert private not in everything(content)

    def test_counted_words_never_leave_the_desk(self, service: Speaking, content: Path) -> None:
        case = heard(service, "Nobody shall read this.")
        service.store.write_now(
            lambda conn: submissions.decide(
                conn,
                case.ref,
                version=case.version,
                status=CaseStatus.COUNTED,
                by="sian",
                now=service.clock(),
            )
        )
        pulled(service, content)
        assert "status: counted" in everything(content)
        assert "Nobody shall read" not in everything(content)

    @pytest.mark.parametrize("route", list(Route))
    def test_what_was_handed_over_for_somebodys_safety_is_no_record(
        self, route: Route, service: Speaking, content: Path
    ) -> None:
        case = heard(service)
        service.store.write_now(
            lambda conn: submissions.decide(
                conn,
                case.ref,
                version=case.version,
                status=CaseStatus.ROUTED,
                route=route,
                by="sian",
                now=service.clock(),
            )
        )
        pulled(service, content)
        assert (case.ref in everything(content)) == (route != Route.SAFEGUARDING)

    def test_undecided_words_stay_where_they_are(self, service: Speaking, content: Path) -> None:
        case = heard(service)
        pulled(service, content)
        assert case.ref not in everything(content)

    def test_what_still_looks_personal_is_refused_whole(
        self, service: Speaking, content: Path
    ) -> None:
        published(service, "A first one.")
        harvested = harvest(service)
        path = next(path for path in harvested.files if "/2026/" in path)
        text = harvested.files[path].replace("A first one.", "Ring me on 01632 960123.")
        spoilt = publication.Harvest({**harvested.files, path: text})
        with pytest.raises(CannotPull, match="phone"):
            plan(spoilt, content, service.site, service.clock().date())
        assert not list(content.rglob("*"))

    def test_what_staff_cleared_is_let_through(self, service: Speaking, content: Path) -> None:
        published(service, "A first one.")
        harvested = harvest(service)
        path = next(path for path in harvested.files if "/2026/" in path)
        text = harvested.files[path].replace("A first one.", "Ring 01632 960123.")
        ref = path.rpartition("/")[2].removesuffix(".yaml").upper()
        cleared = publication.Harvest({**harvested.files, path: text}, {ref: ("01632 960123",)})
        changes = plan(cleared, content, service.site, service.clock().date())
        assert changes.new
        assert changes.vouched == (f"{ref}: what was said holds “01632 960123”",)


class TestPulling:
    def test_an_answer_in_one_language_comes_in_and_waits_for_its_translation(
        self, service: Speaking, content: Path
    ) -> None:
        case, now = heard(service), service.clock()
        seen: dict[str, Any] = {"by": "sian", "now": now}

        def answer(conn: Connection) -> None:
            texts = {"en": "We will come."}
            done = submissions.reply(
                conn, case.ref, version=case.version, texts=texts, team="repairs", **seen
            )
            submissions.decide(
                conn,
                case.ref,
                version=done.version,
                status=CaseStatus.ROUTED,
                route=Route.REPAIR,
                **seen,
            )

        service.store.write_now(answer)
        pulled(service, content)
        assert "en: We will come." in everything(content)

    def test_twice_changes_nothing(self, service: Speaking, content: Path) -> None:
        published(service)
        assert pulled(service, content).new
        assert pulled(service, content).nothing

    def test_new_changed_and_withdrawn_are_told_apart(
        self, service: Speaking, content: Path
    ) -> None:
        first, second = published(service, "One."), published(service, "Two.")
        pulled(service, content)
        service.store.write_now(
            lambda conn: submissions.withdraw(conn, first.ref, now=service.clock())
        )
        service.store.write_now(
            lambda conn: submissions.reply(
                conn,
                second.ref,
                version=second.version,
                texts={"en": "We came again."},
                by="sian",
                team="repairs",
                now=service.clock(),
            )
        )
        published(service, "Three.")
        changes = pulled(service, content)
        assert changes.withdrawn == (f"feedback/2026/{first.ref.lower()}.yaml",)
        assert f"feedback/2026/{second.ref.lower()}.yaml" in changes.changed
        assert len([path for path in changes.new if "/2026/" in path]) == 1

    def test_a_withdrawn_record_leaves_a_tombstone_that_stays(
        self, service: Speaking, content: Path
    ) -> None:
        case = published(service)
        pulled(service, content)
        service.store.write_now(
            lambda conn: submissions.withdraw(conn, case.ref, now=service.clock())
        )
        pulled(service, content)
        stone = (content / f"feedback/2026/{case.ref.lower()}.yaml").read_text(encoding="utf-8")
        assert "withdrawn: 2026-03" in stone
        assert "gutter" not in stone
        service.clock.pass_by(days=90)
        assert pulled(service, content).nothing

    def test_votes_online_and_offline_are_counted_apart(
        self, service: Speaking, content: Path
    ) -> None:
        item = Target("roadmap", "dry-walls")
        service.store.write_now(lambda conn: votes.vote(conn, item, "a", now=service.clock()))
        service.store.write_now(lambda conn: votes.vote(conn, item, "b", now=service.clock()))
        pulled(service, content)
        assert "{kind: roadmap, key: dry-walls, online: 2" in everything(content)

    @pytest.mark.parametrize(
        "nonsense",
        [
            b"",
            b"<html>",
            b"[]",
            b'{"files": 3, "cleared": {}, "merged": {}}',
            b"{" * 10_000,
            b"[" * 200_000,
        ],
    )
    def test_nonsense_from_afar_is_a_sentence(self, nonsense: bytes) -> None:
        with pytest.raises(CannotPull, match="isn't records"):
            _harvest(nonsense)

    def test_nothing_happened_on_a_day_that_has_not_come(
        self, service: Speaking, content: Path
    ) -> None:
        published(service, "A first one.")
        harvested = harvest(service)
        path = next(path for path in harvested.files if "/2026/" in path)
        text = re.sub(r"(?<='on': )[\d-]+", "9999-12-31", harvested.files[path])
        far = publication.Harvest(
            {path: text}, turned={"dry-walls": publication.ItemVerdict(Turning.REOPENED, date.max)}
        )
        with pytest.raises(CannotPull, match=r"answered on 9999-12-31(.|\n)*turned on 9999-12-31"):
            plan(far, content, service.site, service.clock().date())

    @pytest.mark.parametrize(
        "path", ["../../etc/passwd", "feedback/2026/evil.py", "posts/2026-01-01-x.en.md"]
    )
    def test_a_service_cannot_write_where_it_likes(
        self, path: str, service: Speaking, content: Path
    ) -> None:
        with pytest.raises(CannotPull, match="No record stands"):
            plan(publication.Harvest({path: "x"}), content, service.site, service.clock().date())

    def test_a_service_that_is_down_changes_nothing(self) -> None:
        with pytest.raises(CannotPull, match="can't be reached"):
            fetch("http://127.0.0.1:9/feedback/", "token")

    def test_words_go_over_https_alone(self) -> None:
        with pytest.raises(CannotPull, match="https://"):
            fetch("http://feedback.example.org/", "token")


class TestFromAfar:
    def test_only_who_holds_the_token_may_read(self, service: Speaking) -> None:
        answer = service.browser.get("/feedback/api/v1/public")
        assert answer.status_code == 403

    def test_what_comes_over_the_wire_is_what_was_there(self, service: Speaking) -> None:
        published(service)
        harvested = harvest(service)
        again = _harvest(as_json(harvested).encode())
        assert dict(again.files) == dict(harvested.files)
        assert json.loads(as_json(harvested))["merged"] == {}


class TestWhatChangedSince:
    """A record says when it last changed in public, and what didn't change costs nothing."""

    def modified(self, content: Path) -> str:
        (file,) = content.glob("feedback/*/f-*.yaml")
        return file.read_text(encoding="utf-8").partition("\nmodified: ")[2].partition("\n")[0]

    def test_a_record_keeps_its_day_until_it_changes(
        self, service: Speaking, content: Path
    ) -> None:
        case = published(service)
        pulled(service, content)
        first = self.modified(content)
        assert first == service.clock().date().isoformat()
        service.clock.pass_by(days=3)
        assert pulled(service, content).nothing
        assert self.modified(content) == first
        with service.store.read() as conn:
            now = submissions.case(conn, case.ref)
        assert now
        service.store.write_now(
            partial(
                submissions.redact,
                ref=case.ref,
                version=now.version,
                public_text="The gutter drips still.",
                kinds=["name"],
                by="sian",
                now=service.clock(),
            )
        )
        assert pulled(service, content).changed
        assert self.modified(content) == service.clock().date().isoformat()

    def test_records_of_an_earlier_version_are_not_written_anew(
        self, service: Speaking, content: Path
    ) -> None:
        published(service)
        pulled(service, content)
        (file,) = content.glob("feedback/*/f-*.yaml")
        file.write_text(unstamped(file.read_text(encoding="utf-8")), encoding="utf-8")
        assert pulled(service, content).nothing

    def test_what_stands_already_is_not_read_again(
        self, service: Speaking, content: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        published(service)
        pulled(service, content)

        def read(*_: object) -> None:
            raise AssertionError("read again")

        monkeypatch.setattr("feedback.pull.read_record", read)
        assert pulled(service, content).nothing
