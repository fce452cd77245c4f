"""Search: what pages say, as small files that the search page's script and Whoosh read."""

from __future__ import annotations

from pelican import signals

from plugins.search.generator import SearchGenerator


def get_generators(_: object) -> type[SearchGenerator]:
    """Return what Pelican runs."""
    return SearchGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.get_generators.connect(get_generators)
