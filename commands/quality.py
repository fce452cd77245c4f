"""What keeps the house in order: tests, lint, lock files, cleaning."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test(k: str = "") -> None:
    """Lint, then run the tests. Exits non-zero at the first of the two that fails."""
    lint()
    names = ["-k", k] if k else []
    _must([sys.executable, "-m", "pytest", *names])


def lint() -> None:
    """Check style and types."""
    _must([sys.executable, "-m", "ruff", "check"])
    _must([sys.executable, "-m", "ruff", "format", "--check"])
    _must([sys.executable, "-m", "mypy"])


def lock() -> None:
    """Write both lock files anew."""


def clean() -> None:
    """Remove what can be made again."""


def _must(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(done.returncode)
