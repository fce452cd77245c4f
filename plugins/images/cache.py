"""What was worked out about pictures in earlier builds, on disk.

Everything in it can be made again: an entry that is missing, cut short or altered is simply not
there. Two builds may use one folder at the same time: entries are put in place whole, and both
would write the same bytes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

_READABLE_BY_ALL = 0o644  # temporary files are private; what a web server sends must not be


class Cache:
    """Files by name, each with its checksum beside it."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is made when the first entry is."""
        self._folder = folder

    def read(self, name: str) -> bytes | None:
        """Return the bytes of an entry, or None when there is none that can be trusted."""
        try:
            data = (self._folder / name).read_bytes()
            wanted = self._sum(name).read_text("ascii")
        except (OSError, ValueError):
            return None
        return data if hashlib.sha256(data).hexdigest() == wanted else None

    def write(self, name: str, data: bytes) -> None:
        """Put an entry in place. When the disk won't take it, later builds only take longer."""
        with suppress(OSError):
            put(self._folder / name, data)
            put(self._sum(name), hashlib.sha256(data).hexdigest().encode())

    def place(self, name: str, target: Path) -> bool:
        """Let `target` have the bytes of an entry; return False when the entry can't be trusted.

        A hard link where the file system can, which costs no space; else a copy.
        """
        if self.read(name) is None:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        try:
            os.link(self._folder / name, target)
        except OSError:
            shutil.copyfile(self._folder / name, target)
        return True

    def _sum(self, name: str) -> Path:
        return self._folder / f"{name}.sum"


def put(target: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all.

    :raises OSError: when the disk won't take it.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(temporary).chmod(_READABLE_BY_ALL)
        Path(temporary).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise
