"""What a text points at, found where it is now: pages, documents, pictures."""

from __future__ import annotations

import hashlib
import posixpath
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from commands.importing.bounds import address_parts
from commands.importing.file_index import DOCUMENTS, PICTURES, SOUNDS
from commands.importing.models import Loss, SourceLocation
from commands.importing.places import Placement, old_path
from core.words import plain_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from commands.importing.file_index import FileIndex
    from commands.importing.models import ImportedSite

REF = "x-ref:"  # an address of ours for "the text in that file", as other generators can say it
PLAIN_SCHEMES = {"mailto", "tel", "sms"}


@dataclass
class Copies:
    """The files that texts use, by the path below the content folder at which they will lie."""

    sources: dict[str, Path | bytes] = field(default_factory=dict)
    _by_source: dict[object, str] = field(default_factory=dict)

    def path_of(self, source: Path | bytes, name: str) -> str:
        """Return the path below the content folder for a file; the same file has one path."""
        mark: object = source if not isinstance(source, bytes) else hashlib.sha256(source).digest()
        if mark in self._by_source:
            return self._by_source[mark]
        suffix = PurePosixPath(name).suffix.lower()
        stem = plain_key(PurePosixPath(name).stem)[:80]
        folder = "images" if suffix in PICTURES else "documents"
        suffix = ".jpg" if suffix == ".jpeg" else suffix
        path, number = f"{folder}/{stem}{suffix}", 1
        while path in self.sources and not _same(self.sources[path], source):
            number += 1
            path = f"{folder}/{stem}-{number}{suffix}"
        self.sources[path] = source
        self._by_source[mark] = path
        return path


def _same(first: Path | bytes, second: Path | bytes) -> bool:
    def data(source: Path | bytes) -> bytes:
        return source if isinstance(source, bytes) else source.read_bytes()

    return data(first) == data(second)


@dataclass
class Directory:
    """Every text that is brought, by its old address and by its old file."""

    by_address: dict[str, list[Placement]] = field(default_factory=dict)
    by_file: dict[str, list[Placement]] = field(default_factory=dict)
    by_name: dict[str, list[Placement]] = field(default_factory=dict)

    @staticmethod
    def of(places: Iterable[Placement]) -> Directory:
        """Return the directory of some places."""
        directory = Directory()
        for place in places:
            for address in (place.item.address, *place.item.aliases):
                if address:
                    directory.by_address.setdefault(_key(address), []).append(place)
            file = place.item.origin.file
            directory.by_file.setdefault(_file_key(file), []).append(place)
            directory.by_name.setdefault(_file_key(posixpath.basename(file)), []).append(place)
        return directory


def _key(address: str) -> str:
    return old_path(address).rstrip("/").removesuffix(".html").casefold()


def _file_key(file: str) -> str:
    stem = re.sub(r"\.(md|markdown|html|njk|liquid)$", "", file.casefold())
    return re.sub(r"/_?index(\.[a-z]{2})?$", "", stem)


@dataclass
class Resolver:
    """Answers for one text."""

    place: Placement
    haul: ImportedSite
    directory: Directory
    at_hand: FileIndex
    copies: Copies
    losses: list[Loss]

    def lost(self, sort: str, detail: str) -> None:
        """Take note of something that can't be brought, with its line where that can be told."""
        origin, source = self.place.item.origin, self.place.item.source
        written = next(
            (part for part in (detail, posixpath.basename(detail)) if part in source), ""
        )
        at = source.find(written) if written else 0
        line = origin.line + source.count("\n", 0, at)
        self.losses.append(Loss(sort, SourceLocation(origin.file, line), detail))

    def link(self, href: str) -> str | None:
        """Return the address to write; None when it leads nowhere any more."""
        href = "".join(href.split())
        if href.startswith("//"):
            href = f"https:{href}"
        try:
            parts = urlsplit(href)
            host = (parts.hostname or "").removeprefix("www.")
        except ValueError:
            return None
        if parts.scheme in PLAIN_SCHEMES:
            return href
        if parts.scheme in {"http", "https"} and host and host not in self.haul.hosts:
            return href
        if href.startswith(REF):
            return self._page(self._by_file(href.removeprefix(REF)), href.removeprefix(REF))
        if parts.scheme not in {"", "http", "https"}:
            self.lost("links that lead nowhere, now only words", href[:80])
            return None
        return self._ours(href, parts.path)

    def _ours(self, href: str, path: str) -> str | None:
        """Return where something of the old site's own is now."""
        absolute = address_parts(href).scheme != ""
        if path.startswith(f"{self.haul.base}/"):
            path = path[len(self.haul.base) :]
        where = path if absolute or path.startswith("/") else self._beside(path)
        pages = self.directory.by_address.get(_key(where), []) or self._by_file(path)
        if pages:
            return self._page(pages, href)
        suffix = PurePosixPath(unquote(path)).suffix.lower()
        if suffix in DOCUMENTS | PICTURES | SOUNDS and (
            file := self.at_hand.find(path, self.place.item.folder)
        ):
            return self._relative(self.copies.path_of(file, file.name))
        host = next(iter(sorted(self.haul.hosts)), "")
        if absolute or (host and path.startswith("/")):
            self.lost("links to what was not brought, which lead to the old site still", href)
            return href if absolute else f"https://{host}{address_parts(href).path}"
        self.lost("links that lead nowhere, now only words", href)
        return None

    def _beside(self, path: str) -> str:
        base = old_path(self.place.item.address) or "/"
        return posixpath.normpath(posixpath.join(base, path))

    def _by_file(self, path: str) -> list[Placement]:
        """Return the texts in a file, named from where the text stands or from the top."""
        path = unquote(path).partition("#")[0]
        folder = posixpath.dirname(self.place.item.origin.file)
        nearest = _file_key(posixpath.normpath(posixpath.join(folder, path)))
        if pages := self.directory.by_file.get(nearest):
            return pages
        wanted = _file_key(path.strip("/"))
        named = self.directory.by_name.get(posixpath.basename(wanted), [])
        return [p for p in named if f"/{_file_key(p.item.origin.file)}".endswith(f"/{wanted}")]

    def _page(self, pages: list[Placement], href: str) -> str | None:
        ours = [page for page in pages if page.lang == self.place.lang] or pages
        if not ours or not ours[0].public:
            self.lost("links to pages that aren't public, now only words", href)
            return None
        return self._relative(ours[0].path)

    def picture(self, src: str) -> str | None:
        """Return the path to write; None when the picture isn't at hand but has an address."""
        if (path := self.picture_file(src)) is not None:
            return self._relative(path)
        remote = src.startswith(("http:", "https:", "//"))
        if remote or (src.startswith("/") and self.haul.hosts):
            self.lost("pictures that are not at hand, links to the old site now", src)
            return None
        name = PurePosixPath(unquote(address_parts(src).path)).name
        stem, dot, suffix = name.rpartition(".")
        path = f"images/{plain_key(stem if dot else name)}{dot}{suffix.lower()}"
        self.lost(
            f"pictures that are not at hand: put them in content/{path.partition('/')[0]}/", src
        )
        return self._relative(path)

    def picture_file(self, src: str) -> str | None:
        """Return a picture's path below the content folder; None when it isn't at hand."""
        if src in self.haul.files:
            return self.copies.path_of(self.haul.files[src], src)
        file = self.at_hand.find(src, self.place.item.folder)
        if file is None or file.suffix.lower() not in PICTURES:
            return None
        return self.copies.path_of(file, file.name)

    def _relative(self, path: str) -> str:
        """Return a path below the content folder as it is written in the text."""
        return posixpath.relpath(path, posixpath.dirname(self.place.path))
