"""Tells tenants what came of their words, once the site shows it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from commands.site_folder import read_site
from commands.terminal import ends_in_words
from feedback.model import AnswerBy
from feedback.notify import PublishedLoop, tell
from feedback.online_records import note_online
from feedback.published_site import CannotNotify, in_folder, on_the_web
from feedback.settings import SettingFault, Settings
from feedback.store import Store, StoreFault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from feedback.notify import PlannedNotice

CHANNELS = {AnswerBy.EMAIL: "e-mail", AnswerBy.LETTER: "letter", AnswerBy.PHONE: "phone call"}


@ends_in_words({SettingFault: 2, CannotNotify: 1, StoreFault: 1})
def notify(  # noqa: PLR0913 - as many as the command has options
    root: Path,
    site_file: Path,
    *,
    tree: Path | None,
    url: str,
    dry_run: bool,
    say: Callable[[str], None],
) -> int:
    """Read what is published, and put a notice into the outbox for whoever it is news to.

    :param tree: the folder of the published site; None to ask for it over the web.
    :param url: its address; "" for the one in site.toml.
    :returns: 0, 1 when the site or the database could not be read, 2 on wrong settings.
    """
    site, settings = read_site(site_file), Settings.read(os.environ, root)
    published = PublishedLoop.of(in_folder(tree) if tree else on_the_web(url or site.url))
    now = datetime.now(UTC)
    with Store.open(settings) as store:
        if not dry_run:
            store.write_now(lambda conn: note_online(conn, published.records, site, now=now))
        notices = tell(store, published, site, now=now, dry_run=dry_run)
    for line in _lines(notices):
        say(line)
    if notices and not dry_run:
        say("E-mails go out while the service runs; letters and calls wait at the desk.")
    return 0


def _lines(notices: list[PlannedNotice]) -> list[str]:
    if not notices:
        return ["Nobody has to be told anything: all of it was told before."]
    return [
        f"{sent.ref}: {sent.notice.why} {key}, by {CHANNELS[sent.channel]}"
        for sent in notices
        for key in sent.notice.facts.values()
    ]
