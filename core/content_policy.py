"""What browsers may load into our pages, and where forms may be sent (CSP level 3)."""

from __future__ import annotations

from urllib.parse import urlsplit

_OWN = "'self'"
_NOTHING = "'none'"
_HEADER_ALONE = frozenset({"frame-ancestors"})  # browsers ignore it in a page (CSP 3, 3.3)


def content_policy(*, https: bool, service: str = "/") -> str:
    """Return the Content-Security-Policy: this site, and nothing else.

    :param https: whether the site is served by HTTPS, so that no plain HTTP may creep in.
    :param service: where the feedback service is: a path on this site, or an address elsewhere,
        to which forms may be sent then.
    """
    parts = [" ".join(part) for part in _directives(service).items()]
    return "; ".join([*parts, "upgrade-insecure-requests"] if https else parts)


def policy_in_page(service: str = "/") -> str:
    """Return the policy for a page's `<meta>`, for hosts that send no headers of ours.

    Whether there is HTTPS is left to the host there: a tree is looked at on a desk as well.
    """
    directives = _directives(service).items()
    return "; ".join(" ".join(part) for part in directives if part[0] not in _HEADER_ALONE)


def _directives(service: str) -> dict[str, str]:
    address = urlsplit(service)
    elsewhere = f" {address.scheme}://{address.netloc}" if address.netloc else ""
    return {
        "default-src": _NOTHING,
        "script-src": _OWN,
        "style-src": _OWN,
        "img-src": _OWN,
        "font-src": _OWN,
        "media-src": _OWN,
        "connect-src": _OWN,
        "manifest-src": _OWN,
        "form-action": _OWN + elsewhere,
        "base-uri": _NOTHING,
        "frame-ancestors": _NOTHING,
    }
