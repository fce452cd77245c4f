"""The builder's process: stays warm between builds, and may be thrown away when code changes.

Started as `python -m commands.preview.worker MODULE`, where MODULE has `build` and `BuildOptions`.
Jobs come in by standard input; answers go out by standard output, which nothing else may use.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import tomllib
import traceback
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from commands.preview.messages import BuildOutcome, Job, Progress

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO


def main(module: str) -> None:
    """Build once for each job that comes in, until the input ends."""
    # The preview ends this process itself; Ctrl-C is meant for the preview.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    # Whatever a library prints goes to standard error instead of in between the answers.
    os.dup2(2, 1)
    sys.stdout = sys.stderr  # a pipe's own buffer would keep it until the worker ends
    for line in sys.stdin.buffer:
        say(answers, run(module, Job.of_line(line), answers))


def run(module: str, job: Job, answers: BinaryIO) -> BuildOutcome:
    """Return what became of a job. Never raises: an error of ours is an outcome too."""
    base = base_of(job.site)

    def progress(stage: str, done: int, total: int) -> None:
        say(answers, Progress(stage, done, total))

    try:
        builder: Any = importlib.import_module(module)
        options = builder.BuildOptions(
            root=job.root,
            content=job.content,
            site=job.site,
            output=job.output,
            url=f"{job.origin}{base}/",
            drafts=job.drafts,
        )
        result = builder.build(options, progress)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, the preview goes on
        return BuildOutcome(crash=f"{type(error).__name__}: {error}\n\n{traceback.format_exc()}")
    return BuildOutcome(
        result.ok, tuple(result.faults), result.pages, result.seconds, base, result.crash
    )


def base_of(site: Path) -> str:
    """Return the folder that site.toml's url stands in, as in "/house"; "" when it tells none.

    What is wrong with the file is for the build to say.
    """
    try:
        url: str = tomllib.loads(site.read_text("utf-8"))["url"]
        return urlsplit(url).path.rstrip("/")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""


def say(answers: BinaryIO, answer: Progress | BuildOutcome) -> None:
    """Send an answer at once."""
    answers.write(answer.as_line())
    answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
