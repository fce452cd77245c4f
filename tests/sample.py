"""The sample site, built once for all tests that look at its pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from tests.copies import ROOT

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Sample(NamedTuple):
    """The built sample site, served; and of each template and language its fullest page."""

    address: str
    folder: Path
    pages: dict[tuple[str, str], str]  # (language, sort) -> path below the address

    def of(self, lang: str) -> list[str]:
        return [path for (spoken, _), path in sorted(self.pages.items()) if spoken == lang]


def build_sample(folder: Path) -> None:
    """Build the sample site as it is on one certain day.

    :raises AssertionError: when it can't be built.
    """
    from commands.build import BuildOptions, build

    result = build(
        BuildOptions(
            root=ROOT,
            content=ROOT / "content",
            site=ROOT / "site.toml",
            output=folder,
            now=NOW,
        )
    )
    assert result.ok, result.crash
