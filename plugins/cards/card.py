"""A card: what it says, set in the room that there is."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from markupsafe import Markup

from core.look import CardStyle
from core.xml_text import clean
from plugins.cards.illustrations import draw_house
from plugins.cards.painter import Drawing
from plugins.cards.typefaces import Room, Typeface

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment

    from core.look import Look

WIDTH, HEIGHT = 1200, 630
_BRAND = Room(1056, 46, (40, 34, 28, 22))
_KICKER = Room(740, 42, (36, 30, 24))
_TITLE = Room(740, 374, (96, 88, 80, 72, 64, 56, 50, 44, 38))


@dataclass(frozen=True)
class Card:
    """What a card says."""

    house: str  # the status that its house shows
    brand: str  # the association's name
    kicker: str  # what sort of page it is, or where the thing stands
    title: str


class Typesetter:
    """Sets cards in the theme's own type."""

    def __init__(self, env: Environment, read: Callable[[str], bytes], look: Look) -> None:
        """Take the theme's templates, what reads its files or the association's, and its look."""
        self.colours = look.day
        self.heading = Typeface(read("fonts/heading.woff2"))
        self.text = Typeface(read("fonts/text-bold.woff2"))
        self._style = look.cards
        logo = read(look.logo_file) if look.logo and look.cards == CardStyle.LOGO else b""
        kind = "svg+xml" if look.logo_file.endswith(".svg") else "png"
        self._logo = f"data:image/{kind};base64,{b64encode(logo).decode()}" if logo else ""
        self.env = env
        self._ground, self._words = map(env.get_template, ("cards/ground.svg", "cards/words.svg"))
        self._house = cache(partial(draw_house, env))
        # What makes a card anew although its words are the same.
        self.version = "".join([self.heading.digest, self.text.digest, version("resvg-py")])

    def draw(self, card: Card) -> Drawing:
        """Return a card with its words in place."""
        ground = self._ground.render(
            colours=self.colours,
            style=self._style,
            logo=self._logo,
            house=Markup(self._house(card.house)),  # noqa: S704 - the theme's own drawing
            heading=self.heading.family,
            brand=_BRAND.fit(card.brand, self.heading),
        )
        words = self._words.render(
            colours=self.colours,
            heading=self.heading.family,
            text=self.text.family,
            kicker=_KICKER.fit(card.kicker, self.text),
            title=_TITLE.fit(card.title, self.heading),
        )
        known = self.heading.has(card.title + card.brand) and self.text.has(card.kicker)
        return Drawing(clean(ground), clean(words), strange=not known)
