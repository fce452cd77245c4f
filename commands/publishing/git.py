"""The one seam through which every git subprocess passes.

Paths stdin to git are taken literally (no wildcards) and are relative to the folder it works in;
paths it gives back are separated by NUL, because names may hold anything else.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from commands.terminal import Stop

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# Set by git for its hooks: inherited, these would point us at another repository.
FROM_HOOKS = (
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)
# Git speaks English to us (its words are read below), opens no editor, and takes paths as written.
OVERRIDES = {
    "GIT_EDITOR": "true",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_SEQUENCE_EDITOR": "true",
    "LANGUAGE": "C",
    "LC_ALL": "C.UTF-8",
}
# A person's own settings must not change the words that are read here.
PLAIN = ("-c", "log.showSignature=false")
# What git may say, and what that means to a person; the first that fits is told.
REASONS = {
    (
        "This machine doesn't know the place that the site is kept yet. Connect to it once by hand "
        "(ssh, with the address before the colon), and compare the key with what they publish."
    ): ("Host key verification failed",),
    (
        "Git is told to sign what it keeps, and can't. Ask whoever set that up, or type: "
        "git config commit.gpgsign false"
    ): ("failed to sign",),
    (
        "Files of this folder are kept by git-lfs, which isn't installed here. Install it, or ask "
        "whoever looks after the repository."
    ): ("git-lfs", "filter 'lfs' failed"),
    (
        "Something of git's own is damaged in this folder. Clone the site anew beside it, and copy "
        "what you wrote into the clone."
    ): ("is corrupt", "index file smaller", "bad index file", "object file", "bad signature"),
    (
        "This machine cannot find the place the site is kept: it seems to have no connection. "
        "Check it, then try again."
    ): ("Could not resolve host", "Name or service not matching", "Temporary failure in name"),
    "The place the site is kept does not answer. Try again in a while.": (
        "Connection timed out",
        "Connection refused",
        "Network is unreachable",
        "Failed to connect",
    ),
    (
        "The place the site is kept did not let you in. Ask whoever looks after the repository "
        "to give you access, or check your password or key."
    ): (
        "Permission denied",
        "Authentication failed",
        "could not read Username",
        "error: 401",
        "error: 403",
    ),
    (
        "The place the site is kept has a rule that forbids this. Ask whoever looks after the "
        "repository."
    ): ("protected branch", "hook declined"),
    (
        "There is no repository at the address this folder publishes to. `git remote -v` shows "
        "the address; ask whoever looks after the repository for the right one."
    ): (
        "does not appear to be a git repository",
        "Could not read from remote",
        "epository not found",
        "' not found",
        "does not exist",
    ),
    "The disk is full. Make room, then try again.": ("No space left",),
    (
        "Another git program is at work in this folder. Wait until it is done, then try again; if "
        "none is, one was stopped in the middle: delete the file that git names."
    ): (".lock': File exists",),
}


class GitError(Exception):
    """Git did not do what it was asked; the words are its own."""

    def __init__(self, command: tuple[str, ...], words: str) -> None:
        super().__init__(words)
        self.command = command
        self.words = words

    def sentence(self) -> str:
        """What happened, for a person: our sentence where we know one, and git's own words."""
        matching = (
            text for text, marks in REASONS.items() if any(mark in self.words for mark in marks)
        )
        ours = next(matching, f"git could not do this step: git {' '.join(self.command[:1])}.")
        theirs = "\n".join(f"  {line}" for line in self.words.strip().splitlines())
        return f"{ours}\nWhat git said:\n{theirs}" if theirs else ours


@dataclass(frozen=True)
class GitOutput:
    """What a git command gave back."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Git:
    """Git at work in one folder, perhaps with an index of its own."""

    folder: Path
    index: Path | None = None

    def ask(self, *words: str, stdin: str | None = None) -> GitOutput:
        """Run one git command and return its answer, whatever it is.

        :raises Stop: where there is no git.
        """
        environment = {k: v for k, v in os.environ.items() if k not in FROM_HOOKS} | OVERRIDES
        if self.index:
            environment["GIT_INDEX_FILE"] = str(self.index)
        try:
            done = subprocess.run(
                ["git", *PLAIN, *words],
                cwd=self.folder,
                env=environment,
                input=stdin or "",
                capture_output=True,
                check=False,
                encoding="utf-8",
                # A file's name may be no UTF-8; it must come back to git as it was.
                errors="surrogateescape",
            )
        except FileNotFoundError as error:
            raise Stop(
                "git is not installed on this machine. "
                "On Debian or Ubuntu type: sudo apt install git",
                2,
            ) from error
        return GitOutput(done.returncode, done.stdout, done.stderr)

    def do(self, *words: str, stdin: str | None = None) -> str:
        """Run one git command and return what it printed.

        :raises GitError: if it failed.
        """
        answer = self.ask(*words, stdin=stdin)
        if answer.code:
            raise GitError(words, answer.err or answer.out)
        return answer.out

    def line(self, *words: str) -> str:
        """The one line that a command prints; "" when it fails or prints nothing."""
        answer = self.ask(*words)
        return "" if answer.code else answer.out.rstrip("\n")

    def names(self, *words: str, stdin: str | None = None) -> list[str]:
        """Return the NUL-separated names that a command prints.

        :raises GitError: if it failed.
        """
        return [name for name in self.do(*words, stdin=stdin).split("\0") if name]

    def works(self, *words: str) -> bool:
        """Whether a command ends well."""
        return self.ask(*words).code == 0

    def with_index(self, index: Path) -> Git:
        """The same folder, seen through another index, so that the person's own stays untouched."""
        return replace(self, index=index)


def joined(names: Iterable[str]) -> str:
    """Names as NUL-separated input for git."""
    return "".join(f"{name}\0" for name in names)


def shown(name: str) -> str:
    """A file's name that can be printed, even when its bytes are no UTF-8."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
