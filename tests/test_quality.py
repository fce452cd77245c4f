"""The gates: what tests need of the machine, and what counts as passing."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest
from invoke.context import Context

from commands import machine, quality
from commands.tasks import house
from tests.copies import ROOT, ready_copy, unmeasured

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long

# What `./run lint` is made of.
DOORWAY = {"__init__", "menu", "founding_questions", "quality", "machine", "bundle"}
NEEDS = (
    machine.Need("kettle", programs=("kettle", "small-kettle")),
    machine.Need("cups", programs=("cup",)),
)


def program(folder: Path, name: str, script: str = "") -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def kitchen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH of one folder, in which apt-get makes the programs that it installs."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(machine, "packaged", lambda _path: None)  # the tests' own node
    program(
        tmp_path,
        "apt-get",
        f'cd "{tmp_path}"; echo "$@" >> log\n'
        'make() { echo "#!/bin/sh" > "$1"; /bin/chmod +x "$1"; }\n'
        'case "$*" in *install*) for name; do : ; make "$name"; done; make cup;; esac',
    )
    program(tmp_path, "sudo", 'shift; exec "$@"')
    return tmp_path


def test_what_is_there_is_left_alone(kitchen: Path, capfd: pytest.CaptureFixture[str]) -> None:
    program(kitchen, "small-kettle")
    program(kitchen, "cup")
    assert machine.prepare(NEEDS) == ()
    assert not (kitchen / "log").exists()
    assert capfd.readouterr() == ("", "")


def test_what_is_missing_is_installed(kitchen: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert machine.prepare(NEEDS) == ()
    assert (kitchen / "log").read_text(encoding="utf-8").splitlines() == [
        "--quiet update",
        "--quiet install --yes --no-install-recommends kettle cups",
    ]
    assert capfd.readouterr() == ("Installing what the tests need: kettle, cups.\n", "")


@pytest.mark.parametrize("script", ["#!/bin/sh\nexit 127\n", "#!/no/such\n"])
def test_a_program_that_does_not_start_counts_as_missing(
    kitchen: Path, script: str, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("kettle", "cup"):
        (kitchen / name).write_text(script, encoding="utf-8")
        (kitchen / name).chmod(0o755)
    assert machine.prepare(NEEDS) == ()
    assert "kettle, cups" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("version", "serves"),
    [("v18.20.4", False), ("v20.0.0", True), ("v26.13.1", True), ("nonsense", False)],
)
def test_a_node_that_is_too_old_counts_as_none(
    kitchen: Path, version: str, *, serves: bool
) -> None:
    program(kitchen, "node", f"echo {version}")
    assert machine.node() == (kitchen / "node" if serves else None)


def test_the_node_that_the_lock_pins_goes_before_the_machines(
    kitchen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(kitchen, "node", "echo v22.0.0")
    pinned = tmp_path / "pinned"
    program(tmp_path, "pinned", "echo v24.0.0")
    monkeypatch.setattr(machine, "packaged", lambda _path: pinned)
    assert machine.node() == pinned
    assert machine.npm() == [str(pinned), str(pinned)]
    program(tmp_path, "pinned", "exit 127  # for want of a library")
    assert machine.node() == kitchen / "node"


def test_what_cannot_be_installed_is_said_with_what_to_type(
    kitchen: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    program(kitchen, "apt-get", "exit 100")
    program(kitchen, "cup")
    assert machine.prepare(NEEDS) == ("kettle",)
    assert capfd.readouterr().err == (
        "Missing here, so the tests that need them cannot run: kettle. "
        "To run them too, type: sudo apt install kettle\n"
    )


def test_node_packages_are_installed_once_for_each_lock(
    kitchen: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "tests" / "node"
    folder.mkdir(parents=True)
    lock = folder / "package-lock.json"
    script = f'echo "$@" >> "{tmp_path}/npm.log"; /bin/mkdir -p node_modules'
    program(kitchen, "npm", f'[ "$1" = --version ] && exit; {script}')
    for text in ("{}", "{}", '{"lockfileVersion": 3}'):
        lock.write_text(text, encoding="utf-8")
        assert machine.install_node(folder)
    asked = (tmp_path / "npm.log").read_text(encoding="utf-8").splitlines()
    assert asked == ["ci --ignore-scripts --no-audit --no-fund --loglevel=error"] * 2
    assert capfd.readouterr().out == "Installing what stands in tests/node.\n" * 2


def test_node_packages_that_cannot_be_had_are_said(
    kitchen: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "package-lock.json").write_text("{}", encoding="utf-8")
    assert not machine.install_node(tmp_path)
    program(kitchen, "npm", '[ "$1" = --version ] && exit; echo no network >&2; exit 1')
    assert not machine.install_node(tmp_path)
    lacking, refused = capfd.readouterr().err.splitlines()
    assert lacking.startswith("npm is missing here, which would install what stands in ")
    assert refused == "npm could not install them: no network"


def test_nobody_is_asked_for_a_password(
    kitchen: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    program(kitchen, "sudo", '[ "$1" = -n ] || echo "Password:"; exit 1')
    assert machine.prepare(NEEDS) == ("kettle", "cups")
    assert not (kitchen / "log").exists()
    printed = capfd.readouterr()
    assert "Password:" not in printed.out
    assert "sudo apt install kettle cups" in printed.err


def test_fonts_count_as_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not machine.Need("fonts", files=("no-such-folder/**/*.ttf",)).is_met
    assert all(need.programs or need.files or need.libraries for need in machine.NEEDS)


def pytest_on(test: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one file of tests under this project's rules, in a process of its own."""
    surroundings = {k: v for k, v in unmeasured().items() if k != "CI"}
    rules = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), "-p", "tests.conftest"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *rules, "-p", "no:cacheprovider", str(test)],
        cwd=ROOT,
        env={**surroundings, **environment},
        check=False,
        capture_output=True,
        encoding="utf-8",
    )


SKIPS = """
import pytest

def test_skips():
    pytest.skip("no kettle")

@pytest.mark.skip(reason="no cups")
def test_is_skipped():
    pass

@pytest.mark.may_skip("a kitchen may have no oven")
def test_may_skip():
    pytest.skip("no oven")

@pytest.mark.xfail(strict=True)
def test_fails_as_known():
    assert False
"""


def test_what_is_skipped_in_ci_has_failed_unless_its_mark_says_why(tmp_path: Path) -> None:
    (tmp_path / "test_skips.py").write_text(SKIPS, encoding="utf-8")
    done = pytest_on(tmp_path / "test_skips.py", CI="true")
    assert done.returncode == 1, done.stdout
    assert "1 failed, 1 skipped, 1 xfailed, 1 error" in done.stdout
    assert "Skipped, which CI does not allow: Skipped: no kettle" in done.stdout
    here = pytest_on(tmp_path / "test_skips.py")
    assert here.returncode == 0, here.stdout
    assert "3 skipped, 1 xfailed" in here.stdout


def test_a_warning_fails_a_test_and_tests_run_in_an_order_of_their_own(tmp_path: Path) -> None:
    test = tmp_path / "test_warns.py"
    test.write_text("import warnings\ndef test_it():\n    warnings.warn('old')\n", encoding="utf-8")
    printed = pytest_on(test).stdout
    assert "1 failed" in printed
    assert "Using --randomly-seed=" in printed


@pytest.mark.unmeasured
def test_what_is_marked_so_is_not_counted_nor_what_it_starts() -> None:
    assert sys.gettrace() is None
    assert not any(name.startswith("COVERAGE_PROCESS") for name in os.environ)


PAGES = """
import pytest

@pytest.mark.parametrize("body", [
    "<p>Quiet</p>",
    "<img src='http://elsewhere.example.org/spy.png' alt=''>",
    "<script>document.title = 'inline'</script>",
])
def test_page(body, page, hosted, tmp_path):
    policy = "default-src 'self'; img-src * data:"
    (tmp_path / "_headers").write_text(f"/*\\n  Content-Security-Policy: {policy}\\n")
    head = "<!doctype html><html lang=en><link rel=icon href='data:,'><title>Kettle</title>"
    (tmp_path / "index.html").write_text(head + body)
    page.goto(hosted(tmp_path))
    assert page.title() == "Kettle"
"""
MIXED = """
import asyncio

def test_page(page):
    page.goto("about:blank")

def test_loop():
    asyncio.run(asyncio.sleep(0))
"""


@pytest.fixture(scope="module")
def in_a_browser(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of three files of tests as a whole run takes them: each to its end."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "test_a.py").write_text(MIXED, encoding="utf-8")
    (folder / "test_b.py").write_text(MIXED, encoding="utf-8")
    (folder / "test_pages.py").write_text(PAGES, encoding="utf-8")
    return pytest_on(folder, CI="true", PYTEST_ADDOPTS="-n 1 --dist loadfile").stdout


@pytest.mark.browser
def test_a_page_that_calls_elsewhere_or_breaks_its_policy_fails_its_test(in_a_browser: str) -> None:
    assert "7 passed, 2 errors" in in_a_browser
    assert "the page asked for something of another host" in in_a_browser
    assert "the page complained in the console" in in_a_browser


@pytest.mark.browser
def test_a_browser_keeps_nobody_from_an_event_loop(in_a_browser: str) -> None:
    """Neither the tests of its own file nor those of the next."""
    assert "RuntimeError" not in in_a_browser
    assert not re.search(r"^(ERROR|FAILED) .*test_[ab]\.py", in_a_browser, re.MULTILINE)


class Ran(NamedTuple):
    """What a run of the tests called, by the first word of each command."""

    calls: dict[str, list[list[str]]]
    prepared: list[bool]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Ran:
    """Let nothing run in earnest: every tool passes, and the machine lacks nothing."""
    ran = Ran({}, [])

    def run(command: list[str], *, at_once: bool = False) -> int:
        ran.calls.setdefault(command[0], []).append(command[1:])
        assert at_once == (command[0] == "mypy")
        return 0

    monkeypatch.setattr(quality, "_run", run)
    monkeypatch.setattr(machine, "prepare", lambda: ran.prepared.append(True))
    monkeypatch.setattr(machine, "install_node", lambda _folder: True)
    return ran


def test_a_whole_run_looks_at_everything_and_counts_lines_where_it_is_asked_to(ran: Ran) -> None:
    assert quality.test() == quality.test(cover=True) == 0
    plain, counted = ran.calls["pytest"]
    assert "-m" not in plain
    assert "--cov" not in plain
    assert "--cov" in counted
    assert len(ran.calls["mypy"]) == 2
    assert len(ran.calls["ruff"]) == 4
    assert ran.prepared == [True, True]


def test_a_quick_run_leaves_out_what_takes_long(ran: Ran) -> None:
    assert quality.test(quick=True, cover=True) == 0
    (quick,) = ran.calls["pytest"]
    assert quick[:2] == ["-m", "not long and not slow and not browser and not door"]
    assert "--cov" not in quick
    assert ran.calls["mypy"]
    assert ran.prepared == []


@pytest.mark.usefixtures("ran")
@pytest.mark.parametrize("tool", ["pytest", "ruff", "mypy"])
def test_what_any_tool_finds_fails_the_whole(tool: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "_run", lambda command, **_: int(command[0] == tool))
    assert quality.test() == 1


def test_in_ci_lines_are_counted_by_the_same_command(
    ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    for value, counts in (("true", True), ("", False)):
        monkeypatch.setenv("CI", value)
        with pytest.raises(SystemExit, match="0"):
            house.test(Context())
        assert ("--cov" in ran.calls["pytest"][-1]) == counts


def test_chosen_tests_run_alone_and_the_last_line_counts_them(tmp_path: Path) -> None:
    copy = ready_copy(tmp_path / "copy")
    node = copy / "tests" / "node"
    (node / "node_modules").mkdir()  # as if npm had been here already, which takes it long
    lock = hashlib.sha256((node / "package-lock.json").read_bytes()).hexdigest()
    (node / "node_modules" / "complete").write_text(lock, encoding="ascii")
    (copy / "tests" / "test_two.py").write_text(
        "def test_one():\n    pass\n\ndef test_two():\n    assert False\n", encoding="utf-8"
    )
    alone = run(copy, "test", "tests/test_two.py", "-k", "one")
    assert alone.returncode == 0, alone.stdout + alone.stderr
    assert re.search(r"=+ 1 passed, 1 deselected in .*=+$", alone.stdout.rstrip())
    both = run(copy, "test", "tests/test_two.py::test_two", "--", "-k", "one or two")
    assert both.returncode == 1
    assert re.search(r"=+ 1 failed in .*=+$", both.stdout.rstrip())


def test_all_the_linters_speak_whatever_one_of_them_says(tmp_path: Path) -> None:
    copy = ready_copy(tmp_path / "copy")
    # A crooked house of few rooms is looked over sooner.
    for folder in ("benchmarks", "content", "core", "feedback", "plugins", "tests"):
        shutil.rmtree(copy / folder)
    for room in (copy / "commands").iterdir():
        if room.is_dir() and room.name not in {"node", "tasks"}:
            shutil.rmtree(room)
        elif room.suffix == ".py" and room.stem not in DOORWAY:
            room.unlink()
    (copy / "core").mkdir()
    (copy / "core" / "crooked.py").write_text("import os\nx : int = 'one'\n", encoding="utf-8")
    linted = run(copy, "lint")
    assert linted.returncode == 1
    assert "F401" in linted.stdout
    assert "unformatted: File would be reformatted\n --> core/crooked.py:" in linted.stdout
    assert "core/crooked.py:2: error:" in linted.stdout
    assert linted.stderr.endswith("Lint found faults: style, format, types.\n")


def test_cleaning_leaves_what_people_wrote(tmp_path: Path) -> None:
    copy = ready_copy(tmp_path / "copy")
    for name in ("output/en/index.html", ".cache/images/x", "core/__pycache__/x.pyc", ".coverage"):
        leftover = copy / name
        leftover.parent.mkdir(parents=True, exist_ok=True)
        leftover.touch()
    (copy / "content" / "mine.md").write_text("mine", encoding="utf-8")
    assert run(copy, "clean").returncode == 0
    left = {path.name for path in copy.iterdir()}
    assert not left & {"output", ".cache", ".coverage", ".venv", "__pycache__"}
    assert not (copy / "core" / "__pycache__").exists()
    assert (copy / "content" / "mine.md").exists()
    assert set(quality.CHECKS) == {"style", "format", "types"}


def run(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [copy / "run", *words],
        cwd=copy,
        env=unmeasured(),
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
