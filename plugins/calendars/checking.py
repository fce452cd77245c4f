"""What to mend in meetups: notes that nobody wrote, and clocks that no calendar can follow."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from plugins.calendars.zones import vtimezone
from plugins.kinds.models import Kind, Meetup, MeetupState
from plugins.kinds.source import plain_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from plugins.sections.edition import Edition

GRACE = timedelta(days=7)  # to write them in
NOTES = "notes"  # what links to them say, the same in every language


def check_clocks(edition: Edition) -> None:
    """Report meetups that come again on a clock of which calendars can't be told."""
    for meetup in _meetups(edition):
        zone, years = meetup.start.tzinfo, [one.start.year for one in meetup.dates]
        if not meetup.recurrence or not isinstance(zone, ZoneInfo):
            continue
        if vtimezone(zone, years[0] - 1, years[-1] + 1) is None:
            text = meetup.texts[meetup.original]
            edition.report.at(text.path).fault(
                text.line("repeats"),
                "repeats",
                f"The clocks of {zone} change by no rule that a calendar could follow.",
                "Write a file for each date, or timezone: with another zone.",
                "clocks",
            )


def _meetups(edition: Edition) -> Iterator[Meetup]:
    for thing in edition.library.of_kind[Kind.MEETUP]:
        if isinstance(thing, Meetup):
            yield thing


def has_notes(meetup: Meetup, edition: Edition) -> bool:
    """Whether a meetup's page has a heading for its notes, in any language."""
    for text in meetup.texts.values():
        names = {NOTES, plain_key(edition.wordings[text.lang].gettext("Notes"))}
        if any(heading.id in names for heading in edition.body(text).outline):
            return True
    return False


def advise_notes(edition: Edition) -> None:
    """Advise whoever held a meetup a week ago or more to write down what was said."""
    for thing in _meetups(edition):
        missing = list(_missing(thing, edition))
        if not missing:
            continue
        days = ", ".join(day.isoformat() for day in missing)
        text = thing.texts[thing.original]
        edition.report.at(text.path).advise(
            text.line("repeats" if thing.repeats else "start"),
            "",
            f"There are no notes of {days} yet.",
            "Write a file for each date, with the same series: and “## Notes {#notes}” in it."
            if thing.repeats
            else "Write what was said below a heading “## Notes {#notes}”.",
            "missing-notes",
        )


def _missing(meetup: Meetup, edition: Edition) -> Iterator[date]:
    if meetup.state == MeetupState.CANCELLED:
        return
    over = [one for one in edition.library.dates(meetup) if one.end + GRACE < edition.now]
    noted = has_notes(meetup, edition)  # of the first date, whose file it is
    yield from (one.start.date() for one in over if not (noted and one.start == meetup.start))
