"""Visits are counted from the server's log: days and pages, and nothing of who came."""

from __future__ import annotations

import csv
import gzip
import json
from typing import TYPE_CHECKING

import pytest

from commands.visits import read_line, visits
from plugins.runs.site_run import MANIFEST
from tests.copies import ROOT
from tests.tiny import SITE, TinySite, write_site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PAGES = {"en/": "Home", "en/about-us/": "=About us", "cy/amdanom-tŷ/": "Amdanon ni"}


@pytest.fixture
def tiny(tmp_path: Path) -> TinySite:
    """A site in a folder of its host, of which only the list of pages stands."""
    settings = SITE.replace("https://tiny.example.org/", "https://www.example.org/house/")
    tiny = write_site(tmp_path / "association", settings=settings)
    tiny.output.mkdir()
    pages = {path: {"title": title, "lang": "en"} for path, title in PAGES.items()}
    (tiny.output / MANIFEST).write_text(json.dumps({"pages": pages}), encoding="utf-8")
    return tiny


def line(
    path: str, day: str = "30/Nov/2026", status: int = 200, program: str = FIREFOX, who: str = "-"
) -> str:
    request = f'"GET {path} HTTP/1.1" {status} 6480 "-" "{program}"'
    return f"{who} - - [{day}:15:24:43 +0000] {request}\n"


def counted(tiny: TinySite, logs: Sequence[Path], **options: str) -> list[tuple[str, str, int]]:
    table = tiny.folder / "visits.csv"
    code = visits(
        ROOT,
        tiny.site,
        logs,
        table=table,
        since=options.get("since", ""),
        tree=tiny.output,
        environ={},
        say=print,
    )
    assert code == 0
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(row["day"], row["page"], int(row["read"])) for row in rows]


def test_pages_are_counted_by_the_day_whoever_wrote_the_log(
    tiny: TinySite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    caddy = {
        "ts": 1796052283.89,
        "request": {
            "method": "GET",
            "uri": "/house/en/about-us/?q=damp",
            "headers": {"User-Agent": [FIREFOX]},
        },
        "status": 200,
    }
    log, packed = tmp_path / "log", tmp_path / "log.2.gz"
    log.write_text(
        line("/house/en/")
        + line("/house/en/?q=my+damp+wall", who="192.0.2.7")
        + line("/house/cy/amdanom-t%C5%B7/", "01/Dec/2026")
        + json.dumps(caddy)
        + "\n"
        + line("/house/en/", program="Mozilla/5.0 (compatible; Googlebot/2.1)")
        + line("/house/en/assets/style.css")
        + line("/en/")
        + line("/house/en/", status=404)
        + line("/house/en/").replace("GET", "POST")
        + "nonsense\n",
        encoding="utf-8",
    )
    packed.write_bytes(gzip.compress(line("/house/en/", "01/Oct/2026").encode()))
    assert counted(tiny, [log, packed]) == [
        ("2026-10-01", "/en/", 1),
        ("2026-11-30", "/en/", 2),
        ("2026-11-30", "/en/about-us/", 1),
        ("2026-12-01", "/cy/amdanom-tŷ/", 1),
    ]
    assert "1 by programs that say so, 2 that were no page, 1 lines" in capsys.readouterr().out
    assert counted(tiny, [log], since="2026-12-01") == [("2026-12-01", "/cy/amdanom-tŷ/", 1)]
    written = (tiny.folder / "visits.csv").read_text(encoding="utf-8")
    assert "192.0.2.7" not in written
    assert "damp" not in written


def test_no_log_fills_the_memory_or_stops_the_count(tiny: TinySite, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as file:
        for number in range(2_000):
            file.write(line(f"/house/guess/{number}").encode())
        file.write(b"\xff" * 100_000 + b"\n" + b"[" * 100_000 + b"\n")
        file.write(b'{"ts": 1e400, "request": {"method": "GET", "uri": "/"}, "status": 200}\n')
        file.write(b'{"request": []}\n{"a":' * 3 + b"\n")
        file.write(line("/house/en/", "31/Feb/2026").encode())
        file.write(line("/house/en/").encode())
    assert counted(tiny, [log]) == [("2026-11-30", "/en/", 1)]


def test_a_title_is_no_formula(tiny: TinySite, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(line("/house/en/about-us/"), encoding="utf-8")
    counted(tiny, [log])
    assert ",'=About us," in (tiny.folder / "visits.csv").read_text(encoding="utf-8")


def test_the_line_of_our_own_recipe_tells_a_page_and_nobody() -> None:
    visit = read_line(line("/en/").encode())
    assert visit is not None
    assert (visit.path, visit.day.isoformat()) == ("/en/", "2026-11-30")


@pytest.mark.parametrize(
    ("log", "since", "tree", "words"),
    [
        ("nowhere", "", "output", "can't be read"),
        ("log", "yesterday", "output", "is no day"),
        ("log", "", "nothing", "holds no built site"),
    ],
)
def test_what_cannot_be_counted_is_told(  # noqa: PLR0913, PLR0917 - a case and its tools
    tiny: TinySite,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    log: str,
    since: str,
    tree: str,
    words: str,
) -> None:
    (tmp_path / "log").touch()
    code = visits(
        ROOT,
        tiny.site,
        [tmp_path / log],
        table=None,
        since=since,
        tree=tiny.folder / tree,
        environ={},
        say=print,
    )
    assert code == 2
    assert words in capsys.readouterr().err
