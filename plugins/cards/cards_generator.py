"""Gives each page the picture that stands for it elsewhere, and draws those that are new."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.cards.card import HEIGHT, WIDTH, Card, Typesetter
from plugins.cards.illustrations import house_of, macro
from plugins.cards.manifest import NAME, manifest
from plugins.cards.painter import Painting, paint
from plugins.images.cache import Cache
from plugins.kinds.models import Change, RoadmapItem
from plugins.loop.relations import Loop
from plugins.sections.assets import FOLDER
from plugins.sections.planned_page import Cover
from plugins.sections.site_generator import SiteGenerator, registers

if TYPE_CHECKING:
    from pelican.writers import Writer

    from plugins.cards.painter import Drawing
    from plugins.sections.entries import Entry
    from plugins.sections.planned_page import PlannedPage

# Of each kind so many of the newest have a card of their own, older ones that of the language:
# drawing is slow beside writing a page, and old posts are hardly passed on.
NEWEST = 200


class CardsGenerator(SiteGenerator):
    """Gives pages covers; comes after all that plans pages worth sharing."""

    def generate_context(self) -> None:
        """Say of each page which picture stands for it. A preview is shared by nobody."""
        self.drawings: dict[str, Drawing] = {}  # by path
        self.new: list[str] = []  # those of them that no build before has drawn
        self.cache = Cache(self.order.cache / "cards")
        if self.build.drafts:
            return
        self.speak()
        self.macro = cache(partial(macro, self.env))
        self.type = Typesetter(self.env, self.assets.read, self.build.site.look)
        general = {lang: self._cover(self._general(lang)) for lang in self.build.wordings}
        self.plan.take(
            replace(page, cover=self._of(page) or general[page.lang]) for page in self.plan.pages
        )
        self.new = [path for path in self.drawings if self.cache.read(_name(path)) is None]
        if self.new:  # drawn while pages are written
            self.painting = Painting([self.drawings[path] for path in self.new], self._fonts())

    def generate_output(self, _: Writer) -> None:
        """Write the cards, most of them kept from the last build, and the manifests."""
        output, build = Path(self.output_path), self.build
        painted = dict(zip(self.new, self.painting.cards(), strict=True)) if self.new else {}
        for path, drawing in self.drawings.items():
            if path not in painted and self.cache.place(_name(path), output / path):
                continue
            data = painted.get(path) or paint(drawing, self._fonts())
            self.cache.write(_name(path), data)
            self.write(path, data)
        assets = self.assets
        for lang in build.site.languages:
            self.write(f"{build.addresses.home(lang)}{NAME}", manifest(build, lang, assets))

    def _fonts(self) -> tuple[str, ...]:
        folder = self.order.cache / "fonts"
        faces = (self.type.heading, self.type.text)
        return tuple(str(face.as_truetype(folder)) for face in faces)

    def _of(self, page: PlannedPage) -> Cover | None:
        """Return the cover that a thing's page has for itself.

        What a tenant said has none: cards stay in people's chats when a record is withdrawn.
        """
        entry = page.entry
        if entry is None or self.build.places[entry.kind, entry.key] >= NEWEST:
            return None
        return None if entry.social_picture else self._cover(self._about(entry))

    def _general(self, lang: str) -> Card:
        site = self.build.site
        name = site.name.get(lang).text
        return Card("now", name, site.strapline.get(lang).text, name)

    def _about(self, entry: Entry) -> Card:
        """Return a thing's card, in the language of its words: a copy for others has the same."""
        house = house_of(entry.content, self.build.shared(Loop), self.build.now)
        match entry.content:
            case RoadmapItem(withdrawn=None):
                kicker = self.macro("parts/house.html", "status_word", entry.lang)(house)
            case Change():
                word = self.macro("parts/bits.html", "outcome_word", entry.lang)
                kicker = word(entry.content.outcome)
            case _:
                kicker = self.macro("parts/bits.html", "kind_word", entry.lang)(entry.kind)
        return Card(house, self.build.site.name.get(entry.lang).text, kicker, entry.title)

    def _cover(self, card: Card) -> Cover:
        drawing = self.type.draw(card)
        made_of = f"{self.type.version}{drawing.ground}{drawing.words}"
        path = f"{FOLDER}cards/card-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}.png"
        self.drawings[path] = drawing
        alt = ". ".join(dict.fromkeys(filter(None, (card.title, card.kicker, card.brand))))
        return Cover(path=path, width=WIDTH, height=HEIGHT, alt=alt)


def _name(path: str) -> str:
    return path.rpartition("/")[2]


register = registers(CardsGenerator)
