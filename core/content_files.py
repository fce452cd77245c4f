"""What a file of an association's folder is: one answer for all who read, watch, send or undo it.

Programs leave files beside those that people write: editors their backups, desktops their
thumbnails, sync tools a second copy. A name alone says which, so nothing here looks at a disk.
"""

from __future__ import annotations

import re
from enum import StrEnum

MARKDOWN, RECORD = ".md", ".yaml"
WELL_KNOWN = ".well-known"  # the one hidden folder that the web asks for (RFC 8615)


class FileSort(StrEnum):
    """What a file in `content/`, `templates/` or `local_plugins/` is."""

    CONTENT = "content"  # somebody's: a page, a record, a picture, a document
    GIT = "git"  # tells git about the folder; goes with it, and no page is made of it
    HIDDEN = "hidden"  # begins with a dot: a program's own, or a file that is not yet whole
    LEFTOVER = "leftover"  # an editor's, a desktop's or a download's
    ABSENT = "absent"  # stands for a file that a sync tool keeps elsewhere
    COPY = "copy"  # a page or record a second time, as sync tools and file managers make it


NOT_THEIRS = {FileSort.HIDDEN, FileSort.LEFTOVER, FileSort.ABSENT}  # nobody's words
GIT_NAMES = {".gitattributes", ".gitignore", ".gitkeep", ".keep"}
# Folders of desktops, disks, phones and programs; compared without regard to capitals.
FOREIGN_FOLDERS = {
    "__macosx",
    "__pycache__",
    "#recycle",
    "#snapshot",
    "$recycle.bin",
    "@eadir",
    "@recently-snapshot",
    "@recycle",
    "lost+found",
    "network trash folder",
    "node_modules",
    "system volume information",
    "temporary items",
}
LEFTOVERS = re.compile(
    r"""
      .*~ | ~\$.* | ~wrl\d*\..* | ~syncthing~.*   # backups; Word's owner files; Syncthing at work
    | \#.*\# | flycheck_.* | 4913                  # Emacs; vim trying whether it may write
    | .*___jb_(?:bak|old|tmp)___                  # JetBrains
    | .*\.(?:backup|bak|crdownload|download|kate-swp|old|opdownload|orig|part|partial|rej)
    | .*\.(?:sw[n-px]|te?mp|save(?:\.\d+)?|sb-[0-9a-f]{8}-\w{6})  # vim; nano; macOS saving safely
    | .+\.(?:md|yaml)(?:\.(?!(?:docx?|html?|markdown|odt|rtf|txt)$)[~\w]+|[~_:-].+)
    | (?:desktop\.ini|ehthumbs(?:_vista)?\.db|icon\r|thumbs\.db(?::\w+)?)
    """,
    re.IGNORECASE | re.VERBOSE,
)
ELSEWHERE = re.compile(r"\..+\.icloud")  # what iCloud leaves of a file to save room
_COMPUTER = r"(?:desktop|laptop|win|pc)-[a-z0-9]{4,15}|[\w-]*(?:-(?:pc|laptop)|macbook[\w-]*|imac)"
# What is added to a name, before one of its endings, when a program makes a file twice.
COPIES = re.compile(
    rf"""
      \ [-–]\ (?:cop(?:y|i|ie|ia)|kopi[ea])(?:\ \(\d+\))?$                # Windows
    | ^cop(?:y|i|ie|ia)\ (?:\(\d+\)\ )?(?:of|o|d[eio])\ | ^kopie\ von\  # Google Drive, Windows
    | \((?:(?:another|\d+(?:st|nd|rd|th))\ )?cop[yi](?:\ \d+)?\)$       # GNOME, KDE
    | \ copy(?:\ \d+)?$ | \ \d{{1,2}}$                                  # macOS, iCloud
    | \(\d+\)$                                                          # browsers, Google Drive
    | \(.*(?:conflict|conflit|gwrthdaro|kollision|konflikt).*\)$        # Dropbox, Nextcloud, Unison
    | \(from\ .+\)$                                                   # iCloud
    | [._-](?:sync-)?conflict(?:-\d+[\w-]*|\(?\d*\)?)$                  # Syncthing, ownCloud
    | _[a-z]{{3}}-\d\d-\d{{6}}-\d{{4}}_conflict$                        # Synology
    | \[conflict(?:ed)?\]$                                              # pCloud
    | _(?:backup|base|local|remote)_\d+$                                # a merge tool of git's
    | \.(?:base|local|remote|backup|bak|orig|old|~\d+~|!conflict)(?:[.-]\d+)?$
    | -(?:{_COMPUTER})(?:-\d+)?$                                        # OneDrive, by the computer
    | (?<=\.[a-z]{{2}})(?-i:-(?![A-Z]{{2}}$)(?=[^.]*[A-Z])[^.]+)$  # … of any name
    | (?<=\.[a-z]{{2}})[-_](?:\d{{1,3}}|backup|bak|copy|final|new|old|orig|v\d+)$
    """,
    re.IGNORECASE | re.VERBOSE,
)
# A name that our own rules allow, with or without its language: whoever chose it meant it.
CHOSEN = re.compile(
    r"[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?!bak|new|old)[a-z]{2,3}(?:-[a-z]{2})?)?\.(?:md|yaml)"
)


def file_sort(path: str) -> FileSort:
    """Return what a file is, by its name.

    :param path: relative to the folder that the association owns, with forward slashes.
    """
    *folders, name = path.split("/")
    if any(folder.startswith(".") and folder != WELL_KNOWN for folder in folders):
        return FileSort.HIDDEN
    if any(folder.lower() in FOREIGN_FOLDERS for folder in folders):
        return FileSort.LEFTOVER
    if name in GIT_NAMES:
        return FileSort.GIT
    if ELSEWHERE.fullmatch(name):
        return FileSort.ABSENT
    if name.startswith("."):
        return FileSort.HIDDEN
    if LEFTOVERS.fullmatch(name):
        return FileSort.LEFTOVER
    return FileSort.COPY if _is_copy(name) else FileSort.CONTENT


def is_read(path: str) -> bool:
    """Whether a file may change the site: somebody's, or a copy that must be told."""
    return file_sort(path) in {FileSort.CONTENT, FileSort.COPY}


def may_be_entered(folder: str) -> bool:
    """Whether a folder, by its own name, can hold files that count."""
    return is_read(f"{folder}/x")


def _is_copy(name: str) -> bool:
    """Whether a page or record is a second one; a picture of such a name is left to its page."""
    if not name.lower().endswith((MARKDOWN, RECORD)) or CHOSEN.fullmatch(name):
        return False
    places = [at for at, letter in enumerate(name) if letter == "." and at]
    return any(COPIES.search(name[:at]) for at in places)
