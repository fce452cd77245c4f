"""Brings published words, votes and answers from the feedback service into the content folder."""

from __future__ import annotations

import os
from datetime import datetime
from typing import TYPE_CHECKING

from commands.site_folder import read_site
from commands.terminal import Stop, agreed, complain, ends_in_words
from core.public.site_shell import SiteShellFile
from feedback.publication import harvest
from feedback.pull import CannotPull, fetch, plan, remembered, write
from feedback.settings import SettingFault, database_of, token_of, tree_of
from feedback.store import Absent, StoreFault, read_existing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from core.site import Site
    from feedback.publication import Harvest
    from feedback.pull import Changes

UNSEEN = (
    "Nothing was taken: a person should see these first, which the service says may be public. "
    "Pull once without --yes."
)
MANY = 10  # records withdrawn at once that a person should hear of first


@ends_in_words({SettingFault: 2, CannotPull: 1, StoreFault: 1})
def pull(  # noqa: PLR0913 - as many as the command has options
    root: Path,
    content: Path,
    site_file: Path,
    *,
    service: str,
    dry_run: bool,
    yes: bool,
    accept_source: bool = False,
    say: Callable[[str], None],
    ask: Callable[[str], str],
) -> int:
    """Show what is new, changed and withdrawn, and write it.

    :param service: the address to ask; "" for the database on this machine.
    :param accept_source: take records from another or an older database than those here.
    :returns: 0 when the folder is up to date, 1 when nothing was taken, 2 on wrong settings.
    """
    site = read_site(site_file)
    try:
        harvested = _harvest(root, service, site, content)
    except Absent as reason:
        raise Stop(f"{reason} {_elsewhere(site)}") from None
    today = datetime.now(site.timezone).date()
    changes = plan(harvested, content, site, today, accept_source=accept_source)
    for line in _told(changes):
        say(line)
    if changes.nothing or dry_run:
        return 0
    if service and changes.vouched and yes:
        complain("\n".join([UNSEEN, *changes.vouched]))
        return 1
    for question in () if yes else _questions(changes, afar=bool(service)):
        if not agreed(ask, question):
            say("Nothing was changed.")
            return 1
    write(changes, content)
    say("Look at it with `git diff`, then `./run publish`.")
    return 0


def _harvest(root: Path, service: str, site: Site, content: Path) -> Harvest:
    """Return what is public now; nothing is made on this machine to learn it."""
    source = remembered(content)
    seen = source.marks if source else ()
    if service:
        return fetch(service, token_of(os.environ), seen)
    parts = SiteShellFile(tree_of(os.environ, root)).now().parts
    with read_existing(database_of(os.environ, root)) as conn:
        return harvest(conn, site, parts, seen)


def _elsewhere(site: Site) -> str:
    address = site.feedback.service
    known = address if address.startswith("https://") else "ADDRESS"
    return (
        "Nothing was made or changed here. If the service runs on another machine, ask it: "
        f"./run pull --service {known}, with the service's own token in OPEN_HOUSE_API_TOKEN."
    )


def _told(changes: Changes) -> list[str]:
    if changes.nothing:
        return ["Nothing new: what is public stands here already."]
    named = {
        "New": changes.new,
        "Changed": changes.changed,
        "Withdrawn": changes.withdrawn,
        "Back in public": changes.returned,
    }
    return [f"{word}: {path}" for word, paths in named.items() for path in paths]


def _questions(changes: Changes, *, afar: bool) -> Iterator[str]:
    """Tell what a person should hear of before it is done."""
    if afar and changes.vouched:
        yield "\n".join(
            [
                "The service says that these may be public:",
                *changes.vouched,
                "May they?",
            ]
        )
    if (count := len(changes.withdrawn)) >= MANY:
        yield f"{count} records would be withdrawn at once. Is that right?"
    if changes.returned and not changes.proven:
        yield (
            f"{len(changes.returned)} records that were taken back would be public again. "
            "Is that right?"
        )
