"""A small site with a podcast: recordings that really play, transcripts, and a picture."""

from __future__ import annotations

import io
import math
from array import array
from functools import cache
from typing import TYPE_CHECKING

import av
from av.audio.stream import AudioStream
from PIL import Image

from tests.tiny import FILES, SITE

if TYPE_CHECKING:
    from collections.abc import Iterable

RATE = 24_000
SECONDS = 6


@cache
def sound(seconds: float = SECONDS, level: float = 0.37, name: str = "mp3") -> bytes:
    """A tone that comes and goes, as an MP3 or M4A file; the level makes it about -16 LUFS."""
    stream = io.BytesIO()
    form = {"mp3": "mp3", "m4a": "ipod"}[name]
    with av.open(stream, "w", format=form) as file:
        track = file.add_stream({"mp3": "libmp3lame", "m4a": "aac"}[name], rate=RATE)
        assert isinstance(track, AudioStream)
        track.bit_rate = 48_000
        track.layout = "mono"
        samples = array(
            "f",
            (
                level * math.sin(math.tau * 440 * at / RATE) * (0.6 + 0.4 * math.sin(at / 4000))
                for at in range(int(seconds * RATE))
            ),
        )
        size = 1024
        for start in range(0, len(samples), size):
            part = samples[start : start + size]
            frame = av.AudioFrame(format="fltp", layout="mono", samples=len(part))
            frame.planes[0].update(part.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
            frame.sample_rate, frame.pts = RATE, start
            file.mux(track.encode(frame))
        file.mux(track.encode(None))
    return stream.getvalue()


@cache
def picture(size: tuple[int, int] = (1400, 1400), mode: str = "RGB", name: str = "PNG") -> bytes:
    """A flat picture."""
    stream = io.BytesIO()
    Image.new(mode, size, 120).save(stream, name)
    return stream.getvalue()


def vtt(
    lines: Iterable[str] = ("The gutters are clear.", "I found a ball."), who: str = "Nia"
) -> str:
    """A transcript of cues of two seconds each."""
    cues = [
        f"00:00:{2 * n:02}.000 --> 00:00:{2 * n + 2:02}.000\n<v {who}>{line}\n"
        for n, line in enumerate(lines)
    ]
    return "\n".join(["WEBVTT\n", *cues])


SHOW = """\
[shows.kettle]
title = {cy = "Wrth y tegell", en = "By the kettle"}
description = {cy = "Sgwrs dros baned.", en = "A chat over a cup of tea."}
hosts = ["nia"]
artwork = "podcast/kettle.png"
category = "Society & Culture > Relationships"
licence = "CC BY 4.0"
guid = {cy = "2b4a5c6e-1f60-5a5c-8f0e-0d5b5c1f2a01", en = "2b4a5c6e-1f60-5a5c-8f0e-0d5b5c1f2a02"}

[shows.kettle.owner]
email = "podcast@tiny.example.org"

[shows.kettle.funding]
url = "https://tiny.example.org/en/about-us/"
words = {cy = "Rhowch fag te", en = "Give a teabag"}

"""
ON_AIR = SITE.replace(SITE[SITE.index("[shows.kettle]") : SITE.index("[standard]")], SHOW)
EPISODE = """\
---
title: One tennis ball
summary: What was in the gutter.
show: kettle
number: 1
season: 2
audio: {en: ball.en.mp3, cy: ball.cy.mp3}
transcript: {en: ball.en.vtt, cy: ball.cy.vtt}
chapters:
  - {at: "00:00", title: {en: Leaves, cy: Dail}}
  - {at: {en: "00:02", cy: "00:03"}, title: {en: A ball, cy: Pêl}, url: "https://tiny.example.org/"}
people:
  - {name: Nia Rowe, role: host, url: "https://tiny.example.org/en/people/nia/"}
  - {name: Idris, role: guest}
discussion: https://social.example.org/@tiny/1
---
We talk about the [tennis ball](../posts/2026-03-04-clear-gutters.en.md).
"""
EPISODE_CY = """\
---
title: Un bêl denis
summary: Beth oedd yn y cwter.
---
Rydyn ni'n siarad am y bêl.
"""
NAME = "podcast/2026-03-11-tennis-ball"


def files() -> dict[str, str | bytes]:
    """The content of a site with one episode, recorded in both languages."""
    return {
        **FILES,
        f"{NAME}.en.md": EPISODE,
        f"{NAME}.cy.md": EPISODE_CY,
        "podcast/ball.en.mp3": sound(),
        "podcast/ball.cy.mp3": sound(SECONDS + 1),
        "podcast/ball.en.vtt": vtt(),
        "podcast/ball.cy.vtt": vtt(("Mae'r cwteri'n glir.", "Fe ges i bêl.")),
        "podcast/kettle.png": picture(),
    }
