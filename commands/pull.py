"""Brings published words, votes and answers from the feedback service into the content folder."""

from __future__ import annotations

import os
from datetime import datetime
from typing import TYPE_CHECKING

from commands.service_runtime import CannotServe, read_site
from commands.terminal import complain
from feedback.publication import harvest
from feedback.pull import CannotPull, fetch, plan, write
from feedback.settings import SettingFault, Settings
from feedback.store import Store, StoreFault
from feedback.web.chrome import ChromeFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.site import Site
    from feedback.publication import Harvest
    from feedback.pull import Changes

MANY = 10  # records withdrawn at once that a person should hear of first


def pull(  # noqa: PLR0913 - as many as the command has options
    root: Path,
    content: Path,
    site_file: Path,
    *,
    service: str,
    dry_run: bool,
    yes: bool,
    say: Callable[[str], None],
    ask: Callable[[str], str],
) -> int:
    """Show what is new, changed and withdrawn, and write it.

    :param service: the address to ask; "" for the database on this machine.
    :returns: 0 when the folder is up to date, 1 when nothing was taken, 2 on wrong settings.
    """
    try:
        site = read_site(site_file)
        harvested = _harvest(root, service, site)
        today = datetime.now(site.timezone).date()
        changes = plan(harvested, content, site, today)
    except (CannotServe, SettingFault) as fault:
        complain(str(fault))
        return 2
    except (CannotPull, StoreFault) as reason:
        complain(str(reason))
        return 1
    for line in _told(changes):
        say(line)
    if changes.nothing or dry_run:
        return 0
    if len(changes.withdrawn) >= MANY and not yes and not _agreed(changes, ask):
        say("Nothing was changed.")
        return 1
    write(changes, content)
    say("Look at it with `git diff`, then `./run publish`.")
    return 0


def _harvest(root: Path, service: str, site: Site) -> Harvest:
    settings = Settings.read(os.environ, root)
    if service:
        return fetch(service, settings.api_token)
    with Store.open(settings) as store, store.read() as conn:
        return harvest(conn, site, ChromeFile(settings.tree).now().parts)


def _told(changes: Changes) -> list[str]:
    if changes.nothing:
        return ["Nothing new: what is public stands here already."]
    named = {"New": changes.new, "Changed": changes.changed, "Withdrawn": changes.withdrawn}
    return [f"{word}: {path}" for word, paths in named.items() for path in paths]


def _agreed(changes: Changes, ask: Callable[[str], str]) -> bool:
    question = f"{len(changes.withdrawn)} records would be withdrawn at once. Is that right? [y/N] "
    try:
        return ask(question).strip().lower() in {"y", "yes"}
    except EOFError:
        return False
