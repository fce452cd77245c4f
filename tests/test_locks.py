"""The locks: every package pinned by its hashes, and why each is there."""

from __future__ import annotations

import os
import re
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.copies import LOCKS, ROOT, our_files


def lock_pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([\w.!+-]+)", text, re.MULTILINE))


def declared() -> dict[str, list[str]]:
    """What pyproject.toml asks for, as it is written there, by the lock that answers it."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    site = project["project"]["dependencies"]
    return {LOCKS[0]: site, LOCKS[1]: site + project["dependency-groups"]["dev"]}


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_answers_everything_that_is_declared(lock: str) -> None:
    pins = lock_pins(lock)
    wrong = [
        str(wanted)
        for wanted in map(Requirement, declared()[lock])
        if not wanted.specifier.contains(pins.get(canonicalize_name(wanted.name), "0"))
    ]
    assert wrong == []


@pytest.mark.parametrize("lock", LOCKS)
def test_an_extra_that_a_package_asks_for_is_pinned_with_it(lock: str) -> None:
    """Otherwise pip looks for a newer release of it, finds one one day, and refuses the lock."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    asked = [
        wanted
        for name in lock_pins(lock)
        for wanted in map(Requirement, _requires(name))
        if wanted.extras and (wanted.marker is None or wanted.marker.evaluate({"extra": ""}))
    ]
    assert lock == LOCKS[0] or asked
    pinned = set(re.findall(r"^([\w.-]+\[[\w,-]+\])==", text, re.MULTILINE))
    unpinned = [
        str(wanted)
        for wanted in asked
        if f"{canonicalize_name(wanted.name)}[{','.join(sorted(wanted.extras))}]" not in pinned
    ]
    assert unpinned == []


def _requires(name: str) -> list[str]:
    """What an installed package asks for; nothing for one that this machine does without."""
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []


def test_what_is_tested_is_what_runs() -> None:
    site, everything = map(lock_pins, LOCKS)
    assert site.items() <= everything.items()


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_pins_every_package_by_hash_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    pins = [pin for pin in re.split(r"^(?=\w)", text, flags=re.MULTILINE) if "==" in pin]
    whole = {pin.partition("==")[0].partition("[")[0] for pin in pins}
    assert len(whole) == len(lock_pins(lock)) > 10
    assert all("--hash=sha256:" in pin for pin in pins)


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    unexplained = [
        wanted
        for wanted in declared()[LOCKS[1]]
        # A comment behind it, or on the line above.
        if not re.search(rf'"{re.escape(wanted)}", +# \w|# \w.*\n +"{re.escape(wanted)}"', text)
    ]
    assert unexplained == []


def test_ci_passes_by_the_command_that_the_readme_gives() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    command = script.read_text(encoding="utf-8").splitlines()[-1].removeprefix("exec ")
    assert command == "./run test"
    assert command in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()


def test_nothing_that_git_keeps_names_a_registrys_host() -> None:
    hosts = re.compile(rb"pypi\.org/simple|files\.pythonhosted|registry\.npmjs|deb\.debian\.org")
    mine = Path(__file__).relative_to(ROOT).as_posix()
    named = [n for n in our_files() if n != mine and hosts.search((ROOT / n).read_bytes())]
    assert named == []
