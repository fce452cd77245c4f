"""What mails to staff say: that something waits at the desk, and where; never whose words."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from feedback.deadlines import due, is_working
from feedback.store import staff_mail
from feedback.store.staff_mail import Alarm

if TYPE_CHECKING:
    from datetime import date
    from email.message import EmailMessage

    from sqlalchemy import Connection

    from core.site import Site
    from core.wording import Wording
    from feedback.notices.envelopes import Envelope
    from feedback.store.staff_mail import StaffMail
    from feedback.web.service import Service

MORNING = time(9)  # on the association's clock: when the desk's day begins
SOON = 2  # working days in which a promise that ends is named


def morning_of(service: Service) -> date | None:
    """Return the working day whose morning mail may go out now; None before its hour."""
    local = service.now().astimezone(service.site.timezone)
    return local.date() if local.time() >= MORNING and is_working(local.date()) else None


def plan_morning(conn: Connection, service: Service, day: date) -> None:
    """Put this morning's mails on their way, once each, however often this runs."""
    soon = due(service.now(), SOON, service.site.timezone)
    staff_mail.plan_day(conn, day, soon, now=service.now())


def news(
    envelope: Envelope, mail: StaffMail, desk: str, wording: Wording, site: Site
) -> EmailMessage:
    """Return a mail to somebody at the desk.

    :param desk: the address of the desk.
    :raises ValueError: when the address is none that a mail can go to.
    """
    _ = wording.gettext
    ref = mail.facts.get("ref", "")
    subject = {
        Alarm.DANGER: _("Somebody may be in danger: %(ref)s"),
        Alarm.SAFEGUARDING: _("Handed over for safeguarding: %(ref)s"),
        Alarm.COMPLAINT: _("A complaint: %(ref)s"),
        Alarm.DAY: _("Waiting for an answer at the desk: %(waiting)s"),
    }[mail.alarm] % mail.facts
    lines = [subject + ".", ""]
    if mail.alarm == Alarm.DAY:
        lines += [
            _("Later than we promised: %(late)s") % mail.facts,
            _("Promised within two working days: %(soon)s") % mail.facts,
            "",
        ]
    lines += [f"{desk}case/{ref}" if ref else desk, "", site.name.get(wording.lang).text]
    message = envelope.around(subject, site)
    message.set_content("\n".join(lines), cte="quoted-printable")
    message["Content-Language"] = wording.lang
    return message
