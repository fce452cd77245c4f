"""Readers of one language: what a plan of their pages asks again and again."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plugins.kinds.models import Kind, Meetup
from plugins.sections.entries import Entry, Shelf, topic_sign

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from core.wording import Wording
    from plugins.kinds.models import Content
    from plugins.sections.edition import Edition


@dataclass(frozen=True)
class Readers:
    """The readers of one language of an edition."""

    edition: Edition
    lang: str

    @property
    def wording(self) -> Wording:
        """Return how their language says things."""
        return self.edition.wordings[self.lang]

    def gettext(self, message: str) -> str:
        """Return the words for an English message."""
        return self.wording.gettext(message)

    def entries(self, things: Iterable[Content]) -> list[Entry]:
        """Return things as these readers meet them."""
        return [Entry(thing, self.lang, self.edition) for thing in things]

    def topics(self, things: Sequence[Content]) -> list[Shelf]:
        """Return the topics of some things, in the settings' order, with how many there are."""
        counts: dict[str, int] = defaultdict(int)
        for thing in things:
            for key in thing.topics:
                counts[key] += 1
        signs = [topic_sign(self.edition, key, self.lang) for key in self.edition.site.topics]
        return [
            Shelf(one.title, one.url, one.key, counts[one.key])
            for one in signs
            if one.key in counts
        ]

    def coming(self) -> list[Meetup]:
        """Return the meetups that are still to come, each on its next date, the next one first."""
        meetups = [m for m in self.edition.library.of_kind[Kind.MEETUP] if isinstance(m, Meetup)]
        ahead = [(m, self.edition.dates_ahead(m)) for m in meetups]
        return sorted((m.on(dates[0]) for m, dates in ahead if dates), key=lambda m: m.start)

    def latest(self, meetup: Meetup) -> Meetup:
        """Return a meetup on its next date, or on its last one when none is to come."""
        dates = self.edition.dates_ahead(meetup) or self.edition.library.dates(meetup)[-1:]
        return meetup.on(dates[0]) if dates else meetup


def newest(things: Iterable[Content]) -> date | None:
    """Return the day of the last change among things, None when none says."""
    return max((thing.last_changed for thing in things if thing.last_changed), default=None)
