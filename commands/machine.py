"""What the tests need of the machine beyond Python: found, or installed where that is allowed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from ctypes.util import find_library
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
    libraries: tuple[str, ...] = ()  # or one of these, as the linker names them

    @property
    def is_met(self) -> bool:
        """Whether the machine has it."""
        return (
            any(map(shutil.which, self.programs))
            or any(any(Path("/usr/share").glob(pattern)) for pattern in self.files)
            or any(map(find_library, self.libraries))
        )


NPM_SAYS = 4  # lines of npm's complaint that tell something; its whole manual comes after them
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NEEDS = (
    Need("chromium", programs=BROWSERS),
    Need("fonts-dejavu-core", files=("fonts/**/*.ttf", "fonts/**/*.otf")),
    Need("default-jre-headless", programs=("java",)),  # the validator of the W3C runs on it
    Need("git", programs=("git",)),
    Need("hunspell", programs=("hunspell",)),  # looks words up
    Need("hunspell-en-gb", files=("hunspell/en_GB.dic",)),
    Need("libharfbuzz-subset0", libraries=("harfbuzz-subset",)),  # posters' fonts, subset
    Need("libpango-1.0-0", libraries=("pango-1.0",)),  # sets the type of posters
    Need("libpangoft2-1.0-0", libraries=("pangoft2-1.0",)),
    Need("nodejs", programs=("node", "nodejs")),
    Need("npm", programs=("npm",)),
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


def install_node(folder: Path) -> bool:
    """Install what a folder's package-lock.json names, unless that stands there already.

    The lock holds hashes and no hosts: npm fetches from wherever this machine does. No package's
    own script is run. Returns whether the packages are there, after saying what failed if not.
    """
    lock, stamp = folder / "package-lock.json", folder / "node_modules" / "complete"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return True
    npm = shutil.which("npm")
    if npm is None:
        return False
    print(f"Installing what stands in {folder.parent.name}/{folder.name}.", flush=True)
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=folder,
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
    )
    if done.returncode:
        said = "\n".join(done.stderr.strip().splitlines()[:NPM_SAYS])
        print(f"npm could not install them: {said}", file=sys.stderr)
        return False
    stamp.write_text(wanted, encoding="ascii")
    return True


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
