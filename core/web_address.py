"""Web addresses as people type them, brought to the form in which programs compare them.

RFC 3986 says what stands in an address, RFC 5891 how letters beyond ASCII stand in a host's name.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

import idna

from core.faults import WrongValue

USUAL_PORTS = {"http": 80, "https": 443}
STEP = re.compile(r"[A-Za-z0-9._~-]+")  # RFC 3986, 2.3: what needs no escape
PAGE = re.compile(r"\.(?:html?|php|aspx?)$", re.IGNORECASE)


def web_address(text: str) -> SplitResult:
    """Take an address apart.

    :raises WrongValue: for what no browser could open, or what holds somebody's password.
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        raise WrongValue("isn't a web address.") from None
    if parts.scheme not in USUAL_PORTS or not parts.hostname or re.search(r"[\s<>\"\\]", text):
        bare = re.fullmatch(r"[\w-]+(?:\.[\w-]+)+(?:/\S*)?", text)
        raise WrongValue("isn't a web address.", f"Write https://{text}" if bare else "")
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise WrongValue("has a port that isn't a number from 1 to 65535.")
    if parts.username is not None or parts.password is not None:
        raise WrongValue("holds a name or a password, which everyone would read.")
    return parts


def site_address(text: str) -> str:
    """Return the address below which pages stand, as one program would write it to another.

    Its host is in small letters and in ASCII, without the port that everybody takes anyway.

    :raises WrongValue: for an address below which no page can stand.
    """
    parts = web_address(text)
    if "?" in text or "#" in text:
        raise WrongValue("has a “?” or “#”, below which no page can stand.")
    port = parts.port if parts.port != USUAL_PORTS[parts.scheme] else None
    host = _host(parts.hostname or "") + (f":{port}" if port else "")
    steps = parts.path.strip("/").split("/") if parts.path.strip("/") else []
    right = urlunsplit((parts.scheme, host, "".join(f"/{step}" for step in steps), "", ""))
    for step in steps:
        if not STEP.fullmatch(step) or step in {".", ".."}:
            wrong = f"has “{step}” between its slashes." if step else "has two slashes in a row."
            raise WrongValue(
                wrong, "Write the folders' names in letters without accents, digits and hyphens."
            )
    if steps and PAGE.search(steps[-1]):
        folder = right.removesuffix(steps[-1])
        raise WrongValue("is the address of a page.", f'Write its folder: "{folder}".')
    return right.rstrip("/") + "/"


def _host(name: str) -> str:
    if name.endswith("."):
        raise WrongValue(f"ends its host's name in a dot: “{name}”.", "Take the dot out.")
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        try:
            return idna.encode(name, uts46=True).decode()
        except idna.IDNAError:
            raise WrongValue(
                f"has a host that can't be: “{name}”.",
                "Write letters, digits and hyphens with single dots between them.",
            ) from None
    return f"[{address}]" if ":" in name else name
