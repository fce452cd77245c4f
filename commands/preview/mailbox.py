"""The preview's mailbox: what the service would send, kept while the preview runs, to be read.

It holds private links, as mails do: so it is there on this machine alone, and in no log.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING

from markupsafe import Markup, escape
from pyotp import TOTP
from starlette.responses import HTMLResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import EmailMessage

    from starlette.requests import Request
    from starlette.responses import Response

MAILBOX = "/_preview/mailbox/"
MOST = 200  # mails that are kept, the newest
ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "referrer-policy": "no-referrer",
}
PAGE = Markup("""\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>body{{font:1.1rem/1.5 sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}}
pre{{white-space:pre-wrap;font:inherit;border-left:.25rem solid;padding-left:1rem}}
td,th{{text-align:left;padding:.2rem 1rem .2rem 0}}</style></head>
<body><main><h1>{title}</h1>{body}</main></body></html>
""")


class Mailbox:
    """Takes the mails of one preview."""

    def __init__(self, staff: Mapping[str, str] | None = None, password: str = "") -> None:
        """Begin with no mail.

        :param staff: of a sample: the secrets of those who may log in at the desk, by name.
        :param password: theirs, all the same.
        """
        self._mails: deque[tuple[int, EmailMessage]] = deque(maxlen=MOST)
        self._count = 0
        self._staff, self._password = staff or {}, password
        self._elsewhere = self._here = ""

    def stand_in(self, elsewhere: str, here: str) -> None:
        """Let links to the public site lead to the preview instead.

        :param elsewhere: the public site's address, with a slash at its end.
        :param here: the preview's, with one too.
        """
        self._elsewhere, self._here = elsewhere, here

    def take(self, message: EmailMessage) -> None:
        """Keep a mail instead of sending it."""
        self._count += 1
        self._mails.append((self._count, message))

    @property
    def routes(self) -> list[Route]:
        """Return the mailbox's pages."""
        return [Route(MAILBOX, self._all), Route(MAILBOX + "{number:int}", self._one)]

    async def _all(self, _: Request) -> Response:
        rows = [
            Markup('<li><a href="{}{}">{}</a>, to {}</li>').format(
                MAILBOX, number, mail["subject"], mail["to"]
            )
            for number, mail in reversed(self._mails)
        ]
        mails = Markup("<ol>{}</ol>").format(Markup("").join(rows)) if rows else "No mail yet."
        explained = Markup(
            "<p>What the service would send while this preview runs. Nothing leaves this "
            "machine.</p>{}{}"
        ).format(mails, self._desk())
        return _page("The preview's mailbox", explained)

    async def _one(self, request: Request) -> Response:
        number = request.path_params["number"]
        mail = next((mail for n, mail in self._mails if n == number), None)
        if mail is None:
            return _page("There is no such mail", Markup(""), 404)
        part = mail.get_body(("plain",))
        text = part.get_content() if part else ""
        if self._elsewhere:
            text = text.replace(self._elsewhere, self._here)
        body = Markup('<p>To {}</p><pre>{}</pre><p><a href="{}">All mails</a></p>').format(
            mail["to"], with_links(text), MAILBOX
        )
        return _page(str(mail["subject"]), body)

    def _desk(self) -> Markup:
        """Return how to log in at the sample's desk; the codes change every half minute."""
        if not self._staff:
            return Markup("")
        rows = [
            Markup("<tr><th scope=row>{}</th><td>{}</td></tr>").format(name, TOTP(secret).now())
            for name, secret in sorted(self._staff.items())
        ]
        return Markup(
            '<h2>The sample\'s desk</h2><p><a href="/feedback/desk/">Log in at the desk</a> as any '
            "of these made-up people. The password of each is <code>{}</code>. A code counts for "
            "half a minute: load this page anew for the next.</p>"
            "<table><tr><th>Name</th><th>Code now</th></tr>{}</table>"
        ).format(self._password, Markup("").join(rows))


def with_links(text: str) -> Markup:
    """Return plain text as HTML in which addresses can be followed."""
    parts, end = [], 0
    for address in ADDRESS.finditer(text):
        link = Markup('<a href="{0}">{0}</a>').format(address[0])
        parts += [escape(text[end : address.start()]), link]
        end = address.end()
    return Markup("").join([*parts, escape(text[end:])])


def _page(title: str, body: Markup, status: int = 200) -> Response:
    return HTMLResponse(PAGE.format(title=title, body=body), status, HEADERS)
