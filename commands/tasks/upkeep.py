"""What people type to look after the machine that the site and its service stand on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from commands.tasks.site_task import ROOT, site_task

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from commands.build import BuildOptions


@site_task(
    "site",
    positional=["server"],
    help={
        "server": "nginx, apache, caddy, htaccess for an Apache that you can't set up, or systemd",
        "tree": "The folder of the built site on that machine (default: /srv/www/current)",
        "url": "The site's address, instead of the one in site.toml; may have a sub-path",
        "port": "Where the feedback service listens (default: 8010)",
        "listen": "The port that readers come to (default: 80)",
        "log": "Where visits are counted (default: the server's usual folder)",
        "user": "Who runs the service and the rounds, for systemd (default: house)",
        "to": "The folder to write systemd's units into (default: show them here)",
    },
)
def recipe(
    where: BuildOptions,
    server: str,
    tree: str = "/srv/www/current",
    url: str = "",
    port: int = 8010,
    listen: int = 80,
    log: str = "",
    user: str = "house",
    to: Path | None = None,
) -> int:
    """Print what a web server needs to know of the site and its service, or systemd's units."""
    from commands.recipes import SYSTEMD, WebServer, show_recipe, show_units

    wanted = WebServer(tree, url, port, str(listen), log, user)
    if server == SYSTEMD:
        return show_units(ROOT, where.site, wanted, to, print)
    return show_recipe(ROOT, where.site, server, wanted, print)


@site_task(
    help={
        "to": "The folder of backups (default: OPEN_HOUSE_BACKUPS, else private/backups)",
        "key": "Whom to encrypt to, such as age1… (default: OPEN_HOUSE_BACKUP_KEY, else nobody)",
        "days": "Of how many days the newest is kept (default: 7)",
        "weeks": "Of how many weeks besides (default: 4)",
    }
)
def backup(to: Path | None = None, key: str = "", days: int = 7, weeks: int = 4) -> int:
    """Keep a backup of what the feedback service knows, and let go of the oldest."""
    from commands import archives

    return archives.backup(ROOT, archives.BackupRule.of(ROOT, to, key, days, weeks), print)


@site_task(
    positional=["file"],
    help={
        "file": "The backup",
        "identity": "The file of the key that opens an encrypted one",
        "dry-run": "Only say what is in it",
        "yes": "Don't ask",
    },
)
def restore(
    file: str, identity: Path | None = None, dry_run: bool = False, yes: bool = False
) -> int:
    """Put a backup in the place of what the feedback service keeps."""
    from commands import archives

    wanted = archives.Return(
        archives.absolute(file), identity, replace=True, dry_run=dry_run, yes=yes
    )
    return archives.put_back(ROOT, wanted, print, input)


@site_task(
    name="export",
    positional=["file"],
    help={
        "file": "The new file to write",
        "key": "Whom to encrypt to, such as age1… (default: nobody)",
        "reference": "One submission's reference: then all that is kept of it, to be handed over",
        "person": "An e-mail address, a telephone number or a name: then all that is kept of them",
    },
)
def service_export(file: str, key: str = "", reference: str = "", person: str = "") -> int:
    """Write all that the feedback service keeps into a file, or all that it keeps of one person."""
    from commands import archives
    from commands.subject_export import export_theirs

    target = archives.absolute(file)
    if reference or person:
        return export_theirs(ROOT, target, print, reference=reference, person=person)
    return archives.export(ROOT, target, key, print)


@site_task(name="bounced")
def service_bounced() -> int:
    """Note a mail that came back, as a mail server hands it over on standard input."""
    from commands.bounced import take_in

    return take_in(ROOT, sys.stdin.buffer.read(), print)


@site_task(
    "site",
    name="export",
    positional=["file"],
    help={
        "file": "The new table to write, in CSV",
        "private": "With the words, and the ways to whoever said them",
        "everything": "Also what came back already",
    },
)
def repairs_export(
    where: BuildOptions, file: str, private: bool = False, everything: bool = False
) -> int:
    """Write what was handed over into a table, for the system in which it is done."""
    from commands import archives
    from commands.repairs import WorkExport, export_work

    wanted = WorkExport(archives.absolute(file), private, everything)
    return export_work(ROOT, where.site, wanted, print)


@site_task(
    "site",
    name="import",
    positional=["file"],
    help={
        "file": "The table that the system wrote, in CSV",
        "dry-run": "Only say what would be done",
    },
)
def repairs_import(where: BuildOptions, file: str, dry_run: bool = False) -> int:
    """Take in what the system for repairs says of its jobs."""
    from commands import archives
    from commands.repairs import import_work

    return import_work(ROOT, where.site, archives.absolute(file), dry_run=dry_run, say=print)


@site_task(
    name="import",
    positional=["file"],
    help={
        "file": "What service.export wrote, on another machine or from another sort of database",
        "identity": "The file of the key that opens an encrypted one",
        "dry-run": "Only say what is in it",
        "yes": "Don't ask",
    },
)
def service_import(
    file: str, identity: Path | None = None, dry_run: bool = False, yes: bool = False
) -> int:
    """Bring what service.export wrote into an empty database."""
    from commands import archives

    wanted = archives.Return(archives.absolute(file), identity, dry_run=dry_run, yes=yes)
    return archives.put_back(ROOT, wanted, print, input)


@site_task(
    "site",
    help={
        "only": "Some of fetch, pull, publish, deploy, notify, digest and backup, with commas",
        "if-new": "Go on after pull only where something is new, or failed before; for often",
        "at-once": "Stay, and do so as soon as something is decided at the desk, until it is ended",
        "publish": "Send what was pulled on to the others as well: this clone may push",
        "dry-run": "Only say what would be done",
    },
)
def rounds(
    where: BuildOptions,
    only: str = "",
    if_new: bool = False,
    at_once: bool = False,
    publish: bool = False,
    dry_run: bool = False,
) -> int:
    """Do what falls due by itself: fetch, pull, deploy, notify, digest, backup; for a timer."""
    from commands.rounds import RoundsOptions
    from commands.rounds import rounds as run
    from commands.rounds_at_once import rounds_at_once

    options = RoundsOptions(only, if_new=if_new or at_once, publish=publish, dry_run=dry_run)
    if at_once:
        return rounds_at_once(ROOT, where.site, options, print)
    return run(ROOT, where.site, options, print)


@site_task(
    "content",
    "site",
    help={
        "json": "For tools: one object, with a line for each part",
        "url": "The published site's address (default: the one in site.toml)",
    },
)
def doctor(where: BuildOptions, json: bool = False, url: str = "") -> int:
    """Say whether the whole house is well, and what to do where it isn't."""
    from commands.doctor import doctor as run

    return run(ROOT, where.content, where.site, url=url, as_json=json, say=print)


@site_task(
    "site",
    positional=["log"],
    iterable=["also"],
    help={
        "log": "The web server's log; ./run recipe says where ours is",
        "also": "Another one, also packed by gzip; repeatable",
        "csv": "The table to write: days, pages, how often; otherwise the most read are shown",
        "since": "The first day that counts, such as 2026-03-01",
        "tree": "The folder of the built site (default: OPEN_HOUSE_TREE, else output)",
    },
)
def visits(
    where: BuildOptions,
    log: str,
    also: Sequence[str] = (),
    csv: Path | None = None,
    since: str = "",
    tree: Path | None = None,
) -> int:
    """Count how often pages are read, from the server's own log: days and pages, nobody's steps."""
    import os

    from commands.archives import absolute
    from commands.visits import visits as run

    logs = [absolute(name) for name in (log, *also)]
    return run(
        ROOT, where.site, logs, table=csv, since=since, tree=tree, environ=os.environ, say=print
    )
