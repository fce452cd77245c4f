"""Pages as they are meant to be, kept beside the tests; a change of them is seen, and meant.

To take what is built now as what is meant: GOLDEN=write ./run test tests/test_site.py
"""

from __future__ import annotations

import os
import re
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"
HASHED = re.compile(r"(/assets/[\w/-]+?)[.-][0-9a-f]{10,16}\.")


def compare(path: str, html: str) -> None:
    """Fail when a page differs from the one kept, but for the hashes in its files' names."""
    file = FOLDER / f"{path.strip('/').replace('/', '-')}.html"
    scrubbed = HASHED.sub(r"\1.HASH.", html)
    if os.environ.get("GOLDEN") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(scrubbed, encoding="utf-8")
    assert scrubbed == file.read_text(encoding="utf-8"), f"{file.name} is built differently now"
