"""What pages cost a reader: Lighthouse on each template, and what pages weigh as they are sent."""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.host import hosted, squeezed
from benchmarks.results import Figure, Result
from commands import machine
from commands.build import BuildOptions, build
from commands.local_server import HOST, free_port
from commands.screenshots.pages import fullest_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
NODE = ROOT / "benchmarks" / "node"
REPORTS = ROOT / "build" / "bench" / "lighthouse"  # one a page: what it says of each audit
LIGHTHOUSE = NODE / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
CHROME = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
FULL = 100  # marks in a category
TRIES = 3  # a busy machine may keep the browser waiting too long
STYLES = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
_BODY = '<body class="'  # stubs that lead elsewhere have none
SCRIPTS = re.compile(r'<script[^>]* src="([^"]+)"')


def measure() -> Result:
    """Build the sample as a real site, serve it as a real host would, and look at each template."""
    machine.install_node(NODE)
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "site"
        site = Path(folder) / "site.toml"
        plain = (ROOT / "site.toml").read_text(encoding="utf-8")
        site.write_text(plain.replace("sample = true", ""), encoding="utf-8")
        port = free_port()
        url = f"http://{HOST}:{port}/"
        options = BuildOptions(root=ROOT, content=ROOT / "content", site=site, output=tree, url=url)
        result = build(options)
        if not result.ok:
            raise RuntimeError(result.crash or "The sample can't be built.")
        with hosted(tree, site, port, result.languages) as service:
            looked_at = {**fullest_pages(tree), **service}
            scores = {
                f"{sort.removeprefix('on-')} ({lang})": _fairly(
                    url + path, REPORTS / f"{re.sub(r'[^a-z]+', '-', sort)}.{lang}.json"
                )
                for (lang, sort), path in looked_at.items()
            }
        return Result(
            f"Lighthouse on {len(scores)} pages, each template in each language, and what all pages"
            " weigh. Pages that ask not to be found have no mark for SEO.",
            (*_scores(scores), *_weights(tree)),
            versions={"lighthouse": _version()},
        )


def _fairly(url: str, report: Path) -> dict[str, float]:
    """Return a page's scores; below 100 the median of three looks, since a machine has moods."""
    looks = [_lighthouse(url, report)]
    if min(looks[0].values()) < FULL:
        looks += [_lighthouse(url, report) for _ in range(2)]
    return {name: statistics.median(look[name] for look in looks) for name in looks[0]}


def _lighthouse(url: str, report: Path) -> dict[str, float]:
    """Return a page's scores, from 0 to 100, as a telephone on a slow line gets it."""
    browser, node = machine.starting(machine.BROWSERS), machine.node()
    if browser is None or node is None:
        raise RuntimeError("Lighthouse needs Chromium and node.")
    command = [
        *(
            str(node),
            str(LIGHTHOUSE),
            url,
            "--quiet",
            "--disable-full-page-screenshot",
            "--output=json",
            f"--output-path={report}",
        ),
        *(f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={CHROME}"),
    ]
    for left in reversed(range(TRIES)):
        done = subprocess.run(
            command,
            check=False,
            env={**os.environ, "CHROME_PATH": browser},
            capture_output=True,
            encoding="utf-8",
        )
        if done.returncode == 0:
            break
        if not left:
            raise RuntimeError(f"Lighthouse could not look at {url}: {done.stderr.strip()}")
    results = json.loads(report.read_text(encoding="utf-8"))
    marks = results["categories"]
    if results["audits"]["is-crawlable"]["score"] == 0:
        del marks["seo"]  # it asks not to be found, and says so in its head
    return {name: round(100 * mark["score"]) for name, mark in marks.items()}


def _scores(scores: dict[str, dict[str, float]]) -> Iterator[Figure]:
    for category in CATEGORIES:
        marks = [score[category] for score in scores.values() if category in score]
        yield Figure(f"{category}: lowest", min(marks), "", "100")
        yield Figure(f"{category}: pages at 100", marks.count(FULL), "", f"{len(marks)}")
    for name, by_category in scores.items():
        for category, mark in by_category.items():
            if mark < FULL:
                yield Figure(f"{name}: {category}", mark, "", "100")


def _weights(tree: Path) -> Iterator[Figure]:
    pages = [file for file in tree.rglob("*.html") if _BODY in file.read_text(encoding="utf-8")]
    whole = {}
    scripts = {}
    for file in pages:
        html = file.read_text(encoding="utf-8")
        whole[file] = _packed(file) + sum(_packed(tree / s[1:]) for s in STYLES.findall(html))
        scripts[file] = sum(_packed(tree / s[1:]) for s in SCRIPTS.findall(html))
    fonts = sum(font.stat().st_size for font in tree.rglob("*.woff2"))
    yield Figure("HTML and CSS of the heaviest page", max(whole.values()) / 1000, "kB", "14.336")
    yield Figure("HTML and CSS of the page in the middle", _middle(whole) / 1000, "kB", "")
    yield Figure("scripts of the heaviest page", max(scripts.values()) / 1000, "kB", "6")
    yield Figure("fonts in all", fonts / 1000, "kB", "45")


def _packed(file: Path) -> int:
    return len(squeezed(file))


def _middle(weights: dict[Path, int]) -> float:
    return statistics.median(weights.values())


def _version() -> str:
    package = NODE / "node_modules" / "lighthouse" / "package.json"
    version: str = json.loads(package.read_text(encoding="utf-8"))["version"]
    return version
