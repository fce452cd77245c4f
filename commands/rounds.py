"""What falls due by itself, in one order and one at a time: `./run rounds`, for a timer.

Each step is a task of its own in a process of its own, safe to miss and to repeat: a step that
fails is told, and those that don't need it are done all the same.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from commands.due import keep_translations
from commands.operator_mail import tell_operator
from commands.rounds_log import RoundsLog
from commands.site_folder import read_site
from commands.terminal import Stop, complain, ends_in_words
from feedback.settings import PLACE, SettingFault, Settings, database_of, token_of
from feedback.store import Store, StoreFault
from feedback.store.actions.site_runs import SiteUpdate, keep_run
from feedback.store.database.engine import may_exist

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from core.site import Site

STEPS = ("fetch", "pull", "publish", "deploy", "notify", "digest", "backup")
NEWS = ("fetch", "pull", "publish", "deploy", "notify")  # when something is new
MOST_SECONDS = 2 * 3600  # of one step: one that hangs holds up nobody for ever
LOCK = "rounds.lock"


@dataclass(frozen=True)
class RoundsStep:
    """Something to do, or why it isn't done here."""

    name: str
    words: Sequence[str] = ()
    skipped: str = ""


@dataclass(frozen=True)
class RoundsOptions:
    """What is to be done."""

    only: str = ""  # names of `STEPS`, with commas; "" for all
    if_new: bool = False  # only where something was fetched or pulled, or waits since a failure
    publish: bool = False  # whether what was pulled is sent on to the others' clones
    dry_run: bool = False


@ends_in_words({SettingFault: 2})
def rounds(root: Path, site_file: Path, options: RoundsOptions, say: Callable[[str], None]) -> int:
    """Do what falls due.

    :returns: 0 when all went well or somebody else does it just now; 1 when a step failed; 2 when
        the words can't be followed.
    """
    try:
        return one_round(root, site_file, options, say)
    except RoundsBusy as reason:
        say(str(reason))
        return 0


def one_round(
    root: Path, site_file: Path, options: RoundsOptions, say: Callable[[str], None]
) -> int:
    """Do what falls due, and let the desk know how it went.

    :returns: 0 when all went well, 1 when a step failed.
    :raises RoundsBusy: when somebody else does it just now.
    :raises Stop: when the words, or the settings, can't be followed.
    """
    names, site = _chosen(options), read_site(site_file)
    steps = [step for step in _steps(root, site, options) if step.name in names]
    began = datetime.now(UTC)
    with turn(root):
        faults = _walk(root, steps, options, say)
        if not options.dry_run:
            if not options.if_new:
                _keep_translations(root, site_file)
            log = RoundsLog.read(root)
            failing = {step: faults.get(step, "") for step in STEPS if log.failed(step)}
            tell_operator(root, site, log, failing)
            if may_exist(database_of(os.environ, root)):
                _tell_desk(root, SiteUpdate(began, datetime.now(UTC), _stopped(faults)))
        return int(bool(faults))


class RoundsBusy(Exception):
    """Somebody else does the rounds just now."""


@contextmanager
def turn(root: Path) -> Iterator[None]:
    """Let nobody else do the rounds of this folder meanwhile; it ends with the process.

    :raises RoundsBusy: when somebody does.
    """
    place = root / PLACE
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (place / LOCK).open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise RoundsBusy(
                f"These rounds are under way already, {lock.read().strip()}."
            ) from None
        lock.truncate(0)
        lock.write(f"since {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, as process {os.getpid()}")
        lock.flush()
        yield


def _chosen(options: RoundsOptions) -> Sequence[str]:
    if not options.only:
        return NEWS if options.if_new else STEPS
    names = [name.strip() for name in options.only.split(",")]
    if unknown := [name for name in names if name not in STEPS]:
        raise Stop(f"There is no step {unknown[0]}. There are {', '.join(STEPS)}.", 2)
    return names


def _steps(root: Path, site: Site, options: RoundsOptions) -> Iterator[RoundsStep]:
    """Yield each step as it is done here, in order."""
    environ = os.environ
    here = may_exist(database_of(environ, root))
    afar = site.feedback.service if site.feedback.service.startswith("https://") else ""
    target = environ.get("DEPLOY_TARGET", "").strip()
    nothing = "no feedback service keeps anything on this machine"
    if _upstream(root):
        yield RoundsStep("fetch", ["git", "pull", "--quiet", "--ff-only"])
    else:
        yield RoundsStep("fetch", skipped="this folder was cloned from nowhere")
    if here:
        yield RoundsStep("pull", _task(root, "pull"))
    elif afar and token_of(environ):
        yield RoundsStep("pull", _task(root, "pull", "--service", afar))
    else:
        yield RoundsStep("pull", skipped=nothing)
    if options.publish:
        yield RoundsStep("publish", _task(root, "publish", "--yes"))
    if target:
        yield RoundsStep("deploy", [str(root / "deploy" / "rsync.sh"), target])
    else:
        yield RoundsStep("deploy", _task(root, "build", "--strict"))
    tree = _tree(root, target)
    public = ["--site-tree", str(tree)] if tree else []
    for words in (["notify", *public], ["digest", "--send", *public], ["backup"]):
        step = RoundsStep(words[0], _task(root, *words))
        yield step if here else RoundsStep(words[0], skipped=nothing)


def _tree(root: Path, target: str) -> Path | None:
    """Return where the published site stands on this machine; None where it stands elsewhere."""
    if not target:
        return root / "output"
    if not target.startswith("/"):
        return None
    mode = os.environ.get("DEPLOY_MODE", "").strip() or "swap"
    return root.joinpath(target, "current") if mode == "swap" else root.joinpath(target)


def _task(root: Path, *words: str) -> list[str]:
    return [sys.executable, "-P", str(root / "commands" / "menu.py"), *words]


def _upstream(root: Path) -> bool:
    command = ["git", "rev-parse", "--verify", "--quiet", "@{upstream}"]
    return subprocess.run(command, cwd=root, check=False, capture_output=True).returncode == 0


def _walk(
    root: Path, steps: Sequence[RoundsStep], options: RoundsOptions, say: Callable[[str], None]
) -> dict[str, str]:
    """Do one step after the other; returns what those that failed said, by name."""
    log = RoundsLog.read(root)
    failed: dict[str, str] = {}
    before = _state(root)
    for step in steps:
        if step.skipped:
            say(f"{step.name}: {step.skipped}.")
            continue
        if options.if_new and step.name in {"publish", "deploy"} and not failed:
            waits = any(map(log.failed, STEPS)) or log.went("deploy") is None
            if _state(root) == before and not waits:
                say("Nothing is new.")
                break
        if options.dry_run:
            say(f"{step.name}: {' '.join(step.words)}")
            continue
        say(f"{step.name} …")
        well, words = _done(step, root, say)
        log.note(step.name, well=well)
        if not well:
            failed[step.name] = words
    if failed:
        complain(f"This went wrong: {', '.join(failed)}. What it said stands above.")
    return failed


def _stopped(faults: Mapping[str, str]) -> str:
    """Return what kept the site from being as the desk left it, "" for nothing."""
    return next((f"{name}: {faults[name]}" for name in NEWS if name in faults), "")


def _keep_translations(root: Path, site_file: Path) -> None:
    """Let the service mail which translations are behind, where there is something to translate."""
    try:
        keep_translations(root, site_file.with_name("content"), site_file)
    except Stop as reason:
        complain(f"Which translations are behind their original can't be told: {reason}")


def _tell_desk(root: Path, run: SiteUpdate) -> None:
    """Let those at the desk know, who see no log of this machine."""
    try:
        with Store.open(Settings.read(os.environ, root)) as store:
            store.write_now(lambda conn: keep_run(conn, run))
    except StoreFault as reason:
        complain(f"The desk could not be told how it went: {reason}")


def _done(step: RoundsStep, root: Path, say: Callable[[str], None]) -> tuple[bool, str]:
    """Run a step, hand on what it says, and return whether it went well, and its words.

    Nobody is there to answer a question, so a task that asks one refuses: a person has to look.
    """
    environment: Mapping[str, str] = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            step.words,
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=MOST_SECONDS,
            check=False,
            text=True,
            errors="replace",
        )
    except subprocess.TimeoutExpired:
        words = f"{step.name} was not done after {MOST_SECONDS // 3600} hours, and was ended."
        complain(words)
        return False, words
    except OSError as error:
        words = f"{step.name} can't be started: {error.strerror}."
        complain(words)
        return False, words
    if text := done.stdout.strip():
        say(text)
    return done.returncode == 0, text


def _state(root: Path) -> str:
    """Return what stands for the commit and the records that a site would be built from."""
    command = ["git", "rev-parse", "HEAD"]
    state = sha256(subprocess.run(command, cwd=root, check=False, capture_output=True).stdout)
    for path in sorted((root / "content" / "feedback").rglob("*")):
        if path.is_file():
            state.update(f"{path} ".encode())
            state.update(path.read_bytes())
    return state.hexdigest()
