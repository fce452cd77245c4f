"""An association's clone passes our tests: they know its content, settings and templates not."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.copies import ROOT, git, our_files, ready_copy, unmeasured
from tests.tiny import write_site

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long

NAMED = re.compile(r"ROOT / \"(content|site\\.toml|templates|translations|local_plugins)\\b")
# Of every sort that reads settings, pages, templates or the sample, the quickest.
KEY = (
    "tests/test_menu.py::test_settings_saved_on_windows_are_read_like_any_other",
    "tests/test_checks.py::test_the_sample_practises_what_it_preaches",
    "tests/test_sample_agrees.py",
    "tests/test_personal_details.py::test_the_associations_own_details_may_stand_in_an_answer",
    "tests/test_docs.py",
    "tests/test_site_settings.py",
)
BROKEN = "{{ an own template that fails"


def test_no_test_reads_what_an_association_owns() -> None:
    readers = [
        name
        for name in our_files()
        if name.startswith("tests/") and name.endswith(".py")
        if NAMED.search((ROOT / name).read_text(encoding="utf-8"))
    ]
    assert readers == []


def test_the_tests_pass_where_an_association_has_begun(tmp_path: Path) -> None:
    clone = ready_copy(tmp_path / "clone")
    page = {"posts/2026-03-04-home.en.md": f"/{'home'}/nia\n{BROKEN}"}
    theirs = write_site(tmp_path / "theirs", page)
    shutil.rmtree(clone / "content")
    shutil.copytree(theirs.content, clone / "content")
    shutil.copy(theirs.site, clone / "site.toml")
    (clone / "templates").mkdir()
    for name in ("base.html", "404.html"):
        (clone / "templates" / name).write_text(BROKEN, encoding="utf-8")
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message", "Our own")
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *KEY]
    done = subprocess.run(
        words, cwd=clone, env=unmeasured(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout
