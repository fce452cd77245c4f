"""Readers of feeds that we did not write, and the schema that says what Atom is.

PyPI `reader` comes with a copy of feedparser that looks for a module under the name it once had.
"""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import feedparser_sgmllib
from lxml import etree  # type: ignore[import-untyped]

from tests.copies import ROOT

sys.modules.setdefault("sgmllib", feedparser_sgmllib)

from reader import make_reader  # noqa: E402 - only now can it be imported whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from reader import Reader, UpdatedFeed

ATOM = "{http://www.w3.org/2005/Atom}"
SCHEMA = etree.RelaxNG(etree.parse(ROOT / "tests" / "atom.rng"))


class Subscriber:
    """Somebody who follows some feeds of a site, whichever folder that was built into.

    :param root: a folder for the reader's copies of the feeds.
    """

    def __init__(self, root: Path, paths: Iterable[str]) -> None:
        self.root, self.paths = root, list(paths)
        self.reader: Reader = make_reader(":memory:", feed_root=str(root))
        for path in self.paths:
            self.reader.add_feed(path)

    def fetch(self, tree: Path) -> dict[str, UpdatedFeed]:
        """Fetch every feed from a built tree; returns what was new and changed in each."""
        for path in self.paths:
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(tree / path, self.root / path)
        values = {
            update.url: update.value for update in self.reader.update_feeds_iter(scheduled=False)
        }
        updates = {}
        for url, value in values.items():
            if isinstance(value, Exception):
                raise value
            if value is not None:
                updates[url] = value
        return updates


def valid(document: str) -> None:
    """A document is Atom, by the schema and by the rules that no schema can say."""
    root = etree.fromstring(document.encode())
    SCHEMA.assertValid(root)
    for owner in (root, *root.iterfind(f"{ATOM}entry")):
        links = [
            (element.get("rel"), element.get("type"), element.get("hreflang"))
            for element in owner.iterfind(f"{ATOM}link")
        ]
        assert len(links) == len(set(links)), "RFC 4287, 4.1.1: one link of each sort"
    ids = [element.findtext(f"{ATOM}id") for element in root.iterfind(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
