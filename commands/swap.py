"""Puts a finished folder in the place of an old one, at once."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

AT_FDCWD = -100
RENAME_EXCHANGE = 2  # renameat2(2): swap two names, so that neither is ever missing


def swap_in(fresh: Path, target: Path) -> None:
    """Put `fresh` at `target` and remove what was there; both on one file system.

    Where the system can't exchange two folders, `target` is missing for as long as one
    rename takes.

    :raises OSError: when the folders can't be renamed; then `target` is what it was.
    """
    if not target.exists():
        fresh.rename(target)
        return
    if _exchange(fresh, target):
        shutil.rmtree(fresh)
        return
    old = fresh.with_name(f"{fresh.name}-old")
    target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old)


def _exchange(left: Path, right: Path) -> bool:
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    names = os.fsencode(left), os.fsencode(right)
    done = libc.renameat2(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE)
    return bool(done == 0)
