"""What to ask about before git keeps a file for ever: its size, secrets, other people's details."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from commands.publishing.git import shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

BIG = 10 * 1024 * 1024  # bytes; git keeps every version of a file for ever
# Names that keys and passwords are usually kept under.
SECRET_NAME = re.compile(
    r"(^|/)(\.env(\..*)?|id_(rsa|dsa|ecdsa|ed25519)|.*\.(pem|key|p12|pfx|kdbx)|\.netrc|\.pgpass)$",
    re.IGNORECASE,
)
SECRET_WORDS = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")
# What such a file is, and why somebody should look first; by its endings.
TELLING = {
    "a spreadsheet, and hidden sheets, columns and formulas go out with it": (
        "fods numbers ods qpw sxc wk1 xls xlsb xlsm xlsx xlt xltm xltx"
    ),
    "a table of data, perhaps about people, line by line": "csv dif parquet psv tsv",
    "somebody's mail, with everybody's addresses": "eml emlx mbox mbs mbx msf msg nsf olm ost pst",
    "an address book": "ldif vcard vcf",
    "an Office file, which remembers authors, comments and words that were struck out": (
        "doc docm docx dot dotm dotx fodt key odp odt one pages pot potx pps ppsx ppt pptm pptx "
        "pub rtf sxi sxw vsd vsdx wpd wps"
    ),
    "a database": "accdb bak db db3 dbf dump mdb sav sql sqlite sqlite3",
    "an archive, which may hold anything": "7z bz2 gz rar tar tgz xz zip",
}
BY_ENDING = {ending: words for words, endings in TELLING.items() for ending in endings.split()}


def sensitive(name: str) -> str:
    """Return what a file is that nobody publishes without looking; "" for all others."""
    return BY_ENDING.get(PurePosixPath(name).suffix.lower().removeprefix("."), "")


def big_and_secret(top: Path, names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return, of files about to be kept for ever, the big ones with their size, and likely secrets.

    :param top: the folder to which the names are relative.
    """
    big, secrets = [], []
    for name in names:
        file = top / name
        if file.is_symlink() or not file.is_file():
            continue
        size = file.stat().st_size
        if size > BIG:
            big.append(f"{shown(name)}: {size / 1e6:.0f} MB")
        if SECRET_NAME.search(name) or (size < BIG and SECRET_WORDS.search(file.read_bytes())):
            secrets.append(shown(name))
    return big, secrets
