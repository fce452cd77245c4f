"""Runs the small programs of tests/node/: readers of feeds and calendars that we did not write."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "node"


def run_node(program: str, given: object) -> Any:
    """Run tests/node/PROGRAM; returns what it printed.

    The program reads one JSON value from its input and prints one. The test is skipped where node
    is missing, and for no other reason.
    """
    node = shutil.which("node")
    if node is None:
        pytest.skip("This machine has no node.")
    done = subprocess.run(
        [node, FOLDER / program],
        input=json.dumps(given),
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
