"""The cache of pictures: made once, the same bytes each time, and no harm when it breaks."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from plugins.images import ImageFault, Pictures
from tests.copies import ROOT
from tests.pictures import drawing, emitted, gif, photo, saved, shown, svg

pytestmark = pytest.mark.long


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    return Pictures(tmp_path / "cache")


BUILD = """
import sys
from pathlib import Path
from plugins.images import Pictures
source, cache, output = map(Path, sys.argv[1:])
pictures = Pictures(cache)
for path in sorted(source.iterdir()):
    print(pictures.picture(path, alt="", sizes="100vw", lazy=True).html(), pictures.social(path))
pictures.emit(output)
"""


def build(source: Path, cache: Path, output: Path, seed: str = "0") -> str:
    return subprocess.run(
        [sys.executable, "-c", BUILD, *map(str, (source, cache, output))],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": seed},
    ).stdout


def tree(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


@pytest.fixture
def source(tmp_path: Path) -> Path:
    saved(tmp_path / "source" / "wall.jpg", photo())
    saved(tmp_path / "source" / "plan.png", drawing())
    gif(tmp_path / "source" / "lift.gif")
    svg(tmp_path / "source" / "house.svg", "<g/>")
    return tmp_path / "source"


def test_the_same_pictures_give_the_same_bytes(tmp_path: Path, source: Path) -> None:
    pages = {build(source, tmp_path / seed, tmp_path / f"out{seed}", seed) for seed in "12"}
    assert len(pages) == 1
    assert tree(tmp_path / "out1") == tree(tmp_path / "out2")


def test_two_builds_at_once_share_a_cache(tmp_path: Path, source: Path) -> None:
    outputs = [tmp_path / f"out{number}" for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        pages = set(pool.map(lambda output: build(source, tmp_path / "cache", output), outputs))
    assert len(pages) == 1
    first, *others = map(tree, outputs)
    assert first
    assert all(other == first for other in others)
    assert not [name for name in tree(tmp_path / "cache") if "new-" in name]


def fresh(tmp_path: Path, source: Path, output: str) -> tuple[dict[str, bytes], list[int]]:
    """Build with a new Pictures over the same cache; return the tree and the steps of progress."""
    pictures = Pictures(tmp_path / "cache")
    for path in sorted(source.iterdir()):
        shown(pictures, path)
    steps: list[int] = []
    pictures.emit(tmp_path / output, lambda _, done, total: steps.append(total - done))
    return tree(tmp_path / output), steps


def test_what_was_made_once_is_not_made_again(tmp_path: Path, source: Path) -> None:
    first, made_anew = fresh(tmp_path, source, "one")
    assert made_anew == sorted(made_anew, reverse=True)
    assert (len(made_anew), made_anew[-1]) == (len(first), 0)
    again, made_anew = fresh(tmp_path, source, "two")
    assert (again, made_anew) == (first, [])


@pytest.mark.parametrize("harm", [b"", b"garbage", None])
def test_a_spoilt_cache_is_made_again(tmp_path: Path, source: Path, harm: bytes | None) -> None:
    first, _ = fresh(tmp_path, source, "one")
    for file in (tmp_path / "cache").rglob("*"):
        if file.is_file() and file.suffix != ".sum":
            file.unlink()
            if harm is not None:
                file.write_bytes(harm)
    again, made_anew = fresh(tmp_path, source, "two")
    assert again == first
    assert len(made_anew) == len(first)


def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path: Path, source: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert fresh(tmp_path, source, "one")[0]


def test_a_web_server_may_read_what_was_written(tmp_path: Path, source: Path) -> None:
    fresh(tmp_path, source, "one")
    fresh(tmp_path, source, "two")
    for file in (tmp_path / "two").rglob("*.*"):
        assert file.stat().st_mode & 0o044 == 0o044


def test_a_changed_picture_has_another_name(tmp_path: Path, pictures: Pictures) -> None:
    path = saved(tmp_path / "wall.png", drawing())
    before = shown(pictures, path).src
    saved(path, drawing(401, 200))
    assert shown(Pictures(tmp_path / "cache"), path).src != before


def test_a_picture_that_changes_while_building_is_told_of(
    tmp_path: Path, pictures: Pictures
) -> None:
    path = saved(tmp_path / "wall.png", drawing())
    shown(pictures, path)
    saved(path, drawing(401, 200))
    with pytest.raises(ImageFault, match="changed while"):
        pictures.emit(tmp_path / "out")


def test_a_cache_on_another_disk_is_copied_from(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = fresh(tmp_path, source, "one")

    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)  # a second disk is more than a test may ask for
    again, made_anew = fresh(tmp_path, source, "two")
    assert (again, made_anew) == (first, [])


def test_a_disk_that_takes_no_more_leaves_no_half_picture(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="No space"):
        fresh(tmp_path, source, "one")
    assert tree(tmp_path / "one") == tree(tmp_path / "cache") == {}


def test_an_old_tree_is_written_over(tmp_path: Path, pictures: Pictures) -> None:
    path = saved(tmp_path / "wall.png", drawing())
    shown(pictures, path)
    first = emitted(pictures, tmp_path / "out")
    assert emitted(pictures, tmp_path / "out") == first
