"""From what happens to what calendars are told of it, for the readers of one language."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from plugins.calendars.ics import CalendarEvent
from plugins.kinds.identity import identity, permanent_id, permanent_name
from plugins.kinds.models import Episode, Meetup, MeetupState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plugins.kinds.models import Content
    from plugins.kinds.series import SeriesDate
    from plugins.sections.entries import LanguageView


def event_of(content: Content, view: LanguageView) -> CalendarEvent | None:
    """Return a thing as an event; None when it is nothing that happens."""
    match content:
        case Meetup():
            return _meetup(content, view)
        case Episode(live=live) if live:
            return _stream(content, view)
    return None


def _meetup(meetup: Meetup, view: LanguageView) -> CalendarEvent:
    lang, (entry,) = view.lang, view.entries([meetup])
    site, _ = view.build.site, view.gettext
    exceptions = view.build.index.dates.exceptions(meetup)
    without = tuple(sorted({date.planned.start for date in exceptions}))
    cancelled = meetup.state == MeetupState.CANCELLED
    topics = [site.topics[key].name.get(lang).text for key in meetup.topics]
    return CalendarEvent(
        uid=identity(meetup).removeprefix("urn:uuid:"),
        edited=_edited(meetup, exceptions),
        # A date that gets a file of its own is a change of plan too.
        sequence=len(meetup.updates) + len(without),
        # The state stands in the title as well: not every calendar shows STATUS.
        title=_("Cancelled: %(title)s") % {"title": entry.title} if cancelled else entry.title,
        lang=lang if cancelled else entry.lang,
        start=meetup.start,
        end=meetup.end,
        all_day=meetup.all_day,
        url=view.build.absolute(entry.path),
        text="\n".join(_told(meetup, view, exceptions)),
        where=_where(meetup, lang),
        stream=meetup.stream or "",
        join=_("Join from a phone or computer"),
        contact=", ".join(filter(None, (site.name.get(lang).text, site.phone, site.email))),
        categories=tuple(topics),
        cancelled=cancelled,
        rule=meetup.recurrence.rule if meetup.recurrence else "",
        without=without,
        last=meetup.dates[-1].end,
    )


def _edited(meetup: Meetup, exceptions: Iterable[SeriesDate]) -> datetime:
    """Return the last edit that a file tells of, and those of the dates that left its rule.

    A file that tells of none was written before the meetup, nobody can say when. It counts as a
    year before, so that every edit that is told of later comes after it.
    """
    first = meetup.start.date()
    days = [
        first.replace(year=first.year - 1, day=min(first.day, 28)),
        *_planned_on(meetup),
        *(action.done for action in meetup.actions if action.done),
        *(day for date in exceptions for day in _planned_on(date.meetup)),
    ]
    return noon(max(days))


def _planned_on(meetup: Meetup) -> Iterator[date]:
    """Yield the days on which a meetup's plan was made or changed, as far as its file tells."""
    yield from (day for day in (meetup.publish_on, meetup.updated) if day)
    for update in meetup.updates:
        yield update.corrected.on if update.corrected else update.on


def noon(day: date) -> datetime:
    """Return a day as a moment: noon, so that it is that day wherever it is read."""
    return datetime.combine(day, time(12), UTC)


def _where(meetup: Meetup, lang: str) -> str:
    if not meetup.place:
        return meetup.stream or ""
    address = meetup.place.address
    lines = [meetup.place.name.get(lang).text, address.get(lang).text if address else ""]
    return ", ".join(" ".join(line.split()) for line in lines if line)


def _told(meetup: Meetup, view: LanguageView, exceptions: Iterable[SeriesDate]) -> Iterator[str]:
    """Tell in plain text what somebody needs to come: paragraphs, with empty lines between."""
    lang, _, (entry,) = view.lang, view.gettext, view.entries([meetup])
    if meetup.updates and meetup.state != MeetupState.PLANNED:
        latest = meetup.updates[-1]
        happened = (
            _("This meetup is cancelled.")
            if meetup.state == MeetupState.CANCELLED
            else _("This meetup has moved.")
        )
        yield f"{happened} {latest.why.get(lang).text}"
        if latest.was:
            day = view.wording.weekday_date(latest.was)
            yield _("It was going to be on %(day)s.") % {"day": day}
        yield ""
    changed = [moved for moved in exceptions if moved.state != MeetupState.PLANNED]
    for moved in changed:
        day = view.wording.weekday_date(moved.planned.start)
        yield f"{day}: {_('Cancelled') if moved.state == MeetupState.CANCELLED else _('Moved')}"
    if changed:
        yield ""
    if entry.summary:
        yield from (entry.summary, "")
    if meetup.agenda:
        yield _("Agenda")
        for point in meetup.agenda:
            at = f"{view.wording.time(point.at)} " if point.at else ""
            by = f" ({point.by.get(lang).text})" if point.by else ""
            yield f"{at}{point.what.get(lang).text}{by}"
        yield ""
    if meetup.place and meetup.place.access:
        yield from (f"{_('Getting in')}: {meetup.place.access.get(lang).text}", "")
    if meetup.stream:
        yield from (f"{_('Join from a phone or computer')}: {meetup.stream}", "")
    yield f"{_('More about it')}: {view.build.absolute(entry.path)}"


def _stream(episode: Episode, view: LanguageView) -> CalendarEvent:
    (entry,) = view.entries([episode])
    if episode.live is None:
        raise ValueError(episode.key)
    more = f"{view.gettext('More about it')}: {view.build.absolute(entry.path)}"
    return CalendarEvent(
        uid=permanent_id(f"{permanent_name(episode)}/live").removeprefix("urn:uuid:"),
        edited=noon(episode.last_changed or episode.live.start.date()),
        sequence=0,
        title=entry.title,
        lang=entry.lang,
        start=episode.live.start,
        end=episode.live.end,
        url=view.build.absolute(entry.path),
        text="\n".join(filter(None, (entry.summary, more))),
        where=episode.live.url,
        stream=episode.live.url,
        join=view.gettext("Listen as it happens"),
        last=episode.live.end,
    )
