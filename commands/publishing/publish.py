"""`./run publish`: say in words what would go out, check it, commit it, push it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from commands.publishing import push
from commands.publishing.diff import compare, listed, warnings
from commands.publishing.git import joined, shown
from commands.publishing.prompts import agreed, conversation, must_be_whole
from commands.publishing.repository import find_destination, identify, opened
from commands.publishing.snapshot import built, built_here, online
from commands.terminal import Stop
from feedback.record_source import SOURCE
from plugins.languages.parity import parity
from plugins.loop.history_audit import MANIFEST_IN_CONTENT, MERGING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from commands.publishing.diff import Difference
    from commands.publishing.repository import Destination, Repository

AGAIN = "Nothing was published, and your files are as they were."
NOT_YET = "Nothing was published."


def publish(  # noqa: PLR0913 - as many as the command line has options
    root: Path,
    content: Path,
    site: Path,
    *,
    message: str | None = None,
    yes: bool = False,
    dry_run: bool = False,
    everything: bool = False,
    name: str | None = None,
    email: str | None = None,
    say: Callable[[str], None],
    ask: Callable[[str], str],
) -> int:
    """Put what changed in the association's own files online, after saying what that is.

    These are its content, its site.toml and its own templates beside it.

    :param root: where the program stands, with its caches; the repository is the content's own.
    :param message: the line for the history; made from the titles when None.
    :param yes: do not ask.
    :param dry_run: say what would go out, and stop there.
    :param everything: commit all other changed files as well.
    :param name: who publishes, for a folder where git does not know it yet; so is `email`.
    :param ask: asks a question and returns the answer; EOFError means that nobody is there.
    :returns: 0 published, nothing to publish, or declined; 1 something must be mended first;
        2 it cannot run here. Nothing is ever overwritten, here or online.
    """

    def work() -> int:
        repository = opened(root, content, site)
        parcel = _pack(repository, say, everything=everything, offline=dry_run)
        _tell(parcel, say)
        if dry_run:
            say("This was a rehearsal: nothing was committed and nothing went out.")
            return 0
        if parcel.secrets and yes:
            raise Stop(f"Git does not forget, so --yes does not cover secrets. {NOT_YET}")
        if not yes and not agreed(ask, "Publish this?"):
            raise Stop(f"{NOT_YET} (To publish without being asked: --yes.)", 0)
        identify(repository, name, email, None if yes else ask)
        _go(parcel, (message or "").strip(), say)
        return 0

    return conversation(say, work)


@dataclass(frozen=True)
class Parcel:
    """Everything that would go out together."""

    repository: Repository
    destination: Destination
    tip: str  # what stands online; "" before the first publication
    now: datetime  # the moment that pages are built for
    names: list[str]  # changed files to commit, relative to the top of the repository
    left: list[str]  # changed files that stay as they are
    ignored: list[str]  # files of content that git was told not to see
    earlier: list[str]  # subjects of commits made here and not sent yet
    theirs: int  # commits online that this folder lacks
    difference: Difference | None  # None: what is online cannot be built any more
    gaps: list[str]
    big: list[str]
    secrets: list[str]
    standing: str  # what stands in public once this is online


def _pack(
    repository: Repository, say: Callable[[str], None], *, everything: bool, offline: bool
) -> Parcel:
    """Find out what would go out. Raises Stop for nothing, and for faults in it."""
    git = repository.git
    destination = find_destination(repository, offline=offline, say=say)
    tip, head = repository.commit(destination.tracking), repository.head()
    base = _shared(repository, destination, tip, head)
    changed = sorted(repository.changes())
    names = [name for name in changed if everything or repository.is_own(name)]
    left = [name for name in changed if name not in names]
    # cherry-pick: a commit that is online under another number is not counted again.
    mine = ("--cherry-pick", "--right-only", f"{tip}...HEAD") if base else ("HEAD",)
    earlier = git.do("log", "--format=%s", *mine).splitlines() if head else []
    theirs = int(git.line("rev-list", "--count", tip, "--not", "HEAD") or 0) if tip and head else 0
    if not names and not earlier:
        _tell_left(left, say)
        newer = f" Others published since: `git pull` brings it here ({theirs})." if theirs else ""
        raise Stop(f"Nothing to publish: all that you have is online.{newer}", 0)
    say("Checking the whole site …")
    before = online(repository, base)
    now = before.now if before else datetime.now().astimezone()
    result = built_here(repository, now)
    must_be_whole(
        result, "These must be mended before it can go out:", f"{NOT_YET} `./run check` lists them."
    )
    sent = set(names) | set(_sent(repository, base, head))
    prefix = repository.own[0] + "/"
    edited = [name.removeprefix(prefix) for name in sent if name.startswith(prefix)]
    gaps = parity(result.contents, result.faults, result.languages).gaps
    aliases = [
        a for content in result.contents for text in content.texts.values() for a in text.aliases
    ]
    big, secrets = warnings(repository.top, names)
    return Parcel(
        repository=repository,
        destination=destination,
        tip=tip,
        now=now,
        names=names,
        left=left,
        ignored=git.names(
            "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", *repository.own
        ),
        earlier=earlier,
        theirs=theirs,
        difference=compare(before.pages, result.manifest, edited, aliases) if before else None,
        gaps=[f"{gap.path}: {gap.wrong}" for gap in gaps],
        big=big,
        secrets=secrets,
        standing=result.standing,
    )


def _shared(repository: Repository, destination: Destination, tip: str, head: str) -> str:
    """The newest commit that this folder shares with what is online; "" when nothing is."""
    if not tip:
        return ""
    base = repository.git.line("merge-base", tip, head) if head else ""
    if not base:
        raise Stop(
            "The history in this folder and the one online have nothing in common, so this may be "
            f"the wrong address: {repository.git.line('remote', 'get-url', destination.remote)}. "
            "Start from a clone of what is online, and copy your files into it.",
            2,
        )
    return base


def _sent(repository: Repository, base: str, head: str) -> list[str]:
    """Own files in commits made here and not sent yet."""
    if not head:
        return []
    if not base:
        return repository.git.names("ls-tree", "-r", "-z", "--name-only", head)
    return repository.git.names("diff", "--name-only", "-z", "--no-renames", base, head)


def _tell(parcel: Parcel, say: Callable[[str], None]) -> None:
    say("This would go out:")
    if parcel.difference is None:
        say("  (What is online was made for an older version and cannot be compared page by page.)")
    else:
        for line in parcel.difference.lines():
            say(line)
    own = parcel.repository.is_own
    plain = [name for name in parcel.names if parcel.difference is None or _is_plain(name)]
    for line in listed("Settings, pictures and other files", map(shown, filter(own, plain))):
        say(line)
    beyond = [shown(name) for name in parcel.names if not own(name)]
    for line in (
        *listed("Files beyond the content", beyond),
        *listed("Commits made here before, not sent yet", parcel.earlier),
        *listed("In one language only so far", parcel.gaps),
        *listed("Big files, which git keeps for ever", parcel.big),
        *listed("LOOKS LIKE A SECRET, which git could never forget", parcel.secrets),
        *listed("Git is told to ignore these, so they do not go out", map(shown, parcel.ignored)),
    ):
        say(line)
    if parcel.theirs:
        say("  Others published since you last looked; yours is put on top of theirs.")
    _tell_left(parcel.left, say)


def _is_plain(name: str) -> bool:
    return not name.endswith(".md")


def _tell_left(left: list[str], say: Callable[[str], None]) -> None:
    for line in listed(
        "Changed, but not content: left as they are (--everything)", map(shown, left)
    ):
        say(line)


def _go(parcel: Parcel, message: str, say: Callable[[str], None]) -> None:
    """Commit and push; whatever fails, all is as it was before."""
    repository = parcel.repository
    subject = message or (parcel.difference.subject() if parcel.difference else "Update the site")

    def recheck(commit: str) -> None:
        result = built(repository, commit, parcel.now, strict=True)
        must_be_whole(
            result,
            "Yours and what others published meanwhile do not fit together yet:",
            f"{AGAIN} Type `git pull --rebase --autostash` to have theirs here too, mend this, "
            "then publish again.",
        )

    try:
        words = push.publication_message(subject, parcel.tip)
        with (
            noted(repository, parcel.standing) as lists,
            committed(repository, sorted({*parcel.names, *lists}), words) as commit,
        ):
            ready, tip = push.send(repository, parcel.destination, commit, recheck)
    except push.Clash as clash:
        raise Stop(_explain(parcel, clash.files)) from clash
    push.link(repository, parcel.destination)
    held = push.catch_up(repository, ready, keep=False) if ready != commit else []
    if ready == tip:
        say("All of this was online already, word for word.")
    else:
        say(f"Done: {subject}. The site follows in a few minutes. `./run undo` takes it back.")
    if held:
        say(
            "Others changed files that you changed too, so your folder could not be brought up to "
            f"date; nothing is lost: {', '.join(map(shown, held))}"
        )


def _says_something(line: str) -> bool:
    return not line.startswith("#")


@contextmanager
def noted(repository: Repository, standing: str) -> Iterator[list[str]]:
    """Write down beside the content what stands in public; if the block fails, take it back.

    Yields the files to commit. The next build compares with them, so that nothing that was public
    vanishes unsaid. Two people's lists are put together by git itself.
    """
    content = repository.content
    texts = {
        content / MANIFEST_IN_CONTENT: standing,
        content / MERGING: "".join(
            f"{Path(name).name} merge=union\n" for name in (MANIFEST_IN_CONTENT, SOURCE)
        ),
    }
    before = {path: path.read_text("utf-8") if path.is_file() else None for path in texts}
    if before == texts or not any(map(_says_something, standing.splitlines())):
        yield []
        return
    (content / MANIFEST_IN_CONTENT).parent.mkdir(exist_ok=True)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    try:
        yield [f"{repository.own[0]}/{name}" for name in (MANIFEST_IN_CONTENT, MERGING)]
    except BaseException:
        for path, was in before.items():
            if was is None:
                path.unlink()
            else:
                path.write_text(was, encoding="utf-8", newline="\n")
        raise


@contextmanager
def committed(repository: Repository, names: list[str], message: str) -> Iterator[str]:
    """Commit the named files and nothing else; if the block fails, it never happened.

    Yields the commit. Files that were staged and are not named stay staged.
    """
    git, before = repository.git, repository.head()
    ref = f"refs/heads/{repository.branch}"
    listing = ("--pathspec-from-file=-", "--pathspec-file-nul")
    try:
        if names:
            git.do("add", "--all", *listing, stdin=joined(names))
            # whitespace: a line that begins with # is the person's, and no comment of git's.
            words = ("commit", "--quiet", "--cleanup=whitespace", f"--message={message}")
            git.do(*words, *listing, stdin=joined(names))
        else:
            # Commits made by hand go out; an empty one marks them as a publication.
            mark = git.do("commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", message).strip()
            git.do("update-ref", "-m", "publishing", ref, mark, before)
        yield repository.head()
    except BaseException:
        now = repository.head()
        if now and not before:
            git.do("update-ref", "-d", ref, now)
        elif now != before:
            git.do("update-ref", "-m", "not published", ref, before, now)
        if names:
            away = ("reset", "--quiet") if before else ("rm", "-r", "--quiet", "--cached")
            git.ask(*away, *listing, stdin=joined(names))
        raise


def _explain(parcel: Parcel, files: list[str]) -> str:
    git = parcel.repository.git
    tip = parcel.repository.commit(parcel.destination.tracking)
    lines = ["Somebody else changed the same places in:"]
    for file in files:
        who = git.line("log", "-1", "--format=%an on %ad", "--date=format:%-d %B", tip, "--", file)
        lines.append(f"  {shown(file)} ({who})")
    lines += [AGAIN]
    if parcel.earlier:
        lines += ["There are commits here that were never sent, so ask somebody who knows git."]
        return "\n".join(lines)
    return "\n".join(
        [
            *lines,
            "What to do:",
            "  1. Move your version out of this folder (to your desktop, say).",
            "  2. Type: git pull --ff-only",
            "  3. Open the file again: it has their words now. Put yours in, then publish again.",
        ]
    )
