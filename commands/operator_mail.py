"""Mail to whoever looks after the machine: that the rounds fail, and that all goes well again.

Sent from here and not by the service, which may be what fails. Once for each set of steps that
fail, once a day while it lasts, and once when it is over; a mail that nobody took is tried by the
next rounds.
"""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from commands.terminal import complain
from feedback.notices.delivery import Refusal, hand_in
from feedback.notices.envelopes import Envelope
from feedback.settings import SettingFault, operator_of, sender_of, smtp_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from commands.rounds_log import RoundsLog
    from core.site import Site

AGAIN = timedelta(days=1)
LAST_LINES = 15  # of what a step said
PRIVATE = frozenset({"pull", "notify", "digest"})  # may repeat what tenants wrote


def tell_operator(
    root: Path, site: Site, log: RoundsLog, failing: Mapping[str, str], now: datetime | None = None
) -> None:
    """Send a mail where there is something new to say, and note in the log that it went.

    :param failing: what each step said that fails at present, by name.
    :param now: the moment it is; None for the clock's.
    """
    now = now or datetime.now(UTC)
    try:
        operator = operator_of(os.environ)
        if not operator or not log.is_news(failing, now, AGAIN):
            return
        envelope = Envelope(
            to=operator,
            sender=sender_of(os.environ) or site.email or operator,
            lang=site.languages[0],
            message_id=f"rounds-{uuid4().hex}",
            made=now,
        )
        message = envelope.around(_subject(failing), site)
        message.set_content(_words(root, failing, now), cte="quoted-printable")
        hand_in(smtp_of(os.environ), complain)(message)
    except (SettingFault, Refusal, ValueError) as reason:
        complain(f"OPEN_HOUSE_OPERATOR could not be told how it went: {reason}")
        return
    log.note_mail(failing, now)


def _subject(failing: Mapping[str, str]) -> str:
    if not failing:
        return "The rounds go well again"
    return f"The rounds went wrong: {', '.join(failing)}"


def _words(root: Path, failing: Mapping[str, str], now: datetime) -> str:
    place = f"{now:%Y-%m-%d %H:%M} UTC, on {socket.gethostname()}, in {root}"
    if not failing:
        return f"{place}: every step of the rounds was done.\n"
    lines = [f"{place}:", ""]
    for step, text in failing.items():
        lines.append(f"{step} went wrong.")
        if step in PRIVATE:
            lines.append("What it said may hold tenants' words, so it stands in the log alone.")
        else:
            lines += [f"    {line}" for line in text.splitlines()[-LAST_LINES:]]
        lines.append("")
    lines += [
        "The site that stands stays as it is, and each round tries again. Type there:",
        "    ./run doctor",
        "    ./run rounds",
        "You hear of it once a day while it lasts, and once when all goes well again.",
    ]
    return "\n".join(lines) + "\n"
