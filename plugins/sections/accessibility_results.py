"""What the checks of accessibility found, and when: the statement is made from it.

`PROOF=write ./run test tests/test_accessibility.py` writes the file, and the tests keep it true.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE = "proof.json"  # in the theme's folder


@dataclass(frozen=True)
class AccessibilityResults:
    """One look at every sort of page."""

    on: date
    browser: str
    pages: int  # that were looked at
    faults: Mapping[str, int]  # by check, on how many views of a page something was wrong


def load_proof(theme: Path) -> AccessibilityResults | None:
    """Return what the theme's folder says of its checks; nothing for a theme that was not checked.

    :raises ValueError: for a file that was not written by the tests.
    """
    file = theme / FILE
    if not file.is_file():
        return None
    found = json.loads(file.read_text(encoding="utf-8"))
    return AccessibilityResults(
        date.fromisoformat(found["on"]), found["browser"], found["pages"], found["faults"]
    )
