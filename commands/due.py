"""Says what falls due: on a terminal, or as JSON for other programs."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from commands.paper.subject import open_folder
from commands.publishing.git import Git
from commands.terminal import Stop, ends_in_words
from core.public.due import DueSort, due_json
from feedback.settings import BEHIND, PLACE
from plugins.loop.due import DueFinder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from commands.build import BuildOptions
    from core.public.due import DueEntry
    from plugins.sections.build_context import BuildContext

PROGRAM = Path(__file__).resolve().parent.parent
NEAR = 60  # days ahead that are shown unless somebody says otherwise
WORDS = {
    DueSort.ANSWER: "answer a tenant",
    DueSort.READING: "measure again",
    DueSort.REVIEW: "look at again",
    DueSort.ACTION: "do what a meetup asked for",
    DueSort.RESULT: "tell the result",
    DueSort.OWNER: "find another team",
    DueSort.ACCESS: "accessibility",
    DueSort.PAGE: "goes out",
    DueSort.TRANSLATION: "translate",
}


@ends_in_words()
def report_due(
    options: BuildOptions,
    *,
    days: int = NEAR,
    as_json: bool = False,
    now: datetime | None = None,
    say: Callable[[str], object] = print,
) -> int:
    """Print what is overdue, and what falls due soon.

    :param days: how far ahead; with `as_json` everything is told.
    :param now: the moment it is; None for the clock's.
    :returns: 0 when nothing is overdue, 1 when something is, 2 when it can't be told.
    """
    opened = open_folder(options.root, options.content, options.site, now)
    build = opened.build
    loop = opened.joined[build.site.languages[0]].loop
    entries = DueFinder(build, loop, build.today, edited_on(options.content)).entries()
    overdue = [entry for entry in entries if entry.is_overdue(build.today)]
    if as_json:
        say(due_json(entries).rstrip())
        return 1 if overdue else 0
    within = timedelta(days=days)
    near = [entry for entry in entries if entry.is_near(build.today, within)]
    ahead = [entry for entry in near if entry not in overdue]
    for heading, listed in (
        ("Overdue", overdue),
        (f"Within {days} days", [entry for entry in ahead if entry.on]),
        ("Whenever there is time", [entry for entry in ahead if not entry.on]),
    ):
        if listed:
            say(f"{heading} ({len(listed)})")
            for entry in listed:
                say(f"  {line(entry, build)}")
    if not overdue and not ahead:
        say("Nothing falls due.")
    later = len(entries) - len(overdue) - len(ahead)
    if later:
        say(f"And {later} later: ./run due --days 400.")
    return 1 if overdue else 0


def keep_translations(root: Path, content: Path, site_file: Path) -> None:
    """Leave where the service finds it what translations are behind their original.

    Git alone knows it, and the service sees a tree. They may be of drafts, so no tree has them.

    :param root: the folder of the clone, in whose private place they are left.
    :raises Stop: when there is no content, or the settings can't be read.
    """
    opened = open_folder(PROGRAM, content, site_file, None)
    build = opened.build
    loop = opened.joined[build.site.languages[0]].loop
    entries = DueFinder(build, loop, build.today, edited_on(content)).entries()
    behind = [entry for entry in entries if entry.sort == DueSort.TRANSLATION and entry.on]
    draft = root / PLACE / f"{BEHIND}.new"
    draft.write_text(due_json(behind), encoding="utf-8")
    draft.replace(root / PLACE / BEHIND)


def line(entry: DueEntry, build: BuildContext) -> str:
    """Return something that falls due as one line: by when, what, whose, and in which file."""
    lang = build.site.languages[0]
    title = entry.title.get(lang).text if entry.title else ""
    what = f" ({entry.what.get(lang).text})" if entry.what else ""
    team = build.site.named("teams", entry.owner) if entry.owner else ""
    owner = f", {team if isinstance(team, str) else team.get(lang).text}" if team else ""
    day = entry.on.isoformat() if entry.on else "-" * len("2026-03-04")
    source = f"  content/{entry.source}" if entry.source else ""
    return f"{day}  {WORDS[entry.sort]}: {title}{what}{owner}{source}"


def edited_on(content: Path) -> Mapping[str, date]:
    """Return the day on which each file of the content was last published, as git remembers it.

    Files that are edited and not published yet are of today as far as this tells: they are left
    out, so that nobody is told of a translation while its original is being written.
    """
    git = Git(content)
    try:
        log = git.ask("log", "--format=%x01%cs", "--name-only", "--relative", "-z", "--", ".")
    except Stop:
        return {}
    days: dict[str, date] = {}
    day: date | None = None
    for part in log.out.split("\0") if log.code == 0 else ():
        for name in part.split("\n"):
            if name.startswith("\x01"):
                day = date.fromisoformat(name[1:])
            elif name and day:
                days.setdefault(name, day)
    return days
