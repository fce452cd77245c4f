"""A builder for tests of the preview: quick, and it fails in whichever way a page tells it to.

Each `NAME.md` becomes the page `/NAME/`, `index.md` the front page, every other file of the content
is copied. A line such as `!die` in a page makes the build go wrong in that way.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from core.faults import Fault, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="{base}/assets/style.{tag}.css"></head>
<body><h1>{title}</h1><p id="body">{body}</p><p id="url">{url}</p></body></html>
"""


@dataclass(frozen=True)
class BuildOptions:
    """As in `commands.build`."""

    root: Path
    content: Path
    site: Path
    output: Path
    url: str | None = None
    strict: bool = False
    drafts: bool = False
    now: datetime | None = None


@dataclass(frozen=True)
class BuildResult:
    """As in `commands.build`."""

    ok: bool
    faults: tuple[Fault, ...]
    pages: int
    seconds: float
    manifest: Mapping[str, object]
    crash: str


def build(
    options: BuildOptions, progress: Callable[[str, int, int], None] | None = None
) -> BuildResult:
    """Build as `commands.build.build` does, for content that tests write."""
    print("a library that prints")  # noqa: T201 - must not come in between the answers
    count_build(options.root)
    pages = sorted(options.content.glob("*.md"))
    faults = [fault for page in pages for fault in obey(page, options)]
    broken = any(fault.level == Level.FAULT and fault.line for fault in faults)
    crash = "The template is broken.\n<b>line</b> 3" if any(map(is_crash, pages)) else ""
    if progress:
        progress("pages", len(pages), len(pages))
    if not broken and not crash:
        write(options, pages)
    return BuildResult(not broken and not crash, tuple(faults), len(pages), 0.1, {}, crash)


def count_build(root: Path) -> None:
    """Leave a mark for each build and the process that made it."""
    with (root / "builds").open("a", encoding="utf-8") as marks:
        marks.write(f"{os.getpid()}\n")


def obey(page: Path, options: BuildOptions) -> list[Fault]:
    """Go wrong as the page says; return the faults it asks for."""
    faults = []
    for number, line in enumerate(page.read_text("utf-8").splitlines(), 1):
        word, _, rest = line.partition(" ")
        path = f"content/{page.name}"
        if word == "!fault":
            faults.append(Fault(path, number, "title", rest, "Write a title."))
        elif word == "!mild":  # a fault that leaves a site standing
            faults.append(Fault(path, 0, "", rest, "Write it again."))
        elif word == "!advice":
            faults.append(Fault(path, number, "", rest, "Say more.", Level.ADVICE))
        elif word == "!raise":
            raise ZeroDivisionError(rest)
        elif word == "!die":  # so many times
            die(options.root / "deaths", int(rest))
        elif word == "!wait":
            # Opens once the test opens the other end.
            (options.root / "gate").read_text("utf-8")
    return faults


def die(marks: Path, times: int) -> None:
    """End this process at once, unless that was done often enough."""
    deaths = len(marks.read_text("utf-8")) if marks.exists() else 0
    if deaths < times:
        marks.write_text("x" * (deaths + 1), "utf-8")
        os.kill(os.getpid(), signal.SIGKILL)


def is_crash(page: Path) -> bool:
    """Whether the page asks for an error of a template."""
    return "!crash" in page.read_text("utf-8")


def write(options: BuildOptions, pages: list[Path]) -> None:
    """Write a fresh tree beside the old one, then swap."""
    fresh = options.output.with_name("fresh")
    shutil.copytree(options.content, fresh, ignore=shutil.ignore_patterns("*.md"), symlinks=True)
    style = (options.root / "theme" / "static" / "style.css").read_bytes()
    tag = hashlib.sha256(style).hexdigest()[:8]
    (fresh / "assets").mkdir(parents=True, exist_ok=True)
    (fresh / "assets" / f"style.{tag}.css").write_bytes(style)
    url = options.url or ""
    base = "/" + url.split("/", 3)[3].rstrip("/") if url.count("/") > 3 else ""
    for page in pages:
        title, _, body = page.read_text("utf-8").partition("\n")
        folder = fresh if page.stem == "index" else fresh / page.stem
        folder.mkdir(exist_ok=True)
        (folder / "index.html").write_text(
            PAGE.format(title=escape(title), body=escape(body), tag=tag, url=url, base=base),
            encoding="utf-8",
        )
    old = options.output.with_name("old")
    if options.output.exists():
        options.output.rename(old)
    fresh.rename(options.output)
    shutil.rmtree(old, ignore_errors=True)
