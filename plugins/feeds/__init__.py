"""Feeds: what is new, for readers who come back by feed reader, podcast app, calendar or e-mail."""

from __future__ import annotations

from pelican import signals

from plugins.feeds.generator import FeedsGenerator


def get_generators(_: object) -> type[FeedsGenerator]:
    """Return what Pelican runs."""
    return FeedsGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.get_generators.connect(get_generators)
