"""One run of the preview: a server, a watcher and a builder, from the first page to Ctrl-C."""

from __future__ import annotations

import asyncio
import fcntl
import itertools
import secrets
import shutil
import signal
import webbrowser
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from granian.constants import Interfaces
from granian.server.embed import Server

from commands.preview.address import USUAL, UnusableAddress, own_address
from commands.preview.app import application, is_loopback
from commands.preview.builder import Builder
from commands.preview.live import Hub, PreviewState
from commands.preview.mailbox import Mailbox
from commands.preview.messages import Job
from commands.preview.service_mount import mounted_service
from commands.preview.terminal import PreviewTerminal
from commands.preview.tree import ServedTree
from commands.preview.watcher import CODE, WatchedPaths, watch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import ASGIApp

    from commands.preview.messages import BuildOutcome

BUILDER = "commands.build"
PATIENCE = 180.0  # seconds without a word after which a builder hangs
GRACE = 0.5  # seconds that open downloads are given when the preview ends
PAUSE = 0.02  # seconds between looks whether the server answers
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what they are reached by


def serve(  # noqa: PLR0913 - as many as the command has options
    root: Path,
    content: Path,
    site: Path,
    *,
    port: int | None = None,
    host: str = "127.0.0.1",
    open_browser: bool = False,
    drafts: bool = True,
    quiet: bool = False,
    mailbox: Mailbox | None = None,
    builder: str = BUILDER,
    patience: float = PATIENCE,
) -> int:
    """Build, serve, and build again on every save, until Ctrl-C.

    :param root: the repository.
    :param port: None for 8000 or the next that is free.
    :param mailbox: takes what the service would send.
    :param builder: the module whose `build` makes the site.
    :param patience: seconds for which it may say nothing.
    :returns: the exit code: 0, or 2 when it can't begin.
    """
    root, content, site = root.resolve(), content.resolve(), site.resolve()
    terminal = PreviewTerminal((content.parent, root), quiet=quiet)
    try:
        with own_address(host, port) as (address, number), own_output(root / ".cache") as output:
            if port is None and number != USUAL:
                terminal.say(f"Port {USUAL} is taken, so this preview is on port {number}.")
            if not is_loopback(address):
                terminal.complain(
                    f"Everyone who can reach {address} can read this preview, drafts included: "
                    "leave out --host to keep it to this machine."
                )
            job = Job(root, content, site, output, _origin(address, number), drafts)
            session = Session(
                job, Builder(builder, patience, terminal.say), terminal, mailbox or Mailbox()
            )
            return asyncio.run(session.run(address, number, open_browser=open_browser))
    except UnusableAddress as sentence:
        terminal.complain(str(sentence))
        return 2


def _origin(address: str, port: int) -> str:
    """Return what a browser on this machine calls the preview."""
    near = ANYWHERE.get(address, address)
    return f"http://[{near}]:{port}" if ":" in near else f"http://{near}:{port}"


@contextmanager
def own_output(caches: Path) -> Iterator[Path]:
    """Yield a folder for the built site that no other preview writes to at the same time."""
    for number in itertools.count(1):
        folder = caches / ("preview" if number == 1 else f"preview-{number}")
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            for unfinished in folder.glob(".output-*"):  # by a builder that was ended in a build
                shutil.rmtree(unfinished, ignore_errors=True)
            yield folder / "output"
            return


class Session:
    """What one preview holds while it runs."""

    def __init__(
        self, job: Job, builder: Builder, terminal: PreviewTerminal, mailbox: Mailbox
    ) -> None:
        """Serve what a builder makes of one job, again and again."""
        self._job = job
        self._builder = builder
        self._terminal = terminal
        self._mailbox = mailbox
        self._hub = Hub()
        self._name = secrets.token_hex(4)  # a browser may still hold pages of an earlier preview
        self._changed: set[Path] = set()
        self._saved = asyncio.Event()
        self._greeted = asyncio.Event()
        self._stop = asyncio.Event()

    async def run(self, address: str, port: int, *, open_browser: bool) -> int:
        """Serve until a signal or an end that nobody asked for. Returns the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Under nohup a preview outlives its terminal.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                asyncio.get_running_loop().add_signal_handler(number, self._stop.set)
        mailbox = self._mailbox if is_loopback(address) else None
        async with mounted_service(self._job, self._terminal, mailbox) as further:
            site = ServedTree(self._job.output, self._hub)
            app = application(site, self._hub, address, self._terminal.complain, further)
            return await self._serve(app, address, port, open_browser=open_browser)

    async def _serve(self, app: ASGIApp, address: str, port: int, *, open_browser: bool) -> int:
        server = Server(app, address, port, interface=Interfaces.ASGI, log_enabled=False)
        serving = asyncio.create_task(server.serve())
        watching = asyncio.create_task(self._watch())
        building = asyncio.create_task(self._build())
        greeting = asyncio.create_task(self._greet(address, port, open_browser=open_browser))
        asked = asyncio.create_task(self._stop.wait())
        tasks = (serving, watching, building, greeting, asked)
        await asyncio.wait({serving, watching, building, asked}, return_when="FIRST_COMPLETED")
        ended = [task for task in (serving, watching, building) if task.done()]
        early = [] if self._stop.is_set() else ended
        # An open browser or a slow download must not hold up the end.
        self._stop.set()
        self._hub.close()
        server.stop()  # type: ignore[no-untyped-call] # granian types the half of its interface
        await asyncio.wait({serving, watching}, timeout=GRACE)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._builder.restart()
        self._terminal.rest()
        for task in early:
            task.result()
        return 0 if not early else 2

    async def _greet(self, address: str, port: int, *, open_browser: bool) -> None:
        """Say where the preview is as soon as it answers."""
        while True:
            with suppress(OSError):
                _, line = await asyncio.open_connection(address, port)
                line.close()
                break
            await asyncio.sleep(PAUSE)
        url = f"{self._job.origin}/"
        self._terminal.say(f"Preview: {url} (Ctrl-C ends it)", "bold")
        self._greeted.set()
        if open_browser:
            await asyncio.to_thread(webbrowser.open, url)

    async def _watch(self) -> None:
        job = self._job
        watched = WatchedPaths.of(job.root, job.content, job.site)
        try:
            await watch(watched, self._stop, self._note)
        except (OSError, RuntimeError) as error:
            self._terminal.complain(
                f"The files cannot be watched, so saves will not show: {error}. On Linux, raise "
                "fs.inotify.max_user_watches; then start the preview again."
            )
            await self._stop.wait()

    def _note(self, paths: set[Path]) -> None:
        """Remember what changed; a build that is under way is followed by one more."""
        self._changed |= paths
        self._saved.set()

    async def _build(self) -> None:
        """Build at once, then after every change; what came of it is said below the address."""
        changed: set[Path] = set()
        unseen: set[Path] = set()  # what changed since the site that is served was built
        for number in itertools.count(1):
            if any(path.suffix in CODE for path in changed):
                await self._builder.restart()
            self._terminal.building()
            outcome = await self._builder.build(self._job, self._terminal.progress)
            unseen |= changed
            self._publish(number, outcome, unseen)
            await self._greeted.wait()
            if outcome.ok:
                unseen = set()
            self._terminal.built(changed, outcome, standing=bool(self._hub.state.build))
            await self._saved.wait()
            self._saved.clear()
            changed, self._changed = self._changed, set()

    def _publish(self, number: int, outcome: BuildOutcome, unseen: set[Path]) -> None:
        """Tell the pages what came of a build; one that failed leaves the last good site."""
        before = self._hub.state
        if outcome.ok:
            styles_only = unseen and all(path.suffix == ".css" for path in unseen)
            state = PreviewState(
                build=f"{self._name}-{number}",
                restyled=before.build if styles_only else "",
                base=outcome.base,
            )
        else:
            state = replace(before, current=False)
        self._hub.publish(replace(state, faults=outcome.faults, crash=outcome.crash))
