"""`./run undo`: take the last publication back, with a new commit that says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from commands.publishing import push
from commands.publishing.diff import compare, listed
from commands.publishing.drafts import as_draft, waits
from commands.publishing.git import joined, shown
from commands.publishing.prompts import conversation, must_be_whole
from commands.publishing.repository import find_destination, identify, opened
from commands.publishing.snapshot import built, online
from commands.terminal import Stop, agreed
from core.content_files import MARKDOWN, FileSort
from core.public.public_history import MANIFEST_IN_CONTENT, MERGING
from core.public.record_files import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from commands.publishing.git import Git
    from commands.publishing.repository import Destination, Repository
    from plugins.runs.site_run import PageRecord

NOTHING_DONE = "Nothing was taken back."
BACK, AGAIN = "Take back: ", "Publish again: "
# For a commit that nobody ever sees: it only holds the files that the real one will have.
NOBODY = ("-c", "user.name=Open House", "-c", "user.email=nobody@example.org")


@dataclass(frozen=True)
class Publication:
    """A publication in the history of what is online."""

    commit: str
    before: str  # the commit that stood online before it
    subject: str
    author: str
    day: str

    def __str__(self) -> str:
        """Return what it was, who made it and when."""
        return f"“{self.subject}”, published by {self.author} on {self.day}"


def undo(  # noqa: PLR0913 - as many as the command line has options
    root: Path,
    content: Path,
    site: Path,
    *,
    yes: bool = False,
    dry_run: bool = False,
    name: str | None = None,
    email: str | None = None,
    say: Callable[[str], None],
    ask: Callable[[str], str],
) -> int:
    """Take the last publication back, after saying what that does to the pages.

    Undoing an undo publishes it again. What is not published yet, committed or not, stays as it
    is. The arguments are those of `publish`.

    :returns: 0 taken back, or declined; 1 something must be mended first; 2 it cannot run here.
    """

    def work() -> int:
        repository = opened(root, content, site)
        destination = find_destination(repository, offline=dry_run, say=say)
        plan = _plan(repository, destination)
        _tell(plan, say)
        if dry_run:
            say("This was a rehearsal: nothing was taken back.")
            return 0
        if not yes and not agreed(ask, "Take it back?"):
            raise Stop(f"{NOTHING_DONE} (To do it without being asked: --yes.)", 0)
        identify(repository, name, email, None if yes else ask)
        _go(plan, say)
        return 0

    return conversation(say, work)


@dataclass(frozen=True)
class Plan:
    """What would be taken back, and what would stand online then."""

    repository: Repository
    destination: Destination
    publication: Publication
    tip: str  # what stands online
    target: str  # a commit with the files that would stand there instead


def _plan(repository: Repository, destination: Destination) -> Plan:
    tip = repository.commit(destination.tracking)
    publication = _last(repository, tip)
    return Plan(repository, destination, publication, tip, _without(repository, publication, tip))


def _last(repository: Repository, tip: str) -> Publication:
    """Return the newest publication online.

    :raises Stop: when there is none to take back.
    """
    git = repository.git
    fields = "%H%n%an%n%ad%n%s%n%(trailers:key=Publication,valueonly,separator=%x20)%n"
    fields += f"%(trailers:key={push.AFTER},valueonly,separator=%x20)"
    words = (
        "log",
        f"--grep=^{push.MARK}: ",
        "--date=format:%-d %B %Y",
        f"--format=%x00{fields}",
    )
    # NUL at the start of each entry: git itself ends them with a line break.
    for entry in git.names(*words, tip) if tip else []:
        commit, author, day, subject, mark, before = entry.removesuffix("\n").split("\n")
        if not mark:
            continue  # a message that only speaks of publications
        if before == push.NOTHING:
            raise Stop(
                f"The last publication, “{subject}”, was the first of all: before it there was no "
                f"site to go back to. {NOTHING_DONE}"
            )
        if not git.works("merge-base", "--is-ancestor", before, commit):
            before = git.line("rev-parse", f"{commit}^")
        if not before:
            raise Stop(
                "The history in this folder does not go back far enough. Type "
                f"`git fetch --unshallow`, then try again. {NOTHING_DONE}",
                2,
            )
        return Publication(commit, before, subject, author, day)
    raise Stop(f"Nothing was published with `./run publish` yet. {NOTHING_DONE}")


def _without(repository: Repository, publication: Publication, tip: str) -> str:
    """A commit, seen by nobody, whose files are those online without the publication.

    Only the association's own files go back; whatever came after the publication stays.
    """
    git = repository.git
    with push.temporary_worktree(git, publication.commit) as worktree:
        _restore(worktree, publication.before, repository.own)
        _keep_as_drafts(repository, worktree, publication, tip)
        changed = worktree.names("diff", "--cached", "--name-only", "-z", "--no-renames")
        if not _of_people(repository, changed):
            raise Stop(f"The last publication, {publication}, changed no content. {NOTHING_DONE}")
        worktree.do(*NOBODY, "commit", "--quiet", "--no-verify", "--message=undo")
        reverted = worktree.line("rev-parse", "HEAD")
    if publication.commit == tip:
        return reverted
    try:
        target = push.rebased(git, reverted, tip)
    except push.Clash as clash:
        raise Stop(
            "Something published or changed since builds on the last publication, "
            f"{publication}, in: {', '.join(map(shown, clash.files))}. {NOTHING_DONE} "
            "Change those files by hand, then publish."
        ) from clash
    if git.works("diff", "--quiet", target, tip):
        raise Stop(f"The last publication, {publication}, is undone already. {NOTHING_DONE}")
    return target


def _restore(worktree: Git, commit: str, own: tuple[str, ...]) -> None:
    """Give the association's own files the state they have in a commit; others stay."""
    for path in own:
        worktree.do("rm", "-r", "--quiet", "--cached", "--ignore-unmatch", "--", path)
        if worktree.line("ls-tree", commit, "--", path):
            worktree.do("restore", "--staged", f"--source={commit}", "--", path)


def _keep_as_drafts(
    repository: Repository, worktree: Git, publication: Publication, tip: str
) -> None:
    """Let pages that the publication brought stay as drafts, with the files that came with them.

    Nobody's words leave anybody's folder; readers lose sight of them. A page whose draft had been
    sent before is as new to readers as any. Records and lists go: they are public words and figures
    that `pull` brings again.
    """
    before, commit = publication.before, publication.commit
    changes = ("diff", "--name-only", "-z", "--no-renames")
    names = set(worktree.names(*changes, "--diff-filter=A", before, commit))
    for name in worktree.names(*changes, "--diff-filter=M", before, commit):
        if name.endswith(MARKDOWN) and waits(worktree.do("cat-file", "blob", f"{before}:{name}")):
            names.add(name)
    names &= set(worktree.names("ls-tree", "-r", "-z", "--name-only", tip))
    content = [
        name
        for name in sorted(names)
        if (inside := repository.in_content(name))
        and not inside.startswith(f"{FOLDER}/")
        and repository.sort(name) is FileSort.CONTENT
    ]
    pages = [name for name in content if name.endswith(MARKDOWN)]
    if not pages:
        return
    stay = ("restore", "--staged", "--worktree", f"--source={commit}")
    worktree.do(*stay, "--pathspec-from-file=-", "--pathspec-file-nul", stdin=joined(content))
    for name in pages:
        file = worktree.folder / name
        with file.open(encoding="utf-8", newline="") as published:
            text = as_draft(published.read())
        if text:
            file.write_text(text, encoding="utf-8", newline="")
    worktree.do("add", "--pathspec-from-file=-", "--pathspec-file-nul", stdin=joined(pages))


def _tell(plan: Plan, say: Callable[[str], None]) -> None:
    repository, publication, tip, target = plan.repository, plan.publication, plan.tip, plan.target
    say(f"The last publication: {publication}.")
    say("Checking the site without it …")
    before = online(repository, tip)
    now = before.now if before else datetime.now().astimezone()
    result = built(repository, target, now, strict=True)
    must_be_whole(
        result,
        "Without it, the site would have these faults:",
        f"{NOTHING_DONE} Mend them first (a link to a page that would go, say), publish that, "
        "and undo both; or change the files by hand.",
    )
    git, prefix = repository.git, repository.own[0] + "/"
    files = git.names("diff", "--name-only", "-z", "--no-renames", tip, target)
    say("Taking it back would do this:")
    if before:
        edited = [file.removeprefix(prefix) for file in files if file.startswith(prefix)]
        for line in compare(before.pages, result.manifest, edited).back():
            say(line)
        were, are = _sources(before.pages), _sources(result.manifest)
        drafts = [
            name
            for name in edited
            if name in were - are and git.works("cat-file", "-e", f"{target}:{prefix}{name}")
        ]
        for line in listed("These wait as drafts, and no words are lost", drafts):
            say(line)
    plain = [shown(file) for file in _of_people(repository, files) if not file.endswith(".md")]
    for line in listed("Settings, pictures and other files", plain):
        say(line)


def _of_people(repository: Repository, files: Iterable[str]) -> list[str]:
    """Those of some files that somebody wrote: the list of what was published keeps itself."""
    lists = {f"{repository.own[0]}/{name}" for name in (MANIFEST_IN_CONTENT, MERGING)}
    return [file for file in files if file not in lists]


def _sources(pages: Mapping[str, PageRecord]) -> set[str]:
    return {page.source for page in pages.values()}


def _go(plan: Plan, say: Callable[[str], None]) -> None:
    repository, destination, tip = plan.repository, plan.destination, plan.tip
    git, publication = repository.git, plan.publication
    subject = publication.subject
    undone = subject.removeprefix(BACK)
    line = f"{BACK}{subject.removeprefix(AGAIN)}" if undone == subject else f"{AGAIN}{undone}"
    signed = ("-S",) if git.line("config", "--type=bool", "commit.gpgsign") == "true" else ()
    words = ("commit-tree", *signed, f"{plan.target}^{{tree}}", "-p", tip)
    commit = git.do(*words, "-m", push.publication_message(line, tip)).strip()
    if not push.push_commit(git, destination, commit):
        raise Stop(f"Somebody published at this very moment. {NOTHING_DONE} Look again: ./run undo")
    push.link(repository, destination)
    say(f"Done: {line}. The site follows in a few minutes. `./run undo` again reverses this.")
    head = repository.head()
    if not head or not git.works("merge-base", "--is-ancestor", head, commit):
        say("There are commits here that were never sent, so your folder stays as it is.")
        return
    # Edits made on top of the publication stay; edits made on top of something older would,
    # if kept as they are, take back what others wrote since.
    held = push.catch_up(repository, commit, keep=head == tip)
    if held:
        names = ", ".join(map(shown, held))
        say(f"You have unpublished edits in these files, which were kept as they are: {names}")
