"""What the tests share: small sites, builds of them, a browser, and the rule about skipping."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import pytest
from coverage import Coverage

from tests.copies import ROOT
from tests.hosting import host
from tests.sample import BASE, Sample, sample_for_all
from tests.tiny import TinySite, write_site

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Route

    from commands.build import BuildResult
    from tests.browsers import Chromium, Firefox
    from tests.speaking import Speaking

pytest_plugins = ["tests.databases", "tests.kept"]

COUNTING = "COVERAGE_PROCESS_CONFIG"  # by which processes that tests start know that they count


class MakeSite(Protocol):
    """Writes a small site below the test's own folder; see `tests.tiny.write_site`."""

    def __call__(
        self,
        files: Mapping[str, str | bytes] = ...,
        settings: str = ...,
        *,
        folder: str = ...,
    ) -> TinySite: ...


@pytest.fixture
def tiny_site(tmp_path: Path) -> MakeSite:
    """Write a small site: `tiny_site()`, `tiny_site(EVERY_KIND)`, `tiny_site({"posts/…": "…"})`."""

    def make(*arguments: Any, folder: str = "association", **named: Any) -> TinySite:
        return write_site(tmp_path / folder, *arguments, **named)

    return make


@pytest.fixture
def built() -> Callable[..., BuildResult]:
    """Build a small site in this process: `built(tiny_site(), strict=True)`.

    Named arguments are the fields of BuildOptions.
    """
    from commands.build import BuildOptions, build

    def make(tiny: TinySite, **options: Any) -> BuildResult:
        plain = BuildOptions(root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output)
        return build(replace(plain, **options))

    return make


class RunCli(Protocol):
    """Runs a task in a process of its own, as `./run` does once its environment stands."""

    def __call__(
        self,
        *words: str | Path,
        cwd: Path | None = ...,
        env: Mapping[str, str] | None = ...,
        words_in: str | None = ...,
    ) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture(scope="session")
def run_cli() -> RunCli:
    """Run a task: `run_cli("build", "--output", path)`; `.returncode`, `.stdout`, `.stderr`.

    CI is not set unless the test sets it, so that a test says the same everywhere.
    """

    def run(
        *words: str | Path,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        words_in: str | None = None,
    ) -> subprocess.CompletedProcess[str]:
        surroundings = {k: v for k, v in os.environ.items() if k != "CI"}
        menu = [sys.executable, "-P", str(ROOT / "commands" / "menu.py")]
        return subprocess.run(
            [*menu, *map(str, words)],
            cwd=cwd,
            env={**surroundings, **(env or {})},
            input=words_in,
            stdin=subprocess.DEVNULL if words_in is None else None,
            check=False,
            capture_output=True,
            encoding="utf-8",
        )

    return run


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Speaking]:
    """Open the feedback service of a tiny site, on a real SQLite file."""
    from tests.speaking import speaking

    opened = speaking(tmp_path, ROOT / "theme")
    with opened.store:
        yield opened


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Let what tests start be stopped by Ctrl-C, as at a terminal.

    A shell has that ignored by what it runs in the background, and so by all that this starts.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def hosted() -> Iterator[Callable[[Path], str]]:
    """Serve a built folder as a static host would; returns its address, ending in a slash."""
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(host(folder))


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """Serve the sample site, which is built once for all processes of the tests."""
    from commands.screenshots.pages import fullest_pages

    mine = tmp_path_factory.getbasetemp()
    folder = sample_for_all(mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine)
    with host(folder, base=BASE) as address:
        yield Sample(address, folder, fullest_pages(folder))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium, without a window: one for each file of tests."""
    from commands.browser import NoBrowser, chromium

    try:
        with chromium() as opened:
            yield opened
    except NoBrowser as reason:
        pytest.skip(str(reason))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page in a fresh profile.

    The test fails if a page asks anything of another host, or complains in the console: of a breach
    of its Content-Security-Policy, say, or of a script that failed.
    """
    outside: list[str] = []
    complaints: list[str] = []
    context = browser.new_context(locale="en-GB")
    context.route("**/*", partial(_loopback_only, outside))
    page = context.new_page()
    bad = ("error", "warning")
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in bad else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert outside == [], "the page asked for something of another host"
    assert complaints == [], "the page complained in the console"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """The machine's own Firefox, without a window: one for each file of tests."""
    from tests.browsers import firefox

    with firefox(tmp_path_factory.mktemp("firefox")) as opened:
        yield opened


@pytest.fixture(scope="module", params=["chromium", "firefox"])
def either(request: pytest.FixtureRequest) -> Iterator[Chromium | Firefox]:
    """One browser after the other; both do what is asked in the same words."""
    from tests.browsers import Chromium

    if request.param == "firefox":
        yield request.getfixturevalue("firefox")
        return
    context = request.getfixturevalue("browser").new_context(locale="en-GB")
    yield Chromium(context.new_page())
    context.close()


def _loopback_only(outside: list[str], route: Route) -> None:
    if urlsplit(route.request.url).hostname in {"127.0.0.1", "localhost"}:
        route.continue_()
    else:
        outside.append(route.request.url)
        route.abort()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what a quick run leaves out: a task's own process, and the same on PostgreSQL again."""
    chosen = getattr(item, "callspec", None)
    if "run_cli" in getattr(item, "fixturenames", ()) or (
        chosen and "postgresql" in chosen.params.values()
    ):
        item.add_marker("slow")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long files first, and in each file the tests that need a browser last; else shuffled.

    A long file that began last would keep one core busy while the others have nothing to do. And
    between a browser's opening and its closing no test could start an event loop of its own.
    """

    def place(item: pytest.Item) -> tuple[bool, bool]:
        in_a_browser = bool({"browser", "either"} & {*getattr(item, "fixturenames", ())})
        return item.get_closest_marker("long") is None, in_a_browser

    items.sort(key=place)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool | None, bool | None]:
    """Count no lines of a test that is marked so, nor of what it starts: it runs in half the time.

    Python 3.11 has no cheap way to count. So the lines that a test of whole pages passes are left
    to the tests that call them.
    """
    stopped: list[Coverage] = []
    if item.get_closest_marker("unmeasured"):
        # In a process of xdist there are two: what it began with, and below it the plugin's own.
        while counting := Coverage.current():
            counting.stop()
            stopped.insert(0, counting)
    with pytest.MonkeyPatch.context() as patch:
        if stopped:
            patch.delenv(COUNTING, raising=False)
        try:
            return (yield)
        finally:
            for counting in stopped:
                counting.start()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a test that was skipped has failed, unless its mark says why it may be.

    Elsewhere a machine may be without Chromium, and the test says so; CI is where it must run.
    """
    report = yield
    skipped = report.skipped and not hasattr(report, "wasxfail")
    allowed = os.environ.get("CI") != "true" or item.get_closest_marker("may_skip")
    if skipped and not allowed:
        report.outcome = "failed"
        report.longrepr = f"Skipped, which CI does not allow: {_reason(report)}"
    return report


def _reason(report: pytest.TestReport) -> str:
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
