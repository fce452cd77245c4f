"""Photos of every template: the album that people look at before they publish a new look."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from commands.screenshots import gallery
from tests.copies import ROOT
from tests.test_loop import loop_site

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import MakeSite

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_the_album_holds_the_site_what_tenants_are_answered_and_the_desk(
    tiny_site: MakeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "SIZES", {320: 640})
    monkeypatch.setattr(gallery, "SCHEMES", ("light",))
    tiny, target, pictures = tiny_site(loop_site()), tmp_path / "photos", tmp_path / "pictures"
    pictures.mkdir()
    assert gallery.photograph(ROOT, tiny.content, tiny.site, target, pictures=pictures) == 0
    taken = {photo.name for photo in target.glob("*.jpg")}
    for name in ("home", "roadmap-page", "service-say-faults", "service-receipt", "desk-case"):
        assert {f"{name}.cy.320.light.jpg", f"{name}.en.320.light.jpg"} <= taken
    shown = (target / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'src="([^"]+)"', shown)) == taken
    with Image.open(pictures / "home.webp") as picture:
        assert picture.size == gallery.PICTURE


def test_a_site_that_cannot_be_built_is_not_photographed(
    tiny_site: MakeSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = tiny_site()
    tiny.site.write_text("", encoding="utf-8")
    assert gallery.photograph(ROOT, tiny.content, tiny.site, tmp_path / "photos") == 2
    assert "./run check" in capsys.readouterr().err
