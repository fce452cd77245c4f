"""A line to the mail server, which ends in time however slowly the server speaks."""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import contextmanager, suppress
from threading import Timer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedback.settings import Smtp

SMTP_SECONDS = 30.0  # to wait for each of a mail server's answers, about eight a mail
MAIL_SECONDS = 240.0  # for all of them: less than the lease of a mail that is handed in
GREETING_SECONDS = 10.0  # both, when the server is only asked what it takes


class TimedLine(smtplib.SMTP):
    """A line on which a server whose answer drips, or has no end, is hung up on."""

    def __init__(self, server: Smtp, seconds: float, most: float) -> None:
        self._watch = Timer(most, self._hang_up)
        self._watch.daemon = True
        self._watch.start()
        try:
            super().__init__(server.host, server.port, timeout=seconds)
        except BaseException:
            self._watch.cancel()
            raise

    def _hang_up(self) -> None:
        if self.sock is not None:
            with suppress(OSError):  # it ended by itself
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # encrypted or not

    def close(self) -> None:
        """Close the line, and watch it no more."""
        self._watch.cancel()
        super().close()


@contextmanager
def greeting(
    server: Smtp, seconds: float = SMTP_SECONDS, most: float = MAIL_SECONDS
) -> Iterator[smtplib.SMTP]:
    """Yield a line to a mail server that knows who we are; nothing is handed in yet.

    :param seconds: to wait for each of its answers.
    :param most: seconds for everything that is said on the line.
    :raises smtplib.SMTPException: when it doesn't take us.
    :raises OSError: when it can't be reached.
    """
    line = TimedLine(server, seconds, most)
    try:
        if server.starttls:
            line.starttls(context=ssl.create_default_context())
        if server.user:
            line.login(server.user, server.password)
        line.ehlo_or_helo_if_needed()
        yield line
    finally:
        # Whatever it says on leaving, a mail that it took is taken.
        with suppress(smtplib.SMTPException, OSError):
            line.quit()
        line.close()


def takes_accents(server: Smtp) -> bool:
    """Ask a mail server whether it takes addresses with accents before the @ (RFC 6531, 3.1).

    :raises smtplib.SMTPException: when it doesn't take us.
    :raises OSError: when it can't be reached.
    """
    with greeting(server, GREETING_SECONDS, GREETING_SECONDS) as line:
        return line.has_extn("smtputf8")
