"""The theme's own files: named by their content, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FOLDER = "assets/"
ASIDE = re.compile(rb"(?m)^\s*/\*[^\n]*\*/\n|^\s+")  # remarks on lines of their own, indents

# What takes room in a style sheet and says nothing to a browser. Strings stay as they are, and so
# do spaces before a colon, which tell `a :hover` from `a:hover`, and around the + and - of calc().
_ROOM = re.compile(
    r"""(?P<string>"[^"]*"|'[^']*')|/\*.*?\*/|\s*(?P<around>[{};,>])\s*|(?P<colon>:)\s+|\s+""",
    re.DOTALL,
)


@dataclass(frozen=True)
class Assets:
    """Files below the theme's ``static`` folder, and what an association has in their place."""

    root: Path
    own: Mapping[str, bytes] = field(default_factory=dict)  # by name, as below the folder

    @cached_property
    def _files(self) -> dict[str, tuple[str, bytes]]:
        """Return for each file its published path and bytes; style sheets name the others."""
        theirs = (path.relative_to(self.root) for path in self.root.rglob("*") if path.is_file())
        names = sorted({*(path.as_posix() for path in theirs), *self.own})
        files: dict[str, tuple[str, bytes]] = {}
        for name in sorted(names, key=lambda one: one.endswith(".css")):
            data = self.own[name] if name in self.own else (self.root / name).read_bytes()
            if name.endswith(".css"):
                data = _smaller(self._with_published_names(name, data.decode(), files)).encode()
            if name.endswith(".js"):
                data = ASIDE.sub(b"", data)
            stem, dot, suffix = name.rpartition(".")
            digest = hashlib.sha256(data).hexdigest()[:10]
            files[name] = (f"{FOLDER}{stem}.{digest}{dot}{suffix}", data)
        return files

    @staticmethod
    def _with_published_names(name: str, css: str, files: dict[str, tuple[str, bytes]]) -> str:
        above = name.rpartition("/")[0]
        up = "../" * (name.count("/"))

        def published(found: re.Match[str]) -> str:
            target = f"{above}/{found[2]}" if above else found[2]
            if target not in files:
                return found[0]
            return f"url({up}{files[target][0].removeprefix(FOLDER)})"

        return re.sub(r"""url\((["']?)([^"')]+)\1\)""", published, css)

    @property
    def names(self) -> list[str]:
        """Return the theme's own names of its files, sorted."""
        return sorted(self._files)

    def path(self, name: str) -> str:
        """Return where a file is published, relative to the site's root.

        :raises KeyError: when the theme has no such file.
        """
        return self._files[name][0]

    def emit(self, output: Path) -> None:
        """Write every file into the output folder."""
        for path, data in self._files.values():
            target = output / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


@lru_cache(maxsize=64)  # a build asks three times, a preview at every save
def _smaller(css: str) -> str:
    """Return a style sheet without its comments and without the spaces that mean nothing."""

    def kept(found: re.Match[str]) -> str:
        if found["string"]:
            return found[0]
        if found[0].startswith("/*"):
            return ""
        return found["around"] or found["colon"] or " "

    return _ROOM.sub(kept, css).replace(";}", "}").strip()
