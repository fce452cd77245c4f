"""A machine where nothing was ever installed, as `./run fresh` makes it; here without a Debian."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from commands import fresh
from tests.copies import git

if TYPE_CHECKING:
    from pathlib import Path

DEBOOTSTRAP = """\
for folder; do : ; done
mkdir -p "$folder/etc/apt" "$folder/house"
echo "$@" >> "$LOG"
"""
UNSHARE = """\
while [ "$1" != sh ]; do shift; done
house="$4"; shift 4
echo "$@" >> "$LOG"
env | sort > "$LOG.env"
test -f "$house/house/README.md" || exit 9
test "$(cd "$house/root" && cat .npmrc)" = fund=false || exit 8
exit $CODE
"""


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What was asked of programs that stand for debootstrap and unshare, one call a line."""
    programs = tmp_path / "programs"
    programs.mkdir()
    log = tmp_path / "log"
    program(programs, "debootstrap", DEBOOTSTRAP.replace("$LOG", str(log)))
    program(programs, "unshare", UNSHARE.replace("$LOG", str(log)).replace("$CODE", "0"))
    for name in ("cat", "chroot", "cp", "env", "git", "mkdir", "sh", "sort"):
        (programs / name).symlink_to(str(shutil.which(name)))
    home = tmp_path / "home"
    home.mkdir()
    (home / ".npmrc").write_text("fund=false", encoding="utf-8")
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("KETTLE", "on")
    monkeypatch.setenv("PIP_RETRIES", "7")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(fresh, "PLACE", tmp_path / "place")
    return log


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of one file."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "README.md").write_text("# A house\n", encoding="utf-8")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "A house")
    return folder


def test_each_release_is_made_once_and_tried_as_a_stranger_would(
    log: Path, repository: Path, tmp_path: Path
) -> None:
    for chosen in ([], ["tests/test_door.py"]):
        assert fresh.fresh(repository, chosen=chosen) == 0
    asked = log.read_text(encoding="utf-8").splitlines()
    bootstraps = [line for line in asked if line.startswith("--variant")]
    assert [line.split()[2] for line in bootstraps] == ["bookworm", "trixie"]
    assert all("--include=git,python3,python3-venv,ca-certificates" in line for line in bootstraps)
    typed = [line for line in asked if line not in bootstraps]
    once = ["build", "test"] * 2
    again = ["build", "test tests/test_door.py"] * 2
    assert typed == once + again
    assert sorted(path.name for path in (tmp_path / "place").iterdir()) == ["bookworm", "trixie"]


def test_nothing_of_this_machine_reaches_in_but_the_way_to_its_registries(
    log: Path, repository: Path
) -> None:
    assert fresh.fresh(repository, "trixie") == 0
    seen = log.with_name("log.env").read_text(encoding="utf-8").splitlines()
    assert "PIP_RETRIES=7" in seen
    assert not any(line.startswith("KETTLE") for line in seen)


def test_a_release_that_fails_is_told_by_the_exit_code(log: Path, repository: Path) -> None:
    script = UNSHARE.replace("$LOG", str(log)).replace("$CODE", "1")
    program(log.parent / "programs", "unshare", script)
    assert fresh.fresh(repository) == 1
    asked = log.read_text(encoding="utf-8").splitlines()
    assert [line for line in asked if line == "build"] == ["build", "build"]


def test_what_it_takes_is_said_before_anything_is_made(
    log: Path,
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert fresh.fresh(repository, "buzz") == 2
    assert capsys.readouterr().err == "There is no release buzz here: bookworm, trixie.\n"
    (log.parent / "programs" / "debootstrap").unlink()
    assert fresh.fresh(repository) == 2
    assert capsys.readouterr().err == (
        "An empty Debian takes the administrator and debootstrap: sudo apt install debootstrap.\n"
    )
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert fresh.fresh(repository) == 2
    assert not log.exists()
