"""Social cards: a picture for each page, for whoever passes its address on; and the manifests."""

from __future__ import annotations

from plugins.cards.cards_generator import CardsGenerator
from plugins.sections.site_generator import registers

register = registers(CardsGenerator)
