"""`./run serve` builds on every save, survives every error, and says what happened."""

from __future__ import annotations

import inspect
import os
import pty
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import fields
from typing import TYPE_CHECKING, Any, cast

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from commands import build
from commands.preview.address import Unusable, own_address
from commands.preview.app import application
from commands.preview.live import Hub
from commands.preview.tree import Site
from tests import preview_builder
from tests.copies import ROOT
from tests.previewing import (
    address_in,
    previewing,
    run,
    save,
    start_command,
    starting,
    write_quick_site,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from tests.previewing import Preview


HIDE_CURSOR, SHOW_CURSOR = b"\x1b[?25l", b"\x1b[?25h"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_quick_site(tmp_path / "association")


@pytest.fixture
def preview(root: Path) -> Iterator[Preview]:
    with previewing(root) as running:
        yield running


def builds(root: Path) -> list[str]:
    """The process of each build that there was."""
    return (root / "builds").read_text("utf-8").split()


def test_a_save_is_built_and_the_pages_that_stand_open_are_told(preview: Preview) -> None:
    events = preview.events()
    before = events.next()
    save(preview.root / "content" / "index.md", "Front\nNew words.\n")
    after = events.next()
    assert after["build"] != before["build"]
    assert after["faults"] == []
    assert "New words." in preview.ask("/").text
    assert "1 page in" in preview.hear("content/index.md changed")


def test_a_new_file_and_a_new_folder_are_noticed(preview: Preview) -> None:
    save(preview.root / "content" / "new.md", "New\nPage.\n")
    preview.hear("content/new.md changed: 2 pages")
    save(preview.root / "content" / "deep" / "er" / "file.txt", "words")
    preview.hear("changed: 2 pages")
    assert preview.ask("/deep/er/file.txt").text == "words"


def test_the_builder_stays_warm_until_code_changes(preview: Preview) -> None:
    root = preview.root
    save(root / "content" / "index.md", "Front\nAgain.\n")
    preview.hear("content/index.md changed")
    assert len(set(builds(root))) == 1
    save(root / "pelicanconf.py", "THEME = 'theme'\n")
    preview.hear("pelicanconf.py changed")
    assert len(set(builds(root))) == 2


@pytest.mark.parametrize(
    "name",
    ["site.toml", "theme/templates/base.html", "theme/translations/cy.po", "templates/base.html"],
)
def test_settings_theme_and_words_are_watched_too(root: Path, name: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    with previewing(root) as preview:
        save(root / name, "# changed\n")
        preview.hear(f"{name} changed")


def test_a_change_of_styles_alone_is_told_apart(preview: Preview) -> None:
    events = preview.events()
    first = events.next()
    save(preview.root / "theme" / "static" / "style.css", "h1 { color: red }\n")
    second = events.next()
    assert second["restyled"] == first["build"]
    save(preview.root / "content" / "index.md", "Front\nWords.\n")
    assert events.next()["restyled"] == ""


def test_a_fault_is_told_and_the_last_good_site_stays(preview: Preview) -> None:
    events = preview.events()
    good = events.next()
    page = preview.root / "content" / "index.md"
    save(page, "Front\n!fault <b>The title</b> is empty.\n")
    bad = events.next()
    assert bad["build"] == good["build"]
    assert not bad["current"]
    [fault] = bad["faults"]
    assert (fault["path"], fault["line"], fault["field"]) == ("content/index.md", 2, "title")
    assert (fault["wrong"], fault["instead"]) == ("<b>The title</b> is empty.", "Write a title.")
    assert "The front page." in preview.ask("/").text
    preview.hear("content/index.md changed: the site could not be built; the last good one stays.")
    preview.hear("content/index.md:2: [title] <b>The title</b> is empty. Write a title.")
    save(page, "Front\nMended.\n")
    mended = events.next()
    assert mended["current"]
    assert mended["faults"] == []
    assert "Mended." in preview.ask("/").text


def test_a_fault_that_stops_nothing_is_told_beside_the_new_site(preview: Preview) -> None:
    events = preview.events()
    good = events.next()
    save(preview.root / "content" / "index.md", "Front\n!mild A word is missing.\n")
    state = events.next()
    assert state["build"] != good["build"]
    assert state["current"]
    assert [fault["wrong"] for fault in state["faults"]] == ["A word is missing."]


def test_advice_stays_in_the_terminal(preview: Preview) -> None:
    events = preview.events()
    events.next()
    save(preview.root / "content" / "index.md", "Front\n!advice Short.\n")
    assert events.next()["faults"] == []
    preview.hear("content/index.md:2: Short. Say more.")
    preview.hear("To mend: 0. Advice: 1.")


@pytest.mark.parametrize(
    ("line", "said"),
    [("!crash", "The template is broken."), ("!raise words", "ZeroDivisionError: words")],
)
def test_an_error_of_the_programs_is_told_and_survived(
    preview: Preview, line: str, said: str
) -> None:
    events = preview.events()
    events.next()
    save(preview.root / "content" / "index.md", f"Front\n{line}\n")
    assert said in events.next()["crash"]
    preview.hear(said)
    assert "The front page." in preview.ask("/").text
    save(preview.root / "content" / "index.md", "Front\nMended.\n")
    assert events.next()["crash"] == ""


def test_a_first_build_that_fails_shows_why_and_recovers(root: Path) -> None:
    save(root / "content" / "index.md", "Front\n!fault <b>The title</b> is empty.\n")
    with previewing(root) as preview:
        answer = preview.ask("/any/page/")
        assert answer.status == 503
        assert "[title] &lt;b&gt;The title&lt;/b&gt; is empty. Write a title." in answer.text
        assert "/_preview/reload.js" in answer.text
        events = preview.events()
        events.next()
        save(root / "content" / "index.md", "Front\nMended.\n")
        events.next()
        assert preview.ask("/").status == 200


def test_an_error_before_there_is_a_site_is_shown_in_the_page(root: Path) -> None:
    save(root / "content" / "index.md", "Front\n!crash\n")
    with previewing(root) as preview:
        answer = preview.ask("/")
        assert answer.status == 503
        assert "The template is broken.\n&lt;b&gt;line&lt;/b&gt; 3" in answer.text


def test_a_builder_that_dies_is_replaced_and_the_build_is_made(preview: Preview) -> None:
    save(preview.root / "content" / "index.md", "Front\n!die 1\n")
    preview.hear("The builder stopped in the middle of a build (by signal SIGKILL).")
    preview.hear("content/index.md changed: 1 page")
    assert "!die 1" in preview.ask("/").text
    assert len(set(builds(preview.root))) == 2


def test_a_builder_that_dies_every_time_is_told_and_survived(preview: Preview) -> None:
    events = preview.events()
    events.next()
    save(preview.root / "content" / "index.md", "Front\n!die 2\n")
    state = events.next()
    assert state["crash"].startswith("The builder stopped twice (by signal SIGKILL).")
    assert "The front page." in preview.ask("/").text
    save(preview.root / "content" / "index.md", "Front\nMended.\n")
    assert events.next()["crash"] == ""


def test_a_builder_that_died_between_builds_is_replaced(preview: Preview) -> None:
    os.kill(int(builds(preview.root)[0]), signal.SIGKILL)
    save(preview.root / "content" / "index.md", "Front\nWords.\n")
    preview.hear("content/index.md changed: 1 page")
    assert "Words." in preview.ask("/").text


def test_a_builder_that_hangs_is_replaced(root: Path) -> None:
    os.mkfifo(root / "gate")
    with previewing(root, patience=2) as preview:
        events = preview.events()
        save(root / "content" / "index.md", "Front\n!wait\n")
        while not (state := events.next())["crash"]:
            pass
        assert state["crash"].startswith("The builder said nothing for 2 s and was stopped.")
        # On a busy machine even a start may take so long: then the next save is as good.
        while "Mended." not in preview.ask("/").text:
            save(root / "content" / "index.md", "Front\nMended.\n")
            events.next()
        assert len(set(builds(root))) >= 2


def test_saves_during_a_build_lead_to_one_build_more(root: Path) -> None:
    os.mkfifo(root / "gate")
    with previewing(root) as preview:
        save(root / "content" / "wait.md", "Wait\n!wait\n")
        with (root / "gate").open("w"):  # opens when the build has come as far as the gate
            save(root / "content" / "index.md", "Front\nOne.\n")
            save(root / "content" / "index.md", "Front\nTwo.\n")
            save(root / "content" / "wait.md", "Wait\nNo more.\n")
        preview.hear("content/wait.md changed: 2 pages")
        preview.hear("content/index.md, content/wait.md changed: 2 pages")
        assert "Two." in preview.ask("/").text
        save(root / "content" / "index.md", "Front\nThree.\n")
        preview.hear("content/index.md changed: 2 pages")
        assert len(builds(root)) == 4


def test_what_editors_leave_about_is_not_built(preview: Preview) -> None:
    content = preview.root / "content"
    for name in ("index.md~", ".index.md.swp", "#index.md#", ".#index.md", "4913", "index.md.tmp"):
        (content / name).write_text("leftover", "utf-8")
    save(preview.root / "output" / "index.html", "built")
    save(preview.root / ".git" / "index", "git")
    save(content / "index.md", "Front\nWords.\n")
    assert preview.hear(" changed: ").split("  ")[1].startswith("content/index.md changed")
    assert len(builds(preview.root)) == 2


def test_a_content_folder_that_goes_and_comes_back_is_watched_again(preview: Preview) -> None:
    content = preview.root / "content"
    content.rename(preview.root / "aside")
    preview.hear("content changed")
    events = preview.events()
    (preview.root / "aside").rename(content)
    save(content / "index.md", "Front\nBack again.\n")
    while "Back again." not in preview.ask("/").text:
        events.next()
    save(content / "index.md", "Front\nAnd again.\n")
    preview.hear("content/index.md changed")
    assert "And again." in preview.ask("/").text


def test_the_site_is_built_into_a_folder_of_the_previews_own(preview: Preview) -> None:
    assert (preview.root / ".cache" / "preview" / "output" / "index.html").is_file()
    assert not (preview.root / "output").exists()


def test_two_previews_of_one_folder_do_not_meet(root: Path, preview: Preview) -> None:
    with previewing(root) as second:
        assert second.url != preview.url
        assert preview.url.rstrip("/") in preview.ask("/").text
        assert second.url.rstrip("/") in second.ask("/").text


def test_what_an_ended_build_left_behind_is_removed(root: Path) -> None:
    left = root / ".cache" / "preview" / ".output-left"
    left.mkdir(parents=True)
    with previewing(root):
        assert not left.exists()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_open_browser_does_not_hold_up_the_end(root: Path, how: signal.Signals) -> None:
    (root / "content" / "film.mp4").write_bytes(bytes(30_000_000))
    with previewing(root) as preview:
        events = preview.events()
        events.next()
        film = preview.connect()
        film.request("GET", "/film.mp4")
        response = film.getresponse()
        response.read(1000)  # and then it is paused
        assert preview.end(how) == 0
        assert not any("Traceback" in line for line in preview.said)
        with pytest.raises(EOFError):
            events.next()
        film.close()


def test_on_a_screen_a_build_shows_how_far_it_is_and_gives_the_cursor_back(root: Path) -> None:
    os.mkfifo(root / "gate")
    save(root / "content" / "index.md", "Front\n!wait\n")
    mine, its = pty.openpty()
    command = start_command(root)
    with subprocess.Popen(command, cwd=ROOT, stdout=its, stderr=its) as process:
        os.close(its)
        with (root / "gate").open("w"), os.fdopen(mine, "rb", buffering=0) as screen:
            seen = b""
            while b"Building" not in seen or b"Preview: " not in seen:
                seen += screen.read(4096)
            process.send_signal(signal.SIGINT)
            with suppress(OSError):  # how a terminal says that nobody writes any more
                while more := screen.read(4096):
                    seen += more
    assert process.returncode == 0
    assert seen.rindex(SHOW_CURSOR) > seen.rindex(HIDE_CURSOR)


def test_the_streams_of_events_end_with_the_preview() -> None:
    async def told() -> list[str]:
        hub = Hub()
        stream = hub.stream()
        said = [await anext(stream), await anext(stream)]
        hub.close()
        return said + [event async for event in stream]

    said = run(told())
    assert said[0] == "retry: 1000\n\n"
    assert said[1].startswith("data: ")
    assert len(said) == 2


def test_the_builder_ends_with_the_preview(preview: Preview) -> None:
    preview.end()
    with pytest.raises(ProcessLookupError):
        os.kill(int(builds(preview.root)[0]), 0)


def test_a_port_that_is_asked_for_and_taken_is_refused_in_a_sentence(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with starting(root, port=port) as preview:
            preview.hear(f"Port {port} is taken by another program.")
            assert preview.process.wait() == 2


def test_without_a_port_the_next_free_one_is_taken_and_told(root: Path) -> None:
    with starting(root, port=None) as first:
        one = address_in(first.hear("Preview: "))
        with starting(root, port=None) as second:
            second.hear("Port 8000 is taken, so this preview is on port ")
            assert address_in(second.hear("Preview: ")) != one


def test_two_previews_that_start_in_one_moment_get_a_port_each() -> None:
    with own_address("127.0.0.1", None) as one, own_address("127.0.0.1", None) as two:
        assert one != two
        with pytest.raises(Unusable), own_address("127.0.0.1", one[1]):
            pass


@pytest.mark.parametrize(
    ("host", "port", "said"),
    [
        ("no-such-host.invalid", 0, "There is no host named no-such-host.invalid."),
        ("192.0.2.1", 0, "192.0.2.1 is not an address of this machine."),
        ("127.0.0.1", 99999, "99999 is no port."),
    ],
)
def test_an_address_that_cannot_be_is_refused_in_a_sentence(
    root: Path, host: str, port: int, said: str
) -> None:
    with starting(root, host=host, port=port) as preview:
        preview.hear(said)
        assert preview.process.wait() == 2
        assert not any("Traceback" in line for line in preview.said)


def test_a_preview_that_others_can_reach_says_so(root: Path) -> None:
    with starting(root, host="0.0.0.0") as preview:  # noqa: S104 - that is the point
        preview.hear("Everyone who can reach 0.0.0.0 can read this preview")
        preview.url = address_in(preview.hear("Preview: "))
        preview.hear("First build")
        assert preview.ask("/", headers={"Host": "my-machine.local"}).status == 200


def test_quiet_speaks_of_what_is_wrong_alone(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with starting(root, port=port, quiet=True) as preview:
        save(root / "content" / "index.md", "Front\n!fault The title is empty.\n")
        preview.hear("The title is empty.")
        assert preview.said == ["  content/index.md:2: [title] The title is empty. Write a title."]


def test_the_browser_is_opened_when_asked_for(root: Path) -> None:
    os.mkfifo(root / "opened")
    script = root / "open.py"
    script.write_text(f"import sys\nopen({str(root / 'opened')!r}, 'w').write(sys.argv[1])\n")
    browser = f"{sys.executable} {script} %s"
    with starting(root, open_browser=True, env={"BROWSER": browser}) as preview:
        preview.url = address_in(preview.hear("Preview: "))
        assert (root / "opened").read_text("utf-8") == preview.url


def test_what_a_library_prints_does_not_break_the_preview(preview: Preview) -> None:
    save(preview.root / "content" / "index.md", "Front\nWords.\n")
    preview.hear("a library that prints")
    preview.hear("content/index.md changed: 1 page")


def test_a_site_without_content_is_survived(root: Path) -> None:
    shutil.rmtree(root / "content")
    with previewing(root) as preview:
        assert preview.ask("/").status == 503
        save(root / "content" / "index.md", "Front\nHere.\n")
        preview.hear("content changed")
        assert "Here." in preview.ask("/").text


@pytest.mark.parametrize("name", ["BuildOptions", "BuildResult"])
def test_the_quick_builder_of_these_tests_speaks_as_the_real_one_does(name: str) -> None:
    quick = {each.name for each in fields(getattr(preview_builder, name))}
    assert quick <= {each.name for each in fields(getattr(build, name))}
    assert inspect.signature(preview_builder.build).parameters.keys() == (
        inspect.signature(build.build).parameters.keys()
    )


def test_further_routes_go_before_the_site(tmp_path: Path) -> None:
    async def speak(_: Request) -> Response:
        return PlainTextResponse("heard")

    async def ask() -> bytes:
        hub = Hub()
        site = Site(tmp_path, hub)
        app = application(site, hub, "127.0.0.1", print, [Route("/speak", speak)])
        sent: list[dict[str, object]] = []

        async def receive() -> dict[str, object]:
            return {"type": "http.request"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/speak", "query_string": b""}
        await app({**scope, "headers": [(b"host", b"localhost")]}, receive, send)
        return b"".join(cast("bytes", message.get("body", b"")) for message in sent)

    assert run(ask()) == b"heard"
