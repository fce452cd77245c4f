"""The whole loop in a real browser: a tenant speaks, staff answer, a change shows, all are told."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import UTC, datetime
from random import Random
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from commands.local_server import free_port, serving
from commands.pull import pull
from commands.site_folder import read_site
from commands.story.actors import Clock
from feedback.notices.delivery import drain, hand_in
from feedback.notify import PublishedLoop, tell
from feedback.online_records import note_online
from feedback.published_site import in_folder
from feedback.settings import Settings
from feedback.store import Store
from feedback.web.app import create_app
from tests.copies import ROOT
from tests.desk import newcomer
from tests.postbox import HOST, Postbox, postbox
from tests.speaking import Speaking
from tests.test_desk_browser import enter
from tests.tiny import CHANGE, EVERY_KIND, ROADMAP, SITE, TinySite, write_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from commands.build import BuildResult

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.unmeasured]
SECRET = "a secret of the tests, long enough to be one"
SAID = "Mae'r landar yn diferu, meddai Mrs Jones, 01632 960123."
PUBLIC = "Mae'r landar yn diferu."
ANSWERED = "Fe ddaeth yr ysgol ddydd Llun."


class SmallTown:
    """A small association with its site and its service on one address."""

    def __init__(self, tiny: TinySite, build: Callable[..., BuildResult], port: int) -> None:
        self.tiny, self._build = tiny, build
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
        self.house = Speaking(app, store, site, clock)

    def build(self) -> None:
        """Deploy the site as the content stands."""
        result = self._build(self.tiny, url=self.root, now=self.house.clock())
        assert result.ok, (result.faults, result.crash)

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

    def page_of(self, kind: str, key: str) -> str:
        """Return the address of something's page in Welsh."""
        url = self.chrome()["targets"][kind][key]["cy"]["url"]
        return self.root.rstrip("/") + str(url)

    def chrome(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.tiny.output / "_chrome.json").read_text())
        return document

    def data(self, name: str, key: str) -> dict[str, Any]:
        """Return a row of the open data."""
        rows = json.loads((self.tiny.output / "data" / f"{name}.json").read_text())[name]
        entry: dict[str, Any] = next(row for row in rows if row.get("key") == key)
        return entry


@pytest.fixture
def town(
    tmp_path: Path, built: Callable[..., BuildResult], monkeypatch: pytest.MonkeyPatch
) -> Iterator[SmallTown]:
    port = free_port()
    town = SmallTown(write_site(tmp_path / "town", EVERY_KIND, SITE), built, port)
    monkeypatch.setenv("OPEN_HOUSE_DATABASE", town.database)
    monkeypatch.setenv("OPEN_HOUSE_SECRET", SECRET)
    town.build()
    pages = Mount("/", StaticFiles(directory=town.tiny.output, html=True))
    app = Starlette(routes=[*town.house.app.routes, pages])
    with town.house.store, serving(app, port):
        yield town


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page in a browser that runs no scripts."""
    context = browser.new_context(locale="cy-GB", java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def desk_page(browser: Browser) -> Iterator[Page]:
    """Somebody else's browser, at the desk."""
    context = browser.new_context(locale="en-GB", java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_the_loop_closes_without_scripts(town: SmallTown, plain: Page, desk_page: Page) -> None:
    the_loop(town, plain, desk_page)


def test_the_loop_closes_with_scripts(town: SmallTown, page: Page, desk_page: Page) -> None:
    the_loop(town, page, desk_page)


def the_loop(town: SmallTown, tenant: Page, staff: Page) -> None:
    """Go once round: speak, answer, publish, change, tell, confirm, count."""
    with postbox() as box:
        mair = newcomer(town.house)
        enter(staff, f"{town.root}feedback/desk/", mair)
        receipt, ref = speak(town, tenant)
        assert_receipt_prints(tenant, ref)
        assert town.post(box) == 1  # we have it
        confirm_address(tenant, box, receipt)
        answer(staff, ref, town)
        assert town.post(box) == 1  # we have answered

        town.pull()
        act_on(town, ref)
        town.build()
        for kind, key in (("record", ref), ("roadmap", "dry-walls"), ("change", "autumn-gutters")):
            tenant.goto(town.page_of(kind, key))
            shown = tenant.locator("main").inner_text()
            assert PUBLIC in shown, kind
            assert "Jones" not in tenant.content()

        enter(staff, f"{town.root}feedback/desk/", mair)  # two weeks later
        staff.goto(f"{town.root}feedback/desk/case/{ref}")
        assert staff.get_by_text("waits for the next round").is_visible()
        assert town.note_online() == 1
        staff.reload()
        assert staff.get_by_text(re.compile("since 21 Mar 2026, 10:00")).is_visible()

        box.taken.clear()
        assert town.notify() == 1
        assert town.notify() == 0
        assert (town.post(box), town.post(box)) == (1, 0)
        (mail,) = box.taken
        assert ref in mail["Subject"]
        assert town.page_of("change", "autumn-gutters") in mail.get_content()
        assert "landar" not in mail.get_content()
        (link,) = re.findall(r"http\S+/receipt/\S+", mail.get_content())
        assert link == receipt

        tenant.goto(link)
        assert ANSWERED in tenant.locator("main").inner_text()
        tenant.get_by_role("link", name="Ei weld ar y wefan").click()
        assert "Gutters are cleared each autumn" in tenant.locator("main").inner_text()

        confirm(town, tenant)
        town.pull()
        town.build()
        assert town.data("changes", "autumn-gutters")["fixed_yes"] == 1


def confirm_address(tenant: Page, box: Postbox, receipt: str) -> None:
    """Follow the first mail's link, and say that it was oneself who wrote."""
    (link,) = re.findall(r"http\S+/mail/\S+", box.taken[-1].get_content())
    tenant.goto(link)
    assert SAID not in tenant.content()
    tenant.locator("button[name=mine]").click()
    tenant.wait_for_url(receipt)


def speak(town: SmallTown, tenant: Page) -> tuple[str, str]:
    """Say something in Welsh, by the form of the static site; returns receipt and reference."""
    tenant.goto(town.root.rstrip("/") + town.chrome()["say"]["cy"])
    return fill_in(tenant)


def fill_in(tenant: Page) -> tuple[str, str]:
    """Go on from the page on which one begins to say something, as far as the receipt."""
    tenant.set_default_timeout(8000)
    tenant.get_by_role("link", name="Nac oes: dw i eisiau dweud rhywbeth").click()
    for name, value in [("danger", "no"), ("sort", "problem"), ("may_publish", "yes")]:
        choice = f"form.say [name={name}][value={value}]"
        if tenant.locator(choice).get_attribute("type") == "radio":
            tenant.check(choice)
    tenant.locator("[name=topic]").select_option("repairs")
    tenant.fill("[name=said]", SAID)
    tenant.locator("form.say summary").click()
    tenant.check("[name=answer_by][value=email]")
    tenant.fill("[name=email]", "nia@example.org")
    tenant.locator("form.say button[type=submit]:not([formaction])").click()
    tenant.locator("form[action$='/send'] button[type=submit]").click()
    tenant.wait_for_url("**/receipt/*")
    match = re.search(r"F-[2-9B-Z]{6}", tenant.locator("main").inner_text())
    assert match
    return tenant.url, match[0]


def assert_receipt_prints(tenant: Page, ref: str) -> None:
    """On paper stand the reference, the words and the promise, and no button."""
    tenant.emulate_media(media="print")
    paper = tenant.locator("main").inner_text()
    assert ref in paper
    assert SAID in paper
    assert re.search(r"chewch ateb erbyn \d+ \w+ 2026", paper)
    for button in tenant.locator("button, .button, nav, form").all():
        assert not button.is_visible(), button.inner_text()
    tenant.emulate_media(media="screen")


def answer(staff: Page, ref: str, town: SmallTown) -> None:
    """Redact, answer and publish at the desk."""
    staff.goto(f"{town.root}feedback/desk/case/{ref}")
    assert "Mrs Jones (name)" in staff.locator("mark").all_inner_texts()
    staff.get_by_label("The words as they may stand in public").fill(PUBLIC)
    staff.get_by_label("The team that answers").select_option("repairs")
    staff.get_by_label("Answer: Cymraeg").fill(ANSWERED)
    staff.get_by_label("Answer: English").fill("The ladder came on Monday.")
    staff.get_by_role("button", name="Answer, publish and next").click()
    assert "Published." in staff.get_by_role("status").inner_text()


def act_on(town: SmallTown, ref: str) -> None:
    """Two weeks later: the item names what was heard, and something has changed because of it."""
    town.house.clock.now = datetime(2026, 3, 21, 10, tzinfo=UTC)
    heard = ROADMAP.replace("owner: repairs\n", f"owner: repairs\nheard: [{ref}]\n")
    town.tiny.write("roadmap/dry-walls.en.md", heard)
    because = CHANGE.replace("owner: repairs\n", f"owner: repairs\nbecause: [{ref}]\n")
    town.tiny.write("changes/2026-03-20-autumn-gutters.en.md", because)


def confirm(town: SmallTown, tenant: Page) -> None:
    """Say that it is fixed, on the page of the change."""
    tenant.goto(town.page_of("change", "autumn-gutters"))
    form = tenant.locator("form[action$='/fixed']")
    form.locator("button[value=yes]").click()
    tenant.wait_for_url("**/fixed?*")
