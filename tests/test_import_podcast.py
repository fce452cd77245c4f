"""A podcast's feed becomes a show and its episodes, known to apps by the ids that they had."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.importing.bringing import empty_house
from tests.on_air import picture, sound

if TYPE_CHECKING:
    from pathlib import Path

    from tests.importing.bringing import NewSite

FEED = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:podcast="https://podcastindex.org/namespace/1.0"
 xmlns:psc="http://podlove.org/simple-chapters">
<channel><title>By the kettle</title><link>https://old.example.org/</link>
<description>A chat over a cup of tea.</description><language>en-gb</language>
<itunes:owner><itunes:email>kettle@old.example.org</itunes:email></itunes:owner>
<itunes:category text="Society &amp; Culture"><itunes:category text="Relationships"/>
</itunes:category>
<itunes:image href="https://cdn.example.org/show.png"/>
<podcast:guid>ad90b3ee-7eec-5fad-89c7-632a056aeef5</podcast:guid>
<item><title>Dark stairs</title><guid isPermaLink="false">old-guid-1</guid>
<link>https://old.example.org/ep/1</link>
<pubDate>Mon, 02 Nov 2026 06:00:00 +0000</pubDate>
<description><![CDATA[<p>Who walks <b>them</b>.</p>]]></description>
<enclosure url="https://cdn.example.org/one.mp3?x=1" type="audio/mpeg" length="1"/>
<itunes:episode>4</itunes:episode><itunes:season>1</itunes:season>
<podcast:person role="guest">Marged</podcast:person>
<podcast:transcript url="https://cdn.example.org/one.vtt" type="text/vtt"/>
<psc:chapters><psc:chapter start="00:00:00" title="Hello"/><psc:chapter start="0:01" title="Lamps"/>
</psc:chapters></item>
<item><title>Elsewhere</title><guid>old-guid-2</guid>
<pubDate>Mon, 05 Oct 2026 06:00:00 +0000</pubDate><description>Words alone.</description>
<enclosure url="https://cdn.example.org/two.mp3" type="audio/mpeg" length="1"/>
<itunes:episodeType>bonus</itunes:episodeType>
<podcast:chapters url="https://cdn.example.org/two.json"/></item>
</channel></rss>
"""
WORDS = "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\n<v Nia Rowe>Dark.</v>\n"


@pytest.fixture
def house(tmp_path: Path) -> NewSite:
    return empty_house(tmp_path / "house")


def feed(folder: Path, *, words: bool = True) -> Path:
    """Write a feed with what it names beside it."""
    folder.mkdir()
    path = folder / "feed.xml"
    path.write_text(FEED, encoding="utf-8")
    (folder / "show.png").write_bytes(picture())
    (folder / "one.mp3").write_bytes(sound(2))
    if words:
        (folder / "one.vtt").write_text(WORDS, encoding="utf-8")
    chapters = {"chapters": [{"startTime": 0, "title": "One"}, {"startTime": 65.2, "title": "Two"}]}
    (folder / "two.json").write_text(json.dumps(chapters), encoding="utf-8")
    return path


def test_a_show_and_its_episodes_come_over(house: NewSite, tmp_path: Path) -> None:
    path = feed(tmp_path / "old")
    assert house.bring("podcast", path) == 0
    stairs = house.files()["podcast/2026-11-02-dark-stairs.en.md"]
    for part in (
        "show: by-the-kettle",
        "season: 1",
        "number: 4",
        "guid: old-guid-1",
        "  - name: Marged\n    role: guest",
        "Who walks **them**.",
        '"/ep/1"',
        "en: 2026-11-02-dark-stairs.en.mp3",
        "en: 2026-11-02-dark-stairs.en.vtt",
    ):
        assert part in stairs
    two = house.files()["podcast/2026-10-05-elsewhere.en.md"]
    assert "type: bonus" in two
    assert 'at: "0:01:05"' in two
    assert "[two.mp3](https://cdn.example.org/two.mp3)" in two
    settings = house.site.read_text(encoding="utf-8")
    assert 'category = "Society & Culture > Relationships"' in settings
    assert 'guid = {en = "ad90b3ee-7eec-5fad-89c7-632a056aeef5"}' in settings
    assert house.faults() == []
    before = house.state()
    house.bring("podcast", path)
    assert house.state() == before


def test_a_recording_that_nobody_can_read_waits_as_a_draft(house: NewSite, tmp_path: Path) -> None:
    house.bring("podcast", feed(tmp_path / "old", words=False))
    assert "draft: true" in house.files()["podcast/2026-11-02-dark-stairs.en.md"]
    assert "nobody can read yet" in house.report("podcast")
    assert house.faults() == []


def test_what_is_no_feed_gets_a_sentence(
    house: NewSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "feed.xml"
    for text, sentence in {"<rss><channel/></rss>": "no feed", FEED[:900]: "cut short"}.items():
        path.write_text(text, encoding="utf-8")
        assert house.bring("podcast", path) == 1
        assert sentence in capsys.readouterr().err
