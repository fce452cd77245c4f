"""The preview answers as a good static host would, and gives nothing out that a host would not."""

from __future__ import annotations

import io
import wave
from email import message_from_bytes
from email.policy import HTTP
from typing import TYPE_CHECKING

import pytest

from tests.previewing import previewing, write_quick_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.previewing import Preview

pytestmark = pytest.mark.long

SOUND = bytes(range(256)) * 40


def hum(seconds: int) -> bytes:
    """A recording so long that a browser won't fetch all of it before it goes to its middle."""
    stream = io.BytesIO()
    with wave.open(stream, "wb") as sound:
        sound.setparams((1, 1, 8000, 0, "NONE", ""))
        sound.writeframes(b"\x80\x90" * 4000 * seconds)
    return stream.getvalue()


FILES: dict[str, str | bytes] = {
    "content/ŵyn.md": "Ŵyn\nLambs.\n",
    "content/about.md": "About\nWho we are.\n",
    "content/404.html": "<!doctype html><title>Not here</title><body>Not here.</body>",
    "content/talk.mp3": SOUND,
    "content/empty.mp3": b"",
    "content/listen.html": (
        "<!doctype html><title>Listen</title><audio src=hum.wav preload=metadata></audio>"
    ),
    "content/hum.wav": hum(300),
    "content/.secret": "hidden",
    "content/.well-known/security.txt": "Contact: mailto:helo@quick.example.org\n",
    "content/_headers": (
        "# the policy of every page\n"
        "/*\n"
        "  Content-Security-Policy: default-src 'self'; upgrade-insecure-requests\n"
        "  X-Content-Type-Options: nosniff\n"
        "  Strict-Transport-Security: max-age=63072000\n"
        "  Cache-Control: public, max-age=600\n"
        "/about/\n"
        "  X-Which: about\n"
        "  X-Which: page\n"
        "/feeds/*\n"
        "  Content-Type: application/rss+xml; charset=utf-8\n"
    ),
    "content/feeds/news.xml": "<rss/>",
    "content/_redirects": (
        "/old/path/ /about/ 301\n"
        "/gone/:year/* https://elsewhere.example.org/:year/:splat 302\n"
        "/about.txt /about/ 301!\n"
        "/talk.mp3 /about/\n"
    ),
    "content/about.txt": "shadowed",
}
TYPES = {
    "a.vtt": "text/vtt; charset=utf-8",
    "a.srt": "application/x-subrip",
    "a.opus": "audio/ogg",
    "a.mp3": "audio/mpeg",
    "a.m4a": "audio/x-m4a",
    "a.json": "application/json",
    "a.webmanifest": "application/manifest+json",
    "a.avif": "image/avif",
    "a.webp": "image/webp",
    "a.jpg": "image/jpeg",
    "a.svg": "image/svg+xml; charset=utf-8",
    "a.woff2": "font/woff2",
    "a.ics": "text/calendar; charset=utf-8",
    "a.atom": "application/atom+xml; charset=utf-8",
    "a.xml": "application/xml; charset=utf-8",
    "a.css": "text/css; charset=utf-8",
    "a.js": "text/javascript; charset=utf-8",
    "a.txt": "text/plain; charset=utf-8",
    "a.unheard-of": "application/octet-stream",
}


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    root = write_quick_site(tmp_path_factory.mktemp("served"), FILES)
    for name in TYPES:
        (root / "content" / name).write_bytes(b"0123456789")
    (root / "content" / "leak.txt").symlink_to(root / "site.toml")
    (root / "content" / "leak").symlink_to(root)
    with previewing(root) as running:
        yield running


@pytest.fixture
def output(preview: Preview) -> Path:
    return preview.root / ".cache" / "preview" / "output"


def test_a_folder_shows_its_index(preview: Preview) -> None:
    answer = preview.ask("/about/")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<h1>About</h1>" in answer.text


@pytest.mark.parametrize(
    ("asked", "sent_to"),
    [
        ("/about", "/about/"),
        ("/about?a=1&b=2", "/about/?a=1&b=2"),
        ("/%C5%B5yn", "/%C5%B5yn/"),
        ("//about", "/about/"),  # never "//about/", which is another host
    ],
)
def test_a_folder_without_its_slash_is_sent_there(
    preview: Preview, asked: str, sent_to: str
) -> None:
    answer = preview.ask(asked)
    assert (answer.status, answer.headers["Location"]) == (301, sent_to)


@pytest.mark.parametrize("path", ["/nothing", "/nothing/", "/about/nothing", "/a.txt/"])
def test_what_is_not_there_gets_the_sites_own_page(preview: Preview, path: str) -> None:
    answer = preview.ask(path)
    assert answer.status == 404
    assert "Not here." in answer.text
    assert answer.headers["Content-Security-Policy"] == "default-src 'self';"


@pytest.mark.parametrize("path", ["/", "/about/", "/talk.mp3", "/nothing", "/about"])
def test_head_says_what_get_would_and_sends_no_body(preview: Preview, path: str) -> None:
    get, head = preview.ask(path), preview.ask(path, "HEAD")
    assert head.body == b""
    assert head.status == get.status
    ours = {"Content-Length", "Content-Type", "ETag", "Accept-Ranges", "Cache-Control", "Location"}
    assert {n: head.headers[n] for n in ours} == {n: get.headers[n] for n in ours}


@pytest.mark.parametrize(
    ("asked", "content_range", "body"),
    [
        ("bytes=0-99", "bytes 0-99/10240", SOUND[:100]),
        ("bytes=10000-", "bytes 10000-10239/10240", SOUND[10000:]),
        ("bytes=-5", "bytes 10235-10239/10240", SOUND[-5:]),
        ("bytes=10200-99999", "bytes 10200-10239/10240", SOUND[10200:]),
    ],
)
def test_a_player_gets_the_bytes_it_asks_for(
    preview: Preview, asked: str, content_range: str, body: bytes
) -> None:
    answer = preview.ask("/talk.mp3", headers={"Range": asked})
    assert answer.status == 206
    assert answer.headers["Content-Range"] == content_range
    assert answer.headers["Content-Type"] == "audio/mpeg"
    assert answer.body == body


def test_several_ranges_come_in_parts(preview: Preview) -> None:
    answer = preview.ask("/talk.mp3", headers={"Range": "bytes=0-3,100-103"})
    assert answer.status == 206
    kind = f"Content-Type: {answer.headers['Content-Type']}\r\n\r\n".encode()
    parts = message_from_bytes(kind + answer.body, policy=HTTP).iter_parts()
    assert [part["Content-Range"] for part in parts] == [
        "bytes 0-3/10240",
        "bytes 100-103/10240",
    ]


@pytest.mark.parametrize(
    "asked", ["items=0-3", "bytes=", "bytes=abc", "bytes=5-2", "bytes=0-3,x-9", "0-3", "bytes=--5"]
)
def test_a_range_that_makes_no_sense_is_as_good_as_none(preview: Preview, asked: str) -> None:
    answer = preview.ask("/talk.mp3", headers={"Range": asked})
    assert (answer.status, answer.body) == (200, SOUND)


@pytest.mark.parametrize("asked", ["bytes=0-3,20000-", "bytes=20000-30000,0-3", "bytes=-0,0-3"])
def test_of_several_ranges_those_that_are_there_are_sent(preview: Preview, asked: str) -> None:
    answer = preview.ask("/talk.mp3", headers={"Range": asked})
    assert (answer.status, answer.headers["Content-Range"]) == (206, "bytes 0-3/10240")
    assert answer.body == SOUND[:4]


def test_head_tells_of_a_range_and_sends_none_of_it(preview: Preview) -> None:
    answer = preview.ask("/talk.mp3", "HEAD", {"Range": "bytes=0-99"})
    assert (answer.status, answer.body) == (206, b"")
    assert answer.headers["Content-Range"] == "bytes 0-99/10240"
    assert answer.headers["Content-Length"] == "100"


@pytest.mark.parametrize("header", ["ETag", "Last-Modified"])
def test_a_range_of_the_same_file_goes_on_where_it_broke_off(preview: Preview, header: str) -> None:
    same = preview.ask("/talk.mp3", "HEAD").headers[header]
    answer = preview.ask("/talk.mp3", headers={"Range": "bytes=5-9", "If-Range": same})
    assert (answer.status, answer.body) == (206, SOUND[5:10])


def test_nothing_has_no_ranges(preview: Preview) -> None:
    answer = preview.ask("/empty.mp3", headers={"Range": "bytes=0-"})
    assert (answer.status, answer.headers["Content-Range"]) == (416, "bytes */0")


def test_a_player_in_a_browser_goes_to_a_place_in_the_middle(preview: Preview, page: Page) -> None:
    """A browser can go only where a server answers ranges: else it is at 0:00 again."""
    ranges = []
    page.on("response", lambda got: ranges.append(got.status) if got.url.endswith("wav") else None)
    page.goto(f"{preview.url}listen.html")
    at = page.evaluate(
        """() => new Promise((resolve, reject) => {
            const player = document.querySelector("audio");
            player.onerror = () => reject(player.error);
            player.onseeked = () => resolve([player.currentTime, player.duration]);
            player.onloadedmetadata = () => { player.currentTime = 150; };
            player.load();
        })"""
    )
    assert at == [150, 300]
    assert set(ranges) == {206}


def test_a_range_past_the_end_is_refused_with_the_length(preview: Preview) -> None:
    answer = preview.ask("/talk.mp3", headers={"Range": "bytes=10240-"})
    assert (answer.status, answer.headers["Content-Range"]) == (416, "bytes */10240")


def test_a_range_of_an_older_file_gets_the_whole_new_one(preview: Preview) -> None:
    headers = {"Range": "bytes=0-3", "If-Range": '"another"'}
    answer = preview.ask("/talk.mp3", headers=headers)
    assert (answer.status, answer.body) == (200, SOUND)


@pytest.mark.parametrize("path", ["/about/", "/talk.mp3", "/feeds/news.xml"])
def test_what_a_reader_holds_already_is_not_sent_again(preview: Preview, path: str) -> None:
    tag = preview.ask(path).headers["ETag"]
    again = preview.ask(path, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status, again.body) == (304, b"")


def test_a_file_that_is_no_newer_is_not_sent_again(preview: Preview) -> None:
    when = preview.ask("/talk.mp3").headers["Last-Modified"]
    assert preview.ask("/talk.mp3", headers={"If-Modified-Since": when}).status == 304


@pytest.mark.parametrize(("name", "kind"), TYPES.items())
def test_each_file_has_its_type(preview: Preview, name: str, kind: str) -> None:
    assert preview.ask(f"/{name}").headers["Content-Type"] == kind


def test_the_sites_own_headers_are_felt(preview: Preview) -> None:
    answer = preview.ask("/about/")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Which"] == "about, page"
    assert preview.ask("/feeds/news.xml").headers["Content-Type"] == (
        "application/rss+xml; charset=utf-8"
    )
    assert preview.ask("/talk.mp3").headers["X-Which"] is None


def test_what_only_https_can_keep_is_not_promised(preview: Preview) -> None:
    answer = preview.ask("/about/")
    assert answer.headers["Strict-Transport-Security"] is None
    assert answer.headers["Content-Security-Policy"] == "default-src 'self';"


@pytest.mark.parametrize("path", ["/", "/about", "/talk.mp3", "/nothing", "/_preview/reload.js"])
def test_a_browser_keeps_nothing_of_a_preview(preview: Preview, path: str) -> None:
    assert preview.ask(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("asked", "status", "sent_to"),
    [
        ("/old/path/", 301, "/about/"),
        ("/old/path?from=mail", 301, "/about/?from=mail"),
        ("/gone/2019/a/b", 302, "https://elsewhere.example.org/2019/a/b"),
        ("/about.txt", 301, "/about/"),
        ("/talk.mp3", 200, None),  # a file that stands goes before a redirect that is not forced
    ],
)
def test_redirects_are_followed_as_a_host_would(
    preview: Preview, asked: str, status: int, sent_to: str | None
) -> None:
    answer = preview.ask(asked)
    assert (answer.status, answer.headers["Location"]) == (status, sent_to)


@pytest.mark.parametrize(
    "path",
    [
        "/../site.toml",
        "/%2e%2e/site.toml",
        "/..%2fsite.toml",
        "/about/../../../site.toml",
        "/%5c..%5csite.toml",
        "/.secret",
        "/about/.secret",
        "/leak.txt",
        "/leak/site.toml",
        "/_headers",
        "/_redirects",
        "/about/%00",
        "/" + "long" * 200,
        "//etc/passwd",
    ],
)
def test_nothing_leaves_that_is_not_of_the_site(preview: Preview, path: str) -> None:
    answer = preview.ask(path)
    assert answer.status == 404
    assert b"quick.example.org" not in answer.body


def test_the_one_hidden_folder_of_the_web_is_served(preview: Preview) -> None:
    assert preview.ask("/.well-known/security.txt").status == 200


def test_a_preview_takes_nothing(preview: Preview) -> None:
    answer = preview.ask("/about/", "POST", {"Content-Length": "0"})
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("name", "status"),
    [("localhost:8000", 200), ("[::1]:8000", 200), ("127.0.0.1", 200), ("evil.example.org", 421)],
)
def test_a_page_elsewhere_cannot_reach_in_under_its_own_name(
    preview: Preview, name: str, status: int
) -> None:
    assert preview.ask("/about/", headers={"Host": name}).status == status


def test_a_page_carries_the_script_and_its_file_does_not(preview: Preview, output: Path) -> None:
    page = preview.ask("/about/").text
    assert page.count('<script src="/_preview/reload.js"') == 1
    assert page.index("/_preview/reload.js") < page.index("</body>")
    assert "_preview" not in (output / "about" / "index.html").read_text("utf-8")


def test_a_page_that_a_script_fetches_is_as_it_stands_on_disk(
    preview: Preview, output: Path
) -> None:
    fetched = preview.ask("/about/", headers={"Sec-Fetch-Dest": "empty"})
    assert fetched.body == (output / "about" / "index.html").read_bytes()


def test_a_site_below_a_folder_is_served_below_it(tmp_path: Path) -> None:
    write_quick_site(tmp_path, {**FILES, "site.toml": 'url = "https://x.example.org/a/house/"\n'})
    with previewing(tmp_path) as preview:
        root = preview.ask("/")
        assert (root.status, root.headers["Location"]) == (302, "/a/house/")
        assert preview.ask("/a/house").headers["Location"] == "/a/house/"
        assert f"{preview.url}a/house/" in preview.ask("/a/house/").text
        assert preview.ask("/a/house/about").headers["Location"] == "/a/house/about/"
        assert preview.ask("/a/house/about/").headers["X-Which"] == "about, page"
        assert preview.ask("/a/house/old/path/").headers["Location"] == "/a/house/about/"
        assert preview.ask("/a/house/nothing").status == 404
        assert preview.ask("/a/housebreaker/").headers["Location"] == "/a/house/"
