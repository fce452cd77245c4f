"""What feeds cost: a site with a thousand episodes, beside what feedgen takes for the same Atom."""

from __future__ import annotations

import tempfile
import time
import tracemalloc
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from feedgen.feed import FeedGenerator  # type: ignore[import-untyped]

from benchmarks import podcast as podcasts
from benchmarks.results import Figure, Result, median_seconds
from commands.build import BuildOptions, build
from plugins.feeds.atom import atom, atom_entry
from plugins.feeds.feeds_generator import FeedsGenerator
from plugins.feeds.model import FeedEntry, FeedHead, moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent
FEW, MANY = 100, 1_000
# Everything that writes feeds of episodes.
WRITERS: tuple[type[Any], ...] = (FeedsGenerator,)
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SITE = """\
languages = ["en"]
url = "https://bench.example.org/"
[association]
name = "Bench Homes"
[topics.repairs]
name = "Repairs"
[shows.kettle]
title = "By the kettle"
description = "A chat over a cup of tea."
"""
PARAGRAPH = (
    "We talked about the [waiting](../podcast/{other}.md), the *damp* and the drain, and about "
    "who rings whom when a visit falls through. Somebody asked what a missed visit costs a person "
    "who is paid by the hour, and nobody at the table knew. Now we do.\n\n"
)


@dataclass(frozen=True)
class _Cost:
    seconds: float  # to write every feed of the site
    peak: float  # MiB that this took at most, above what stood before


def measure() -> Result:
    """Measure whole builds of a site of episodes, then the writing of one feed by itself."""
    many = _site_with(MANY)
    few_peak, many_peak = (_site_with(count, traced=True).peak for count in (FEW, MANY))
    podcast = podcasts.measure()
    ours, theirs = median_seconds(_by_us), median_seconds(_by_feedgen)
    our_peaks = [_peak_of(partial(_by_us, count)) for count in (FEW, MANY)]
    their_peaks = [_peak_of(partial(_by_feedgen, count)) for count in (FEW, MANY)]
    return Result(
        f"Every feed of a site with {MANY:,} episodes; Atom of {MANY:,} entries; {podcast.title}",
        (
            Figure("every feed of the site, written", many.seconds, "s", "under 5"),
            Figure(f"  its peak of memory with {FEW} episodes", few_peak, "MiB"),
            Figure(f"  its peak of memory with {MANY:,}", many_peak, "MiB"),
            Figure("  ten times the episodes, the peak times", many_peak / few_peak, "", "under 3"),
            Figure("Atom of one feed, by us", ours * 1000, "ms"),
            Figure("Atom of one feed, by feedgen", theirs * 1000, "ms"),
            Figure("  feedgen's time over ours", theirs / ours, "", "over 1"),
            Figure("  our peak with ten times the entries, times", our_peaks[1] / our_peaks[0], ""),
            Figure("  feedgen's, times", their_peaks[1] / their_peaks[0], ""),
            *podcast.figures,
        ),
        packages=podcast.packages,
    )


def _site_with(episodes: int, *, traced: bool = False) -> _Cost:
    """Build a site, and return what its feeds cost."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        (folder / "site.toml").write_text(SITE, encoding="utf-8")
        content = folder / "content" / "podcast"
        content.mkdir(parents=True)
        for number in range(episodes):
            day = date(2020, 1, 1) + timedelta(days=number)
            (content / f"{day}-talk-{number}.md").write_text(_episode(number), encoding="utf-8")
        clock = _Clock(traced=traced)
        for writer in WRITERS:
            stack.enter_context(
                patch.object(writer, "generate_output", clock.around(writer.generate_output))
            )
        result = build(
            BuildOptions(
                root=ROOT,
                content=folder / "content",
                site=folder / "site.toml",
                output=folder / "output",
                now=NOW,
            )
        )
        if not result.ok:
            raise RuntimeError(result.crash)
        return _Cost(clock.seconds, clock.peak)


def _episode(number: int) -> str:
    other = f"{date(2020, 1, 1) + timedelta(days=max(0, number - 1))}-talk-{max(0, number - 1)}"
    body = PARAGRAPH.format(other=other) * 8
    return (
        f"---\ntitle: Talk {number}\nsummary: What was said over tea number {number}.\n"
        f"show: kettle\nnumber: {number + 1}\ntopics: [repairs]\nduration: '12:30'\n---\n{body}"
    )


class _Clock:
    """Adds up what several generators take."""

    def __init__(self, *, traced: bool) -> None:
        self._traced, self.seconds, self.peak = traced, 0.0, 0.0

    def around(self, write: Callable[..., None]) -> Callable[..., None]:
        """Return the same method, watched."""

        def watched(*arguments: object) -> None:
            begun = time.perf_counter()
            if self._traced:
                self.peak = max(self.peak, _peak_of(partial(write, *arguments)))
            else:
                write(*arguments)
            self.seconds += time.perf_counter() - begun

        return watched


def _peak_of(work: Callable[[], object]) -> float:
    """Return how much memory some work takes at most, in MiB."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


def _entries(count: int) -> Iterator[FeedEntry]:
    body = "<p>" + PARAGRAPH.format(other="talk") * 8 + "</p>"
    for number in range(count):
        yield FeedEntry(
            id=f"urn:uuid:0b9725c1-3ab8-47a1-97ac-{number:012}",
            title=f"Talk {number}",
            lang="en",
            url=f"https://bench.example.org/en/podcast/talk-{number}/",
            published=date(2026, 1, 1),
            updated=date(2026, 1, 1),
            summary="What was said over tea.",
            content=f"{body}<p>{number}</p>",
        )


def _by_us(count: int = MANY) -> None:
    head = FeedHead(
        id="urn:uuid:0b9725c1-3ab8-47a1-97ac-33bc017471a2",
        title="Talk",
        lang="en",
        author="Bench Homes",
        rights="",
        page="https://bench.example.org/en/podcast/",
        itself="https://bench.example.org/en/podcast/feed.xml",
        updated=date(2026, 1, 1),
    )
    with tempfile.TemporaryFile("w", encoding="utf-8") as file:
        file.writelines(atom(head, (atom_entry(entry, head.lang) for entry in _entries(count))))


def _by_feedgen(count: int = MANY) -> None:
    feed = FeedGenerator()
    feed.id("urn:uuid:0b9725c1-3ab8-47a1-97ac-33bc017471a2")
    feed.title("Talk")
    feed.language("en")
    feed.author(name="Bench Homes")
    feed.link(href="https://bench.example.org/en/podcast/", rel="alternate")
    feed.updated(moment(date(2026, 1, 1)))
    for story in _entries(count):
        entry = feed.add_entry()
        entry.id(story.id)
        entry.title(story.title)
        entry.link(href=story.url)
        entry.updated(moment(story.updated))
        entry.published(moment(date(2026, 1, 1)))
        entry.summary(story.summary)
        entry.content(story.content, type="html")
    with tempfile.TemporaryFile("wb") as file:
        file.write(feed.atom_str())
