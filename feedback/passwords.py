"""Staff's passwords (Argon2id, RFC 9106) and one-time passwords (TOTP, RFC 6238)."""

from __future__ import annotations

import hmac
from functools import cache
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from pyotp import TOTP

from feedback.identifiers import figures

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

SHORTEST = 12  # characters; length is all that is asked of a password (NIST SP 800-63B)
LONGEST = 200
STEP = 30  # seconds for which a one-time password stands
DRIFT = 1  # steps that a telephone's clock may be off, either way
# No two of these look alike, and none is said like another in either language.
_LETTERS = "abcdefghjkmnpqrstvwxz23456789"
_GROUPS, _GROUP = 4, 5  # 20 letters: 97 bits
HASHER = PasswordHasher()  # at the library's own cost, which follows RFC 9106


def is_fit(password: str) -> bool:
    """Whether somebody may choose this password."""
    return SHORTEST <= len(password) <= LONGEST


def hashed(password: str) -> str:
    """Return what is kept of a password. Takes a tenth of a second, on purpose."""
    return HASHER.hash(password)


def fits(kept_hash: str, password: str) -> bool:
    """Whether a password is the one of which `kept` was kept."""
    try:
        return HASHER.verify(kept_hash, password[: LONGEST + 1])
    except (Argon2Error, InvalidHashError):
        return False


@cache
def nobodys() -> str:
    """Return what is kept of a password that nobody has: trying it takes as long as any other."""
    return hashed("nobody's password")


def new_password(random: Random) -> str:
    """Return a password that nobody can guess, and that can be read out."""
    letters = [random.choice(_LETTERS) for _ in range(_GROUPS * _GROUP)]
    return "-".join("".join(letters[at : at + _GROUP]) for at in range(0, len(letters), _GROUP))


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return which period of 30 seconds a one-time password belongs to; None when it is wrong.

    Each may be used once: hand the step to `staff.use_totp`.
    """
    typed = figures(code).encode()
    current = int(now.timestamp()) // STEP
    matching = None
    for step in range(current - DRIFT, current + DRIFT + 1):
        if hmac.compare_digest(TOTP(secret).generate_otp(step).encode(), typed):
            matching = step
    return matching


def totp_uri(secret: str, name: str, issuer: str) -> str:
    """Return the otpauth:// address that an authenticator app reads from a QR code."""
    return TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)
