"""Every page of the site: read from content, planned in each language, written by the theme."""

from __future__ import annotations

from pelican import signals

from plugins.sections.generator import SectionsGenerator


def get_generators(_: object) -> type[SectionsGenerator]:
    """Return what Pelican runs."""
    return SectionsGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.get_generators.connect(get_generators)
