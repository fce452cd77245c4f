"""What people type: `./run TASK`. Each task is a thin word for a module of `commands`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invoke.tasks import task

if TYPE_CHECKING:
    from invoke.context import Context


@task(help={"k": "Only the tests whose names match, as pytest's -k"})
def test(_: Context, k: str = "") -> None:
    """Check everything: lint, types, tests. What comes after -- goes to pytest."""
    from commands import quality

    quality.test(k)


@task
def lint(_: Context) -> None:
    """Check style and types."""
    from commands import quality

    quality.lint()


@task
def lock(_: Context) -> None:
    """Refresh the lock files from pyproject.toml."""
    from commands import quality

    quality.lock()


@task
def clean(_: Context) -> None:
    """Remove what was built, the caches and the environment."""
    from commands import quality

    quality.clean()
