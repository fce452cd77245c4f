"""People who publish: each at a clone of their own, and what stands online."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from commands.publishing.publish import publish
from commands.publishing.undo import undo
from tests.copies import ROOT, git
from tests.tiny import POST, TinySite, write_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


GUTTERS = "posts/2026-03-04-clear-gutters.en.md"
BRIDGE = POST.replace("The gutters are clear", "The bridge is painted")
BRIDGE_FILE = "posts/2026-03-09-paint-bridge.en.md"
FENCE_FILE = "posts/2026-03-10-mend-fence.en.md"
FENCE = POST.replace("The gutters are clear", "The fence is mended")


@dataclass
class Desk:
    """A member of staff at their own clone: what they type, and what they are told."""

    site: TinySite
    answers: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ask = self._answer  # a test may think longer before it answers

    @property
    def folder(self) -> Path:
        return self.site.folder

    @property
    def words(self) -> str:
        return "\n".join(self.told)

    def publish(self, *answers: str, **options: Any) -> int:
        return self._run(publish, answers, options)

    def undo(self, *answers: str, **options: Any) -> int:
        return self._run(undo, answers, options)

    def _run(self, task: Callable[..., int], answers: tuple[str, ...], options: Any) -> int:
        self.told.clear()
        self.answers = list(answers)
        return task(
            ROOT,
            self.site.content,
            self.site.site,
            say=self.told.append,
            ask=self.ask,
            **options,
        )

    def _answer(self, question: str) -> str:
        self.asked.append(question)
        if not self.answers:
            raise EOFError
        return self.answers.pop(0)

    def git(self, *words: str) -> str:
        return git(self.folder, *words)

    def read(self, name: str) -> str:
        return (self.site.content / name).read_text(encoding="utf-8")

    def has(self, name: str) -> bool:
        return (self.site.content / name).exists()

    def state(self) -> tuple[str, str, dict[str, bytes]]:
        """Everything that must be as it was: the commit, what git thinks differs, the files."""
        files = {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and ".git" not in path.parts
        }
        status = self.git("status", "--porcelain", "--branch", "--untracked-files=all")
        return self.git("rev-parse", "HEAD"), status.partition("\n")[2], files


@dataclass
class Online:
    """What stands online: a bare repository that several clones publish to."""

    folder: Path
    tmp: Path

    def clone(self, name: str, person: str = "Nia Rowe") -> Desk:
        folder = self.tmp / name
        git(self.tmp, "clone", "--quiet", str(self.folder), str(folder))
        git(folder, "config", "user.name", person)
        git(folder, "config", "user.email", f"{name}@tiny.example.org")
        return Desk(TinySite(folder, folder / "site.toml", folder / "content", folder / "output"))

    def read(self, name: str) -> str:
        return git(self.folder, "show", f"main:content/{name}")

    def names(self) -> set[str]:
        return set(git(self.folder, "ls-tree", "-r", "--name-only", "main").split())

    def hides(self, name: str) -> bool:
        return "\ndraft: true\n" in self.read(name)

    def log(self) -> list[str]:
        return git(self.folder, "log", "--format=%s", "main").splitlines()


def new_association(tmp_path: Path) -> tuple[Desk, Path]:
    """A site that has never been committed, and the empty repository it is to go to."""
    bare = tmp_path / "empty.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    desk = Desk(write_site(tmp_path / "new"))
    desk.git("init", "--quiet", "--initial-branch=main")
    desk.git("remote", "add", "origin", str(bare))
    desk.git("config", "user.name", "Nia Rowe")
    desk.git("config", "user.email", "nia@tiny.example.org")
    return desk, bare


def hook(repository: Path, name: str, script: str) -> None:
    """Give a repository a hook: a small program that git runs at a certain moment."""
    file = repository / "hooks" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)
