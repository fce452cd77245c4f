"""Licences that programs know by name: those of Creative Commons."""

from __future__ import annotations

import re
from typing import NamedTuple

_SHORT = re.compile(r"cc-?(?P<kind>by(?:-nc)?(?:-nd|-sa)?|0)-(?P<version>\d\.\d)")


class KnownLicence(NamedTuple):
    """A licence as programs name it."""

    name: str  # an identifier of SPDX, such as CC-BY-4.0
    url: str


def known_licence(written: str) -> KnownLicence | None:
    """Return the licence that somebody wrote as people do, such as "CC BY 4.0"; None for others."""
    match = _SHORT.fullmatch(re.sub(r"[\s_-]+", "-", written.strip().lower()))
    if match is None:
        return None
    kind, version = match["kind"], match["version"]
    if kind == "0":
        url = f"https://creativecommons.org/publicdomain/zero/{version}/"
        return KnownLicence(f"CC0-{version}", url)
    url = f"https://creativecommons.org/licenses/{kind}/{version}/"
    return KnownLicence(f"CC-{kind.upper()}-{version}", url)
