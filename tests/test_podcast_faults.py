"""Whatever is wrong with an episode is a sentence with its file, and never a broken feed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.on_air import EPISODE, NAME, ON_AIR, files, picture, sound, vtt

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands.build import BuildResult
    from core.faults import Fault
    from tests.conftest import MakeSite

pytestmark = pytest.mark.long

PAGE = f"content/{NAME}.en.md"


@pytest.fixture
def faults(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> Callable[..., tuple[Fault, ...]]:
    """Build with some files changed; what is wrong, and whether a feed came of it."""

    def make(
        changed: dict[str, str | bytes] | None = None, settings: str = ON_AIR
    ) -> tuple[Fault, ...]:
        tiny = tiny_site(files() | (changed or {}), settings)
        result = built(tiny)
        assert result.ok, result.crash
        for feed in (tiny.output / "en").rglob("*.rss"):
            assert b"<enclosure" in feed.read_bytes()
        return tuple(fault for fault in result.faults if fault.level == "fault")

    return make


@pytest.mark.parametrize(
    ("data", "lang", "sentence"),
    [
        (lambda: b"", "en", "ball.en.mp3: The file is empty."),
        (lambda: b"tea " * 999, "en", "This isn't a recording"),
        (lambda: sound()[:-9000], "en", "cut short: about 76%"),
        (lambda: sound(name="m4a"), "cy", "the file is one of .m4a"),
    ],
)
def test_a_recording_that_isn_t_one_is_told_where_it_is_named(
    faults: Callable[..., tuple[Fault, ...]],
    data: Callable[[], bytes],
    lang: str,
    sentence: str,
) -> None:
    (fault,) = faults({f"podcast/ball.{lang}.mp3": data()})
    assert (fault.path, fault.line, fault.field) == (PAGE, 7, f"audio.{lang}")
    assert sentence in fault.wrong
    assert fault.instead.endswith(".")


def test_a_recording_of_two_gigabytes_is_refused_and_not_copied(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site(files(), ON_AIR)
    os.truncate(tiny.content / "podcast/ball.en.mp3", 2 * 10**9)
    (fault,) = built(tiny).faults
    assert "2,000 MB; the most is 500 MB" in fault.wrong
    assert not (tiny.output / "files/podcast/ball.en.mp3").exists()
    assert not (tiny.output / "en/podcast/kettle.rss").exists()
    assert (tiny.output / "cy/podlediad/kettle.rss").exists()


@pytest.mark.parametrize(
    ("old", "new", "field", "sentence"),
    [
        ("ball.en.mp3", "bal.en.mp3", "audio.en", "There is no file bal.en.mp3."),
        ("ball.en.vtt", "bal.en.vtt", "transcript.en", "There is no file bal.en.vtt."),
        ("ball.en.vtt", "ball.en.mp3", "transcript.en", "isn't a transcript in WebVTT"),
        ("season: 2", 'duration: "00:12"', "duration", "is 6 seconds longer or shorter"),
        ('en: "00:02"', 'en: "00:09"', "chapters[2].at", "after podcast/ball.en.mp3 has ended"),
        ('en: "00:02"', 'en: "00:00"', "chapters[2].at", "out of order"),
        (", cy: ball.cy.vtt", "", "transcript", "can't be read in Welsh (cy)"),
        ("transcript: {en", "transcript: {de: x.vtt, en", "transcript", "isn't a language"),
        ("transcript: {en", "transcript: {xx: x.vtt, en", "transcript", "isn't a language"),
        ("title: One tennis ball", 'title: "One\\a ball"', "title", "a control character"),
    ],
)
def test_what_can_t_be_true_of_an_episode_is_told(
    faults: Callable[..., tuple[Fault, ...]], old: str, new: str, field: str, sentence: str
) -> None:
    assert old in EPISODE
    changed = {f"{NAME}.en.md": EPISODE.replace(old, new)}
    reported = faults(changed)
    if "{de" in new:  # a language that there is, and that this site dropped: worth a word
        assert reported == ()
        return
    assert (PAGE, field) in {(fault.path, fault.field) for fault in reported}
    assert any(sentence in fault.wrong for fault in reported), reported
    assert all(fault.line for fault in reported)


@pytest.mark.parametrize(
    ("cue", "line", "sentence"),
    [
        ("00:02.000 --> 00:01.000\n<v Nia>Late", 9, "ends before it begins"),
        ("00:01.000 --> 00:03.000\n<v Nia>Early", 9, "begins before the one on line 6"),
        ("00:04.000 --> 00:59.000\n<v Nia>Long", 9, "after the recording ends"),
        ("00:04.000 --> 00:05.000\nWho?", 10, "Nobody is named"),
    ],
)
def test_a_cue_is_told_in_its_own_file(
    faults: Callable[..., tuple[Fault, ...]], cue: str, line: int, sentence: str
) -> None:
    (fault,) = faults({"podcast/ball.en.vtt": f"{vtt()}\n{cue}\n"})
    assert (fault.path, fault.line) == ("content/podcast/ball.en.vtt", line)
    assert sentence in fault.wrong


def test_an_episode_in_writing_alone_needs_no_recording_and_no_picture(
    faults: Callable[..., tuple[Fault, ...]],
) -> None:
    read = EPISODE.replace("audio:", "# audio:").replace("transcript:", "# transcript:")
    assert faults({f"{NAME}.en.md": read}, ON_AIR.replace("artwork =", "# artwork =")) == ()


def test_a_draft_may_wait_for_its_transcript(faults: Callable[..., tuple[Fault, ...]]) -> None:
    draft = EPISODE.replace("transcript: {en: ball.en.vtt, cy: ball.cy.vtt}", "draft: true")
    assert faults({f"{NAME}.en.md": draft}) == ()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (lambda: picture((1500, 1400)), "1500 by 1400 pixels"),
        (lambda: picture(mode="CMYK", name="JPEG"), "This is a JPEG picture"),
    ],
)
def test_a_picture_that_apps_refuse_is_told_where_it_is_named(
    faults: Callable[..., tuple[Fault, ...]], data: Callable[[], bytes], sentence: str
) -> None:
    (fault,) = faults({"podcast/kettle.png": data()})
    assert (fault.path, fault.field) == ("site.toml", "shows.kettle.artwork")
    assert ON_AIR.splitlines()[fault.line - 1].startswith("artwork =")
    assert sentence in fault.wrong


def test_a_show_that_is_heard_needs_a_picture_and_somebody_who_answers_for_it(
    faults: Callable[..., tuple[Fault, ...]],
    tiny_site: MakeSite,
    built: Callable[..., BuildResult],
) -> None:
    (fault,) = faults(None, ON_AIR.replace("artwork =", "# artwork ="))
    assert "has no picture" in fault.wrong
    assert ON_AIR.splitlines()[fault.line - 1] == "[shows.kettle]"
    unowned = ON_AIR.replace('[shows.kettle.owner]\nemail = "podcast@tiny.example.org"\n', "")
    (advice,) = built(tiny_site(files(), unowned, folder="unowned")).faults
    assert (advice.level, advice.field) == ("advice", "shows.kettle.owner")


def test_a_quiet_recording_is_worth_a_word_and_goes_out(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site(files() | {"podcast/ball.en.mp3": sound(level=0.05)}, ON_AIR)
    (advice,) = built(tiny, strict=True).faults
    assert (advice.level, advice.field) == ("advice", "audio.en")
    assert "quieter than others" in advice.wrong
    assert (tiny.output / "en/podcast/kettle.rss").exists()


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("Society and Culture", ""),
        ("Socety & Culture", "Did you mean “Society & Culture”?"),
        ("Society & Culture > Relatonships", "Did you mean “Relationships”?"),
        ("Government > Local", "names no part of “Government”"),
        ("Society & Culture > Relationships > Neighbours", "names no part"),
    ],
)
def test_a_category_is_one_of_apple_s(
    faults: Callable[..., tuple[Fault, ...]], written: str, sentence: str
) -> None:
    reported = faults(None, ON_AIR.replace("Society & Culture > Relationships", written))
    assert bool(reported) == bool(sentence)
    if sentence:
        (fault,) = reported
        assert sentence in fault.wrong
        assert fault.field == "shows.kettle.category"


def test_however_old_a_recording_is_it_is_played_through_before_it_goes_out(
    faults: Callable[..., tuple[Fault, ...]],
) -> None:
    whole = sound()
    spoilt = whole[: len(whole) // 2] + bytes(len(whole) - len(whole) // 2)  # its length stays
    newer = {
        f"podcast/2026-04-{day:02}-ball-{day}.en.md": EPISODE.replace("number: 1", f"number: {day}")
        for day in range(2, 14)
    }
    old = EPISODE.replace("ball.en.mp3", "old.mp3").replace(", cy: ball.cy.mp3", "")
    old = old.replace("number: 1", "number: 99").replace(", cy: ball.cy.vtt", "")
    changed = {"podcast/2020-01-01-old.en.md": old, "podcast/old.mp3": spoilt}
    of_old = [fault for fault in faults(newer | changed) if "old" in fault.path]
    (fault,) = [fault for fault in of_old if fault.field == "audio.en"]
    assert "seconds of the recording can be played" in fault.wrong
