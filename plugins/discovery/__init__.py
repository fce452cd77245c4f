"""How machines find their way: site map, robots, redirects from old addresses, headers."""

from __future__ import annotations

from pelican import signals

from plugins.discovery.generator import DiscoveryGenerator


def get_generators(_: object) -> type[DiscoveryGenerator]:
    """Return what Pelican runs."""
    return DiscoveryGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.get_generators.connect(get_generators)
