"""`./run pull` tells what it would bring, asks before much vanishes, and works over the network."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as Address

from commands.local_server import free_port, serving
from commands.pull import MANY, pull
from feedback.model import CaseStatus, Route
from feedback.publication import harvest
from feedback.pull import as_json
from feedback.record_source import SOURCE
from feedback.store import Store
from feedback.store.actions import submissions
from feedback.store.database.engine import sqlite_driver
from tests.copies import ROOT
from tests.speaking import Speaking, speaking
from tests.test_pull import heard, published
from tests.tiny import SITE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection
    from starlette.requests import Request

pytestmark = pytest.mark.long


TOKEN = "a token of the tests, long enough to be one"


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Speaking]:
    service = speaking(tmp_path, ROOT / "theme")
    (tmp_path / "content").mkdir()
    (tmp_path / "site.toml").write_text(SITE, encoding="utf-8")
    monkeypatch.setenv("OPEN_HOUSE_DATABASE", f"sqlite:///{tmp_path / 'feedback.sqlite3'}")
    monkeypatch.setenv("OPEN_HOUSE_SECRET", "s" * 32)
    with service.store:
        yield service


def pulled(folder: Path, answer: str = "", **options: Any) -> tuple[int, str]:
    """Pull as the task does; returns its code and everything that it said and asked."""
    printed: list[str] = []

    def ask(question: str) -> str:
        printed.append(question)
        if not answer:
            raise EOFError  # nobody is there
        return answer

    typed: dict[str, Any] = {"service": "", "dry_run": False, "yes": False} | options
    code = pull(
        folder, folder / "content", folder / "site.toml", say=printed.append, ask=ask, **typed
    )
    return code, "\n".join(printed)


def files_of(folder: Path) -> dict[str, str]:
    """Everything in the content folder."""
    paths = sorted(path for path in (folder / "content").rglob("*") if path.is_file())
    return {path.name: path.read_text(encoding="utf-8") for path in paths}


def take_everything_back(service: Speaking) -> None:
    """Have every tenant withdraw what they said."""
    now = service.clock()
    with service.store.read() as conn:
        refs = [case.ref for case in submissions.public(conn)]

    def withdraw(conn: Connection) -> None:
        for ref in refs:
            submissions.withdraw(conn, ref, now=now)

    service.store.write_now(withdraw)


def backed_up(folder: Path) -> Path:
    """Copy the database as it stands; returns the copy."""
    driver, copy = sqlite_driver(), folder / "backup.sqlite3"
    database = driver.connect(folder / "feedback.sqlite3")
    database.execute("VACUUM INTO ?", (str(copy),))
    database.close()
    return copy


def test_it_tells_what_is_new_and_a_dry_run_writes_nothing(
    service: Speaking, tmp_path: Path
) -> None:
    ref = published(service).ref
    code, printed = pulled(tmp_path, dry_run=True)
    assert code == 0
    assert f"New: feedback/2026/{ref.lower()}.yaml" in printed
    assert files_of(tmp_path) == {}
    assert "./run publish" in pulled(tmp_path)[1]
    assert f"{ref.lower()}.yaml" in files_of(tmp_path)
    assert "Nothing new" in pulled(tmp_path)[1]


def test_much_that_vanishes_at_once_is_asked_about(service: Speaking, tmp_path: Path) -> None:
    for number in range(MANY):
        published(service, f"Word {number}.")
    assert pulled(tmp_path)[0] == 0
    before = files_of(tmp_path)
    take_everything_back(service)
    for answer in ("", "no"):
        code, printed = pulled(tmp_path, answer)
        assert code == 1
        assert f"{MANY} records would be withdrawn at once." in printed
        assert files_of(tmp_path) == before
    assert pulled(tmp_path, "y")[0] == 0
    assert sum("withdrawn:" in text for text in files_of(tmp_path).values()) == MANY


def test_whoever_means_it_is_not_asked(service: Speaking, tmp_path: Path) -> None:
    for number in range(MANY):
        published(service, f"Word {number}.")
    pulled(tmp_path)
    take_everything_back(service)
    code, printed = pulled(tmp_path, yes=True)
    assert code == 0
    assert "at once" not in printed


def test_what_cannot_be_meant_is_a_sentence_and_changes_nothing(
    service: Speaking,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    published(service)
    monkeypatch.setenv("OPEN_HOUSE_DATABASE", "mysql://db.example.org/house")
    assert pulled(tmp_path)[0] == 2
    assert "OPEN_HOUSE_DATABASE is no address" in capsys.readouterr().err
    (tmp_path / "site.toml").write_text("languages = [", encoding="utf-8")
    assert pulled(tmp_path)[0] == 2
    assert "site.toml" in capsys.readouterr().err
    assert files_of(tmp_path) == {}


def test_it_brings_the_same_over_the_network_for_the_right_token(
    service: Speaking,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    published(service)
    state = service.app.routes[0].app.state  # type: ignore[attr-defined]
    settings = replace(state.service.settings, api_token=TOKEN)
    state.service = replace(state.service, settings=settings)
    with serving(service.app, free_port()) as address:
        monkeypatch.setenv("OPEN_HOUSE_API_TOKEN", TOKEN.upper())
        assert pulled(tmp_path, service=f"{address}feedback/")[0] == 1
        assert "The service refuses the token." in capsys.readouterr().err
        assert files_of(tmp_path) == {}
        monkeypatch.setenv("OPEN_HOUSE_API_TOKEN", TOKEN)
        assert pulled(tmp_path, service=f"{address}feedback/")[0] == 0
    from_afar = files_of(tmp_path)
    assert "Nothing new" in pulled(tmp_path)[1]  # than what stands in the database here
    assert pulled(tmp_path, service=f"{address}feedback/")[0] == 1
    assert "can't be reached" in capsys.readouterr().err
    assert files_of(tmp_path) == from_afar


def test_a_service_from_afar_cannot_declare_a_telephone_harmless_unseen(
    service: Speaking,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    published(service, "A first one.")
    with service.store.read() as conn:
        honest = harvest(conn, service.site)
    files = {
        path: text.replace("A first one.", "Ring us on 01632 960123.")
        for path, text in honest.files.items()
    }
    ref = next(path for path in files if "/f-" in path)[-13:-5].upper()
    lying = as_json(replace(honest, files=files, cleared={ref: ("01632 960123",)}))

    async def answer(_: Request) -> Response:
        return Response(lying, media_type="application/json")

    monkeypatch.setenv("OPEN_HOUSE_API_TOKEN", TOKEN)
    app = Starlette(routes=[Address("/feedback/api/v1/public", answer)])
    with serving(app, free_port()) as address:
        assert pulled(tmp_path, service=f"{address}feedback/", yes=True)[0] == 1
        assert "01632 960123" in capsys.readouterr().err
        code, printed = pulled(tmp_path, "n", service=f"{address}feedback/")
        assert (code, "May they?" in printed) == (1, True)
        assert files_of(tmp_path) == {}
        assert pulled(tmp_path, "y", service=f"{address}feedback/")[0] == 0
        assert "Nothing new" in pulled(tmp_path, service=f"{address}feedback/", yes=True)[1]


class TestUnknownIsNotWithdrawn:
    """A record is withdrawn when the service says so, by name, and never because it isn't known."""

    def stands(self, service: Speaking, tmp_path: Path, *words: str) -> dict[str, str]:
        """Pull a record for each word, and return what stands in the content folder."""
        for word in words or ("One.", "Two."):
            published(service, word)
        assert pulled(tmp_path)[0] == 0
        return files_of(tmp_path)

    def another(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """Have the settings name another database, which isn't there yet."""
        file = tmp_path / "another.sqlite3"
        monkeypatch.setenv("OPEN_HOUSE_DATABASE", f"sqlite:///{file}")
        return file

    def test_where_no_service_ran_a_pull_makes_no_database_and_says_where_to_ask(
        self,
        service: Speaking,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        before = self.stands(service, tmp_path)
        for name in ("OPEN_HOUSE_DATABASE", "OPEN_HOUSE_SECRET"):
            monkeypatch.delenv(name)
        clone = tmp_path / "clone"
        shutil.copytree(tmp_path / "content", clone / "content")
        shutil.copy(tmp_path / "site.toml", clone)
        assert pulled(clone, yes=True)[0] == 1
        assert "no feedback database on this machine" in (printed := capsys.readouterr().err)
        assert "./run pull --service ADDRESS" in printed
        assert sorted(path.name for path in clone.iterdir()) == ["content", "site.toml"]
        assert files_of(clone) == before

    @pytest.fixture(params=["sqlite", "postgresql"])
    def empty(self, request: pytest.FixtureRequest, tmp_path: Path) -> str:
        """The address of a database that holds nothing, of either sort."""
        if request.param == "postgresql":
            address: str = request.getfixturevalue("postgresql").database(empty=True)
            return address
        (tmp_path / "empty.sqlite3").touch()
        return f"sqlite:///{tmp_path / 'empty.sqlite3'}"

    def test_an_empty_database_withdraws_nothing(
        self,
        service: Speaking,
        tmp_path: Path,
        empty: str,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        before = self.stands(service, tmp_path)
        monkeypatch.setenv("OPEN_HOUSE_DATABASE", empty)
        assert pulled(tmp_path, yes=True)[0] == 1
        assert "holds no feedback service" in capsys.readouterr().err
        settings = replace(service.service.settings, database=empty)
        Store.open(settings).close()  # as the service makes it
        assert pulled(tmp_path, yes=True)[0] == 1
        assert "another database" in capsys.readouterr().err
        assert files_of(tmp_path) == before

    def test_one_that_never_saw_the_records_is_refused_where_nobody_kept_their_source(
        self,
        service: Speaking,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        self.stands(service, tmp_path)
        (tmp_path / "content" / SOURCE).unlink()  # pulled by an earlier version
        before = files_of(tmp_path)
        file = self.another(tmp_path, monkeypatch)
        Store.open(replace(service.service.settings, database=f"sqlite:///{file}")).close()
        assert pulled(tmp_path, yes=True)[0] == 1
        assert re.search(r"has never seen F-\w{6}, F-\w{6},", capsys.readouterr().err)
        assert files_of(tmp_path) == before
        monkeypatch.setenv("OPEN_HOUSE_DATABASE", service.service.settings.database)
        assert pulled(tmp_path)[0] == 0
        assert SOURCE.rpartition("/")[2] in files_of(tmp_path)

    def test_a_backup_from_before_the_last_pull_is_refused_and_stays_so(
        self,
        service: Speaking,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self.stands(service, tmp_path)
        backup = backed_up(tmp_path)
        before = self.stands(service, tmp_path, "Three.")
        monkeypatch.setenv("OPEN_HOUSE_DATABASE", f"sqlite:///{backup}")
        assert pulled(tmp_path, yes=True)[0] == 1
        assert "older than the records here" in capsys.readouterr().err
        restored = Store.open(replace(service.service.settings, database=f"sqlite:///{backup}"))
        with restored:  # more has happened in it meanwhile than what is missing
            for number in range(9):
                published(replace(service, store=restored), f"Later {number}.")
        assert pulled(tmp_path, yes=True)[0] == 1
        assert "older than the records here" in capsys.readouterr().err
        assert files_of(tmp_path) == before

    def test_a_new_database_is_accepted_by_name_and_what_it_never_saw_stays(
        self,
        service: Speaking,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        before = self.stands(service, tmp_path)
        file = self.another(tmp_path, monkeypatch)
        with Store.open(replace(service.service.settings, database=f"sqlite:///{file}")) as store:
            ref = published(replace(service, store=store), "The first in the new one.").ref
            code, printed = pulled(tmp_path, accept_source=True)
            assert (code, "Withdrawn" in printed) == (0, False)
            assert f"New: feedback/2026/{ref.lower()}.yaml" in printed
            records = {name for name in before if name.startswith("f-")}
            assert all(files_of(tmp_path)[name] == before[name] for name in records)
            assert "Nothing new" in pulled(tmp_path)[1]  # and needs no word the next time
            take_everything_back(replace(service, store=store))
            assert pulled(tmp_path)[1].count("Withdrawn") == 1

    def test_what_was_taken_back_since_a_backup_comes_back_only_if_a_person_says_so(
        self, service: Speaking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.stands(service, tmp_path)
        backup = backed_up(tmp_path)
        take_everything_back(service)
        pulled(tmp_path)
        before = files_of(tmp_path)
        monkeypatch.setenv("OPEN_HOUSE_DATABASE", f"sqlite:///{backup}")
        code, printed = pulled(tmp_path, accept_source=True)
        assert code == 1
        assert "2 records that were taken back would be public again." in printed
        assert files_of(tmp_path) == before

    def test_an_older_service_withdraws_only_what_it_names(
        self,
        service: Speaking,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self.stands(service, tmp_path, "One.")
        take_everything_back(service)
        before = files_of(tmp_path)
        answer: dict[str, dict[str, str]] = {"files": {}, "cleared": {}, "merged": {}}

        async def older(request: Request) -> JSONResponse:
            assert request.headers["authorization"] == f"Bearer {TOKEN}"
            return JSONResponse(answer)

        monkeypatch.setenv("OPEN_HOUSE_API_TOKEN", TOKEN)
        app = Starlette(routes=[Address("/feedback/api/v1/public", older)])
        with serving(app, free_port()) as address:
            assert pulled(tmp_path, service=f"{address}feedback/", yes=True)[0] == 1
            assert "The service is of an older version" in capsys.readouterr().err
            assert files_of(tmp_path) == before
            ref = next(name for name in before if name.startswith("f-")).upper()[:8]
            answer["merged"] = {ref: "F-2K7Q9T"}
            code, printed = pulled(tmp_path, service=f"{address}feedback/")
        assert (code, printed.count("Withdrawn")) == (0, 1)
        assert "into: F-2K7Q9T" in "".join(files_of(tmp_path).values())

    def test_over_the_network_another_or_older_database_is_known_too(
        self,
        service: Speaking,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self.stands(service, tmp_path)
        file = tmp_path / "content" / SOURCE
        remembered = file.read_text(encoding="utf-8")
        running = service.app.routes[0].app.state  # type: ignore[attr-defined]
        settings = replace(running.service.settings, api_token=TOKEN)
        running.service = replace(running.service, settings=settings)
        monkeypatch.setenv("OPEN_HOUSE_API_TOKEN", TOKEN)
        name, mark = remembered.splitlines()[-1].split()
        with serving(service.app, free_port()) as address:
            for line, sentence in (
                (f"{'0' * 32} {mark}", "another database"),
                (f"{name} {'0' * 24}", "older than the records here"),
                ("<<<<<<< ours", "can't be read"),
            ):
                file.write_text(line + "\n", encoding="utf-8")
                assert pulled(tmp_path, service=f"{address}feedback/")[0] == 1
                assert sentence in capsys.readouterr().err
            two = f"{remembered}{name} {mark}\n"  # two people's, as git puts them together
            file.write_text(two, encoding="utf-8")
            assert pulled(tmp_path, service=f"{address}feedback/")[0] == 0

    @pytest.mark.parametrize(
        "decided", [CaseStatus.COUNTED, CaseStatus.DECLINED, CaseStatus.ROUTED]
    )
    def test_whatever_stood_in_public_is_named_when_it_is_taken_back(
        self, decided: CaseStatus, service: Speaking, tmp_path: Path
    ) -> None:
        case, now = heard(service), service.clock()
        reason = {"en": "No."} if decided == CaseStatus.DECLINED else None
        route = Route.REPAIR if decided == CaseStatus.ROUTED else None
        service.store.write_now(
            lambda conn: submissions.decide(
                conn,
                case.ref,
                version=case.version,
                status=decided,
                by="sian",
                now=now,
                reason=reason,
                route=route,
            )
        )
        pulled(tmp_path)
        service.store.write_now(lambda conn: submissions.withdraw(conn, case.ref, now=now))
        assert f"Withdrawn: feedback/2026/{case.ref.lower()}.yaml" in pulled(tmp_path)[1]
