"""What people type to send the site out, and to take that back."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from commands.tasks.site_task import ROOT, site_task

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from commands.build import BuildOptions

WRITER = {
    "name": "Your name, if git doesn't know it yet",
    "email": "Your e-mail address, if git doesn't know it yet",
}


@site_task(
    "content",
    "site",
    iterable=["also"],
    help={
        "message": "A line about what you publish (default: made from what changed)",
        "yes": "Don't ask",
        "dry-run": "Only say what would go out",
        "everything": "Publish changes outside your content too",
        "also": "A file you agree to, that no page refers to or that may hold more; repeatable",
        **WRITER,
    },
)
def publish(
    where: BuildOptions,
    message: str | None = None,
    yes: bool = False,
    dry_run: bool = False,
    everything: bool = False,
    also: Sequence[str] = (),
    name: str | None = None,
    email: str | None = None,
) -> int:
    """Say what would go out, check it, and publish it when you agree."""
    from commands.publishing.publish import publish as run

    return run(
        ROOT,
        where.content,
        where.site,
        message=message,
        yes=yes,
        dry_run=dry_run,
        everything=everything,
        also=also,
        name=name,
        email=email,
        say=print,
        ask=input,
    )


@site_task(
    "content",
    "site",
    help={"yes": "Don't ask", "dry-run": "Only say what would be taken back", **WRITER},
)
def undo(
    where: BuildOptions,
    yes: bool = False,
    dry_run: bool = False,
    name: str | None = None,
    email: str | None = None,
) -> int:
    """Take the last publication back."""
    from commands.publishing.undo import undo as run

    return run(
        ROOT,
        where.content,
        where.site,
        yes=yes,
        dry_run=dry_run,
        name=name,
        email=email,
        say=print,
        ask=input,
    )


@site_task(
    "output",
    "content",
    "site",
    help={
        "url": "The site's address, instead of the one in site.toml; may have a sub-path",
        "strict": "Put nothing in place when there is any fault (always so in CI)",
        "drafts": "Show drafts and scheduled pages too",
        "quiet": "Say only what is wrong",
    },
)
def build(
    where: BuildOptions,
    url: str | None = None,
    strict: bool = False,
    drafts: bool = False,
    quiet: bool = False,
) -> int:
    """Build the site into a folder, all at once or not at all."""
    from commands.build import run_build
    from commands.terminal import Terminal

    strict = strict or bool(os.environ.get("CI"))
    return run_build(replace(where, url=url, strict=strict, drafts=drafts), Terminal(quiet=quiet))


@site_task(
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
    source: str = "",
    version: str = "",
    house: Path | None = None,
    undo: bool = False,
    dry_run: bool = False,
    yes: bool = False,
) -> int:
    """Bring a newer version of Open House into an association's folder."""
    from commands.upgrading import upgrade as upgrading

    folder = house or ROOT
    if undo:
        return upgrading.undo(folder)
    wanted = source or (str(ROOT) if house else upgrading.usual_source(ROOT))
    return upgrading.upgrade(folder, wanted, version=version, dry_run=dry_run, yes=yes)
