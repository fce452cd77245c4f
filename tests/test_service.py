"""The feedback service runs alone as a process, and says in a sentence when it can't."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from commands.service import advice
from commands.site_folder import read_site
from commands.terminal import Stop
from tests.copies import ROOT
from tests.databases import sqlite_settings_in
from tests.speaking import filled
from tests.tiny import SITE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import RunCli

pytestmark = pytest.mark.long

SECRET = "a secret of the tests, long enough to be one"
LONGEST = 60  # seconds after which a service that never answers is taken to hang


@pytest.fixture
def site(tmp_path: Path) -> Path:
    file = tmp_path / "site.toml"
    file.write_text(SITE, encoding="utf-8")
    return file


def surroundings(folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of a service that keeps its things in a folder."""
    return {
        "OPEN_HOUSE_DATABASE": f"sqlite:///{folder / 'feedback.sqlite3'}",
        "OPEN_HOUSE_SECRET": SECRET,
        "OPEN_HOUSE_TREE": str(folder / "tree"),
        **more,
    }


@contextmanager
def running(site: Path, folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run the service as a process manager would; gives it and its port."""
    words = ["service", "--port", "0", "--site", str(site)]
    process = subprocess.Popen(
        [sys.executable, "-P", str(ROOT / "commands" / "menu.py"), *words],
        env={**os.environ, **surroundings(folder)},
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,  # granian's own words go there
        text=True,
    )
    try:
        assert process.stdout is not None
        line = next(line for line in process.stdout if "port " in line)
        port = int(line.rpartition("port ")[2].strip(". \n"))
        _wait_for(port)
        yield process, port
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its workers too
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def _wait_for(port: int) -> None:
    """Wait until somebody answers at a port."""
    for _ in range(LONGEST * 20):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the service never answered")


class TestAlone:
    def test_it_answers_and_ends_in_order_when_told(self, site: Path, tmp_path: Path) -> None:
        with running(site, tmp_path) as (process, port):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/feedback/cy/say") as page:
                assert 'lang="cy"' in page.read().decode()
            process.terminate()
            printed, _ = process.communicate(timeout=LONGEST)
        assert (process.returncode, "Traceback" in printed) == (0, False), printed

    def test_a_web_server_on_this_machine_says_whether_it_speaks_https(
        self, site: Path, tmp_path: Path
    ) -> None:
        tree = tmp_path / "tree"
        tree.mkdir()
        chrome = '{"targets": {"roadmap": {"dry-walls": {"en": {"title": "", "url": ""}}}}}'
        (tree / "_chrome.json").write_text(chrome, encoding="utf-8")
        with running(site, tmp_path) as (_, port):
            for scheme, secure in (("https", True), ("http", False)):
                request = urllib.request.Request(
                    f"http://127.0.0.1:{port}/feedback/en/vote",
                    data=b"kind=roadmap&key=dry-walls",
                    headers={
                        "Origin": "https://tiny.example.org",
                        "X-Forwarded-For": "203.0.113.9",
                        "X-Forwarded-Proto": scheme,
                    },
                )
                answer = _unfollowed(request)
                assert ("Secure" in answer.headers["Set-Cookie"]) is secure

    def test_nothing_that_tenants_send_or_hold_is_in_its_log(
        self, site: Path, tmp_path: Path
    ) -> None:
        with running(site, tmp_path) as (process, port):
            form = "&".join(f"{k}={v}" for k, v in filled(said="drips", email="nia@").items())
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/feedback/en/say",
                data=form.replace(" ", "+").encode(),
                headers={"Origin": "https://tiny.example.org"},
            )
            assert _unfollowed(request).code == 422
            _unfollowed(urllib.request.Request(f"http://127.0.0.1:{port}/feedback/en/receipt/Zx9"))
            process.terminate()
            printed, _ = process.communicate(timeout=LONGEST)
        for private in ("drips", "nia@", "Zx9", SECRET):
            assert private not in printed


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow none: the answer itself is looked at."""


def _unfollowed(request: urllib.request.Request) -> urllib.error.HTTPError:
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.build_opener(_NoRedirects).open(request)
    answer.value.close()
    return answer.value


class TestSentences:
    @pytest.mark.parametrize(
        ("words", "more", "sentence"),
        [
            (["--workers", "2"], {}, "SQLite has one writer, so one worker."),
            (["--workers", "0"], {}, "A service needs a worker"),
            ([], {"OPEN_HOUSE_SECRET": "short"}, "OPEN_HOUSE_SECRET is shorter than"),
            ([], {"OPEN_HOUSE_SMTP": "smtp://a:b@mail.example.org"}, "Write ?starttls"),
            ([], {"OPEN_HOUSE_DATABASE": "sqlite:////dev/null/f.sqlite3"}, "can't be opened"),
        ],
    )
    def test_wrong_settings_are_told_before_it_starts(  # noqa: PLR0913, PLR0917 - a case and its tools
        self,
        run_cli: RunCli,
        site: Path,
        tmp_path: Path,
        words: list[str],
        more: dict[str, str],
        sentence: str,
    ) -> None:
        env = surroundings(tmp_path, **more)
        done = run_cli("service", "--port", "0", "--site", site, *words, env=env)
        assert (done.returncode, sentence in done.stderr) == (2, True), done.stderr
        assert "Traceback" not in done.stderr

    def test_a_taken_port_is_told(self, run_cli: RunCli, site: Path, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            env = surroundings(tmp_path)
            done = run_cli("service", "--port", str(port), "--site", site, env=env)
        assert done.returncode == 2
        assert f"Port {port} is taken by another program." in done.stderr

    def test_a_site_that_cannot_be_read_is_told_with_all_its_faults(self, tmp_path: Path) -> None:
        with pytest.raises(Stop, match=r"site.toml can't be read"):
            read_site(tmp_path / "site.toml")
        (tmp_path / "site.toml").write_text('languages = ["cy"]\n', encoding="utf-8")
        with pytest.raises(Stop, match=r"association.name"):
            read_site(tmp_path / "site.toml")

    def test_who_starts_it_without_mail_or_site_hears_so(self, tmp_path: Path) -> None:
        first, second = advice(sqlite_settings_in(tmp_path))
        assert first.startswith("OPEN_HOUSE_SMTP is not set")
        assert "holds no built site" in second
