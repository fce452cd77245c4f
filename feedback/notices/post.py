"""Hands notices in at the post: at least once each, tried again for half a week, then told."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from feedback.notices.messages import body, mail
from feedback.store import StoreFault, outbox, submissions

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage

    from sqlalchemy import Connection

    from feedback.settings import Settings, Smtp
    from feedback.store.outbox import Claimed
    from feedback.web.service import Service

NO_SUCH_MAILBOX = 550  # and above: trying again changes nothing (RFC 5321, 4.2.1)
LEASE = timedelta(minutes=5)  # in which a notice is handed in, or another may try
PAUSE = 5.0  # seconds between looks into the outbox
SMTP_SECONDS = 30.0  # to wait for a mail server


class Refusal(Exception):
    """A mail server will not take a mail, now or ever."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.why, self.for_good = why, for_good


def hand_in(settings: Settings, say: Callable[[str], None]) -> Callable[[EmailMessage], None]:
    """Return what takes a mail: a mail server, or the console when there is none."""
    if settings.smtp is None:
        return lambda message: say(f"Mail that would go out:\n{message.as_string()}")
    server = settings.smtp
    return lambda message: _by_smtp(message, server)


def _by_smtp(message: EmailMessage, server: Smtp) -> None:
    """Hand a mail to a server (RFC 5321), encrypted by STARTTLS (RFC 3207) where set.

    :raises Refusal: with the server's words.
    """
    try:
        with smtplib.SMTP(server.host, server.port, timeout=SMTP_SECONDS) as line:
            if server.starttls:
                line.starttls(context=ssl.create_default_context())
            if server.user:
                line.login(server.user, server.password)
            line.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise Refusal(
            f"{code} {words.decode(errors='replace')}", for_good=code >= NO_SUCH_MAILBOX
        ) from None
    except smtplib.SMTPResponseException as error:
        raise Refusal(f"{error.smtp_code} {error.smtp_error!r}") from None
    except (smtplib.SMTPException, OSError) as error:
        raise Refusal(str(error) or type(error).__name__) from None


async def drain(service: Service, take: Callable[[EmailMessage], None]) -> int:
    """Hand in everything that is due; returns how many mails were taken."""
    claims = await service.store.write(
        lambda conn: outbox.due(conn, now=service.now(), lease=LEASE)
    )
    taken = 0
    for claimed in claims:
        text = await service.store.ask(partial(_text, claimed=claimed, service=service))
        wording = service.pages.wordings[claimed.lang]
        sender = service.settings.mail_from or service.site.email
        message = mail(claimed, text, wording, service.site, sender)
        try:
            await asyncio.to_thread(take, message)
        except Refusal as refusal:
            await service.store.write(_failed(claimed, refusal, service))
        else:
            await service.store.write(partial(outbox.done, number=claimed.id, now=service.now()))
            taken += 1
    return taken


def _failed(claimed: Claimed, refusal: Refusal, service: Service) -> Callable[[Connection], None]:
    def fail(conn: Connection) -> None:
        outbox.failed(
            conn, claimed.id, why=refusal.why, now=service.now(), for_good=refusal.for_good
        )

    return fail


def _text(conn: Connection, claimed: Claimed, service: Service) -> str:
    """Return what a notice says, with the link to the receipt made anew."""
    chrome = service.pages.chrome
    token = submissions.receipt(conn, service.store.seal, claimed.notice.ref).token
    path = service.pages.address(f"{claimed.lang}/receipt/{token}")
    root = chrome.url or service.site.url
    link = root.rstrip("/") + "/" + path.removeprefix(chrome.base) if path.startswith("/") else path
    wording = service.pages.wordings[claimed.lang]
    return body(claimed, link, chrome, service.site, wording)


async def keep_posting(service: Service, take: Callable[[EmailMessage], None]) -> None:
    """Drain the outbox until the service ends."""
    while True:
        with suppress(StoreFault):  # the database is busy or away: what is due stays due
            await drain(service, take)
        await asyncio.sleep(PAUSE)
