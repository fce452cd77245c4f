"""Which pages to look at: of each sort and language the longest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_BODY = re.compile(r'<html lang="(\w+)">.*?<body class="([^"]+)">', re.DOTALL)


def fullest_pages(tree: Path) -> dict[tuple[str, str], str]:
    """Return by language and sort of page the path of the longest, below a built site's root."""
    longest: dict[tuple[str, str], tuple[int, str]] = {}
    for file in sorted(tree.rglob("*.html")):
        html = file.read_text(encoding="utf-8")
        match = _BODY.search(html)
        if match:  # stubs that lead elsewhere have no look of their own
            path = file.relative_to(tree).as_posix().removesuffix("index.html")
            longest[match[1], match[2]] = max(
                longest.get((match[1], match[2]), (0, "")), (len(html), path)
            )
    return {sort: path for sort, (_, path) in sorted(longest.items())}
