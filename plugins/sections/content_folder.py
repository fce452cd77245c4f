"""The content folder, read from disk: sources, and the files that they may use."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

from core.content_files import MARKDOWN, FileSort, file_sort, is_read, may_be_entered
from plugins.kinds.source import FOLDERS, RESERVED_FOLDERS, Source, headless, take_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.faults import Report
    from core.site import Site
    from plugins.kinds.models import Text

EXTRA = "extra"  # what lies in this folder goes to the site's root as it is
# What else people call Markdown; .md.txt is what Windows makes of it when it hides endings.
TEXTS = ("adoc", "htm", "html", "mdx", "org", "rst", "txt")  # no page, if it has a page's name
MARKDOWN_ELSEWHERE = (".markdown", ".mdown", ".mkdn", ".mkd", ".md.txt")

# What is wrong with a file that isn't read, what to do, and the sort of fault.
COPY = (
    "By its name this is a copy, as sync tools and file managers make them; it isn't read.",
    (
        "Compare the two, then delete it. Is it a page of its own? "
        "Rename it with small letters, digits and hyphens."
    ),
    "copy",
)
FOLDER_LIKE_A_PAGE = (
    "This is a folder, and it has the name of a page.",
    "Take .md off its name, or delete it if it is empty.",
    "file",
)
UNPRINTABLE = (
    "The file's name has a character that can't be shown, so it was left out.",
    "Rename it with small letters, digits and hyphens.",
    "file-name",
)
UNREADABLE = (
    "This can't be read from disk.",
    "Check that it is there and that you may read it.",
    "file",
)
LINK = (
    "This is a symbolic link that leads elsewhere.",
    "Put the file itself here: what lies outside the content folder is never published.",
    "file",
)


@dataclass(frozen=True)
class Folder:
    """What a content folder holds."""

    root: Path
    sources: list[Source] = field(default_factory=list)
    files: frozenset[str] = frozenset()  # everything else, relative, with forward slashes
    unread: frozenset[str] = frozenset()  # Markdown of which nothing could be made
    headless: tuple[Text, ...] = ()  # words of those whose front matter alone is at fault

    def file(self, path: str) -> str:
        """Return the file that a path names, "" when there is none.

        A Mac writes letters with accents in two parts (NFD), keyboards in one: both are one name.
        """
        return path if path in self.files else self._composed.get(normalize("NFC", path), "")

    @cached_property
    def _composed(self) -> dict[str, str]:
        return {normalize("NFC", name): name for name in sorted(self.files)}


def read_folder(root: Path, site: Site, report: Report) -> Folder:
    """Read all content below a folder; whatever can't be read is reported, never skipped.

    :param root: the content folder.
    """
    if not is_there(root, report):
        return Folder(root)
    sources, files, unread, bodies = [], set(), set(), []
    for path, name in _walk(root, report):
        if file_sort(name) is FileSort.COPY:
            report.at(name).whole(*COPY)
            continue
        if not name.lower().endswith(MARKDOWN):
            if path.is_file():
                files.add(name)
            else:
                report.at(name).whole(*UNREADABLE)
            _tell_misnamed(name, site, report)
            continue
        data = _bytes(path, name, report)
        source = None if data is None else take_apart(name, data, site, report.at(name))
        if source:
            sources.append(source)
        else:
            unread.add(name)
            if data is not None and (text := headless(name, data, site)):
                bodies.append(text)
    return Folder(root, sources, frozenset(files), frozenset(unread), tuple(bodies))


def _stem_of_page(file: str, site: Site) -> str:
    """Return the name of a text that ends in a language, without what follows; "" of all others."""
    languages = "|".join(site.languages)
    match = re.fullmatch(rf"(.+\.(?:{languages}))(?:\.(?:{'|'.join(TEXTS)}))?", file, re.IGNORECASE)
    return match[1] if match else ""


def _tell_misnamed(name: str, site: Site, report: Report) -> None:
    """Report a file by whose name somebody may have meant a page."""
    file = name.rpartition("/")[2]
    if ending := next((e for e in MARKDOWN_ELSEWHERE if file.lower().endswith(e)), ""):
        page = f"{file[: -len(ending)]}.md"
    elif (plain := file.strip(" .")).lower().endswith(MARKDOWN):
        page, ending = plain, "a full stop" if file.endswith(".") else "a blank"
    elif name.partition("/")[0] in FOLDERS and (stem := _stem_of_page(file, site)):
        page, ending = f"{stem}.md", f"{file[len(stem) :] or 'the language'}"
    else:
        return
    wrong = f"The file's name ends in {ending}, so it isn't taken as a page."
    report.at(name).whole(wrong, f"Rename it to {page}.", "file-name")


def is_there(root: Path, report: Report) -> bool:
    """Whether there is a content folder; reports it when there is none."""
    if root.is_dir():
        return True
    report.at(root.name).whole(
        "There is no such folder.", "Name the folder that holds your Markdown.", "folder"
    )
    return False


def _walk(root: Path, report: Report) -> Iterator[tuple[Path, str]]:
    inside = root.resolve()

    def unreadable(error: OSError) -> None:
        name = os.path.relpath(error.filename, root)
        report.at(name).whole(*UNREADABLE)

    for folder, folders, names in os.walk(root, onerror=unreadable, followlinks=False):
        folders[:] = sorted(
            inner for inner in folders if may_be_entered(inner) and inner not in RESERVED_FOLDERS
        )
        here = root / os.path.relpath(folder, root)
        for inner in folders:
            name = (here / inner).relative_to(root).as_posix()
            if (here / inner).is_symlink():
                report.at(name).whole(*LINK)
            elif inner.lower().endswith(MARKDOWN):
                report.at(name).whole(*FOLDER_LIKE_A_PAGE)
        for path in sorted(map(here.joinpath, names)):
            name = path.relative_to(root).as_posix()
            if file_sort(name) is FileSort.ABSENT:
                _tell_absent(name, report)
            elif is_read(name) and _may_be_read(path, name, inside, report):
                yield path, name


def _tell_absent(name: str, report: Report) -> None:
    report.at(name).whole(
        "iCloud keeps this file elsewhere, so it isn't on this disk and can't be read.",
        "Open its folder in the Finder, and click the cloud beside its name to fetch it.",
        "absent",
    )


def _bytes(path: Path, name: str, report: Report) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        report.at(name).whole(*UNREADABLE)
        return None


def _may_be_read(path: Path, name: str, inside: Path, report: Report) -> bool:
    if not name.isprintable():
        shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in name)
        report.at(shown).whole(*UNPRINTABLE)
    elif path.is_symlink() and not _leads_inside(path, inside):
        report.at(name).whole(*LINK)
    elif path.is_file() or path.is_symlink():
        return True
    else:
        report.at(name).whole(*UNREADABLE)
    return False


def _leads_inside(link: Path, folder: Path) -> bool:
    target = Path(os.path.realpath(link))
    # A link that leads to itself is still a link when all is followed, in every Python.
    return not target.is_symlink() and target.is_relative_to(folder)
