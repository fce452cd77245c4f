"""A page for each area: who was heard from there, beside how many homes there are, and meetups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.chance import by_chance
from core.public.small_numbers import LEAST
from plugins.sections.planned_page import PlannedPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.public.tallies import PlaceVoices
    from core.site_words import Area
    from plugins.loop.entries import Joined


@dataclass(frozen=True, kw_only=True)
class AreaVoices:
    """An area, with who was heard from there."""

    area: Area
    url: str
    people: int | None  # None where they are too few to be shown
    expected: int | None = None  # how many homes alone would bring; None where it can't be said
    low: int = 0  # between which chance alone would bring as many …
    high: int = 0  # … in 95 of 100 draws

    @property
    def verdict(self) -> str:
        """Return how what was heard stands to what chance would bring: fewer, more, as-many."""
        if self.people is None or self.expected is None:
            return ""
        return "fewer" if self.people < self.low else "more" if self.people > self.high else "alike"


def places(joined: Joined) -> list[AreaVoices]:
    """Return the areas in use, with those heard from there beside the homes.

    What chance would bring is worked out among areas whose numbers are shown and whose homes are
    known: people are shared out as homes are.
    """
    site = joined.view.build.site
    voices: dict[str, PlaceVoices] = {
        tally.area: tally for tally in joined.loop.heard.places if tally.area
    }
    areas = site.in_use("areas", joined.today)
    shown = {key: voices[key].people for key in areas if key in voices and not voices[key].hidden}
    known = {key: area.homes for key, area in site.areas.items() if key in shown and area.homes}
    people, homes = sum(shown[key] for key in known), sum(known.values())
    every = []
    for key in areas:
        url = joined.link(joined.addresses.place(key, joined.lang))
        area = site.areas[key]
        if key in known and len(known) > 1 and people:
            share = known[key] / homes
            low, high = by_chance(people, share)
            expected = round(people * share)
            bounds = {"expected": expected, "low": low, "high": high}
        else:
            bounds = {}
        every.append(AreaVoices(area=area, url=url, people=shown.get(key), **bounds))
    return every


def place_pages(joined: Joined) -> Iterator[PlannedPage]:
    """Plan the list of areas, and a page for each."""
    every = places(joined)
    if not every:
        return
    title = joined.view.gettext("Where we live")
    first = joined.addresses.page("places", joined.lang)
    yield PlannedPage(
        path=first,
        identity=("loop", "places"),
        lang=joined.lang,
        template="places.html",
        title=title,
        section="places",
        menu="footer",
        data={"places": every, "least": LEAST},
    )
    for place in every:
        key = place.area.key
        heard = joined.loop.heard.records.values()
        records = [record for record in heard if record.area == key and record.shown]
        led_to = {
            (content.kind, content.key): content
            for record in records
            for content in joined.loop.led_to(record.ref)
        }
        coming = [meetup for meetup in joined.view.coming() if meetup.area == key]
        yield PlannedPage(
            path=joined.addresses.place(key, joined.lang),
            old_paths=joined.addresses.places_before(key, joined.lang),
            identity=("place", key),
            lang=joined.lang,
            template="place.html",
            title=place.area.name.get(joined.lang).text,
            section="places",
            crumbs=((title, first),),
            data={
                "place": place,
                "coming": joined.view.entries(coming),
                "records": joined.records(records),
                "led_to": joined.view.entries(led_to.values()),
                "least": LEAST,
            },
        )
