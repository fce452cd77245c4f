"""What mails to teams say: what falls due for them, and where it stands on the site."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.public.due import DueSort, due_word
from feedback.published_site import due_in
from feedback.store.mail import team_mail

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from email.message import EmailMessage

    from sqlalchemy import Connection

    from core.public.due import DueEntry
    from core.site import Site
    from core.wording import Wording
    from feedback.notices.envelopes import Envelope
    from feedback.store.mail.team_mail import TeamMail
    from feedback.web.service import Service

AHEAD = timedelta(days=45)  # a month, and the time to do it in


def plan_month(conn: Connection, service: Service, day: date) -> None:
    """Put this month's mails on their way, once each, however often this runs.

    A team without a mailbox, and what belongs to no team, goes to the association's own address,
    as soon as one team has a mailbox: until then nobody asked for such mails.
    """
    site = service.site
    mailboxes = {key: team.email for key, team in site.teams.items() if team.email}
    if not mailboxes:
        return
    entries = [
        entry
        for entry in due_in(service.settings.tree, service.settings.behind)
        if entry.is_near(day, AHEAD) and (entry.on or entry.sort != DueSort.TRANSLATION)
    ]
    lang = site.languages[0]
    wording = service.pages.wordings[lang]
    for team, email in {**mailboxes, "": site.email}.items():
        own = [
            entry for entry in entries if (entry.owner if entry.owner in mailboxes else "") == team
        ]
        if own and email:
            team_mail.plan(
                conn,
                team=team,
                month=f"{day:%Y-%m}",
                email=email,
                subject=wording.gettext("Falls due: %(number)s") % {"number": len(own)},
                words="\n".join(_lines(own, day, wording, site)),
                lang=lang,
                now=service.now(),
            )


def _lines(entries: Iterable[DueEntry], day: date, wording: Wording, site: Site) -> Iterator[str]:
    _, lang = wording.gettext, wording.lang
    for entry in entries:
        words = due_word(entry.sort, _)
        if entry.title:
            words += f": {entry.title.get(lang).text}"
        if entry.what:
            words += f" ({entry.what.get(lang).text})"
        if entry.on:
            words += f", {wording.short_date(entry.on)}"
        yield words + (f". {_('Overdue')}" if entry.is_overdue(day) else "")
        yield from (url for code, url in entry.url or () if code == lang)
        yield ""
    yield site.name.get(lang).text


def due_mail(envelope: Envelope, mail: TeamMail, site: Site) -> EmailMessage:
    """Return a mail to a team.

    :raises ValueError: when the address is none that a mail can go to.
    """
    message = envelope.around(mail.subject, site)
    message.set_content(mail.words, cte="quoted-printable")
    message["Content-Language"] = mail.lang
    return message
