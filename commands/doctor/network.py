"""What is looked at over the network: the published site, its certificate, service and mail."""

from __future__ import annotations

import os
import smtplib
import socket
import ssl
from contextlib import closing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from commands.doctor.findings import advice, ill, none, well
from core.service_address import service_address
from feedback.notices.mail_server import greeting
from feedback.settings import SettingFault, database_of, smtp_of
from feedback.store.database.engine import may_exist

if TYPE_CHECKING:
    from http.client import HTTPMessage

    from commands.doctor.findings import ExaminedSite, Finding

SECONDS = 5.0  # to wait for each answer
SOON = 14  # days: a certificate renews itself a month before its end
SLOW_CLOCK = 30  # seconds: codes at the desk change so often
OK, NOT_FOUND = 200, 404
ANY_HOST = "docs/publishing.md, What any host must do"
# What a host is to be told by, in its Server header or the end of its name; where ours say how.
HOST_DOCS = {
    "github.com": "docs/publishing.md, GitHub Pages",
    ".gitlab.io": "docs/publishing.md, GitLab Pages",
    "nginx": "deploy/README.md, Web servers: ./run recipe nginx",
    "caddy": "deploy/README.md, Web servers: ./run recipe caddy",
    "apache": "deploy/README.md, Web servers: ./run recipe apache, or htaccess",
}
WITHOUT_HEADERS = {"github.com", ".gitlab.io"}  # nobody can have them send any


def host(patient: ExaminedSite) -> Finding:
    """Look whether the published site is sent as it should be."""
    try:
        status, headers = _asked(patient.url)
        missing_status, _ = _asked(f"{patient.url}doctor-looks-for-nothing-here/")
    except (OSError, HTTPException) as error:
        return ill(f"{patient.url} can't be reached: {_why(error)}.", "Is it the right address?")
    if status != OK:
        return ill(f"{patient.url} answers {status}.", "Deploy the site, or mend url in site.toml.")
    sort = sort_of_host(headers.get("Server", ""), urlsplit(patient.url).hostname or "")
    docs = HOST_DOCS.get(sort, ANY_HOST)
    if missing_status != NOT_FOUND:
        words = f"An address that nobody has answers {missing_status}, not 404."
        return advice(words, f"See {docs}.")
    if "Content-Security-Policy" not in headers:
        if sort in WITHOUT_HEADERS:
            return well(f"{patient.url} is sent with its own 404; pages say the policy ({docs}).")
        return advice(
            "The host sends no headers of ours; pages say the policy alone.", f"See {docs}."
        )
    return well(f"{patient.url} is sent with its headers and its own 404 ({docs}).")


def sort_of_host(server: str, name: str) -> str:
    """Return which of the hosts that our docs speak of one is, "" for another.

    :param server: what its Server header says (RFC 9110, 10.2.4).
    :param name: its own name, since not every host sends the header.
    """
    server, name = server.casefold(), name.casefold()
    return next((sort for sort in HOST_DOCS if server.startswith(sort) or name.endswith(sort)), "")


def clock_of_host(patient: ExaminedSite) -> Finding:
    """Hold this machine's clock against the host's."""
    try:
        _, headers = _asked(patient.url)
        theirs = parsedate_to_datetime(headers["Date"])
    except (OSError, HTTPException, TypeError, ValueError):
        return none("the site's host says nothing of the time")
    apart = abs((datetime.now(UTC) - theirs).total_seconds())
    if apart > SLOW_CLOCK:
        return ill(
            f"{apart:.0f} seconds away from the site's host.", "Type timedatectl set-ntp true"
        )
    return well("as that of the site's host.")


def certificate(patient: ExaminedSite) -> Finding:
    """Look how long the site's certificate holds."""
    parts = urlsplit(patient.url)
    if parts.scheme != "https" or not parts.hostname:
        return none("the site is not served by HTTPS")
    try:
        context = ssl.create_default_context()
        where = (parts.hostname, parts.port or 443)
        with (
            closing(socket.create_connection(where, SECONDS)) as line,
            context.wrap_socket(line, server_hostname=parts.hostname) as safe,
        ):
            shown = safe.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        return ill(f"Browsers refuse it: {error.verify_message}.", "Renew it: certbot renew, say.")
    except OSError as error:
        return ill(f"{parts.hostname} can't be reached: {_why(error)}.", "See the site's host.")
    ends = ssl.cert_time_to_seconds(str(shown["notAfter"]))
    days = int((ends - datetime.now(UTC).timestamp()) // 86_400)
    if days < SOON:
        return ill(f"It holds for {days} days more.", "Renew it, and see why it doesn't by itself.")
    return well(f"it holds for {days} days more.")


def service(patient: ExaminedSite) -> Finding:
    """Look whether the feedback service answers where the forms lead."""
    address = service_address(patient.site.feedback.service, patient.url)
    page = f"{address}{patient.site.languages[0]}/say"
    try:
        status, headers = _asked(page)
    except (OSError, HTTPException) as error:
        return ill(
            f"{address} can't be reached: {_why(error)}.", "Start it, and see the web server."
        )
    if status == OK and "noindex" in headers.get("X-Robots-Tag", ""):
        return well(f"it answers at {address}")
    if not may_exist(database_of(os.environ, patient.root)):
        return none("no service stands behind the forms yet")
    return ill(f"{page} answers {status}.", "Start it; ./run recipe says what a web server needs.")


def mail(_: ExaminedSite) -> Finding:
    """Look whether the mail server takes us, without sending anything."""
    try:
        server = smtp_of(os.environ)
    except SettingFault as fault:
        return ill(str(fault), "docs/service.md, Settings, shows it.")
    if server is None:
        return advice(
            "OPEN_HOUSE_SMTP is not set: mail goes to nobody.", "Set it: docs/service.md."
        )
    try:
        with greeting(server, SECONDS, SECONDS) as line:
            line.noop()
    except (smtplib.SMTPException, OSError) as error:
        return ill(f"{server.host} doesn't take us: {_why(error)}.", "Mend OPEN_HOUSE_SMTP.")
    return well(f"{server.host} takes us{' by STARTTLS' if server.starttls else ''}.")


def _asked(url: str) -> tuple[int, HTTPMessage]:
    """Return what a page answers: its status and its headers, and not its body."""
    parts = urlsplit(url)
    cls = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    with closing(cls(parts.hostname or "", parts.port, timeout=SECONDS)) as line:
        line.request("HEAD", parts.path or "/", headers={"User-Agent": "open-house doctor"})
        answer = line.getresponse()
        return answer.status, answer.headers


def _why(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {error.smtp_error!r}"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
