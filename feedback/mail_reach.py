"""Which addresses our mail server reaches: whether also those with accents before the @."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class MailReach:
    """What the mail server said of itself when it was last greeted; one a process."""

    accents: bool = False  # RFC 6531, SMTPUTF8; until it has said so, no
