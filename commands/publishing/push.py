"""Putting a commit online: on top of what others published meanwhile, and never over it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from commands.publishing.git import Git, GitError, joined
from commands.publishing.snapshot import scratch
from commands.terminal import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from commands.publishing.repository import Destination, Repository

TRIES = 3
MARK = "Publication"  # trailer of the commit that ends a publication: when it was made
AFTER = "Published-after"  # trailer: the commit that stood online before a publication
NOTHING = "nothing"  # what stood there before the first one
# What a refused push says when somebody else's came first.
OVERTAKEN = ("fetch first", "non-fast-forward", "cannot lock ref", "failed to update ref")
# Nothing outside the folder for the purpose may move, whatever the person's own settings say.
REBASE = ("-c", "rebase.updateRefs=false", "-c", "rebase.autoStash=false", "rebase", "--quiet")


class Clash(Exception):
    """Two people changed the same places; holds the files' names."""

    def __init__(self, files: list[str]) -> None:
        super().__init__(", ".join(files))
        self.files = files


@contextmanager
def temporary_worktree(git: Git, commit: str) -> Iterator[Git]:
    """A second folder of the same repository, showing `commit`; gone afterwards.

    Whatever is tried there leaves the person's files, index and branches alone.
    """
    with scratch() as folder:
        tree = folder / "tree"
        git.do("worktree", "add", "--quiet", "--detach", str(tree), commit)
        try:
            yield Git(tree)
        finally:
            git.ask("worktree", "remove", "--force", str(tree))


def rebased(git: Git, commit: str, tip: str) -> str:
    """Put the commits up to `commit` that `tip` lacks on top of it.

    :returns: the newest of them; `tip` itself when all of it is online already.
    :raises Clash: when both changed the same places.
    """
    with temporary_worktree(git, commit) as worktree:
        if not worktree.works(*REBASE, tip):
            clashes = worktree.names("diff", "--name-only", "-z", "--diff-filter=U")
            worktree.ask("rebase", "--abort")
            raise Clash(sorted(set(clashes)))
        if worktree.works("diff", "--quiet", tip, "HEAD"):
            return tip
        lines = worktree.do("log", "-1", "--format=%B").splitlines()
        marks = [number for number, line in enumerate(lines) if line.startswith(f"{AFTER}: ")]
        if marks:
            lines[marks[-1]] = f"{AFTER}: {tip}"
            # The commit that only marks a publication is empty.
            words = ("commit", "--quiet", "--amend", "--allow-empty", "--cleanup=whitespace")
            worktree.do(*words, "--file=-", stdin="\n".join(lines))
        return worktree.line("rev-parse", "HEAD")


def send(
    repository: Repository, destination: Destination, commit: str, recheck: Callable[[str], None]
) -> tuple[str, str]:
    """Put `commit` online, on top of what others published meanwhile.

    :param recheck: is called with what would stand online when that is not `commit` itself, and
        stops if it may not.
    :returns: the commit now online, and the one it stands on top of ("" if none).
    :raises Stop: when it is refused, or may not stand there; nothing has gone out then.
    :raises Clash: when both changed the same places; nothing has gone out then.
    """
    git = repository.git
    for _ in range(TRIES):
        tip = repository.commit(destination.tracking)
        ready = commit
        if tip and not git.works("merge-base", "--is-ancestor", tip, commit):
            ready = rebased(git, commit, tip)
            recheck(ready)
        if ready == tip or push_commit(git, destination, ready):
            return ready, tip
        git.do("fetch", "--quiet", destination.remote)
    raise Stop(
        "Others are publishing at this very moment. Try again in a minute. Nothing was published."
    )


def push_commit(git: Git, destination: Destination, commit: str) -> bool:
    """Put one commit online, never over another's.

    :returns: False if somebody else was faster.
    :raises Stop: when it was refused for another reason.
    """
    words = ("push", "--porcelain", destination.remote, f"{commit}:refs/heads/{destination.branch}")
    answer = git.ask(*words)
    if answer.code == 0:
        return True
    refusals = [line for line in answer.out.splitlines() if line.startswith("!")]
    if any(mark in line for line in refusals for mark in OVERTAKEN):
        return False
    refusal = GitError(words, "\n".join([answer.err.strip(), *refusals]))
    raise Stop(f"{refusal.sentence()}\nNothing was published.")


def publication_message(subject: str, tip: str) -> str:
    """A commit message that marks a publication: when, and what stood online before it."""
    moment = datetime.now().astimezone().isoformat(timespec="seconds")
    return f"{subject}\n\n{MARK}: {moment}\n{AFTER}: {tip or NOTHING}"


def link(repository: Repository, destination: Destination) -> None:
    """Let git remember where this branch goes."""
    if not destination.linked:
        upstream = f"--set-upstream-to={destination.remote}/{destination.branch}"
        repository.git.ask("branch", "--quiet", upstream, repository.branch)


def catch_up(repository: Repository, new: str, *, keep: bool) -> list[str]:
    """Move the branch, and the files in the folder, from the newest local commit to `new`.

    A file with unsaved edits is never overwritten. If there are such files: with `keep` they stay
    as they are while all else moves; without, nothing moves.

    :returns: the names of those files.
    """
    git, old = repository.git, repository.head()
    differing = git.names("diff", "--name-only", "-z", "--no-renames", old, new)
    # A file that `new` brings may stand here already, unseen because git is told to ignore it.
    coming = git.names("diff", "--name-only", "-z", "--no-renames", "--diff-filter=A", old, new)
    guarded = {name for name in coming if os.path.lexists(repository.top / name)}
    guarded |= set(repository.changes())
    held = [name for name in differing if name in guarded]
    if held and not keep:
        return held
    free = [name for name in differing if name not in guarded]
    for names, where in ((free, ("--staged", "--worktree")), (held, ("--staged",))):
        if names:
            source = ("--pathspec-from-file=-", "--pathspec-file-nul", f"--source={new}")
            git.do("restore", *where, *source, stdin=joined(names))
    git.do("update-ref", "-m", "publishing", f"refs/heads/{repository.branch}", new, old)
    return held
