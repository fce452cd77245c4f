"""A small association for real browsers: its site and its service on one address."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from itertools import count
from random import Random
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from commands.build import BuildOptions, build
from commands.pull import pull
from commands.site_folder import read_site
from commands.story.actors import Clock
from feedback.notices.delivery import drain, hand_in
from feedback.notify import PublishedLoop, tell
from feedback.online_records import note_online
from feedback.published_site import in_folder
from feedback.settings import Settings
from feedback.store import Store
from feedback.store.desk import staff
from feedback.web.app import create_app
from tests.copies import ROOT
from tests.postbox import HOST
from tests.speaking import Speaking

if TYPE_CHECKING:
    from core.wording import Wording
    from tests.postbox import Postbox
    from tests.tiny import TinySite

SECRET = "a secret of the tests, long enough to be one"


class SmallTown:
    """A small association with its site and its service on one address."""

    def __init__(self, tiny: TinySite, port: int) -> None:
        self.tiny = tiny
        self.root = f"http://{HOST}:{port}/"
        self.database = f"sqlite:///{tiny.folder / 'feedback.sqlite3'}"
        settings = Settings(database=self.database, secret=SECRET.encode(), tree=tiny.output)
        site, store, clock = read_site(tiny.site), Store.open(settings), Clock()
        app = create_app(
            settings,
            site,
            store,
            theme=ROOT / "theme",
            overrides=tiny.folder / "templates",
            now=clock,
            random=Random(7),
        )
        self.house = Speaking(app, store, site, clock, origin=self.root.rstrip("/"))
        self.walks = count(1)  # numbers for those who take part
        self.walked = 0  # ways that were walked to their end
        self.heard: list[str] = []  # references of what the site's change is because of

    def build(self) -> None:
        """Deploy the site as the content stands."""
        tiny, now = self.tiny, self.house.clock()
        options = BuildOptions(root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output)
        result = build(replace(options, url=self.root, now=now))
        assert result.ok, (result.faults, result.crash)

    def wording(self, lang: str) -> Wording:
        """Return the interface's words in a language."""
        return self.house.service.pages.wordings[lang]

    def pull(self) -> None:
        """Bring in what may be public."""
        printed: list[str] = []
        code = pull(
            ROOT,
            self.tiny.content,
            self.tiny.site,
            service="",
            dry_run=False,
            yes=False,
            say=printed.append,
            ask=lambda _: pytest.fail("it asked"),
        )
        assert code == 0, printed

    def notify(self) -> int:
        """Tell whoever it is news to; returns how many."""
        published = PublishedLoop.of(in_folder(self.tiny.output))
        house = self.house
        return len(tell(house.store, published, house.site, now=house.clock()))

    def note_online(self) -> int:
        """Note what readers can see by now; returns of how many cases."""
        house, records = self.house, PublishedLoop.of(in_folder(self.tiny.output)).records
        return house.store.write_now(
            lambda conn: note_online(conn, records, house.site, now=house.clock())
        )

    def post(self, box: Postbox) -> int:
        """Hand in what waits in the outbox; returns how many mails were taken."""
        service = self.house.app.routes[0].app.state.service  # type: ignore[attr-defined]
        take = hand_in(box.smtp, pytest.fail)
        codes: list[int] = []
        # Playwright's own event loop runs in this thread.
        work = Thread(
            target=lambda: codes.append(asyncio.run(drain(service, take, asyncio.Event())))
        )
        work.start()
        work.join()
        return codes[0]

    def change(self, name: str, **options: Any) -> None:
        """Change something of a member of staff."""
        self.house.store.write_now(lambda conn: staff.change(conn, name, **options))

    def page_of(self, kind: str, key: str, lang: str) -> str:
        """Return the address of something's page."""
        url = self.chrome()["targets"][kind][key][lang]["url"]
        return self.root.rstrip("/") + str(url)

    def chrome(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.tiny.output / "_chrome.json").read_text())
        return document

    def data(self, name: str, key: str) -> dict[str, Any]:
        """Return a row of the open data."""
        rows = json.loads((self.tiny.output / "data" / f"{name}.json").read_text())[name]
        entry: dict[str, Any] = next(row for row in rows if row.get("key") == key)
        return entry
