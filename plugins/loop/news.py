"""What there is to tell by mail: posts, episodes, changes and meetups, each with its day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plugins.kinds.identity import identity
from plugins.kinds.models import Kind, Meetup, MeetupState

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
    meetup = content if isinstance(content, Meetup) else None
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
        "start": meetup.start.isoformat() if meetup else None,
        "repeats": meetup.repeats if meetup else None,
        "place": dict(meetup.place.name.texts) if meetup and meetup.place else None,
        "cancelled": bool(meetup and meetup.state == MeetupState.CANCELLED),
    }
