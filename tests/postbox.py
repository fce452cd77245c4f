"""A real mail server on this machine that keeps what it takes, and refuses what it is told to."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from asyncio.base_events import Server
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

from feedback.settings import Smtp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

HOST = "127.0.0.1"


@dataclass
class Postbox:
    """What a mail server takes, and how it answers."""

    answers: list[str] = field(default_factory=list)  # to the next mails; then they are taken
    refused: dict[str, str] = field(default_factory=dict)  # answers by recipient
    hang_up: bool = False  # once a mail was taken, before saying so
    taken: list[EmailMessage] = field(default_factory=list)
    sent_to: list[str] = field(default_factory=list)  # each recipient of each mail
    encrypted: list[bool] = field(default_factory=list)  # for each mail
    smtp: Smtp = field(default_factory=lambda: Smtp(HOST, 0))

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        self.taken.append(message_from_bytes(envelope.content, policy=default))
        self.sent_to += envelope.rcpt_tos
        self.encrypted.append(session.ssl is not None)
        if self.hang_up:
            self.hang_up = False
            server.transport.abort()
        return "250 OK"


class AnyPort(Controller):
    """A server on whichever port is free."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def postbox(certificate: Path | None = None, *, accents: bool = True) -> Iterator[Postbox]:
    """Run a mail server on a free port; with a certificate it takes mail by STARTTLS alone.

    :param accents: whether it takes addresses with accents before the @ (RFC 6531).
    """
    box = Postbox()
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    server = AnyPort(
        box, hostname=HOST, port=0, tls_context=context, require_starttls=context is not None,
        enable_SMTPUTF8=accents,
    )  # fmt: skip
    server.start()
    try:
        box.smtp = Smtp(HOST, server.port, starttls=context is not None)
        yield box
    finally:
        server.stop()


def certificate(folder: Path) -> Path | None:
    """Make a certificate for this machine, its key in the same file; None without OpenSSL."""
    program = shutil.which("openssl")
    if program is None:
        return None
    file = folder / "certificate.pem"
    words = f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={HOST}".split()
    public = folder / "public.pem"
    where = ["-addext", f"subjectAltName=IP:{HOST}", "-keyout", str(file), "-out", str(public)]
    subprocess.run([program, *words, *where], check=True, capture_output=True)
    file.write_bytes(file.read_bytes() + public.read_bytes())
    return file
