"""Passwords are hashed one at a time, on a thread of their own.

Hashing is slow on purpose. Whoever tries a thousand passwords holds up the door, and nobody whose
words are being read or kept.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from feedback import passwords

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_THREAD = ThreadPoolExecutor(max_workers=1, thread_name_prefix="passwords")


async def fits(kept_hash: str, password: str) -> bool:
    """Whether a password is the one of which `kept` was kept; "" for nobody's."""
    return await _slowly(lambda: passwords.fits(kept_hash or passwords.nobodys(), password))


async def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return await _slowly(lambda: passwords.hashed(password))


async def _slowly(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_THREAD, work)
