"""`./run publish`: say in words what would go out, check it, commit it, push it."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from commands.publishing import push
from commands.publishing.consent import settle
from commands.publishing.git import shown
from commands.publishing.parcel import NOT_YET, find, pack, stays
from commands.publishing.prompts import conversation, must_be_whole
from commands.publishing.repository import find_destination, identify, opened
from commands.publishing.snapshot import built
from commands.publishing.staging import committed, staging
from commands.terminal import Stop, agreed
from core.public.public_history import MANIFEST_IN_CONTENT, MERGING
from feedback.record_source import SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from commands.publishing.parcel import Parcel
    from commands.publishing.repository import Repository
    from commands.publishing.staging import Staging

AGAIN = "Nothing was published, and your files are as they were."


def publish(  # noqa: PLR0913 - as many as the command line has options
    root: Path,
    content: Path,
    site: Path,
    *,
    message: str | None = None,
    yes: bool = False,
    dry_run: bool = False,
    everything: bool = False,
    also: Sequence[str] = (),
    name: str | None = None,
    email: str | None = None,
    say: Callable[[str], None],
    ask: Callable[[str], str],
) -> int:
    """Put what changed in the association's own files online, after saying what that is.

    These are its content, its site.toml, and its own templates and plugins beside it. Of the
    content, only what the site uses goes out unasked.

    :param root: where the program stands, with its caches; the repository is the content's own.
    :param message: the line for the history; made from the titles when None.
    :param yes: do not ask.
    :param dry_run: say what would go out, and stop there.
    :param everything: commit all other changed files as well.
    :param also: files that were agreed to one by one: what no page refers to, or what may hold
        more than it shows; as paths from the top of the repository, or from where one stands.
    :param name: who publishes, for a folder where git does not know it yet; so is `email`.
    :param ask: asks a question and returns the answer; EOFError means that nobody is there.
    :returns: 0 published, nothing to publish, or declined; 1 something must be mended first;
        2 it cannot run here. Nothing is ever overwritten, here or online.
    """

    def work() -> int:
        repository = opened(root, content, site)
        destination = find_destination(repository, offline=dry_run, say=say)
        changes, tip, base = find(repository, destination, everything=everything)
        if not changes.names and not changes.earlier:
            for line in stays(changes):
                say(line)
            raise Stop(_nothing(changes.theirs), 0)
        with staging(repository) as staged:
            say("Checking the whole site …")
            parcel = pack(staged, destination, changes, tip, base)
            parcel.tell(say)
            if dry_run:
                say("This was a rehearsal: nothing was committed and nothing went out.")
                return 0
            parcel = settle(parcel, also, None if yes else ask)
            if parcel.empty:
                raise Stop(_nothing(changes.theirs), 0)
            if not yes and not agreed(ask, "Publish this?"):
                raise Stop(f"{NOT_YET} (To publish without being asked: --yes.)", 0)
            identify(repository, name, email, None if yes else ask)
            staged.leave(set(changes.names) - set(parcel.names))
            _go(staged, parcel, (message or "").strip(), say)
        return 0

    return conversation(say, work)


def _nothing(theirs: int) -> str:
    """Return that there is nothing to send, and what to do if others did send something."""
    newer = f" Others published since: `git pull` brings it here ({theirs})." if theirs else ""
    return f"Nothing to publish: all that you have is online.{newer}"


def _go(staged: Staging, parcel: Parcel, message: str, say: Callable[[str], None]) -> None:
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
        with noted(repository, parcel.standing) as lists:
            staged.take(lists)
            with committed(staged, words) as commit:
                ready, tip = push.send(repository, parcel.destination, commit, recheck)
    except push.Clash as clash:
        raise Stop(_explain(parcel, clash.files)) from clash
    push.link(repository, parcel.destination)
    held = push.catch_up(repository, ready, keep=False) if ready != commit else []
    if ready == tip:
        say("All of this was online already, word for word.")
    else:
        back = " `./run undo` takes it back." if tip else ""
        say(f"Done: {subject}. The site follows in a few minutes.{back}")
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


def _explain(parcel: Parcel, files: list[str]) -> str:
    git = parcel.repository.git
    tip = parcel.repository.commit(parcel.destination.tracking)
    lines = ["Somebody else changed the same places in:"]
    for file in files:
        who = git.line("log", "-1", "--format=%an on %ad", "--date=format:%-d %B", tip, "--", file)
        lines.append(f"  {shown(file)} ({who})")
    lines += [AGAIN]
    if parcel.changes.earlier:
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
