"""Meetups in people's own calendars: a file for each, and calendars to subscribe to."""

from __future__ import annotations

from pelican import signals

from plugins.calendars.generator import CalendarsGenerator


def get_generators(_: object) -> type[CalendarsGenerator]:
    """Return what Pelican runs."""
    return CalendarsGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.get_generators.connect(get_generators)
