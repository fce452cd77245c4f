"""What a podcast costs: a show of a thousand episodes, beside the least that feedgen writes."""

from __future__ import annotations

import os
import tempfile
import tracemalloc
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from feedgen.feed import FeedGenerator  # type: ignore[import-untyped]
from pelican.plugins import signals
from pelican.writers import Writer

from benchmarks.results import Figure, Result, median_seconds
from commands.build import BuildOptions, build
from plugins.podcast.podcast_generator import PodcastGenerator
from plugins.podcast.rss import rss

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plugins.podcast.channels import PodcastChannel

ROOT = Path(__file__).resolve().parent.parent
FEW, MANY = 100, 1_000
SAMPLE = ROOT / "content" / "podcast"
SITE = """\
languages = ["en"]
url = "https://bench.example.org/"
[association]
name = "Bench Homes"
[shows.kettle]
title = "By the kettle"
description = "A chat over a cup of tea."
artwork = "podcast/kettle.png"
"""
EPISODE = """\
---
title: Talk {number}
summary: What was said over tea number {number}.
show: kettle
number: {number}
audio: {{en: talk-{number}.mp3}}
transcript: {{en: talk.vtt}}
chapters:
  - {{at: "00:00", title: The kettle}}
  - {{at: "00:15", title: The drain}}
people: [{{name: Nia Rowe, role: host}}]
---
"""
PARAGRAPH = (
    "We talked about [waiting](https://bench.example.org/), the *damp* and the drain, and about "
    "who rings whom when a visit falls through. Somebody asked what a missed visit costs a person "
    "who is paid by the hour, and nobody at the table knew. Now we do.\n\n"
)


def measure() -> Result:
    """Measure the reading of every recording and the writing of the feed."""
    with _show_of(FEW) as generator:
        few = _peak(partial(_write, _channel(generator)))
    with _show_of(MANY) as generator:
        channel = _channel(generator)
        read = median_seconds(generator.generate_context, 3)
        write = median_seconds(partial(generator.generate_output, Writer("", {})), 3)
        feed = median_seconds(partial(_write, channel), 3)
        many = _peak(partial(_write, channel))
    bare = median_seconds(partial(_bare, MANY), 3)
    return Result(
        f"a show of {MANY:,} recorded episodes",
        (
            Figure("every recording and transcript, read and checked", read, "s", "under 5"),
            Figure("feed, chapters and transcripts in three forms, written", write, "s"),
            Figure("  the feed alone", feed, "s", "under 5"),
            Figure("  feedgen with titles and enclosures and no more", bare, "s"),
            Figure("  the feed's time over that", feed / bare, ""),
            Figure(f"peak of memory with {FEW} episodes", few, "MiB"),
            Figure(f"  with {MANY:,}", many, "MiB", "under 1"),
            Figure("  ten times the episodes, the peak times", many / few, ""),
        ),
        packages=("feedgen", "mutagen", "pelican"),
    )


@contextmanager
def _show_of(count: int) -> Iterator[PodcastGenerator]:
    """Build a site with so many episodes, and give what put them on air."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "content" / "podcast"
        folder.mkdir(parents=True)
        (folder.parent.parent / "site.toml").write_text(SITE, encoding="utf-8")
        (folder / "kettle.png").write_bytes((SAMPLE / "paned.png").read_bytes())
        (folder / "talk.vtt").write_bytes((SAMPLE / "2026-01-28-trailer.en.vtt").read_bytes())
        recording = folder / "talk-0.mp3"
        recording.write_bytes((SAMPLE / "2026-01-28-trailer.en.mp3").read_bytes())
        for number in range(1, count + 1):
            os.link(recording, folder / f"talk-{number}.mp3")
            day = date(2020, 1, 1) + timedelta(days=number)
            text = EPISODE.format(number=number) + PARAGRAPH * 8
            (folder / f"{day}-talk-{number}.md").write_text(text, encoding="utf-8")
        yield _built(folder.parent)


def _built(content: Path) -> PodcastGenerator:
    podcasts: list[PodcastGenerator] = []

    def keep(generators: list[object]) -> None:
        podcasts.extend(
            generator for generator in generators if isinstance(generator, PodcastGenerator)
        )

    signals.all_generators_finalized.connect(keep)
    try:
        result = build(
            BuildOptions(
                root=ROOT,
                content=content,
                site=content.parent / "site.toml",
                output=content.parent / "output",
                now=datetime(2026, 11, 25, 12, tzinfo=UTC),
            )
        )
    finally:
        signals.all_generators_finalized.disconnect(keep)
    if not podcasts or result.faulty:
        raise RuntimeError(result.crash or str(result.faults[:1]))
    return podcasts[0]


def _channel(generator: PodcastGenerator) -> PodcastChannel:
    return generator.podcast.channels[0]


def _write(channel: PodcastChannel) -> None:
    with tempfile.TemporaryFile("wb") as file:
        file.writelines(rss(channel))


def _bare(count: int) -> bytes:
    feed = FeedGenerator()
    feed.title("By the kettle")
    feed.description("A chat over a cup of tea.")
    feed.link(href="https://bench.example.org/")
    for number in range(count):
        entry = feed.add_entry(order="append")
        entry.title(f"Talk {number}")
        entry.enclosure(f"https://bench.example.org/{number}.mp3", 149_645, "audio/mpeg")
    return bytes(feed.rss_str())


def _peak(work: Callable[[], object]) -> float:
    """Return how much memory some work takes at most, in MiB."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()
