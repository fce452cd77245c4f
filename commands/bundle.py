"""The search page's script: its modules joined and shortened, so that it comes in a moment.

What comes of it is kept in `theme/static`, since whoever builds a site need not have node; a test
holds it to its sources.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from commands import machine

if TYPE_CHECKING:
    from pathlib import Path

MODULES = "theme/scripts"  # with the lock of the tools that join them
ENTRY, TARGET = "search.js", "theme/static/search.js"


class NoTools(Exception):
    """The tools can't be had here; why was said."""


def bundled(root: Path) -> bytes:
    """Return the script that the modules make.

    :raises NoTools: where there is no node, or npm can't install them.
    """
    folder, node = root / MODULES, machine.node()
    if node is None or not machine.install_node(folder):
        raise NoTools
    tools = folder / "node_modules"
    join = [str(node), str(tools / "esbuild/bin/esbuild"), ENTRY, "--bundle", "--charset=utf8"]
    joined = _told(join, folder, b"")
    shorten = [str(node), str(tools / "terser/bin/terser"), "--compress", "passes=3", "--mangle"]
    return _told(shorten, folder, joined)


def write_scripts(root: Path) -> int:
    """Write the script anew; returns the exit code."""
    try:
        (root / TARGET).write_bytes(bundled(root))
    except NoTools:
        print("Scripts are joined by node and npm, which this needs.", file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as error:
        print(error.stderr.decode().strip(), file=sys.stderr)
        return 1
    return 0


def _told(command: list[str], folder: Path, stdin: bytes) -> bytes:
    return subprocess.run(command, cwd=folder, input=stdin, capture_output=True, check=True).stdout
