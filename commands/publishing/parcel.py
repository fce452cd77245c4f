"""What would go out together, found out and checked, and told in words before anybody is asked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from os.path import lexists
from typing import TYPE_CHECKING

from commands.publishing.diff import compare, listed
from commands.publishing.git import shown
from commands.publishing.prompts import must_be_whole
from commands.publishing.snapshot import built, built_here, online
from commands.publishing.warnings import big_and_secret, sensitive
from commands.terminal import Stop
from core.content_files import MARKDOWN, NOT_THEIRS, FileSort
from core.public.public_history import MANIFEST_IN_CONTENT
from core.public.record_files import (
    ANSWERS,
    CLOCKS,
    CONFIRMATIONS,
    RECORD_FILE,
    STRIKES,
    TURNS,
    VOTES,
)
from feedback.record_source import SOURCE
from plugins.checks.spelling import OWN as WORDS
from plugins.discovery.redirects import OldAddresses
from plugins.languages.parity import parity
from plugins.sections.references import referred_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands.build import BuildResult
    from commands.publishing.diff import Difference
    from commands.publishing.repository import Destination, Repository
    from commands.publishing.snapshot import Snapshot
    from commands.publishing.staging import Staging

NOT_YET = "Nothing was published."
DICTIONARIES = "dictionaries/"
# Files of the content folder that the program itself reads, besides those that pages name.
READ_BY_NAME = {MANIFEST_IN_CONTENT, SOURCE, WORDS} | {
    file.path for file in (VOTES, CONFIRMATIONS, STRIKES, TURNS, ANSWERS, CLOCKS)
}
ALL = 10**6  # lines: every file that stays is named


@dataclass(frozen=True)
class FolderChanges:
    """What differs between this folder and what is online, sorted by what becomes of it."""

    names: list[str] = field(default_factory=list)  # own files that may go out, or are gone
    left: list[str] = field(default_factory=list)  # not the association's: they stay
    leftovers: list[str] = field(default_factory=list)  # programs': they stay
    ignored: list[str] = field(default_factory=list)  # git was told not to see them
    earlier: list[str] = field(default_factory=list)  # subjects of commits not sent yet
    sent: list[str] = field(default_factory=list)  # own files in those
    theirs: int = 0  # commits online that this folder lacks


@dataclass(frozen=True)
class Parcel:
    """Everything that would go out together."""

    repository: Repository
    destination: Destination
    tip: str  # what stands online; "" before the first publication
    now: datetime  # the moment that pages are built for
    changes: FolderChanges
    gone: set[str]  # of the names, those that are no longer there
    difference: Difference | None  # None: what is online cannot be built any more
    unused: list[str]  # content that no page refers to
    delicate: list[str]  # what somebody must look at first, and the site needs
    gaps: list[str]
    big: list[str]
    secrets: list[str]
    standing: str  # what stands in public once this is online

    @property
    def names(self) -> list[str]:
        """Return the files that go out, relative to the top of the repository."""
        return self.changes.names

    @property
    def empty(self) -> bool:
        """Whether nothing is left to send."""
        return not self.names and not self.changes.earlier

    def without(self, names: set[str]) -> Parcel:
        """Return the parcel that lacks some files."""
        rest = [name for name in self.names if name not in names]
        return replace(self, changes=replace(self.changes, names=rest))

    def tell(self, say: Callable[[str], None]) -> None:
        """Say what would go out, and what would not."""
        say("This would go out:")
        if self.difference is None:
            say("  (What is online was made for an older version: no page can be compared.)")
        else:
            for line in self.difference.lines():
                say(line)
        for line in self._other_files():
            say(line)
        if self.changes.theirs:
            say("  Others published since you last looked; yours is put on top of theirs.")
        for line in self.staying():
            say(line)

    def _other_files(self) -> list[str]:
        own, unused = self.repository.is_own, set(self.unused)
        sent = [name for name in self.names if name not in unused]
        titled = self._titled()
        plain = [self._marked(name) for name in sent if own(name) and name not in titled]
        beyond = [self._marked(name) for name in sent if not own(name)]
        return [
            *listed("Settings, pictures and other files", plain),
            *listed("Files beyond the content", beyond),
            *listed("Commits made here before, not sent yet", self.changes.earlier),
            *listed("In one language only so far", self.gaps),
            *listed("Big files, which git keeps for ever", self.big),
            *listed("LOOKS LIKE A SECRET, which git could never forget", self.secrets, most=ALL),
            *listed(
                "You are asked about each of these, since it may hold more than it shows",
                [described(name) for name in self.delicate],
                most=ALL,
            ),
        ]

    def _titled(self) -> set[str]:
        """Return the files of pages, which the difference tells by their titles."""
        pages = {name for name in self.names if name.endswith(MARKDOWN)}
        return pages if self.difference else set()

    def _marked(self, name: str) -> str:
        return f"{shown(name)} (deleted)" if name in self.gone else shown(name)

    def staying(self) -> list[str]:
        """Return in words what stays here, every file by name."""
        changes = self.changes
        return [
            *listed(
                "No page refers to these, so they stay here",
                [described(name) for name in self.unused],
                most=ALL,
            ),
            *stays(changes),
        ]


def described(name: str) -> str:
    """Return a file's name, and what it is where somebody should look at it first."""
    sort = sensitive(name)
    return f"{shown(name)} ({sort})" if sort else shown(name)


def stays(changes: FolderChanges) -> list[str]:
    """Return in words what never goes out by itself."""
    return [
        *listed(
            "Changed, but not content: left as they are (--everything)", map(shown, changes.left)
        ),
        *listed("Left behind by programs: they stay here", map(shown, changes.leftovers)),
        *listed("Git is told to ignore these, so they do not go out", map(shown, changes.ignored)),
    ]


def find(
    repository: Repository, destination: Destination, *, everything: bool
) -> tuple[FolderChanges, str, str]:
    """Find out what differs; returns it with the commit online, and the newest one shared.

    :param everything: whether files beyond the content go out too.
    :raises Stop: when the two histories have nothing in common.
    """
    git = repository.git
    tip, head = repository.commit(destination.tracking), repository.head()
    base = _shared(repository, destination, tip, head)
    names: list[str] = []
    left: list[str] = []
    leftovers: list[str] = []
    for name in sorted(repository.changes()):
        if not repository.is_own(name):
            (names if everything else left).append(name)
        elif repository.sort(name) not in NOT_THEIRS:
            names.append(name)
        elif lexists(repository.top / name):  # Emacs' lock is a link that leads nowhere
            leftovers.append(name)
        else:
            names.append(name)  # nobody misses it online
    # cherry-pick: a commit that is online under another number is not counted again.
    mine = ("--cherry-pick", "--right-only", f"{tip}...HEAD") if base else ("HEAD",)
    return (
        FolderChanges(
            names=names,
            left=left,
            leftovers=leftovers,
            ignored=repository.ignored(),
            earlier=git.do("log", "--format=%s", *mine).splitlines() if head else [],
            sent=[name for name in _sent(repository, base, head) if repository.is_own(name)],
            theirs=int(git.line("rev-list", "--count", tip, "--not", "HEAD") or 0)
            if tip and head
            else 0,
        ),
        tip,
        base,
    )


def pack(
    staged: Staging, destination: Destination, changes: FolderChanges, tip: str, base: str
) -> Parcel:
    """Check all that was changes, as it would be committed.

    :raises Stop: for faults in it, or when it was changed while it was looked at.
    """
    repository = staged.repository
    staged.take(changes.names)
    before = online(repository, base)
    now = before.now if before else datetime.now().astimezone()
    result = _checked(staged, changes, now)
    present = staged.names()
    gone = {name for name in changes.names if name not in present}
    unused = _unused(repository, changes, gone, result)
    carried = [name for name in (*changes.names, *changes.sent) if name not in unused]
    big, secrets = big_and_secret(repository.top, carried)
    return Parcel(
        repository=repository,
        destination=destination,
        tip=tip,
        now=now,
        changes=changes,
        gone=gone,
        difference=_difference(repository, before, result, changes, present),
        unused=unused,
        delicate=sorted({name for name in carried if sensitive(name) and name in present}),
        gaps=[
            f"{gap.path}: {gap.wrong}"
            for gap in parity(result.contents, result.faults, result.languages).gaps
        ],
        big=big,
        secrets=secrets,
        standing=result.standing,
    )


def _checked(staged: Staging, changes: FolderChanges, now: datetime) -> BuildResult:
    """Build just what would be committed: what git is told to ignore is not there for readers."""
    repository = staged.repository
    if changes.ignored:
        result = built(repository, staged.tree(), now, strict=True)
    else:
        result = built_here(repository, now)
        if changed := _changed_meanwhile(staged, changes):
            raise Stop(
                "Somebody, or a program, changed these while they were being checked: "
                f"{', '.join(sorted(map(shown, changed)))}. Try again. {NOT_YET}"
            )
    ignored = listed("Git is told to ignore these, so readers lack them", changes.ignored, most=ALL)
    must_be_whole(
        result,
        "These must be mended before it can go out:",
        "\n".join([*ignored, f"{NOT_YET} `./run check` lists the faults of this folder."]),
    )
    return result


def _changed_meanwhile(staged: Staging, changes: FolderChanges) -> set[str]:
    """Return own files that came, went or changed while the site was built from them."""
    repository = staged.repository
    now = {name for name in repository.changes() if repository.is_own(name)}
    before = {name for name in changes.names if repository.is_own(name)} | {*changes.leftovers}
    return (staged.outdated() - {*changes.leftovers}) | (now ^ before)


def _unused(
    repository: Repository, changes: FolderChanges, gone: set[str], result: BuildResult
) -> list[str]:
    """Return content that may go out and that nothing on the site refers to."""
    used = referred_files(result.context) if result.context else frozenset[str]()

    def needed(inside: str) -> bool:
        return (
            inside.endswith(MARKDOWN)
            or inside in used
            or inside in READ_BY_NAME
            or inside.startswith(DICTIONARIES)
            or bool(RECORD_FILE.fullmatch(inside))
        )

    return [
        name
        for name in changes.names
        if (inside := repository.in_content(name))
        and name not in gone
        and repository.sort(name) is FileSort.CONTENT
        and not needed(inside)
    ]


def _difference(
    repository: Repository,
    before: Snapshot | None,
    result: BuildResult,
    changes: FolderChanges,
    present: set[str],
) -> Difference | None:
    if before is None:
        return None
    edited = {name for name in (*changes.names, *changes.sent) if repository.in_content(name)}
    led_on = result.context.all_shared(OldAddresses) if result.context else []
    aliases = [path for addresses in led_on for path in addresses.paths]
    inside = repository.in_content
    return compare(
        before.pages,
        result.manifest,
        map(inside, edited),
        aliases,
        map(inside, edited - present),
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
    """Files in commits made here and not sent yet."""
    if not head:
        return []
    if not base:
        return repository.git.names("ls-tree", "-r", "-z", "--name-only", head)
    return repository.git.names("diff", "--name-only", "-z", "--no-renames", base, head)
