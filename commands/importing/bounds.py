"""Files of strangers, opened with limits: on size, on what they unpack to, on where they lead."""

from __future__ import annotations

import os
import re
import zipfile
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from lxml import etree  # type: ignore[import-untyped]

from commands.terminal import Stop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_TEXT = 4_000_000  # bytes of a single text, subtitle or calendar
MAX_XML = 300_000_000  # bytes of an export; a blog of 10,000 posts has about 60 million
MAX_FILES = 100_000  # in a folder
MAX_UNPACKED = 200_000_000  # bytes of a document, unpacked
MAX_RATIO = 200  # how many times larger than packed; text seldom reaches 20
HEAD = 4096  # bytes in which an XML file's declarations stand
CONTROL = bytes(n for n in range(32) if n not in b"\t\n\r")  # what XML 1.0 forbids
# How the parser says that a file ends before its last element does.
CUT_SHORT = ("Premature end", "is empty", "EndTag", "not finished", "no element found")
SKIPPED = {".git", "node_modules", ".cache", "_site", ".jekyll-cache", "vendor", "__pycache__"}


def address_parts(text: str) -> SplitResult:
    """Return an address's parts; all are empty where it can't be taken apart, as http://[ can't."""
    try:
        return urlsplit(text)
    except ValueError:
        return SplitResult("", "", "", "", "")


def read_bytes(path: Path, most: int = MAX_TEXT) -> bytes:
    """Return a file's bytes.

    :raises Stop: when it isn't there, can't be read, or is too large.
    """
    try:
        _be_file(path)
        size = path.stat().st_size
        if size > most:
            raise Stop(
                f"{path.name} is {size / 1e6:,.0f} MB large, and {most / 1e6:,.0f} MB is the most "
                "that can be right for a file of its sort. Export it in parts, by year perhaps."
            )
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise Stop(f"{path} can't be read: {error.strerror}.") from None


def read_text(path: Path, most: int = MAX_TEXT) -> str:
    """Return a file's text, in UTF-8 or else in what old Windows programs write.

    :raises Stop: as `read_bytes`.
    """
    data = read_bytes(path, most)
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def walk(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder in order; those of tools, and links, are left out.

    :raises Stop: when there are too many.
    """
    count = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(n for n in folders if n not in SKIPPED and not n.startswith("."))
        for name in sorted(names):
            if name.startswith("."):
                continue
            count += 1
            if count > MAX_FILES:
                raise Stop(
                    f"{folder} holds more than {MAX_FILES:,} files. Name the folder of the "
                    "website itself, not one above it."
                )
            path = folder.__class__(place) / name
            if not path.is_symlink() and path.is_file():
                yield path


def xml_elements(path: Path, *names: str) -> Iterator[Any]:
    """Yield the elements of some names, whole, one by one, each forgotten before the next.

    Entities are not followed, nothing is fetched, and characters that XML forbids, which exports
    of real sites are full of, are taken out on the way.

    :param names: without their namespaces, as in "item".
    :raises Stop: when the file can't be read, is too large, or is no whole XML.
    """
    read_bytes_head = _head(path)
    if re.search(rb"<!ENTITY", read_bytes_head):
        raise Stop(
            f"{path.name} defines words of its own for the reader to expand (ENTITY), which no "
            "export does and some attacks do. It was not read."
        )
    try:
        with path.open("rb") as file:
            yield from _elements(_Cleaned(file), set(names))
    except etree.XMLSyntaxError as error:
        raise Stop(_why(path, error)) from None
    except OSError as error:
        raise Stop(f"{path} can't be read: {error.strerror}.") from None


def _elements(file: _Cleaned, names: set[str]) -> Iterator[Any]:
    events = etree.iterparse(
        file,
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    open_ones = 0
    for event, element in events:
        inside = local_name(element) in names
        if event == "start":
            open_ones += inside
            continue
        open_ones -= inside
        if inside and not open_ones:
            yield element
        if not open_ones:
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def local_name(element: Any) -> str:  # noqa: ANN401 - an element of lxml, which has no types
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _be_file(path: Path) -> None:
    if path.is_dir():
        raise Stop(f"{path} is a folder. Name the file in it that is to be brought.")
    if not path.is_file():
        raise Stop(f"There is no file {path}. Check its name.")


def _head(path: Path) -> bytes:
    try:
        _be_file(path)
        if (size := path.stat().st_size) > MAX_XML:
            raise Stop(
                f"{path.name} is {size / 1e6:,.0f} MB large; {MAX_XML / 1e6:,.0f} MB can be read "
                "at once. Export it in parts, a year each perhaps."
            )
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError as error:
        raise Stop(f"{path} can't be read: {error.strerror}.") from None


def _why(path: Path, error: Any) -> str:  # noqa: ANN401 - an error of lxml, which has no types
    if not path.stat().st_size:
        return f"{path.name} is empty. Export or download it again."
    line = error.lineno or 0
    reason = str(error.msg or "").split(", line")[0].split("\n")[0]
    if any(words in reason for words in CUT_SHORT) or not _ends_well(path):
        return (
            f"{path.name} ends in the middle, at line {line}: the export was cut short. "
            "Export or download it again; nothing of it was brought."
        )
    return (
        f"{path.name} can't be read in line {line} ({reason}). It is not the XML that such "
        "exports are; export it again. Nothing of it was brought."
    )


def _ends_well(path: Path) -> bool:
    """Whether a file that begins as XML does ends with the end of an element."""
    with path.open("rb") as file:
        if not file.read(HEAD).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
            return True
        file.seek(max(path.stat().st_size - HEAD, 0))
        return file.read().rstrip().endswith(b">")


class _Cleaned:
    """A file without the control characters that XML forbids."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        while data := self._file.read(size):
            if clean := data.translate(None, CONTROL):
                return clean
        return b""


def open_zip(path: Path) -> zipfile.ZipFile:
    """Open an archive that unpacks to no more than is reasonable.

    :raises Stop: when it is no archive, is damaged, or would unpack to too much.
    """
    read_bytes(path, MAX_UNPACKED)
    try:
        archive = zipfile.ZipFile(path)
        entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise Stop(
            f"{path.name} is damaged, or isn't what its name says. Open it in the program that "
            "made it, and save it again."
        ) from None
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    if unpacked > MAX_UNPACKED or (unpacked > MAX_TEXT and unpacked / packed > MAX_RATIO):
        archive.close()
        raise Stop(
            f"{path.name} would unpack to {unpacked / 1e6:,.0f} MB, which no document does. "
            "It was not opened."
        )
    return archive
