"""The loop: what tenants said, joined to what was done about it, on every page that it touches."""

from __future__ import annotations

from pelican import signals

from plugins.loop.generator import LoopGenerator


def get_generators(_: object) -> type[LoopGenerator]:
    """Return what Pelican runs."""
    return LoopGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.get_generators.connect(get_generators)
