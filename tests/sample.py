"""The sample site, built once for all tests that look at its pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from tests.copies import ROOT

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BODY = re.compile(r'<html lang="(\w+)">.*?<body class="([^"]+)">', re.DOTALL)


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


def fullest_pages(folder: Path) -> dict[tuple[str, str], str]:
    """Return by language and sort of page where the longest of them stands."""
    longest: dict[tuple[str, str], tuple[int, str]] = {}
    for file in sorted(folder.rglob("*.html")):
        html = file.read_text(encoding="utf-8")
        found = BODY.search(html)
        if found:  # stubs that lead elsewhere have no look of their own
            path = file.relative_to(folder).as_posix().removesuffix("index.html")
            longest[found[1], found[2]] = max(
                longest.get((found[1], found[2]), (0, "")), (len(html), path)
            )
    return {sort: path for sort, (_, path) in longest.items()}
