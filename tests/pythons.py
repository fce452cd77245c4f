"""Finds the Pythons of this machine, for what must hold with each of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

# Calls itself by its own name, so that whoever asks for `sys.executable` comes here again.
COPIES = """\
#!/bin/bash
if [ "$1 $2" = "-m venv" ]; then exec cp -a "{environment}" "$3"; fi
exec -a "$0" "{program}" "$@"
"""
STARTS = "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"


@cache
def find(version: str) -> str | None:
    """Return the program of a Python, as "3.12", that starts; None when the machine has none.

    It is looked for on PATH, then where pyenv keeps those that are not.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    managed = map(str, pyenv.glob(f"{version}.*/bin/python{version}"))
    for program in (f"python{version}", *managed):
        try:
            answer = subprocess.run([program, "-c", STARTS], capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        number, path = answer.stdout.decode().split(maxsplit=1)
        if number == version:
            return path.strip()
    return None


def need(*versions: str) -> str:
    """Return the program of the first of these Pythons, or skip the test that needs one."""
    for version in versions:
        if program := find(version):
            return program
    pytest.skip(f"This machine has no Python {' or '.join(versions)}.")


def this() -> str:
    """Return the program of the Python that the tests run in, outside of any environment."""
    return str(Path(getattr(sys, "_base_executable", sys.executable)).resolve())


def only(folder: Path, program: str) -> str:
    """Return a PATH on which this Python is `python3`, before all that the machine has."""
    folder.mkdir(exist_ok=True)
    link = folder / "python3"
    link.unlink(missing_ok=True)
    link.symlink_to(program)
    return os.pathsep.join([str(folder), "/usr/bin", "/bin"])


def with_environment(program: str, venv: Path, folder: Path) -> str:
    """Return a Python that has an environment ready: asked for one, it copies one made before.

    :param program: the Python, which does everything else itself.
    :param venv: an environment of the door's: what it has installed is left out.
    :param folder: where program and environment may be written.
    """
    environment = shutil.copytree(venv, folder / "environment", symlinks=True)
    (environment / "complete.json").unlink()
    for part in environment.glob("lib/*/site-packages/invoke*"):
        shutil.rmtree(part)
    file = folder / "python-with-environment"
    file.write_text(COPIES.format(program=program, environment=environment), encoding="utf-8")
    file.chmod(0o755)
    return str(file)
