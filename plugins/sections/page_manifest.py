"""The list of a tree's pages, by which publications compare two trees and tell of them by title."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from plugins.sections.planned_page import PlannedPage

MANIFEST = "manifest.json"  # lies in every tree that we built; nothing else is ever replaced


@dataclass(frozen=True)
class PageRecord:
    """One page of a finished tree."""

    title: str
    lang: str
    sha256: str
    source: str = ""  # the file it shows, relative to the content folder; "" for lists


@dataclass(frozen=True)
class PageManifest:
    """All pages of a tree."""

    pages: Mapping[str, PageRecord]  # by path below the site's root


def write_manifest(planned: Sequence[PlannedPage], tree: Path) -> PageManifest:
    """Write the list into a tree, and return it."""
    pages = {
        page.path: PageRecord(
            page.title,
            page.lang,
            hashlib.sha256((tree / page.file).read_bytes()).hexdigest(),
            page.origin,
        )
        for page in sorted(planned, key=lambda page: page.path)
    }
    text = json.dumps(
        {path: asdict(record) for path, record in pages.items()}, ensure_ascii=False, indent=1
    )
    (tree / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return PageManifest(pages)
