"""What every mail of ours carries outside: whom it is from and to, and what it is known by."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from datetime import datetime

    from core.site import Site


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """Who a mail is from and to; the same, however often it is tried (RFC 5322, 3.6.4)."""

    to: str = field(repr=False)  # "" for a mail that somebody else sends on
    sender: str  # the address that it is from; "" only where nobody is named in `to` either
    lang: str  # of the association's name
    message_id: str  # the part before the @
    made: datetime

    def around(self, subject: str, site: Site) -> EmailMessage:
        """Return a mail without its words.

        :raises ValueError: when the address is none that a mail can go to.
        """
        message = EmailMessage(policy=SMTP)
        name = " ".join(site.name.get(self.lang).text.split())  # a header is one line
        if self.sender or self.to:
            message["From"] = Address(name, addr_spec=self.sender)
        if self.to:
            message["To"] = _one_address(self.to)  # whatever was typed
        message["Subject"] = subject
        message["Date"] = format_datetime(self.made)
        message["Message-ID"] = f"<{self.message_id}@{host(site)}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies to this
        return message


def _one_address(typed: str) -> Address:
    """Return an address for a header, also one with accents before the @ (RFC 6532).

    :raises ValueError: when it is none that a mail can go to.
    """
    local, _, domain = typed.rpartition("@")
    plain = "".join(letter if letter.isascii() else "x" for letter in local)
    checked = Address(addr_spec=f"{plain}@{domain}")  # which knows the letters of ASCII alone
    return checked if plain == local else Address(username=local, domain=domain)


def host(site: Site) -> str:
    """Return the host that ids in mails are made in."""
    return urlsplit(site.url).hostname or "localhost"
