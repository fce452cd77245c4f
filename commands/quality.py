"""What keeps the house in order: tests, lint, lock files, cleaning."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from commands import bundle, machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent
CHECKS = {
    "style": ["ruff", "check"],
    "format": ["ruff", "format", "--check"],
    "types": ["mypy"],
}
QUICK = "not long and not slow and not browser and not door"  # in the words of pytest's -m
LOCK_HEADER = (
    "# Written by ./run lock from pyproject.toml. Every package is pinned by its hashes.\n"
)
# What can be made again, as patterns from the root; the environment goes last, for it runs this.
DISPOSABLE = (
    "output",
    ".cache",
    "**/__pycache__",
    ".coverage*",
    ".hypothesis",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    "build",
    "*/node/node_modules",
    f"{bundle.MODULES}/node_modules",
    ".venv",
)


def test(k: str = "", remainder: str = "", *, quick: bool = False, cover: bool = False) -> int:
    """Check everything that a push must pass; returns the exit code.

    With names or words for pytest only those tests run, without the linters, which speak of the
    whole.

    :param k: names, as pytest's -k.
    :param remainder: words for pytest, quoted for a shell.
    :param quick: leave out tests that open a browser, start a preview or publish, or else take
        long: what is left says soon whether an edit broke what most edits break.
    :param cover: count the lines that the tests reach, and fail below the floor. It takes half as
        long again, so people are spared it where CI does it.
    """
    if not quick:
        machine.prepare()
    for packages in ("commands/node", "tests/node", bundle.MODULES):
        machine.install_node(ROOT / packages)
    chosen = [*(["-k", k] if k else []), *shlex.split(remainder)]
    if chosen:
        return _run(["pytest", *chosen])
    # A class of tests, or what a file has outside of classes, stays in one process: they share what
    # takes long to set up. They keep the order in which tests/conftest.py puts them, long ones
    # first.
    spread = ["-n", str(_processes()), "--dist", "loadscope", "--no-loadscope-reorder"]
    counted = ["--cov", "--cov-report=term-missing:skip-covered"] if cover and not quick else []
    with _meanwhile(CHECKS["types"]) as typed:
        linted = _lint("style", "format")
        tested = _run(["pytest", *(["-m", QUICK] if quick else counted), *spread])
    if typed():
        print("Lint found faults: types.", file=sys.stderr)
    return tested or linted or typed()


def _processes() -> int:
    """How many run tests at once: two on each core, since a test that waits leaves its own idle.

    What tests wait for is a browser, a disk, or a process that starts.
    """
    return (os.cpu_count() or 1) * 2


def lint() -> int:
    """Check style, format and types, all three whatever the others find; returns the exit code."""
    return _lint(*CHECKS)


def _lint(*names: str) -> int:
    failed = [name for name in names if _run(CHECKS[name])]
    if failed:
        print(f"Lint found faults: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


@contextmanager
def _meanwhile(command: list[str]) -> Iterator[Callable[[], int]]:
    """Run a tool while something else runs; what it says comes in one piece when it is done.

    Yields what tells the tool's exit code, to be asked afterwards.
    """
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(_run, command, at_once=True)
        yield running.result


def lock(*, upgrade: bool = False) -> int:
    """Write both lock files anew from pyproject.toml, for every Python and system at once.

    Pins stay where they still fit, unless `upgrade` asks for the newest of everything. The site's
    set is a part of the tests', so that what is tested is what runs. Returns the exit code.
    """
    everything, site = ROOT / "requirements-dev.lock", ROOT / "requirements.lock"
    newest = ["--upgrade"] if upgrade else []
    return _resolve(everything, ["--group", "dev", *newest]) or _resolve(
        site, ["--constraint", everything.name, *newest]
    )


def clean() -> None:
    """Remove what can be made again: what was built, the caches, the environment."""
    for pattern in DISPOSABLE:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def _resolve(target: Path, options: list[str]) -> int:
    """Have uv write one lock file. Hosts stay out of it: each machine has its own registry."""
    command = ["uv", "pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11"]
    # An extra that a package asks for must be pinned as such, or pip looks for a newer release.
    command += ["--generate-hashes", "--no-strip-extras", "--no-annotate", "--no-header"]
    command += ["--no-emit-index-url", "--quiet", *options, "--output-file", target.name]
    code = _run(command)
    if not code:
        pins = target.read_text(encoding="utf-8")
        target.write_text(LOCK_HEADER + pins, encoding="utf-8")
    return code


def _run(command: list[str], *, at_once: bool = False) -> int:
    """Run a tool of this environment at the root; returns its exit code.

    What Python compiles is kept, whatever a machine would have: the tests start some two hundred
    processes, and none of them needs to compile the program anew.

    :param at_once: print what the tool says when it has ended, rather than as it goes.
    """
    tool = Path(sys.executable).with_name(command[0])
    if not tool.exists():
        print(f"{command[0]} is not installed here. Type: ./run test", file=sys.stderr)
        return 2
    sys.stdout.flush()
    surroundings = {k: value for k, value in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [tool, *command[1:]],
        cwd=ROOT,
        env=surroundings,
        check=False,
        stdout=subprocess.PIPE if at_once else None,
        stderr=subprocess.STDOUT if at_once else None,
        encoding="utf-8",
    )
    if at_once:
        print(f"\n{done.stdout.strip()}", flush=True)
    return done.returncode
