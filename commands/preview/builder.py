"""Keeps a builder process warm, gives it jobs, and replaces it when it dies or hangs."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from commands.preview.messages import BuildOutcome, Progress, read_answer

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Callable

    from commands.preview.messages import Job

HOUSE = Path(__file__).resolve().parents[2]
LONGEST_LINE = 64 * 2**20  # bytes of one answer: thousands of faults fit
LAST_WORDS = 40  # lines of a dead builder's error output that are worth showing
DIED = "The builder stopped in the middle of a build ({}). A new one takes its place."
HANGS = "The builder said nothing for {:.0f} s and was stopped. The next save starts a new one."


class BuilderDied(Exception):
    """The process ended before it had answered; `str()` says how."""


class Builder:
    """A process that builds; started when it is first needed."""

    def __init__(self, module: str, patience: float, tell: Callable[[str], None]) -> None:
        """Build with a module's `build`.

        :param patience: how many seconds of silence are too many.
        :param tell: is given a sentence when the process had to be replaced, and what it prints.
        """
        self._module = module
        self._patience = patience
        self._tell = tell
        self._process: Process | None = None
        self._listener: asyncio.Task[None] | None = None
        self._last_words: deque[str] = deque(maxlen=LAST_WORDS)

    async def build(self, job: Job, progress: Callable[[Progress], None]) -> BuildOutcome:
        """Return what became of a job. A builder that dies gets one successor to try again."""
        try:
            try:
                return await self._ask(job, progress)
            except BuilderDied as end:
                self._tell(DIED.format(end))
                await self.restart()
                return await self._ask(job, progress)
        except BuilderDied as end:
            last_words = "\n".join(self._last_words)
            await self.restart()
            return BuildOutcome(crash=f"The builder stopped twice ({end}).\n{last_words}".rstrip())
        except TimeoutError:
            await self.restart()
            sentence = HANGS.format(self._patience)
            return BuildOutcome(crash=sentence)

    async def restart(self) -> None:
        """End the process with all it started; the next job starts a new one."""
        process, listener = self._process, self._listener
        self._process = self._listener = None
        if process is None or listener is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        listener.cancel()
        with suppress(asyncio.CancelledError):
            await listener

    async def _ask(self, job: Job, progress: Callable[[Progress], None]) -> BuildOutcome:
        process = await self._running()
        assert process.stdin is not None  # noqa: S101 - it was asked for
        with suppress(ConnectionError):
            process.stdin.write(job.as_line())
            await process.stdin.drain()
        while True:
            answer = await asyncio.wait_for(self._hear(process), self._patience)
            if isinstance(answer, BuildOutcome):
                return answer
            progress(answer)

    async def _hear(self, process: Process) -> Progress | BuildOutcome:
        """Wait for the next answer or the process's end: its children may hold the pipe open."""
        assert process.stdout is not None  # noqa: S101 - it was asked for
        line = asyncio.create_task(process.stdout.readline())
        end = asyncio.create_task(process.wait())
        try:
            await asyncio.wait({line, end}, return_when=asyncio.FIRST_COMPLETED)
            if line.done() and line.result():
                return read_answer(line.result())
            raise BuilderDied(_manner(await process.wait()))
        finally:
            line.cancel()
            end.cancel()

    async def _running(self) -> Process:
        if self._process is None:
            self._last_words.clear()
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "commands.preview.worker", self._module),
                cwd=HOUSE,
                env={**os.environ, "PYTHONPATH": str(HOUSE), "PYTHONSAFEPATH": "1"},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=LONGEST_LINE,
                start_new_session=True,  # a group of its own, to be ended as one
            )
            self._listener = asyncio.create_task(self._listen(self._process))
        return self._process

    async def _listen(self, process: Process) -> None:
        """Pass on what the builder prints, and keep the end of it for when it dies."""
        assert process.stderr is not None  # noqa: S101 - it was asked for
        async for line in process.stderr:
            words = line.decode("utf-8", "replace").rstrip()
            self._last_words.append(words)
            self._tell(words)


def _manner(code: int) -> str:
    """Say how a process ended."""
    return f"by signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
