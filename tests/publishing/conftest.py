"""What every test of publishing starts from: a small site online, and two people's clones."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from commands.build import BuildOptions, build
from core.public.public_history import MANIFEST_IN_CONTENT, MANIFEST_IN_TREE, MERGING
from tests.copies import ROOT, git
from tests.previewing import save
from tests.publishing.people import Desk, Online
from tests.tiny import write_site

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _nobodys_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Git knows nothing of the person who runs these tests, nor of the repository around them."""
    for name in [name for name in os.environ if name.startswith("GIT_") or name == "EMAIL"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What every test starts from. One commit for all, so that its pages are made once."""
    folder = tmp_path_factory.mktemp("first")
    bare = folder / "online.git"
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    start = folder / "start"
    write_site(start)
    options = BuildOptions(
        root=ROOT, content=start / "content", site=start / "site.toml", output=folder / "tree"
    )
    assert build(options).ok
    for name, text in {
        MANIFEST_IN_CONTENT: (folder / "tree" / MANIFEST_IN_TREE).read_text(encoding="utf-8"),
        MERGING: "published.txt merge=union\nsource.txt merge=union\n",
    }.items():
        save(start / "content" / name, text)
    (start / "tasks.py").write_text("# the program\n", encoding="utf-8")
    git(start, "init", "--quiet", "--initial-branch=main")
    git(start, "add", "--all")
    git(start, "commit", "--quiet", "--message=Start")
    git(start, "push", "--quiet", str(bare), "main")
    return bare


@pytest.fixture
def online(first: Path, tmp_path: Path) -> Online:
    return Online(shutil.copytree(first, tmp_path / "online.git"), tmp_path)


@pytest.fixture
def nia(online: Online) -> Desk:
    return online.clone("nia", "Nia Rowe")


@pytest.fixture
def sian(online: Online) -> Desk:
    return online.clone("sian", "Siân Prys")
