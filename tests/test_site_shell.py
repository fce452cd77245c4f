"""The service wears the chrome of the site that was really built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.public.site_shell import FILE, SiteShellFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commands.build import BuildResult
    from tests.conftest import MakeSite


def test_what_a_build_leaves_is_what_the_service_wears(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site()
    assert built(tiny).ok
    chrome = SiteShellFile(tiny.output).now()
    assert (tiny.output / chrome.assets["style.css"].removeprefix("/")).is_file()
    assert (tiny.output / chrome.assets["desk.css"].removeprefix("/")).is_file()
    assert set(chrome.menus) == {"cy", "en"}
    assert chrome.url == "https://tiny.example.org/"


def test_while_there_is_nothing_to_read_the_last_chrome_stays(tmp_path: Path) -> None:
    file = SiteShellFile(tmp_path)
    assert file.now().base == "/"
    (tmp_path / FILE).write_text('{"base": "/sub/", "novel": 1}', encoding="utf-8")
    assert file.now().base == "/sub/"
    (tmp_path / FILE).write_text('{"base": "/half', encoding="utf-8")
    assert file.now().base == "/sub/"
    (tmp_path / FILE).unlink()
    assert file.now().base == "/sub/"
