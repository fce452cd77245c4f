"""What people type to send the site out, and to take that back."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from invoke.tasks import task

from commands.tasks.places import PLACES, ROOT, located

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invoke.context import Context


@task(
    iterable=["also"],
    help={
        "message": "A line about what you publish (default: made from what changed)",
        "yes": "Don't ask",
        "dry-run": "Only say what would go out",
        "everything": "Publish changes outside your content too",
        "also": "A file you agree to, that no page refers to or that may hold more; repeatable",
        "name": "Your name, if git doesn't know it yet",
        "email": "Your e-mail address, if git doesn't know it yet",
        **PLACES,
    },
)
def publish(
    context: Context,
    message: str = "",
    yes: bool = False,
    dry_run: bool = False,
    everything: bool = False,
    also: Sequence[str] = (),
    name: str = "",
    email: str = "",
    content: str = "",
    site: str = "",
) -> None:
    """Say what would go out, check it, and publish it when you agree."""
    from commands.publishing.publish import publish as run

    where = located(content, site)
    sys.exit(
        run(
            ROOT,
            where.content,
            where.site,
            message=message or None,
            yes=yes,
            dry_run=dry_run,
            everything=everything,
            also=also,
            name=name or None,
            email=email or None,
            say=print,
            ask=input,
        )
    )


@task(
    help={
        "yes": "Don't ask",
        "dry-run": "Only say what would be taken back",
        "name": "Your name, if git doesn't know it yet",
        "email": "Your e-mail address, if git doesn't know it yet",
        **PLACES,
    }
)
def undo(
    context: Context,
    yes: bool = False,
    dry_run: bool = False,
    name: str = "",
    email: str = "",
    content: str = "",
    site: str = "",
) -> None:
    """Take the last publication back."""
    from commands.publishing.undo import undo as run

    where = located(content, site)
    sys.exit(
        run(
            ROOT,
            where.content,
            where.site,
            yes=yes,
            dry_run=dry_run,
            name=name or None,
            email=email or None,
            say=print,
            ask=input,
        )
    )


@task(
    help={
        "output": "The folder to put the site in (default: output)",
        "url": "The site's address, instead of the one in site.toml; may have a sub-path",
        "strict": "Put nothing in place when there is any fault (always so in CI)",
        "drafts": "Show drafts and scheduled pages too",
        "quiet": "Say only what is wrong",
        **PLACES,
    }
)
def build(
    context: Context,
    output: str = "",
    content: str = "",
    site: str = "",
    url: str = "",
    strict: bool = False,
    drafts: bool = False,
    quiet: bool = False,
) -> None:
    """Build the site into a folder, all at once or not at all."""
    from commands.build import run_build
    from commands.terminal import Terminal

    options = replace(
        located(content, site, output),
        url=url or None,
        strict=strict or bool(os.environ.get("CI")),
        drafts=drafts,
    )
    sys.exit(run_build(options, Terminal(quiet=quiet)))


@task(
    help={
        "source": "A folder, an archive, or the address of either; the word after upgrade",
        "version": "A tag or branch of a git repository (default: what it offers first)",
        "house": "The association's folder (default: this one); then this is the newer version",
        "undo": "Take the last upgrade back",
        "dry-run": "Only say what would change",
        "yes": "Don't ask",
    }
)
def upgrade(
    context: Context,
    source: str = "",
    version: str = "",
    house: str = "",
    undo: bool = False,
    dry_run: bool = False,
    yes: bool = False,
) -> None:
    """Bring a newer version of Open House into an association's folder."""
    from commands.upgrading import upgrade as upgrading

    folder = Path(house).resolve() if house else ROOT
    if undo:
        sys.exit(upgrading.undo(folder))
    wanted = source or (str(ROOT) if house else upgrading.usual_source(ROOT))
    sys.exit(upgrading.upgrade(folder, wanted, version=version, dry_run=dry_run, yes=yes))
