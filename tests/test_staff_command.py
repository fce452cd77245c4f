"""The first member of staff gets in from the command line, and the last gets out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from commands.staff import add_staff, disable_staff, list_staff, reset_staff
from feedback import passwords
from feedback.settings import Settings
from feedback.store import Store
from feedback.store.desk import staff
from tests.tiny import SITE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import RunCli

PASSWORD = "three words will do"
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
UNTIL: dict[str, Any] = {"now": NOON, "until": NOON + timedelta(hours=1), "random": Random(1)}


class Keyboard:
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

    def opened(self) -> Store:
        return Store.open(Settings.read(self.environ, self.place))

    def add(self, name: str, typed: tuple[str, ...] = (PASSWORD, PASSWORD), **options: Any) -> int:
        return self._asking(add_staff, name, typed, options)

    def reset(self, name: str, typed: tuple[str, ...] = (), **options: Any) -> int:
        return self._asking(reset_staff, name, typed, options)

    def _asking(
        self, task: Callable[..., int], name: str, typed: tuple[str, ...], options: dict[str, Any]
    ) -> int:
        """Run a task that asks for passwords."""
        answers = iter(typed)
        arguments = {"say": self.said.append, "environ": self.environ, **options}
        return task(self.place, self.site, name, ask_secret=lambda _: next(answers), **arguments)

    def list(self) -> list[str]:
        lines: list[str] = []
        assert list_staff(self.place, say=lines.append, environ=self.environ) == 0
        return lines

    def disable(self, name: str) -> int:
        return disable_staff(self.place, name, say=self.said.append, environ=self.environ)


@pytest.fixture
def terminal(tmp_path: Path) -> Keyboard:
    return Keyboard(tmp_path)


def test_somebody_who_was_added_can_log_in_with_what_was_shown(terminal: Keyboard) -> None:
    assert terminal.add("sian", role="manage", lang="cy") == 0
    assert terminal.list() == ["sian: manage, cy"]
    with terminal.opened() as store, store.read() as conn:
        member = staff.member(conn, "sian")
        secret = staff.totp_secret(conn, store.tokens, "sian")
    assert member is not None
    assert passwords.fits(member.password_hash, PASSWORD)
    assert not passwords.fits(member.password_hash, PASSWORD + " ")
    shown = "\n".join(terminal.said)
    assert f"key into it: {secret}" in shown
    assert re.search(rf"otpauth://totp/Cartrefi%20Bach:sian\?secret={secret}", shown)
    assert "█" in shown  # the code to scan
    assert PASSWORD not in shown


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
    terminal: Keyboard,
    capsys: pytest.CaptureFixture[str],
    name: str,
    typed: dict[str, Any],
    words: str,
) -> None:
    assert terminal.add(name, **typed) == 2
    assert words in capsys.readouterr().err
    assert terminal.list() == ["Nobody yet. Add the first: ./run staff.add NAME --role manage"]


def test_a_name_is_given_once(terminal: Keyboard, capsys: pytest.CaptureFixture[str]) -> None:
    terminal.add("sian")
    assert terminal.add("sian") == 2
    assert "somebody named sian already" in capsys.readouterr().err


def test_access_ends_at_once(terminal: Keyboard, capsys: pytest.CaptureFixture[str]) -> None:
    terminal.add("sian")
    assert terminal.disable("sian") == 0
    assert terminal.list() == ["sian: answer, cy, may not log in"]
    assert terminal.disable("nia") == 2
    assert "nobody named nia" in capsys.readouterr().err


class TestALostTelephone:
    def test_a_new_key_takes_the_place_of_the_old_one_and_the_password_stays(
        self, terminal: Keyboard
    ) -> None:
        terminal.add("sian")
        with terminal.opened() as store:
            session = store.write_now(lambda conn: staff.open_session(conn, name="sian", **UNTIL))
            lost = store.write_now(lambda conn: staff.totp_secret(conn, store.tokens, "sian"))
        assert terminal.reset("sian") == 0
        with terminal.opened() as store, store.read() as conn:
            new = staff.totp_secret(conn, store.tokens, "sian")
            member = staff.member(conn, "sian")
            assert staff.session(conn, session, now=UNTIL["now"]) is None
            (link,) = [line for line in terminal.said if "mark=" in line][1:]
            mark = parse_qs(urlsplit(link).query)["mark"][0]
            assert staff.knows(conn, store.tokens, "sian", mark)
        assert link.startswith("https://tiny.example.org/feedback/desk/log-in?name=sian&mark=")
        assert new != lost
        assert f"key into it: {new}" in "\n".join(terminal.said)
        assert member is not None
        assert passwords.fits(member.password_hash, PASSWORD)

    def test_a_new_password_is_asked_for_when_it_is_wanted(self, terminal: Keyboard) -> None:
        terminal.add("sian")
        other = "another three words"
        assert terminal.reset("sian", (other, other), password=True) == 0
        with terminal.opened() as store, store.read() as conn:
            member = staff.member(conn, "sian")
        assert member is not None
        assert passwords.fits(member.password_hash, other)

    def test_two_passwords_that_differ_change_nothing(
        self, terminal: Keyboard, capsys: pytest.CaptureFixture[str]
    ) -> None:
        terminal.add("sian")
        with terminal.opened() as store, store.read() as conn:
            before = staff.totp_secret(conn, store.tokens, "sian")
        assert terminal.reset("sian", (PASSWORD, PASSWORD + "!"), password=True) == 2
        assert "The two differ" in capsys.readouterr().err
        with terminal.opened() as store, store.read() as conn:
            assert staff.totp_secret(conn, store.tokens, "sian") == before

    def test_nobody_of_that_name_is_a_sentence(
        self, terminal: Keyboard, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert terminal.reset("nia") == 2
        assert "nobody named nia" in capsys.readouterr().err

    def test_it_gives_nobody_back_an_access_that_ended(self, terminal: Keyboard) -> None:
        terminal.add("sian")
        terminal.disable("sian")
        assert terminal.reset("sian") == 0
        assert any("doesn't give it back" in line for line in terminal.said)
        assert terminal.list() == ["sian: answer, cy, may not log in"]


def test_a_wrong_setting_is_a_sentence(
    terminal: Keyboard, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.environ["OPEN_HOUSE_DATABASE"] = "oracle://somewhere"
    assert terminal.add("sian") == 2
    assert "OPEN_HOUSE_DATABASE" in capsys.readouterr().err


def test_without_site_toml_the_command_says_so(
    terminal: Keyboard, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.site.unlink()
    assert terminal.add("sian") == 2
    assert "site.toml can't be read" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["staff.list"], ["staff", "list"]])
def test_a_task_with_a_dot_may_be_typed_as_two_words(
    terminal: Keyboard, run_cli: RunCli, words: list[str]
) -> None:
    done = run_cli(*words, env=terminal.environ)
    assert (done.returncode, done.stdout[:11]) == (0, "Nobody yet.")
