"""What to mend in meetups: notes that nobody wrote, and clocks that no calendar can follow."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core.words import plain_key
from plugins.calendars.zones import vtimezone
from plugins.kinds.models import Kind, Meetup, MeetupState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from plugins.sections.build_context import BuildContext

GRACE = timedelta(days=7)  # to write them in
NOTES = "notes"  # what links to them say, the same in every language


def check_clocks(build: BuildContext) -> None:
    """Report meetups that come again on a clock of which calendars can't be told."""
    for meetup in _meetups(build):
        zone, years = meetup.start.tzinfo, [occurrence.start.year for occurrence in meetup.dates]
        if not meetup.recurrence or not isinstance(zone, ZoneInfo):
            continue
        if vtimezone(zone, years[0] - 1, years[-1] + 1) is None:
            text = meetup.texts[meetup.original]
            build.report.at(text.path).fault(
                text.line("repeats"),
                "repeats",
                f"The clocks of {zone} change by no rule that a calendar could follow.",
                "Write a file for each date, or timezone: with another zone.",
                "clocks",
            )


def _meetups(build: BuildContext) -> Iterator[Meetup]:
    for content in build.index.of_kind[Kind.MEETUP]:
        if isinstance(content, Meetup):
            yield content


def has_notes(meetup: Meetup, build: BuildContext) -> bool:
    """Whether a meetup's page has a heading for its notes, in any language."""
    for text in meetup.texts.values():
        names = {NOTES, plain_key(build.every_wording[text.lang].gettext("Notes"))}
        if any(heading.id in names for heading in build.body(text).outline):
            return True
    return False


def advise_notes(build: BuildContext) -> None:
    """Advise whoever held a meetup a week ago or more to write down what was said."""
    for content in _meetups(build):
        missing = list(_missing(content, build))
        if not missing:
            continue
        days = ", ".join(day.isoformat() for day in missing)
        text = content.texts[content.original]
        build.report.at(text.path).advise(
            text.line("repeats" if content.repeats else "start"),
            "",
            f"There are no notes of {days} yet.",
            "Write a file for each date, with the same series: and “## Notes {#notes}” in it."
            if content.repeats
            else "Write what was said below a heading “## Notes {#notes}”.",
            "missing-notes",
        )


def _missing(meetup: Meetup, build: BuildContext) -> Iterator[date]:
    if meetup.state == MeetupState.CANCELLED:
        return
    own = build.index.dates.own(meetup)
    over = [occurrence for occurrence in own if occurrence.end + GRACE < build.now]
    noted = has_notes(meetup, build)  # of the first date, whose file it is
    yield from (
        occurrence.start.date()
        for occurrence in over
        if not (noted and occurrence.start == meetup.start)
    )
