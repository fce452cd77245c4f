"""WebVTT is read strictly: what a player would skip in silence is told, with its line."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from plugins.podcast.transcripts import written
from plugins.podcast.webvtt import Cue, held_against, read

GOOD = """\
WEBVTT - One tennis ball

NOTE
Written by hand.

1
00:00.000 --> 00:02.500 align:start
<v Siân Prys>The <i>gutters</i> &amp; the drains
are clear.

00:00:02.500 --> 01:00:04.000
<v Idris>I found a ball.</v>
"""


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def test_cues_have_times_speakers_and_plain_text() -> None:
    transcript = read(GOOD.encode())
    assert transcript.problems == ()
    assert transcript.cues == (
        Cue(seconds(0), seconds(2.5), "Siân Prys", "The gutters & the drains are clear.", 7),
        Cue(seconds(2.5), seconds(3604), "Idris", "I found a ball.", 11),
    )


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_any_line_end_and_a_byte_order_mark_will_do(end: str) -> None:
    data = b"\xef\xbb\xbf" + GOOD.replace("\n", end).encode()
    assert read(data) == read(GOOD.encode())


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        ("", 1, "doesn't begin with WEBVTT"),
        ("WEBVTTT\n", 1, "doesn't begin with WEBVTT"),
        ("WEBVTT\n", 1, "Nothing is said"),
        ("WEBVTT\nKind: captions\n\n00:00.000 --> 00:01.000\n<v A>b", 2, "right below WEBVTT"),
        ("WEBVTT\n\nhello\n", 3, "no times"),
        ("WEBVTT\n\n00:00.000 --> 00:01\n<v A>b", 3, "can't be read"),
        ("WEBVTT\n\n00:00,000 --> 00:01,000\n<v A>b", 3, "can't be read"),
        ("WEBVTT\n\n00:00.000 -> 00:01.000\n<v A>b", 3, "no times"),
        ("WEBVTT\n\n00:61.000 --> 01:02.000\n<v A>b", 3, "can't be read"),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\n<v A>b", 3, "ends before it begins"),
        ("WEBVTT\n\n00:02.000 --> 00:02.000\n<v A>b", 3, "ends before it begins"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000 loud\n<v A>b", 3, "“loud” means nothing"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\nb", 4, "Nobody is named"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\n<v>b", 4, "names nobody"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\n<v A>\n", 3, "Nothing is said in this cue"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\n<v A>b\n<v B>c", 4, "Two people speak"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\nb <v A>c", 4, "stand before"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\n<v A>1 < 2", 4, "begins nothing"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\n<v A>tea & cake", 4, "begins nothing"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\n<v A><em>b</em>", 4, "no tag of WebVTT"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\n<v A>b\n00:01.000 --> 00:02.000\n<v A>c", 5, "stuck"),
        ("WEBVTT\n\nNOTE x\n00:00.000 --> 00:01.000\n<v A>b", 4, "stuck to a note"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\n<v A>b\n\nSTYLE\n::cue{}", 6, "below a cue"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\n<v A>b\x07", 4, "control character"),
    ],
)
def test_what_a_player_would_skip_is_told_with_its_line(text: str, line: int, wrong: str) -> None:
    problems = read(text.encode()).problems
    assert [(problem.line, wrong in problem.wrong) for problem in problems][:1] == [(line, True)], (
        problems
    )
    assert all(problem.instead for problem in problems)


@pytest.mark.parametrize(
    ("second", "wrong"), [("00:00.500", "has ended"), ("00:01.000", ""), ("-", "before the one")]
)
def test_cues_come_one_after_another(second: str, wrong: str) -> None:
    first = ("00:02.000", "00:03.000") if second == "-" else ("00:00.000", "00:01.000")
    second = "00:00.000" if second == "-" else second
    text = f"WEBVTT\n\n{first[0]} --> {first[1]}\n<v A>b\n\n{second} --> 00:09.000\n<v A>c\n"
    problems = read(text.encode()).problems
    assert [wrong in problem.wrong for problem in problems] == ([True] if wrong else [])


def test_a_letter_that_is_no_utf8_is_told_with_its_line() -> None:
    (problem,) = read(b"WEBVTT\n\n00:00.000 --> 00:01.000\n<v Si\xe2n>b").problems
    assert (problem.line, problem.instead) == (4, "Save the file as UTF-8.")


def test_what_is_said_after_the_end_is_told_once() -> None:
    cues = read(GOOD.encode()).cues
    assert list(held_against(cues, seconds(3604))) == []
    assert list(held_against(cues, seconds(3603.6))) == [], "a recording ends at a frame"
    assert [problem.line for problem in held_against(cues, seconds(1))] == [7]


def test_every_form_is_made_from_the_same_cues() -> None:
    cues = read(GOOD.replace("&amp;", "&lt;b&gt;").encode()).cues
    assert (
        read(written(cues, "vtt").encode()).cues[0].text == "The gutters <b> the drains are clear."
    )
    assert written(cues, "srt").startswith(
        "1\n00:00:00,000 --> 00:00:02,500\nSiân Prys: The gutters <b> the drains are clear.\n\n2\n"
    )
    data = json.loads(written(cues, "json"))
    assert data["version"] == "1.0.0"
    assert data["segments"][1] == {
        "speaker": "Idris",
        "startTime": 2.5,
        "endTime": 3604.0,
        "body": "I found a ball.",
    }
