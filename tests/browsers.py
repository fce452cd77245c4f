"""Somebody at a browser, Chromium or Firefox: what both can be asked to do, in the same words.

Playwright drives the machine's Chromium, but of Firefoxes only one of its own; and what Mozilla
publishes for Python imports a module that Python 3.13 is without. So Firefox is spoken to in its
own protocol: a number of bytes, a colon, and a command of WebDriver as JSON
(firefox-source-docs.mozilla.org, "Marionette Protocol").
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from contextlib import closing, contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from commands import machine
from commands.local_server import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

STARTING = 120  # seconds for Firefox to listen, on a machine that has much else to do
LEAVING = 30  # seconds for it to go
SETTLED = 60  # seconds for a page to say what is waited for
BETWEEN = 0.05  # seconds between two looks
REFUSE_COOKIES = 2  # a value of network.cookie.cookieBehavior
PREFERENCES = {  # a fresh profile that asks nothing of the network
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "http://127.0.0.1:9/",
    "toolkit.telemetry.enabled": False,
}


class Chromium:
    """Somebody at a Chromium."""

    def __init__(self, page: Page) -> None:
        """Take a page of it; what it complains of is kept."""
        self._page = page
        self.complaints: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))

    def open(self, address: str) -> None:
        """Open a page."""
        self._page.goto(address)

    def back(self) -> None:
        """Go back, as by the browser's own button."""
        self._page.go_back()

    def forward(self) -> None:
        """Go forward again."""
        self._page.go_forward()

    @property
    def address(self) -> str:
        """Return the address of the page that is shown."""
        return self._page.url

    def fill(self, selector: str, words: str) -> None:
        """Type into a field."""
        self._page.locator(selector).first.fill(words)

    def choose(self, selector: str) -> None:
        """Tick a box, or take an answer."""
        self._page.locator(selector).first.check()

    def pick(self, selector: str, value: str) -> None:
        """Choose from a list."""
        self._page.locator(selector).first.select_option(value)

    def unfold(self, selector: str) -> None:
        """Open a part of the page by its heading."""
        self._page.locator(selector).first.click()

    def press(self, selector: str) -> None:
        """Press a button, and wait for the page that it leads to."""
        with self._page.expect_navigation():
            self._page.locator(selector).first.click()

    def value(self, selector: str) -> str:
        """Return what stands in a field."""
        return self._page.locator(selector).first.input_value()

    def text(self) -> str:
        """Return what the page says."""
        return self._page.locator("body").inner_text()

    def script(self, expression: str) -> object:
        """Return what an expression comes to on the page."""
        return self._page.evaluate(expression)


class Marionette:
    """A connection to a Firefox that listens for commands."""

    def __init__(self, port: int) -> None:
        """Connect, as soon as it listens."""
        self._numbers = count(1)
        self._line = _until(lambda: _connection(port), STARTING)
        self._read()  # it says which protocol it speaks

    def ask(self, command: str, **parameters: object) -> Any:
        """Have a command of WebDriver carried out; returns its value."""
        words = json.dumps([0, next(self._numbers), command, parameters]).encode()
        self._line.sendall(b"%d:%s" % (len(words), words))
        _, _, error, answer = self._read()
        if error:
            raise AssertionError(f"{command}: {error['error']}: {error['message']}")
        return answer.get("value") if isinstance(answer, dict) and "value" in answer else answer

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _read(self) -> Any:
        size = b""
        while not size.endswith(b":"):
            size += self._received(1)
        body = b""
        while len(body) < int(size[:-1]):
            body += self._received(int(size[:-1]) - len(body))
        return json.loads(body)

    def _received(self, most: int) -> bytes:
        piece: bytes = self._line.recv(most)
        if not piece:
            raise AssertionError("The browser hung up.")
        return piece


class Firefox:
    """Somebody at a Firefox."""

    def __init__(self, marionette: Marionette) -> None:
        """Take the connection to a Firefox that runs."""
        self._marionette = marionette

    def open(self, address: str) -> None:
        """Open a page."""
        self._marionette.ask("WebDriver:Navigate", url=address)

    def back(self) -> None:
        """Go back, as by the browser's own button."""
        self._marionette.ask("WebDriver:Back")

    def forward(self) -> None:
        """Go forward again."""
        self._marionette.ask("WebDriver:Forward")

    @property
    def address(self) -> str:
        """Return the address of the page that is shown."""
        return str(self._marionette.ask("WebDriver:GetCurrentURL"))

    def fill(self, selector: str, words: str) -> None:
        """Type into a field."""
        field = self._named(selector)
        self._marionette.ask("WebDriver:ElementClear", id=field)
        self._marionette.ask("WebDriver:ElementSendKeys", id=field, text=words)

    def choose(self, selector: str) -> None:
        """Tick a box, or take an answer."""
        self._marionette.ask("WebDriver:ElementClick", id=self._named(selector))

    def pick(self, selector: str, value: str) -> None:
        """Choose from a list."""
        self.choose(f"{selector} option[value='{value}']")

    def unfold(self, selector: str) -> None:
        """Open a part of the page by its heading."""
        self.choose(selector)

    def press(self, selector: str) -> None:
        """Press a button, and wait for the page that it leads to."""
        self.script("window.before = true")
        self.choose(selector)
        arrived = "window.before === undefined && document.readyState === 'complete'"
        _until(lambda: self.script(arrived), SETTLED)

    def value(self, selector: str) -> str:
        """Return what stands in a field."""
        field = self._named(selector)
        return str(self._marionette.ask("WebDriver:GetElementProperty", id=field, name="value"))

    def text(self) -> str:
        """Return what the page says."""
        return str(self.script("document.body.innerText"))

    def script(self, expression: str) -> Any:
        """Return what an expression comes to on the page."""
        return self._marionette.ask("WebDriver:ExecuteScript", script=f"return {expression}")

    @contextmanager
    def fresh(self, *, scripts: bool) -> Iterator[None]:
        """Forget every cookie, and run pages' own scripts or none for a while."""
        switch = "Services.prefs.setBoolPref('javascript.enabled', {})"
        self._in_chrome("Services.cookies.removeAll()")
        self._in_chrome(switch.format(json.dumps(scripts)))
        try:
            yield
        finally:
            self._in_chrome(switch.format("true"))

    @contextmanager
    def without_cookies(self) -> Iterator[None]:
        """Keep no cookie of anybody's for a while."""
        self._prefer("network.cookie.cookieBehavior", REFUSE_COOKIES)
        try:
            yield
        finally:
            self._prefer("network.cookie.cookieBehavior", 0)

    def _named(self, selector: str) -> str:
        """Return the name that Firefox gives the first thing of a selector."""
        asked = {"using": "css selector", "value": selector}
        (name,) = self._marionette.ask("WebDriver:FindElement", **asked).values()
        return str(name)

    def _prefer(self, name: str, value: int) -> None:
        self._in_chrome(f"Services.prefs.setIntPref({name!r}, {value})")

    def _in_chrome(self, script: str) -> None:
        """Have the browser itself do something, outside any page."""
        self._marionette.ask("Marionette:SetContext", value="chrome")
        self._marionette.ask("WebDriver:ExecuteScript", script=script)
        self._marionette.ask("Marionette:SetContext", value="content")


@contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    """Run a Firefox, without a window, on a profile of its own."""
    program = machine.starting(machine.FIREFOX)
    if program is None:
        pytest.skip("There is no Firefox here. Install it: sudo apt install firefox-esr.")
    port = free_port()
    preferences = {**PREFERENCES, "marionette.port": port}
    lines = [f'user_pref("{name}", {json.dumps(value)});' for name, value in preferences.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    words = ["--headless", "--marionette", "--remote-allow-system-access", "--no-remote"]
    process = subprocess.Popen(
        [program, *words, "--profile", str(profile)],
        env={**os.environ, "HOME": str(profile)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with closing(Marionette(port)) as marionette:
            marionette.ask("WebDriver:NewSession", capabilities={})
            yield Firefox(marionette)
    finally:
        process.terminate()
        process.wait(LEAVING)


def _connection(port: int) -> socket.socket | None:
    try:
        return socket.create_connection(("127.0.0.1", port), timeout=SETTLED)
    except OSError:
        return None


def _until(look: Callable[[], Any], seconds: float) -> Any:
    """Return what a look finds, as soon as it finds something."""
    end = time.monotonic() + seconds
    while not (seen := look()):
        if time.monotonic() > end:
            pytest.fail("the browser did not come so far")
        time.sleep(BETWEEN)
    return seen
