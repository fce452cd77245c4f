"""What readers of one language see: what a plan of their pages asks again and again."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plugins.kinds.models import Kind, Meetup
from plugins.sections.entries import CountedLink, Entry, topic_sign

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from core.wording import Wording
    from plugins.kinds.models import Content
    from plugins.sections.build_context import BuildContext


@dataclass(frozen=True)
class LanguageView:
    """The site as the readers of one language see it."""

    build: BuildContext
    lang: str

    @property
    def wording(self) -> Wording:
        """Return how their language says things."""
        return self.build.wordings[self.lang]

    def gettext(self, message: str) -> str:
        """Return the words for an English message."""
        return self.wording.gettext(message)

    def entries(self, contents: Iterable[Content]) -> list[Entry]:
        """Return things as these readers meet them."""
        return [Entry(content, self.lang, self.build) for content in contents]

    def topics(self, contents: Sequence[Content]) -> list[CountedLink]:
        """Return the topics of some things, in the settings' order, with how many there are."""
        counts: dict[str, int] = defaultdict(int)
        for content in contents:
            for key in content.topics:
                counts[key] += 1
        signs = [topic_sign(self.build, key, self.lang) for key in self.build.site.topics]
        return [
            CountedLink(sign.title, sign.url, sign.key, counts[sign.key])
            for sign in signs
            if sign.key in counts
        ]

    def coming(self) -> list[Meetup]:
        """Return the meetups that are still to come, each on its next date, the next one first."""
        meetups = [m for m in self.build.index.of_kind[Kind.MEETUP] if isinstance(m, Meetup)]
        ahead = [(m, self.build.next_dates(m)) for m in meetups]
        return sorted((m.on(dates[0]) for m, dates in ahead if dates), key=lambda m: m.start)

    def latest(self, meetup: Meetup) -> Meetup:
        """Return a meetup on its next date, or on its last one when none is to come."""
        dates = self.build.next_dates(meetup) or self.build.index.dates.own(meetup)[-1:]
        return meetup.on(dates[0]) if dates else meetup


def newest(contents: Iterable[Content]) -> date | None:
    """Return the day of the last change among things, None when none says."""
    return max((content.last_changed for content in contents if content.last_changed), default=None)
