"""nginx, Apache and Caddy, started by our recipes: what readers, programs and tenants get."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from commands.build import BuildOptions, build
from commands.local_server import free_port, serving
from commands.recipes import WebServer, recipe
from commands.service_runtime import service_for
from commands.site_folder import read_site
from commands.terminal import Stop
from commands.visits import read_line
from core.service_address import service_address
from feedback.web.pages import HEADERS
from plugins.discovery.headers import rules
from tests.copies import ROOT
from tests.databases import sqlite_settings_in
from tests.tiny import EVERY_KIND, POST, SITE, write_site
from tests.web_servers import emptied, readable, web_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.tiny import TinySite
    from tests.web_servers import RunningServer, ServerAnswer

pytestmark = pytest.mark.long

SERVERS = ["nginx", "apache", "caddy"]
BASES = ["/", "/house/"]
FILES: dict[str, str | bytes] = {
    **EVERY_KIND,
    "posts/2026-03-04-clear-gutters.en.md": POST.replace(
        "tags: [gutters]", "tags: [gutters]\naliases: [/news/gutters/, /old/feed.xml, /feed/]"
    ),
    "extra/captions.vtt": "WEBVTT\n",
    "extra/words.srt": "1\n00:00:00,000 --> 00:00:01,000\nWords\n",
    "extra/loud.opus": b"OggS",
    "extra/.well-known/security.txt": "Contact: mailto:helo@tiny.example.org\n",
}
XML = "text/xml application/xml"
TYPES = {  # what may be answered, and who else's pages may read it
    "en/blog/feed.xml": (XML, "*"),
    "old/feed.xml": (XML, "*"),
    "feed/": (XML, "*"),
    "en/blog/feed.json": ("application/feed+json", "*"),
    "data/changes.json": ("application/json", "*"),
    "en/meetups/calendar.ics": ("text/calendar", "*"),
    "feeds.opml": ("text/x-opml", "*"),
    "captions.vtt": ("text/vtt", "*"),
    "words.srt": ("application/x-subrip", "*"),
    "loud.opus": ("audio/ogg", ""),
    "en/site.webmanifest": ("application/manifest+json", ""),
    ".well-known/security.txt": ("text/plain", ""),
}
SECRET = "a-token-that-opens-a-receipt"
SAID = {"sort": "problem", "said": "The lamp by the door is dark.", "danger": "no"}


@dataclass(frozen=True)
class Hosted:
    """A site behind a web server, with its feedback service."""

    base: str
    server: RunningServer
    tiny: TinySite


@pytest.fixture(scope="module", params=BASES, ids=["root", "folder"])
def tiny(request: pytest.FixtureRequest) -> Iterator[tuple[str, TinySite]]:
    """A built site, at its host's root or in a folder of it, that every user may read."""
    folder = Path(tempfile.mkdtemp(prefix="house-", dir="/tmp"))
    settings = SITE.replace("https://tiny.example.org/", f"https://www.example.org{request.param}")
    tiny = write_site(folder / "site", FILES, settings)
    assert build(BuildOptions(ROOT, tiny.content, tiny.site, tiny.output)).ok
    readable(folder)
    yield request.param, tiny
    emptied(folder)


@pytest.fixture(scope="module", params=SERVERS)
def hosted(request: pytest.FixtureRequest, tiny: tuple[str, TinySite]) -> Iterator[Hosted]:
    base, site = tiny
    place = Path(tempfile.mkdtemp(dir=site.folder))
    place.chmod(0o777)
    settings = replace(sqlite_settings_in(place / "private"), tree=site.output)
    runtime = service_for(site.site, settings, lambda _: None)
    with runtime.service.store, serving(runtime.app, free_port()) as address:
        written = place / "server"
        written.mkdir(mode=0o777)
        port = int(address.rstrip("/").rpartition(":")[2])
        with web_server(request.param, site, "", port, written) as server:
            yield Hosted(base, server, site)


@pytest.fixture(scope="module", params=SERVERS)
def alone(request: pytest.FixtureRequest, tiny: tuple[str, TinySite]) -> Iterator[Hosted]:
    """A site whose feedback service doesn't run."""
    base, site = tiny
    place = Path(tempfile.mkdtemp(dir=site.folder))
    place.chmod(0o777)
    with web_server(request.param, site, "", free_port(), place) as server:
        yield Hosted(base, server, site)


@pytest.fixture(scope="module", params=[*SERVERS, "htaccess"])
def reading(request: pytest.FixtureRequest, tiny: tuple[str, TinySite]) -> Iterator[Hosted]:
    """A site for readers alone; also where nobody may set the server up, by a file in the tree."""
    base, site = tiny
    place = Path(tempfile.mkdtemp(dir=site.folder))
    place.chmod(0o777)
    with web_server(request.param, site, "", free_port(), place) as server:
        yield Hosted(base, server, site)


class TestReaders:
    def test_pages_come_with_the_headers_of_the_built_site_once(self, reading: Hosted) -> None:
        for path in ("", "en/", "en/blog/the-gutters-are-clear/"):
            answer = reading.server.ask(reading.base + path)
            assert answer.status == 200
            assert answer.header("content-type") == "text/html; charset=utf-8"
            for name, value in rules(reading.base, https=True)[0].headers:
                assert answer.header(name.lower()) == value, name
            assert answer.header("cache-control") == "no-cache"
            assert answer.header("access-control-allow-origin") == ""

    def test_what_has_its_content_in_its_name_is_kept_for_a_year(self, reading: Hosted) -> None:
        (style,) = (reading.tiny.output / "assets").glob("style.*.css")
        answer = reading.server.ask(f"{reading.base}assets/{style.name}")
        assert answer.status == 200
        assert answer.header("content-type").startswith("text/css")
        assert answer.header("cache-control") == "public, max-age=31536000, immutable"

    def test_programs_get_the_type_they_ask_for(self, reading: Hosted) -> None:
        for path, (types, shared) in TYPES.items():
            answer = reading.server.ask(reading.base + path)
            assert answer.status == 200, path
            assert answer.header("content-type").partition(";")[0] in types.split(), path
            assert answer.header("access-control-allow-origin") == shared, path
            assert answer.header("content-security-policy")

    def test_players_get_a_part_of_a_recording(self, reading: Hosted) -> None:
        answer = reading.server.ask(f"{reading.base}loud.opus", Range="bytes=1-2")
        assert (answer.status, answer.body) == (206, b"gg")

    def test_what_is_not_there_or_not_for_readers_is_the_site_s_own_404(
        self, reading: Hosted
    ) -> None:
        own = (reading.tiny.output / "404.html").read_bytes()
        for path in (
            *("nothing/", "en/nothing", "_headers", "_redirects", "_chrome.json"),
            *("manifest.json", ".git/config", "en/.git/config"),
        ):
            answer = reading.server.ask(reading.base + path)
            assert (answer.status, answer.body) == (404, own), path
            assert answer.header("content-security-policy")

    def test_an_address_without_its_slash_leads_to_the_page(self, reading: Hosted) -> None:
        paths = ["en"] + ([""] if reading.base != "/" else [])
        for path in paths:
            address = (reading.base + path).rstrip("/")
            answer = reading.server.ask(address)
            assert answer.status in {301, 302, 307, 308}
            assert answer.header("location").endswith(f"{address}/")

    def test_an_old_address_leads_to_the_page(self, reading: Hosted) -> None:
        answer = reading.server.ask(f"{reading.base}news/gutters/")
        assert answer.status == 200
        assert f'url={reading.base}en/blog/the-gutters-are-clear/"' in answer.text


class TestTheLog:
    def test_the_log_says_which_pages_and_nothing_of_who_came(self, hosted: Hosted) -> None:
        came_from = "https://x.example.org/from"
        hosted.server.ask(f"{hosted.base}en/about-us/?q=my+damp", Referer=came_from, Cookie="c=1")
        visits = hosted.server.visits(f"{hosted.base}cy/amdanom-ni/")
        assert f"{hosted.base}en/about-us/" in visits
        counted = [read_line(line.encode()) for line in visits.splitlines()]
        assert f"{hosted.base}en/about-us/" in {visit.path for visit in counted if visit}
        for private in ("damp", "127.0.0.1", "x.example.org"):
            assert private not in visits


class TestTheService:
    def test_its_pages_come_with_its_own_headers_once(self, hosted: Hosted) -> None:
        answer = hosted.server.ask(f"{hosted.base}feedback/en/say")
        assert answer.status == 200
        for name, value in HEADERS.items():
            assert answer.header(name.lower()) == value, name
        assert f'action="{hosted.base}feedback/en/say"' in answer.text

    def test_words_reach_it(self, hosted: Hosted) -> None:
        page = hosted.server.ask(f"{hosted.base}en/say-something/write/").text
        assert f'action="{hosted.base}feedback/en/say"' in page
        answer = self._sent(hosted, SAID | {"may_publish": "yes"})
        assert answer.status == 200
        assert SAID["said"] in answer.text

    def test_words_that_are_too_long_come_back_from_it(self, hosted: Hosted) -> None:
        answer = self._sent(hosted, SAID | {"said": "damp " * 300_000})
        assert answer.status == 413
        assert "damp damp" in answer.text

    def test_what_it_says_itself_is_not_hidden(self, hosted: Hosted) -> None:
        answer = hosted.server.ask(f"{hosted.base}feedback/en/nothing")
        assert answer.status == 404
        assert 'class="on-service"' in answer.text

    def test_no_log_has_the_address_of_a_receipt(self, hosted: Hosted) -> None:
        page = f"{hosted.base}feedback/en/receipt/{SECRET}"
        assert hosted.server.ask(page).status == 404
        came_from = f"https://www.example.org{page}"
        hosted.server.ask(f"{hosted.base}en/", Referer=came_from)
        hosted.server.ask(f"{hosted.base}en/nothing", Referer=came_from)
        hosted.server.visits(f"{hosted.base}en/about-us/")  # after which all before is written
        assert SECRET not in hosted.server.logged()

    @staticmethod
    def _sent(hosted: Hosted, fields: dict[str, str]) -> ServerAnswer:
        return hosted.server.ask(
            f"{hosted.base}feedback/en/say",
            "POST",
            urlencode(fields),
            Content_Type="application/x-www-form-urlencoded",
            Origin="https://www.example.org",
        )


class TestAnAbsentService:
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_a_page_of_the_site_says_so_with_what_to_do(self, alone: Hosted, method: str) -> None:
        answer = alone.server.ask(f"{alone.base}feedback/en/say", method, "said=damp")
        assert answer.status == 503
        assert answer.body == (alone.tiny.output / "away.html").read_bytes()
        assert answer.header("retry-after") == "60"
        assert answer.header("cache-control") == "no-store"
        assert answer.header("content-type") == "text/html; charset=utf-8"
        assert answer.header("content-security-policy")

    def test_more_than_goes_through_is_given_back_by_that_page_too(self, alone: Hosted) -> None:
        answer = alone.server.ask(f"{alone.base}feedback/en/say", "POST", "w" * 2_200_000)
        assert answer.status in {413, 503}
        assert answer.body == (alone.tiny.output / "away.html").read_bytes()

    def test_no_log_has_the_address_of_a_receipt(self, alone: Hosted) -> None:
        page = f"{alone.base}feedback/en/receipt/{SECRET}"
        came_from = f"https://www.example.org{page}"
        assert alone.server.ask(page, Referer=came_from).status == 503
        alone.server.visits(f"{alone.base}en/about-us/")
        assert SECRET not in alone.server.logged()


def test_what_was_typed_while_the_service_is_away_can_be_sent_from_there(
    browser: Browser, tmp_path: Path
) -> None:
    page = browser.new_page()  # whose console says that the server is away, as it must
    folder = Path(tempfile.mkdtemp(prefix="house-", dir="/tmp"))
    try:
        tiny = write_site(folder / "site", FILES, SITE.replace("https://tiny", "http://tiny"))
        assert build(BuildOptions(ROOT, tiny.content, tiny.site, tiny.output)).ok
        readable(folder)
        with web_server("nginx", tiny, "", free_port(), tmp_path) as server:
            page.goto(f"http://127.0.0.1:{server.port}/cy/dweud-eich-dweud/ysgrifennu/")
            page.locator("[name=said]").fill("Mae'r lamp wedi torri.\nEto.")
            page.locator("form.say [type=submit]").first.click()
            for _ in range(2):
                form = page.locator("section[lang=cy] form.again")
                assert form.locator("textarea").input_value() == "Mae'r lamp wedi torri.\nEto."
                assert form.locator("[name=complaint]").input_value() == "no"
                assert not page.locator("section[lang=cy] .reload").is_visible()
                assert not page.locator("section[lang=en] form").is_visible()
                form.locator("button").click()
    finally:
        page.close()
        emptied(folder)


class TestWords:
    @pytest.mark.parametrize(
        ("name", "wanted", "words"),
        [
            ("iis", WebServer(), "There is one for nginx, apache, caddy, htaccess, systemd."),
            ("nginx", WebServer(tree="/srv/a b"), "Write it as in --tree"),
            ("nginx", WebServer(tree="www"), "Write it as in --tree"),
            ("nginx", WebServer(url='https://x.example.org/";'), "Write it as in --url"),
            ("nginx", WebServer(log="/var/log/$(id)"), "Write it as in --log"),
        ],
    )
    def test_what_no_server_could_follow_is_told(
        self, tmp_path: Path, name: str, wanted: WebServer, words: str
    ) -> None:
        site = read_site(write_site(tmp_path / "site").site)
        with pytest.raises(Stop, match=re.escape(words)):
            recipe(ROOT, site, name, wanted)

    def test_a_service_on_another_host_is_that_host_s_own(self, tmp_path: Path) -> None:
        service = '[feedback]\nservice = "https://say.example.org/feedback/"\n'
        site = read_site(write_site(tmp_path / "site", settings=SITE + service).site)
        ours = recipe(ROOT, site, "nginx", WebServer())
        theirs = recipe(ROOT, site, "nginx", WebServer(url="https://say.example.org/"))
        assert "proxy_pass" not in ours
        assert "location ^~ /feedback/ {" in theirs

    def test_a_service_in_the_place_of_the_pages_is_told(self, tmp_path: Path) -> None:
        service = '[feedback]\nservice = "https://say.example.org/"\n'
        site = read_site(write_site(tmp_path / "site", settings=SITE + service).site)
        with pytest.raises(Stop, match="needs a folder of its own"):
            recipe(ROOT, site, "nginx", WebServer(url="https://say.example.org/"))


@pytest.mark.parametrize(
    ("service", "root", "address"),
    [
        ("/feedback/", "/", "/feedback/"),
        ("/feedback/", "/house/", "/house/feedback/"),
        ("/house/feedback/", "/house/", "/house/feedback/"),
        ("/household/", "/house/", "/house/household/"),
        ("/house/", "/house/", "/house/house/"),
        ("/feedback/", "https://www.example.org/house/", "https://www.example.org/house/feedback/"),
        ("/house/say/", "https://www.example.org/house/", "https://www.example.org/house/say/"),
        ("https://say.example.org/", "/house/", "https://say.example.org/"),
    ],
)
def test_a_service_said_with_the_site_s_folder_doubles_no_path(
    service: str, root: str, address: str
) -> None:
    assert service_address(service, root) == address
