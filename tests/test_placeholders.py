"""What `new` wrote to be written over never goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from commands.new import new
from core.faults import Level, Report
from core.site import Site, parse_site
from plugins.kinds.models import Kind
from plugins.kinds.parse import join
from plugins.kinds.source import take_apart
from tests.copies import ROOT
from tests.tiny import SITE, write_site

if TYPE_CHECKING:
    from pathlib import Path

    from plugins.kinds.models import Content


def read(folder: Path, change: tuple[str, str]) -> tuple[list[Content], Report]:
    site, report = parse_site(SITE, Report().at("site.toml")), Report()
    assert isinstance(site, Site)
    sources = []
    for path in sorted(folder.rglob("*.md")):
        where = path.relative_to(folder).as_posix()
        text = path.read_text(encoding="utf-8").replace(*change)
        if source := take_apart(where, text.encode(), site, report.at(where)):
            sources.append(source)
    return join(sources, (), site, report), report


@pytest.mark.parametrize("kind", list(Kind))
def test_taking_the_draft_line_out_alone_publishes_nothing(kind: Kind, tmp_path: Path) -> None:
    tiny = write_site(tmp_path, {})
    heard: list[str] = []
    new(kind, ROOT, tiny.content, tiny.site, both=True, yes=True, say=heard.append, ask=input)
    (content,), report = read(tiny.content, ("draft: true\n", ""))
    assert {text.draft for text in content.texts.values()} == {True}
    faults = [fault for fault in report if fault.code == "placeholder"]
    assert {fault.path for fault in faults} == {text.path for text in content.texts.values()}
    assert all(fault.line and fault.level == Level.ADVICE for fault in faults)


def test_a_page_whose_words_were_written_goes_out(tmp_path: Path) -> None:
    tiny = write_site(tmp_path, {})
    tiny.write("posts/2026-03-04-a.en.md", "---\ntitle: A\nsummary: B.\n---\nTo be written over.\n")
    (content,), report = read(tiny.content, ("", ""))
    assert not content.texts["en"].draft
    assert not [fault for fault in report if fault.code == "placeholder"]
