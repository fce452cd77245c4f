"""The association's repository as publishing sees it: the states it may be in, where it goes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from commands.publishing.git import Git, GitError
from commands.terminal import Stop
from core.catalogues import OWN as OWN_CATALOGUES
from core.content_files import FileSort, file_sort, may_be_entered
from core.own_templates import OWN as OWN_TEMPLATES
from core.site import OWN_PLUGINS

if TYPE_CHECKING:
    from collections.abc import Callable

# A file or folder in git's own directory that says something was begun and not finished.
UNFINISHED = {
    "MERGE_HEAD": ("a merge", "git merge --abort"),
    "rebase-merge": ("a rebase", "git rebase --abort"),
    "rebase-apply": ("a rebase", "git rebase --abort"),
    "CHERRY_PICK_HEAD": ("a cherry-pick", "git cherry-pick --abort"),
    "REVERT_HEAD": ("a revert", "git revert --abort"),
    "BISECT_LOG": ("a search through old versions (bisect)", "git bisect reset"),
}
OWN_FOLDERS = (OWN_TEMPLATES, OWN_CATALOGUES, OWN_PLUGINS)  # beside its site.toml
HELP = "docs/publishing.md explains it step by step."


@dataclass(frozen=True)
class Destination:
    """Where a branch is published to."""

    remote: str
    branch: str  # its name there
    linked: bool  # whether git knows already that the local branch belongs to it

    @property
    def tracking(self) -> str:
        """The local name of what stood there when we last looked."""
        return f"refs/remotes/{self.remote}/{self.branch}"


@dataclass(frozen=True)
class Repository:
    """A repository that can be published from, and what in it is the association's own."""

    git: Git
    top: Path
    branch: str
    own: tuple[str, ...]  # what publishing sends: relative to top, with forward slashes
    root: Path  # where the program stands, with its caches
    content: Path
    site: Path

    def head(self) -> str:
        """The newest local commit; "" before the first one."""
        return self.git.line("rev-parse", "--verify", "--quiet", "HEAD")

    def commit(self, name: str) -> str:
        """The commit that a name stands for; "" when there is none."""
        return self.git.line("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")

    def changes(self) -> dict[str, str]:
        """Every file that differs from the newest commit: its name → git's two letters."""
        # --no-renames: a rename is a removal and an addition, one name an entry.
        lines = self.git.names(
            "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all"
        )
        return {line[3:]: line[:2] for line in lines}

    def is_own(self, name: str) -> bool:
        """Whether a file is the association's own, as content and site.toml are."""
        return any(name == own or name.startswith(f"{own}/") for own in self.own)

    def sort(self, name: str) -> FileSort:
        """Return what a file of the association's own is."""
        folders = (f"{own}/" for own in self.own)
        folder = next((folder for folder in folders if name.startswith(folder)), "")
        return file_sort(name.removeprefix(folder))

    def in_content(self, name: str) -> str:
        """Return a file's path relative to the content folder; "" for one that isn't in it."""
        folder = f"{self.own[0]}/"
        return name.removeprefix(folder) if name.startswith(folder) else ""

    def ignored(self) -> list[str]:
        """Return own files that git was told not to see, but for what programs leave behind."""
        words = ("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", *self.own)
        return [name for name in self.git.names(*words) if self.sort(name) is FileSort.CONTENT]


def opened(root: Path, content: Path, site: Path) -> Repository:
    """Return the repository that holds site.toml and the content, wherever the program stands.

    :raises Stop: for one that nothing can go out from.
    """
    folder = site.resolve().parent
    if not folder.is_dir():
        raise Stop(f"There is no folder {folder} to publish from.", 2)
    top = _top(Git(folder))
    beside = [site.parent / name for name in OWN_FOLDERS]
    own = tuple(_inside(path, top) for path in (content, site, *beside))
    branch = _branch(Git(top))
    _refuse_nested(top, [top / name for name in own])
    return Repository(Git(top), top, branch, own, root, content, site)


def _top(git: Git) -> Path:
    answer = git.ask("rev-parse", "--show-toplevel")
    if answer.code == 0:
        return Path(answer.out.rstrip("\n"))
    if "dubious ownership" in answer.err:
        raise Stop(
            "This folder belongs to another user of this machine, so git will not touch it. "
            "Publish as that user, or ask whoever looks after the machine.",
            2,
        )
    raise Stop(
        f"This folder is not under git, so there is nowhere to publish it to. {HELP} "
        "Start from a clone of your association's repository: git clone ADDRESS",
        2,
    )


def _inside(path: Path, top: Path) -> str:
    try:
        return path.resolve().relative_to(top.resolve()).as_posix()
    except ValueError as error:
        raise Stop(
            f"{path} is outside the folder that git looks after ({top}), so it cannot be "
            "published from here. Leave out --content and --site, or move it in.",
            2,
        ) from error


def _refuse_nested(top: Path, folders: list[Path]) -> None:
    """Refuse a repository inside the association's own folders: git would send none of it.

    :param folders: the association's own.
    :raises Stop: naming the folder that is one.
    """
    for start in folders:
        for folder, inner, names in os.walk(start):
            if ".git" in inner or ".git" in names:
                where = Path(folder).relative_to(top).as_posix()
                raise Stop(
                    f"{where} is a git repository of its own, since it holds {where}/.git, so its "
                    f"files cannot go out with yours. Delete {where}/.git to make them yours, or "
                    "move the folder out of here. Nothing was published or changed.",
                    2,
                )
            inner[:] = [name for name in inner if may_be_entered(name)]


def _branch(git: Git) -> str:
    for mark, (name, way_out) in UNFINISHED.items():
        if (git.folder / git.line("rev-parse", "--git-path", mark)).exists():
            raise Stop(
                f"Somebody began {name} in this folder and did not finish it. Finish it, or give "
                f"it up with `{way_out}`, then publish again. Nothing was changed.",
                2,
            )
    clashes = sorted(set(git.names("diff", "--name-only", "-z", "--diff-filter=U")))
    if clashes:
        raise Stop(
            "These files still hold two people's versions at once: " + ", ".join(clashes) + ". "
            "Open each, keep the words that should stand (and no line of <<<<<<<, ======= or "
            ">>>>>>>), then type: git add " + " ".join(clashes),
            2,
        )
    branch = git.line("symbolic-ref", "--quiet", "HEAD").removeprefix("refs/heads/")
    if not branch:
        usual = git.line("for-each-ref", "--count=1", "--format=%(refname:short)", "refs/heads")
        raise Stop(
            "This folder shows an old version (git calls it a detached head), so there is no "
            f"branch to publish. Type `git switch {usual or 'main'}` to return to the newest one; "
            "your unsaved edits come along.",
            2,
        )
    return branch


def find_destination(
    repository: Repository, *, offline: bool, say: Callable[[str], None]
) -> Destination:
    """Where this branch goes, after a look at what stands there now.

    :param offline: go on with what was last seen when nothing answers.
    :raises Stop: when there is no such place, or (unless `offline`) when it cannot be reached.
    """
    git, branch = repository.git, repository.branch
    remotes = git.do("remote").split()
    if not remotes:
        raise Stop(
            "This folder does not know yet where the site is kept (git calls it a remote). "
            f"Type `git remote add origin ADDRESS` once, with your repository's address. {HELP}",
            2,
        )
    linked = git.line("config", f"branch.{branch}.remote")
    remote = linked if linked in remotes else "origin" if "origin" in remotes else remotes[0]
    merge = git.line("config", f"branch.{branch}.merge") if linked in remotes else ""
    target = merge.removeprefix("refs/heads/") or branch
    try:
        # prune: what was seen there once and is gone must not pass for what is online.
        git.do("fetch", "--quiet", "--prune", remote)
    except GitError as error:
        if not offline:
            raise Stop(f"{error.sentence()}\nNothing was published or changed.") from error
        say("The place the site is kept cannot be reached; comparing with what was last seen.")
    destination = Destination(remote, target, linked=bool(merge))
    listing = git.do("for-each-ref", "--format=%(refname:lstrip=3)", f"refs/remotes/{remote}")
    names = [name for name in listing.split() if name != "HEAD"]
    if names and target not in names:
        raise Stop(
            f"You are on the branch `{branch}`, which is not online; these are: "
            f"{', '.join(names)}. To publish from one of them type `git switch {names[0]}`; "
            f"to put `{branch}` online as well: git push --set-upstream {remote} {branch}",
            2,
        )
    return destination


def identify(
    repository: Repository, name: str | None, email: str | None, ask: Callable[[str], str] | None
) -> None:
    """Make sure git knows who publishes; asks when it does not, and remembers in this folder.

    :param ask: None when nobody may be asked.
    :raises Stop: when it stays unknown.
    """
    git = repository.git
    # useConfigOnly: git must not make an address up from the machine's name.
    identified = all(
        git.works("-c", "user.useConfigOnly=true", "var", f"GIT_{role}_IDENT")
        for role in ("AUTHOR", "COMMITTER")
    )
    for key, value, question in (
        ("user.name", name, "Your name, as others will see it beside what you publish: "),
        ("user.email", email, "Your e-mail address (others can see it too): "),
    ):
        if value is None and (identified or git.line("config", key)):
            continue
        answer = " ".join((_asked(ask, question) if value is None else value).split())
        if not answer or (key == "user.email" and "@" not in answer):
            raise Stop(
                "git does not know yet who publishes. Give a name and an e-mail address: "
                '--name "Siân Prys" --email sian@example.org\nNothing was published.',
                2,
            )
        git.do("config", "--local", key, answer)


def _asked(ask: Callable[[str], str] | None, question: str) -> str:
    return ask(question) if ask else ""
