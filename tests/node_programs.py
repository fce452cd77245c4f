"""Runs the small programs of tests/node/: readers of feeds and calendars that we did not write."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from commands import machine

FOLDER = Path(__file__).parent / "node"


def run_node(program: str, value: object) -> Any:
    """Run tests/node/PROGRAM; returns what it printed.

    The program reads one JSON value from its input and prints one. The test is skipped where there
    is no node, and for no other reason.
    """
    node = machine.node()
    if node is None:
        pytest.skip(f"This machine has no node of version {machine.NODE} or later.")
    if not (FOLDER / "node_modules" / "complete").is_file():
        pytest.fail("The programs in tests/node are not installed. Type: ./run test", pytrace=False)
    done = subprocess.run(
        [node, FOLDER / program],
        input=json.dumps(value),
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
