"""The service's settings: what is right is read, what is wrong is said, secrets stay secret."""

from __future__ import annotations

import re
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from feedback.settings import SettingFault, Settings, Smtp
from tests.copies import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LONG = "long enough to be a secret of the service"


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    settings = Settings.read({}, tmp_path)
    assert settings.database == f"sqlite:///{tmp_path}/private/feedback.sqlite3"
    assert settings.smtp is None
    assert settings.api_token == ""
    assert settings.origins == ()
    assert settings.tree == tmp_path / "output"


def test_the_secret_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    first = Settings.read({}, tmp_path).secret
    again = Settings.read({"OPEN_HOUSE_DATABASE": f"sqlite:///{tmp_path}/x.db"}, tmp_path).secret
    file = tmp_path / "private" / "secret"
    assert first == again
    assert len(first) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert {path.name for path in file.parent.iterdir()} == {"secret", ".gitignore"}


def test_those_who_start_at_once_agree_on_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        read = [pool.submit(Settings.read, {}, tmp_path) for _ in range(16)]
    assert len({settings.result().secret for settings in read}) == 1


def test_git_never_sees_the_private_folder(tmp_path: Path) -> None:
    Settings.read({}, tmp_path)
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "--quiet"], check=True)
    status = [*git, "status", "--porcelain", "--untracked-files=all"]
    assert subprocess.run(status, check=True, capture_output=True).stdout == b""


def test_no_secret_is_in_what_is_printed(tmp_path: Path) -> None:
    settings = Settings.read(
        {
            "OPEN_HOUSE_DATABASE": "postgresql://house:hidden-one@db.example.org/house",
            "OPEN_HOUSE_SECRET": "hidden-two" + LONG,
            "OPEN_HOUSE_SMTP": "smtp://hidden-three:hidden-four@mail.example.org",
            "OPEN_HOUSE_API_TOKEN": "hidden-five" + LONG,
        },
        tmp_path,
    )
    assert "hidden" not in repr(settings)
    assert "hidden" not in str(settings.smtp)


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("smtp://mail.example.org", Smtp("mail.example.org", 587)),
        (
            "smtp://a%40b:p%3Aw@mail.example.org:2525?starttls",
            Smtp("mail.example.org", 2525, "a@b", "p:w", starttls=True),
        ),
    ],
)
def test_a_mail_server_is_read_from_its_address(tmp_path: Path, address: str, read: Smtp) -> None:
    assert Settings.read({"OPEN_HOUSE_SMTP": address}, tmp_path).smtp == read


def test_origins_are_read_as_browsers_write_them(tmp_path: Path) -> None:
    origins = "https://WWW.example.org/ http://localhost:8000"
    settings = Settings.read({"OPEN_HOUSE_ORIGINS": origins}, tmp_path)
    assert settings.origins == ("https://www.example.org", "http://localhost:8000")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPEN_HOUSE_DATABASE", "mysql://house@localhost/house"),
        ("OPEN_HOUSE_DATABASE", "feedback.sqlite3"),
        ("OPEN_HOUSE_DATABASE", "sqlite://"),
        ("OPEN_HOUSE_DATABASE", "sqlite:///"),
        ("OPEN_HOUSE_DATABASE", "sqlite:///:memory:"),
        ("OPEN_HOUSE_DATABASE", "postgresql://house@[::1/house"),
        ("OPEN_HOUSE_SECRET", "short"),
        ("OPEN_HOUSE_SMTP", "mail.example.org"),
        ("OPEN_HOUSE_SMTP", "smtp://"),
        ("OPEN_HOUSE_SMTP", "smtp://mail.example.org:many"),
        ("OPEN_HOUSE_SMTP", "smtp://mail.example.org?startls"),
        ("OPEN_HOUSE_SMTP", "smtp://[::1"),
        ("OPEN_HOUSE_MAIL_FROM", "answers"),
        ("OPEN_HOUSE_MAIL_FROM", "a@b\r\nBcc: c@d"),
        ("OPEN_HOUSE_API_TOKEN", "short"),
        ("OPEN_HOUSE_ORIGINS", "www.example.org"),
        ("OPEN_HOUSE_ORIGINS", "https://www.example.org/folder"),
        ("OPEN_HOUSE_ORIGINS", "https://www.example.org:port"),
        ("OPEN_HOUSE_ORIGINS", "*"),
    ],
)
def test_what_is_wrong_is_said_by_name_with_what_to_write(
    tmp_path: Path, name: str, value: str
) -> None:
    environ = {"OPEN_HOUSE_SECRET": LONG} | {name: value}
    with pytest.raises(SettingFault) as fault:
        Settings.read(environ, tmp_path)
    assert str(fault.value).startswith(name)


def test_a_fault_does_not_give_a_secret_away(tmp_path: Path) -> None:
    for name in ("OPEN_HOUSE_DATABASE", "OPEN_HOUSE_SECRET", "OPEN_HOUSE_SMTP"):
        with pytest.raises(SettingFault) as fault:
            Settings.read({name: "hidden:hidden@x"}, tmp_path)
        assert "hidden" not in str(fault.value)


def test_postgresql_needs_a_secret_that_all_workers_share(tmp_path: Path) -> None:
    with pytest.raises(SettingFault, match="OPEN_HOUSE_SECRET is not set"):
        Settings.read({"OPEN_HOUSE_DATABASE": "postgresql:///house"}, tmp_path)


def test_every_setting_is_documented_and_no_other() -> None:
    named = re.compile("OPEN_HOUSE_[A-Z_]+")
    readers = ("feedback/settings.py", "commands/archives.py")
    known = {
        name
        for file in readers
        for name in named.findall((ROOT / file).read_text(encoding="utf-8"))
    }
    lines = (ROOT / "docs" / "service.md").read_text(encoding="utf-8").splitlines()
    rows = [
        matches[0] for line in lines if line.startswith("| `") and (matches := named.findall(line))
    ]
    assert sorted(rows) == sorted(known)


def test_a_damaged_secret_is_noticed_and_not_replaced(tmp_path: Path) -> None:
    Settings.read({}, tmp_path)
    file = tmp_path / "private" / "secret"
    file.write_text("")
    with pytest.raises(SettingFault, match="from a backup"):
        Settings.read({}, tmp_path)
    assert file.read_text() == ""
