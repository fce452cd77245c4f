"""The machine's own Chromium, without a window: for photographs, benchmarks and tests."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from commands import machine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

# A fresh profile that asks nothing of the network; root, as in a container, has no sandbox.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DRIVEN_BY = "PLAYWRIGHT_NODEJS_PATH"  # by which Playwright lets the node of its driver be chosen


class NoBrowser(Exception):
    """There is no Chromium here that starts; it says what to type."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open Chromium. Until it closes an event loop counts as running in this thread.

    Playwright's driver is run by the node that our lock pins: the one that it brings along wants a
    library that a minimal Debian is without.

    :raises NoBrowser: where there is none that starts.
    """
    program = machine.starting(machine.BROWSERS)
    if program is None:
        raise NoBrowser("There is no Chromium here. Install it: sudo apt install chromium.")
    node = machine.node()
    if node is not None:
        os.environ.setdefault(DRIVEN_BY, str(node))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
