"""Mails to subscribers: the question whether they want the digest, and the digest itself."""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING

from core.wording import own_name
from feedback.model import Period
from feedback.notices.envelopes import host

if TYPE_CHECKING:
    from email.message import EmailMessage

    from core.site import Site
    from core.wording import Wording
    from feedback.notices.envelopes import Envelope
    from feedback.store.mail.mailings import WrittenDigest
    from feedback.store.mail.subscribers import DigestPreference

# Stands in a digest for the link by which its reader leaves, until the mail is made for them.
LEAVE = "https://leave.invalid/"
# The logo in a digest's page. Mail programs show no picture of this form, so a mail brings it along
# as a part of its own (RFC 2392), and fetches nothing.
PICTURE = "data:image/png;base64,"
IN_PAGE = f'<img src="{PICTURE}'


def question(  # noqa: PLR0913 - all that it is made of
    envelope: Envelope,
    wish: DigestPreference,
    link: str,
    wording: Wording,
    site: Site,
    *,
    item: str = "",
) -> EmailMessage:
    """Return the mail that asks somebody whether it was they who wanted it.

    :param item: the title of the item that they would follow; "" for the digest.
    :param link: the page whose button says yes.
    :raises ValueError: when the address is none that a mail can go to.
    """
    _ = wording.gettext
    often = {
        Period.WEEK: _("Once a week"),
        Period.MONTH: _("Once a month"),
        None: _("Whenever it moves"),
    }[wish.period]
    lines = [
        _("Somebody, you perhaps, asked us to write to this address whenever this moves:")
        if item
        else _("Somebody, you perhaps, asked for our news by e-mail at this address:"),
        *([item] if item else []),
        f"{often}: {', '.join(map(own_name, wish.languages))}",
        "",
        _("If it was you, open this and press the button:"),
        link,
        "",
        _("If not, do nothing: nothing more comes, and we erase the address after a week."),
        "",
        site.name.get(wording.lang).text,
        *(part for part in (site.phone, site.email) if part),
    ]
    subject = (
        _("Do you want to follow this by e-mail?") if item else _("Do you want our news by e-mail?")
    )
    message = envelope.around(subject, site)
    message.set_content("\n".join(lines), cte="quoted-printable")
    message["Content-Language"] = wording.lang
    return message


def digest_mail(
    envelope: Envelope, written: WrittenDigest, languages: str, leave: str, site: Site
) -> EmailMessage:
    """Return a digest as a mail that can be left in one click (RFC 8058).

    :param languages: those that it is in, as in "cy en".
    :param leave: the address by which its reader leaves; "" for a mail that somebody else sends on.
    :raises ValueError: when the address is none that a mail can go to.
    """
    message = envelope.around(written.subject, site)
    message["List-Id"] = f"<digest.{host(site)}>"
    message["Precedence"] = "bulk"
    if leave:
        message["List-Unsubscribe"] = f"<{leave}>"
    if leave.startswith("https://"):  # RFC 8058 knows no other
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    text, html = (part.replace(LEAVE, leave) for part in (written.text, written.html))
    message.set_content(text, cte="quoted-printable")  # not every server takes eight bits
    before, picture, after = html.partition(IN_PAGE)
    encoded, quote, after = after.partition('"')
    name = f"logo@{host(site)}"
    if picture:
        html = f'{before}<img src="cid:{name}{quote}{after}'
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    if picture:
        page = next(part for part in message.iter_parts() if part.get_content_subtype() == "html")
        page.add_related(b64decode(encoded), "image", "png", cid=f"<{name}>", disposition="inline")
        page.set_boundary(f"={envelope.message_id}=logo=")
    message.set_boundary(f"={envelope.message_id}=")  # the same mail, however often it is made
    message["Content-Language"] = ", ".join(languages.split())
    return message
