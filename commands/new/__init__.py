"""`./run new KIND`: asks in plain words, and writes a draft that passes `check`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from commands.new.asked import Asked, begin, read_kind, read_settings
from commands.new.draft import Draft, settle_names
from commands.new.interview import Interview
from commands.new.shelf import open_shelf
from commands.new.stop import UNTOUCHED, Stop
from commands.new.tape import open_tape
from core.templating import duration

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def new(  # noqa: PLR0913 - as many as the command line has options
    kind: str,
    root: Path,
    content: Path,
    site: Path,
    *,
    title: str | None = None,
    lang: str | None = None,
    both: bool = False,
    date: str | None = None,
    key: str | None = None,
    author: str | None = None,
    recording: Path | None = None,
    yes: bool = False,
    say: Callable[[str], None],
    ask: Callable[[str], str],
    now: datetime | None = None,
) -> int:
    """Write the first file of a new thing, and those of its translations if they are wanted.

    :param kind: what to make, as people type it: post, meetup, episode …
    :param root: this repository.
    :param lang: the language that is written first.
    :param both: make the other languages' files too.
    :param date: its day, as 2026-03-04.
    :param key: its short name in files and references.
    :param author: the key of a post's author in site.toml.
    :param recording: a file of sound that an episode is made from; it is copied.
    :param yes: ask nothing; blanks stand where only a person can know.
    :param ask: asks a question and returns the answer; EOFError means that nobody is there.
    :param now: aware; None for the clock.
    :returns: 0 when the files are written; 1 when none is, because somebody stopped, the key is
        taken, or site.toml lacks what the kind must name; 2 when the words can't be followed.
        Nothing that is there is ever overwritten.
    """
    asked = Asked(
        title=(title or "").strip(),
        lang=(lang or "").strip().lower(),
        both=both,
        date=(date or "").strip(),
        key=(key or "").strip(),
        author=(author or "").strip(),
        yes=yes,
    )
    try:
        what = read_kind(kind)
        tape = open_tape(recording, what)
        if tape and not asked.title:
            asked = replace(asked, title=tape.title)
        settings = read_settings(site, what)
        today = (now or datetime.now(UTC)).astimezone(settings.timezone).date()
        if not yes:
            say(f"A new {what}. Enter takes what stands in [brackets]; Ctrl-C stops.")
        first = Interview(settings, settings.unnamed, (), today, yes, say, ask)
        interview = begin(asked, what, first)
        shelf = open_shelf(content, settings, what)
        names = settle_names(asked, interview, shelf)
        paths = Draft(names, interview, shelf, tape).write(asked)
    except Stop as stop:
        say(str(stop))
        return stop.code
    except KeyboardInterrupt:
        say(f"\nStopped. {UNTOUCHED}")
        return 1
    except EOFError:
        say(f"\nNobody is there to answer. {UNTOUCHED} With --yes nothing is asked.")
        return 1
    elsewhere = "" if content == root / "content" else f" --content {content}"
    say("\n".join(["Written:", *(f"  {path.relative_to(content.parent)}" for path in paths)]))
    say(
        f"Open it in your editor and write over what stands there. ./run serve{elsewhere} shows it."
    )
    if tape:
        say(
            f"Its recording runs for {duration(tape.recording.duration)}. {tape.advice()}".rstrip()
            + " Before it goes out, write what is said as WebVTT and name it in transcript:."
        )
    return 0
