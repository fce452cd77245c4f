"""The site is built without the room that sees private words: it isn't even on the disk."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.copies import ROOT
from tests.test_loop import loop_site
from tests.tiny import write_site

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long

BUILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from commands.build import BuildOptions, build
root, place = Path(sys.argv[1]), Path(sys.argv[2])
result = build(BuildOptions(root=root, content=place / "content", site=place / "site.toml",
                            output=place / "output"))
assert result.ok, result.crash or [str(fault) for fault in result.faults]
assert not any(name.partition(".")[0] == "feedback" for name in sys.modules)
"""


def test_a_site_with_records_is_built_with_feedback_absent_from_the_disk(tmp_path: Path) -> None:
    house = tmp_path / "house"
    for folder in ("commands", "core", "plugins", "theme"):
        shutil.copytree(
            ROOT / folder,
            house / folder,
            ignore=shutil.ignore_patterns("node_modules", "__pycache__"),
        )
    for file in ("pelicanconf.py", "tasks.py"):
        shutil.copy(ROOT / file, house)
    tiny = write_site(tmp_path / "association", loop_site())
    done = subprocess.run(
        [sys.executable, "-c", BUILD, house, tiny.content.parent],
        check=False,
        capture_output=True,
        text=True,
        cwd=house,
    )
    assert done.returncode == 0, done.stderr
    assert (tiny.output / "data/records.json").is_file()
