"""Mails that came back after a server had taken them (RFC 3464): which of ours, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import EmailMessage

LONGEST_WHY = 300  # characters of a server's words that staff are shown
ORIGINAL = ("message/rfc822", "text/rfc822-headers")  # the mail that came back, or its head
MESSAGE_ID = re.compile(r"<?([^<>@\s]+)@[^<>@\s]+>?")


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that came back for good."""

    message_id: str  # the part before the @
    why: str  # in the words of the server that would not have it


def bounced(mail: bytes) -> Bounce | None:
    """Return which mail came back and why; None for a mail that says nothing of the sort.

    A mail that is only late is tried again by the server, and has not come back.
    """
    message = BytesParser(policy=policy.default).parsebytes(mail)
    parts = list(message.walk())
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    failed = [fields for report in reports for fields in _recipients(report) if _failed(fields)]
    named = [match for part in parts if (match := MESSAGE_ID.fullmatch(_original_id(part)))]
    if not failed or not named:
        return None
    why = str(failed[0].get("Diagnostic-Code") or failed[0].get("Status") or "")
    plain = "".join(letter if letter.isprintable() else " " for letter in why)
    return Bounce(named[0][1], " ".join(plain.split())[:LONGEST_WHY])


def _recipients(report: EmailMessage) -> list[Message]:
    """Return what a report says of each recipient."""
    return [part for part in _parts(report) if part.get("Action")]


def _parts(part: EmailMessage) -> list[Message]:
    """Return the messages that a part is made of, or none."""
    payload = part.get_payload()
    several = payload if isinstance(payload, list) else []
    return [inner for inner in several if isinstance(inner, Message)]


def _failed(fields: Message) -> bool:
    return str(fields.get("Action", "")).strip().lower() == "failed"


def _original_id(part: EmailMessage) -> str:
    """Return the id of the mail that a part brings back, or ""."""
    if part.get_content_type() not in ORIGINAL:
        return ""
    whole = _parts(part)  # the mail itself, or else its head as text
    payload = part.get_payload(decode=True)
    head = payload if isinstance(payload, bytes) else b""
    original = whole[0] if whole else BytesParser(policy=policy.default).parsebytes(head)
    return str(original.get("Message-ID", "")).strip()
