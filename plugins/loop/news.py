"""What there is to tell by mail: posts, episodes, changes and meetups, each with its day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plugins.kinds.identity import identity
from plugins.kinds.models import Kind, Meetup, MeetupState
from plugins.kinds.recurrence import day_or_moment

if TYPE_CHECKING:
    from datetime import date

    from plugins.kinds.models import Content
    from plugins.sections.build_context import BuildContext

KINDS = (Kind.CHANGE, Kind.EPISODE, Kind.MEETUP, Kind.POST)
NEWEST = 300  # of each kind: years of most blogs, and a file that is soon fetched


def news(build: BuildContext) -> list[dict[str, Any]]:
    """Return a row for each, sorted by kind and day, the newest first."""
    found = []
    for kind in KINDS:
        dated = [(day, one) for one in build.index.of_kind[kind] if (day := _day(one))]
        dated.sort(key=lambda pair: pair[1].key)
        dated.sort(key=lambda pair: pair[0], reverse=True)
        found += [_row(content, day, build) for day, content in dated[:NEWEST]]
    return found


def _day(content: Content) -> date | None:
    """Return the day on which a thing is news; a meetup's is its own."""
    return (
        content.start.date() if isinstance(content, Meetup) else content.publish_on or content.date
    )


def _row(content: Content, day: date, build: BuildContext) -> dict[str, Any]:
    texts = sorted(content.texts.items())
    return {
        "id": identity(content),
        "kind": str(content.kind),
        "key": content.key,
        "on": day.isoformat(),
        "title": {lang: text.title for lang, text in texts},
        "summary": {lang: text.summary for lang, text in texts if text.summary},
        "url": {
            lang: build.absolute(build.addresses.content(content, lang))
            for lang in build.site.languages
        },
    } | _when_and_where(content if isinstance(content, Meetup) else None, build)


def _when_and_where(meetup: Meetup | None, build: BuildContext) -> dict[str, Any]:
    """Return what only meetups have; a date of a series with a file of its own has its own row."""
    if meetup is None:
        return dict.fromkeys(("start", "end", "timezone", "repeats", "state", "was", "place")) | {
            "dates": [],
            "cancelled": False,
        }
    dates = [
        "/".join(day_or_moment(end, all_day=date.all_day) for end in (date.start, date.end))
        for date in build.index.dates.own(meetup)
    ]
    was = next((update.was for update in reversed(meetup.updates) if update.was), None)
    return {
        "start": day_or_moment(meetup.start, all_day=meetup.all_day),
        "end": day_or_moment(meetup.end, all_day=meetup.all_day),
        "timezone": str(meetup.start.tzinfo),
        "repeats": meetup.repeats,
        "dates": dates,
        "state": str(meetup.state),
        "was": day_or_moment(was, all_day=meetup.all_day) if was else None,
        "place": dict(meetup.place.name.texts) if meetup.place else None,
        "cancelled": meetup.state == MeetupState.CANCELLED,
    }
