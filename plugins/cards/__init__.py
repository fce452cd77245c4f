"""Social cards: a picture for each page, for whoever passes its address on; and the manifests."""

from __future__ import annotations

from pelican import signals

from plugins.cards.generator import CardsGenerator


def get_generators(_: object) -> type[CardsGenerator]:
    """Return what Pelican runs."""
    return CardsGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.get_generators.connect(get_generators)
