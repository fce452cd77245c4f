"""`./run pull` tells what it would bring, asks before much vanishes, and works over the network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from commands.pull import MANY, pull
from commands.serving import free_port, serving
from feedback.store import submissions
from tests.copies import ROOT
from tests.speaking import Speaking, speaking
from tests.test_pull import published
from tests.tiny import SITE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

TOKEN = "a token of the tests, long enough to be one"


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Speaking]:
    found = speaking(tmp_path, ROOT / "theme")
    (tmp_path / "content").mkdir()
    (tmp_path / "site.toml").write_text(SITE, encoding="utf-8")
    monkeypatch.setenv("OPEN_HOUSE_DATABASE", f"sqlite:///{tmp_path / 'feedback.sqlite3'}")
    monkeypatch.setenv("OPEN_HOUSE_SECRET", "s" * 32)
    with found.store:
        yield found


def pulled(folder: Path, answer: str = "", **options: Any) -> tuple[int, str]:
    """Pull as the task does; returns its code and everything that it said and asked."""
    said: list[str] = []

    def ask(question: str) -> str:
        said.append(question)
        if not answer:
            raise EOFError  # nobody is there
        return answer

    given: dict[str, Any] = {"service": "", "dry_run": False, "yes": False} | options
    code = pull(folder, folder / "content", folder / "site.toml", say=said.append, ask=ask, **given)
    return code, "\n".join(said)


def files_of(folder: Path) -> dict[str, str]:
    """Everything in the content folder."""
    there = sorted(path for path in (folder / "content").rglob("*") if path.is_file())
    return {path.name: path.read_text(encoding="utf-8") for path in there}


def take_everything_back(service: Speaking) -> None:
    """Have every tenant withdraw what they said."""
    now = service.clock()
    with service.store.read() as conn:
        refs = [case.ref for case in submissions.public(conn)]

    def withdraw(conn: Connection) -> None:
        for ref in refs:
            submissions.withdraw(conn, ref, now=now)

    service.store.write_now(withdraw)


def test_it_tells_what_is_new_and_a_dry_run_writes_nothing(
    service: Speaking, tmp_path: Path
) -> None:
    ref = published(service).ref
    code, said = pulled(tmp_path, dry_run=True)
    assert code == 0
    assert f"New: feedback/2026/{ref.lower()}.yaml" in said
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
        code, said = pulled(tmp_path, answer)
        assert code == 1
        assert f"{MANY} records would be withdrawn at once." in said
        assert files_of(tmp_path) == before
    assert pulled(tmp_path, "y")[0] == 0
    assert sum("withdrawn:" in text for text in files_of(tmp_path).values()) == MANY


def test_whoever_means_it_is_not_asked(service: Speaking, tmp_path: Path) -> None:
    for number in range(MANY):
        published(service, f"Word {number}.")
    pulled(tmp_path)
    take_everything_back(service)
    code, said = pulled(tmp_path, yes=True)
    assert code == 0
    assert "at once" not in said


def test_what_cannot_be_meant_is_a_sentence_and_changes_nothing(
    service: Speaking,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    published(service)
    monkeypatch.setenv("OPEN_HOUSE_SECRET", "short")
    assert pulled(tmp_path)[0] == 2
    assert "OPEN_HOUSE_SECRET is shorter than" in capsys.readouterr().err
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
