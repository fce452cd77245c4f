"""What people type: `./run TASK`. Each task is a thin word for a module of `commands`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from invoke.tasks import task

if TYPE_CHECKING:
    from invoke.context import Context


@task(help={"k": "Only the tests whose names match, as pytest's -k"})
def test(context: Context, k: str = "") -> None:
    """Check everything: style, types, tests. Paths of tests, and all words after --, choose."""
    from commands import quality

    sys.exit(quality.test(k, context.remainder))


@task
def lint(context: Context) -> None:
    """Check style and types."""
    from commands import quality

    sys.exit(quality.lint())


@task(help={"upgrade": "Take the newest of everything that pyproject.toml allows"})
def lock(context: Context, upgrade: bool = False) -> None:
    """Write the lock files anew from pyproject.toml."""
    from commands import quality

    sys.exit(quality.lock(upgrade=upgrade))


@task
def clean(context: Context) -> None:
    """Remove what can be made again: what was built, the caches, the environment."""
    from commands import quality

    quality.clean()
