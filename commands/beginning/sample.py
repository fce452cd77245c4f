"""Where the sample is: in its first place, put aside, or in the past that git remembers."""

from __future__ import annotations

import io
import os
import subprocess
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.terminal import Stop, Terminal, complain
from core.content_files import is_read
from core.faults import Report
from core.site import parse_site

if TYPE_CHECKING:
    from pathlib import Path

ASIDE = "sample"  # the folder that it is put into


def is_sample(site_file: Path) -> bool:
    """Whether these settings are the sample's."""
    try:
        site = parse_site(site_file.read_text(encoding="utf-8-sig"), Report().at(site_file.name))
    except (OSError, UnicodeDecodeError):
        return False
    return site is not None and site.sample


def sample_folder(root: Path) -> Path:
    """Return the folder that holds the sample's site.toml and content.

    :raises Stop: when it is nowhere, not even in git.
    """
    if is_sample(root / "site.toml"):
        return root
    aside = root / ASIDE
    if not is_sample(aside / "site.toml"):
        _from_git(root, aside)
    return aside


@dataclass(frozen=True)
class OwnFiles:
    """Files of a content folder that are not the sample's, by their paths below it."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()  # the sample's, with other words than it came with


def own_files(root: Path) -> OwnFiles:
    """Return what somebody wrote beside the sample, or into it, as far as git can tell."""
    if not _git(root, "rev-parse", "--verify", "HEAD"):
        return OwnFiles()
    listed = _git(root, "ls-files", "-z", "--others", "--exclude-standard", "--", "content")
    changed = _git(
        root, "diff", "-z", "--relative", "--name-only", "--diff-filter=M", "HEAD", "--", "content"
    )
    new, edited = (
        tuple(
            name.removeprefix("content/")
            for name in sorted(os.fsdecode(names).split("\0"))
            if name and is_read(name)
        )
        for names in (listed, changed)
    )
    return OwnFiles(new, edited)


def show(root: Path, *, port: int | None, open_browser: bool) -> int:
    """Serve the sample; returns the exit code when that ends.

    :param port: None for the first that is free.
    """
    # Servers and templates, only to be loaded when they run.
    from commands.beginning.lived_in import lived_in  # noqa: PLC0415
    from commands.preview.mailbox import MAILBOX, Mailbox  # noqa: PLC0415
    from commands.preview.session import serve  # noqa: PLC0415
    from commands.story.actors import DESK, PASSWORD  # noqa: PLC0415

    try:
        folder = sample_folder(root)
    except Stop as stop:
        complain(str(stop))
        return stop.code
    mailbox = Mailbox()
    try:
        desk = lived_in(root, folder, Terminal())
    except Stop as stop:  # an older sample, or one that somebody changed: it can be looked at
        complain(str(stop))
    else:
        os.environ.update(desk.environment)
        mailbox = Mailbox(desk.staff, PASSWORD)
        print(
            f"Its desk is at {DESK}, its mails and how to log in at {MAILBOX}, below the address:"
        )
    return serve(
        root,
        folder / "content",
        folder / "site.toml",
        port=port,
        open_browser=open_browser,
        mailbox=mailbox,
    )


def _from_git(root: Path, aside: Path) -> None:
    """Bring the sample back as it was when the association began.

    :raises Stop: when git doesn't know it.
    """
    gone = Stop(
        "The sample isn't here any more, nor in what git remembers. "
        "A fresh clone of Open House has it.",
    )
    last = (
        _git(root, "log", "-1", "--format=%H", "-Gsample = true", "--", "site.toml")
        .decode()
        .strip()
    )
    if not last:
        raise gone
    for commit in (last, f"{last}~1"):
        archive = _git(root, "archive", "--format=zip", commit, "site.toml", "content")
        if not archive:
            continue
        with zipfile.ZipFile(io.BytesIO(archive)) as zipped:
            zipped.extractall(aside)
        if is_sample(aside / "site.toml"):
            return
    raise gone


def _git(root: Path, *words: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(root), *words], check=False, capture_output=True)
    except OSError:
        return b""
    return done.stdout if done.returncode == 0 else b""
