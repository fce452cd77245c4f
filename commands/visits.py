"""How often pages are read, counted from the web server's own log: days and pages, nobody's steps.

Only pages of the built site are counted, so that no log, however long or made up, fills the memory;
nothing is kept of addresses, of where somebody came from, or of what a program says it is.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from commands.site_folder import read_site
from commands.terminal import Stop, ends_in_words
from feedback.settings import tree_of
from plugins.runs.site_run import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import IO

LONGEST = 16_384  # bytes of a line; servers write no longer ones of readers
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
READ = {200, 206, 304}
ROBOTS = re.compile(
    r"bot\b|bot[/;]|crawl|spider|slurp|scan|monitor|preview|fetch|archiv|feed|rss|podcast|curl|wget"
    r"|python|java/|go-http|okhttp|libwww|headless|lighthouse",
    re.IGNORECASE,
)
# Apache's and nginx's "combined", and the form of our recipes, which has no addresses.
LINE = re.compile(
    r'\S+ \S+ \S+ \[(\d\d)/(\w{3})/(\d{4}):[^\]]*\] "([A-Z]+) (\S+)[^"]*" (\d{3}) \S+'
    r'(?: "[^"]*" "((?:[^"\\]|\\.)*)")?'
)


@dataclass(frozen=True, slots=True)
class PageVisit:
    """One request, as far as it matters."""

    day: date
    path: str  # as it was asked for, without what follows a question mark
    program: str


@dataclass
class VisitCounts:
    """What was counted."""

    pages: Counter[tuple[date, str]] = field(default_factory=Counter)  # by day and path
    robots: int = 0
    elsewhere: int = 0  # what is no page of the site: pictures, feeds, old addresses, guesses
    unread: int = 0  # lines that nobody understood


@ends_in_words()
def visits(  # noqa: PLR0913 - as many as the command has options
    root: Path,
    site_file: Path,
    logs: Sequence[Path],
    *,
    table: Path | None,
    since: str,
    tree: Path | None,
    environ: Mapping[str, str],
    say: Callable[[str], None],
) -> int:
    """Count how often pages were read, and say or write it.

    :param logs: files of a web server, also packed by gzip.
    :param table: the file to write a table into (CSV); None to show the most read pages.
    :param since: the first day that counts, such as 2026-03-01; "" for all.
    :param tree: the built site; None for the usual one.
    :returns: 0, or 2 when a file can't be read or the words can't be followed.
    """
    site = read_site(site_file)
    titles = _titles(tree or tree_of(environ, root))
    counts = VisitCounts()
    first = _day(since)
    for log in logs:
        try:
            with closing(_opened(log)) as file:
                _count(file, urlsplit(site.url).path or "/", titles, first, counts)
        except OSError as error:
            raise Stop(f"{log} can't be read: {error.strerror or error}.", 2) from None
    if table:
        _write(table, counts, titles)
        say(f"Written to {table}.")
    else:
        _show(counts, titles, say)
    say(
        f"Not counted: {counts.robots} by programs that say so, {counts.elsewhere} that were no "
        f"page, {counts.unread} lines that nobody understood."
    )
    return 0


def read_line(line: bytes) -> PageVisit | None:
    """Return what a line of a log tells; None for what it doesn't.

    :raises ValueError: for a line that is none of a web server's.
    """
    text = line.decode("utf-8", "replace").strip()
    if text.startswith("{"):
        return _of_caddy(json.loads(text))
    match = LINE.match(text)
    if match is None:
        raise ValueError(text[:80])
    day, month, year, method, path, status, program = match.groups()
    when = date(int(year), MONTHS.index(month) + 1, int(day))
    return _visit(when, method, path, int(status), program or "")


def _of_caddy(entry: Any) -> PageVisit | None:  # noqa: ANN401 - whatever the line holds
    try:
        request = entry["request"]
        programs = request.get("headers", {}).get("User-Agent", [""])
        when = datetime.fromtimestamp(float(entry["ts"]), UTC).date()
        facts = str(request["method"]), str(request["uri"]), int(entry["status"])
        return _visit(when, *facts, str(programs[0]))
    except (KeyError, TypeError, AttributeError, IndexError, OverflowError, OSError):
        raise ValueError("no line of Caddy's") from None


def _visit(when: date, method: str, path: str, status: int, program: str) -> PageVisit | None:
    if method != "GET" or status not in READ:
        return None
    page = unquote(path.partition("?")[0]).removesuffix("index.html")
    return PageVisit(when, page, program)


def _titles(tree: Path) -> dict[str, str]:
    """Return the title of each page of the built site by its path."""
    try:
        pages = json.loads((tree / MANIFEST).read_text(encoding="utf-8"))["pages"]
        return {path.removesuffix("index.html"): page["title"] for path, page in pages.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Stop(
            f"{tree} holds no built site, whose pages could be counted. Name it with --tree.", 2
        ) from None


def _day(since: str) -> date:
    try:
        return date.fromisoformat(since) if since else date.min
    except ValueError:
        raise Stop(f"{since} is no day. Write one such as 2026-03-01.", 2) from None


def _opened(log: Path) -> IO[bytes]:
    return gzip.open(log) if log.suffix == ".gz" else log.open("rb")  # type: ignore[return-value]


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of a log; of one that is longer than any, the beginning alone."""
    while line := file.readline(LONGEST):
        yield line
        while not line.endswith(b"\n") and (line := file.readline(LONGEST)):
            pass


def _count(
    file: IO[bytes], base: str, titles: Mapping[str, str], first: date, counts: VisitCounts
) -> None:
    for line in _lines(file):
        try:
            visit = read_line(line)
        except (ValueError, RecursionError):
            counts.unread += 1
            continue
        if visit is None or visit.day < first:
            continue
        path = visit.path.removeprefix(base) if visit.path.startswith(base) else None
        if ROBOTS.search(visit.program):
            counts.robots += 1
        elif path is None or path not in titles:
            counts.elsewhere += 1
        else:
            counts.pages[visit.day, path] += 1


def _show(counts: VisitCounts, titles: Mapping[str, str], say: Callable[[str], None]) -> None:
    """Show each month, and the pages that were read most."""
    months: Counter[str] = Counter()
    pages: Counter[str] = Counter()
    for (day, path), count in counts.pages.items():
        months[f"{day:%Y-%m}"] += count
        pages[path] += count
    for month, count in sorted(months.items()):
        say(f"{month}  {count:>8}")
    say("")
    for path, count in sorted(pages.items(), key=lambda pair: (-pair[1], pair[0]))[:25]:
        say(f"{count:>8}  {titles[path]}  /{path}")


def _write(table: Path, counts: VisitCounts, titles: Mapping[str, str]) -> None:
    """Write a row for each day and page, as spreadsheets read it (RFC 4180)."""
    try:
        with table.open("w", encoding="utf-8-sig", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["day", "page", "title", "read"])
            for (day, path), count in sorted(counts.pages.items()):
                rows.writerow([day.isoformat(), f"/{path}", _harmless(titles[path]), count])
    except OSError as error:
        raise Stop(f"{table} can't be written: {error.strerror}.", 2) from None


def _harmless(words: str) -> str:
    """Return words that no spreadsheet takes for a formula."""
    return f"'{words}" if words[:1] in {"=", "+", "-", "@", "\t"} else words
