"""The README's path, walked: a fresh clone, one's own content, an empty place online, and back."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.copies import ROOT, fresh_copy, git, ready_copy, unmeasured
from tests.on_air import picture

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.long, pytest.mark.unmeasured]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone whose remote is empty, as docs/publishing.md says of the very first time."""
    folder = tmp_path_factory.mktemp("first-day")
    bare = folder / "empty.git"
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    clone = ready_copy(folder / "open-house")
    git(clone, "remote", "add", "origin", str(folder / "elsewhere.git"))
    git(clone, "remote", "set-url", "origin", str(bare))
    return clone


def run(house: Path, *words: str, code: int = 0) -> str:
    """Type a command in the clone; returns all that it says."""
    done = subprocess.run(
        [house / "run", *words],
        cwd=house,
        env=unmeasured(),
        check=False,
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )
    printed = done.stdout + done.stderr
    assert "Traceback" not in printed
    assert done.returncode == code, printed
    return printed


def online(house: Path, name: str) -> str:
    return git(house.parent / "empty.git", "show", f"main:{name}")


def test_from_a_clone_to_a_site_of_one_s_own_and_back(house: Path) -> None:
    """Begin, write, publish; publish again; take it back; bring the old website; upgrade."""
    assert "\ngit remote set-url origin ADDRESS\n./run publish --everything\n" in (
        ROOT / "docs" / "publishing.md"
    ).read_text(encoding="utf-8")
    assert "\n```\n./run begin\n```\n" in (ROOT / "README.md").read_text(encoding="utf-8")
    run(house, "begin", "--yes", "--name", "Cartrefi Eithin / Gorse Homes")
    assert "\n0 faults and " in run(house, "check")
    run(house, "new", "post", "--title", "Hello from us", "--both", "--yes")
    (post,) = (house / "content" / "posts").glob("*.en.md")
    for page in (house / "content" / "posts").glob("*.md"):  # “write over what stands there”
        title = page.read_text("utf-8").partition("summary:")[0]
        page.write_text(f"{title}---\nWe have a site of our own now.\n", "utf-8")
    who = ("--name", "Nia Rowe", "--email", "nia@tiny.example.org", "--yes")
    published = run(house, "publish", "--everything", *who)
    assert "Hello from us (English)" in published
    assert "stair-lights" not in published.partition("Settings, pictures")[0]  # the sample's
    assert published.splitlines()[-1].startswith("Done: ")
    assert "Hello from us" in online(house, f"content/posts/{post.name}")
    assert git(house, "status", "--porcelain") == ""
    assert "all that you have is online" in run(house, "publish", "--yes")

    (house / "content" / "images").mkdir()
    (house / "content" / "images" / "door.png").write_bytes(picture((64, 64)))
    (house / "content" / "images" / "not-this-one.png").write_bytes(picture((64, 64)))
    shown = post.read_text("utf-8") + "\n![An open door](../images/door.png)\n"
    post.write_text(shown, "utf-8")
    published = run(house, "publish", "--yes")
    assert "content/images/not-this-one.png" in published
    assert "content/images/door.png" in git(house, "ls-files")
    assert "not-this-one" not in git(house, "ls-files")
    assert "Done: Take back: Change Hello from us" in run(house, "undo", "--yes")
    assert "An open door" not in online(house, f"content/posts/{post.name}")
    assert "Done: Publish again: Change Hello from us" in run(house, "undo", "--yes")
    assert post.read_text("utf-8") == shown
    _bring_the_old_website(house)
    _upgrade(house)


def _bring_the_old_website(house: Path) -> None:
    old = house.parent / "old" / "content" / "posts" / "damp.md"
    old.parent.mkdir(parents=True)
    words = "We looked at [every wall](https://old.example.org/walls/)."
    old.write_text(f"---\ntitle: Damp\ndate: 2021-03-04\n---\n{words}\n", encoding="utf-8")
    assert "1 post" in run(house, "import", "hugo", str(house.parent / "old"))
    assert "\n0 faults and " in run(house, "check")
    assert "Damp" in run(house, "publish", "--yes")
    assert words in online(house, "content/posts/2021-03-04-damp.cy.md")
    assert "0 files written" in run(house, "import", "hugo", str(house.parent / "old"))


def _upgrade(house: Path) -> None:
    """Take a newer version, in which one file of ours is new; what is the association's stays."""
    newer = fresh_copy(house.parent / "newer")
    (newer / "core" / "newer.py").write_text('"""New in this version."""\n', encoding="utf-8")
    ours = {path: path.read_bytes() for path in (house / "content").rglob("*.md")}
    run(house, "upgrade", "--source", str(newer), "--yes")
    assert (house / "core" / "newer.py").is_file()
    assert {path: path.read_bytes() for path in (house / "content").rglob("*.md")} == ours
    assert "\n0 faults and " in run(house, "check")
    run(house, "upgrade", "--undo", "--yes")
    assert not (house / "core" / "newer.py").exists()
