"""Builds the site: into a fresh folder, which takes the old one's place when all is well."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from jinja2 import FileSystemBytecodeCache, TemplateSyntaxError
from pelican.log import console
from pelican.settings import read_settings

from commands.swap import swap_in
from commands.terminal import Terminal, complain, describe, ends_in_words, summary, tell_crash
from core.content_files import WELL_KNOWN
from core.faults import Fault, Level, Report
from core.own_templates import OWN
from core.public.public_history import MANIFEST_IN_TREE
from core.public.site_shell import SiteShellFile
from plugins.runs.site_run import MANIFEST, PageManifest, PageRecord, SiteRun
from plugins.sections.build_context import BuildOrder, NoSite, Progress
from plugins.sections.content_folder import is_there

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from plugins.kinds.models import Content
    from plugins.sections.build_context import BuildContext


@dataclass(frozen=True)
class BuildOptions:
    """What to build, and how."""

    root: Path  # this repository
    content: Path
    site: Path
    output: Path
    url: str | None = None  # overrides site.toml's
    strict: bool = False  # leave the old tree alone when there is any fault
    drafts: bool = False  # show drafts and scheduled pages too
    now: datetime | None = None  # aware; None for the clock


@dataclass(frozen=True)
class BuildResult:
    """How a build went."""

    ok: bool  # whether a tree stands at the output folder
    faults: tuple[Fault, ...]
    pages: int
    seconds: float
    manifest: Mapping[str, PageRecord]  # by path below the site's root
    crash: str = ""  # an error of the theme's or the program's, for whoever works on those
    contents: tuple[Content, ...] = field(default=(), repr=False)
    languages: tuple[str, ...] = ()
    standing: str = field(default="", repr=False)  # what is public now, for the next build
    context: BuildContext | None = field(default=None, repr=False)  # None when nothing was read

    @property
    def faulty(self) -> bool:
        """Whether there is a fault that a strict build refuses."""
        return any(fault.level == Level.FAULT for fault in self.faults)


class CannotBuild(Exception):
    """The folders named can't be built from or into; the message says why."""


def build(options: BuildOptions, progress: Progress | None = None) -> BuildResult:
    """Build the site and put it in place.

    Faults in content never raise: they are in the result, and what they spoil is left out, or,
    when strict, nothing is put in place. On any failure the old tree stays as it was.

    :raises CannotBuild: when the output folder isn't one that may be replaced.
    """
    started = time.perf_counter()
    _check_output(options)
    report = Report()
    order = BuildOrder(
        site=options.site,
        url=options.url or "",
        drafts=options.drafts,
        now=options.now,
        cache=options.root / ".cache",
        report=report,
        last_tree=options.output,
        tells=False,
    )
    if progress:
        order = BuildOrder(**{**vars(order), "progress": progress})
    fresh = _beside(options.output)
    standing = ""
    try:
        known, crash = _run(options, order, fresh)
        ok = known is not None and not crash
        ok = ok and not (options.strict and report.count(Level.FAULT))
        if ok:
            standing = (fresh / MANIFEST_IN_TREE).read_text(encoding="utf-8")
            fresh.chmod(0o755)  # mkdtemp's folders are for one user alone
            swap_in(fresh, options.output)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    manifest = known.shared(PageManifest).pages if known and ok else {}
    return BuildResult(
        ok=ok,
        faults=tuple(report),
        pages=len(manifest),
        seconds=time.perf_counter() - started,
        manifest=manifest,
        crash=crash,
        contents=known.everything.contents if known else (),
        languages=known.site.languages if known else (),
        standing=standing,
        context=known,
    )


@ends_in_words({CannotBuild: 2})
def run_build(options: BuildOptions, terminal: Terminal) -> int:
    """Build, and say how it went.

    :returns: 0 when the site is in place, 1 when faults or an error kept it out, 2 when the
        folders named can't be used.
    """
    with terminal.progress() as progress:
        result = build(options, progress)
    grave = tuple(fault for fault in result.faults if fault.level == Level.FAULT)
    if grave:
        complain(f"{describe(grave)}\n")
    if result.crash:
        tell_crash(result.crash)
    terminal.say(summary(result.faults))
    if not result.ok:
        complain("The site was not built; what stood there before still stands.")
        return 1
    where = os.path.relpath(options.output)
    terminal.say(f"{result.pages} pages in {where} after {result.seconds:.1f} s.")
    return 0


def _check_output(options: BuildOptions) -> None:
    output = options.output.resolve()
    for folder in (options.content.resolve(), options.root.resolve()):
        if folder == output or folder.is_relative_to(output):
            raise CannotBuild(
                f"The output folder {options.output} holds {folder.name}. Choose another."
            )
    if not output.exists():
        return
    if not output.is_dir():
        raise CannotBuild(f"The output {options.output} is a file. Choose another name.")
    if any(output.iterdir()) and not _is_built(output):
        raise CannotBuild(
            f"The output folder {options.output} holds something that we didn't build. "
            "Choose another, or empty it yourself."
        )


def _is_built(folder: Path) -> bool:
    """Tell whether a folder is a tree that we built, and nothing of somebody's was added to it.

    Many programs write a manifest.json; the site's shell is written by ours alone. What a build
    never makes, such as the .git of a host's clone, would be lost with the tree.
    """
    hidden = {path.name for path in folder.iterdir() if path.name.startswith(".")}
    shell = SiteShellFile(folder).now()
    return (folder / MANIFEST).is_file() and bool(shell.assets) and hidden <= {WELL_KNOWN}


def _beside(output: Path) -> Path:
    """Make a folder in which the site is built, on the file system of the one it will replace."""
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{output.name}-", dir=output.parent))
    except OSError as error:
        raise CannotBuild(
            f"Nothing can be made in {output.parent}: {error.strerror}. Choose another folder."
        ) from None


def _run(options: BuildOptions, order: BuildOrder, fresh: Path) -> tuple[BuildContext | None, str]:
    """Run Pelican.

    :returns: the build's context, and what crashed if anything did.
    """
    if not is_there(options.content, order.report):
        return None, ""
    root = options.root
    overrides: dict[str, Any] = {
        "PATH": str(options.content),
        "OUTPUT_PATH": str(fresh),
        "THEME": str(root / "theme"),
        "THEME_TEMPLATES_OVERRIDES": [str(options.site.parent / OWN)],
        "CACHE_PATH": str(root / ".cache" / "pelican"),
        "ORDER": order,
    }
    try:
        with _Log() as log:
            settings = read_settings(str(root / "pelicanconf.py"), override=overrides)
            settings["JINJA_ENVIRONMENT"] |= {"bytecode_cache": _compiled_templates(root)}
            run = SiteRun(settings)
            run.run()
    except NoSite:
        return None, ""
    except Exception as error:  # noqa: BLE001 - the old site stays and a person reads this
        if fault := order.templates(root / "theme").fault_of(error):
            order.report.add(fault)
            return None, ""
        return None, _crash(error, root)
    if log.errors:
        return None, "\n".join(log.errors)
    return run.build, ""


def _compiled_templates(root: Path) -> FileSystemBytecodeCache:
    """Return where templates are kept compiled: making them anew takes longer than most edits."""
    folder = root / ".cache" / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder), "noted-%s.cache")


def _crash(error: Exception, root: Path) -> str:
    """Return what went wrong and where in the theme, if it was there, then the trace."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(".html")]
    place = ""
    if isinstance(error, TemplateSyntaxError) and error.filename:
        place = f"{os.path.relpath(error.filename, root)}:{error.lineno}: "
    elif frames:
        place = f"{os.path.relpath(frames[-1].filename, root)}:{frames[-1].lineno}: "
    trace = "".join(traceback.format_exception(error))
    return f"{place}{type(error).__name__}: {error}\n\n{trace}"


class _Log(logging.Handler):
    """Keeps the errors that Pelican logs, since it goes on after them as if all were well."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.errors.append(self.format(record))

    def __enter__(self) -> Self:
        """Listen in place of Pelican's own console, and let it print no summary."""
        self._quiet, console.quiet = console.quiet, True
        self._logger = logging.getLogger("pelican")
        self._before = self._logger.handlers[:], self._logger.propagate
        self._logger.handlers, self._logger.propagate = [self], False
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the logger as it was."""
        console.quiet = self._quiet
        self._logger.handlers, self._logger.propagate = self._before
