"""What the tests need of the machine beyond Python: found, or installed where that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Need:
    """Something that Debian and Ubuntu package."""

    package: str  # what apt calls it
    programs: tuple[str, ...] = ()  # any one of these on PATH will do
    files: tuple[str, ...] = ()  # or any file matching one of these patterns, below /usr/share

    @property
    def is_met(self) -> bool:
        """Whether the machine has it."""
        return any(map(shutil.which, self.programs)) or any(
            any(Path("/usr/share").glob(pattern)) for pattern in self.files
        )


BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NEEDS = (
    Need("chromium", programs=BROWSERS),
    Need("fonts-dejavu-core", files=("fonts/**/*.ttf", "fonts/**/*.otf")),
    Need("git", programs=("git",)),
    Need("postgresql", files=("postgresql/*/postgres.bki",)),  # its programs stand off the PATH
    Need("rsync", programs=("rsync",)),
)


def prepare(needs: Sequence[Need] = NEEDS) -> tuple[str, ...]:
    """Install what is missing, if this may be done without asking for a password.

    Returns the packages still missing, after saying in words how to get them.
    """
    missing = [need for need in needs if not need.is_met]
    administrator = _administrator()
    if missing and administrator is not None and shutil.which("apt-get"):
        packages = [need.package for need in missing]
        print(f"Installing what the tests need: {', '.join(packages)}.", flush=True)
        apt = [*administrator, "apt-get", "--quiet"]
        _quietly([*apt, "update"])
        _quietly([*apt, "install", "--yes", "--no-install-recommends", *packages])
        missing = [need for need in missing if not need.is_met]
    packages = [need.package for need in missing]
    if packages:
        print(
            f"Missing here, so the tests that need them cannot run: {', '.join(packages)}. "
            f"To run them too, type: sudo apt install {' '.join(packages)}",
            file=sys.stderr,
        )
    return tuple(packages)


def _administrator() -> list[str] | None:
    """The words that make a command the administrator's, without a password; None if it cannot."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    return sudo if shutil.which("sudo") and _quietly([*sudo, "true"]) else None


def _quietly(command: list[str]) -> bool:
    """Whether the command worked; what it prints is kept from people."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command, check=False, capture_output=True, stdin=subprocess.DEVNULL, env=environment
    )
    return done.returncode == 0
