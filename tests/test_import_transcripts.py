"""Transcripts as people get them become WebVTT that passes the strict reading of a recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plugins.podcast.webvtt import read
from tests.importing.bringing import SITE, empty_house

if TYPE_CHECKING:
    from pathlib import Path

    from tests.importing.bringing import NewSite

ZOOM = """\
WEBVTT

1
00:00:01.000 --> 00:00:03.000
Nia Rowe: Hello there.

2
00:00:03.000 --> 00:00:06.000
Huw Parry: Note this: the lamps are out.

3
00:00:06.000 --> 00:00:08.000
Nia Rowe: All of them?
"""
TEAMS = """\
WEBVTT

1a2b/10-0
00:00:03.120 --> 00:00:05.000
<v Nia Rowe>Good evening, all.</v>

1a2b/10-1
00:00:04.500 --> 00:00:07.000
<v Huw Parry>Q&A comes later, at 3 < 4.</v>
"""
YOUTUBE = """\
WEBVTT
Kind: captions
Language: en

00:00:00.480 --> 00:00:02.389 align:start position:0%
\x20
so<00:00:00.640><c> welcome</c><00:00:00.880><c> everyone</c>

00:00:02.389 --> 00:00:02.399 align:start position:0%
so welcome everyone
\x20

00:00:02.399 --> 00:00:04.309 align:start position:0%
so welcome everyone
to<00:00:02.560><c> the</c><00:00:02.720><c> kettle</c>
"""
WHISPER = """\
1
00:00:00,000 --> 00:00:02,000
 It is dark on the stairs,

2
00:00:02,000 --> 00:00:04,000
 and nobody came.
"""
LABELS = """\
1
00:00:00,000 --> 00:00:02,000
[SPEAKER_00]: It is dark.

2
00:00:02,000 --> 00:00:04,000
[SPEAKER_01]: <i>Where?</i>
"""
EPISODE = """\
---
title: Dark stairs
summary: Who walks them.
show: kettle
---
Listen.
"""
WITH_SHOW = f"""{SITE}
[shows.kettle]
title = {{en = "By the kettle", cy = "Wrth y tegell"}}
description = {{en = "A chat.", cy = "Sgwrs."}}
"""


@pytest.fixture
def house(tmp_path: Path) -> NewSite:
    house = empty_house(tmp_path / "house", WITH_SHOW)
    folder = house.content / "podcast"
    folder.mkdir()
    (folder / "2026-11-02-dark-stairs.en.md").write_text(EPISODE, encoding="utf-8")
    return house


def brought(house: NewSite, folder: Path, name: str, text: str, **more: str | bool) -> str:
    """Import a transcript for the episode and return what was written."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    assert house.bring("transcript", path, episode="dark-stairs", **more) == 0
    vtt = house.content / "podcast" / "2026-11-02-dark-stairs.en.vtt"
    data = vtt.read_bytes()
    assert read(data).problems == ()
    return data.decode()


# Each program's file, what somebody answers, and what is heard.
PROGRAMS: dict[str, tuple[str, list[str], list[str]]] = {
    "zoom.vtt": (
        ZOOM,
        ["", ""],
        [
            "<v Nia Rowe>Hello there.",
            "<v Huw Parry>Note this: the lamps are out.",
            "<v Nia Rowe>All of them?",
        ],
    ),
    "teams.vtt": (
        TEAMS,
        ["", ""],
        ["<v Nia Rowe>Good evening, all.", "<v Huw Parry>Q&amp;A comes later, at 3 &lt; 4."],
    ),
    "youtube.vtt": (YOUTUBE, ["Nia Rowe"], ["<v Nia Rowe>so welcome everyone to the kettle"]),
    "whisper.srt": (
        WHISPER,
        ["Huw Parry"],
        ["<v Huw Parry>It is dark on the stairs, and nobody came."],
    ),
    "labels.srt": (
        LABELS,
        ["Nia Rowe", "Huw Parry"],
        ["<v Nia Rowe>It is dark.", "<v Huw Parry>Where?"],
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_program_s_transcript_is_tidied_and_speakers_are_asked_once(
    house: NewSite, tmp_path: Path, name: str
) -> None:
    text, answers, cues = PROGRAMS[name]
    house.answers = list(answers)
    vtt = brought(house, tmp_path, name, text)
    assert [line for line in vtt.splitlines() if line.startswith("<v")] == cues
    assert len(house.questions) == len(answers)


def test_the_episode_names_its_transcript_and_twice_changes_nothing(
    house: NewSite, tmp_path: Path
) -> None:
    brought(house, tmp_path, "zoom.vtt", ZOOM, yes=True)
    page = house.files()["podcast/2026-11-02-dark-stairs.en.md"]
    assert "transcript: {en: 2026-11-02-dark-stairs.en.vtt}\n---\nListen." in page
    before = house.state()
    brought(house, tmp_path, "zoom.vtt", ZOOM, yes=True)
    assert house.state() == before
    assert house.faults() == []


def test_speakers_can_be_told_on_the_command_line(house: NewSite, tmp_path: Path) -> None:
    speakers = "SPEAKER 00 = Nia Rowe, SPEAKER 01 = Huw Parry"
    vtt = brought(house, tmp_path, "labels.srt", LABELS, speakers=speakers, yes=True)
    assert "<v Nia Rowe>It is dark." in vtt
    assert house.questions == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Just words.", "no transcript with times"),
        ("WEBVTT\n\n00:00:01.000 --> ", "sentence"),
        ("", "no transcript"),
        (WHISPER, "--speakers"),
    ],
)
def test_what_is_no_transcript_gets_a_sentence(
    house: NewSite, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, sentence: str
) -> None:
    path = tmp_path / "file.srt"
    path.write_text(text, encoding="utf-8")
    assert house.bring("transcript", path, episode="dark-stairs", yes=True) == 1
    err = capsys.readouterr().err
    assert sentence in err or sentence == "sentence"
    assert err.strip()


def test_an_episode_that_there_is_not_is_told(
    house: NewSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "zoom.vtt"
    path.write_text(ZOOM, encoding="utf-8")
    assert house.bring("transcript", path, episode="lit-stairs", yes=True) == 2
    assert "There are: dark-stairs." in capsys.readouterr().err
