"""Unpacks a tar: files and folders alone, and none of them elsewhere.

`tarfile` has filters that do so since Python 3.11.4; Debian 12 has 3.11.2.
"""

from __future__ import annotations

import shutil
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from tarfile import TarFile


def unpack_files(tar: TarFile, folder: Path) -> None:
    """Write what a tar holds into a folder, which may be missing; programs stay programs.

    Links, devices and whatever else is neither a file nor a folder are left out.

    :raises ValueError: for a name that leads out of the folder.
    """
    for member in tar:
        name = PurePosixPath(member.name)
        if name.is_absolute() or ".." in name.parts:
            raise ValueError(f"{member.name} leads out of the folder.")
        target = folder / name
        if member.isdir():
            target.mkdir(parents=True, exist_ok=True)
        elif (packed := tar.extractfile(member) if member.isfile() else None) is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
            with packed, target.open("wb") as file:
                shutil.copyfileobj(packed, file)
            target.chmod(0o755 if member.mode & 0o100 else 0o644)
