"""The podcast: recordings and what is said in them, on pages, in feeds and in files."""

from __future__ import annotations

from pelican import signals

from plugins.podcast.generator import PodcastGenerator


def get_generators(_: object) -> type[PodcastGenerator]:
    """Return what Pelican runs."""
    return PodcastGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.get_generators.connect(get_generators)
