"""Search beside Pagefind: what a first question costs, what a build costs, what is found."""

from __future__ import annotations

import dataclasses
import gc
import shutil
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.results import Figure, Result
from benchmarks.searching import corpus
from benchmarks.searching.line import served, visit
from commands.browser import chromium
from commands.build import BuildOptions, build
from core.search import MANIFEST
from core.search.answers import SearchIndexes
from core.search.documents import Passage
from core.search.tree import contents_file, read_contents, read_document
from plugins.search.shards import Shards
from plugins.search.term_cache import TermCache

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from benchmarks.searching.line import Visit
    from core.search.documents import Document
    from core.search.tree import ListedDocument

ROOT = Path(__file__).resolve().parent.parent
PAGEFIND = ROOT / "benchmarks/node/node_modules/pagefind/lib/runner/bin.cjs"
SIZES = (1_000, 10_000)
MADE_BY = "bench"
WRITINGS = 3  # times that both index the pages
QUESTIONS = 15  # of each length, each in a fresh profile
SLOW_QUESTIONS = 3
AGREEING = 90  # questions that the browser and Whoosh both answer
CHROME = ".css .svg /assets/theme. /fonts/"  # what any page has
OURS, THEIRS = "ol.results li:not([hidden])", "ol.results li"
# Pagefind in the very page that our own script works in.
ASKING = """
const list = document.querySelector("ol.results");
window.ask = async (words) => {
  const pagefind = await import("/pagefind/pagefind.js");
  const found = (await pagefind.search(words)).results.slice(0, 10);
  return Promise.all(found.map((one) => one.data()));
};
const asked = new URLSearchParams(location.search).get("q");
if (asked) {
  for (const one of await window.ask(asked)) {
    const item = list.appendChild(document.createElement("li"));
    item.innerHTML = `<a href="${one.url}">${one.meta.title}</a><p>${one.excerpt}</p>`;
  }
}
"""


def measure() -> Result:
    """Measure at a thousand and at ten thousand pages, and on the sample's labelled questions."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        sample = _sample(folder / "sample")
        for size in SIZES:
            figures += _at(size, folder / str(size), sample, browser)
        figures += _found(folder / "found", sample, browser)
    versions = subprocess.run(
        ["node", PAGEFIND, "--version"], capture_output=True, check=True, encoding="utf-8"
    ).stdout
    return Result(
        "Search, beside Pagefind on the same pages",
        tuple(figures),
        packages=("whoosh-reloaded",),
        versions={"pagefind": versions.strip().removeprefix("pagefind ")},
    )


def _sample(output: Path) -> Path:
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    options = BuildOptions(ROOT, ROOT / "content", ROOT / "site.toml", output, now=now)
    if not build(options).ok:
        raise RuntimeError("The sample site can't be built.")
    return output


@contextmanager
def _both(folder: Path, sample: Path) -> Iterator[tuple[Path, Path]]:
    """Make two sites of the sample's search page: one with our script, one with Pagefind's."""
    ours, theirs = folder / "ours", folder / "theirs"
    for site in (ours, theirs):
        shutil.copytree(sample / "assets", site / "assets")
        for lang, word in (("en", "search"), ("cy", "chwilio")):
            shutil.copytree(sample / lang / word, site / lang / word)
    for page in theirs.glob("*/*/index.html"):
        lines = page.read_text(encoding="utf-8").splitlines()
        wanted = [
            line for line in lines if "/search." not in line.split(".js")[0] or ".css" in line
        ]
        wanted = [line for line in wanted if "terms." not in line and "meta.json" not in line]
        asking = '<script type="module" src="/asking.js"></script></head>'
        page.write_text("\n".join(wanted).replace("</head>", asking, 1), encoding="utf-8")
    (theirs / "asking.js").write_text(ASKING, encoding="utf-8")
    yield ours, theirs


def _pagefind(pages: Path, output: Path, *options: str) -> float:
    """Let Pagefind index a folder of pages; return how long it takes, in seconds."""
    begun = time.perf_counter()
    subprocess.run(
        ["node", PAGEFIND, "--site", pages, "--output-path", output, *options],
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - begun


def _at(size: int, folder: Path, sample: Path, browser: Browser) -> list[Figure]:
    documents = corpus.documents(size)
    corpus.write_pages(documents, folder / "pages")
    with _both(folder, sample) as (ours, theirs):
        indexing, cold, warm = _writing(documents, folder, ours, theirs)
        remembered = TermCache(folder / "terms.db", MADE_BY)
        library = SearchIndexes(ours, folder / "whoosh", ("en",))
        begun = time.perf_counter()
        library.update()
        filling = time.perf_counter() - begun
        editing = _edit(documents, ours, remembered, library)
        remembered.close([])
        figures = [
            Figure("Pagefind indexes", indexing, "s"),
            Figure("shards are written, nothing remembered", cold, "s"),
            Figure("shards are written, terms remembered", warm, "s"),
            Figure("shards written, nothing remembered : Pagefind’s indexing", cold / indexing, ""),
            Figure("shards written : Pagefind’s indexing", warm / indexing, "", "≤ 0.5"),
            Figure("one edited page, shards and Whoosh", editing * 1000, "ms", "≤ 250"),
            Figure("Whoosh’s index from nothing, in no build’s way", filling, "s"),
        ]
        with served(ours) as here, served(theirs) as their_site:
            for words in (1, 2, 3):
                figures += _bytes(words, documents, here, their_site, browser)
            figures += _times(documents, here, their_site, browser)
            figures.append(_agreement(documents, here, library, browser))
        library.close()
    return [
        dataclasses.replace(figure, name=f"{size:,} pages: {figure.name}") for figure in figures
    ]


def _writing(
    originals: list[Document], folder: Path, ours: Path, theirs: Path
) -> tuple[float, float, float]:
    """Let both index the same pages; return medians in seconds.

    The first is Pagefind's, the others ours: with every term to be counted, and with none.
    """
    taken: dict[str, list[float]] = defaultdict(list)
    file = folder / "terms.db"
    for _ in range(WRITINGS):
        shutil.rmtree(theirs / "pagefind", ignore_errors=True)
        taken["pagefind"].append(_pagefind(folder / "pages", theirs / "pagefind"))
        file.unlink(missing_ok=True)
        for name in ("cold", "warm"):
            tree = Path(tempfile.mkdtemp(dir=folder))  # nothing is removed, which would slow a disk
            documents = [
                dataclasses.replace(document) for document in originals
            ]  # without their digests
            gc.collect()
            gc.freeze()
            begun = time.perf_counter()
            count = TermCache(file, MADE_BY)
            listed = Shards(tree, "en", count).write(documents, ())
            count.close([document.digest for document in listed])
            taken[name].append(time.perf_counter() - begun)
    (tree / "search").rename(ours / "search")
    _note(ours, listed)
    pagefind, cold, warm = (statistics.median(taken[run]) for run in ("pagefind", "cold", "warm"))
    return pagefind, cold, warm


def _note(tree: Path, listed: tuple[ListedDocument, ...]) -> None:
    (tree / MANIFEST).write_text(contents_file({"en": listed}, MADE_BY), "utf-8")


def _edit(originals: list[Document], tree: Path, count: TermCache, library: SearchIndexes) -> float:
    """Edit a page five times; return the median of how long it takes to be found, in seconds."""
    taken = []
    for number in range(5):
        at = len(originals) // 2 + number
        body = (*originals[at].body, Passage(f"A word that stood nowhere {number}"))
        originals[at] = dataclasses.replace(originals[at], body=body)
        documents = [
            dataclasses.replace(document) for document in originals
        ]  # without their digests
        gc.collect()
        gc.freeze()  # what this benchmark holds is no build's to look through
        begun = time.perf_counter()
        before = read_contents(tree)["en"]
        _note(tree, Shards(tree, "en", count).write(documents, (), before, tree))
        library.update()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def _visits(
    address: str, asked: list[str], ready: str, browser: Browser, *, slow: bool = False
) -> list[Visit]:
    return [
        visit(
            browser,
            f"{address}en/search/?q={words.replace(' ', '+')}",
            ready,
            slow=slow,
            chrome=CHROME,
        )
        for words in asked
    ]


def _bytes(
    words: int, documents: list[Document], here: str, their_site: str, browser: Browser
) -> list[Figure]:
    asked = corpus.questions(documents, words, QUESTIONS)
    ours = _visits(here, asked, f"{OURS} >> nth=9", browser)
    theirs = _visits(their_site, asked, THEIRS, browser)
    leads = statistics.median(visit.leads for visit in ours) / 1000
    everything = statistics.median(visit.everything for visit in ours) / 1000
    pagefind = statistics.median(visit.everything for visit in theirs) / 1000
    named = f"first question of {words} word{'s' if words > 1 else ''}"
    return [
        Figure(f"{named}, leads", leads, "kB", "≤ 12"),
        Figure(f"{named}, with excerpts", everything, "kB"),
        Figure(f"{named}, Pagefind", pagefind, "kB"),
        Figure(f"{named}, leads : Pagefind", leads / pagefind, "", "≤ 1/15 = 0.0667"),
        Figure(f"{named}, with excerpts : Pagefind", everything / pagefind, "", "≤ 0.2"),
    ]


def _times(documents: list[Document], here: str, their_site: str, browser: Browser) -> list[Figure]:
    asked = corpus.questions(documents, 2, SLOW_QUESTIONS)
    ours, theirs = (
        statistics.median(
            visit.seconds for visit in _visits(site, asked, ready, browser, slow=True)
        )
        for site, ready in ((here, OURS), (their_site, THEIRS))
    )
    return [
        Figure("first answers on slow 3G", ours, "s"),
        Figure("first answers on slow 3G, Pagefind", theirs, "s"),
        Figure("first answers on slow 3G : Pagefind", ours / theirs, "", "≤ 0.5"),
    ]


def _ask(browser: Browser, address: str, asked: list[str]) -> list[list[str]]:
    """Ask our page one question after the other; return the paths of the first ten answers."""
    page = browser.new_page()
    page.goto(address)
    paths = []
    for words in asked:
        page.fill("#q", words)
        page.press("#q", "Enter")
        page.wait_for_selector("ol.results[aria-busy=false]", state="attached")
        links = page.locator(f"{OURS} h2 a")
        paths.append(links.evaluate_all("all => all.map((one) => one.pathname.slice(1))"))
    page.close()
    return paths


def _agreement(
    documents: list[Document], here: str, library: SearchIndexes, browser: Browser
) -> Figure:
    asked = [
        question
        for words in (1, 2, 3)
        for question in corpus.questions(documents, words, AGREEING // 3)
    ]
    shared = []
    for words, answers in zip(asked, _ask(browser, f"{here}en/search/", asked), strict=True):
        whoosh = {answer.document.path for answer in library.answers(words, "en", {}).shown}
        shared.append(len({*answers} & whoosh) / max(1, len(whoosh)))
    return Figure("first ten shared with Whoosh", statistics.mean(shared), "", "≥ 0.95")


def _found(folder: Path, sample: Path, browser: Browser) -> list[Figure]:
    """Ask the labelled questions of both, on exactly the pages that are documents."""
    keys, contents = {}, read_contents(sample)
    for lang, content in contents.items():
        for number, listed in enumerate(content.documents):
            document = read_document(sample, lang, number, listed)
            keys[document.path] = document.key
            target = folder / "pages" / document.path
            target.mkdir(parents=True)
            shutil.copyfile(sample / document.path / "index.html", target / "index.html")
    lines = (ROOT / "tests/queries.txt").read_text(encoding="utf-8").splitlines()
    parts = [[part.strip() for part in line.split("|")] for line in lines if "|" in line[:5]]
    figures = []
    with _both(folder, sample) as (ours, theirs):
        shutil.copytree(sample / "search", ours / "search")
        _pagefind(folder / "pages", theirs / "pagefind", "--root-selector", "main")
        with served(ours) as here, served(theirs) as there_:
            for lang, path in (("en", "en/search/"), ("cy", "cy/chwilio/")):
                asked = [(words, {*wanted.split()}) for of, words, wanted in parts if of == lang]
                page = browser.new_page()
                page.goto(there_ + path, wait_until="networkidle")
                urls = "async (words) => (await window.ask(words)).map((one) => one.url.slice(1))"
                for name, answers in (
                    ("", _ask(browser, here + path, [words for words, _ in asked])),
                    (", Pagefind", [page.evaluate(urls, words) for words, _ in asked]),
                ):
                    keys_found = [
                        [keys.get(path.split("#")[0], "") for path in each] for each in answers
                    ]
                    figures += _scores(f"labelled questions, {lang}{name}", keys_found, asked)
                page.close()
    return figures


def _scores(name: str, ranked: list[list[str]], asked: list[tuple[str, set[str]]]) -> list[Figure]:
    first, recalled = [], []
    for answers, (_, wanted) in zip(ranked, asked, strict=True):
        first.append(next((1 / n for n, key in enumerate(answers, 1) if key in wanted), 0.0))
        recalled.append(len(wanted & {*answers}) / len(wanted))
    return [
        Figure(f"{name}: mean reciprocal rank", statistics.mean(first), ""),
        Figure(f"{name}: recall at ten", statistics.mean(recalled), ""),
    ]
