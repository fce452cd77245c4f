"""A service on a host of its own works from the site as one below it does, in real browsers.

The two hosts are other sites to a browser: 127.0.0.1 and localhost. The site is served with the
headers that its build wrote, the service with its own.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from commands.build import BuildOptions, build
from commands.local_server import free_port, serving
from feedback.store.voices import votes
from tests.copies import ROOT
from tests.hosting import host
from tests.speaking import Speaking, speaking
from tests.tiny import EVERY_KIND, SITE, write_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browsers import Chromium, Firefox

pytestmark = [pytest.mark.browser, pytest.mark.unmeasured]

VOTE = "form.vote button"


@dataclass
class TwoHosts:
    """A site on one host, its service on another."""

    site: str  # the address of each, with a slash at its end
    service: str
    house: Speaking

    def voices(self) -> int:
        with self.house.store.read() as conn:
            return sum(tally.online for tally in votes.tally(conn).values())

    def answers(self) -> list[str]:
        with self.house.store.read() as conn:
            return [str(answer.fixed) for answer in votes.answered(conn)]


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoHosts]:
    """Build a site, and serve it and its service apart."""
    folder, (its, ours) = tmp_path_factory.mktemp("hosts"), (free_port(), free_port())
    site, service = f"http://127.0.0.1:{its}/", f"http://localhost:{ours}/feedback/"
    settings = SITE.replace("https://tiny.example.org/", site)
    settings += f'\n[feedback]\nservice = "{service}"\n'
    tiny = write_site(folder / "association", EVERY_KIND, settings)
    result = build(
        BuildOptions(root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output)
    )
    assert result.ok, result.faults
    house = speaking(folder, ROOT / "theme", settings, tiny.output)
    with ExitStack() as stack:
        stack.enter_context(house.store)
        stack.enter_context(host(tiny.output, its))
        stack.enter_context(serving(house.app, ours))
        yield TwoHosts(site, service, house)


def test_one_browser_is_one_voice_however_often_it_presses(
    either: Chromium | Firefox, hosts: TwoHosts
) -> None:
    before = hosts.voices()
    for _ in range(3):
        either.open(f"{hosts.site}en/roadmap/dry-walls/")
        either.press(VOTE)
        assert either.address.startswith(hosts.service)
        assert "Your voice counts." in either.text()
    assert hosts.voices() == before + 1
    either.press("main form button")
    assert hosts.voices() == before


def test_an_answer_to_is_it_fixed_is_one_and_can_be_changed(
    either: Chromium | Firefox, hosts: TwoHosts
) -> None:
    before = hosts.answers()
    for answer in ("yes", "no"):
        either.open(f"{hosts.site}en/changes/gutters-are-cleared-each-autumn/")
        either.press(f"form.fixed button[value={answer}]")
    assert hosts.answers() == [*before, "no"]
    either.press("main form button[name=undo]")
    assert hosts.answers() == before


def test_the_sites_own_switch_of_languages_takes_along_an_address(
    either: Chromium | Firefox, hosts: TwoHosts
) -> None:
    either.open(f"{hosts.site}en/subscribe/")
    either.fill("#f-email", "nia@example.org")
    either.choose("#f-period-week")
    either.press(".langs a[lang=cy]")
    assert "/cy/tanysgrifio/" in either.address
    assert either.value("#f-email") == "nia@example.org"
    assert either.script("document.querySelector('#f-period-week').checked") is True
    either.press("form.say button[lang=en]")
    assert either.value("#f-email") == "nia@example.org"


def test_a_form_of_the_site_is_checked_sent_and_followed(
    either: Chromium | Firefox, hosts: TwoHosts
) -> None:
    either.open(f"{hosts.site}cy/dweud-eich-dweud/ysgrifennu/")
    either.choose("#f-danger-no")
    either.choose("#f-sort-idea")
    either.choose("#f-may_publish-no")
    either.fill("#f-said", "Mae'r wal yn wlyb.")
    either.press("form.say button.button:not([formaction])")
    assert "Gwiriwch eich atebion" in either.text()
    either.press('form[action$="/send"] button')
    assert "/cy/receipt/" in either.address
    assert "Mae'r wal yn wlyb." in either.text()


def test_its_pages_look_like_the_sites_and_their_menu_leads_back_to_it(
    either: Chromium | Firefox, hosts: TwoHosts
) -> None:
    either.open(f"{hosts.service}en/say")
    roof = "getComputedStyle(document.querySelector('.roof')).backgroundImage"
    assert "slates" in str(either.script(roof))
    sheets = "[...document.styleSheets].every(sheet => sheet.cssRules.length > 0)"
    assert either.script(sheets) is True
    links = "[...document.querySelectorAll('.menu a, .brand, footer a[href^=http]')]"
    addresses = either.script(f"{links}.map(link => link.href)")
    assert isinstance(addresses, list)
    assert addresses
    assert {address.startswith(hosts.site) for address in addresses} == {True}
    assert getattr(either, "complaints", []) == []


def test_a_browser_that_keeps_no_cookie_is_told_how_else_to_be_counted(
    firefox: Firefox, hosts: TwoHosts
) -> None:
    before = hosts.voices()
    with firefox.without_cookies():
        firefox.open(f"{hosts.site}en/roadmap/dry-walls/")
        firefox.press(VOTE)
        assert "Your browser keeps no cookie" in firefox.text()
        assert "01632 960001" in firefox.text()
    assert hosts.voices() == before
