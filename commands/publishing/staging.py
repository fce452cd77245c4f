"""An index of its own for a publication: what was checked is what is committed.

The person's index and files are left alone. What a file says when it is taken in here is what goes
out, however long somebody thinks before they answer, and whatever they write meanwhile.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.publishing.git import joined
from commands.publishing.snapshot import scratch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from commands.publishing.git import Git
    from commands.publishing.repository import Repository

LISTING = ("--pathspec-from-file=-", "--pathspec-file-nul")


@dataclass(frozen=True)
class Staging:
    """The files of the newest commit, with those that were taken in since."""

    repository: Repository
    git: Git  # with the index of this publication

    def take(self, names: Iterable[str]) -> None:
        """Take in files as they stand on disk, or that they are gone.

        :param names: relative to the top of the repository.
        """
        known = set(self.git.names("ls-files", "-z"))
        top = self.repository.top
        real = [name for name in names if name in known or os.path.lexists(top / name)]
        if real:
            self.git.do("add", "--all", *LISTING, stdin=joined(real))

    def leave(self, names: Iterable[str]) -> None:
        """Let files be what the newest commit has, if it has them."""
        listed = joined(names)
        if not listed:
            return
        words = (
            ("reset", "--quiet")
            if self.repository.head()
            else ("rm", "--quiet", "--cached", "--ignore-unmatch")
        )
        self.git.do(*words, *LISTING, stdin=listed)

    def names(self) -> set[str]:
        """Return all files as they would be committed."""
        return set(self.git.names("ls-files", "-z"))

    def tree(self) -> str:
        """Return git's name for all files together."""
        return self.git.line("write-tree")

    def outdated(self) -> set[str]:
        """Return the association's own files that say something else on disk by now."""
        self.git.ask("update-index", "-q", "--refresh")
        own = ("--", *self.repository.own)
        return set(self.git.names("diff-files", "--name-only", "-z", *own))


@contextmanager
def staging(repository: Repository) -> Iterator[Staging]:
    """Begin with the newest commit; nothing of it is left afterwards."""
    with scratch() as folder:
        index = folder / "index"
        own = _index_file(repository.git)
        if own.is_file():
            shutil.copyfile(own, index)  # it knows which files need not be read again
        apart = repository.git.with_index(index)
        apart.do("read-tree", *(("--reset", "HEAD") if repository.head() else ("--empty",)))
        yield Staging(repository, apart)


@contextmanager
def committed(staged: Staging, message: str) -> Iterator[str]:
    """Commit what was taken in and nothing else; if the block fails, it never happened.

    Yields the commit. Files that the person staged and that don't go out stay staged. A commit
    without a change marks those that were made by hand as a publication.
    """
    repository = staged.repository
    git, before = repository.git, repository.head()
    ref, index = f"refs/heads/{repository.branch}", _index_file(git)
    saved = index.read_bytes() if index.is_file() else None
    try:
        # whitespace: a line that begins with # is the person's, and no comment of git's.
        words = ("commit", "--quiet", "--allow-empty", "--cleanup=whitespace")
        staged.git.do(*words, f"--message={message}")
        commit = repository.head()
        changed = git.names(
            "diff-tree", "-r", "-z", "--name-only", "--root", *_since(before, commit)
        )
        if changed:
            git.do("reset", "--quiet", *LISTING, stdin=joined(changed))
        yield commit
    except BaseException:
        now = repository.head()
        if now and not before:
            git.do("update-ref", "-d", ref, now)
        elif now != before:
            git.do("update-ref", "-m", "not published", ref, before, now)
        if saved is None:
            index.unlink(missing_ok=True)
        else:
            index.write_bytes(saved)
        raise


def _since(before: str, commit: str) -> tuple[str, ...]:
    return (before, commit) if before else ("--no-commit-id", commit)


def _index_file(git: Git) -> Path:
    return git.folder / git.line("rev-parse", "--git-path", "index")
