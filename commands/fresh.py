"""The tests on a machine where nothing was ever installed: an empty Debian in a folder.

What a machine of somebody's work has by chance hides what the commands ought to bring. So a Debian
of its smallest size is made by debootstrap, once for each release; each run gets a copy of it with
a clone of the last commit, and types what a stranger would.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

RELEASES = {"bookworm": "Debian 12", "trixie": "Debian 13"}
# What the README asks for, and nothing else; certificates are how git and pip know their hosts.
PACKAGES = ("git", "python3", "python3-venv", "ca-certificates")
PLACE = Path("/var/tmp/open-house-fresh")  # noqa: S108 - big, and kept over a restart
# How this machine reaches its registries: that the copy may know, since it is no promise of ours.
ROUTES = (
    "/etc/apt/apt.conf.d",
    "/etc/apt/auth.conf.d",
    "/etc/hosts",
    "/etc/pip.conf",
    "/etc/resolv.conf",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/xdg/pip",
    "~/.config/pip",
    "~/.npmrc",
)
ROUTE_WORDS = ("PIP_", "NPM_CONFIG_", "SSL_", "NODE_EXTRA_", "HTTP_", "HTTPS_", "NO_PROXY")
TOOLS = ("debootstrap", "unshare", "chroot")
# Its own list of processes and of mounts: when the run ends, whatever it started and mounted ends.
ALONE = ("--mount", "--pid", "--fork", "--kill-child", "--propagation", "private")
ENTER = """\
mount -t proc proc "$0/proc" && mount --rbind /sys "$0/sys" && mount --rbind /dev "$0/dev" || exit 2
exec chroot "$0" /bin/sh -c 'cd /house && exec ./run "$@"' run "$@"
"""


def fresh(root: Path, release: str = "", chosen: Sequence[str] = ()) -> int:
    """Build the site and run the tests in an empty Debian; returns the exit code.

    :param root: the repository, whose last commit is tried.
    :param release: one of `RELEASES`; each of them in turn when it is empty.
    :param chosen: words for `./run test`; without any, everything.
    :returns: 0 when all passed, 1 when a release failed, 2 when it can't be tried here.
    """
    if release and release not in RELEASES:
        print(f"There is no release {release} here: {', '.join(RELEASES)}.", file=sys.stderr)
        return 2
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing or os.geteuid() != 0:
        need = f"the administrator and {', '.join(missing or TOOLS)}"
        print(f"An empty Debian takes {need}: sudo apt install debootstrap.", file=sys.stderr)
        return 2
    codes = [_try(root, name, chosen) for name in ([release] if release else RELEASES)]
    return 1 if any(codes) else 0


def _try(root: Path, release: str, chosen: Sequence[str]) -> int:
    """Try one release, from its copy to its end; returns the exit code of what failed, or 0."""
    PLACE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=PLACE, prefix=f"{release}-run-") as folder:
        house = Path(folder) / "root"
        subprocess.run(["cp", "-a", "--reflink=auto", _base(release), house], check=True)
        _lay_routes(house)
        subprocess.run(["git", "clone", "--quiet", root, house / "house"], check=True)
        for words in (["build"], ["test", *chosen]):
            begun = time.monotonic()
            print(f"{RELEASES[release]}: ./run {shlex.join(words)}", flush=True)
            code = _within(house, words)
            taken = time.monotonic() - begun
            print(f"{RELEASES[release]}: ended with {code} after {taken:.0f} s.", flush=True)
            if code:
                return code
    return 0


def _base(release: str) -> Path:
    """The empty Debian that copies are taken from, made when there is none yet.

    :raises subprocess.CalledProcessError: when debootstrap fails; it has said why.
    """
    base = PLACE / release
    if not base.is_dir():
        print(f"Making an empty {RELEASES[release]}, once.", flush=True)
        unfinished = PLACE / f"{release}.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        include = f"--include={','.join(PACKAGES)}"
        debootstrap = ["debootstrap", "--variant=minbase", include, release, str(unfinished)]
        subprocess.run(debootstrap, check=True, stdout=subprocess.DEVNULL)
        unfinished.rename(base)
    return base


def _lay_routes(house: Path) -> None:
    """Let the copy reach the registries as this machine does."""
    for name in ROUTES:
        route = Path(name).expanduser()
        target = house / ("root" + name[1:] if name.startswith("~") else name[1:])
        if route.is_dir():
            shutil.copytree(route, target, dirs_exist_ok=True)
        elif route.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            shutil.copy(route, target)


def _within(house: Path, words: Sequence[str]) -> int:
    """Type `./run` and these words in the copy; nothing of our surroundings but the routes goes in.

    Returns the exit code.
    """
    routes = {k: v for k, v in os.environ.items() if k.upper().startswith(ROUTE_WORDS)}
    surroundings = {
        **routes,
        "HOME": "/root",
        "LANG": "C.UTF-8",
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    }
    for name in ("CI", "GITHUB_ACTIONS"):
        if name in os.environ:
            surroundings[name] = os.environ[name]
    done = subprocess.run(
        # Looked up here, since the copy's PATH is another.
        [shutil.which("unshare") or "unshare", *ALONE, "sh", "-c", ENTER, house, *words],
        check=False,
        env=surroundings,
        stdin=subprocess.DEVNULL,
    )
    return done.returncode
