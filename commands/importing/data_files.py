"""Files of data beside the texts of an old website: what holds for a whole folder, and for all."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from commands.importing.bounds import read_text, walk
from commands.importing.front import ImportedFrontMatter, Unreadable, read_tree
from commands.importing.models import ImportedAuthor, Loss, SourceLocation
from commands.terminal import Stop
from core.nodes import Mapping

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = re.compile(r"(?:^|/)_?data/(?:authors?|people|team)(?:/[^/]+)?\.(?:ya?ml|json|toml)$")


@dataclass
class DataFiles:
    """The files of data below the folder of an old website."""

    root: Path
    lost: list[Loss]
    _known: dict[Path, Mapping | None] = field(default_factory=dict)

    def above(self, path: Path) -> tuple[Mapping, ...]:
        """Return what Eleventy's data files say for every text in a folder, the nearest first."""
        trees = []
        folder = path.parent
        while folder not in {self.root.parent, folder.parent}:
            for name in (f"{folder.name}.json", f"{folder.name}.11tydata.json"):
                file = folder / name
                if file not in self._known:
                    self._known[file] = self._tree(file)
                trees += [tree] if (tree := self._known[file]) else []
            folder = folder.parent
        return tuple(trees)

    def people(self) -> dict[str, ImportedAuthor]:
        """Return the authors that a data file describes, by the key that texts name them by."""
        known: dict[str, ImportedAuthor] = {}
        for path in walk(self.root):
            shown = path.relative_to(self.root).as_posix()
            if not PEOPLE.search(shown):
                continue
            try:
                tree = read_tree(read_text(path), "toml" if shown.endswith("toml") else "yaml")
            except (Unreadable, Stop):
                continue
            if (name := ImportedFrontMatter(tree).text("name")) and "name" in {
                k.text for k, _ in tree.entries
            }:
                known[path.stem.lower()] = ImportedAuthor(
                    name, ImportedFrontMatter(tree).text("role", "title")
                )
            for key, value in tree.entries:
                if isinstance(value, Mapping) and (
                    name := ImportedFrontMatter(value).text("name", "display_name")
                ):
                    known[key.text.lower()] = ImportedAuthor(
                        name, ImportedFrontMatter(value).text("role", "title")
                    )
        return known

    def address(self) -> str:
        """Return the address of a site of Eleventy's, if one of its files of data has it."""
        for path in walk(self.root):
            if path.parent.name in {"_data", "data"} and path.suffix == ".json":
                tree = self._tree(path)
                address = (
                    ImportedFrontMatter(tree).text("url", "siteUrl", "baseUrl", "base")
                    if tree
                    else ""
                )
                if address.startswith(("https://", "http://")):
                    return address
        return ""

    def _tree(self, file: Path) -> Mapping | None:
        if not file.is_file():
            return None
        try:
            return read_tree(json.dumps(json.loads(read_text(file)), ensure_ascii=False), "yaml")
        except (ValueError, RecursionError, Unreadable, Stop):
            shown = file.relative_to(self.root).as_posix()
            self.lost.append(
                Loss("files that can't be read", SourceLocation(shown), "It is no JSON.")
            )
            return None
