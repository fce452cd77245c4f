"""Who speaks and who answers in a played story: tenants' browsers, staff, and a clock to turn."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from html import unescape
from random import Random
from typing import TYPE_CHECKING, Any

from pyotp import TOTP
from starlette.testclient import TestClient

from feedback import passwords
from feedback.model import StaffRole
from feedback.store.desk import staff

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.applications import Starlette

    from core.site import Site
    from feedback.store import Store
    from feedback.web.service import Service

PASSWORD = "three words will do"  # noqa: S105 - of made-up staff, and shown beside their names
DESK = "/feedback/desk/"


class StoryFault(Exception):
    """Something in a story can't be said or done in truth; says what."""


def must(condition: object, what: object) -> None:
    """Go on only if something is so.

    :raises StoryFault: when it isn't.
    """
    if not condition:
        raise StoryFault(str(what))


@dataclass
class Clock:
    """The time as the service is told it."""

    now: datetime = datetime(2026, 3, 4, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the moment that it is set to."""
        return self.now

    def pass_by(self, **time: float) -> None:
        """Turn it on, by the words of `timedelta`."""
        self.now += timedelta(**time)


@dataclass
class PlayedService:
    """A service to speak to, and somebody's browser."""

    app: Starlette
    store: Store
    site: Site
    clock: Clock
    origin: str
    browser: TestClient = field(init=False)

    def __post_init__(self) -> None:
        """Open the browser."""
        self.browser = self.another_browser()

    @property
    def service(self) -> Service:
        """What the service works with."""
        service: Service = self.app.routes[0].app.state.service  # type: ignore[attr-defined]
        return service

    def another_browser(self) -> TestClient:
        """Return a browser without cookies."""
        return TestClient(
            self.app,
            base_url=self.origin,
            headers={"origin": self.origin},
            follow_redirects=False,
        )


@dataclass
class PlayedColleague:
    """A member of staff, and their browser."""

    house: PlayedService
    name: str
    secret: str
    browser: TestClient = field(init=False)

    def __post_init__(self) -> None:
        """Open the browser."""
        self.browser = self.house.another_browser()

    def code(self) -> str:
        """Return the code that their telephone shows now."""
        return TOTP(self.secret).at(self.house.clock())

    def log_in(self, **typed: str) -> Response:
        """Log in with the next code, half a minute after the last one."""
        self.house.clock.pass_by(seconds=passwords.STEP)
        right = {"name": self.name, "password": PASSWORD, "code": self.code()}
        return self.browser.post(DESK + "log-in", data=right | typed)

    def get(self, path: str = "", **options: Any) -> Response:  # noqa: ANN401 - the browser's own
        """Return a page of the desk."""
        return self.browser.get(DESK + path, **options)


def new_secret(house: PlayedService, name: str, role: StaffRole = StaffRole.PUBLISH) -> str:
    """Take somebody on; returns the secret of their one-time codes."""
    account = {"name": name, "password_hash": kept_password(), "role": role, "lang": "en"}
    now, chance = house.clock(), Random(name)  # noqa: S311 - the same each time, and made up
    return house.store.write_now(
        lambda conn: staff.add(conn, house.store.tokens, now=now, random=chance, **account)  # type: ignore[arg-type]
    )


@cache
def kept_password() -> str:
    """What is kept of everybody's password: hashing is slow on purpose, so it is done once."""
    return passwords.hashed(PASSWORD)


def hidden(html: str, action: str, holding: str = "") -> dict[str, str]:
    """Return what the form with that action would send as it stands.

    :param holding: a value that it has, where several have the action.
    """
    forms = re.findall(r"<form.*?</form>", html, re.DOTALL)
    form = next(f for f in forms if f'/{action}"' in f and f'"{holding}' in f)
    pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in pairs}
