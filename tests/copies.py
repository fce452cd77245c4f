"""Copies of this repository, for tests of what people do with a clone of their own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from filecmp import cmp
from functools import cache
from pathlib import Path

import pytest

from commands.beginning import sample
from commands.beginning.sample import ASIDE
from commands.terminal import Stop
from commands.upgrading.house import THEIRS

ROOT = Path(__file__).resolve().parent.parent
NO_TEMPLATES = ROOT / "theme" / "none"  # where an association could have its own, and has none
LOCKS = ("requirements.lock", "requirements-dev.lock")


def working_files() -> list[str]:
    """Every file of the work tree that git knows or would take, as paths below the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    names = listed.stdout.decode().split("\0")
    return [name for name in names if name and (ROOT / name).is_file()]


def our_files() -> list[str]:
    """Those of them that are not the association's whose clone this is."""
    return [name for name in working_files() if Path(name).parts[0] not in {*THEIRS, ASIDE}]


@cache
def sample_folder() -> Path:
    """The folder that holds the sample's site.toml and content.

    Here they may be an association's own by now: then the sample is taken from where it was put
    aside, or from what git remembers.
    """
    try:
        return sample.sample_folder(ROOT)
    except Stop as nowhere:
        pytest.skip(str(nowhere), allow_module_level=True)


def fresh_copy(folder: Path) -> Path:
    """Copy what a clean clone of the work tree as it stands would hold: no environment, no caches.

    The copy has the sample, and nothing of an association whose clone this is. It is a repository
    of its own, with one commit on the branch main and nobody's settings.
    """
    for name in our_files():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target, follow_symlinks=False)
    shutil.copytree(sample_folder() / "content", folder / "content", symlinks=True)
    shutil.copy2(sample_folder() / "site.toml", folder)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "The copy")
    return folder


def ready_copy(folder: Path) -> Path:
    """Copy as `fresh_copy`, with an environment borrowed from this one: `./run` starts at once."""
    return lend_bytecode(lend_environment(fresh_copy(folder)))


def lend_bytecode(folder: Path) -> Path:
    """Give a copy or clone what Python has compiled here: good for files of the same time and size.

    Otherwise each would spend seconds on compiling the same program anew.
    """
    names = [name for name in working_files() if name.endswith(".py")]
    for name in names:
        if (folder / name).is_file() and cmp(ROOT / name, folder / name, shallow=False):
            shutil.copystat(ROOT / name, folder / name)
    for room in {str(Path(name).parent) for name in names}:
        compiled = ROOT / room / "__pycache__"
        if compiled.is_dir() and (folder / room).is_dir():
            shutil.copytree(compiled, folder / room / "__pycache__")
    return folder


def lend_environment(folder: Path) -> Path:
    """Give a copy this environment's packages, as if its door had just set it up."""
    here, copy = Path(sys.prefix), folder / ".venv"
    (copy / "bin").mkdir(parents=True)
    for program in (here / "bin").iterdir():
        (copy / "bin" / program.name).symlink_to(program)
    (copy / "lib").symlink_to(here / "lib")
    shutil.copy(here / "pyvenv.cfg", copy)
    stamp = {
        "folder": str(folder.resolve() / ".venv"),
        "python": str((copy / "bin" / "python").resolve()),
        **{name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in LOCKS},
    }
    (copy / "complete.json").write_text(json.dumps(stamp), encoding="utf-8")
    return folder


def unmeasured() -> dict[str, str]:
    """The surroundings for a process whose lines nobody counts, as it runs a copy.

    Counting takes as long as running.
    """
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}


def git(folder: Path, *words: str) -> str:
    """Run git in a folder, as a person of this test and with no settings of this machine."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_NAME": "Nia Rowe",
        "GIT_AUTHOR_EMAIL": "nia@tiny.example.org",
        "GIT_COMMITTER_NAME": "Nia Rowe",
        "GIT_COMMITTER_EMAIL": "nia@tiny.example.org",
    }
    done = subprocess.run(
        ["git", *words], cwd=folder, check=True, capture_output=True, text=True, env=environment
    )
    return done.stdout
