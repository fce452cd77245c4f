"""Takes in a mail that came back, from the mail server, so that the desk shows it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from commands.terminal import ends_in_words
from feedback.notices.bounces import bounced
from feedback.settings import SettingFault, Settings
from feedback.store import Store, StoreFault
from feedback.store.mail import outbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOST_BYTES = 10_000_000  # of a mail; the report stands at its beginning


@ends_in_words({SettingFault: 2, StoreFault: 1})
def take_in(root: Path, mail: bytes, say: Callable[[str], None]) -> int:
    """Note at the desk that a mail to a tenant came back.

    :param mail: as the server hands it over.
    :returns: 0, also for a mail that is none of ours: a mail server sends it on for anything else.
    """
    bounce = bounced(mail[:MOST_BYTES])
    if bounce is None:
        say("This mail says of no other that it came back. Nothing was noted.")
        return 0
    settings, now = Settings.read(os.environ, root), datetime.now(UTC)
    with Store.open(settings) as store:
        ref = store.write_now(
            lambda conn: outbox.came_back(conn, bounce.message_id, why=bounce.why, now=now)
        )
    say(f"{ref}: the mail came back. The desk shows it." if ref else "It is no answer of ours.")
    return 0
