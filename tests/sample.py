"""The sample site, built once for all tests that look at its pages: below a folder of its host.

So each of those tests shows that nothing needs the root, which many hosts don't give.
"""

from __future__ import annotations

import fcntl
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from tests.copies import ROOT, sample_folder

if TYPE_CHECKING:
    from pathlib import Path

BASE = "/house/"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Sample(NamedTuple):
    """The built sample site, served; and of each template and language its fullest page."""

    address: str  # of its root, below the host's
    folder: Path
    pages: dict[tuple[str, str], str]  # (language, sort) -> path below the address

    def of(self, lang: str) -> list[str]:
        return [path for (spoken, _), path in sorted(self.pages.items()) if spoken == lang]


def sample_for_all(place: Path) -> Path:
    """Return the sample site below a place that several processes share; the first one builds it.

    :raises AssertionError: when it can't be built.
    """
    folder = place / "sample"
    with (place / "sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            build_sample(folder)
    return folder


def build_sample(folder: Path) -> None:
    """Build the sample site as it is on one certain day.

    :raises AssertionError: when it can't be built.
    """
    from commands.build import BuildOptions, build

    result = build(
        BuildOptions(
            root=ROOT,
            content=sample_folder() / "content",
            site=sample_folder() / "site.toml",
            output=folder,
            url=f"https://www.example.org{BASE}",
            now=NOW,
        )
    )
    assert result.ok, result.crash
