"""Short addresses: what fits on a poster, is typed by hand, and stays the same for ever."""

from __future__ import annotations

from pelican import signals

from plugins.shortcuts.generator import ShortcutsGenerator


def get_generators(_: object) -> type[ShortcutsGenerator]:
    """Return what Pelican runs."""
    return ShortcutsGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.get_generators.connect(get_generators)
