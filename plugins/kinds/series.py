"""A series of meetups, expanded once: each of its dates, and the file that tells of it.

A meetup with a rule has the dates that the rule gives. A date that is cancelled, moved or has
something of its own has a file of its own in the same series, and that one tells of it. Whoever
says when a meetup is (a page, a list, a calendar, a feed, a mail, the open data) asks here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from core.public.vocabulary import MeetupState
from plugins.kinds.meetups import NOWHERE, Meetup
from plugins.kinds.recurrence import Occurrence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from core.faults import Report
    from plugins.kinds.content import Content


@dataclass(frozen=True)
class SeriesDate:
    """A date of a meetup, as it is planned today."""

    when: Occurrence
    meetup: Meetup  # whose file tells of it
    planned: Occurrence  # when its rule has it; the same, unless it moved

    @property
    def start(self) -> datetime:
        """Return when it begins."""
        return self.when.start

    @property
    def end(self) -> datetime:
        """Return when it ends."""
        return self.when.end

    @property
    def all_day(self) -> bool:
        """Whether it has days and no hours."""
        return self.when.all_day

    @property
    def state(self) -> MeetupState:
        """Return whether it stands as planned."""
        return self.meetup.state


@dataclass(frozen=True)
class MeetupDates:
    """When each of some meetups is."""

    meetups: tuple[Meetup, ...]

    @cached_property
    def _taken(self) -> dict[str, dict[Occurrence, list[Meetup]]]:
        """Return, by the key of a meetup that comes again, the dates with files of their own."""
        again: dict[str, list[Meetup]] = defaultdict(list)
        for meetup in self.meetups:
            if meetup.series and meetup.recurrence:
                again[meetup.series].append(meetup)
        taken: dict[str, dict[Occurrence, list[Meetup]]] = defaultdict(lambda: defaultdict(list))
        for meetup in self.meetups:
            for leader in again.get(meetup.series or "", ()) if not meetup.repeats else ():
                if date := date_taken(meetup, leader):
                    taken[leader.key][date].append(meetup)
        return taken

    @cached_property
    def _by_key(self) -> dict[str, Meetup]:
        return {meetup.key: meetup for meetup in self.meetups}

    def own(self, meetup: Meetup) -> tuple[Occurrence, ...]:
        """Return the dates of which a meetup's own file tells.

        :param meetup: as its file has it, or as it comes on one of its dates.
        """
        taken = self._taken.get(meetup.key, {})
        written = self._by_key.get(meetup.key, meetup)  # its rule begins on the file's first date
        return tuple(date for date in written.dates if date not in taken)

    def exceptions(self, meetup: Meetup) -> list[SeriesDate]:
        """Return the dates of a meetup's rule of which other files tell, in order."""
        dates = [
            SeriesDate(Occurrence(other.start, other.end), other, date)
            for date, others in self._taken.get(meetup.key, {}).items()
            for other in others
        ]
        return sorted(dates, key=lambda date: (date.start, date.meetup.key))

    def every(self, meetup: Meetup) -> list[SeriesDate]:
        """Return all dates of a meetup, in order, whichever file tells of them."""
        own = [SeriesDate(date, meetup, date) for date in self.own(meetup)]
        return sorted(
            [*own, *self.exceptions(meetup)], key=lambda date: (date.start, date.meetup.key)
        )


def date_taken(meetup: Meetup, leader: Meetup) -> Occurrence | None:
    """Return the date of a rule that another file's meetup takes, None when it takes none.

    It is the day on which it would have been, if it moved, else the day on which it is. So a
    meetup that moves onto the day of the next date leaves that one where it is.
    """
    days = {date.start.date(): date for date in leader.dates}
    moments = [*(update.was for update in meetup.updates if update.was), meetup.start]
    return next(
        (
            days[day]
            for moment in moments
            if (day := moment.astimezone(leader.start.tzinfo).date()) in days
        ),
        None,
    )


def with_series(contents: Iterable[Content], report: Report) -> list[Content]:
    """Return content in which a date of a series has the facts that its own file leaves out.

    So no calendar of an area loses a date because it was cancelled. Reported is a meetup that is
    nowhere, and one that was cancelled or moved on a day on which its series has no date.
    """
    contents = list(contents)
    leaders: dict[str, list[Meetup]] = defaultdict(list)
    for content in contents:
        if isinstance(content, Meetup) and content.series and content.recurrence:
            leaders[content.series].append(content)
    return list(_settled(contents, leaders, report))


def _settled(
    contents: Iterable[Content], leaders: dict[str, list[Meetup]], report: Report
) -> Iterator[Content]:
    for content in contents:
        if not isinstance(content, Meetup) or not content.series or content.repeats:
            yield content
            continue
        ahead = leaders.get(content.series, [])
        followed = [leader for leader in ahead if date_taken(_on_clock(content, leader), leader)]
        settled = _inherited(content, followed[0]) if followed else content
        text = content.texts[content.original]
        faults = report.at(text.path)
        if settled.nowhere:
            line = text.line(NOWHERE.field)
            faults.fault(line, NOWHERE.field, NOWHERE.wrong, NOWHERE.instead, "contradiction")
        if not followed and content.state != MeetupState.PLANNED and _in_time(content, ahead):
            moved = content.state == MeetupState.MOVED
            faults.fault(
                text.line("updates"),
                "updates",
                f"The series “{content.series}” has no date on the day that is {content.state}.",
                f"Let {'was' if moved else 'start'}: be the day on which it would have been.",
                "series",
            )
        yield settled


def _in_time(meetup: Meetup, leaders: Iterable[Meetup]) -> bool:
    """Whether a meetup would have been while one of some series went on."""
    was = [update.was for update in meetup.updates if update.was]
    moment = was[0] if was else meetup.start
    return any(leader.dates[0].start <= moment <= leader.dates[-1].end for leader in leaders)


def _inherited(meetup: Meetup, leader: Meetup) -> Meetup:
    meetup = _on_clock(meetup, leader)
    if leader.texts[leader.original].draft:
        return meetup  # nothing goes out of a draft
    return replace(
        meetup,
        place=leader.place if meetup.nowhere else meetup.place,
        stream=leader.stream if meetup.nowhere else meetup.stream,
        area=meetup.area or leader.area,
        topics=meetup.topics or leader.topics,
    )


def _on_clock(meetup: Meetup, leader: Meetup) -> Meetup:
    """Return a meetup whose times are meant on its series' clock, unless it names its own."""
    zone = leader.timezone
    if meetup.timezone or not zone:
        return meetup
    return replace(
        meetup,
        timezone=zone,
        start=meetup.start.replace(tzinfo=zone),
        end=meetup.end.replace(tzinfo=zone),
        updates=tuple(
            replace(update, was=update.was.replace(tzinfo=zone)) if update.was else update
            for update in meetup.updates
        ),
    )
