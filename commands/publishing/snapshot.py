"""What the pages of a commit are: its content built with today's program, remembered for a day."""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from commands.build import BuildOptions, build
from commands.publishing.git import joined
from commands.template_trial import with_templates
from commands.terminal import Terminal
from plugins.runs.site_run import PageRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from commands.build import BuildResult
    from commands.publishing.repository import Repository

# The folders and files whose code and templates make pages.
PROGRAM = ("core", "plugins", "commands", "theme", "pelicanconf.py")


@dataclass(frozen=True)
class Snapshot:
    """Pages by address, and the moment they were built for."""

    pages: Mapping[str, PageRecord]
    now: datetime


def online(repository: Repository, commit: str) -> Snapshot | None:
    """The pages of what is online; None when today's program cannot build it.

    Without a commit (nothing is online yet) there are no pages. Kept in `.cache/manifests` for the
    day and the state of the program, because scheduled pages come with the day.
    """
    now = datetime.now().astimezone()
    if not commit:
        return Snapshot({}, now)
    root = repository.root
    name = hashlib.sha256(f"{commit} {fingerprint(root)}".encode()).hexdigest()[:32]
    cached = root / ".cache" / "manifests" / f"{now.date()}-{name}.json"
    snapshot = _recalled(cached)
    if snapshot:
        return snapshot
    result = built(repository, commit, now, strict=False)
    if not result.ok:
        return None
    snapshot = Snapshot(result.manifest, now)
    _keep(cached, snapshot)
    return snapshot


def built(repository: Repository, commit: str, now: datetime, *, strict: bool) -> BuildResult:
    """Build the association's own files as they stand in a commit."""
    with scratch() as folder:
        export(repository, commit, folder / "tree")
        content, site = (folder / "tree" / own for own in repository.own[:2])
        options = BuildOptions(
            repository.root, content, site, folder / "site", strict=strict, now=now
        )
        return _build(options)


def built_here(repository: Repository, now: datetime) -> BuildResult:
    """Build, strictly, what stands in the folder."""
    root, content, site = repository.root, repository.content, repository.site
    with scratch() as folder:
        options = BuildOptions(root, content, site, folder / "site", strict=True, now=now)
        return with_templates(_build(options), options)


def _build(options: BuildOptions) -> BuildResult:
    # Bars that vanish again on a person's terminal; elsewhere a line has said what is going on.
    with Terminal(quiet=not sys.stdout.isatty()).progress() as progress:
        return build(options, progress)


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="open-house-") as folder:
        yield Path(folder)


def export(repository: Repository, commit: str, folder: Path) -> None:
    """Write the association's own files, as they stand in a commit, into a folder.

    They go through an index of their own, so that no branch, index or work tree is touched.
    """
    git = repository.git
    names = git.names("ls-tree", "-r", "-z", "--name-only", commit, "--", *repository.own)
    folder.mkdir(parents=True)
    with scratch() as aside:
        apart = git.with_index(aside / "index")
        apart.do("read-tree", commit)
        apart.do("checkout-index", "-z", "--stdin", f"--prefix={folder}/", stdin=joined(names))


def fingerprint(root: Path) -> str:
    """A hash of the program that makes the pages: a change of it makes other pages."""
    digest = hashlib.sha256()
    for name in PROGRAM:
        start = root / name
        files = sorted(start.rglob("*")) if start.is_dir() else [start]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(root)}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _recalled(cached: Path) -> Snapshot | None:
    try:
        data = json.loads(cached.read_text(encoding="utf-8"))
        pages = {url: PageRecord(**record) for url, record in data["pages"].items()}
        return Snapshot(pages, datetime.fromisoformat(data["now"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # never written, or by another version: it is made again


def _keep(cached: Path, snapshot: Snapshot) -> None:
    pages = {url: asdict(record) for url, record in snapshot.pages.items()}
    text = json.dumps({"now": snapshot.now.isoformat(), "pages": pages}, ensure_ascii=False)
    cached.parent.mkdir(parents=True, exist_ok=True)
    today = cached.name[: len("2026-11-22")]
    for old in cached.parent.glob("*.json"):
        if not old.name.startswith(today):
            old.unlink(missing_ok=True)
    unfinished = cached.with_suffix(".new")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(cached)
