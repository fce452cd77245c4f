"""What people type to work on the house itself."""

from __future__ import annotations

import os
import shlex
import sys
from typing import TYPE_CHECKING

from invoke.tasks import task

from commands.tasks.site_task import ROOT, site_task

if TYPE_CHECKING:
    from invoke.context import Context

    from commands.build import BuildOptions


@task(
    help={
        "k": "Only the tests whose names match, as pytest's -k",
        "quick": "Only what most edits break: no browser, task or server",
        "cover": "Count the lines that the tests reach too, and hold the floor (always so in CI)",
    }
)
def test(context: Context, k: str = "", quick: bool = False, cover: bool = False) -> None:
    """Check everything: style, types, tests. Paths of tests, and all words after --, choose."""
    from commands import quality

    cover = cover or bool(os.environ.get("CI"))
    sys.exit(quality.test(k, context.remainder, quick=quick, cover=cover))


@site_task(
    positional=["name"],
    help={"name": "What to measure; without a name, the list of what can be"},
)
def bench(name: str = "") -> int:
    """Measure the house against something real; prints a table, writes build/bench/NAME.json."""
    from benchmarks import run

    return run(name)


@task(
    positional=["release"],
    help={"release": "bookworm or trixie; without one, each in turn"},
)
def fresh(context: Context, release: str = "") -> None:
    """Build and test in an empty Debian made for it, to see what a new machine would lack."""
    from commands import fresh as machine

    sys.exit(machine.fresh(ROOT, release, shlex.split(context.remainder)))


@site_task("content", "site", help={"pictures": "Take the README's pictures anew too"})
def photos(where: BuildOptions, pictures: bool = False) -> int:
    """Photograph every template in every language, in three widths, by day and by night."""
    from commands.screenshots import photograph

    album = ROOT / "build" / "photos"
    renewed = ROOT / "docs" / "pictures" if pictures else None
    return photograph(ROOT, where.content, where.site, album, pictures=renewed)


@site_task()
def scripts() -> int:
    """Join and shorten the search page's script from theme/scripts."""
    from commands.bundle import write_scripts

    return write_scripts(ROOT)


@site_task()
def lint() -> int:
    """Check style and types."""
    from commands import quality

    return quality.lint()


@site_task(help={"upgrade": "Take the newest of everything that pyproject.toml allows"})
def lock(upgrade: bool = False) -> int:
    """Write the lock files anew from pyproject.toml."""
    from commands import quality

    return quality.lock(upgrade=upgrade)


@site_task()
def clean() -> None:
    """Remove what can be made again: what was built, the caches, the environment."""
    from commands import quality

    quality.clean()
