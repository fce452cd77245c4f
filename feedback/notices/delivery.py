"""Hands notices in at the post: at least once each, tried again for half a week, then told.

Every worker of the service does so. One claims a notice before it hands it in, so that two never
hold the same; what a worker that died had claimed comes up again, as the very same mail.
"""

from __future__ import annotations

import asyncio
import re
import smtplib
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from ipaddress import ip_address
from typing import TYPE_CHECKING

from core.public.vocabulary import Target
from feedback.model import Period, spoken
from feedback.notices.digests import digest_mail, question
from feedback.notices.envelopes import Envelope
from feedback.notices.mail_server import greeting, takes_accents
from feedback.notices.messages import body, first_body, mail
from feedback.notices.staff_news import (
    hours_left,
    news,
    plan_hours,
    plan_morning,
    teams_to_tell,
)
from feedback.notices.team_news import due_mail, plan_month
from feedback.settings import SettingFault
from feedback.store import StoreFault
from feedback.store.actions import danger, submissions
from feedback.store.mail import mail_addresses, mailings, outbox, staff_mail, team_mail
from feedback.store.mail.mailings import Sending
from feedback.store.mail.outbox import Claimed
from feedback.store.mail.staff_mail import StaffMail
from feedback.store.mail.subscribers import DigestPreference, confirm_token, leave_token
from feedback.store.mail.team_mail import TeamMail

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from email.message import EmailMessage

    from sqlalchemy import Connection

    from feedback.settings import Smtp
    from feedback.store.mail.mail_queue import MailQueue
    from feedback.web.service import Service

    Posted = Claimed | StaffMail | TeamMail | Sending
    Take = Callable[[EmailMessage], None]
    Say = Callable[[str], None]

NO_SUCH_MAILBOX = 550  # and above: trying again changes nothing (RFC 5321, 4.2.1)
ASK_AGAIN = timedelta(minutes=10)  # what it takes: it may have been away, or set up anew
LEASE = timedelta(minutes=5)  # in which a notice is handed in, or another worker may try
PAUSE = 5.0  # seconds between looks into the outbox
LONGEST_FAULT = 300  # characters of a mail server's words that staff are shown
TOKEN = re.compile(r"(/(?:receipt|confirm|leave|mail/F-\w{6})/)[\w.-]+")


class Refusal(Exception):
    """A mail was not taken; the words say why, and hold neither password nor token."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.why, self.for_good = why, for_good


def hand_in(server: Smtp | None, say: Say) -> Take:
    """Return what takes a mail: a mail server, or the console when there is none.

    :raises SettingFault: when the password would go over a network for everybody to read.
    """
    if server is None:
        return lambda message: say(on_the_console(message))
    if server.password and not server.starttls and not _here(server.host):
        raise SettingFault(
            f"OPEN_HOUSE_SMTP would send its password to {server.host} unencrypted. "
            "Write ?starttls at its end."
        )
    return lambda message: _by_smtp(message, server)


def on_the_console(message: EmailMessage) -> str:
    """Return what is said of a mail that goes to nobody.

    What is printed may be kept in a log: the address and the private link are left out.
    """
    part = message.get_body(("plain",))
    text = TOKEN.sub(r"\1…", part.get_content() if part else "")
    return (
        f"Mail that nobody gets, since OPEN_HOUSE_SMTP is not set:\n{message['Subject']}\n\n{text}"
    )


def _here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _by_smtp(message: EmailMessage, server: Smtp) -> None:
    """Hand a mail to a server (RFC 5321), encrypted by STARTTLS (RFC 3207) where set.

    :raises Refusal: with the server's words.
    """
    try:
        with greeting(server) as line:
            line.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise Refusal(_answer(code, words), for_good=code >= NO_SUCH_MAILBOX) from None
    except smtplib.SMTPResponseException as error:
        raise Refusal(_answer(error.smtp_code, error.smtp_error)) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Refusal(f"{server.host}: {str(error) or type(error).__name__}") from None


def _answer(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {text}"


async def drain(service: Service, take: Take, stop: asyncio.Event) -> int:
    """Hand in everything that is due, until told to stop; returns how many mails were taken.

    They are claimed one by one: a slow server must not use up the lease of those behind. Answers
    to tenants go before digests.

    :raises StoreFault: when the database is away.
    """
    taken = 0
    while not stop.is_set():
        claims = await service.store.write(partial(_claim, service=service))
        if not claims:
            break
        taken += await post(service, claims[0], take)
    return taken


def _claim(conn: Connection, service: Service) -> Sequence[Posted]:
    now = service.now()
    while notices := outbox.due(conn, now=now, lease=LEASE, limit=1):
        if _may_go(conn, notices[0], service):
            return notices
        outbox.put_by(conn, notices[0], until=now + mail_addresses.A_DAY)
    claims: Sequence[Posted] = staff_mail.due(conn, now=now, lease=LEASE, limit=1)
    claims = claims or team_mail.due(conn, now=now, lease=LEASE, limit=1)
    return claims or mailings.due(conn, now=now, lease=LEASE, limit=1)


def _may_go(conn: Connection, claimed: Claimed, service: Service) -> bool:
    """Whether a mail may go out today; one that is only tried again was counted already."""
    tokens, email, now = service.store.tokens, claimed.contact.email, service.now()
    counted = claimed.confirmed or claimed.tries > 0
    return counted or mail_addresses.may_write(conn, tokens, email, now=now)


async def post(service: Service, claimed: Posted, take: Take) -> bool:
    """Hand in one mail that was claimed; returns whether it was taken."""
    done = _queue_of(claimed).done
    try:
        message = await service.store.ask(partial(_message, claimed=claimed, service=service))
        await asyncio.to_thread(take, message)
    except StoreFault:
        return False  # forgotten a moment ago, or the database is away: then it comes up again
    except Refusal as refusal:
        await service.store.write(_failed(claimed, refusal, service))
    except Exception as error:  # noqa: BLE001 - one that can't be made must not hold up the others
        fault = Refusal(f"No mail could be made of it ({type(error).__name__}).")
        await service.store.write(_failed(claimed, fault, service))
    else:
        await service.store.write(partial(done, number=claimed.id, now=service.now()))
        return True
    return False


def _queue_of(claimed: Posted) -> MailQueue:
    """Return where a mail of this sort waits."""
    keepers: dict[type[Posted], MailQueue] = {
        Claimed: outbox.QUEUE,
        StaffMail: staff_mail.QUEUE,
        TeamMail: team_mail.QUEUE,
        Sending: mailings.QUEUE,
    }
    return keepers[type(claimed)]


def _failed(claimed: Posted, refusal: Refusal, service: Service) -> Callable[[Connection], None]:
    """Return the work that keeps a failure, in words that may be kept and shown."""
    failed = _queue_of(claimed).failed
    email = claimed.contact.email if isinstance(claimed, Claimed) else claimed.email
    address = re.compile(re.escape(email), re.IGNORECASE)
    shown = "".join(c if c.isprintable() else " " for c in refusal.why)
    why = address.sub("…", shown)[:LONGEST_FAULT]

    def fail(conn: Connection) -> None:
        failed(conn, claimed.id, why=why, now=service.now(), for_good=refusal.for_good)

    return fail


def _message(conn: Connection, claimed: Posted, service: Service) -> EmailMessage:
    """Return a mail, its links made anew.

    :raises StoreFault: when whom it goes to has asked to be forgotten, or has left, since.
    """
    if isinstance(claimed, Claimed):
        return _notice(conn, claimed, service)
    if isinstance(claimed, StaffMail):
        return _staff_news(claimed, service)
    if isinstance(claimed, TeamMail):
        return due_mail(_envelope(claimed, service, claimed.lang), claimed, service.site)
    mailings.require(conn, claimed)
    return _question(claimed, service) if claimed.asks else _digest(conn, claimed, service)


def _staff_news(mail: StaffMail, service: Service) -> EmailMessage:
    lang = spoken((mail.lang,), service.site.languages)
    wording = service.pages.wordings[lang]
    return news(
        _envelope(mail, service, lang), mail, _link(service, "desk/"), wording, service.site
    )


def _question(sending: Sending, service: Service) -> EmailMessage:
    site, tokens, facts = service.site, service.store.tokens, sending.facts
    lang = spoken((facts["lang"],), site.languages)
    period, item = facts["period"], facts.get("item", "")
    languages = tuple(facts["languages"].split())
    wish = DigestPreference(languages, Period(period) if period else None, item)
    about = service.pages.shell.about(Target("roadmap", item), lang) if item else None
    title = about["title"] if about else item
    token = confirm_token(tokens, sending.subscriber, sending.salt, wish, sending.made)
    link = _link(service, f"{lang}/digest/confirm/{token}")
    envelope = _envelope(sending, service, lang)
    return question(envelope, wish, link, service.pages.wordings[lang], site, item=title)


def _digest(conn: Connection, sending: Sending, service: Service) -> EmailMessage:
    languages = sending.facts["languages"]
    lang = spoken(languages.split(), service.site.languages)
    token = leave_token(service.store.tokens, sending.subscriber, sending.salt)
    leave = _link(service, f"{lang}/digest/leave/{token}")
    written = mailings.digest_of(conn, sending)
    return digest_mail(_envelope(sending, service, lang), written, languages, leave, service.site)


def _envelope(sending: Sending | StaffMail | TeamMail, service: Service, lang: str) -> Envelope:
    return Envelope(
        to=sending.email,
        sender=service.settings.mail_from or service.site.email,
        lang=lang,
        message_id=sending.message_id,
        made=sending.made,
    )


def _link(service: Service, path: str) -> str:
    """Return the whole address of a page of the service."""
    shell, place = service.pages.shell, service.pages.address(path)
    root = (shell.url or service.site.url).rstrip("/") + "/"
    return root + place.removeprefix(shell.base) if place.startswith("/") else place


def _notice(conn: Connection, claimed: Claimed, service: Service) -> EmailMessage:
    """Return a notice as a mail, with the link to the receipt, or with one that asks first."""
    shell, pages, site = service.pages.shell, service.pages, service.site
    wanted = claimed.lang
    claimed = replace(claimed, lang=spoken((wanted, claimed.said_in), site.languages))
    wording = pages.wordings[claimed.lang]
    tokens, ref = service.store.tokens, claimed.notice.ref
    if claimed.confirmed:
        token = submissions.receipt(conn, tokens, ref).token
        link = _link(service, f"{claimed.lang}/receipt/{token}")
        text = body(claimed, link, shell, site, wording, wanted=wanted)
    else:
        token = mail_addresses.address_token(conn, tokens, ref)
        link = _link(service, f"{claimed.lang}/mail/{ref}/{token}")
        text = first_body(claimed, link, site, wording, wanted=wanted)
    return mail(claimed, text, wording, site, service.settings.mail_from or site.email)


async def _call(service: Service) -> None:
    """Call the next of the named people where somebody may be in danger and nobody took it."""
    now = service.now()
    if await service.store.ask(partial(danger.is_due, now=now)):
        await service.store.write(partial(danger.call_due, now=now))


async def _learn_reach(service: Service) -> None:
    """Ask the mail server what it takes; while it can't say, what it said last stands."""
    if server := service.settings.smtp:
        with suppress(smtplib.SMTPException, OSError):
            service.reach.accents = await asyncio.to_thread(takes_accents, server)


async def keep_posting(
    service: Service, take: Take, stop: asyncio.Event, say: Say, *, pause: float = PAUSE
) -> None:
    """Drain the outbox, and look into it again after each pause, until told to stop."""
    last_trouble, planned, asked = "", None, None
    while not stop.is_set():
        trouble = ""
        try:
            if asked is None or service.now() - asked >= ASK_AGAIN:
                asked = service.now()
                await _learn_reach(service)
            if (hour := teams_to_tell(service)) and hour != planned:
                day, teams = hour
                morning = partial(plan_morning, service=service, day=day, teams=teams)
                await service.store.write(morning)
                await service.store.write(partial(plan_month, service=service, day=day))
                planned = hour
            if await service.store.ask(partial(hours_left, service=service)):
                await service.store.write(partial(plan_hours, service=service))
            await _call(service)
            await drain(service, take, stop)
        except StoreFault as fault:  # what is due stays due
            trouble = f"Notices wait: {fault}"
        except Exception as error:  # noqa: BLE001 - a fault of ours must not end all notices
            trouble = f"Notices wait, for a reason of our own: {type(error).__name__}"
        if trouble and trouble != last_trouble:
            say(trouble)
        last_trouble = trouble
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await stop.wait()
