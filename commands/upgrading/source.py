"""Where a newer version comes from: a folder, an archive, or an address of either."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from commands.upgrading.house import CannotUpgrade, Installation
from core import web_client

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2")
MOST_BYTES = 300_000_000  # of an archive, and of all that it unpacks to
SECONDS = 600.0  # for all of it, by a slow line


@contextmanager
def new_version(wanted: str, version: str = "") -> Iterator[Installation]:
    """Fetch a version of Open House; what was fetched is gone afterwards.

    :param wanted: a folder, an archive, or the address of an archive or a git repository.
    :param version: a tag or branch of that repository; "" for what it offers first.
    :raises CannotUpgrade: when nothing can be had there.
    """
    here = Path(wanted).expanduser()
    with tempfile.TemporaryDirectory(prefix="open-house-") as scratch:
        aside = Path(scratch)
        if here.is_dir() and not version:
            house = Installation(here.resolve())
        elif here.is_file():
            house = _unpacked(here, aside / "new")
        elif wanted.lower().startswith(("http://", "https://")) and _is_archive(wanted):
            house = _unpacked(_downloaded(wanted, aside), aside / "new")
        else:
            house = _cloned(wanted, version, aside / "new")
        yield house


def _is_archive(name: str) -> bool:
    return name.lower().split("?")[0].endswith(ARCHIVES)


def _downloaded(address: str, folder: Path) -> Path:
    file = folder / address.split("?", maxsplit=1)[0].rpartition("/")[2]
    try:
        data = web_client.fetch(address, most_bytes=MOST_BYTES, seconds=SECONDS)
    except web_client.CannotFetch as reason:
        raise CannotUpgrade(f"{address} {reason}. Nothing was changed.") from None
    file.write_bytes(data)
    return file


def _unpacked(archive: Path, folder: Path) -> Installation:
    """Unpack an archive; nothing in it may lead out of the folder, or be larger than all of us."""
    folder.mkdir()
    try:
        entries = _zipped(archive) if zipfile.is_zipfile(archive) else _tarred(archive)
        for entry in entries:
            _lay(entry, folder)
    except (OSError, tarfile.TarError, zipfile.BadZipFile, EOFError, ValueError, RuntimeError):
        raise CannotUpgrade(
            f"{archive.name} is no archive of Open House, or it is broken."
        ) from None
    inner = [path for path in folder.iterdir() if path.is_dir()]
    whole = folder if (folder / "pyproject.toml").is_file() or len(inner) != 1 else inner[0]
    return Installation(whole)


@dataclass(frozen=True)
class _Member:
    """A file of an archive: its path in there, what it holds, whether it is a program."""

    name: str
    data: IO[bytes]
    runs: bool


def _zipped(archive: Path) -> Iterator[_Member]:
    with zipfile.ZipFile(archive) as zipped:
        files = [info for info in zipped.infolist() if not info.is_dir()]
        if sum(info.file_size for info in files) > MOST_BYTES:
            raise ValueError(archive)
        for info in files:
            yield _Member(
                info.filename, zipped.open(info), bool((info.external_attr >> 16) & 0o100)
            )


def _tarred(archive: Path) -> Iterator[_Member]:
    """Read a tar file member by member: Debian 12's Python has no filters for `extractall`."""
    with tarfile.open(archive) as tar:
        members = [member for member in tar.getmembers() if not member.isdir()]
        if sum(member.size for member in members) > MOST_BYTES:
            raise ValueError(archive)
        for member in members:
            data = tar.extractfile(member) if member.isreg() else None
            if data is None:  # a link, a device: none is ours
                raise ValueError(member.name)
            yield _Member(member.name, data, bool(member.mode & 0o100))


def _lay(entry: _Member, folder: Path) -> None:
    """Write one file where its name says, which must be inside the folder.

    :raises ValueError: when it isn't.
    """
    path = PurePosixPath(entry.name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise ValueError(entry.name)
    file = folder.joinpath(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    with entry.data, file.open("wb") as written:
        shutil.copyfileobj(entry.data, written)
    file.chmod(0o755 if entry.runs else 0o644)


def _cloned(address: str, version: str, folder: Path) -> Installation:
    if shutil.which("git") is None:
        raise CannotUpgrade("git is not installed. On Debian or Ubuntu type: sudo apt install git")
    branch = ["--branch", version] if version else []
    words = ["git", "clone", "--quiet", "--depth=1", *branch, "--", address, str(folder)]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        complaint = "\n".join(f"  {line}" for line in done.stderr.strip().splitlines())
        raise CannotUpgrade(
            f"No version of Open House is to be had at {address}"
            f"{' under ' + version if version else ''}. Nothing was changed.\n"
            f"What git said:\n{complaint}"
        )
    return Installation(folder)
