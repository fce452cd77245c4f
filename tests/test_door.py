"""The door: `./run TASK` from a clean clone, on any machine that has git and a Python."""

from __future__ import annotations

import ast
import fcntl
import json
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests import pythons
from tests.copies import (
    LOCKS,
    ROOT,
    fresh_copy,
    lend_environment,
    sample_folder,
    unmeasured,
    working_files,
)
from tests.tiny import EVERY_KIND, TinySite, write_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.long

TASKS = '''\
import os, sys
from invoke import task

@task(help={"output": "Where to write"})
def where(context, output="."):
    """Say where a relative path leads."""
    print(os.path.abspath(output))

@task
def test(context):
    """Stand for the tests."""
    print(os.getcwd())

@task
def fail(context):
    """End with a code of its own."""
    sys.exit(7)

@task
def seen(context):
    """Say which packages can be seen."""
    print(sys.prefix, os.environ.get("PYTHONPATH"), *sys.path, sep="\\n")
'''
PACKAGE = "python{}.{}-venv".format(*sys.version_info)
PROMISED = ("3.11", "3.12", "3.13")
OTHERS = [version for version in PROMISED if version != "{}.{}".format(*sys.version_info)]
PLAIN = ("feedgen",)  # is plain Python, and its authors publish it as source alone
NO = "0"  # pip takes its no- options from the environment the other way round
BLOCKED = "import sys\nsys.modules['ensurepip'] = None\n"


def pinned(*names: str) -> str:
    """The pins of some packages, out of the real lock."""
    text = (ROOT / LOCKS[0]).read_text(encoding="utf-8")
    pins = re.split(r"^(?=\w)", text, flags=re.MULTILINE)
    return "".join(pin for pin in pins if pin.partition("==")[0] in names)


def small_house(folder: Path) -> Path:
    """A copy with no environment yet, whose tasks need one small package: quick to set up."""
    house = folder / "house"
    (house / "commands").mkdir(parents=True)
    shutil.copy(ROOT / "run", house)
    for name in ("__init__.py", "menu.py"):
        shutil.copy(ROOT / "commands" / name, house / "commands")
    (house / "tasks.py").write_text(TASKS, encoding="utf-8")
    for lock in LOCKS:
        (house / lock).write_text(pinned("invoke"), encoding="utf-8")
    return house


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small copy of the test's own."""
    return small_house(tmp_path)


@pytest.fixture
def ready(house: Path) -> Path:
    """The same copy with its environment there already, on loan."""
    return lend_environment(house)


class SetUp(NamedTuple):
    house: Path
    first: subprocess.CompletedProcess[str]  # what its door said as it set it up


@pytest.fixture(scope="module")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> SetUp:
    """A small copy in a folder of an odd name, set up where pip would install elsewhere."""
    house = small_house(tmp_path_factory.mktemp("door") / "Tŷ Agored")
    return SetUp(house, start(house / "run", "where", PIP_USER="1"))


@pytest.fixture
def quick_python(set_up: SetUp, tmp_path: Path) -> str:
    """A Python that makes environments at once, where what counts is when one is made."""
    return pythons.with_environment(pythons.this(), set_up.house / ".venv", tmp_path)


@pytest.fixture
def own_house(set_up: SetUp, tmp_path: Path) -> Path:
    """A copy of its own with an environment of its own, to which the tests' packages may come."""
    folder = shutil.copytree(set_up.house, tmp_path / "made", symlinks=True)
    stamp = folder / ".venv" / "complete.json"
    here = {**json.loads(stamp.read_text("utf-8")), "folder": str(folder / ".venv")}
    stamp.write_text(json.dumps(here), encoding="utf-8")
    (folder / LOCKS[1]).write_text(pinned("invoke", "markupsafe"), encoding="utf-8")
    return folder


def start(
    run: Path, *words: str, cwd: Path | None = None, **environment: Any
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [run, *words],
        cwd=cwd or run.parent,
        env={**unmeasured(), **environment},
        stdin=subprocess.DEVNULL,
        check=False,
        capture_output=True,
        encoding="utf-8",
    )


def start_slowly(run: Path, *words: str, **environment: str) -> subprocess.Popen[str]:
    """Start the door as the leader of a group of its own, to listen to it as it goes."""
    return subprocess.Popen(
        [run, *words],
        cwd=run.parent,
        env={**unmeasured(), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )


@pytest.fixture
def stalled() -> Iterator[dict[str, str]]:
    """Surroundings in which pip waits for packages for ever: no set-up is over before its test."""
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it takes calls, and answers none
        yield {
            "PIP_INDEX_URL": f"http://127.0.0.1:{silent.getsockname()[1]}/",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_DEFAULT_TIMEOUT": "600",
            "PIP_FIND_LINKS": "",
            "PIP_NO_CACHE_DIR": "1",
        }


def listen(door: subprocess.Popen[str], words: str) -> None:
    """Read what the door says until it says these words; fail if it ends without."""
    assert door.stderr is not None
    for line in door.stderr:
        if words in line:
            return
    pytest.fail(f"The door never said: {words}")


# From nothing to the first page.


def small_site(folder: Path) -> TinySite:
    """A site of one of everything, a picture too: all that a build needs of its packages."""
    tiny = write_site(folder, EVERY_KIND)
    text = EVERY_KIND["pages/about.en.md"] + "\n![A terrace](../images/terrace.jpg)\n"
    tiny.write("pages/about.en.md", text)
    tiny.write(
        "images/terrace.jpg", (sample_folder() / "content" / "images" / "terrace.jpg").read_bytes()
    )
    return tiny


@pytest.mark.door
def test_a_clean_clone_sets_itself_up_and_builds_a_site(tmp_path: Path) -> None:
    """With the Python of the tests; what could differ with another is asked of each below."""
    path = pythons.only(tmp_path / "bin", pythons.this())
    clone, elsewhere = fresh_copy(tmp_path / "clone"), tmp_path / "elsewhere"
    elsewhere.mkdir()
    content = small_site(tmp_path / "small").content
    words = ["build", "--output", "site", "--content", str(content)]
    first = start(clone / "run", *words, cwd=elsewhere, PATH=path, CI="", PIP_NO_COMPILE=NO)
    assert first.returncode == 0, first.stderr
    assert "with Python {}.{}.".format(*sys.version_info) in first.stderr
    assert (elsewhere / "site" / "index.html").is_file()
    assert "Setting up" not in start(clone / "run", "--list", PATH=path).stderr
    shutil.rmtree(clone)  # half a gigabyte, of which pytest would keep three


@pytest.mark.may_skip("a machine has the Pythons it has")
@pytest.mark.parametrize("version", OTHERS)
def test_the_door_opens_with_every_python_that_is_promised(
    version: str, house: Path, tmp_path: Path
) -> None:
    path = pythons.only(tmp_path / "bin", pythons.need(version))
    first = start(house / "run", "where", PATH=path)
    assert first.returncode == 0, first.stderr
    assert f"with Python {version}." in first.stderr


@pytest.mark.parametrize("version", OTHERS)
@pytest.mark.parametrize("lock", LOCKS)
def test_what_the_lock_names_comes_ready_made_for_every_python(
    version: str, lock: str, tmp_path: Path
) -> None:
    """Otherwise pip would compile it, which takes long and needs what a fresh machine lacks."""
    uv = Path(sys.executable).with_name("uv")
    words = ["pip", "install", "--dry-run", "--quiet", "--no-config", "--target", str(tmp_path)]
    words += ["--python-version", version, "--only-binary", ":all:", "--require-hashes"]
    words += [word for name in PLAIN for word in ("--no-binary", name)]
    done = subprocess.run(
        [uv, *words, "--no-deps", "--requirement", lock],
        cwd=ROOT,
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr


def test_the_set_up_speaks_plainly_and_leaves_what_the_task_prints_alone(set_up: SetUp) -> None:
    """Also in a folder of an odd name, and where pip would rather install elsewhere."""
    house, first = set_up
    assert first.returncode == 0, first.stderr
    assert first.stdout == f"{house}\n"
    assert re.fullmatch(
        r"Setting up Open House in \.venv with Python 3\.\d+\.\d+ \(once\)\.\n"
        r"Installing 1 packages, each checked against the lock\.\n"
        r"Ready after \d+ s\.\n",
        first.stderr,
    )
    second = start(house / "run", "where")
    assert (second.stdout, second.stderr) == (f"{house}\n", "")
    assert installed(house) == {"invoke"}


def test_the_menu_opens_without_the_packages_of_any_task(own_house: Path) -> None:
    """All of the program is there, and of its packages the one that the menu is made with."""
    for name in working_files():
        if name == "tasks.py" or (name.endswith(".py") and name.startswith(("commands/", "core/"))):
            (own_house / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, own_house / name)
    menu = start(own_house / "run")
    assert menu.returncode == 0, menu.stderr
    for task in ("build", "clean", "serve", "test"):
        assert re.search(rf"^  {task} ", menu.stdout, re.MULTILINE)


def installed(house: Path) -> set[str]:
    """The packages in a copy's environment, besides what every environment begins with."""
    names = {path.name.partition("-")[0] for path in house.glob(".venv/lib/*/*/*.dist-info")}
    return {name.lower() for name in names} - {"pip", "setuptools"}


def test_paths_are_meant_from_where_the_person_stands(ready: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    by_path = start(ready / "run", "where", "--output", "x", cwd=elsewhere)
    assert by_path.stdout == f"{elsewhere / 'x'}\n"
    (tmp_path / "open-ready").symlink_to(ready / "run")
    by_link = start(tmp_path / "open-ready", "where", "--output", "x", cwd=elsewhere)
    assert by_link.stdout == f"{elsewhere / 'x'}\n"
    (tmp_path / "linked").symlink_to(ready)
    by_folder = start(tmp_path / "linked" / "run", "where", "--output", "../y", cwd=elsewhere)
    assert by_folder.stdout == f"{tmp_path / 'y'}\n"
    assert by_link.stderr == by_folder.stderr == ""


def test_a_folder_that_moved_needs_its_environment_anew(ready: Path, tmp_path: Path) -> None:
    assert door_of(ready).is_current([])
    assert not door_of(ready.rename(tmp_path / "moved")).is_current([])


def door_of(house: Path) -> Any:
    """The door of a copy as a module, to ask it what it thinks."""
    loader = SourceFileLoader("door", str(house / "run"))
    door = module_from_spec(ModuleSpec("door", loader, origin=loader.path))
    door.__file__ = loader.path
    loader.exec_module(door)
    return door


def test_nothing_of_another_environment_reaches_in(ready: Path, tmp_path: Path) -> None:
    (tmp_path / "invoke.py").write_text("raise SystemExit('the wrong invoke')", encoding="utf-8")
    seen = start(ready / "run", "seen", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert seen.returncode == 0, seen.stderr
    prefix, pythonpath, *paths = seen.stdout.splitlines()
    assert prefix == str(ready / ".venv")
    assert pythonpath == "None"
    assert str(tmp_path) not in paths
    packages = [path for path in paths if path.endswith(("site-packages", "dist-packages"))]
    assert all(path.startswith(prefix) for path in packages)


# Words and codes.


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["help"], ["--list"]])
def test_the_menu_says_what_there_is_and_how_to_learn_more(
    words: list[str], run_cli: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    menu = run_cli(*words)
    assert menu.returncode == 0
    assert "Help on one task: ./run --help TASK" in menu.stdout
    assert re.search(r"^  test  +\S", menu.stdout, re.MULTILINE)


@pytest.mark.parametrize("words", [["--help", "test"], ["test", "--help"], ["test", "-h"]])
def test_help_on_a_task_is_asked_for_before_or_after_it(
    words: list[str], run_cli: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    done = run_cli(*words)
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: ./run [--core-opts] test [--options]")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["tset"], "There is no task or option tset. Did you mean test?"),
        (["xyzzy"], "There is no task or option xyzzy. ./run lists the tasks."),
        (["--help", "lnit"], "There is no task or option lnit. Did you mean lint?"),
        (["lint", "--no-such"], "There is no task or option --no-such."),
    ],
)
def test_words_it_does_not_know_end_in_a_sentence_and_a_two(
    words: list[str], sentence: str, run_cli: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    refused = run_cli(*words)
    assert refused.returncode == 2
    assert refused.stderr.startswith(sentence)
    assert refused.stdout == ""


def test_it_says_its_version(run_cli: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    assert re.fullmatch(r"Open House \d+\.\d+\.\d+\n", run_cli("--version").stdout)


def test_a_task_keeps_its_own_exit_code(ready: Path) -> None:
    assert start(ready / "run", "fail").returncode == 7


def test_a_reader_who_has_read_enough_is_no_error(ready: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([ready / "run"], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert done.stderr == b""


# When things change, or break.


def test_a_changed_lock_is_followed(ready: Path, quick_python: str, tmp_path: Path) -> None:
    assert len(installed(ready)) > 10
    (ready / LOCKS[0]).write_text(pinned("invoke", "markupsafe"), encoding="utf-8")
    path = pythons.only(tmp_path / "bin", quick_python)
    assert "Installing 2 packages" in start(ready / "run", "where", PATH=path).stderr
    assert installed(ready) == {"invoke", "markupsafe"}


def test_what_only_tests_need_comes_when_they_are_run(own_house: Path) -> None:
    assert installed(own_house) == {"invoke"}
    added = start(own_house / "run", "test")
    assert added.stderr.startswith("Adding what the tests need (once).\n")
    assert installed(own_house) == {"invoke", "markupsafe"}
    assert start(own_house / "run", "where").stderr == ""


def test_help_on_a_task_needs_nothing_of_what_the_task_needs(ready: Path) -> None:
    (ready / LOCKS[1]).write_text("never installed", encoding="utf-8")
    for words in (["--help", "where"], ["where", "--output", "test"], ["test", "--help"]):
        assert "Adding" not in start(ready / "run", *words).stderr


def test_somebody_at_a_terminal_sees_it_go_on(own_house: Path) -> None:
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [own_house / "run", "test"],
        env=unmeasured(),
        stdin=subprocess.DEVNULL,
        stderr=theirs,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    os.close(theirs)
    assert done.returncode == 0
    assert b"\r1 of 2 " in os.read(ours, 10_000)
    os.close(ours)


@pytest.mark.parametrize(
    ("moment", "task"), [("Setting up", "where"), ("Installing", "test")], ids=["first", "adding"]
)
def test_an_interrupted_set_up_is_begun_again(
    request: pytest.FixtureRequest, stalled: dict[str, str], moment: str, task: str
) -> None:
    house = request.getfixturevalue("house" if task == "where" else "own_house")
    path = pythons.only(house.parent / "bin", request.getfixturevalue("quick_python"))
    door = start_slowly(house / "run", task, PATH=path, **stalled)
    with door:
        listen(door, moment)
        os.killpg(door.pid, signal.SIGKILL)
    again = start(house / "run", task, PATH=path)
    assert again.stdout == f"{house}\n"
    assert "Setting up" in again.stderr


def test_somebody_who_stops_the_set_up_is_told_what_happens_next(
    own_house: Path, stalled: dict[str, str]
) -> None:
    door = start_slowly(own_house / "run", "test", **stalled)
    with door:
        listen(door, "Installing")
        os.killpg(door.pid, signal.SIGINT)
        assert door.stderr is not None
        assert "The next start begins the set-up again." in door.stderr.read()
    assert door.returncode == 130


def test_of_two_starts_one_sets_up_and_the_other_waits(own_house: Path) -> None:
    with (own_house / ".venv.lock").open("w", encoding="utf-8") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        doors = [start_slowly(own_house / "run", "test") for _ in range(2)]
        for door in doors:
            listen(door, "Another start is setting this up; waiting for it.")
    outputs = [door.communicate() for door in doors]
    assert [out for out, _ in outputs] == [f"{own_house}\n"] * 2
    assert sorted("Installing" in err for _, err in outputs) == [False, True]


def test_an_environment_whose_python_is_gone_counts_as_none(ready: Path) -> None:
    python = ready / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(ready / "gone")
    assert not door_of(ready).is_current([])


@pytest.mark.parametrize("stamp", ["", "{", "[]", '{"folder": 3}', "\0"])
def test_a_damaged_stamp_counts_as_none(ready: Path, stamp: str) -> None:
    (ready / ".venv" / "complete.json").write_text(stamp, encoding="utf-8")
    assert not door_of(ready).is_current([])


def test_tests_whose_lock_changed_get_an_environment_anew(ready: Path) -> None:
    door = door_of(ready)
    assert door.is_current([door.SITE_LOCK, door.DEV_LOCK])
    (ready / LOCKS[1]).write_text(pinned("invoke", "markupsafe"), encoding="utf-8")
    assert door.is_current([door.SITE_LOCK])
    assert not door.is_current([door.SITE_LOCK, door.DEV_LOCK])


# What the machine lacks.


def test_without_a_network_it_says_so(own_house: Path) -> None:
    refused = start(
        own_house / "run",
        "test",
        # A port of this machine that nobody listens on.
        PIP_INDEX_URL="http://127.0.0.1:9/",
        PIP_CONFIG_FILE=os.devnull,
        PIP_FIND_LINKS="",
        PIP_NO_CACHE_DIR="1",
        PIP_RETRIES="0",
    )
    assert refused.returncode == 2
    assert refused.stderr.splitlines()[-1] == (
        "The packages could not be fetched. The first start needs the network: "
        "check the connection, then type this again."
    )
    assert "Traceback" not in refused.stderr


def test_a_package_that_is_not_the_locks_is_refused(own_house: Path) -> None:
    lock = re.sub(r"sha256:\w{8}", "sha256:00000000", pinned("markupsafe"))
    (own_house / LOCKS[1]).write_text(lock, encoding="utf-8")
    refused = start(own_house / "run", "test")
    assert refused.returncode == 2
    assert "A package is not the one the lock names" in refused.stderr
    assert installed(own_house) == {"invoke"}


def test_what_the_machine_refuses_is_said_in_a_sentence(house: Path) -> None:
    (house / ".venv.lock").mkdir()
    refused = start(house / "run", "where")
    assert refused.returncode == 2
    lock = house / ".venv.lock"
    assert refused.stderr == f"The set-up could not go on: {lock}: Is a directory.\n"


def test_a_missing_lock_is_said_in_a_sentence(house: Path) -> None:
    (house / LOCKS[0]).unlink()
    refused = start(house / "run", "where")
    assert refused.returncode == 2
    lock = house / LOCKS[0]
    assert refused.stderr == f"The set-up could not go on: {lock}: No such file or directory.\n"


@pytest.mark.may_skip("a machine has the Pythons it has")
def test_an_old_python_goes_looking_for_a_new_one(house: Path, tmp_path: Path) -> None:
    path = pythons.only(tmp_path / "bin", pythons.need("3.6", "3.7", "3.8", "3.9", "3.10"))
    (tmp_path / "bin" / "python3.11").symlink_to(pythons.need("3.11", "3.12", "3.13"))
    door = start_slowly(house / "run", "where", PATH=path)
    with door:
        listen(door, "Setting up Open House in .venv with Python 3.1")  # as it does with that one
        os.killpg(door.pid, signal.SIGKILL)


@pytest.mark.may_skip("a machine has the Pythons it has")
def test_an_old_python_alone_ends_in_a_sentence(house: Path, tmp_path: Path) -> None:
    pythons.only(tmp_path / "bin", pythons.need("3.6", "3.7", "3.8", "3.9", "3.10"))
    refused = start(house / "run", "where", PATH=str(tmp_path / "bin"))
    assert refused.returncode == 2
    assert re.fullmatch(
        r"Open House needs Python 3\.11 or newer, and this machine has 3\.\d+\.\d+\. "
        r"Install one \(on Debian or Ubuntu: sudo apt install python3 python3-venv\), "
        r"then type this again\.\n",
        refused.stderr,
    )


def test_the_door_is_written_for_the_oldest_python_it_speaks_to() -> None:
    ast.parse((ROOT / "run").read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.fixture
def debian(quick_python: str, tmp_path: Path) -> dict[str, Any]:
    """Surroundings as on a Debian whose Python came without the package of `venv`.

    Its apt-get, for whoever may use it, puts that right; what it was asked is kept in apt.log.
    """
    blocked, programs = tmp_path / "blocked", tmp_path / "programs"
    blocked.mkdir()
    programs.mkdir()
    (blocked / "sitecustomize.py").write_text(BLOCKED, encoding="utf-8")
    apt = programs / "apt-get"
    apt.write_text(
        f'#!/bin/sh\necho "$@" >> "{tmp_path}/apt.log"\n'
        f'case "$*" in *-venv) rm "{blocked}/sitecustomize.py";; esac\n',
        encoding="utf-8",
    )
    sudo = programs / "sudo"
    sudo.write_text('#!/bin/sh\nshift\nexec "$@"\n', encoding="utf-8")
    for program in (apt, sudo):
        program.chmod(0o755)
    path = pythons.only(programs, quick_python)
    return {"PATH": path, "PYTHONPATH": str(blocked), "PYTHONDONTWRITEBYTECODE": "1"}


def test_the_part_that_debian_splits_off_is_installed_by_whoever_may(
    house: Path, debian: dict[str, Any], tmp_path: Path
) -> None:
    # Every Python of this PATH lacks the part, so the first is the one that is mended.
    done = start(house / "run", "where", **debian)
    assert done.returncode == 0, done.stderr
    assert f"Installing {PACKAGE}, which Debian keeps apart from Python.\n" in done.stderr
    asked = (tmp_path / "apt.log").read_text(encoding="utf-8").splitlines()
    assert asked == [
        "--quiet update",
        f"--quiet install --yes --no-install-recommends {PACKAGE}",
    ]


def test_whoever_may_not_install_it_is_told_what_to_type(
    house: Path, debian: dict[str, Any], tmp_path: Path
) -> None:
    apt = tmp_path / "programs" / "apt-get"
    apt.write_text("#!/bin/sh\nexit 100\n", encoding="utf-8")
    refused = start(house / "run", "where", **debian)
    assert refused.returncode == 2
    assert refused.stderr.splitlines()[-1] == (
        "Python's own tool for environments is missing. "
        f"Type: sudo apt install {PACKAGE}, then type this again."
    )
