"""A brake on newcomers: how many browsers one connection may bring, without keeping its address.

What is remembered of a connection is a keyed hash, in memory alone. The key is thrown away each
hour with all that was counted under it, so that nothing can be traced back to an address, nor one
hour's connections to the next's.
"""

from __future__ import annotations

import hmac
import secrets
from collections import Counter
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

NEWCOMERS = 100  # browsers of one connection: a block of flats, or a meeting on one wireless …
WITHIN = timedelta(hours=1)  # … in this time
MOST_CONNECTIONS = 100_000  # that are told apart, so that memory ends nowhere
HOUSEHOLD = 64  # bits of an IPv6 address that a connection keeps (RFC 6177)


class NewcomerBrake:
    """Counts the browsers that a connection brings; one a process."""

    def __init__(self, most: int = NEWCOMERS, within: timedelta = WITHIN) -> None:
        """Take how many browsers one connection may bring in how long."""
        self._most, self._within = most, within
        self._until: datetime | None = None
        self._key = b""
        self._counted: Counter[bytes] = Counter()

    def lets_in(self, address: str, now: datetime) -> bool:
        """Count one more browser of a connection; whether that is not too many.

        :param address: of the connection, or what stands for it.
        """
        if self._until is None or now >= self._until:
            self._until, self._key = now + self._within, secrets.token_bytes(32)
            self._counted.clear()
        connection = hmac.digest(self._key, _connection(address).encode(), "sha256")
        if connection not in self._counted and len(self._counted) >= MOST_CONNECTIONS:
            return True
        self._counted[connection] += 1
        return self._counted[connection] <= self._most


def _connection(address: str) -> str:
    """Return what stands for everybody behind one connection."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped or ip_network((int(known), HOUSEHOLD), strict=False))
    return str(known)
