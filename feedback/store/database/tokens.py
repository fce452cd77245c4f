"""Secrets of tenants and staff: made from a salt and the service's secret, kept only as hashes.

The database alone opens nothing: whoever copies it lacks the secret, which is kept elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

from core.public.vocabulary import REFERENCE_LETTERS

if TYPE_CHECKING:
    from random import Random

CODE_LENGTH = 6  # letters: 300 million codes, and every guess is throttled
SALT_BYTES = 32


def salt(random: Random) -> str:
    """Return a new salt, in hexadecimal."""
    return random.randbytes(SALT_BYTES).hex()


def digest(token: str) -> str:
    """Return the hash of something too long to be guessed: a token, a session, a device."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Tokens:
    """Hashes keyed with the service's secret, one sort a purpose."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def receipt(self, salt: str) -> str:
        """Return the token of a receipt's private link: 256 bits, safe in a URL."""
        return base64.urlsafe_b64encode(self._keyed("receipt", salt)).rstrip(b"=").decode("ascii")

    def code(self, salt: str) -> str:
        """Return the code that is typed together with a reference."""
        number = int.from_bytes(self._keyed("code", salt))
        letters = []
        for _ in range(CODE_LENGTH):
            number, letter = divmod(number, len(REFERENCE_LETTERS))
            letters.append(REFERENCE_LETTERS[letter])
        return "".join(letters)

    def code_hash(self, ref: str, code: str) -> str:
        """Return what is kept of a code: without the secret nobody can try all codes on it."""
        return self._keyed("code kept", ref, code).hex()

    def totp(self, salt: str) -> str:
        """Return the secret of somebody's one-time passwords, in base32 (RFC 6238)."""
        return base64.b32encode(self._keyed("totp", salt)[:20]).decode("ascii")

    def lookup(self, email: str) -> str:
        """Return what an address is found by: without the secret nobody can try addresses on it."""
        return self._keyed("address", email.casefold()).hex()

    def link(self, salt: str, purpose: str, text: str) -> str:
        """Return what shows that a link in a subscriber's mail is one of ours."""
        signature = self._keyed("link", salt, purpose, text)
        return base64.urlsafe_b64encode(signature).rstrip(b"=").decode("ascii")

    def mark(self, salt: str, nonce: str) -> str:
        """Return what shows that a mark in somebody's browser is one of ours."""
        return self._keyed("mark", salt, nonce).hex()

    def _keyed(self, *parts: str) -> bytes:
        message = "\0".join(parts).encode("utf-8", "surrogatepass")
        return hmac.digest(self._secret, message, "sha256")
