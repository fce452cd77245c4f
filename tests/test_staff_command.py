"""The first member of staff gets in from the command line, and the last gets out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from commands.staff import add_staff, disable_staff, list_staff
from feedback import passwords
from feedback.settings import Settings
from feedback.store import Store, staff
from tests.tiny import SITE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import RunCli

PASSWORD = "three words will do"


class Terminal:
    """Where somebody types tasks, on a machine of the test's own."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.site = place / "site.toml"
        self.site.write_text(SITE, encoding="utf-8")
        self.environ = {
            "OPEN_HOUSE_DATABASE": f"sqlite:///{place / 'feedback.sqlite3'}",
            "OPEN_HOUSE_SECRET": "a secret of the tests, long enough to be one",
        }
        self.said: list[str] = []

    def add(self, name: str, typed: tuple[str, ...] = (PASSWORD, PASSWORD), **options: Any) -> int:
        answers = iter(typed)
        return add_staff(
            self.place,
            self.site,
            name,
            say=self.said.append,
            ask_secret=lambda _: next(answers),
            environ=self.environ,
            **options,
        )

    def list(self) -> list[str]:
        lines: list[str] = []
        assert list_staff(self.place, say=lines.append, environ=self.environ) == 0
        return lines

    def disable(self, name: str) -> int:
        return disable_staff(self.place, name, say=self.said.append, environ=self.environ)


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def test_somebody_who_was_added_can_log_in_with_what_was_shown(terminal: Terminal) -> None:
    assert terminal.add("sian", role="manage", lang="cy") == 0
    assert terminal.list() == ["sian: manage, cy"]
    settings = Settings.read(terminal.environ, terminal.place)
    with Store.open(settings) as store, store.read() as conn:
        member = staff.member(conn, "sian")
        secret = staff.totp_secret(conn, store.seal, "sian")
    assert member is not None
    assert passwords.fits(member.password_hash, PASSWORD)
    assert not passwords.fits(member.password_hash, PASSWORD + " ")
    told = "\n".join(terminal.said)
    assert f"key into it: {secret}" in told
    assert re.search(rf"otpauth://totp/Cartrefi%20Bach:sian\?secret={secret}", told)
    assert "█" in told  # the code to scan
    assert PASSWORD not in told


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("", {}, "Give a name"),
        ("two\nlines", {}, "Give a name"),
        ("sian", {"typed": ("short", "short")}, "12 to 200 characters"),
        ("sian", {"typed": (PASSWORD, "another one of them")}, "The two differ"),
        ("sian", {"role": "king"}, "answer, publish, manage"),
        ("sian", {"lang": "fr"}, "cy, en"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_added(
    terminal: Terminal,
    capsys: pytest.CaptureFixture[str],
    name: str,
    typed: dict[str, Any],
    words: str,
) -> None:
    assert terminal.add(name, **typed) == 2
    assert words in capsys.readouterr().err
    assert terminal.list() == ["Nobody yet. Add the first: ./run staff.add NAME --role manage"]


def test_a_name_is_given_once(terminal: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    terminal.add("sian")
    assert terminal.add("sian") == 2
    assert "somebody named sian already" in capsys.readouterr().err


def test_access_ends_at_once(terminal: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    terminal.add("sian")
    assert terminal.disable("sian") == 0
    assert terminal.list() == ["sian: answer, cy, may not log in"]
    assert terminal.disable("nia") == 2
    assert "nobody named nia" in capsys.readouterr().err


def test_a_wrong_setting_is_a_sentence(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.environ["OPEN_HOUSE_DATABASE"] = "oracle://somewhere"
    assert terminal.add("sian") == 2
    assert "OPEN_HOUSE_DATABASE" in capsys.readouterr().err


def test_without_site_toml_the_command_says_so(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.site.unlink()
    assert terminal.add("sian") == 2
    assert "site.toml can't be read" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["staff.list"], ["staff", "list"]])
def test_a_task_with_a_dot_may_be_typed_as_two_words(
    terminal: Terminal, run_cli: RunCli, words: list[str]
) -> None:
    done = run_cli(*words, env=terminal.environ)
    assert (done.returncode, done.stdout[:11]) == (0, "Nobody yet.")
