"""What mails to staff say: that something waits at the desk, and where; never whose words."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from core.working_time import WorkingTime
from feedback.store.mail import staff_mail
from feedback.store.mail.staff_mail import Alarm

if TYPE_CHECKING:
    from datetime import date
    from email.message import EmailMessage

    from sqlalchemy import Connection

    from core.site import Site
    from core.wording import Wording
    from feedback.notices.envelopes import Envelope
    from feedback.store.mail.staff_mail import StaffMail, StepAhead
    from feedback.web.service import Service

EARLIEST = time(9)  # on the association's clock: for people at the desk who are in no team
HOURS_AHEAD = timedelta(hours=4)  # before a step that counts hours runs out
SOON = 2  # working days in which a promise that ends is named


def teams_to_tell(service: Service) -> tuple[date, frozenset[str]] | None:
    """Return today and whose people may be told now; None on a day on which nobody works.

    :returns: keys of teams whose hour has come, with "" for people who are in none.
    """
    local = service.now().astimezone(service.site.timezone)
    if not WorkingTime.of(service.site).is_working(local.date()):
        return None
    hours = {key: team.news_at for key, team in service.site.teams.items()} | {"": EARLIEST}
    return local.date(), frozenset(key for key, hour in hours.items() if local.time() >= hour)


def plan_morning(conn: Connection, service: Service, day: date, teams: frozenset[str]) -> None:
    """Put a day's mails to these teams on their way, once each, however often this runs."""
    now, working_time = service.now(), WorkingTime.of(service.site)
    known = {*service.site.teams}
    if "" in teams:  # with them go those whose team the site has no more
        teams |= {team for team in staff_mail.teams(conn) if team not in known}
    staff_mail.plan_day(conn, day, working_time.due(now, SOON), teams=teams, now=now)
    staff_mail.plan_due(conn, day, working_time.due(now, 1), teams=teams, now=now)


def hours_left(conn: Connection, service: Service) -> list[StepAhead]:
    """Return the steps that count hours and have few of them left."""
    now, working_time = service.now(), WorkingTime.of(service.site)
    ahead = staff_mail.steps_ahead(conn, now, now + HOURS_AHEAD)
    return [step for step in ahead if not working_time.is_end_of_day(step.by)]


def plan_hours(conn: Connection, service: Service) -> None:
    """Put mails about such steps on their way, once each, at whatever hour it is."""
    for step in hours_left(conn, service):
        staff_mail.tell_step(conn, step, now=service.now())


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
        Alarm.HANDED: _("Handed to you or your team: %(ref)s"),
        Alarm.FOLLOWED: _("The tenant has written again: %(ref)s"),
        Alarm.DUE: _("The promise ends on the next working day: %(ref)s"),
        Alarm.STEP: _("A time limit runs out within four hours: %(ref)s"),
        Alarm.DAY: _("Waiting for an answer at the desk: %(waiting)s"),
    }[mail.alarm] % mail.facts
    lines = [subject + ".", ""]
    if mail.alarm == Alarm.DAY:
        lines += [
            _("Later than we promised: %(late)s") % mail.facts,
            _("Promised within two working days: %(soon)s") % mail.facts,
            _("Answers to “is it fixed?” to look at: %(voices)s") % {"voices": 0, **mail.facts},
            "",
        ]
    if mail.alarm == Alarm.DANGER:
        lines += [
            _("Open this, and take it in hand. Until somebody does, we call the next."),
            "",
        ]
    page = "danger" if mail.alarm == Alarm.DANGER else "case"
    lines += [f"{desk}{page}/{ref}" if ref else desk, "", site.name.get(wording.lang).text]
    message = envelope.around(subject, site)
    message.set_content("\n".join(lines), cte="quoted-printable")
    message["Content-Language"] = wording.lang
    return message
