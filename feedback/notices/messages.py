"""What a notice says: what happened, and where to read it; never a word of the tenant's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.public.vocabulary import Target
from core.wording import own_name
from feedback.notice_words import sentence, standing, subject
from feedback.notices.envelopes import Envelope

if TYPE_CHECKING:
    from email.message import EmailMessage

    from core.public.site_shell import SiteShell
    from core.site import Site
    from core.wording import Wording
    from feedback.store.mail.outbox import Claimed


def body(  # noqa: PLR0913 - all that a notice is made of
    claimed: Claimed,
    receipt: str,
    shell: SiteShell,
    site: Site,
    wording: Wording,
    *,
    wanted: str,
) -> str:
    """Return a notice's text: what happened, the links, who writes.

    :param receipt: the address of the private page.
    :param wanted: the language that was asked for, which the site may have given up.
    """
    _ = wording.gettext
    lines = [sentence(claimed.notice.why, wording), ""]
    if wanted != claimed.lang:
        lines += [another_language(wanted, wording), ""]
    for kind in ("roadmap", "change"):
        about = shell.about(Target(kind, claimed.notice.facts.get(kind, "")), claimed.lang)
        if about:
            lines += [about["title"], shell.url.rstrip("/") + _below(about["url"], shell), ""]
    lines += [
        _("Your private page:"),
        receipt,
        "",
        site.name.get(claimed.lang).text,
        *(part for part in (site.phone, site.email) if part),
        "",
        _("You get this because you asked us to answer you. Your page lets you change that."),
    ]
    return "\n".join(lines)


def first_body(claimed: Claimed, link: str, site: Site, wording: Wording, *, wanted: str) -> str:
    """Return the text of a notice to an address that nobody has confirmed: it asks first.

    It tells where things stand and nothing that was said, nor what it was about.

    :param link: the page on which its owner says whether it was they who wrote.
    :param wanted: the language that was asked for, which the site may have given up.
    """
    _ = wording.gettext
    lines = [
        _("Somebody, you perhaps, wrote to us and gave this address for our answer."),
        standing(claimed, wording),
        "",
    ]
    if wanted != claimed.lang:
        lines += [another_language(wanted, wording), ""]
    lines += [
        _("If it was you, open this and press the button. Then you see all of it:"),
        link,
        "",
        _("If it was not, say so there, and we write here no more about it."),
        "",
        site.name.get(claimed.lang).text,
        *(part for part in (site.phone, site.email) if part),
    ]
    return "\n".join(lines)


def another_language(wanted: str, wording: Wording) -> str:
    """Return why somebody is answered in another language than they asked for."""
    _ = wording.gettext
    return _("You wanted our answer in %(language)s. We no longer write in it.") % {
        "language": own_name(wanted)
    }


def _below(url: str, shell: SiteShell) -> str:
    """Return a page's path below the site's root, which the site's address ends in."""
    return "/" + url.removeprefix(shell.base)


def mail(claimed: Claimed, text: str, wording: Wording, site: Site, sender: str) -> EmailMessage:
    """Return a notice as a mail; the same one, however often it is tried (RFC 5322, 3.6.4).

    :param sender: the address that it is from.
    :raises ValueError: when the tenant's address is none that a mail can go to.
    """
    envelope = Envelope(
        to=claimed.contact.email,
        sender=sender,
        lang=claimed.lang,
        message_id=claimed.message_id,
        made=claimed.made,
    )
    head = subject(claimed.notice.why, wording, claimed.notice.ref)
    message = envelope.around(head, site)
    message.set_content(text, cte="quoted-printable")  # not every server takes eight bits
    message["Content-Language"] = claimed.lang  # set_content leaves no Content- header in place
    return message
