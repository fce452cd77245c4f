"""What is decided at the desk goes to the site at once: `./run rounds --at-once` stays and looks.

It asks the database every few seconds for the newest decision, which costs one short question. So
it needs no line between the service and itself, and misses nothing while it is away.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from commands.rounds import RoundsBusy, RoundsOptions, one_round
from commands.terminal import Stop, complain, ends_in_words
from feedback.settings import SettingFault, database_of
from feedback.store import StoreFault
from feedback.store.actions.site_runs import newest_decision
from feedback.store.database.engine import may_exist
from feedback.store.database.storage import read_existing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOOKS = 5.0  # seconds between two looks at the desk
OFTEN = 120  # looks after which it goes round all the same: for votes, and for what was pushed
UNKNOWN = -1  # a decision that nobody has made


@ends_in_words({SettingFault: 2})
def rounds_at_once(
    root: Path,
    site_file: Path,
    options: RoundsOptions,
    say: Callable[[str], None],
    *,
    pause: Callable[[float], None] = time.sleep,
) -> int:
    """Do what is due for the site as soon as something is decided, until it is ended.

    :param pause: waits for so many seconds.
    :returns: 0 once it is ended from the keyboard, 2 when there is no desk to look at.
    """
    database = database_of(os.environ, root)
    if not may_exist(database):
        raise Stop("No feedback service keeps anything on this machine: have --if-new done.", 2)
    carried, looks = UNKNOWN, 0
    say("What is decided at the desk goes to the site at once. Ctrl-C ends this.")
    try:
        while True:
            decided = _newest(database, carried)
            looks += 1
            if decided != carried or looks >= OFTEN:
                try:
                    _go_round(root, site_file, options, say)
                    carried, looks = decided, 0
                except RoundsBusy:
                    pass  # whoever does it began before this decision, perhaps: look again
            pause(LOOKS)
    except KeyboardInterrupt:
        return 0


def _go_round(
    root: Path, site_file: Path, options: RoundsOptions, say: Callable[[str], None]
) -> None:
    """Go round once; what can't be read now may be mended by the next time."""
    try:
        one_round(root, site_file, options, say)
    except Stop as reason:
        complain(str(reason))


def _newest(database: str, carried: int) -> int:
    """Return the newest decision, or the one that was carried where that can't be asked now."""
    try:
        with read_existing(database) as conn:
            return newest_decision(conn)
    except StoreFault as reason:
        complain(str(reason))
        return carried
